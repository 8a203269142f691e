"""What every reader yields: a table, a header and blocks of rows of text that can be read again.

Values only.  Knows nothing of any kind of file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol


class Fault(NamedTuple):
    """Something wrong with one row's shape: its place in the block, and a code of the findings' catalogue."""

    position: int
    code: str


class Block(NamedTuple):
    """Whole records of a table, blank ones included, as cut from the file.

    Attributes:
        first: Row number of the first row as a spreadsheet shows it.
        rows: Cells of each row, as many as there are.
        faults: What is wrong with single rows.
        size: Bytes of the file that the block stands for.
    """

    first: int
    rows: list[list[str]]
    faults: list[Fault]
    size: int


class Table(Protocol):
    """One table of an export, whatever kind of file it is.

    Attributes:
        name: Name of the export.
        sheet: Sheet of a workbook, else empty.
        header: Cells of the header row.
        header_row: Its row number; 0 where every value has its name beside it, as in JSON.
        found: What was found out about the file, for a person.
        n_titles: Filled rows above the header.
        size: Bytes to read, for progress.
    """

    name: str
    sheet: str
    header: tuple[str, ...]
    header_row: int
    found: str
    n_titles: int
    size: int

    def blocks(self) -> Iterator[Block]:
        """Read every block, in order."""
        ...

    def blocks_with(self, numbers: Sequence[int]) -> Iterator[Block]:
        """Read again the blocks that hold rows of these numbers, in order."""
        ...
