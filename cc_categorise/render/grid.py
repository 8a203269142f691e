"""Cuts a tally into what the formats draw: long rows, wide blocks with their sums, or a chart of small multiples.

Takes a tally or rows, returns values in their own order; tells columns of numbers.  Knows nothing of any format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from cc_categorise.figures import CountReport, Listing, Tally
from cc_categorise.model import BLANK, UNCATEGORISED
from cc_categorise.options import Basis
from cc_categorise.render.text import one_line, table_cell
from cc_categorise.render.wording import bracketed, legend_lines, scope_lines, title_line, year_headings

if TYPE_CHECKING:
    from cc_categorise.document import Cell, Chart, Sheet

LONG_COLUMNS = ("year", "category_code", "category", "count", "marker")
WIDE_COLUMNS = ("category_code", "category")
TOTAL_COLUMN = "total"
ONE_SCALE = "One picture for each category, all on one scale."


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


def wide_rows(tally: Tally) -> Iterator[tuple[Cell, ...]]:
    """Give one row a category: values of the breakdowns, `WIDE_COLUMNS`, a count a period, and their sum."""
    for group in tally.groups:
        for code, title in tally.categories:
            counts = [tally.count(group, year, code) for year in tally.years]
            yield *_filled(group), code, title, *counts, sum(counts)


def _filled(group: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value or BLANK for value in group)


def long_table(tally: Tally) -> PlainTable:
    """Give the long layout as a person reads it: shorthand in brackets."""
    headers = (*by_columns(tally), *LONG_COLUMNS)
    rows = [(*cells, " ".join(bracketed(str(marker)))) for *cells, marker in long_rows(tally)]
    return PlainTable(headers, [header == "count" for header in headers], rows)


def figures(sheet: Sheet) -> list[bool]:
    """Say of each column whether it holds figures, which stand to the right with their shorthand."""
    return [any(not isinstance(row[place], str) for row in sheet.rows) for place in range(len(sheet.headers))]


def listing_of(listing: Listing) -> PlainTable:
    """Find out which columns of a list are numbers."""
    headers, rows, *_ = listing
    is_number = [bool(rows) and all(isinstance(row[place], int) for row in rows) for place in range(len(headers))]
    return PlainTable(headers, is_number, rows)


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
    """The wide table of one group."""

    heading: str  # names the group; empty without breakdowns
    # lines of the scheme's categories; of the uncategorised records, where there are any; of the sum
    parts: tuple[tuple[Line, ...], ...]

    @property
    def top(self) -> int:
        """Highest sum of a line that is not the sum of the others."""
        return max((line.total for part in self.parts[:-1] for line in part), default=0)


def blocks_of(tally: Tally, safe: Callable[[str], str] = table_cell) -> list[Block]:
    """Cut a tally into a block for each group, and one for all of them where there is more or less than one.

    ``safe`` makes the text of a heading fit for the format.
    """
    blocks = [_block(tally, _heading(tally, group, safe), [group]) for group in tally.groups]
    return blocks if len(blocks) == 1 else [*blocks, _block(tally, "All", tally.groups)]


def _heading(tally: Tally, group: tuple[str, ...], safe: Callable[[str], str]) -> str:
    pairs = zip(tally.by, group, strict=True)
    return safe("; ".join(f"{one_line(name)}: {safe(value) or BLANK}" for name, value in pairs))


def _block(tally: Tally, heading: str, groups: Iterable[tuple[str, ...]]) -> Block:
    """Sum some groups up, line by line."""
    lines = {
        code: Line(title, tuple(sum(tally.count(group, year, code) for group in groups) for year in tally.years))
        for code, title in tally.categories
    }
    sums = tuple(sum(line.counts[place] for line in lines.values()) for place in range(len(tally.years)))
    unread = lines.pop(UNCATEGORISED, None)
    last = Line("Total" if tally.basis is Basis.PRIMARY else "Mentions", sums, is_sum=True)
    return Block(heading, (tuple(lines.values()), *([(unread,)] if unread else []), (last,)))


def wide_columns(tally: Tally, *, with_picture: bool) -> tuple[list[str], list[bool]]:
    """Give the headers of a block, and which columns are numbers; a picture of each line may stand last."""
    years = year_headings(tally)
    picture = {0: [], 1: ["Relative size"]}.get(len(years), ["Trend"]) if with_picture else []
    return ["Category", *years, "Total", *picture], [False, *[True] * (len(years) + 1), *[False] * len(picture)]


def tally_chart(tally: Tally, title: str) -> Chart:
    """Draw every category over the periods; with breakdowns, all groups together."""
    from cc_categorise.document import Bar, Chart, Group  # noqa: PLC0415 - start-up time

    names = year_headings(tally)
    lines = [line for part in blocks_of(tally)[-1].parts[:-1] for line in part]
    groups = tuple(
        Group(line.title, tuple(Bar(name, count, f"{count:,}") for name, count in zip(names, line.counts, strict=True)))
        for line in lines
    )
    return Chart(title, ONE_SCALE, groups, is_multiple=True)


def count_chart(report: CountReport) -> Chart:
    """Draw a count, with what a chart that stands by itself has to say."""
    whole = report._replace(tally=replace(report.tally, by=()))
    about = ". ".join([*scope_lines(report), *legend_lines(report)])
    return tally_chart(report.tally, title_line(whole))._replace(description=f"{ONE_SCALE} {about}.")
