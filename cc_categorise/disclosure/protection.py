"""The whole of disclosure control: exact tables → protected tables with their audit; published tables → audit.

Takes tables and a policy, returns what can be published, or refuses.  Knows nothing of records, files or layout.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from cc_categorise.disclosure import tables as nouns
from cc_categorise.disclosure.audit import Audit, Seen, is_small, look, refuse, report, told_before
from cc_categorise.disclosure.fewest import Pattern, fewest
from cc_categorise.disclosure.pattern import NoPatternError, Search, Task
from cc_categorise.disclosure.policy import Method, Policy, RefusedCells
from cc_categorise.disclosure.reader import Contradiction, program_of
from cc_categorise.disclosure.rounding import round_controlled, round_to_nearest
from cc_categorise.disclosure.solver import GaveUpError
from cc_categorise.disclosure.system import REVISED, Equation, Pairs, Range, Release, System, link, shown_range
from cc_categorise.errors import DisclosureError, PolicyError

_MARGIN = 1e-4


@dataclass(frozen=True, slots=True)
class Protection:
    """What can be published, in the order of the exact tables; its audit; and what ``[c]`` means."""

    tables: tuple[nouns.ProtectedTable, ...]
    audit: Audit
    legend: str


def protect(tables: Sequence[nouns.ExactTable], policy: Policy, *, earlier: Sequence[Release] = ()) -> Protection:
    """Protect every table of a release at once, and audit what is left.

    Tables have all their margins, and what is the same number in two of them is protected in both.  Earlier releases
    come oldest first.  The tables that are given may be published; the audit may not.

    Raises:
        DisclosureError: A count could be told, and policy or earlier releases leave no way to prevent it.
        PolicyError: The policy says that something is not held of which there are records.
        ValueError: A table's margins are not the sums of its cells.
    """
    refusals = {table.name: _refusal_of(table, policy) for table in tables}
    shown = [table for table in tables if refusals[table.name] is None]
    try:
        draft = _draft(*_link_releases(shown, earlier, policy.time_limit), policy)
    except GaveUpError:
        hint = "raise time_limit in the policy, merge years or categories, or leave out a table"
        raise DisclosureError("the solver could not protect the release in time", hint=hint) from None
    refuse(draft.audit)
    published = tuple(draft.publish(table, refusals[table.name]) for table in tables)
    return Protection(published, draft.audit, f"suppressed: {draft.terms.least} or more")


def audit_published(tables: Release, policy: Policy, *, earlier: Sequence[Release] = ()) -> Audit:
    """Audit a release without knowing the counts, as any reader can.

    The policy says what is small and how many candidates are asked for; what ``[c]`` can stand for is in the tables'
    terms.  Earlier releases come oldest first.

    Raises:
        DisclosureError: A suppressed count can be told, a small one is printed, or the numbers contradict each other.
    """
    if policy.method is Method.NONE:
        return Audit(notes=("exact counts: nothing is protected",))
    system = link([table for table in tables if table.refusal is None], earlier)
    ranges = [told.meet(before) for told, before in zip(system.shown, system.earlier, strict=True)]
    suppressed = {
        variable
        for variable, cells in enumerate(system.cells)
        if any("c" in table.cells[at].markers for name, at in cells for table in tables if table.name == name)
    }
    try:
        seen = look(system, ranges, policy, suppressed | system.hidden_before_only)
    except Contradiction:
        hint = "check that files of one release are together, and that earlier releases are given oldest first"
        raise DisclosureError("the published numbers contradict each other", hint=hint) from None
    audit = report(system, seen, policy, suppressed)
    refuse(audit)
    return audit


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is to be published of each variable."""

    policy: Policy
    system: System
    truth: Sequence[int]
    numbers: Sequence[int]  # what is printed where nothing is suppressed
    terms: nouns.Terms
    hidden: frozenset[int]  # suppressed, whatever else is
    refusals: Mapping[int, RefusedCells]
    audit: Audit

    def is_not_held(self, variable: int) -> bool:
        return variable in self.refusals and self.refusals[variable].state is nouns.RefusalState.NOT_HELD

    def is_sensitive(self, variable: int) -> bool:
        count = self.truth[variable]
        return is_small(self.system, variable, Range(count, count), self.policy)

    def publish(self, table: nouns.ExactTable, refusal: nouns.Refusal | None) -> nouns.ProtectedTable:
        variables = {at: v for v, cells in enumerate(self.system.cells) for name, at in cells if name == table.name}
        cells = {} if refusal else {at: self.cell(variables[at]) for at in table.cells}
        return nouns.ProtectedTable(table.name, table.dimensions, cells, table.scope, self.terms, refusal)

    def cell(self, variable: int) -> nouns.Published:
        """Give what is shown of a count."""
        revised = (REVISED,) if self.system.keys[variable].pairs in self.system.revised else ()
        if self.is_not_held(variable):
            return nouns.Published(None, ("x",))
        if variable in self.hidden:
            return nouns.Published(None, ("c", *(("x",) if variable in self.refusals else ()), *revised))
        number = self.numbers[variable]
        is_low = self.terms.rounding is nouns.Rounding.NEAREST and number == 0 < self.truth[variable]
        return nouns.Published(number, ((("low",) if is_low else ()) + revised))


