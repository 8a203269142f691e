"""What every reader yields: a table, a header and blocks of rows of text that can be read again.

Values only.  Knows nothing of any kind of file.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol


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
    size: int  # bytes to read, for progress

    def blocks(self) -> Iterator[Block]:
        """Read every block, in order."""
        ...

    def blocks_with(self, numbers: Sequence[int]) -> Iterator[Block]:
        """Read again the blocks that hold rows of these numbers, in order."""
        ...
