"""Values → a table for the eye.

Takes a report or a list, returns the whole text.  Knows nothing of the terminal: the width comes from the content
and nothing is wrapped or cut, so that a pipe gets the same bytes as a screen, less the colour.  Drawn here and not
by rich, whose import alone costs as much as reading a year's export.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import east_asian_width

from cc_categorise.figures import CountReport, Tally
from cc_categorise.options import Layout
from cc_categorise.render.grid import LONG_COLUMNS, Block, Cell, Line, blocks_of, by_columns, long_rows
from cc_categorise.render.text import BOLD, DIM, YELLOW, painted, table_cell
from cc_categorise.render.trend import bar, sparkline
from cc_categorise.render.wording import (
    bracketed,
    closing_lines,
    legend_lines,
    scope_lines,
    title_line,
    year_heading,
)

_GAP = "   "
_TREND = "Trend: each row on a scale of its own, from 0 to its highest period"
_LONGEST_TITLE = 48


def count_table(report: CountReport, layout: Layout, *, colour: bool) -> str:
    """Draw title, scope, legend, one table a group (wide) or a single one (long), and the reconciliation."""
    wide = layout is Layout.WIDE
    above = [*scope_lines(report), *legend_lines(report)]
    if wide and len(report.tally.years) > 1:
        above.append(_TREND)
    body = _wide(report.tally, colour=colour) if wide else [*_long(report.tally, colour=colour), ""]
    title = painted(title_line(report), BOLD, colour=colour)
    return "\n".join([title, *above, "", *body, *closing_lines(report), ""])


def listing_table(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Draw a header and rows; a column of numbers stands to the right."""
    is_number = [bool(rows) and all(isinstance(row[place], int) for row in rows) for place in range(len(headers))]
    return "\n".join([*_plain_table(headers, is_number, rows, colour=False), ""])


def _long(tally: Tally, *, colour: bool) -> list[str]:
    headers = (*by_columns(tally), *LONG_COLUMNS)
    rows = [(*cells, " ".join(bracketed(str(marker)))) for *cells, marker in long_rows(tally)]
    return _plain_table(headers, [header == "count" for header in headers], rows, colour=colour)


def _plain_table(
    headers: Sequence[str], is_number: Sequence[bool], rows: Iterable[Sequence[Cell]], *, colour: bool
) -> list[str]:
    head = tuple(table_cell(header) for header in headers)
    cells = [tuple(table_cell(cell) if isinstance(cell, str) else f"{cell:,}" for cell in row) for row in rows]
    widths = _widths([head, *cells])
    top = painted(_aligned(head, widths, is_number), BOLD, colour=colour)
    return [top, _rule(widths, colour=colour), *(_aligned(row, widths, is_number) for row in cells)]


def _wide(tally: Tally, *, colour: bool) -> list[str]:
    """Draw one table a block, with columns of one width throughout."""
    years = [year_heading(year, tally.markers.get(year, "")) for year in tally.years]
    picture = {0: [], 1: ["Relative size"]}.get(len(years), ["Trend"])
    headers = ("Category", *years, "Total", *picture)
    is_number = [0 < place <= len(years) + 1 for place in range(len(headers))]
    blocks = [(block, _rows_of(block)) for block in blocks_of(tally)]
    widths = _widths([headers, *(row for _, lines in blocks for rows in lines for row in rows)])
    drawn: list[str] = []
    for block, lines in blocks:
        *body, total = lines
        drawn += [painted(block.heading, BOLD, colour=colour)] if block.heading else []
        drawn += [painted(_aligned(headers, widths, is_number), BOLD, colour=colour), _rule(widths, colour=colour)]
        for place, rows in enumerate(body):
            is_apart = place == len(block.categories)
            drawn += [""] if is_apart else []
            texts = (_aligned(row, widths, is_number) for row in rows)
            drawn += [painted(text, YELLOW if is_apart else "", colour=colour and is_apart) for text in texts]
        drawn += [_rule(widths, colour=colour)]
        drawn += [painted(_aligned(row, widths, is_number), BOLD, colour=colour) for row in total]
        drawn += [""]
    return drawn


def _rows_of(block: Block) -> list[list[tuple[str, ...]]]:
    """Give the rows of every line: categories, uncategorised where there is such a line, total last.

    A long title takes several rows, the figures standing in the last.
    """
    lines = [*block.categories, *([block.uncategorised] if block.uncategorised else []), block.total]
    top = max((line.total for line in lines[:-1]), default=0)
    rows = []
    for line in lines:
        *before, last = textwrap.wrap(table_cell(line.title), _LONGEST_TITLE, subsequent_indent="  ") or [""]
        counts = (f"{count:,}" for count in (*line.counts, line.total))
        rows.append([*((text,) for text in before), (last, *counts, *_picture(line, block, top))])
    return rows


def _picture(line: Line, block: Block, top: int) -> list[str]:
    if not line.counts:
        return []
    if len(line.counts) > 1:
        return [sparkline(line.counts)]
    return ["" if line is block.total else bar(line.total, top=top)]


def _widths(rows: Iterable[Sequence[str]]) -> list[int]:
    widths: list[int] = []
    for row in rows:
        widths += [0] * (len(row) - len(widths))
        widths[: len(row)] = map(max, widths, map(_width, row))
    return widths


def _aligned(cells: Sequence[str], widths: Sequence[int], is_number: Sequence[bool]) -> str:
    def padded() -> Iterator[str]:
        for cell, width, right in zip(cells, widths, is_number, strict=False):
            blank = " " * (width - _width(cell))
            yield blank + cell if right else cell + blank

    return _GAP.join(padded()).rstrip()


def _rule(widths: Sequence[int], *, colour: bool) -> str:
    return painted("─" * (sum(widths) + len(_GAP) * (len(widths) - 1)), DIM, colour=colour)


def _width(text: str) -> int:
    """Give the places a text takes on a screen: East Asian characters take two."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
