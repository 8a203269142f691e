"""Rows of typed values → a table of text: for exports that are no text themselves.

Takes rows of values, returns a `CellTable`.  Every value becomes the text a person would read, and a day ISO 8601,
so that nothing after this room knows what kind of file it came from.  Knows nothing of fields.
"""

from __future__ import annotations

import datetime as dt
import json
import marshal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from cc_categorise.read.exports import Spool
from cc_categorise.read.table import Block, Fault

_ROWS = 4096
_EXACT = 2**53


class SpooledRows:
    """Rows of cells, taken one by one into a spool: for results that may be larger than memory."""

    def __init__(self, rows: Iterable[list[str]]) -> None:
        self._spool = Spool()
        self._ends = [0]
        self._n_rows = 0
        left = iter(rows)
        while batch := list(islice(left, _ROWS)):
            self._spool.write(marshal.dumps(batch))
            self._ends.append(self._spool.tell())
            self._n_rows += len(batch)

    def __len__(self) -> int:
        """Count the rows."""
        return self._n_rows

    def __getitem__(self, wanted: slice) -> list[list[str]]:
        """Give the rows of one block, as `CellTable` cuts them."""
        start, end = self._ends[wanted.start // _ROWS :][:2]
        self._spool.seek(start)
        # What this very process wrote, into a file without a name; three times as fast as JSON.
        batch: list[list[str]] = marshal.loads(self._spool.read(end - start))  # noqa: S302
        return batch


@dataclass(slots=True)
class CellTable:
    """One table of values as text, see `table.Table`."""

    name: str
    sheet: str
    header: tuple[str, ...]
    header_row: int
    found: str
    n_titles: int
    size: int
    rows: list[list[str]] | SpooledRows  # cells of every row below the header
    faults: dict[int, list[str]] = field(default_factory=dict)  # what is wrong with single rows, by row number

    def blocks(self) -> Iterator[Block]:
        """Give every block, in order."""
        return map(self._block, range((len(self.rows) + _ROWS - 1) // _ROWS))

    def _block(self, index: int) -> Block:
        start = index * _ROWS
        rows = self.rows[start : start + _ROWS]
        first = self.header_row + 1 + start
        faults = [Fault(i, code) for i in range(len(rows)) for code in self.faults.get(first + i, ())]
        return Block(first, rows, faults if self.faults else [], self.size * len(rows) // len(self.rows))

    def blocks_with(self, numbers: Sequence[int]) -> Iterator[Block]:
        """Give the blocks that hold rows of these numbers, in order."""
        return map(self._block, sorted({(number - self.header_row - 1) // _ROWS for number in numbers}))


def texts_of(row: Iterable[object]) -> list[str]:
    """Give the text of each value of a row; most are text already."""
    return [value if type(value) is str else cell_of(value) for value in row]


def cell_of(value: object) -> str:  # noqa: PLR0911 - one line a type
    """Give the text of a value: no ``.0`` on whole numbers, days in ISO 8601, the items of a list apart."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        case dt.datetime():
            return value.isoformat(" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case list() | tuple() if not any(isinstance(item, list | tuple | dict) for item in value):
            return "; ".join(map(cell_of, value))
        case list() | tuple() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)