def _refusal_of(table: nouns.ExactTable, policy: Policy) -> nouns.Refusal | None:
    for cells in policy.refusals:
        if not cells.where and cells.table in (None, table.name):
            return nouns.Refusal(cells.state, cells.exemption or "", cells.reason)
    return None


def _refused_cells(system: System, truth: Sequence[int], policy: Policy) -> dict[int, RefusedCells]:
    found: dict[int, RefusedCells] = {}
    for variable, cells in enumerate(system.cells):
        names = {cell.table for cell in cells}
        for refused in policy.refusals:
            is_meant = bool(refused.where) and (refused.table is None or refused.table in names)
            if is_meant and refused.where.items() <= system.keys[variable].pairs:
                found.setdefault(variable, refused)
    if any(truth[v] for v, refused in found.items() if refused.state is nouns.RefusalState.NOT_HELD):
        message = "the policy says of cells that they are not held, and records are counted there"
        raise PolicyError(message, hint="withhold them, with the exemption")
    return found


def _draft(system: System, truth: Sequence[int], policy: Policy) -> _Draft:
    refused = _refused_cells(system, truth, policy)
    withheld = frozenset(v for v, cells in refused.items() if cells.state is not nouns.RefusalState.NOT_HELD)
    draft = _Draft(policy, system, truth, *_numbers(system, truth, policy), withheld, refused, Audit())
    if policy.method is Method.NONE:
        return replace(draft, audit=report(system, Seen({}, (), ()), policy, withheld, withheld))
    sensitive = {variable for variable in _shown(system) if draft.is_sensitive(variable)} | withheld
    before = told_before(system, sorted(sensitive | system.hidden_before_only), policy)
    if before & sensitive and not policy.accept_published:
        return _given_away(draft, before & sensitive, before)
    # What readers have already is not printed once more, but cannot be kept from them either.
    draft = replace(draft, hidden=draft.hidden | (before & sensitive))
    guarded = frozenset(system.hidden_before_only - before)
    forced = frozenset((sensitive if policy.method is Method.SUPPRESS else withheld) - before | guarded)
    return _settled(draft, forced, guarded)


