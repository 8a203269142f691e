"""Exact values → one self-contained HTML page.

Takes a report, findings or a list, returns the whole text, in the frame of `html_page`.  Knows nothing of files or of
where the page is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from cc_categorise.figures import CountReport, Listings, Tally
from cc_categorise.findings import Finding
from cc_categorise.model import BLANK
from cc_categorise.options import Layout
from cc_categorise.render.chart import columns, single_bar
from cc_categorise.render.grid import ALL_GROUPS, Block, Cell, Line, blocks_of, listing_of, long_table
from cc_categorise.render.html_page import Html, element, page, table
from cc_categorise.render.summary import FindingGroup, grouped, overview
from cc_categorise.render.wording import (
    closing_lines,
    legend_lines,
    reconciliation_line,
    scheme_line,
    scope_lines,
    title_line,
    year_heading,
)

_TREND = "Trend: each row on a scale of its own, from 0 to its highest period"


def count_html(report: CountReport, layout: Layout, marking: str = "") -> str:
    """Write title, scope, legend, one table a group (wide) or a single one (long), and the reconciliation."""
    wide = layout is Layout.WIDE
    legend = [*legend_lines(report), *([_TREND] if wide and len(report.tally.years) > 1 else [])]
    parts = [element("p", line) for line in scope_lines(report)]
    parts += [element("ul", *(element("li", line) for line in legend))] if legend else []
    parts += _wide(report.tally) if wide else [_long(report.tally)]
    parts += [element("h2", "Where every row went"), *(element("p", line) for line in closing_lines(report))]
    return page(title_line(report), parts, marking)


def findings_html(findings: Sequence[Finding], report: CountReport, marking: str = "") -> str:
    """Write a section for each kind of finding, errors first, and the reconciliation."""
    groups = grouped(findings)
    parts = [element("p", scheme_line(report))]
    parts += map(_section, groups)
    parts += [element("h2", "Where every row went"), element("p", reconciliation_line(report.reconciliation))]
    return page(overview(groups).rstrip("."), parts, marking)


def listing_html(headers: Sequence[str], rows: Sequence[Sequence[Cell]], marking: str = "") -> str:
    """Write a header and rows; a column of numbers stands to the right."""
    numbers = listing_of(headers, rows).is_number
    return page(f"List of {', '.join(headers)}", [table(f"Rows: {len(rows):,}", headers, numbers, [rows])], marking)


def listings_html(listings: Listings, marking: str = "") -> str:
    """Write single figures, and a table for each list."""
    parts = [element("p", f"{name.replace('_', ' ')}: {value}") for name, value in listings.facts.items()]
    for title, _, headers, rows in listings.lists:
        parts += [element("h2", title), table(title, headers, listing_of(headers, rows).is_number, [rows])]
    return page(listings.title, parts, marking)


def _section(group: FindingGroup) -> Html:
    rule = group.rule
    told = {"where": group.where, "meaning": rule.message, "most often": group.details, "to mend": rule.hint}
    terms = [element("dt", term) + element("dd", text) for term, text in told.items() if text]
    heading = element("h2", element("b", rule.severity.value), f" {rule.code}: {group.extent}")
    inside = "\n".join(["", heading, "<dl>", *terms, "</dl>", ""])
    return element("section", Html(inside), given=f' class="{rule.severity.value}"')


def _long(tally: Tally) -> Html:
    headers, is_number, rows = long_table(tally)
    return table(f"Number of {tally.unit}", headers, is_number, [rows])


def _wide(tally: Tally) -> list[Html]:
    years = [year_heading(year, tally.markers.get(year, "")) for year in tally.years]
    picture = {0: [], 1: ["Relative size"]}.get(len(years), ["Trend"])
    headers = ["Category", *years, "Total", *picture]
    is_number = [0 < place <= len(years) + 1 for place in range(len(headers))]
    # Not the headings of the blocks: those are made safe for a spreadsheet too.
    named = [
        "; ".join(f"{name}: {value or BLANK}" for name, value in zip(tally.by, group, strict=True))
        for group in tally.groups
    ]
    parts = []
    for heading, block in zip([*named, ALL_GROUPS], blocks_of(tally), strict=False):
        parts += [element("h2", heading)] if heading else []
        caption = f"Number of {tally.unit}" + (f", {heading}" if heading else "")
        *bodies, foot = _rows_of(block)
        parts.append(table(caption, headers, is_number, bodies, foot))
    return parts


def _rows_of(block: Block) -> list[list[tuple[Cell, ...]]]:
    """Give the rows of each part of a block."""
    return [
        [(line.title, *line.counts, line.total, *_picture(line, block.top)) for line in part] for part in block.parts
    ]


def _picture(line: Line, top: int) -> list[Cell]:
    """Draw a column for each period, on a scale of the row's own; for a single period a bar, on that of the table."""
    if len(line.counts) > 1:
        return [columns(f"Trend of {line.title}", line.counts)]
    if not line.counts or line.is_sum:
        return [""] * len(line.counts)
    return [single_bar(f"Relative size of {line.title}", line.total, top)]
