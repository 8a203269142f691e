"""Invented tables: counts of nothing at all."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from cc_categorise.disclosure.policy import Policy, load_policy
from cc_categorise.disclosure.tables import TOTAL, ExactTable


def policy(**changes: Any) -> Policy:
    return load_policy()[0].model_copy(update=changes)


def table(
    inner: Mapping[tuple[str, ...], int], dimensions: tuple[str, ...] = ("year", "category"), name: str = "counts"
) -> ExactTable:
    """Add every margin to the inner cells."""
    cells: dict[tuple[str, ...], int] = {}
    for at, count in inner.items():
        for margin in product(*((value, TOTAL) for value in at)):
            cells[margin] = cells.get(margin, 0) + count
    return ExactTable(name, dimensions, cells)


def grid(*rows: Sequence[int], name: str = "counts") -> ExactTable:
    """Make a table of years by categories: a row a year."""
    return table({(str(2001 + y), f"c{c}"): n for y, row in enumerate(rows) for c, n in enumerate(row)}, name=name)


def any_table(
    seed: int, *, categories: int = 12, years: int = 5, forces: int = 1, share_of_zeros: float = 0.3, mean: float = 6
) -> ExactTable:
    """Make a table whose categories differ in how common they are, as real ones do."""
    chance = random.Random(seed)
    weights = [chance.choice((0.1, 0.3, 1, 3)) for _ in range(categories)]
    axes: list[list[Any]] = [
        [f"force-{f}" for f in range(forces)],
        [str(2001 + y) for y in range(years)],
        list(range(categories)),
    ]
    inner = {
        (*at[forces == 1 : 2], f"c{at[2]}"): 0
        if chance.random() < share_of_zeros
        else int(chance.expovariate(1 / (mean * weights[at[2]])))
        for at in product(*axes)
    }
    return table(inner, ("force", "year", "category")[forces == 1 :])
