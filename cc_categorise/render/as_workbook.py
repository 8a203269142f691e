"""A count, findings, lists or a document → the bytes of a workbook.

What stands around a table in other formats stands on the cover and among the notes.  Knows nothing of how a workbook
is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cc_categorise.document import Document, Sheet
from cc_categorise.figures import CountReport, Listing, Listings, Tally
from cc_categorise.findings import FINDINGS
from cc_categorise.options import Format, Layout
from cc_categorise.render import wording
from cc_categorise.render.grid import TOTAL_COLUMN, WIDE_COLUMNS, by_columns, long_table, wide_rows
from cc_categorise.render.text import one_line
from cc_categorise.render.workbooks import document_ods, document_xlsx

if TYPE_CHECKING:
    from cc_categorise.document import Cell
    from cc_categorise.render import Thing

_NO_DAY = date(1980, 1, 1)
"""The day of a workbook of lists, which have none: that of the parts of every workbook."""


def workbook(thing: Thing, fmt: Format, *, layout: Layout | None = None, marking: str = "") -> bytes:
    """Lay a thing out as an XLSX or ODS workbook; a count without a layout is wide, and a document is as it is.

    Raises:
        OutputError: There is more of it than a workbook of this kind can hold.
    """
    document = _document_of(thing, layout or Layout.WIDE, marking)
    return document_xlsx(document) if fmt is Format.XLSX else document_ods(document)


def _document_of(thing: Thing, layout: Layout, marking: str) -> Document:
    match thing:
        case CountReport():
            return _count(thing, layout, marking)
        case wording.Findings():
            return _findings(thing, marking)
        case Listing():
            facts = {"rows": len(thing.rows)}
            return _listings(Listings(thing.title or "List", facts, (thing,)), marking)
        case Listings():
            return _listings(thing, marking)
        case Document():
            return thing


def _count(report: CountReport, layout: Layout, marking: str) -> Document:
    """Lay a count out: the table, where every row went, and how many findings there are of each kind."""
    tally, title = report.tally, wording.title_line(report)
    figures = _wide(tally, title) if layout is Layout.WIDE else _long(tally, title)
    fates = report.reconciliation._asdict().items()
    codes = [(code, FINDINGS[code].severity.value, n) for code, n in report.findings.items()]
    sheets = [
        figures,
        _sheet("rows", "Where every row went", ("what", "rows"), [(name.replace("_", " "), n) for name, n in fates]),
        *([_sheet("findings", "Findings", ("code", "severity", "number"), codes)] if codes else []),
    ]
    cover = (*wording.scope_lines(report), *wording.closing_lines(report), wording.EXACT)
    return Document(title, marking, report.as_at, cover, tuple(wording.legend_lines(report)), tuple(sheets))


def _findings(found: wording.Findings, marking: str) -> Document:
    """Lay findings out: one row each."""
    report, title = found.report, wording.overview(wording.grouped(found.findings)).rstrip(".")
    cover = (wording.scheme_line(report), wording.reconciliation_line(report.reconciliation))
    sheet = _sheet("findings", "Findings", wording.FINDING_COLUMNS, map(wording.finding_row, found.findings))
    return Document(title, marking, report.as_at, cover, (), (sheet,))


def _listings(listings: Listings, marking: str) -> Document:
    """Lay lists out, a sheet each, and single figures on the cover."""
    sheets = (
        _sheet(one.name or f"list_{n}", one.title or "List", one.headers, one.rows)
        for n, one in enumerate(listings.lists, 1)
    )
    return Document(listings.title, marking, _NO_DAY, tuple(wording.fact_lines(listings)), (), tuple(sheets))


def _wide(tally: Tally, title: str) -> Sheet:
    headers = (*by_columns(tally), *WIDE_COLUMNS, *wording.year_headings(tally), TOTAL_COLUMN)
    rows: list[tuple[Any, ...]] = list(wide_rows(tally))
    n_heads = len(tally.by) + len(WIDE_COLUMNS)
    sums = [sum(row[place] for row in rows) for place in range(n_heads, len(headers))]
    total = (*["All"] * len(tally.by), "total", "Total", *sums)
    return _sheet("figures", title, headers, [*rows, total])._replace(n_totals=1)


def _long(tally: Tally, title: str) -> Sheet:
    headers, _, rows = long_table(tally)
    return _sheet("figures", title, headers, rows)


def _sheet(key: str, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Sheet:
    """Make a sheet of any values; a table has a name for each column, and no two alike."""
    names: dict[str, str] = {}
    for number, header in enumerate(headers, 1):
        name = one_line(header) or f"column {number}"
        while name.casefold() in names:
            name = f"{name} ({number})"
        names[name.casefold()] = name
    cells = tuple(tuple(map(_cell, row)) for row in rows)
    return Sheet(key, title, (), tuple(names.values()), cells) if cells else Sheet(key, title, ("There are none.",))


def _cell(value: object) -> Cell:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return "" if value is None else str(value)
