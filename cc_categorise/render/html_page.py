"""The one frame of every HTML page: elements, tables, the stylesheet `page.css`; no script, nothing fetched.

Takes text and rows, returns HTML for a screen, a phone, paper and a screen reader.  Every text of an export passes
through `escaped`.  Knows nothing of what a page is about.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from cc_categorise.document import Cell
from cc_categorise.render.text import one_line

Rows = Iterable[Sequence[Cell]]

_WIDE = 8
_CSS_UNSAFE = re.compile(r"[^\w ,.:/()-]")

# Every colour of text has a contrast of 7:1 or more against what it stands on; the one hue is as dark as a mid grey.
_STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


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
    printed = f'@page {{ @top-center {{ content: "{_CSS_UNSAFE.sub("", marking)}"; font-weight: 700 }} }}\n'
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
{_STYLE}{printed if marking else ""}</style>
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
    `_WIDE` columns goes on paper sideways and small.  Columns of numbers stand to the right, bodies are set apart from
    each other, and the first ``n_heads`` cells of a row head it.
    """
    right = [' class="n"' if number else "" for number in is_number]
    kinds = [("th", ' scope="row"')] * n_heads + [("td", "")] * (len(headers) - n_heads)
    columns = [(name, f"{scope}{side}") for (name, scope), side in zip(kinds, right, strict=True)]

    def rows_of(rows: Rows) -> str:
        return "".join(f"<tr>{''.join(map(cell_of, row, columns))}</tr>\n" for row in rows)

    def cell_of(cell: Cell, column: tuple[str, str]) -> Html:
        return element(column[0], cell, given=column[1])

    heads = [element("th", header, given=f' scope="col"{side}') for header, side in zip(headers, right, strict=True)]
    parts = [f"<thead>\n<tr>{''.join(heads)}</tr>\n</thead>"]
    parts += [f"<tbody>\n{rows_of(rows)}</tbody>" for rows in bodies]
    parts += [f"<tfoot>\n{total}</tfoot>"] if (total := rows_of(foot)) else []
    inside = "\n".join([element("caption", caption), *parts])
    wide = " wide" if len(headers) > _WIDE else ""
    region = f'<div class="scroll{wide}" role="region" aria-label="{escaped(caption)}" tabindex="0">'
    return Html(f"{region}\n<table>\n{inside}\n</table>\n</div>")
