"""What each way of protecting a release costs, side by side.

Takes exact tables and a policy, returns a `Cost` for each way.  Nothing is published.  Knows nothing of layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from cc_categorise.disclosure.policy import Method, Policy
from cc_categorise.disclosure.protection import protect
from cc_categorise.disclosure.system import Release
from cc_categorise.disclosure.tables import TOTAL, Coordinates, ExactTable, Rounding
from cc_categorise.errors import DisclosureError

Counts = Mapping[str, Sequence[int]]
"""All counts of each value of a dimension."""


class Cost(NamedTuple):
    """What one way of protecting would cost, of the cells that were asked for, margins included.

    Rounded are those printed numbers that differ from the count; a way is refused that can make no release.
    """

    way: str
    n_cells: int
    n_merged: int = 0
    n_suppressed: int = 0
    n_rounded: int = 0
    is_refused: bool = False


def explore(tables: Sequence[ExactTable], policy: Policy, earlier: Sequence[Release] = ()) -> tuple[Cost, ...]:
    """Try every way: suppressing, rounding, and suppressing after years or categories are merged.

    Tables have all their margins.  The method of the policy is set aside, and what is merged is not linked with earlier
    releases.
    """
    suppress = policy.model_copy(update={"method": Method.SUPPRESS})
    nearest = policy.model_copy(update={"method": Method.ROUND, "rounding": Rounding.NEAREST})
    controlled = nearest.model_copy(update={"rounding": Rounding.CONTROLLED})
    rare = partial(_rare_categories, policy.threshold)
    n_cells = sum(len(table.cells) for table in tables)
    ways = (
        ("suppress", tables, suppress, earlier),
        ("round to nearest", tables, nearest, earlier),
        ("round, sums kept", tables, controlled, earlier),
        ("merge years in pairs, then suppress", _merged(tables, "year", _pairs_of_years), suppress, ()),
        ("merge rare categories, then suppress", _merged(tables, "category", rare), suppress, ()),
    )
    return tuple(_cost(way, n_cells, made, rules, known) for way, made, rules, known in ways)


def _cost(way: str, n_cells: int, tables: Sequence[ExactTable], policy: Policy, earlier: Sequence[Release]) -> Cost:
    n_merged = n_cells - sum(len(table.cells) for table in tables)
    try:
        protection = protect(tables, policy, earlier=earlier)
    except DisclosureError:
        return Cost(way, n_cells, n_merged, is_refused=True)
    pairs = zip(tables, protection.tables, strict=True)
    shown = [(cell.value, exact.cells[at]) for exact, table in pairs for at, cell in table.cells.items()]
    n_suppressed = sum(value is None for value, _ in shown)
    n_rounded = sum(value not in (None, count) for value, count in shown)
    return Cost(way, n_cells, n_merged, n_suppressed, n_rounded)


def _pairs_of_years(years: Counts) -> Iterator[Sequence[str]]:
    """Join years two by two from the newest back; the oldest may stay alone."""
    names = list(years)
    for end in range(len(names), 0, -2):
        yield names[max(end - 2, 0) : end]


def _rare_categories(threshold: int, categories: Counts) -> Iterator[Sequence[str]]:
    """Join the categories that have small counts in most of the cells that are not 0."""
    yield [
        category
        for category, found in categories.items()
        if 2 * sum(0 < n < threshold for n in found) > sum(n > 0 for n in found)
    ]


def _merged(
    tables: Sequence[ExactTable], dimension: str, groups_of: Callable[[Counts], Iterator[Sequence[str]]]
) -> tuple[ExactTable, ...]:
    """Join values of a dimension in every table; what is joined is decided over all of them."""
    counts: dict[str, list[int]] = {}
    for table in tables:
        for at, count in table.cells.items():
            value = dict(zip(table.dimensions, at, strict=True)).get(dimension, TOTAL)
            if value != TOTAL:
                counts.setdefault(value, []).append(count)
    renamed = {(dimension, value): " + ".join(group) for group in groups_of(counts) for value in group}
    made = []
    for table in tables:
        cells: dict[Coordinates, int] = {}
        for at, count in table.cells.items():
            new = tuple(renamed.get(named, named[1]) for named in zip(table.dimensions, at, strict=True))
            cells[new] = cells.get(new, 0) + count
        made.append(ExactTable(table.name, table.dimensions, cells, table.scope))
    return tuple(made)
