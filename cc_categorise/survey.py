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
from operator import itemgetter
from typing import NamedTuple

from cc_categorise.findings import FINDINGS
from cc_categorise.model import cell_text
from cc_categorise.read.rows import RowFilter, Rows, SetAside
from cc_categorise.read.table import Block, Table
from cc_categorise.validate import Distinct, PlacedRow

_MANY = 100_000

Position = int | tuple[int, ...] | None
"""Where a judge's cell stands in a row; several places where it takes several cells, in a tuple."""


@dataclass(repr=False, frozen=True, slots=True)
class TablePlan:
    """Which columns of one table are used, and for what; None where there is no such column.

    Attributes:
        table: The table.
        day: Column of the date that is counted by, and its field's name.
        category: Column of the recorded category.
        further: Column of further categories.
        reference: Column of references.
        force: Column of forces.
        by: Columns of the breakdowns; several where one value is told from several cells.
        other_dates: Columns of dates that are not counted by, with their fields' names.
        default_force: Force of a row whose own cell is blank.
        footers: See `RowFilter`.
        judges: What its cells mean.
        is_many: Whether a record may have several rows.
        missing: Tokens that mean blank, in `str.casefold`.
        is_dated: Whether what a label means depends on the counted date: its judges take both cells.
    """

    table: Table
    day: tuple[int, str]
    category: int | None
    further: int | None
    reference: int | None
    force: int | None
    by: tuple[Position, ...]
    other_dates: tuple[tuple[int, str], ...]
    default_force: str
    footers: tuple[str, ...]
    judges: Judges
    is_many: bool = False
    missing: frozenset[str] = frozenset()
    is_dated: bool = False

    def filter(self) -> RowFilter:
        """Give a fresh filter of the table's rows."""
        return RowFilter(self.table.header, self.day[0], self.footers)

    def dated(self, position: int | None) -> Position:
        """Give the columns that a label is read from: its own, and the date where crosswalks have dates."""
        return (self.day[0], position) if self.is_dated and position is not None else position

    def label(self, cells: Sequence[str]) -> str:
        """Give the recorded label of a row; blank where there is no such column."""
        return "" if self.category is None else cell_text(cells[self.category])

    def rows_with(self, numbers: set[int]) -> Iterator[tuple[int, list[str]]]:
        """Read rows again by their numbers, in order: the number and the cells of each."""
        rows_of = self.filter()
        for block in self.table.blocks_with(sorted(numbers)):
            rows = rows_of.rows(block)
            yield from (pair for pair in zip(rows.numbers, rows.cells, strict=True) if pair[0] in numbers)


@dataclass(repr=False, slots=True)
class Judges:
    """One `Distinct` for each use of a cell; shared by all tables of a run.

    Attributes:
        day: The date that is counted by.
        label: The recorded category.
        further: Further categories.
        by: The breakdowns.
        other_dates: Dates that are not counted by, by field.
        out_of_period: The number of the day's answer that a record is outside the periods asked for.
    """

    day: Distinct
    label: Distinct
    further: Distinct
    by: tuple[Distinct, ...]
    other_dates: Mapping[str, Distinct]
    out_of_period: int


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


