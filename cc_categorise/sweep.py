"""The survey of large files: rows that are well formed are looked at column by column, with numpy.

Takes and gives what `survey` does, to the same counts, flags and row numbers: each distinct cell is judged once, by the
same judges.  Knows nothing of what a judge decides, nor of layout.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np

from cc_categorise.read.grid import QUOTE, WORD, Grid, Which, Whole, Words, words_of
from cc_categorise.read.table import Block, RowFilter
from cc_categorise.survey import Piece, Position, Survey, TablePlan, every_meaning, force_of, references_of
from cc_categorise.validate import Distinct

_LONGEST = 64
"""Cells of more bytes are looked up one by one."""

_SLOT_BITS = 17
_STIR = np.uint64(0x9E3779B97F4A7C15)
_HALF, _SLOTS = np.uint64(32), np.uint64(64 - _SLOT_BITS)
_TOPS, _ONES, _QUOTES = (np.uint64(int(f"{byte:02x}" * WORD, 16)) for byte in (0x80, 0x01, QUOTE))
_SPACE = 0x20
_MOST = 2**16
"""Distinct cells of a column that are kept in mind: of times of day there may be as many as rows."""
_MANY = 2**18
_ROOM = 2**62


class Column:
    """The distinct cells of one column, numbered in the order in which they are met."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._texts: list[str] = []
        self._number_of: dict[bytes, int] = {}
        self._answers: dict[object, Whole] = {}
        # What is at the last place of these is never filled, and stands for what is not known: -1.
        self._slots = np.full(1 << _SLOT_BITS, -1)
        self._lengths = np.full(64, -1)
        self._words = np.zeros((_LONGEST // WORD, 64), np.uint64)

    def cells(self, grid: Grid, place: int) -> Whole:
        """Give the number of each row's cell; the numbers of another grid's cells may mean nothing any more."""
        if len(self._texts) > _MOST:
            self._begin()
        starts, lengths = grid.place(place)
        words = grid.words(starts, np.minimum(lengths, _LONGEST))
        slots = (_fingerprints(words, lengths) >> _SLOTS).astype(np.int64)
        cells: Whole = self._slots[slots]
        is_known = self._lengths[cells] == lengths
        for known, (which, word) in zip(self._words, words, strict=False):
            is_known[which] &= known[cells[which]] == word
        for row in np.flatnonzero(~is_known).tolist():
            raw = grid.raw(int(starts[row]), int(lengths[row]))
            if raw not in self._number_of:
                self._number_of[raw] = len(self._texts)
                self._texts.append(grid.text(raw))
                self._remember(raw, slots[row])
            cells[row] = self._number_of[raw]
        return cells

    def _remember(self, raw: bytes, slot: int) -> None:
        """Keep how the newest cell is told from others, unless it is long."""
        newest = len(self._texts) - 1
        if newest == len(self._lengths) - 1:
            self._lengths = np.concatenate((self._lengths, np.full_like(self._lengths, -1)))
            self._words = np.concatenate((self._words, np.zeros_like(self._words)), axis=1)
        if len(raw) <= _LONGEST:
            self._lengths[newest] = len(raw)
            self._words[:, newest] = np.frombuffer(raw.ljust(_LONGEST, b"\0"), "<u8")
            if self._slots[slot] < 0:
                self._slots[slot] = newest

    def answers(self, name: object, judge: Callable[[str], int], cells: Whole) -> Whole:
        """Give what a judge says of each cell; under its name, it is asked once for each distinct one."""
        known = self._answers.get(name, np.zeros(0, np.int64))
        if len(known) < len(self._texts):
            new = [judge(text) for text in self._texts[len(known) :]]
            known = self._answers[name] = np.concatenate((known, np.array(new, np.int64)))
        answers: Whole = known[cells]
        return answers

    def text(self, cell: int) -> str:
        """Give the text of a cell."""
        return self._texts[cell]


Columns = dict[tuple[int, int], Column]
"""The columns of a run, by the number of their table and their place."""


class Combinations(NamedTuple):
    """What rows mean, a column for each part of it, and how many rows mean the same."""

    columns: list[Whole]
    n_rows: Whole


@dataclass(repr=False)
class Sweep(Survey):
    """A `Survey` that looks at whole columns where it can."""

    # what was met before, by sweeps of the same tables
    columns: Columns = field(default_factory=lambda: defaultdict(Column))
    _waiting: list[Combinations] = field(default_factory=list)
    _n_waiting: int = 0

    def run(self, on_bytes: Callable[[int], None]) -> None:
        """Read every table; ``on_bytes`` hears how many bytes each block had."""
        for number, plan in enumerate(self.plans):
            self.read(number, plan.table.grids(), on_bytes)
        self.add_up()

    def _take(self, table: int, rows_of: RowFilter, block: Block | Grid) -> None:
        if isinstance(block, Block):
            super()._take(table, rows_of, block)
            return
        grid, anchors = self._records(table, rows_of, block)
        self.rows_read += len(grid.rows)
        if not len(grid.rows):
            return
        plan = self.plans[table]

        @cache
        def cells(place: int) -> Whole:
            return anchors if place == plan.day[0] else self.columns[table, place].cells(grid, place)

        def read(judge: Distinct, position: Position) -> Whole:
            if position is None:
                return np.full(len(grid.rows), judge[""])
            if isinstance(position, int):
                return self.columns[table, position].answers(id(judge), judge.__getitem__, cells(position))
            together, which = np.unique(np.stack([cells(place) for place in position]), axis=1, return_inverse=True)
            columns = [self.columns[table, place] for place in position]
            texts = (tuple(map(Column.text, columns, key)) for key in together.T.tolist())
            return np.array([judge[each] for each in texts], np.int64)[which.ravel()]

        days, labels, furthers, bys = read_as = every_meaning(plan, read)
        self.count(Combinations([days, labels, furthers, *bys], np.ones(len(days), np.int64)))
        numbers = grid.first + grid.rows
        for name, answers in plan.may_be_flagged(read_as, read):
            flagged = np.flatnonzero(answers < 0)
            self._flag(table, name, zip(*(each[flagged].tolist() for each in (answers, days, numbers)), strict=True))
        if plan.reference is not None:
            references, blank = self._references(plan, grid)
            prints = _together(self._forces(table, cells), references)
            piece = Piece(table, grid.numbers, prints)
            self._keep(piece, days.tolist(), blank, np.flatnonzero(days < 0).tolist())

    def _records(self, table: int, rows_of: RowFilter, grid: Grid) -> tuple[Grid, Whole]:
        """Set aside the rows that are none of a record; give the others, and the cells by which they are told."""
        place = self.plans[table].day[0]
        column = self.columns[table, place]
        anchors = column.cells(grid, place)
        odd = np.flatnonzero(column.answers("odd", rows_of.is_odd, anchors))
        dropped = []
        for row, cells in zip(odd.tolist(), grid.rows_at(odd), strict=True):
            if (aside := rows_of.aside(cells)) is not None:
                aside.append(grid.first + row)
                dropped.append(row)
        return (grid.without(dropped), np.delete(anchors, dropped)) if dropped else (grid, anchors)

    def count(self, combinations: Combinations) -> None:
        """Take combinations to count later."""
        self._waiting.append(combinations)
        self._n_waiting += len(combinations.n_rows)
        if self._n_waiting > _MANY:
            self._once_each()

    def waiting(self) -> list[Combinations]:
        """Give what is to be counted still, each combination once."""
        if self.counts:
            columns = (np.array(column) for column in zip(*self.counts, strict=True))
            self._waiting.append(Combinations([*columns], np.array([*self.counts.values()])))
            self.counts.clear()
        return [self._once_each()] if self._waiting else []

    def _once_each(self) -> Combinations:
        columns = [np.concatenate(parts) for parts in zip(*(each.columns for each in self._waiting), strict=True)]
        n_rows = np.concatenate([each.n_rows for each in self._waiting])
        together = np.zeros(1, np.int64)
        for column in columns:
            least, most = int(column.min()), int(column.max())
            if int(together.max()) + 1 > _ROOM // (most - least + 1):
                together = np.unique(together, return_inverse=True)[1]
            together = together * (most - least + 1) + (column - least)
        _, first, which = np.unique(together, return_index=True, return_inverse=True)
        counted = Combinations([column[first] for column in columns], np.bincount(which, n_rows).astype(np.int64))
        self._waiting, self._n_waiting = [counted], 0
        return counted

    def add_up(self) -> None:
        """Count what waits for it."""
        if self._waiting:
            columns, n_rows = self._once_each()
            for key, n in zip(zip(*map(np.ndarray.tolist, columns), strict=True), n_rows.tolist(), strict=True):
                self.counts[key] += n
            self._waiting = []

    def _forces(self, table: int, cells: Callable[[int], Whole]) -> Words:
        """Give a fingerprint of each row's force."""
        plan = self.plans[table]
        if plan.force is None:
            return _fingerprints_of([force_of(plan, "")])
        column = self.columns[table, plan.force]

        def force(cell: str) -> int:
            return int(_fingerprints_of([force_of(plan, cell)]).view(np.int64)[0])

        return column.answers("force", force, cells(plan.force)).view(np.uint64)

    def _references(self, plan: TablePlan, grid: Grid) -> tuple[Words, list[int]]:
        """Give a fingerprint of each row's reference, and the places of blank ones.

        Those that begin and end with a sign of ASCII are what they are; the others are read one by one.
        """
        assert plan.reference is not None  # noqa: S101 - asked for only where there are references
        starts, lengths = grid.place(plan.reference)
        is_quoted = (grid.bytes_at(starts) == QUOTE) & grid.is_csv
        starts, lengths = starts + is_quoted, lengths - 2 * is_quoted
        words = grid.words(starts, np.minimum(lengths, _LONGEST))
        first, last = grid.bytes_at(starts), grid.bytes_at(starts + lengths - 1)
        is_plain = (lengths > max(map(len, plan.profile.cell_rules.missing), default=0)) & (lengths <= _LONGEST)
        is_plain &= (first > _SPACE) & (last > _SPACE)
        for which, word in words:
            from_quote = word ^ _QUOTES
            is_plain[which] &= (word | ((from_quote - _ONES) & ~from_quote)) & _TOPS == 0
        prints, others = _fingerprints(words, lengths), np.flatnonzero(~is_plain)
        texts = references_of(plan, grid.texts(others, plan.reference))
        prints[others] = _fingerprints_of(texts)
        return prints, [row for row, text in zip(others.tolist(), texts, strict=True) if not text]

    def _fingerprints(self, forces: Sequence[str], references: Sequence[str]) -> array[int]:
        """Make one number of each force and reference, as for the rows of grids."""
        distinct = {force: n for n, force in enumerate(dict.fromkeys(forces))}
        of_forces = _fingerprints_of([*distinct])[[distinct[force] for force in forces]]
        return _together(of_forces, _fingerprints_of(references))


def _fingerprints(words: Sequence[tuple[Which, Words]], lengths: Whole) -> Words:
    """Make one number of each stretch of bytes: equal ones have equal numbers, others hardly ever."""
    prints: Words = lengths.astype(np.uint64) * _STIR
    for which, word in words:
        stirred = (prints[which] ^ word) * _STIR
        prints[which] = stirred ^ (stirred >> _HALF)
    return prints


def _fingerprints_of(texts: Sequence[str]) -> Words:
    encoded = [text.encode(errors="surrogatepass") for text in texts]
    lengths = np.array([len(each) for each in encoded], np.int64)
    return _fingerprints(words_of(b"".join([*encoded, bytes(WORD)]), np.cumsum(lengths) - lengths, lengths), lengths)


def _together(forces: Words, references: Words) -> array[int]:
    """Make one number of two: 0 stands for none."""
    return array("q", np.maximum((references ^ forces) * _STIR, np.uint64(1)).tobytes())
