"""One pass over the rows: each distinct cell judged once, rows counted by what their cells mean.

Takes tables and judges (functions from a raw cell to what it means), returns counts of distinct meanings, the
row numbers of flagged rows, and a fingerprint of every reference, so that only the few rows that matter are
read a second time.  Knows nothing of what a judge decides, nor of layout.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cc_categorise.categorise.labels import LabelReader
from cc_categorise.findings import FINDINGS
from cc_categorise.model import cell_text
from cc_categorise.profile import Profile
from cc_categorise.read.columns import Columns
from cc_categorise.read.exports import Export
from cc_categorise.read.table import Block, RowFilter, Rows, SetAside, Table
from cc_categorise.validate import Distinct, PlacedRow

if TYPE_CHECKING:
    from cc_categorise.read.grid import Grid

_MANY = 2**18
_LONGEST_REFERENCE = 64

Numbers = TypeVar("Numbers")
Meanings = tuple[Numbers, Numbers, Numbers, list[Numbers]]

Position = int | tuple[int, ...] | None
"""Where a judge's cell stands in a row; several places where it takes several cells, in a tuple."""


@dataclass(repr=False, eq=False, frozen=True, slots=True)
class TablePlan:
    """Which columns of one table are used, and for what; None where there is no such column."""

    export: Export
    table: Table
    columns: Columns
    profile: Profile  # what the export looks like
    reader: LabelReader  # reads recorded labels
    day: tuple[int, str]  # column of the date that is counted by, and its field's name
    category: int | None  # column of the recorded category
    further: int | None  # column of further categories
    reference: int | None  # column of references
    force: int | None  # column of forces
    by: tuple[Position, ...]  # columns of the breakdowns; several where one value is told from several cells
    other_dates: tuple[tuple[int, str], ...]  # columns of dates that are not counted by, with their fields' names
    judges: Judges  # what its cells mean

    def filter(self) -> RowFilter:
        """Give a fresh filter of the table's rows."""
        return RowFilter(self.table.header, self.day[0], self.profile.footers)

    def dated(self, position: int | None) -> Position:
        """Give the columns that a label is read from: its own, and the date where crosswalks have dates."""
        return (self.day[0], position) if self.reader.is_dated and position is not None else position

    def may_be_flagged(
        self, meanings: Meanings[Numbers], read: Callable[[Distinct, Position], Numbers]
    ) -> Iterator[tuple[str, Numbers]]:
        """Give what rows can be flagged for, by field: what they mean, and their other dates."""
        yield from zip((self.day[1], "category", "further_categories"), meanings[:3], strict=True)
        for position, name in self.other_dates:
            yield name, read(self.judges.other_dates[name], position)

    def label(self, cells: Sequence[str]) -> str:
        """Give the recorded label of a row; blank where there is no such column."""
        return "" if self.category is None else cell_text(cells[self.category])

    def shown_reference(self, cells: Sequence[str]) -> str:
        """Give a row's own reference; nothing where it is so long that it must be some other text."""
        reference = "" if self.reference is None else cell_text(cells[self.reference])
        return reference if len(reference) <= _LONGEST_REFERENCE else "(too long to show)"

    def rows_with(self, numbers: set[int]) -> Iterator[tuple[int, list[str]]]:
        """Read rows again by their numbers, in order: the number and the cells of each."""
        for rows in map(self.filter().rows, self.table.blocks_with(sorted(numbers))):
            yield from (pair for pair in zip(rows.numbers, rows.cells, strict=True) if pair[0] in numbers)


@dataclass(repr=False, eq=False, slots=True)
class Judges:
    """One `Distinct` for each use of a cell; shared by all tables of a run."""

    day: Distinct  # the date that is counted by
    label: Distinct  # the recorded category
    further: Distinct  # further categories
    by: tuple[Distinct, ...]  # the breakdowns
    other_dates: Mapping[str, Distinct]  # dates that are not counted by, by field
    out_of_period: int  # the number of the day's answer that a record is outside the periods asked for


class Flag(NamedTuple):
    """Why rows are flagged: a field's answer of a judge, or a code of the findings' catalogue by itself."""

    table: int
    field: str
    answer: int | None = None
    code: str = ""