@dataclass(repr=False, slots=True)
class Survey:
    """What one pass found.

    Attributes:
        plans: The tables, in order.
        counts: Rows by meaning; rows whose shape rejects them are not among them.
        flagged: Row numbers by reason.
        unplaced: Numbers of rows by reason, of rows that have no row number: those of a data frame.
        rows_read: Number of rows of records.
        n_misshapen: Rows rejected for their shape alone.
        aside: What was set aside, by table.
        pieces: The blocks of tables that have references.
    """

    plans: list[TablePlan]
    counts: Counter[tuple[int, ...]] = field(default_factory=Counter)
    flagged: dict[Flag, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))
    unplaced: Counter[Flag] = field(default_factory=Counter)
    rows_read: int = 0
    n_misshapen: int = 0
    aside: list[SetAside] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    def run(self, on_bytes: Callable[[int], None]) -> None:
        """Read every table; ``on_bytes`` hears how many bytes each block had."""
        for number, plan in enumerate(self.plans):
            self.read(number, plan.table.blocks(), on_bytes)

    def read(self, table: int, blocks: Iterable[Block], on_bytes: Callable[[int], None]) -> int:
        """Read blocks of one table, in order; give the number of the row after the last."""
        rows_of = self.plans[table].filter()
        after = 0
        for block in blocks:
            self._take(table, rows_of.rows(block))
            on_bytes(block.size)
            after = block.first + len(block.rows)
        self.aside.append(rows_of.set_aside)
        return after

    def _take(self, table: int, rows: Rows) -> None:
        plan = self.plans[table]
        judges = plan.judges
        self.rows_read += len(rows.cells)
        cells, numbers = self._well_shaped(table, rows)
        if not cells:
            return
        days, labels, furthers, bys = meanings(plan, cells)
        self.counts.update(zip(days, labels, furthers, *bys, strict=True))
        used = [(plan.day[1], days), ("category", labels), ("further_categories", furthers)]
        for position, name in plan.other_dates:
            used.append((name, list(map(judges.other_dates[name].__getitem__, map(itemgetter(position), cells)))))
        out = judges.out_of_period
        for name, answers in used:
            if min(answers) >= 0:
                continue
            found: dict[int, list[int]] = defaultdict(list)
            for i in [i for i, answer in enumerate(answers) if answer < 0]:
                if days[i] != out:
                    found[answers[i]].append(numbers[i])
            for answer, rows_found in found.items():
                self.flagged[Flag(table, name, answer)].extend(rows_found)
        if plan.reference is not None:
            self._take_references(table, cells, numbers, days)

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

    def _take_references(self, table: int, cells: list[list[str]], numbers: Sequence[int], days: list[int]) -> None:
        forces, references = identities(self.plans[table], cells)
        prints = array("q", map(hash, zip(forces, references, strict=True)))
        if not all(references) or min(days) < 0:
            for i, reference in enumerate(references):
                if not reference:
                    prints[i] = 0
                    if days[i] != self.plans[table].judges.out_of_period:
                        self.flagged[Flag(table, "reference", code="blank-reference")].append(numbers[i])
                elif days[i] < 0:  # a rejected row is no record, so it takes no reference
                    prints[i] = 0
        self.pieces.append(Piece(table, numbers, prints))

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


def meanings(plan: TablePlan, cells: list[list[str]]) -> tuple[list[int], list[int], list[int], list[list[int]]]:
    """Give the numbers that days, labels, further categories and breakdowns of rows are read as."""

    def read(judge: Distinct, position: Position) -> list[int]:
        if position is None:
            return [judge[""]] * len(cells)
        places = position if isinstance(position, tuple) else (position,)
        return list(map(judge.__getitem__, map(itemgetter(*places), cells)))

    return (
        read(plan.judges.day, plan.day[0]),
        read(plan.judges.label, plan.dated(plan.category)),
        read(plan.judges.further, plan.dated(plan.further)),
        [read(judge, position) for judge, position in zip(plan.judges.by, plan.by, strict=True)],
    )


def identities(plan: TablePlan, rows: list[list[str]]) -> tuple[list[str], list[str]]:
    """Give the forces and the references of rows: two rows alike in both are of one record."""
    assert plan.reference is not None  # noqa: S101 - asked for only where there are references
    # What cell_text would take out besides the ends is not printable; the method of str is ten times as fast.
    raw = map(itemgetter(plan.reference), rows)
    references = [cell.strip() if cell.isprintable() else cell_text(cell) for cell in raw]
    # Hardly a reference is as short as a token that means blank.
    longest = max(map(len, plan.missing), default=0)
    if min(map(len, references), default=longest + 1) <= longest:
        references = ["" if reference.casefold() in plan.missing else reference for reference in references]
    if plan.force is None:
        return [plan.default_force] * len(rows), references
    forces = list(map(itemgetter(plan.force), rows))
    force_of = {raw: cell_text(raw) or plan.default_force for raw in set(forces)}
    return list(map(force_of.__getitem__, forces)), references


def _repeated(prints: Sequence[array[int]]) -> set[int]:
    """Give the fingerprints that occur more than once; 0 stands for none."""
    if sum(map(len, prints)) < _MANY:
        counts = Counter(value for some in prints for value in some)
        return {value for value, n in counts.items() if n > 1 and value}
    import numpy as np  # noqa: PLC0415 - a quarter of a small run's time, and a large one's memory

    values = np.sort(np.concatenate([np.frombuffer(some, dtype=np.int64) for some in prints if some]))
    return set(values[1:][values[1:] == values[:-1]].tolist()) - {0}
