"""Rows that can be read only once, and may be larger than memory → a table of text: the result of a query, Parquet.

Takes batches of values, returns a `SpooledTable`.  Knows nothing of what they come from, or of fields.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from cc_categorise.errors import OutputError
from cc_categorise.read.cells import Values, grid_of, packed, unpacked
from cc_categorise.read.exports import Spool
from cc_categorise.read.table import Block, Places, Slice

if TYPE_CHECKING:
    from cc_categorise.read.grid import Grid

BATCH = 1024
"""Rows that are taken at once: few enough to stay in the processor's memory from one step to the next."""

_AHEAD = 2**24
_AT_ONCE = 2**20


@dataclass(slots=True)
class SpooledTable:
    """One table of values that are copied to a spool as they come, see `table.Table`.

    All are copied when the table is made; where another process copies, so many that it is known whether there are
    many.  In the copy rows stand packed.
    """

    name: str
    header: tuple[str, ...]
    found: str
    _spool: Spool
    _copied: Iterator[Any]  # copies the next batch; gives its bytes and rows
    _is_shared: bool  # whether another process copies
    _places: Places = field(default_factory=lambda: Places.before(Slice(0, None, 1)))  # of the batches in the copy
    sheet: str = ""
    header_row: int = 0
    n_titles: int = 0

    @property
    def size(self) -> int:
        """Bytes of the copy; of what there is so far, while it is made."""
        return self._places.starts[-1]

    @classmethod
    def of(cls, name: str, found: str, batches: Iterator[Values], *, is_large: bool, workers: int | None) -> Self:
        """Begin to copy rows, after a batch that is the header alone; many by another process, if there may be one."""
        spool, is_shared = Spool(), False
        copied = _copy(batches, spool)
        if is_large and workers != 1:
            from cc_categorise import processes  # noqa: PLC0415 - few runs need another process

            if processes.can_go_on_elsewhere(workers):
                with suppress(OSError):  # where no file can be made, rows that are few stay in memory
                    spool.rollover()
                    copied, is_shared = processes.go_on_elsewhere(copied), True
        table = cls(name, next(copied), found, spool, copied, is_shared)
        while (table.size < _AHEAD or not is_shared) and table._takes_more():
            pass
        return table

    def _takes_more(self) -> bool:
        """Copy the next batch, if there is one."""
        if (batch := next(self._copied, None)) is None:
            return False
        for places, n in zip(self._places, batch, strict=True):
            places.append(places[-1] + n)
        return True

    def slices(self, size: int) -> Iterator[Slice]:
        """Give slices of whole batches, and of so many bytes at least but for the last."""
        starts, rows_at = self._places
        first = last = 0
        while last < len(starts) - 1 or self._takes_more():
            last += 1
            if starts[last] - starts[first] >= size:
                yield Slice(starts[first], starts[last], rows_at[first])
                first = last
        if first < last:
            yield Slice(starts[first], starts[last], rows_at[first])

    def blocks(self) -> Iterator[Block]:
        """Read every block, in order."""
        return map(self._block, self.slices(1))

    def blocks_with(self, numbers: Sequence[int]) -> Iterator[Block]:
        """Read again the blocks that hold rows of these numbers, in order."""
        starts, rows_at = self._places
        for index in sorted({bisect_right(rows_at, number) - 1 for number in numbers}):
            yield self._block(Slice(starts[index], starts[index + 1], rows_at[index]))

    def grids(self) -> Iterator[Block | Grid]:
        """Read all rows, the cells of many found at once. Loads numpy."""
        for piece in self.slices(_AT_ONCE):
            data = self._bytes(piece)
            yield grid_of(data, piece.row, len(self.header), len(data)) or self._block(piece)

    def _block(self, piece: Slice) -> Block:
        data = self._bytes(piece)
        return Block(piece.row, unpacked(data, len(self.header)), [], len(data))

    def _bytes(self, piece: Slice) -> bytes:
        assert piece.stop is not None  # noqa: S101 - every batch has an end
        if self._is_shared:  # and so is the place within it
            return os.pread(self._spool.fileno(), piece.stop - piece.start, piece.start)
        self._spool.seek(piece.start)
        return self._spool.read(piece.stop - piece.start)


def _copy(batches: Iterator[Values], spool: Spool) -> Iterator[Any]:
    """Copy rows to a spool; give the header, then the bytes and the rows of every batch."""
    header = tuple(map(str, *next(batches)))
    yield header
    for rows in batches:
        data = packed(rows)
        try:
            spool.seek(0, os.SEEK_END)
            spool.write(data)
            spool.flush()
        except OSError as err:
            hint = "make room for temporary files, or name a folder for them with TMPDIR"
            raise OutputError(f"a temporary file cannot be written: {err.strerror}", hint=hint) from None
        yield len(data), len(rows)
