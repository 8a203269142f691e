"""The counts of a release: a tally → tables with all their margins; protected tables → sheets, and back from CSV.

Takes and returns values.  Knows nothing of how a cell comes to be protected, nor of files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import product

from cc_categorise.disclosure.tables import TOTAL, Coordinates, ExactTable, ProtectedTable, Published
from cc_categorise.document import Bar, Cell, Chart, Group, Sheet
from cc_categorise.errors import ReleaseError, UsageError
from cc_categorise.figures import Tally
from cc_categorise.model import UNCATEGORISED
from cc_categorise.render.grid import LONG_COLUMNS, by_columns
from cc_categorise.render.text import one_line, spreadsheet_safe
from cc_categorise.render.wording import year_headings

CATEGORIES, BREAKDOWN = "categories", "breakdown"
"""Names of the tables: categories by year, and the same for each group of a breakdown."""

TOTAL_TITLE = "Total"


class Shorthand(str):
    """What stands in a cell in place of a number."""

    __slots__ = ()


def exact_tables(tally: Tally) -> tuple[ExactTable, ...]:
    """Sum a tally up to every margin, uncategorised records being a category like any other.

    The margins over all groups of a breakdown stand in the table of categories, and nowhere else.

    Raises:
        UsageError: A breakdown has a group that is called as a margin is.
    """
    codes = [code for code, _ in lines_of(tally)]
    scope = (("counted_by", str(tally.counted_by)),)
    tables = []
    for name, by in ((CATEGORIES, ()), (BREAKDOWN, by_columns(tally))):
        if name == BREAKDOWN and not by:
            continue
        cells: dict[Coordinates, int] = {}
        for raw in tally.groups or ((TOTAL,) * len(by),):
            group = tuple(map(one_line, raw))
            if TOTAL in raw and tally.groups:
                raise UsageError(f"a group of the breakdown is called {TOTAL!r}", hint="rename it in the export")
            for year, code in product(tally.years, codes):
                count = tally.count(raw, year, code)
                for margin in product(*((value, TOTAL) for value in (*group[: len(by)], year, code))):
                    cells[margin] = cells.get(margin, 0) + count
        if by:
            cells = {place: count for place, count in cells.items() if set(place[: len(by)]) != {TOTAL}}
        tables.append(ExactTable(name, (*by, "year", "category"), cells, scope))
    return tuple(tables)


def lines_of(tally: Tally) -> list[tuple[str, str]]:
    """Give code and title of every category, `UNCATEGORISED` always last: a line that is not there would tell too."""
    return [*(line for line in tally.categories if line[0] != UNCATEGORISED), (UNCATEGORISED, "Uncategorised")]


def shown(cell: Published) -> Cell:
    """Write a cell: its number, or the shorthand that stands in its place."""
    if cell.value is None or "low" in cell.markers:
        return Shorthand(" ".join(f"[{marker}]" for marker in cell.markers))
    return cell.value


def count_sheet(tally: Tally, table: ProtectedTable, title: str) -> Sheet:
    """Lay out a table of counts: one row a group and category, one column a year."""
    by = table.dimensions[:-2]
    lines = [*lines_of(tally), (TOTAL, TOTAL_TITLE)]
    years = [*tally.years, TOTAL]
    groups = list(dict.fromkeys(place[: len(by)] for place in table.cells))
    rows: list[tuple[Cell, ...]] = []
    beside: list[str] = []
    tidy: list[tuple[Cell | None, ...]] = [(*by, *LONG_COLUMNS)]
    for group, (code, text) in product(groups, lines):
        cells = {year: table.cells[*group, year, code] for year in years}
        heads = ("All" if value == TOTAL else value for value in group)
        rows.append((*heads, text, *map(shown, cells.values())))
        beside.append("; ".join(_beside_numbers(cells)) or "none")
    for group, year, (code, text) in product(groups, years, lines):
        cell = table.cells[*group, year, code]
        markers = " ".join([*cell.markers, *tally.markers.get(year, "").split()])
        tidy.append((*group, year, code, text, cell.value, markers))
    heads = (f"{name[:1].upper()}{name[1:]}" for name in by)
    headers: tuple[str, ...] = (*heads, "Category", *year_headings(tally), TOTAL_TITLE)
    if set(beside) != {"none"}:  # a number and its shorthand do not stand in one cell
        headers = (*headers, "Shorthand")
        rows = [(*row, text) for row, text in zip(rows, beside, strict=True)]
    return Sheet(
        name=table.name,
        title=title,
        headers=headers,
        rows=tuple(rows),
        n_heads=len(by) + 1,
        n_totals=0 if by else 1,
        tidy=tuple(tidy),
    )


def _beside_numbers(cells: Mapping[str, Published]) -> Iterator[str]:
    for year, cell in cells.items():
        if cell.value is not None and cell.markers and "low" not in cell.markers:
            yield " ".join([year, *(f"[{marker}]" for marker in cell.markers)])


def count_chart(tally: Tally, table: ProtectedTable) -> Chart:
    """Draw the last year of a table of categories, beside the year before where there is one."""
    years = tally.years[-2:]
    groups = tuple(
        Group(text, tuple(bar(year, shown(table.cells[year, code])) for year in years))
        for code, text in lines_of(tally)
    )
    return chart_of(f"Number of {tally.unit} by category, {' and '.join(years)}", groups)


def bar(name: str, cell: Cell) -> Bar:
    """Give a bar; one without a length where the cell shows shorthand."""
    return Bar(name, None, cell) if isinstance(cell, str) else Bar(name, cell, f"{cell:,}")


def chart_of(title: str, groups: tuple[Group, ...]) -> Chart:
    """Describe a chart: its longest bar, and how many bars are not drawn."""
    drawn = [(each.value, group.label, each) for group in groups for each in group.bars if each.value is not None]
    hidden = sum(len(group.bars) for group in groups) - len(drawn)
    parts = []
    if drawn:
        _, label, longest = max(drawn, key=lambda each: each[0])
        parts.append(f"Highest: {label}{f', {longest.name}' if longest.name else ''}: {longest.text}.")
    if hidden:
        parts.append(f"Not drawn because the figure is not shown: {hidden}.")
    return Chart(title, " ".join([*parts, "The table below holds every figure."]), groups)


def cells_of_csv(text: str, n_dimensions: int, file: str) -> dict[Coordinates, Published]:
    """Read the cells of a table of counts back from its CSV file.

    Raises:
        ReleaseError: The file is not such a table.
    """
    cells = {}
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows)
        for *by, year, code, _, count, marker in rows:
            markers = tuple(each for each in marker.split() if each != "p")
            cells[*map(_unquoted, by), year, code] = Published(int(count) if count else None, markers)
    except (ValueError, StopIteration, csv.Error):
        raise ReleaseError("this is no table of counts", where=file) from None
    if tuple(header[-len(LONG_COLUMNS) :]) != LONG_COLUMNS or len(header) != n_dimensions + len(LONG_COLUMNS) - 2:
        raise ReleaseError("this is no table of counts", where=file)
    return cells


def _unquoted(text: str) -> str:
    """Take away the apostrophe that keeps a spreadsheet from running a text."""
    return text[1:] if text[:1] == "'" and spreadsheet_safe(text[1:]) == text else text
