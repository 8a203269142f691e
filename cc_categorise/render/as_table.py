"""Values → a table for the eye, with sparklines and bars; findings → paragraphs, which a small window can hold.

Takes a report, findings or lists, returns the whole text.  Knows nothing of the terminal: the width of a table comes
from the content and nothing in it is wrapped or cut, so that a pipe gets the same bytes as a screen, less the colour.
Drawn here and not by rich, whose import alone costs as much as reading a year's export.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from cc_categorise.figures import CountReport, Listing, Listings, Tally
from cc_categorise.findings import Severity
from cc_categorise.options import Layout
from cc_categorise.render import wording
from cc_categorise.render.grid import Line, PlainTable, blocks_of, figures, listing_of, long_table, wide_columns
from cc_categorise.render.text import BOLD, DIM, RED, YELLOW, one_line, painted, table_cell, unpainted

if TYPE_CHECKING:
    from cc_categorise.document import Cell, Document

BAR_WIDTH = 20
_GAP = "   "
_LONGEST_TITLE = 48
_LONGEST_LINE = 110
_LEVELS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_PARAGRAPH, _LABEL = 100, 11
_COLOURS = {Severity.ERROR: BOLD + RED, Severity.WARNING: BOLD + YELLOW}


def count_table(report: CountReport, layout: Layout) -> str:
    """Draw title, scope, legend, one table a group (wide) or a single one (long), and the reconciliation."""
    wide = layout is Layout.WIDE
    above = [*wording.scope_lines(report), *wording.legend_lines(report, with_trend=wide)]
    body = _wide(report.tally) if wide else [*_plain_table(long_table(report.tally)), ""]
    title = painted(wording.title_line(report), BOLD)
    return "\n".join([title, *above, "", *body, *wording.closing_lines(report), ""])


def listing_table(listing: Listing) -> str:
    """Draw a header and rows; a column of numbers stands to the right."""
    return unpainted("\n".join([*_plain_table(listing_of(listing)), ""]))


def listings_table(listings: Listings) -> str:
    """Draw single figures, and a table for each list, under its title."""
    parts = [listings.title, "\n".join(wording.fact_lines(listings))]
    parts += [f"{one.title}\n{listing_table(one)}".rstrip() for one in listings.lists]
    return "\n\n".join(parts) + "\n"


def findings_table(found: wording.Findings) -> str:
    """Write a paragraph for each kind of finding, errors first, and the reconciliation."""
    groups = wording.grouped(found.findings)
    parts = [f"{painted(wording.overview(groups), BOLD)}\n{wording.scheme_line(found.report)}"]
    parts += ["\n".join(_paragraph(group)) for group in groups]
    parts.append(wording.reconciliation_line(found.report.reconciliation))
    return "\n\n".join(parts) + "\n"


def _paragraph(group: wording.FindingGroup) -> Iterator[str]:
    rule = group.rule
    yield f"{painted(rule.severity.value, _COLOURS[rule.severity])} {rule.code}: {group.extent}"
    for label, text in group.told.items():
        paragraph = textwrap.TextWrapper(_PARAGRAPH, f"  {label:<{_LABEL}}", "  " + " " * _LABEL)
        paragraph.break_long_words = paragraph.break_on_hyphens = False
        yield from paragraph.wrap(text)


def document_table(document: Document) -> str:
    """Draw title and cover, each table under its title, and the notes."""
    lines = [painted(one_line(document.title), BOLD), *_wrapped(document.cover), ""]
    for sheet in document.sheets:
        about, headers, is_number, rows = sheet.about, sheet.headers, figures(sheet), sheet.rows
        if sheet.chart and sheet.chart.is_multiple:
            values = {group.label: [bar.value for bar in group.bars] for group in sheet.chart.groups}
            trends = {label: sparkline([None if n is None else int(n) for n in of]) for label, of in values.items()}
            about, headers, is_number = (*about, wording.TREND), (*headers, "Trend"), [*is_number, False]
            rows = tuple((*row, trends.get(str(row[sheet.n_heads - 1]), "")) for row in rows)
        lines += [painted(one_line(sheet.title), BOLD), *_wrapped(about), ""]
        folded = [line for row in rows for line in _folded(row, sheet.n_heads - 1)]
        lines += [*_plain_table(PlainTable(headers, is_number, folded)), ""]
    return "\n".join([*lines, *_wrapped(f"Note: {text}" for text in document.notes), ""])


def _wrapped(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from textwrap.wrap(one_line(text), _LONGEST_LINE, subsequent_indent="  ")


def _folded(row: Sequence[Cell], place: int = 0) -> Iterator[Sequence[Cell]]:
    """Give the lines of a row: a long title takes several, the figures standing in the last."""
    *before, last = textwrap.wrap(str(row[place]), _LONGEST_TITLE, subsequent_indent="  ") or [""]
    blank = [""] * len(row)
    yield from ((*blank[:place], text, *blank[place + 1 :]) for text in before)
    yield *row[:place], last, *row[place + 1 :]


def _plain_table(table: PlainTable) -> list[str]:
    head, *rows = map(_written, (table.headers, *table.rows))
    widths = _widths([head, *rows])
    return [*_top(head, widths, table.is_number), *(_aligned(row, widths, table.is_number) for row in rows)]


def _written(row: Sequence[Cell]) -> list[str]:
    return [table_cell(cell) if isinstance(cell, str) else f"{cell:,}" for cell in row]


def _wide(tally: Tally) -> list[str]:
    """Draw one table a block, with columns of one width throughout."""
    headers, is_number = wide_columns(tally, with_picture=True)
    blocks = [(block.heading, [list(_rows_of(part, block.top)) for part in block.parts]) for block in blocks_of(tally)]
    widths = _widths([headers, *(row for _, parts in blocks for part in parts for row in part)])
    top = _top(headers, widths, is_number)
    drawn: list[str] = []
    for heading, parts in blocks:
        categories, *unread, total = [[_aligned(row, widths, is_number) for row in part] for part in parts]
        drawn += [painted(heading, BOLD)] if heading else []
        drawn += [*top, *categories]
        for lines in unread:
            drawn += ["", *(painted(line, YELLOW) for line in lines)]
        drawn += [top[-1], *(painted(line, BOLD) for line in total), ""]
    return drawn


def _rows_of(lines: Iterable[Line], top: int) -> Iterator[list[str]]:
    for line in lines:
        yield from map(_written, _folded((table_cell(line.title), *line.counts, line.total, *_picture(line, top))))


def _picture(line: Line, top: int) -> list[str]:
    if not line.counts:
        return []
    if len(line.counts) > 1:
        return [sparkline(line.counts)]
    return ["" if line.is_sum else bar(line.total, top=top)]


def _widths(rows: Iterable[Sequence[str]]) -> list[int]:
    return [max(map(_width, column)) for column in zip(*rows, strict=True)]


def _top(head: Sequence[str], widths: Sequence[int], is_number: Sequence[bool]) -> list[str]:
    """Draw the headers, and the rule below them."""
    rule = "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    return [painted(_aligned(head, widths, is_number), BOLD), painted(rule, DIM)]


def _aligned(row: Sequence[str], widths: Sequence[int], is_number: Sequence[bool]) -> str:
    columns = [(cell, " " * (width - _width(cell))) for cell, width in zip(row, widths, strict=True)]
    sided = zip(columns, is_number, strict=True)
    return _GAP.join(blank + cell if right else cell + blank for (cell, blank), right in sided).rstrip()


def _width(text: str) -> int:
    """Give the places a text takes on a screen: East Asian characters take two."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def sparkline(counts: Sequence[int | None]) -> str:
    """Draw one character a count, from 0 to the highest; only a 0 is at the lowest level, and None is left blank."""
    top = max(filter(None, counts), default=0)
    # Rounded up, so that a single record beside a thousand can be told from none.
    levels = (None if count is None else -(-count * (len(_LEVELS) - 1) // (top or 1)) for count in counts)
    return "".join(" " if level is None else _LEVELS[level] for level in levels)


def bar(count: int, *, top: int) -> str:
    """Draw a bar that is `BAR_WIDTH` characters long for ``top``; anything above 0 can be seen."""
    eighths = -(-count * BAR_WIDTH * 8 // top) if top else 0
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()
