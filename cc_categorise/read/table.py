"""What every reader yields: a table, a header and blocks of rows of text that can be read again; and rows of records.

Takes blocks and the position of the one column that no record leaves blank, returns rows as wide as the header; blank,
header and footer rows are set aside and told.  Knows nothing of any kind of file, or of what the cells mean.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cc_categorise.model import cell_text

if TYPE_CHECKING:
    from cc_categorise.read.grid import Grid

_N_SHOWN = 5
_FOOTERS = (
    r"(?:grand |sub[- ]?|overall )?totals?\b",
    r"(?:number|count|no\.?) of (?:records|rows)\b",
    r"(?:records|rows) (?:returned|exported|found)\b",
    r"end of (?:report|file|export|data)\b",
    r"(?:report |data )?(?:printed|exported|generated|extracted|produced|run) (?:on|by|at|from)\b",
    r"\*+ ?end\b",
)


class Fault(NamedTuple):
    """Something wrong with one row's shape: its place in the block, and a code of the findings' catalogue."""

    position: int
    code: str


class Block(NamedTuple):
    """Whole records of a table, blank ones included, as cut from the file."""

    first: int  # row number of the first row as a spreadsheet shows it
    rows: list[list[str]]  # cells of each row, as many as there are
    faults: list[Fault]  # what is wrong with single rows
    size: int  # bytes of the file that the block stands for

    @property
    def after(self) -> int:
        """Number of the row after the last."""
        return self.first + len(self.rows)


class Slice(NamedTuple):
    """Part of a file: its first byte, the byte after its last (None for the end), and the number of its first row."""

    start: int
    stop: int | None
    row: int


class Places(NamedTuple):
    """Where rows stand that can be read again by themselves: bytes and row numbers, those after the last included."""

    starts: array[int]
    rows: array[int]

    @classmethod
    def before(cls, part: Slice) -> Places:
        """Say where a slice begins."""
        return cls(array("q", [part.start]), array("q", [part.row]))

    def add(self, other: Places) -> None:
        """Add the places of what comes next; its first row there has the number 0."""
        first = self.rows[-1]
        self.starts.extend(other.starts[1:])
        self.rows.extend(row + first for row in other.rows[1:])


class Table(Protocol):
    """One table of an export, whatever kind of file it is."""

    name: str  # name of the export
    sheet: str  # sheet of a workbook, else empty
    header: tuple[str, ...]  # cells of the header row
    header_row: int  # its row number; 0 where every value has its name beside it, as in JSON
    found: str  # what was found out about the file, for a person
    n_titles: int  # filled rows above the header

    @property
    def size(self) -> int:
        """Bytes to read, for progress."""

    def blocks(self) -> Iterator[Block]:
        """Read every block, in order."""

    def grids(self) -> Iterator[Block | Grid]:
        """Read every block, the cells of many rows found at once where that can be. Loads numpy."""

    def blocks_with(self, numbers: Sequence[int]) -> Iterator[Block]:
        """Read again the blocks that hold rows of these numbers, in order."""


class Rows(NamedTuple):
    """Rows of one block that are rows of records, as wide as the header; faults are placed among them."""

    cells: list[list[str]]
    numbers: Sequence[int]
    faults: list[Fault]


@dataclass(slots=True)
class SetAside:
    """Row numbers of what is not a record, so that nothing is lost unseen."""

    blank: list[int] = field(default_factory=list)
    header: list[int] = field(default_factory=list)
    footer: list[int] = field(default_factory=list)

    def extend(self, other: SetAside, shift: int) -> None:
        """Add the rows of another one, whose numbers are smaller by so much."""
        for kind in fields(self):
            getattr(self, kind.name).extend(number + shift for number in getattr(other, kind.name))

    def in_words(self) -> str:
        """Say which rows were set aside; nothing where none was."""
        kinds = (("blank row", self.blank), ("repeated header row", self.header), ("footer row", self.footer))
        parts = [f"{len(rows)} {kind}{'s'[: len(rows) > 1]} ({_some(rows)})" for kind, rows in kinds if rows]
        return f"set aside {', '.join(parts)}" if parts else ""


def _some(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_N_SHOWN]))
    return f"row{'s'[: len(numbers) > 1]} {shown}{', …' if len(numbers) > _N_SHOWN else ''}"


class RowFilter:
    """Turns the blocks of one table into rows of records.

    Args:
        header: The table's header row.
        anchor: Position of the column that no record leaves blank.
        footers: Beginnings of the first filled cell of a footer, besides the usual ones.

    Attributes:
        set_aside: The rows that were.
        footer: Pattern of the beginning of the first filled cell of a footer, in any case.
    """

    def __init__(self, header: Sequence[str], anchor: int, footers: Sequence[str] = ()) -> None:
        self.set_aside = SetAside()
        self._header = list(map(cell_text, header))
        self._anchor = anchor
        self._plain: set[str] = set()
        self.footer = "|".join([*_FOOTERS, *(re.escape(footer) for footer in footers)])

    def rows(self, block: Block) -> Rows:
        """Give the rows of records of one block."""
        width, anchor = len(self._header), self._anchor
        if not block.faults and set(map(len, block.rows)) == {width}:
            new = {row[anchor] for row in block.rows} - self._plain
            odd = {value for value in new if self.is_odd(value)}
            self._plain |= new - odd
            if not odd:
                return Rows(block.rows, range(block.first, block.first + len(block.rows)), [])
        cells: list[list[str]] = []
        numbers: list[int] = []
        faults: list[Fault] = []
        told = {position: [f.code for f in block.faults if f.position == position] for position, _ in block.faults}
        for position, row in enumerate(block.rows):
            number = block.first + position
            codes = told.get(position, [])
            if not codes and (aside := self.aside(row)) is not None:
                aside.append(number)
                continue
            if any(map(cell_text, row[width:])) and "unbalanced-quote" not in codes:
                codes = [*codes, "too-many-cells"]
            elif len(row) < width and "unbalanced-quote" not in codes:
                codes = [*codes, "too-few-cells"]
            faults += [Fault(len(cells), code) for code in codes]
            cells.append((row + [""] * (width - len(row)))[:width])
            numbers.append(number)
        return Rows(cells, numbers, faults)

    def aside(self, row: list[str]) -> list[int] | None:
        """Give the list that a row's number belongs on if it is not a record's."""
        anchor = row[self._anchor] if len(row) > self._anchor else ""
        if not self.is_odd(anchor):
            return None
        if not cell_text(anchor) or _is_number(anchor):
            first = next(filter(None, map(cell_text, row)), None)
            if first is None:
                return self.set_aside.blank
            return self.set_aside.footer if re.match(self.footer, first, re.IGNORECASE) else None
        is_header = list(map(cell_text, row)) == self._header
        return self.set_aside.header if is_header else None

    def is_odd(self, anchor: str) -> bool:
        """Say whether a row with this in its anchor column may be none of a record."""
        text = cell_text(anchor)
        return not text or text == self._header[self._anchor] or _is_number(text)


def _is_number(text: str) -> bool:
    """Say whether a cell is a total: a count stands there, never a date."""
    return text.replace(",", "").strip().isdigit()
