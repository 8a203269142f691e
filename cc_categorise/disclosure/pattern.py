"""Which further cells to suppress, so that no count that must not be known can be told.

Takes a system of sums with the true counts, returns a set of variables.  A *move* changes counts so that every sum
still holds: with the truth it makes two sets of counts that a reader cannot tell apart, so each count that a move
changes has one more possible value.  Knows nothing of policies or tables; it proposes, and `reader` judges.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain

from cc_categorise.disclosure.solver import SHARP, Program, whole
from cc_categorise.disclosure.system import Range, System

_NEARLY_FREE = 1e-3
_FURTHEST = 4
_GAP = 0.5  # the cheapest whole move is not worth the wait: pruning follows


class NoPatternError(Exception):
    """The count of a variable can be told whatever else is suppressed."""

    def __init__(self, variable: int) -> None:
        self.variable = variable
        super().__init__(variable)


@dataclass(frozen=True, slots=True)
class Task:
    """What has to be protected, and at what price."""

    system: System  # the sums
    truth: Sequence[int]  # the counts
    printed: Sequence[Range]  # what a reader knows of each count if it is printed
    hidden: Sequence[Range]  # the same if it is suppressed
    # variables of which suppression leaves a reader more values than printing, and that this release shows
    hideable: frozenset[int]
    # cells of the release that are lost with each variable; 0 for what this release does not show
    costs: Sequence[float]
    need: int  # values a reader must be left with
    with_whole_numbers: bool  # whether moves must be whole; without it, a reader who thinks of that may tell more
    time_limit: float  # seconds for one search

    def uses(self, changes: Mapping[int, float]) -> set[int]:
        """Give the variables that must be suppressed for a move to stay unseen."""
        return {v for v, change in changes.items() if not self.printed[v].holds(self.truth[v] + change)}


class Moves:
    """The program whose solutions are moves."""

    def __init__(self, task: Task, hidden: Collection[int], *, is_integer: bool, reaches_out: bool) -> None:
        self._task, self._reaches_out, self._hidden = task, reaches_out, set(hidden)
        self._program = Program(is_integer=is_integer, time_limit=task.time_limit, gap=_GAP)
        self._cap = 10 * (1000 + max(task.truth, default=0))
        add = self._program.add_column
        # Of each variable: a change that printing allows, and changes up and down that suppression allows.
        self._columns = [(add(0, 0), add(0, 0), add(0, 0)) for _ in task.truth]
        for equation in task.system.equations:
            weights: dict[int, float] = {}
            for variable, sign in equation.signs.items():
                free, up, down = self._columns[variable]
                weights |= {free: sign, up: sign, down: -sign}
            self._program.add_row(0, 0, weights)
        for variable in range(len(task.truth)):
            self._bound(variable)

    def hide(self, variable: int, *, is_hidden: bool = True) -> None:
        """Say that a variable is suppressed, or is not; where moves reach out, one that is not costs its cells."""
        (self._hidden.add if is_hidden else self._hidden.discard)(variable)
        self._bound(variable)

    def _bound(self, variable: int) -> None:
        task, is_hidden = self._task, variable in self._hidden
        below, above = self._room(variable) if is_hidden or self._reaches_out else (0, 0)
        under, over = (0, 0) if is_hidden else task.printed[variable].room(task.truth[variable], self._cap)
        free, up, down = self._columns[variable]
        self._program.set_bounds(up, 0, above)
        self._program.set_bounds(down, 0, below)
        self._program.set_bounds(free, -under, over)
        if self._reaches_out:
            cost = _NEARLY_FREE if is_hidden else task.costs[variable]
            self._program.set_costs([(up, cost), (down, cost)])

    def _room(self, variable: int) -> tuple[int, int]:
        """Give how far down and up a count may change once it is suppressed."""
        if variable not in self._hidden and variable not in self._task.hideable:
            return 0, 0
        return self._task.hidden[variable].room(self._task.truth[variable], self._cap)

    def find(self, variable: int, change: int) -> tuple[float, Mapping[int, float]] | None:
        """Find the cheapest move that changes a suppressed variable by so much: its cost and changes; None without."""
        if not self._task.hidden[variable].holds(self._task.truth[variable] + change):
            return None
        _, up, down = self._columns[variable]
        self._program.set_bounds(up, max(change, 0), max(change, 0))
        self._program.set_bounds(down, max(-change, 0), max(-change, 0))
        values = self._program.solve()
        self._bound(variable)
        if values is None:
            return None
        changes = self._changes(values)
        return sum(self._task.costs[v] for v in self._task.uses(changes) - self._hidden), changes

    def missing(self, variable: int) -> tuple[set[int], Mapping[int, float]]:
        """Say what is missing for a suppressed variable to change at all; only where moves do not reach out.

        It is variables of which at least one must be suppressed too; or none, and a move by 1.
        """
        wanted: set[int] = set()
        _, up, down = self._columns[variable]
        below, above = self._room(variable)
        for column in [up] * (above > 0) + [down] * (below > 0):
            self._program.set_costs([(column, -1.0)])
            self._program.set_bounds(up, 0, column == up)
            self._program.set_bounds(down, 0, column == down)
            values = self._program.solve()
            reduced = self._program.reduced_costs
            self._program.set_costs([(column, 0.0)])
            self._bound(variable)
            if values is not None and values[column] >= 1 - SHARP:
                return set(), self._changes(values)
            wanted |= {v for v in self._task.hideable - self._hidden if self._would_help(v, reduced)}
        return wanted, {}

    def _would_help(self, variable: int, reduced: Sequence[float]) -> bool:
        _, up, down = self._columns[variable]
        below, _ = self._room(variable)
        return reduced[up] < -SHARP or (below > 0 and reduced[down] < -SHARP)

    def _changes(self, values: Sequence[float]) -> dict[int, float]:
        changes = {v: values[free] + values[up] - values[down] for v, (free, up, down) in enumerate(self._columns)}
        return {v: amount for v, amount in changes.items() if abs(amount) > SHARP}


class Search:
    """The search for cells to suppress; those that are forced have counts that must not be known."""

    def __init__(self, task: Task, forced: Iterable[int]) -> None:
        self.task = task
        self.forced = sorted(forced)
        self._known: list[tuple[set[int], dict[int, int]]] = []

    def complete(self, start: Iterable[int]) -> set[int]:
        """Suppress more cells, the cheapest move at a time, until every forced count has values enough.

        Raises:
            NoPatternError: A count has no move at all.
            GaveUpError: The solver reached its time limit.
        """
        hidden = {*start, *self.forced}
        reach = Moves(self.task, hidden, is_integer=False, reaches_out=True)
        for variable in self.forced:
            while len(seen := self.values(variable, hidden)) < self.task.need:
                self._extend(hidden, variable, reach)
                if self.values(variable, hidden) == seen:
                    break  # a move of fractions: other moves may come to cover it, else see below
        return self._complete_with_whole_moves(hidden) if self.task.with_whole_numbers else hidden

    def _complete_with_whole_moves(self, hidden: set[int]) -> set[int]:
        lacking = [v for v in self.forced if len(self.values(v, hidden)) < self.task.need]
        if not lacking:
            return hidden
        inside = Moves(self.task, hidden, is_integer=True, reaches_out=False)
        reach: Moves | None = None
        for variable in lacking:
            if self._is_safe(variable, hidden, inside):
                continue
            reach = reach or Moves(self.task, hidden, is_integer=True, reaches_out=True)
            while len(self.values(variable, hidden)) < self.task.need:
                self._extend(hidden, variable, reach, inside)
        return hidden

    def _extend(self, hidden: set[int], variable: int, reach: Moves, *others: Moves) -> None:
        """Suppress what the cheapest move needs that gives a count one more value."""
        changes = self._cheapest(reach, variable, self.values(variable, hidden))
        for more in sorted(self.task.uses(changes) - hidden):
            hidden.add(more)
            for program in (reach, *others):
                program.hide(more)
        self.learn(changes, hidden)

    def prune(self, hidden: set[int]) -> set[int]:
        """Print again what need not be suppressed: the dearest first."""
        inside = Moves(self.task, hidden, is_integer=False, reaches_out=False)
        hidden = set(hidden)
        for variable in sorted(hidden - set(self.forced), key=lambda v: (-self.task.costs[v], v)):
            trial = hidden - {variable}
            inside.hide(variable, is_hidden=False)
            if all(self._is_safe(other, trial, inside) for other in self.forced):
                hidden = trial
            else:
                inside.hide(variable)
        return hidden

    def cost(self, hidden: Iterable[int]) -> float:
        """Give the cells that are lost."""
        return sum(self.task.costs[variable] for variable in hidden)

    def values(self, variable: int, hidden: AbstractSet[int]) -> set[int]:
        """Give the values of a count that known moves leave open, its own among them."""
        truth = self.task.truth[variable]
        moves = (changes for uses, changes in self._known if variable in changes and uses <= hidden)
        return {truth, *(truth + changes[variable] for changes in moves)}

    def _is_safe(self, variable: int, hidden: AbstractSet[int], inside: Moves) -> bool:
        """Say whether moves within what is suppressed give a count values enough."""
        while len(seen := self.values(variable, hidden)) < self.task.need:
            for change in self._unseen(variable, seen):
                found = inside.find(variable, change)
                if found is not None:
                    self.learn(found[1], hidden)
                    if self.values(variable, hidden) != seen:
                        break
            else:
                return False
        return True

    def _cheapest(self, moves: Moves, variable: int, seen: Collection[int]) -> Mapping[int, float]:
        unseen = list(self._unseen(variable, seen))
        for pair in zip(unseen[::2], unseen[1::2], strict=True):
            found = [move for change in pair if (move := moves.find(variable, change)) is not None]
            if found:
                return min(found, key=lambda move: move[0])[1]
        raise NoPatternError(variable)

    def _unseen(self, variable: int, seen: Collection[int]) -> Iterator[int]:
        """Give changes up and down, nearest first, that would give one more value."""
        truth = self.task.truth[variable]
        new = [
            [sign * step for step in range(1, _FURTHEST + len(seen)) if truth + sign * step not in seen]
            for sign in (1, -1)
        ]
        return chain.from_iterable(zip(*new, strict=False))

    def learn(self, changes: Mapping[int, float], hidden: Collection[int]) -> None:
        """Keep a move if it is whole, or a small multiple of it is, and a reader cannot see it."""
        for times in range(1, _FURTHEST + 1):
            numbers = whole([times * change for change in changes.values()])
            if numbers is None:
                continue
            move = dict(zip(changes, numbers, strict=True))
            uses = self.task.uses(move)
            if uses <= set(hidden) and all(self.task.hidden[v].holds(self.task.truth[v] + move[v]) for v in uses):
                self._known.append((uses, move))
                return