def _settled(draft: _Draft, forced: frozenset[int], guarded: frozenset[int]) -> _Draft:
    """Suppress and audit in turn, until a reader can tell nothing, or there is no way to mend it."""
    notes: tuple[str, ...] = ()
    hidden = forced
    while True:
        task = _task(draft)
        if forced:
            try:
                pattern = fewest(Search(task, forced))
            except NoPatternError as stuck:
                return _given_away(draft, {stuck.variable}, set())
            hidden = pattern.hidden
            notes = (_in_words(pattern),)
        ranges = [task.hidden[v] if v in hidden else told for v, told in enumerate(task.printed)]
        seen = look(draft.system, ranges, draft.policy, hidden | draft.hidden, dict(enumerate(draft.truth)))
        more = set(seen.told) - forced
        if not more or not draft.policy.repair:
            break
        forced |= more
    hidden = frozenset(v for v in (hidden | draft.hidden) - guarded if not draft.is_not_held(v))
    primary = {variable for variable in hidden if variable in draft.hidden or draft.is_sensitive(variable)}
    audit = report(draft.system, seen, draft.policy, hidden, primary, *notes)
    return replace(draft, hidden=hidden, audit=audit)


def _link_releases(
    tables: Sequence[nouns.ExactTable], earlier: Sequence[Release], time_limit: float
) -> tuple[System, tuple[int, ...]]:
    """Link a release with earlier ones, wherever the counts are still the same.

    Where an earlier sum of suppressed counts no longer holds, one of them was revised and nobody can say which: so all
    that it holds count as revised, and are marked.  With the system comes the count of each variable; for what only
    earlier releases show, counts that fit what they show.

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


def _shown(system: System) -> list[int]:
    return [variable for variable, cells in enumerate(system.cells) if cells]


def _numbers(system: System, truth: Sequence[int], policy: Policy) -> tuple[Sequence[int], nouns.Terms]:
    """Give the numbers to print, and on what terms."""
    if policy.method is not Method.ROUND:
        return truth, replace(nouns.PLAIN, least=policy.least)
    if policy.rounding is nouns.Rounding.NEAREST:
        numbers = [round_to_nearest(count, policy.base) for count in truth]
        return numbers, nouns.Terms(policy.least, nouns.Rounding.NEAREST, policy.base, policy.base // 2)
    rounded = round_controlled(system, truth, policy.base, policy.time_limit)
    if rounded is None:
        raise DisclosureError("no rounding keeps all sums of these tables", hint="use rounding: nearest")
    return rounded[0], nouns.Terms(policy.least, nouns.Rounding.CONTROLLED, policy.base, rounded[1])


def _task(draft: _Draft) -> Task:
    system, truth, policy = draft.system, draft.truth, draft.policy
    printed, hidden, costs = list(system.earlier), list(system.earlier), [0.0] * len(truth)
    dimensions = max((len(key.pairs) for key in system.keys), default=0)
    for variable in _shown(system):
        printed[variable] = shown_range(draft.cell(variable), draft.terms).meet(system.earlier[variable])
        least = 0 if variable in draft.refusals else draft.terms.least
        hidden[variable] = Range(least, None).meet(system.earlier[variable])
        # A margin is a little dearer than a cell, so that it decides between patterns of as many cells.
        margins = dimensions - len(system.keys[variable].pairs)
        costs[variable] = len(system.cells[variable]) + _MARGIN * margins
    hideable = frozenset(
        v
        for v in set(_shown(system)) - draft.refusals.keys()
        if hidden[v].holds(truth[v]) and hidden[v] != printed[v] == printed[v].meet(hidden[v])
    )
    return Task(
        system, truth, printed, hidden, hideable, costs, policy.candidates, policy.repair, float(policy.time_limit)
    )


def _given_away(draft: _Draft, variables: Collection[int], before: Collection[int]) -> _Draft:
    seen = Seen({}, tuple(sorted(variables)), tuple(sorted(before)))
    return replace(draft, audit=report(draft.system, seen, draft.policy, draft.hidden))


def _in_words(pattern: Pattern) -> str:
    best = "no pattern loses fewer cells"
    return best if pattern.is_best else f"a good pattern; none loses fewer than {round(pattern.bound)} cells"