class Piece(NamedTuple):
    """A block that has been read: its table, row numbers and fingerprints of references."""

    table: int
    numbers: Sequence[int]
    prints: array[int]


@dataclass(repr=False, eq=False, slots=True)
class Survey:
    """What one pass found."""

    plans: list[TablePlan]  # the tables, in order
    # rows by meaning; rows whose shape rejects them are not among them
    counts: Counter[tuple[int, ...]] = field(default_factory=Counter)
    # row numbers by reason
    flagged: dict[Flag, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))
    # numbers of rows by reason, of rows that have no row number: those of a data frame
    unplaced: Counter[Flag] = field(default_factory=Counter)
    rows_read: int = 0  # number of rows of records
    n_misshapen: int = 0  # rows rejected for their shape alone
    aside: list[SetAside] = field(default_factory=list)  # what was set aside, by table
    pieces: list[Piece] = field(default_factory=list)  # the blocks of tables that have references

    def run(self, on_bytes: Callable[[int], None]) -> None:
        """Read every table; ``on_bytes`` hears how many bytes each block had."""
        for number, plan in enumerate(self.plans):
            self.read(number, plan.table.blocks(), on_bytes)

    def read(self, table: int, blocks: Iterable[Block | Grid], on_bytes: Callable[[int], None]) -> int:
        """Read blocks of one table, in order; give the number of the row after the last."""
        rows_of = self.plans[table].filter()
        after = 0
        for block in blocks:
            self._take(table, rows_of, block)
            on_bytes(block.size)
            after = block.after
        self.aside.append(rows_of.set_aside)
        return after

    def _take(self, table: int, rows_of: RowFilter, block: Block | Grid) -> None:
        assert isinstance(block, Block)  # noqa: S101 - grids are for sweeps
        plan = self.plans[table]
        rows = rows_of.rows(block)
        self.rows_read += len(rows.cells)
        cells, numbers = self._well_shaped(table, rows)
        if not cells:
            return
        read = partial(read_rows, cells)
        days, labels, furthers, bys = read_as = every_meaning(plan, read)
        self.counts.update(zip(days, labels, furthers, *bys, strict=True))
        for name, answers in plan.may_be_flagged(read_as, read):
            if min(answers) < 0:
                flagged = [i for i, answer in enumerate(answers) if answer < 0]
                self._flag(table, name, ((answers[i], days[i], numbers[i]) for i in flagged))
        if plan.reference is not None:
            forces, references = identities(plan, cells)
            blank = [] if all(references) else [i for i, reference in enumerate(references) if not reference]
            rejected = [i for i, day in enumerate(days) if day < 0] if min(days) < 0 else []
            self._keep(Piece(table, numbers, self._fingerprints(forces, references)), days, blank, rejected)

    def _flag(self, table: int, name: str, rows: Iterable[tuple[int, int, int]]) -> None:
        """Keep the numbers of flagged rows, given with their answer and their day's: not of those out of period."""
        out = self.plans[table].judges.out_of_period
        for answer, day, number in rows:
            if day != out:
                self.flagged[Flag(table, name, answer)].append(number)

    def _keep(self, piece: Piece, days: Sequence[int], blank: Iterable[int], rejected: Iterable[int]) -> None:
        """Keep the fingerprints of rows, given the places of those without a reference and of those without a day."""
        out = self.plans[piece.table].judges.out_of_period
        for i in blank:
            piece.prints[i] = 0
            if days[i] != out:
                self.flagged[Flag(piece.table, "reference", code="blank-reference")].append(piece.numbers[i])
        for i in rejected:  # a rejected row is no record, so it takes no reference
            piece.prints[i] = 0
        self.pieces.append(piece)

    def _fingerprints(self, forces: Sequence[str], references: Sequence[str]) -> array[int]:
        """Make one number of each force and reference: equal pairs have equal numbers within a run."""
        return array("q", map(hash, zip(forces, references, strict=True)))

    def _well_shaped(self, table: int, rows: Rows) -> tuple[list[list[str]], Sequence[int]]:
        if not rows.faults:
            return rows.cells, rows.numbers
        rejected = set()
        for position, code in rows.faults:
            self.flagged[Flag(table, "", code=code)].append(rows.numbers[position])
            if FINDINGS[code].effect == "rejected":
                rejected.add(position)
        self.n_misshapen += len(rejected)
        kept = [i for i in range(len(rows.cells)) if i not in rejected]
        return [rows.cells[i] for i in kept], [rows.numbers[i] for i in kept]

    def rows_of_repeated_references(self) -> Iterator[list[PlacedRow]]:
        """Give, for each reference that more than one row has, those rows in the order they were read."""
        repeated = _repeated([piece.prints for piece in self.pieces])
        wanted: dict[int, set[int]] = defaultdict(set)
        for piece in self.pieces if repeated else ():
            if not repeated.isdisjoint(piece.prints):
                pairs = zip(piece.numbers, piece.prints, strict=True)
                wanted[piece.table].update(number for number, print_ in pairs if print_ in repeated)
        groups: dict[tuple[str, str], list[PlacedRow]] = defaultdict(list)
        for table, numbers in wanted.items():
            plan = self.plans[table]
            found = list(plan.rows_with(numbers))
            for (number, row), *key in zip(found, *identities(plan, [row for _, row in found]), strict=True):
                groups[key[0], key[1]].append(PlacedRow(table, number, row, plan.table.header))
        return (rows for rows in groups.values() if len(rows) > 1)


