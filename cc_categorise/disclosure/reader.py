"""The attacker: everything a reader can work out about a count from sums and ranges.

Takes a system of sums and what each count may be, returns the smallest and largest value that a count can have and how
many values are certain to be possible.  Every value counted has a witness: whole numbers for all cells at once that fit
everything published, checked here by plain addition and not taken from the solver.  Knows nothing of policies, tables
or the true counts, unless it is given them as a first witness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

from cc_categorise.disclosure.solver import SHARP, GaveUpError, Program, whole
from cc_categorise.disclosure.system import Equation, Part, Range, System

_MOST_TRIES = 20
"""Values that are tried one by one: what is not found among them is not counted as possible."""


class Possible(NamedTuple):
    """What a reader can tell of one count."""

    low: int  # its smallest possible value, as far as was asked
    high: int | None  # its largest; None where there is no limit
    n_values: int  # values that are certain to be possible, as far as was asked


def program_of(
    part: Part, ranges: Sequence[Range], cap: int, *, is_integer: bool, time_limit: float
) -> tuple[Program, dict[int, int]]:
    """Write a part down for the solver, each sum with the known counts on the other side; and number its columns.

    The ranges are those of all variables: one count alone for those outside the part.  The cap stands for no limit.
    """
    program = Program(is_integer=is_integer, time_limit=time_limit, costs_change=True)
    columns = {}
    for variable in part.members:
        low, high = ranges[variable]
        columns[variable] = program.add_column(low, cap if high is None else high)
    for equation in part.equations:
        signs = equation.signs
        known = -sum(sign * ranges[v].low for v, sign in signs.items() if v not in columns)
        program.add_row(known, known, {columns[v]: sign for v, sign in signs.items() if v in columns})
    return program, columns


class Contradiction(Exception):  # noqa: N818 - a fact about what was published
    """No counts at all fit what was published."""


class Reader:
    """A reader who knows sums and ranges, and that counts are whole numbers."""

    def __init__(
        self, system: System, ranges: Sequence[Range], time_limit: float, truth: Mapping[int, int] | None = None
    ) -> None:
        self._ranges, self._limit, self._never = ranges, time_limit, system.never
        # Stands for no limit: no sum of printed numbers comes near.
        self._cap = 10 * (1000 + max((told.high or told.low for told in ranges), default=0))
        # Values of each count that a witness has shown to be possible.
        self.seen: list[set[int]] = [{told.low} if told.is_point else set() for told in ranges]
        self._parts, known = system.parts([variable for variable, told in enumerate(ranges) if not told.is_point])
        if not all(self._adds_up(equation, {}) for equation in known):
            raise Contradiction
        self._part_of = {variable: number for number, part in enumerate(self._parts) for variable in part.members}
        self._programs: dict[tuple[int, bool], tuple[Program, dict[int, int]]] = {}
        if truth is not None:
            for number in range(len(self._parts)):
                self._witness(number, truth)

    def possible(self, variable: int, need: int, *, with_ends: bool = True) -> Possible:
        """Work out what a count may be, until as many values are known as are needed.

        With its ends, the smallest and largest value are found even where enough values are known without.  Only what
        is certain is given: where the solver reaches its time limit, the values that were found before.

        Raises:
            Contradiction: No counts fit at all.
        """
        told = self._ranges[variable]
        if told.is_point:
            return Possible(told.low, told.high, 1)
        if not with_ends and len(self.seen[variable]) >= need:
            return Possible(min(self.seen[variable]), max(self.seen[variable]), len(self.seen[variable]))
        try:
            low, high = self._end(variable, 1), self._end(variable, -1)
            for value in range(low, min(high, low + _MOST_TRIES) + 1):
                if len(self.seen[variable]) >= need:
                    break
                if value not in self.seen[variable] and value != self._never.get(variable):
                    self._try(variable, value)
        except GaveUpError:
            return Possible(told.low, told.high, len(self.seen[variable]))
        return Possible(low, None if 2 * high > self._cap else high, len(self.seen[variable]))

    def _end(self, variable: int, sign: int) -> int:
        """Give the smallest value (sign 1) or the largest (sign -1)."""
        number = self._part_of[variable]
        told = self._ranges[variable]
        limit = told.low if sign > 0 else (self._cap if told.high is None else told.high)
        if limit in self.seen[variable]:
            return limit
        for is_integer in (False, True):
            program, columns = self._program(number, is_integer=is_integer)
            program.set_costs([(columns[variable], sign)])
            values = program.solve()
            program.set_costs([(columns[variable], 0)])
            if values is None:
                raise Contradiction
            numbers = whole(values)
            if numbers is not None and self._witness(number, dict(zip(columns, numbers, strict=True))):
                return numbers[columns[variable]]
            nearest = sign * ceil(sign * values[columns[variable]] - SHARP)
            if nearest in self.seen[variable]:
                return nearest
        raise GaveUpError

    def _try(self, variable: int, value: int) -> None:
        number, (low, high) = self._part_of[variable], self._ranges[variable]
        program, columns = self._program(number, is_integer=True)
        program.set_bounds(columns[variable], value, value)
        values = program.solve()
        program.set_bounds(columns[variable], low, self._cap if high is None else high)
        if values is not None:
            self._witness(number, dict(zip(columns, map(round, values), strict=True)))

    def _program(self, number: int, *, is_integer: bool) -> tuple[Program, dict[int, int]]:
        if (number, is_integer) not in self._programs:
            self._programs[number, is_integer] = program_of(
                self._parts[number], self._ranges, self._cap, is_integer=is_integer, time_limit=self._limit
            )
        return self._programs[number, is_integer]

    def _witness(self, number: int, values: Mapping[int, int]) -> bool:
        """Take counts as possible if they fit: every range, every sum of their part, and what was revised."""
        part = self._parts[number]
        fits = all(self._ranges[v].holds(values[v]) for v in part.members) and all(
            self._adds_up(equation, values) for equation in part.equations
        )
        if fits:
            for variable in part.members:
                if values[variable] != self._never.get(variable):
                    self.seen[variable].add(values[variable])
        return fits

    def _adds_up(self, equation: Equation, values: Mapping[int, int]) -> bool:
        def count(variable: int) -> int:
            told = self._ranges[variable]
            return told.low if told.is_point else values[variable]

        return count(equation.total) == sum(map(count, equation.parts))
