"""Delimited text → blocks of rows.

Takes an export, returns a `TextTable` whose blocks can be read again one by one.  A block holds whole records: it
is cut where the quotes before a line end pair up.  Knows nothing of fields.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from cc_categorise.errors import EmptyFileError, HeaderError
from cc_categorise.read.columns import Opening
from cc_categorise.read.encoding import EncodedText, find_encoding, text_lines
from cc_categorise.read.exports import Export
from cc_categorise.read.header import DELIMITERS, HEADER_WITHIN, as_delimiter, find_header
from cc_categorise.read.records import LONGEST_RECORD, Records
from cc_categorise.read.table import Block, Places, Slice

if TYPE_CHECKING:
    from cc_categorise.read.grid import Grid

    Cutter = Callable[[bytes, int], Grid | None]
    """Finds the cells of the whole records at the head of bytes, the first of which has this number."""

_BLOCK = 2**17
_LARGE_BLOCK = 2**20
_LINES_TRIED = 20
_READ_AGAIN = 16
"""How many rows of a grid are read again where one of them is looked at."""
_HEAD = 2**18
_LINE_ENDS = (b"\n", b"\r")


@dataclass(slots=True)
class TextTable:
    """One table of delimited text, see `table.Table`."""

    name: str
    header: tuple[str, ...]
    header_row: int
    found: str
    n_titles: int
    size: int
    start: int  # byte of the file at which the rows begin
    _text: EncodedText
    _records: Records
    sheet: str = ""
    places: Places = field(init=False)  # where the rows stand that have been read

    def __post_init__(self) -> None:
        """Begin with nothing read."""
        self.places = Places.before(self.whole)

    @property
    def whole(self) -> Slice:
        """All rows."""
        return Slice(self.start, None, self.header_row + 1)

    def blocks(self) -> Iterator[Block]:
        """Read every block, in order."""
        return (block for block in self._cut(self.whole, None) if isinstance(block, Block))

    def grids(self, part: Slice | None = None) -> Iterator[Block | Grid]:
        """Read all rows or a slice of them: where a block is well formed, all of its cells at once. Loads numpy.

        A record that does not end within the slice is left out.
        """
        return self._cut(part or self.whole, self._cutter())

    def _cut(self, part: Slice, cutter: Cutter | None) -> Iterator[Block | Grid]:
        start, stop, row = part
        # New ones, so that two readings at once do not mix.
        self.places = starts, rows_at = Places.before(part)
        left = sys.maxsize if stop is None else stop - start
        pending, size = b"", _LARGE_BLOCK if cutter else _BLOCK
        is_stuck = is_read = False
        with self._text.export.open() as stream:
            stream.seek(start)
            while not (is_stuck and is_read):
                if is_stuck or len(pending) < size:
                    chunk = stream.read(min(size, left))
                    pending += chunk
                    left -= len(chunk)
                    is_read = not chunk
                block: Block | Grid | None = None
                if cutter and len(pending) <= LONGEST_RECORD and (block := cutter(pending, row)):
                    inner = block.row_starts(_READ_AGAIN)
                    starts.extend(start + at for at in inner)
                    rows_at.extend(range(row + _READ_AGAIN, row + _READ_AGAIN * (len(inner) + 1), _READ_AGAIN))
                block = block or self._block(pending, start, row, final=is_read and stop is None)
                is_stuck = not block.size
                if block.size:
                    pending, start, row = pending[block.size :], start + block.size, block.after
                    starts.append(start)
                    rows_at.append(row)
                    yield block

    def _cutter(self) -> Cutter | None:
        """Give what finds the cells of well-formed bytes all at once; None where it could not."""
        from cc_categorise.read.grid import CODECS, Shape, cut  # noqa: PLC0415 - a quarter of a small run's time

        sign, is_spaced, width = self._records
        codec = self._text.codec
        if is_spaced or not sign.isascii() or width == 1 or codec not in CODECS:
            return None
        return lambda data, row: cut(data, row, Shape(sign, width, codec, self._records.hide_rows))

    def _block(self, data: bytes, start: int, row: int, *, final: bool) -> Block:
        """Cut a block of the whole records at the head of bytes; an empty one where there is none."""
        if len(data) > LONGEST_RECORD:
            # No more is looked at, so that what becomes of a longer record does not depend on where blocks are cut.
            data = data[:LONGEST_RECORD]
            end = max(_line_end(data, mark) for mark in _LINE_ENDS) or self._text.n_whole(data)
            return self._cut_by_csv(data[:end], start, row, forced=True, final=False)
        # Many small blocks are quicker than few large ones, where the csv module has to cut what is none of its own.
        for some in (data[:_BLOCK], data) if len(data) > 2 * _BLOCK else (data,):
            is_last = final and len(some) == len(data)
            end = len(some) if is_last else _record_end(some)
            block = self._cut_by_csv(some[:end], start, row, final=is_last)
            if block.size:
                break
        return block

    def blocks_with(self, numbers: Sequence[int]) -> Iterator[Block]:
        """Read again the blocks that hold rows of these numbers, in order."""
        starts, rows_at = self.places
        with self._text.export.open() as stream:
            for index in sorted({bisect_right(rows_at, number) - 1 for number in numbers}):
                stream.seek(starts[index])
                data = stream.read(starts[index + 1] - starts[index])
                yield self._cut_by_csv(data, starts[index], rows_at[index], final=True)

    def _cut_by_csv(self, data: bytes, start: int, row: int, *, forced: bool = False, final: bool) -> Block:
        text = self._text.decode(data, start)
        rows, faults, unfinished = self._records.cut(text, forced=forced, final=final)
        return Block(row, rows, faults, len(data) - len(unfinished.encode(self._text.codec)))

    @property
    def is_on_disk(self) -> bool:
        """Say whether another process reads the same bytes at the same places."""
        return self._text.export.spool is None

    def slice_end(self, start: int, size: int, least: int = 0) -> int | None:
        """Find where a slice seems to end with a record; None at the end of the file.

        It has about so many bytes from its first one on, and so many at least.  An open quote may deceive: then `grids`
        leaves the last record out.
        """
        with self._text.export.open() as stream:
            if stream.seek(0, 2) < start + size:
                return None
            if size > _LARGE_BLOCK and (cutter := self._cutter()):
                # Where a line end is followed by nothing but whole rows, it ends one: `grids` finds out if not.
                begin = stream.seek(start + size - _LARGE_BLOCK)
                data = stream.read(_LARGE_BLOCK)
                for line in islice(re.finditer(b"\n", data), _LINES_TRIED):
                    if grid := cutter(data[line.end() :], 0):
                        return begin + line.end() + grid.size
            stream.seek(start)
            end = _record_end(stream.read(size))
        return start + (end if end > least else size)


def _record_end(data: bytes) -> int:
    """Find the end of the last line before which the quotes pair up; 0 if there is none."""
    for mark in _LINE_ENDS:
        end = _line_end(data, mark)
        odd = data.count(b'"', 0, end) % 2
        while odd and end:
            before = data.rfind(mark, 0, end - 1) + 1
            odd ^= data.count(b'"', before, end) % 2
            end = before
        if end:
            return end
    return 0


def _line_end(data: bytes, mark: bytes) -> int:
    """Find the end of the last line that is surely whole: a carriage return at the very end may be half of one."""
    return data.rfind(mark, 0, len(data) - (mark == b"\r")) + 1


def open_text(export: Export, opening: Opening) -> TextTable:
    """Open delimited text: find its encoding, delimiter and header, as far as they are not given.

    Raises:
        EmptyFileError: The file holds nothing.
        EncodingError: It cannot be decoded.
        DelimiterError: The delimiter that is given is not one character.
        HeaderError: No row near the top is a header.
    """
    text = find_encoding(export, opening.encoding)
    with text.export.open() as stream:
        size = stream.seek(0, 2)
        stream.seek(text.start)
        head = stream.read(_HEAD)
    lines = text_lines(text.decode(head[: text.n_whole(head)], text.start))
    if len(head) == _HEAD:
        lines = lines[:-1] or lines  # the last may be cut; a longer file has its header well before it
    top = "".join(lines)
    seen = [sign for sign in DELIMITERS if sign in top] or [*DELIMITERS][:1]
    candidates = [as_delimiter(opening.delimiter)] if opening.delimiter else seen
    if not top.strip():
        raise EmptyFileError("the file holds only blank lines", where=export.name, hint="export it again")
    scored = [(find_header(lines, candidate, opening.score, opening.header_row), candidate) for candidate in candidates]
    # max keeps the first of equals: the order of DELIMITERS decides.
    header, chosen = max(scored, key=lambda pair: (pair[0].score, len(pair[0].cells)))
    if not header.score:
        row = opening.header_row
        looked_at = f"none of the first {HEADER_WITHIN} rows is" if row is None else f"row {row} is not"
        hint = "name its columns with --map field=Header, or give header_row in a profile"
        raise HeaderError(f"{looked_at} a header", where=export.name, hint=hint)
    how = "as given" if opening.delimiter else "found"
    found = f"encoding {text.found}, delimiter {DELIMITERS.get(chosen, repr(chosen))} ({how})"
    consumed = "".join(lines[: header.n_lines])
    return TextTable(
        name=export.name,
        header=tuple(cell.replace("\0", "").strip("\ufeff ") for cell in header.cells),
        header_row=header.row,
        found=found,
        n_titles=header.n_titles,
        size=size,
        start=text.start + len(consumed.encode(text.codec)),
        _text=text,
        _records=Records(chosen, header.is_spaced, len(header.cells)),
    )
