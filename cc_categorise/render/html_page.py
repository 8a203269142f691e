"""The one frame of every HTML page: stylesheet, elements, tables; no script, nothing fetched.

Takes text and rows, returns HTML for a screen, a phone, paper and a screen reader.  Every text of an export passes
through `escaped`.  Knows nothing of what a page is about.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from cc_categorise.render.text import one_line

Cell = str | int | Decimal
Rows = Iterable[Sequence[Cell]]

_WIDE = 8
_CSS_UNSAFE = re.compile(r"[^\w ,.:/()-]")

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
figure { margin: 1rem 0; max-width: 30rem }
figure svg { display: block; width: 100%; height: auto }
figure.multiples { max-width: 47rem }
.multiples svg { min-width: 46rem }
figure text { font-size: 12px; fill: #111 }
figcaption { color: #444 }
nav li, ol li { margin: 0 0 0.25rem; max-width: 48rem; overflow-wrap: anywhere }
ol { padding-left: 1.5rem }
a { color: #1d4f91 }
.marking { font-weight: 700; letter-spacing: 0.03em }
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
  .scroll, section, figure, tr { break-inside: avoid }
  h2, h2 + p, caption, figcaption { break-after: avoid }
  figure { max-width: 25rem }
  .multiples svg { min-width: 0 }
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
    return html.escape(one_line(cell)) if isinstance(cell, str) else f"{cell:,}"


def element(name: str, *inside: Cell, given: str = "") -> Html:
    """Put an element around text or HTML; ``given`` holds attributes, written as they are."""
    return Html(f"<{name}{given}>{''.join(map(escaped, inside))}</{name}>")


def page(title: str, parts: Iterable[Html], marking: str = "") -> str:
    """Write a whole page: the title as its only first heading, then the parts; a handling marking above and below."""
    marked = [element("p", marking, given=' class="marking"')] if marking else []
    on_paper = (
        f'@page {{ @top-center {{ content: "{_CSS_UNSAFE.sub("", marking)}"; font-weight: 700 }} }}\n'
        if marking
        else ""
    )
    body = "\n".join([*marked, element("h1", title), *parts, *marked])
    return f"""\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
{element("title", title)}
<style>
{_STYLE}{on_paper}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def table(  # noqa: PLR0913 - the parts of a table
    caption: str,
    headers: Sequence[str],
    is_number: Sequence[bool],
    bodies: Iterable[Rows],
    foot: Rows = (),
    *,
    n_heads: int = 1,
) -> Html:
    """Lay out a table.

    One that is too wide for a screen scrolls within its own region, which the keyboard can reach; one of more than
    `_WIDE` columns goes on paper sideways and small.

    Args:
        caption: Names the table and its region.
        headers: One a column.
        is_number: Whether a column stands to the right.
        bodies: Groups of rows, set apart from each other.
        foot: Rows of totals.
        n_heads: How many cells at the beginning of a row head it.
    """
    right = [' class="n"' if number else "" for number in is_number]

    def rows_of(rows: Rows) -> str:
        return "".join(f"<tr>{_row(row, right, n_heads)}</tr>\n" for row in rows)

    heads = [element("th", header, given=f' scope="col"{side}') for header, side in zip(headers, right, strict=True)]
    parts = [f"<thead>\n<tr>{''.join(heads)}</tr>\n</thead>"]
    parts += [f"<tbody>\n{rows_of(rows)}</tbody>" for rows in bodies]
    parts += [f"<tfoot>\n{total}</tfoot>"] if (total := rows_of(foot)) else []
    inside = "\n".join([element("caption", caption), *parts])
    wide = " wide" if len(headers) > _WIDE else ""
    region = f'<div class="scroll{wide}" role="region" aria-label="{escaped(caption)}" tabindex="0">'
    return Html(f"{region}\n<table>\n{inside}\n</table>\n</div>")


def _row(row: Sequence[Cell], right: Sequence[str], n_heads: int) -> str:
    heads = (element("th", cell, given=f' scope="row"{side}') for cell, side in zip(row[:n_heads], right, strict=False))
    cells = zip(row[n_heads:], right[n_heads:], strict=True)
    return "".join([*heads, *(element("td", cell, given=side) for cell, side in cells)])
