"""Values → markdown: pipe tables that read well as plain text too.

Takes a report, findings or a list, returns the whole text.  Knows nothing of colour or of the width of a screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cc_categorise.document import Cell, Document
from cc_categorise.figures import CountReport, Listing, Listings
from cc_categorise.options import Layout
from cc_categorise.render import wording
from cc_categorise.render.grid import blocks_of, figures, listing_of, long_table, wide_columns
from cc_categorise.render.text import markdown, markdown_cell


def count_markdown(report: CountReport, layout: Layout) -> str:
    """Write title, scope, legend, one table a group (wide) or a single one (long), and the reconciliation."""
    tables = _wide(report) if layout is Layout.WIDE else [_table(*long_table(report.tally))]
    title = f"**{markdown(wording.title_line(report))}**"
    above = map(markdown, [*wording.scope_lines(report), *wording.legend_lines(report)])
    return "\n\n".join([title, *above, *tables, *map(markdown, wording.closing_lines(report))]) + "\n"


def findings_markdown(found: wording.Findings) -> str:
    """Write one row a kind of finding, errors first, and the reconciliation."""
    headers = ("Severity", "Code", "How many", "Where", "What it means", "How to mend it")
    rows = []
    for rule, extent, where, details in (groups := wording.grouped(found.findings)):
        meaning = f"{rule.message} Most often: {details}" if details else rule.message
        rows.append((rule.severity.value, rule.code, extent, where, meaning, rule.hint))
    table = [_table(headers, [False] * len(headers), rows)] if rows else []
    above = [f"**{markdown(wording.overview(groups))}**", markdown(wording.scheme_line(found.report))]
    return "\n\n".join([*above, *table, wording.reconciliation_line(found.report.reconciliation)]) + "\n"


def listing_markdown(listing: Listing) -> str:
    """Write a header and rows; a column of numbers stands to the right."""
    return _table(*listing_of(listing)) + "\n"


def listings_markdown(listings: Listings) -> str:
    """Write single figures, and a table for each list, under its title."""
    facts = "\n".join(f"- {markdown(line)}" for line in wording.fact_lines(listings))
    parts = [f"**{markdown(listings.title)}**", facts]
    parts += [f"**{markdown(one.title)}**\n\n{_table(*listing_of(one))}" for one in listings.lists]
    return "\n\n".join(parts) + "\n"


def document_markdown(document: Document) -> str:
    """Write marking, title and cover, a section for each table, and the notes."""
    parts = [markdown(document.marking), f"# {markdown(document.title)}", *map(markdown, document.cover)]
    for sheet in document.sheets:
        parts += [f"## {markdown(sheet.title)}", *map(markdown, sheet.about)]
        parts.append(_table(sheet.headers, figures(sheet), sheet.rows))
    parts += ["## Notes", "\n".join(f"{number}. {markdown(text)}" for number, text in enumerate(document.notes, 1))]
    return "\n\n".join([*parts, markdown(document.marking)]) + "\n"


def _wide(report: CountReport) -> list[str]:
    headers, is_number = wide_columns(report.tally, with_picture=False)
    parts = []
    for block in blocks_of(report.tally):
        if block.heading:
            parts.append(f"**{markdown(block.heading)}**")
        lines = (line for part in block.parts for line in part)
        parts.append(_table(headers, is_number, [(line.title, *line.counts, line.total) for line in lines]))
    return parts


def _table(headers: Sequence[str], is_number: Sequence[bool], rows: Iterable[Sequence[Cell]]) -> str:
    lines = [
        _row([markdown_cell(header) for header in headers]),
        _row(["--:" if right else "---" for right in is_number]),
        *(_row([markdown_cell(cell) if isinstance(cell, str) else f"{cell:,}" for cell in row]) for row in rows),
    ]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
