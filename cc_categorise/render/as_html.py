"""Values → one self-contained HTML page.

Takes a report, findings, lists or a document, returns the whole text, in the frame of `html_page`.  Knows nothing of
files, of where the page is shown, or of how a number was protected.
"""

from __future__ import annotations

from cc_categorise.document import Cell, Document, Sheet
from cc_categorise.figures import CountReport, Listing, Listings, Tally
from cc_categorise.options import Layout
from cc_categorise.render import wording
from cc_categorise.render.chart import columns, drawn, single_bar
from cc_categorise.render.grid import Line, PlainTable, blocks_of, figures, listing_of, long_table, wide_columns
from cc_categorise.render.html_page import Html, element, page, table


def count_html(report: CountReport, layout: Layout, marking: str) -> str:
    """Write title, scope, legend, one table a group (wide) or a single one (long), and the reconciliation."""
    wide = layout is Layout.WIDE
    legend = wording.legend_lines(report, with_trend=wide)
    parts = [element("p", line) for line in wording.scope_lines(report)]
    parts += [element("ul", *(element("li", line) for line in legend))] if legend else []
    parts += _wide(report.tally) if wide else [_plain(f"Number of {report.tally.unit}", long_table(report.tally))]
    parts += [element("h2", "Where every row went"), *(element("p", line) for line in wording.closing_lines(report))]
    return page(wording.title_line(report), parts, marking)


def findings_html(found: wording.Findings, marking: str) -> str:
    """Write a section for each kind of finding, errors first, and the reconciliation."""
    groups, fates = wording.grouped(found.findings), wording.reconciliation_line(found.report.reconciliation)
    parts = [element("p", wording.scheme_line(found.report)), *map(_finding_section, groups)]
    parts += [element("h2", "Where every row went"), element("p", fates)]
    return page(wording.overview(groups).rstrip("."), parts, marking)


def listing_html(listing: Listing, marking: str) -> str:
    """Write a header and rows; a column of numbers stands to the right."""
    return page(
        f"List of {', '.join(listing.headers)}", [_plain(f"Rows: {len(listing.rows):,}", listing_of(listing))], marking
    )


def listings_html(listings: Listings, marking: str) -> str:
    """Write single figures, and a table for each list."""
    parts = [element("p", line) for line in wording.fact_lines(listings)]
    for one in listings.lists:
        parts += [element("h2", one.title), _plain(one.title, listing_of(one))]
    return page(listings.title, parts, marking)


def document_html(document: Document) -> str:
    """Write title, cover, contents, a section for each table, and the notes, with the marking above and below."""
    places = [(sheet.name, sheet.plain_title) for sheet in document.sheets] + [("notes", "Notes")]
    links = (element("li", element("a", title, given=f' href="#{name}"')) for name, title in places)
    parts = [element("p", line) for line in document.cover]
    parts += [element("nav", element("h2", "Contents"), element("ul", *links), given=' aria-label="Contents"')]
    for number, sheet in enumerate(document.sheets, 1):
        parts += _sheet_section(sheet, f"Table {number}")
    notes = (element("li", text) for text in document.notes)
    parts += [element("h2", "Notes", given=' id="notes"'), element("ol", *notes)]
    return page(document.title, parts, document.marking)


def _sheet_section(sheet: Sheet, caption: str) -> list[Html]:
    first_total = len(sheet.rows) - sheet.n_totals
    rows, totals = sheet.rows[:first_total], sheet.rows[first_total:]
    groups = dict.fromkeys(row[0] for row in rows)
    bodies = [rows] if sheet.n_heads == 1 else [[row for row in rows if row[0] == group] for group in groups]
    return [
        element("h2", sheet.title, given=f' id="{sheet.name}"'),
        *(element("p", line) for line in sheet.about),
        *([drawn(sheet.chart)] if sheet.chart else []),
        table(caption, sheet.headers, figures(sheet), bodies, totals, n_heads=sheet.n_heads),
    ]


def _finding_section(group: wording.FindingGroup) -> Html:
    rule = group.rule
    terms = [element("dt", term) + element("dd", text) for term, text in group.told.items()]
    heading = element("h2", element("b", rule.severity.value), f" {rule.code}: {group.extent}")
    inside = "\n".join(["", heading, "<dl>", *terms, "</dl>", ""])
    return element("section", Html(inside), given=f' class="{rule.severity.value}"')


def _plain(caption: str, plain: PlainTable) -> Html:
    return table(caption, plain.headers, plain.is_number, [plain.rows])


def _wide(tally: Tally) -> list[Html]:
    headers, is_number = wide_columns(tally, with_picture=True)
    parts = []
    for block in blocks_of(tally, safe=str):
        parts += [element("h2", block.heading)] if block.heading else []
        *bodies, foot = [[_row(line, block.top) for line in part] for part in block.parts]
        caption = ", ".join(filter(None, [f"Number of {tally.unit}", block.heading]))
        parts.append(table(caption, headers, is_number, bodies, foot))
    return parts


def _row(line: Line, top: int) -> tuple[Cell, ...]:
    """Give a row: at its end a column for each period, on its own scale; for a single one a bar, on the block's."""
    cells: tuple[Cell, ...] = (line.title, *line.counts, line.total)
    if not line.counts:
        return cells
    if len(line.counts) > 1:
        return *cells, columns(f"Trend of {line.title}", line.counts)
    return *cells, "" if line.is_sum else single_bar(f"Relative size of {line.title}", line.total, top)
