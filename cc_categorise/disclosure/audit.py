"""The audit: what a reader of the releases can tell of every count that must not be known.

Takes a system of sums and what is shown of every count, returns an `Audit`.  Knows nothing of how cells were chosen,
nor of the true counts, unless they are given to save it work.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cc_categorise.disclosure.policy import Policy
from cc_categorise.disclosure.reader import Possible, Reader
from cc_categorise.disclosure.system import UNKNOWN, Cell, Range, System
from cc_categorise.disclosure.tables import TOTAL
from cc_categorise.errors import DisclosureError

_N_NAMED = 20


@dataclass(frozen=True, slots=True)
class Audit:
    """What was tried, and what was found.  Only for the person who makes the release: see `__str__` for the public."""

    # suppressed cells, and rounded ones that may stand for a small count, each with what a reader makes of it
    cells: tuple[tuple[Cell, Possible], ...] = ()
    # those of them that a reader can tell, or of which the solver could not say in time
    failures: tuple[Cell, ...] = ()
    told_before: tuple[Cell, ...] = ()  # suppressed cells that earlier releases by themselves give away
    n_cells: int = 0  # cells of the release
    n_suppressed: int = 0  # those without a number
    n_primary: int = 0  # those of them that must not be known; never to be published, for it tells how many are small
    candidates_needed: int = 2  # what the policy asks
    notes: tuple[str, ...] = ()  # how the pattern was found, in sentences

    @property
    def n_secondary(self) -> int:
        """Cells suppressed to keep others safe."""
        return self.n_suppressed - self.n_primary

    def __str__(self) -> str:
        """Say what anyone may know."""
        verdict = f"{len(self.failures)} can be told" if self.failures else "none can be told"
        return (
            f"disclosure audit: {self.n_suppressed} of {self.n_cells} cells suppressed; {len(self.cells)} audited, "
            f"with at least {self.candidates_needed} possible counts asked for each: {verdict}"
        )


class Seen(NamedTuple):
    """What a reader makes of a release."""

    possible: Mapping[int, Possible]  # what each audited variable may be
    told: tuple[int, ...]  # variables that a reader can tell and must not
    told_before: tuple[int, ...]  # suppressed ones that earlier releases by themselves give away


def look(
    system: System,
    ranges: Sequence[Range],
    policy: Policy,
    hidden: Collection[int],
    truth: Mapping[int, int] | None = None,
) -> Seen:
    """Let a reader loose on what is published: what is shown of each variable, and which are suppressed anywhere.

    The counts, where they are known, save work.

    Raises:
        Contradiction: No counts fit what is published.
    """
    audited = [
        v for v, told in enumerate(ranges) if v in hidden or (system.cells[v] and is_small(system, v, told, policy))
    ]
    reader = Reader(system, ranges, policy.time_limit, truth)
    possible = {v: reader.possible(v, policy.candidates, with_ends=v in hidden) for v in audited}
    told = [
        v
        for v, found in possible.items()
        if found.n_values < policy.candidates
        and (v in hidden or is_small(system, v, Range(found.low, found.high), policy))
    ]
    before = told_before(system, told, policy)
    blamed = (v for v in told if not (v in before and (policy.accept_published or not system.cells[v])))
    return Seen(possible, tuple(blamed), tuple(sorted(before)))


def told_before(system: System, variables: Collection[int], policy: Policy) -> set[int]:
    """Give those variables that earlier releases by themselves leave fewer candidates than the policy asks."""
    if not variables or all(told == UNKNOWN for told in system.earlier):
        return set()
    reader, need = Reader(system, system.earlier, policy.time_limit), policy.candidates
    return {v for v in variables if reader.possible(v, need, with_ends=False).n_values < need}


def is_small(system: System, variable: int, told: Range, policy: Policy) -> bool:
    """Say whether a count in this range must not be known."""
    category = dict(system.keys[variable].pairs).get("category", TOTAL)
    highest = policy.threshold - 1 if told.high is None else min(told.high, policy.threshold - 1)
    return any(policy.is_sensitive(count, category) for count in range(told.low, highest + 1))


def report(
    system: System, seen: Seen, policy: Policy, hidden: Collection[int], primary: Collection[int] = (), *notes: str
) -> Audit:
    """Write the audit down, cell by cell."""

    def cells(variable: int) -> Sequence[Cell]:
        pairs = sorted(map(" ".join, system.keys[variable].pairs))
        return system.cells[variable] or [Cell("an earlier release", tuple(pairs))]

    return Audit(
        cells=tuple((cell, possible) for v, possible in seen.possible.items() for cell in cells(v)),
        failures=tuple(cell for v in seen.told for cell in cells(v)),
        told_before=tuple(cell for v in seen.told_before for cell in cells(v)),
        n_cells=sum(map(len, system.cells)),
        n_suppressed=sum(len(system.cells[v]) for v in hidden),
        n_primary=sum(len(system.cells[v]) for v in primary),
        candidates_needed=policy.candidates,
        notes=notes,
    )


def refuse(audit: Audit) -> None:
    """Refuse a release of which a reader can tell a count.

    Raises:
        DisclosureError: Names the cells, and never their counts.
    """
    if not audit.failures:
        return
    cells = [f"{table}: {', '.join(coordinates)}" for table, coordinates in audit.failures]
    shown = cells[:_N_NAMED] + ([f"and {len(cells) - _N_NAMED} more"] if len(cells) > _N_NAMED else [])
    hint = ""
    if set(audit.told_before) & set(audit.failures):
        hint = "earlier releases give some of them away already: if these stand, set accept_published in the policy"
    count = "a count" if len(cells) == 1 else f"{len(cells)} counts"
    raise DisclosureError("\n  ".join([f"a reader could tell {count} that must not be known", *shown]), hint=hint)