def read_rows(rows: Sequence[list[str]], judge: Distinct, position: Position) -> list[int]:
    """Give the number of what each row's cell is read as; where there is no such column, of a blank."""
    if position is None:
        return [judge[""]] * len(rows)
    places = position if isinstance(position, tuple) else (position,)
    return list(map(judge.__getitem__, map(itemgetter(*places), rows)))


def meanings(plan: TablePlan, rows: Sequence[list[str]]) -> Meanings[list[int]]:
    """Give the numbers that days, labels, further categories and breakdowns of rows are read as."""
    return every_meaning(plan, partial(read_rows, rows))


def every_meaning(plan: TablePlan, read: Callable[[Distinct, Position], Numbers]) -> Meanings[Numbers]:
    """Read days, labels, further categories and breakdowns."""
    return (
        read(plan.judges.day, plan.day[0]),
        read(plan.judges.label, plan.dated(plan.category)),
        read(plan.judges.further, plan.dated(plan.further)),
        [read(judge, position) for judge, position in zip(plan.judges.by, plan.by, strict=True)],
    )


def identities(plan: TablePlan, rows: list[list[str]]) -> tuple[list[str], list[str]]:
    """Give the forces and the references of rows: two rows alike in both are of one record."""
    assert plan.reference is not None  # noqa: S101 - asked for only where there are references
    references = references_of(plan, list(map(itemgetter(plan.reference), rows)))
    if plan.force is None:
        return [force_of(plan, "")] * len(rows), references
    forces = list(map(itemgetter(plan.force), rows))
    force_by_cell = {cell: force_of(plan, cell) for cell in set(forces)}
    return list(map(force_by_cell.__getitem__, forces)), references


def force_of(plan: TablePlan, cell: str) -> str:
    """Give the force that a cell names, else the one that holds the export."""
    return cell_text(cell) or plan.profile.force or ""


def references_of(plan: TablePlan, cells: Sequence[str]) -> list[str]:
    """Give the references that cells hold; empty where they are blank."""
    # What cell_text would take out besides the ends is not printable; the method of str is ten times as fast.
    references = [cell.strip() if cell.isprintable() else cell_text(cell) for cell in cells]
    # Hardly a reference is as short as a token that means blank.
    missing = plan.profile.cell_rules.missing
    longest = max(map(len, missing), default=0)
    if min(map(len, references), default=longest + 1) <= longest:
        return ["" if reference.casefold() in missing else reference for reference in references]
    return references


def _repeated(prints: Sequence[array[int]]) -> set[int]:
    """Give the fingerprints that occur more than once; 0 stands for none."""
    if sum(map(len, prints)) < _MANY:
        counts = Counter(chain.from_iterable(prints))
        return {value for value, n in counts.items() if n > 1 and value}
    import numpy as np  # noqa: PLC0415 - a quarter of a small run's time, and a large one's memory

    values = np.sort(np.concatenate([np.frombuffer(some, dtype=np.int64) for some in prints if some]))
    return set(values[1:][values[1:] == values[:-1]].tolist()) - {0}
