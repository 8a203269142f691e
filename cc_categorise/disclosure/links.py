"""Exact tables and earlier releases → one system in which the true counts hold, and what was revised on the way.

Takes tables, returns a system with a count for every variable.  Knows nothing of policies or suppression.
"""

from __future__ import annotations

from collections.abc import Sequence

from cc_categorise.disclosure.reader import program_of
from cc_categorise.disclosure.system import Equation, Pairs, Range, Release, System, link
from cc_categorise.disclosure.tables import ExactTable
from cc_categorise.errors import DisclosureError


def link_releases(
    tables: Sequence[ExactTable], earlier: Sequence[Release], time_limit: float
) -> tuple[System, tuple[int, ...]]:
    """Link a release with earlier ones, wherever the counts are still the same.

    Where an earlier sum of suppressed counts no longer holds, one of them was revised and nobody can say which: so all
    that it holds count as revised, and are marked.

    Returns:
        The system, and the count of each variable; for what only earlier releases show, counts that fit what they show.

    Raises:
        ValueError: A table's margins are not the sums of its cells.
        DisclosureError: Earlier releases contradict each other.
    """
    printed = [table.printed() for table in tables]
    system = link(printed)
    exact = {variable: told.low for variable, told in enumerate(system.shown) if system.cells[variable]}
    shown = (equation for equation in system.equations if equation.total in exact)
    if any(exact[total] != sum(exact[part] for part in parts) for total, parts in shown):
        raise ValueError("the margins of a table are not the sums of its cells")
    revised: set[Pairs] = set()
    while True:
        system = link(printed, earlier, revised)
        if system.revised == revised:
            known = {v: told.low for v, told in enumerate(system.shown) if told.is_point and system.cells[v]}
            broken = _fill(system, known, time_limit)
            if not broken:
                return system, tuple(known[variable] for variable in range(len(system.keys)))
            suspected = {v for equation in broken for v in equation.signs if not system.earlier[v].is_point}
            system.revised |= {system.keys[v].pairs for v in suspected if system.cells[v]}
        if system.revised == revised:
            hint = "give only those that still stand, with --published"
            raise DisclosureError("the earlier releases contradict each other", hint=hint)
        revised = system.revised


def _fill(system: System, known: dict[int, int], time_limit: float) -> list[Equation]:
    """Find counts for what only earlier releases show; give the sums for which there are none."""
    parts, broken = system.parts([variable for variable in range(len(system.keys)) if variable not in known])
    ranges = [Range(known[v], known[v]) if v in known else told for v, told in enumerate(system.earlier)]
    broken = [equation for equation in broken if known[equation.total] != sum(known[v] for v in equation.parts)]
    largest = 10 * (1000 + max(known.values(), default=0))
    for part in parts:
        program, columns = program_of(part, ranges, largest, is_integer=True, time_limit=time_limit)
        values = program.solve()
        if values is None:
            broken += part.equations
        else:
            known |= dict(zip(columns, map(round, values), strict=True))
    return broken
