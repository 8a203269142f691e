"""Tables → the one system of equations that links all their cells, as a reader can write it down.

Takes tables of this release and of earlier ones, returns variables, what each may be, and which sums hold.  Knows
nothing of policies, solvers, or which cells are suppressed and why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cc_categorise.disclosure.tables import TOTAL, Coordinates, ProtectedTable, Published, Rounding, Terms

Release = Sequence[ProtectedTable]
Pairs = frozenset[tuple[str, str]]

DELIMITING = ("force", "year")
"""Dimensions whose list of values says what their total is of; any other cuts the same records in another way."""

REVISED = "r"


class Range(NamedTuple):
    """What a reader can tell of a count: from ``low`` to ``high``, None for no limit."""

    low: int
    high: int | None

    def holds(self, value: float) -> bool:
        """Say whether a count may have this value."""
        return self.low <= value and (self.high is None or value <= self.high)

    def meet(self, other: Range) -> Range:
        """Give what both ranges allow; it is empty where ``high`` is below ``low``."""
        highs = [high for high in (self.high, other.high) if high is not None]
        return Range(max(self.low, other.low), min(highs) if highs else None)

    def room(self, count: int, cap: int) -> tuple[int, int]:
        """Give how far a count can go down and up; ``cap`` stands for no limit."""
        return count - self.low, cap if self.high is None else self.high - count

    @property
    def is_empty(self) -> bool:
        """Say whether no count fits."""
        return self.high is not None and self.high < self.low

    @property
    def is_point(self) -> bool:
        """Say whether one count alone fits."""
        return self.high == self.low


UNKNOWN = Range(0, None)


class Key(NamedTuple):
    """What a number is the number of."""

    pairs: Pairs  # dimension and value; totals are left out
    version: int = 0  # 0 in this release, one more for each revision that lies between it and an older release


class Cell(NamedTuple):
    """A cell of this release."""

    table: str
    coordinates: Coordinates


class Equation(NamedTuple):
    """A total and its parts, by number of variable."""

    total: int
    parts: tuple[int, ...]

    @property
    def signs(self) -> dict[int, int]:
        """Its variables, each with the sign with which they add up to 0."""
        return {self.total: -1, **dict.fromkeys(self.parts, 1)}


class Part(NamedTuple):
    """Variables that equations link, in order, and those equations."""

    members: list[int]
    equations: list[Equation]


@dataclass(slots=True)
class System:
    """Every number that is the same in several places, once."""

    keys: list[Key] = field(default_factory=list)  # what each variable is the number of
    equations: list[Equation] = field(default_factory=list)  # the sums that hold
    # where each variable stands in this release; empty for what only earlier releases show
    cells: list[list[Cell]] = field(default_factory=list)
    # what this release shows of each variable, see `shown_range`; the count where it is exact
    shown: list[Range] = field(default_factory=list)
    earlier: list[Range] = field(default_factory=list)  # what earlier releases show of it
    hidden_before: set[int] = field(default_factory=set)  # variables that an earlier release suppresses
    revised: set[Pairs] = field(default_factory=set)  # cells that no longer say what an earlier release said
    # for variables that were revised, the number printed before: a reader knows that it is another
    never: dict[int, int] = field(default_factory=dict)
    numbers: dict[Key, int] = field(default_factory=dict)  # number of each variable

    def number(self, key: Key) -> int:
        """Give the number of a variable, a new one where it is met first."""
        if key not in self.numbers:
            self.numbers[key] = len(self.keys)
            self.keys.append(key)
            self.cells.append([])
            self.shown.append(UNKNOWN)
            self.earlier.append(UNKNOWN)
        return self.numbers[key]

    @property
    def hidden_before_only(self) -> set[int]:
        """Variables that an earlier release suppresses and this one does not show."""
        return {variable for variable in self.hidden_before if not self.cells[variable]}

    def parts(self, free: Collection[int]) -> tuple[list[Part], list[Equation]]:
        """Cut variables into parts that no equation links; and give the equations that have none of them."""
        group = {variable: variable for variable in free}

        def root(variable: int) -> int:
            while group[variable] != variable:
                group[variable] = variable = group[group[variable]]
            return variable

        for equation in self.equations:
            linked = [variable for variable in equation.signs if variable in group]
            for other in linked[1:]:
                group[root(other)] = root(linked[0])
        parts: dict[int, Part] = {}
        for variable in sorted(group):
            parts.setdefault(root(variable), Part([], [])).members.append(variable)
        others: list[Equation] = []
        for equation in self.equations:
            first = next((variable for variable in equation.signs if variable in group), None)
            (others if first is None else parts[root(first)].equations).append(equation)
        return list(parts.values()), others


def shown_range(cell: Published, terms: Terms) -> Range:
    """Give what a published cell by itself tells a reader who has read the legend."""
    if cell.value is None:
        if "c" not in cell.markers:
            return Range(0, 0)  # not held
        return Range(0 if "x" in cell.markers else terms.least, None)
    above = (terms.base - 1) // 2 if terms.rounding is Rounding.NEAREST else terms.reach
    if "low" in cell.markers:
        return Range(1, above)
    if cell.value == 0 and terms.rounding is Rounding.NEAREST:
        return Range(0, 0)
    return Range(max(cell.value - terms.reach, 0), cell.value + above)


def link(tables: Release, earlier: Sequence[Release] = (), revised: Collection[Pairs] = ()) -> System:
    """Write down what a reader knows of how the cells of releases hang together.

    A count is the same in every release, unless one that is newer marks it as revised or shows that it was.  Earlier
    releases are given oldest first, and cells that are known to differ from theirs as revised.
    """
    reference = _values(tables)
    now = _read(tables, reference)
    system = System(revised={*revised, *now.marked})
    for variable in _add(system, now, Key):
        system.shown[variable] = now.told[system.keys[variable].pairs]
    for name, names in zip((table.name for table in tables), now.names, strict=True):
        for coordinates, pairs in names.items():
            system.cells[system.number(Key(pairs))].append(Cell(name, coordinates))
    _add_earlier(system, [_read(release, reference) for release in earlier], now)
    system.equations = list(dict.fromkeys(system.equations))
    for variable, key in enumerate(system.keys):
        before = system.numbers.get(Key(key.pairs, key.version + 1))
        if before is not None and system.earlier[before].is_point:
            system.never[variable] = system.earlier[before].low
    return system


def _add_earlier(system: System, releases: Sequence[_Read], now: _Read) -> None:
    """Add what earlier releases show, the newest first; each older one is seen through the revisions since."""
    version = dict.fromkeys(system.revised, 1)
    newer = {pairs: told for pairs, told in now.told.items() if pairs not in version}
    for number, release in enumerate(reversed(releases)):
        for pairs, told in release.told.items():
            newer[pairs] = told.meet(newer.get(pairs, UNKNOWN))
            if newer[pairs].is_empty:  # the numbers themselves say that one was revised
                system.revised |= set() if pairs in version else {pairs}
                version[pairs], newer[pairs] = version.get(pairs, 0) + 1, told

        def key_of(pairs: Pairs, number: int = number, shown: Collection[Pairs] = release.told.keys()) -> Key:
            # A total that the release itself does not show is one of its own: it may have been revised since.
            return Key(pairs, version.get(pairs, 0)) if pairs in shown else Key(pairs | {("earlier", str(number))})

        for variable in _add(system, release, key_of):
            pairs = system.keys[variable].pairs
            system.earlier[variable] = system.earlier[variable].meet(release.told[pairs])
            if pairs in release.hidden:
                system.hidden_before.add(variable)
        for pairs in release.marked:
            version[pairs] = version.get(pairs, 0) + 1
            newer.pop(pairs, None)


class _Read(NamedTuple):
    """What the tables of one release show."""

    names: list[dict[Coordinates, Pairs]]  # what each cell of each table is the number of
    sums: list[tuple[Pairs, tuple[Pairs, ...]]]  # totals and their parts
    told: dict[Pairs, Range]  # what is shown of each number
    hidden: set[Pairs]  # those that are suppressed
    marked: set[Pairs]  # those that are marked as revised


def _read(tables: Release, reference: Mapping[str, frozenset[str]]) -> _Read:
    own = _values(tables)
    read = _Read([], [], {}, set(), set())
    for table in tables:
        name_of = _namer(table, own, reference)
        names = {coordinates: name_of(coordinates) for coordinates in table.cells}
        read.names.append(names)
        read.sums.extend((name_of(total), tuple(names[part] for part in parts)) for total, parts in _sums(table))
        for coordinates, pairs in names.items():
            cell = table.cells[coordinates]
            read.told[pairs] = shown_range(cell, table.terms).meet(read.told.get(pairs, UNKNOWN))
            read.hidden.update([pairs] * (cell.value is None))
            read.marked.update([pairs] * (REVISED in cell.markers))
    return read


def _add(system: System, read: _Read, key_of: Callable[[Pairs], Key]) -> list[int]:
    """Add the numbers and sums of a release; give the variables that it shows."""
    shown = [system.number(key_of(pairs)) for pairs in read.told]
    for total, parts in read.sums:
        system.equations.append(
            Equation(system.number(key_of(total)), tuple(system.number(key_of(part)) for part in parts))
        )
    return shown


def _values(tables: Release) -> Mapping[str, frozenset[str]]:
    values: dict[str, set[str]] = defaultdict(set)
    for table in tables:
        for i, dimension in enumerate(table.dimensions):
            values[dimension] |= {coordinates[i] for coordinates in table.cells} - {TOTAL}
    return {dimension: frozenset(found) for dimension, found in values.items()}


def _namer(
    table: ProtectedTable, release: Mapping[str, frozenset[str]], reference: Mapping[str, frozenset[str]]
) -> Callable[[Coordinates], Pairs]:
    """Give the function that says what a cell of a table is the number of."""
    own = _values([table])
    fixed = dict(table.scope)
    total_of = {}
    for dimension in DELIMITING:
        values = own.get(dimension) or release.get(dimension, frozenset())
        if dimension not in fixed and values and values != reference.get(dimension, values):
            total_of[dimension] = " + ".join(sorted(values))

    def name(coordinates: Coordinates) -> Pairs:
        at = dict(zip(table.dimensions, coordinates, strict=True))
        said = {dimension: value for dimension, value in at.items() if value != TOTAL}
        return frozenset((total_of | fixed | said).items())

    return name


def _sums(table: ProtectedTable) -> Iterator[tuple[Coordinates, list[Coordinates]]]:
    """Give every total of a table with its parts: along each dimension, at each place in the others.

    A table that leaves margins out, because another shows them or none does, has the same sums.
    """
    for i in range(len(table.dimensions)):
        lines: dict[Coordinates, list[Coordinates]] = defaultdict(list)
        for coordinates in table.cells:
            if coordinates[i] != TOTAL:
                lines[(*coordinates[:i], TOTAL, *coordinates[i + 1 :])].append(coordinates)
        yield from lines.items()
