"""The fewest cells: a pattern improved until a bound proves it the best, or the effort is spent.

Takes a search with its pattern, returns a pattern and what is proven of it.  A small program, the *master*, picks the
cheapest set of variables that breaks no rule known so far; each of its picks is either a pattern, or gives new rules.
Knows nothing of tables or readers.

Source: M. Fischetti and J.J. Salazar, "Solving the cell suppression problem on tabular data with linear constraints",
Management Science 47 (2001), 1008-1027: the same master and cuts; here a move of 1 is enough for each count.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from cc_categorise.disclosure.pattern import Moves, Search
from cc_categorise.disclosure.solver import INFINITY, GaveUpError, Program

_HALF_A_CELL = 0.5
_NODES = 500
_LEAST_ROUNDS, _WORK = 5, 4_000
"""Rounds, and rounds times variables, after which the search ends.  Counted and not timed, so that a slow machine finds
the same pattern."""


class Pattern(NamedTuple):
    """Variables to suppress."""

    hidden: frozenset[int]  # all of them
    bound: float  # no pattern loses fewer; 0 where nothing is known
    is_best: bool  # whether that is proven


def fewest(search: Search) -> Pattern:
    """Find a pattern that loses as few cells as can be.

    Raises:
        NoPatternError: A count can be told whatever is suppressed.
    """
    best = search.prune(search.complete(()))
    master = _Master(search)
    bound = 0.0
    n_rounds = max(_LEAST_ROUNDS, _WORK // len(search.task.truth))
    with suppress(GaveUpError):  # then the best so far stands in for the best
        for left in reversed(range(n_rounds)):
            picked = master.pick()
            has_risen, bound = master.bound > bound + _HALF_A_CELL, max(master.bound, bound)
            if bound > search.cost(best) - _HALF_A_CELL:
                break
            has_rules = master.learn(picked)
            if has_risen and has_rules and left:
                continue  # rules come cheaper than patterns, as long as they raise the bound
            found = search.prune(search.complete(picked))
            best = min(best, found, key=search.cost)
            if not has_rules:
                break
    return Pattern(frozenset(best), bound, is_best=bound > search.cost(best) - _HALF_A_CELL)


class _Master:
    """Which sets of variables may be a pattern, as far as is known."""

    def __init__(self, search: Search) -> None:
        task = search.task
        self._search = search
        self._program = Program(is_integer=True, time_limit=task.time_limit, node_limit=_NODES)
        self._columns: dict[int, int] = {}
        self.bound = 0.0
        for variable in range(len(task.truth)):
            if variable in search.forced or variable in task.hideable:
                low = float(variable in search.forced)
                self._columns[variable] = self._program.add_column(low, 1, round(task.costs[variable]))
        for weights in self._lines():
            self._program.add_row(0, INFINITY, weights)

    def _lines(self) -> Iterator[dict[int, float]]:
        """A count that is alone unknown in a sum can be told: so none is alone."""
        task = self._search.task
        for equation in task.system.equations:
            if any(not task.printed[v].is_point and v not in self._search.forced for v in equation.signs):
                continue
            line = [self._columns[v] for v in equation.signs if v in self._columns]
            for column in line:
                yield dict.fromkeys(line, 1.0) | {column: -1.0}

    def pick(self) -> set[int]:
        """Give the cheapest set that breaks no rule."""
        values = self._program.solve()
        self.bound = self._program.bound
        if values is None:
            raise GaveUpError
        return {variable for variable, column in self._columns.items() if values[column] > 0.5}  # noqa: PLR2004

    def learn(self, picked: set[int]) -> bool:
        """Add the rules that a pick breaks; say whether there were any."""
        inside = Moves(self._search.task, picked, is_integer=False, reaches_out=False)
        has_rules = False
        for variable in self._search.forced:
            if len(self._search.values(variable, picked)) > 1:
                continue
            missing, move = inside.missing(variable)
            if move:
                self._search.learn(move, picked)
            else:
                self._program.add_row(1, INFINITY, {self._columns[v]: 1.0 for v in sorted(missing)})
                has_rules = True
        return has_rules
