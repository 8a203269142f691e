"""Cuts a tally into what the formats draw: long rows, or wide blocks with their sums.

Takes a tally, returns values in its own order.  Knows nothing of characters that a format cannot hold, nor of
any format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from cc_categorise.figures import Tally
from cc_categorise.model import BLANK, UNCATEGORISED
from cc_categorise.options import Basis
from cc_categorise.render.wording import bracketed, group_heading

Cell = str | int | Decimal

LONG_COLUMNS = ("year", "category_code", "category", "count", "marker")
WIDE_COLUMNS = ("category_code", "category")
TOTAL_COLUMN = "total"
ALL_GROUPS = "All"


class PlainTable(NamedTuple):
    """Headers, which columns are numbers and so stand to the right, and rows."""

    headers: Sequence[str]
    is_number: Sequence[bool]
    rows: Sequence[Sequence[Cell]]


def by_columns(tally: Tally) -> tuple[str, ...]:
    """Name the columns of the breakdowns; one called like another column gets ``by_`` in front.

    Case is ignored, because many programs that read a table ignore it.  Both layouts give the same names.
    """
    taken = {name.casefold() for name in (*LONG_COLUMNS, TOTAL_COLUMN, *tally.years)}
    names: list[str] = []
    for given in tally.by:
        name = given
        while name.casefold() in taken:
            name = f"by_{name}"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def long_rows(tally: Tally) -> Iterator[tuple[Cell, ...]]:
    """Give one row a count: values of the breakdowns, then `LONG_COLUMNS`."""
    for row in tally.rows():
        yield *_filled(row.by), row.year, row.category_code, row.category, row.count, row.marker


def long_table(tally: Tally) -> PlainTable:
    """Give the long layout as a person reads it: shorthand in brackets."""
    headers = (*by_columns(tally), *LONG_COLUMNS)
    rows = [(*cells, " ".join(bracketed(str(marker)))) for *cells, marker in long_rows(tally)]
    return PlainTable(headers, [header == "count" for header in headers], rows)


def listing_of(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> PlainTable:
    """Find out which columns of a list are numbers."""
    is_number = [bool(rows) and all(isinstance(row[place], int) for row in rows) for place in range(len(headers))]
    return PlainTable(headers, is_number, rows)


def wide_rows(tally: Tally) -> Iterator[tuple[Cell, ...]]:
    """Give one row a category: values of the breakdowns, `WIDE_COLUMNS`, a count a period, and their sum."""
    for group in tally.groups:
        for code, title in tally.categories:
            counts = [tally.count(group, year, code) for year in tally.years]
            yield *_filled(group), code, title, *counts, sum(counts)


def _filled(group: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value or BLANK for value in group)


class Line(NamedTuple):
    """One line of a wide table: a title and a count for each period."""

    title: str
    counts: tuple[int, ...]
    is_sum: bool = False

    @property
    def total(self) -> int:
        """Sum over the periods."""
        return sum(self.counts)


class Block(NamedTuple):
    """The wide table of one group.

    Attributes:
        heading: Names the group; empty without breakdowns.
        parts: Lines of the scheme's categories; of the uncategorised records, where there are any; of the sum.
    """

    heading: str
    parts: tuple[tuple[Line, ...], ...]

    @property
    def top(self) -> int:
        """Highest sum of a line that is not the sum of the others."""
        return max((line.total for part in self.parts[:-1] for line in part), default=0)


def blocks_of(tally: Tally) -> tuple[Block, ...]:
    """Cut a tally into a block for each group, and one for all of them where there is more or less than one."""
    counts = {
        group: {code: tuple(tally.count(group, year, code) for year in tally.years) for code, _ in tally.categories}
        for group in tally.groups
    }
    blocks = [_block(tally, group_heading(tally.by, group), counts[group]) for group in tally.groups]
    if len(blocks) != 1:
        everything = {code: _sums(tally, [of[code] for of in counts.values()]) for code, _ in tally.categories}
        blocks.append(_block(tally, ALL_GROUPS, everything))
    return tuple(blocks)


def _block(tally: Tally, heading: str, counts: dict[str, tuple[int, ...]]) -> Block:
    lines = {code: Line(title, counts[code]) for code, title in tally.categories}
    unread = lines.pop(UNCATEGORISED, None)
    total = "Total" if tally.basis is Basis.PRIMARY else "Mentions"
    last = Line(total, _sums(tally, list(counts.values())), is_sum=True)
    return Block(heading, (tuple(lines.values()), *([(unread,)] if unread else []), (last,)))


def _sums(tally: Tally, rows: list[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sum(row[place] for row in rows) for place in range(len(tally.years)))
