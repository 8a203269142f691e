"""Exact tables and earlier releases → one system in which the true counts hold, and what was revised on the way.

Takes tables, returns a `Linked` system with a count for every variable.  Knows nothing of policies or suppression.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cc_categorise.disclosure.solver import Program
from cc_categorise.disclosure.system import Equation, Pairs, Release, System, link
from cc_categorise.disclosure.tables import ExactTable
from cc_categorise.errors import DisclosureError


class Linked(NamedTuple):
    """A system with a count for every variable.

    Attributes:
        system: The sums.
        truth: The counts; for what only earlier releases show, counts that fit what they show.
    """

    system: System
    truth: tuple[int, ...]


def link_releases(tables: Sequence[ExactTable], earlier: Sequence[Release], time_limit: float) -> Linked:
    """Link a release with earlier ones, wherever the counts are still the same.

    Where an earlier sum of suppressed counts no longer holds, one of them was revised and nobody can say which: so all
    that it holds count as revised, and are marked.

    Raises:
        ValueError: A table's margins are not the sums of its cells.
        DisclosureError: Earlier releases contradict each other.
    """
    system = link(tables)
    exact = {variable: told.low for variable, told in enumerate(system.shown) if system.cells[variable]}
    shown = (equation for equation in system.equations if equation.total in exact)
    if any(exact[total] != sum(exact[part] for part in parts) for total, parts in shown):
        raise ValueError("the margins of a table are not the sums of its cells")
    revised: set[Pairs] = set()
    while True:
        system = link(tables, earlier, revised)
        if system.revised == revised:
            known = {v: told.low for v, told in enumerate(system.shown) if told.is_point and system.cells[v]}
            broken = _fill(system, known, time_limit)
            if not broken:
                return Linked(system, tuple(known[variable] for variable in range(len(system.keys))))
            system.revised |= {
                system.keys[v].pairs
                for total, parts in broken
                for v in (total, *parts)
                if system.cells[v] and not system.earlier[v].is_point
            }
        if system.revised == revised:
            hint = "give only those that still stand, with --published"
            raise DisclosureError("the earlier releases contradict each other", hint=hint)
        revised = system.revised


def _fill(system: System, known: dict[int, int], time_limit: float) -> list[Equation]:
    """Find counts for what only earlier releases show; give the sums for which there are none."""
    free = [variable for variable in range(len(system.keys)) if variable not in known]
    group = {v: number for number, members in enumerate(system.components(free)) for v in members}
    sums: dict[int | None, list[Equation]] = {}
    for equation in system.equations:
        number = next((group[v] for v in (equation.total, *equation.parts) if v in group), None)
        sums.setdefault(number, []).append(equation)
    broken = [each for each in sums.pop(None, []) if known[each.total] != sum(known[part] for part in each.parts)]
    for number, members in enumerate(system.components(free)):
        values = _solve(system, members, sums.get(number, []), known, time_limit)
        if values is None:
            broken += sums.get(number, [])
        else:
            known |= values
    return broken


def _solve(
    system: System, members: Sequence[int], sums: Sequence[Equation], known: Mapping[int, int], time_limit: float
) -> dict[int, int] | None:
    program = Program(is_integer=True, time_limit=time_limit)
    largest = 10 * (1000 + max(known.values(), default=0))
    columns = {}
    for variable in members:
        low, high = system.earlier[variable]
        columns[variable] = program.add_column(low, largest if high is None else high)
    for equation in sums:
        signs = {equation.total: -1, **dict.fromkeys(equation.parts, 1)}
        fixed = sum(sign * known[v] for v, sign in signs.items() if v not in columns)
        program.add_row(-fixed, -fixed, {columns[v]: sign for v, sign in signs.items() if v in columns})
    values = program.solve()
    return None if values is None else dict(zip(members, map(round, values), strict=True))
