"""Rows of typed values → a table of text, or packed text: for exports that are no text themselves.

Takes rows of values, returns a `CellTable`; or one string of bytes in which a sign follows every cell.  Every value
becomes the text a person would read, and a day ISO 8601, so that nothing after this room knows what kind of file it
came from.  Knows nothing of fields.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from cc_categorise.read.table import Block, Fault

if TYPE_CHECKING:
    from cc_categorise.read.grid import Grid

Values = Sequence[Sequence[Any]]

_ROWS = 4096
_EXACT = 2**53
_AFTER_CELL, _ESCAPE = "\x1f\x1b"


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
    rows: list[list[str]]  # cells of every row below the header
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

    def grids(self) -> Iterator[Block | Grid]:
        """Read every block, the cells of one without faults found at once. Loads numpy."""
        width = len(self.header)
        for block in self.blocks():
            grid = None if block.faults else grid_of(packed(block.rows), block.first, width, block.size)
            yield grid or block

    def blocks_with(self, numbers: Sequence[int]) -> Iterator[Block]:
        """Give the blocks that hold rows of these numbers, in order."""
        return map(self._block, sorted({(number - self.header_row - 1) // _ROWS for number in numbers}))


def packed(rows: Values) -> bytes:
    """Put a sign after every cell."""
    cells = list(chain.from_iterable(rows))
    try:
        text = _AFTER_CELL.join(cells)  # nearly always they are text
    except TypeError:
        cells = texts_of(cells)
        text = _AFTER_CELL.join(cells)
    if _ESCAPE in text or text.count(_AFTER_CELL) != len(cells) - 1:
        text = _AFTER_CELL.join(map(_escaped, cells))
    return f"{text}{_AFTER_CELL}".encode(errors="surrogatepass")


def unpacked(data: bytes, width: int) -> list[list[str]]:
    """Give packed rows again."""
    cells = data.decode(errors="surrogatepass").split(_AFTER_CELL)
    if _ESCAPE.encode() in data:
        cells = list(map(_as_it_was, cells))
    return [cells[at : at + width] for at in range(0, len(cells) - 1, width)]


def grid_of(data: bytes, first: int, width: int, size: int) -> Grid | None:
    """Find the cells of packed rows all at once; of none that hold an escape. Loads numpy."""
    from cc_categorise.read.grid import spread  # noqa: PLC0415 - a quarter of a small run's time

    return None if _ESCAPE.encode() in data else spread(data, first, _AFTER_CELL, width, size)


def _escaped(cell: str) -> str:
    return cell.replace(_ESCAPE, f"{_ESCAPE}0").replace(_AFTER_CELL, f"{_ESCAPE}1")


def _as_it_was(cell: str) -> str:
    return cell.replace(f"{_ESCAPE}1", _AFTER_CELL).replace(f"{_ESCAPE}0", _ESCAPE)


def texts_of(row: Iterable[object]) -> list[str]:
    """Give the text of each value of a row; most are text already, or nothing."""
    return [value if type(value) is str else "" if value is None else cell_of(value) for value in row]


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
