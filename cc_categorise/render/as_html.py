"""Values → one self-contained HTML page: no script, nothing fetched; for a screen, a phone, paper and a screen reader.

Takes a report, findings or a list, returns the whole text.  Every page of every command is made by `page`, every table
by `table`, and every text of an export passes through `escaped`.  Knows nothing of files or of where the page is shown.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from cc_categorise.dates import in_words
from cc_categorise.figures import CountReport, Listings, Tally
from cc_categorise.findings import Finding
from cc_categorise.model import BLANK
from cc_categorise.options import Layout
from cc_categorise.render.grid import ALL_GROUPS, LONG_COLUMNS, Block, Cell, Line, blocks_of, by_columns, long_rows
from cc_categorise.render.summary import FindingGroup, grouped, overview
from cc_categorise.render.text import one_line
from cc_categorise.render.wording import (
    bracketed,
    closing_lines,
    legend_lines,
    reconciliation_line,
    scheme_in_words,
    scope_lines,
    title_line,
    year_heading,
)

Rows = Iterable[Sequence[Cell]]

_TREND = "Trend: each row on a scale of its own, from 0 to its highest period"
_WIDE = 8

# Every colour of text has a contrast of 7:1 or more against what it stands on; the one hue is as dark as a mid grey.
_STYLE = """\
:root { color-scheme: light; font: 100%/1.5 system-ui, "Segoe UI", Arial, sans-serif; color: #111; background: #fff }
body { margin: 0 }
main { max-width: 75rem; margin: 0 auto; padding: 1rem 1.25rem 2rem }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0 0.75rem }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 1.75rem 0 0.5rem; overflow-wrap: anywhere }
p { max-width: 48rem; margin: 0 0 0.25rem; overflow-wrap: anywhere }
ul { margin: 0.75rem 0 0; padding: 0; list-style: none }
.scroll { overflow-x: auto; margin: 1rem 0 }
.scroll:focus-visible { outline: 3px solid #1d4f91; outline-offset: 3px }
table { border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums lining-nums }
caption { text-align: left; color: #444; padding-bottom: 0.3rem }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.75rem; border-bottom: 1px solid #c6ccd4 }
th:first-child { position: sticky; left: 0; max-width: 25rem; padding-left: 0.25rem; background: #fff }
th:first-child:not(.n) { min-width: 12rem }
tbody th { font-weight: 400; overflow-wrap: break-word }
thead th { border-bottom: 2px solid #111; vertical-align: bottom }
tbody + tbody tr:first-child > * { border-top: 3px double #555 }
tfoot th, tfoot td { border-top: 2px solid #111; border-bottom: 0; font-weight: 700 }
.n { text-align: right; white-space: nowrap; min-width: 4rem }
svg { vertical-align: middle; fill: #1d4f91 }
section { border-left: 0.3rem solid #555; padding-left: 0.9rem; margin: 1.5rem 0 }
section h2 { margin: 0 0 0.3rem }
.error { border-color: #8c1010 }
.error b { color: #8c1010 }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: 0.1rem 0.75rem; margin: 0; max-width: 48rem }
dt { color: #444 }
dd { margin: 0; overflow-wrap: anywhere }
@media (max-width: 40rem) {
  h1 { font-size: 1.3rem }
  dl { display: block }
  dd { margin-bottom: 0.4rem }
  th, td { padding: 0.3rem 0.4rem }
  th:first-child:not(.n) { min-width: 8rem; max-width: 8rem }
}
@media print {
  :root { font-size: 10pt }
  main { max-width: none; padding: 0 }
  main:has(.wide) { page: wide }
  .scroll { overflow: visible }
  th:first-child { position: static; background: none }
  .scroll, section, tr { break-inside: avoid }
  h2, caption { break-after: avoid }
  tfoot { display: table-row-group }
  .wide table { font-size: 7pt }
  .wide th, .wide td { padding: 1pt 2pt; min-width: 0 }
  .wide thead .n { writing-mode: vertical-rl }
  .wide svg { width: 6rem; height: auto }
}
@page wide { size: A4 landscape }
"""


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def escaped(cell: Cell) -> str:
    """Make anything but HTML itself show as it is, on one line, in an element or within the quotes of an attribute."""
    if isinstance(cell, Html):
        return cell
    return f"{cell:,}" if isinstance(cell, int) else html.escape(one_line(cell))


def element(name: str, *inside: Cell, given: str = "") -> Html:
    """Put an element around text or HTML; ``given`` holds attributes, written as they are."""
    return Html(f"<{name}{given}>{''.join(map(escaped, inside))}</{name}>")


def page(title: str, parts: Iterable[Html]) -> str:
    """Write a whole page: the title as its only first heading, then the parts."""
    body = "\n".join([element("h1", title), *parts])
    return f"""\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
{element("title", title)}
<style>
{_STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def table(
    caption: str, headers: Sequence[str], is_number: Sequence[bool], bodies: Iterable[Rows], foot: Rows = ()
) -> Html:
    """Lay out a table.

    One that is too wide for a screen scrolls within its own region, which the keyboard can reach; one of more than
    `_WIDE` columns goes on paper sideways and small.

    Args:
        caption: Names the table and its region.
        headers: One a column; the first cell of a row heads the row.
        is_number: Whether a column stands to the right.
        bodies: Groups of rows, set apart from each other.
        foot: Rows of totals.
    """
    right = [' class="n"' if number else "" for number in is_number]

    def rows_of(rows: Rows) -> str:
        return "".join(f"<tr>{_row(row, right)}</tr>\n" for row in rows)

    heads = [element("th", header, given=f' scope="col"{side}') for header, side in zip(headers, right, strict=True)]
    parts = [f"<thead>\n<tr>{''.join(heads)}</tr>\n</thead>"]
    parts += [f"<tbody>\n{rows_of(rows)}</tbody>" for rows in bodies]
    parts += [f"<tfoot>\n{total}</tfoot>"] if (total := rows_of(foot)) else []
    inside = "\n".join([element("caption", caption), *parts])
    wide = " wide" if len(headers) > _WIDE else ""
    region = f'<div class="scroll{wide}" role="region" aria-label="{escaped(caption)}" tabindex="0">'
    return Html(f"{region}\n<table>\n{inside}\n</table>\n</div>")


def _row(row: Sequence[Cell], right: Sequence[str]) -> str:
    head, *cells = row
    figures = (element("td", cell, given=side) for cell, side in zip(cells, right[1:], strict=True))
    return "".join([element("th", head, given=f' scope="row"{right[0]}'), *figures])


def count_html(report: CountReport, layout: Layout) -> str:
    """Write title, scope, legend, one table a group (wide) or a single one (long), and the reconciliation."""
    wide = layout is Layout.WIDE
    legend = [*legend_lines(report), *([_TREND] if wide and len(report.tally.years) > 1 else [])]
    parts = [element("p", line) for line in scope_lines(report)]
    parts += [element("ul", *(element("li", line) for line in legend))] if legend else []
    parts += _wide(report.tally) if wide else [_long(report.tally)]
    parts += [element("h2", "Where every row went"), *(element("p", line) for line in closing_lines(report))]
    return page(title_line(report), parts)


def findings_html(findings: Sequence[Finding], report: CountReport) -> str:
    """Write a section for each kind of finding, errors first, and the reconciliation."""
    groups = grouped(findings)
    parts = [element("p", f"{scheme_in_words(report)}; as at {in_words(report.as_at)}")]
    parts += map(_section, groups)
    parts += [element("h2", "Where every row went"), element("p", reconciliation_line(report.reconciliation))]
    return page(overview(groups).rstrip("."), parts)


def listing_html(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Write a header and rows; a column of numbers stands to the right."""
    is_number = [any(isinstance(row[place], int) for row in rows) for place in range(len(headers))]
    return page(f"List of {', '.join(headers)}", [table(f"Rows: {len(rows):,}", headers, is_number, [rows])])


def listings_html(listings: Listings) -> str:
    """Write single figures, and a table for each list."""
    parts = [element("p", f"{name.replace('_', ' ')}: {value}") for name, value in listings.facts.items()]
    for title, _, headers, rows in listings.lists:
        is_number = [any(isinstance(row[place], int) for row in rows) for place in range(len(headers))]
        parts += [element("h2", title), table(title, headers, is_number, [rows])]
    return page(listings.title, parts)


def _section(group: FindingGroup) -> Html:
    rule = group.rule
    told = {"where": group.where, "meaning": rule.message, "most often": group.details, "to mend": rule.hint}
    terms = [element("dt", term) + element("dd", text) for term, text in told.items() if text]
    heading = element("h2", element("b", rule.severity.value), f" {rule.code}: {group.extent}")
    inside = "\n".join(["", heading, "<dl>", *terms, "</dl>", ""])
    return element("section", Html(inside), given=f' class="{rule.severity.value}"')


def _long(tally: Tally) -> Html:
    headers = (*by_columns(tally), *LONG_COLUMNS)
    rows = ((*cells, " ".join(bracketed(str(marker)))) for *cells, marker in long_rows(tally))
    return table(f"Number of {tally.unit}", headers, [header == "count" for header in headers], [rows])


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
    """Give the rows of a block: categories, uncategorised where there is such a line, total."""
    lines = [block.categories, *([(block.uncategorised,)] if block.uncategorised else []), (block.total,)]
    top = max((line.total for part in lines[:-1] for line in part), default=0)
    return [[(line.title, *line.counts, line.total, *_picture(line, block, top)) for line in part] for part in lines]


def _picture(line: Line, block: Block, top: int) -> list[Cell]:
    """Draw a column for each period, on a scale of the row's own; for a single period a bar, on that of the table."""
    if len(line.counts) > 1:
        heights = [_scaled(count, 20, max(line.counts)) for count in line.counts]
        width = 9 * len(heights) - 2
        columns = "".join(f"M{9 * place} 20v-{height}h7v{height}z" for place, height in enumerate(heights))
        return [_svg(f"Trend of {line.title}", width, 21, f"M0 20h{width}v1H0z{columns}")]
    if not line.counts or line is block.total:
        return [""] * len(line.counts)
    return [_svg(f"Relative size of {line.title}", 121, 12, f"M0 0h{1 + _scaled(line.total, 120, top)}v12H0z")]


def _scaled(count: int, length: int, top: int) -> int:
    """Give a length rounded up, so that anything above 0 can be seen."""
    return -(-count * length // top) if top else 0


def _svg(title: str, width: int, height: int, path: str) -> Html:
    size = f' role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return element("svg", element("title", title), Html(f'<path d="{path}"/>'), given=size)
