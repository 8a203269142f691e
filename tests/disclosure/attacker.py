"""A reader of published tables who wants the counts behind them.  Written apart: uses nothing of the package but the
tables it is given, so that a mistake in the one is not made in the other.

He knows every number, marker and legend, that counts are whole and not negative, that totals are the sums of their
parts, and that a number that was published before is still the same unless it is marked as revised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import inf
from typing import Any

import highspy

Name = frozenset[tuple[str, str]]
LARGE = 10_000


def span(cell: Any, terms: Any) -> tuple[float, float]:
    """Say what one cell gives away by itself: the least and the most that it can be."""
    value, markers = cell
    if value is None:
        if "c" in markers:
            return (0 if "x" in markers else terms.least), inf
        return 0, 0
    if terms.rounding == "none":
        return value, value
    if terms.rounding == "nearest":
        # All whole numbers that would be rounded to this one, tried one by one.
        fits = [
            n
            for n in range(max(0, value - terms.base), value + terms.base)
            if (n + terms.base // 2) // terms.base * terms.base == value
        ]
        fits = [n for n in fits if (n > 0) == ("low" in markers)] if value == 0 else fits
        return fits[0], fits[-1]
    return max(0, value - terms.reach), value + terms.reach


class Attacker:
    """Everything one can write down about releases; the last is the newest."""

    def __init__(self, releases: Sequence[Sequence[Any]]) -> None:
        self.spans: dict[Name, tuple[float, float]] = {}
        self.sums: list[tuple[Name, list[Name]]] = []
        self.suppressed: dict[Name, tuple[str, tuple[str, ...]]] = {}
        years = [self.listed(release, "year") for release in releases]
        revised = [
            {
                self.name(table, at, years[number], years[-1])
                for table in release
                for at, cell in table.cells.items()
                if "r" in cell[1]
            }
            for number, release in enumerate(releases)
        ]
        for number, release in enumerate(releases):
            for table in release:
                names = {at: self.name(table, at, years[number], years[-1]) for at in table.cells}
                for at, name in names.items():
                    if times := sum(name in marked for marked in revised[number + 1 :]):
                        names[at] = name | {("revisions ago", str(times))}
                for at, cell in table.cells.items():
                    low, high = self.spans.get(names[at], (0, inf))
                    own = span(cell, table.terms)
                    self.spans[names[at]] = max(low, own[0]), min(high, own[1])
                    if number == len(releases) - 1 and "c" in cell[1]:
                        self.suppressed[names[at]] = table.name, at
                self.add_sums(table, names)

    @staticmethod
    def listed(release: Sequence[Any], dimension: str) -> frozenset[str]:
        tables = [table for table in release if dimension in table.dimensions]
        return frozenset(at[table.dimensions.index(dimension)] for table in tables for at in table.cells) - {"total"}

    @staticmethod
    def name(table: Any, at: Sequence[str], years: frozenset[str], now: frozenset[str]) -> Name:
        pairs = {(d, v) for d, v in zip(table.dimensions, at, strict=True) if v != "total"}
        if years != now and not any(d == "year" for d, _ in pairs):
            pairs.add(("years", " ".join(sorted(years))))
        return frozenset(pairs)

    def add_sums(self, table: Any, names: Mapping[Any, Name]) -> None:
        for i in range(len(table.dimensions)):
            for at, name in names.items():
                if at[i] == "total":
                    parts = [
                        names[b] for b in names if b[i] != "total" and b[:i] == at[:i] and b[i + 1 :] == at[i + 1 :]
                    ]
                    self.sums += [(name, parts)] if parts else []

    # --- by integer programming

    def possible(self, wanted: Iterable[Name], enough: int) -> dict[Name, set[int]]:
        """Find at least so many values for each count, or all that there are."""
        names = list(self.spans)
        column = {name: i for i, name in enumerate(names)}
        model = highspy.Highs()  # type: ignore[no-untyped-call]
        model.silent()
        for name in names:
            low, high = self.spans[name]
            model.addVariable(low, min(high, LARGE), 0, highspy.HighsVarType.kInteger)
        for total, parts in self.sums:
            model.addRow(
                0, 0, len(parts) + 1, [column[total], *(column[p] for p in parts)], [-1.0, *[1.0] * len(parts)]
            )
        found: dict[Name, set[int]] = {name: set() for name in wanted}
        for name, values in found.items():
            i, (low, high) = column[name], self.spans[name]
            for sign in (1, -1):
                if len(values) < enough:
                    model.changeColCost(i, sign)
                    self.gather(model, names, found)
                    model.changeColCost(i, 0)
            for value in range(min(values), max(values)):
                if len(values) < enough and value not in values:
                    model.changeColBounds(i, value, value)
                    self.gather(model, names, found, may_fail=True)
                    model.changeColBounds(i, low, min(high, LARGE))
        return found

    def gather(
        self, model: highspy.Highs, names: Sequence[Name], found: Mapping[Name, set[int]], *, may_fail: bool = False
    ) -> None:
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            assert may_fail, "the published numbers contradict each other"
            return
        counts = dict(zip(names, map(round, model.getSolution().col_value), strict=True))
        assert all(counts[total] == sum(counts[part] for part in parts) for total, parts in self.sums)
        for name, values in found.items():
            values.add(counts[name])

    # --- by trying everything

    def all_worlds(self, most: int) -> list[dict[Name, int]]:
        """Give every set of counts that fits, with no count of an inner cell above ``most``."""
        inner = [name for name in self.spans if not any(name == total for total, _ in self.sums)]
        ranges = [range(int(self.spans[n][0]), int(min(self.spans[n][1], most)) + 1) for n in inner]
        worlds = []
        for values in product(*ranges):
            world = dict(zip(inner, values, strict=True))
            todo = list(self.sums)
            while todo:
                ready = [s for s in todo if all(p in world for p in s[1])]
                todo = [s for s in todo if s not in ready]
                if not all(
                    world.setdefault(t, v) == v for t, v in ((t, sum(world[p] for p in parts)) for t, parts in ready)
                ):
                    break
            else:
                if all(low <= world[n] <= high for n, (low, high) in self.spans.items()):
                    worlds.append(world)
        return worlds
