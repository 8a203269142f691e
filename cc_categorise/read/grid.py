"""Well-formed delimited text, or packed rows → where every cell begins and ends, found in all of a block at once.

Takes bytes, returns a `Grid`; or None where there is any doubt that the csv module would cut the same cells, so that
it has to do so.  Of packed rows there is none.  Knows nothing of files, fields or what cells mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Words = NDArray[np.uint64]
Which = Whole | slice

CODECS = ("utf-8", "cp1252")
"""In these, a byte that looks like a delimiter, a quote or a line end is one."""

QUOTE, _LINE_END, _RETURN = b'"\n\r'
_MARK = "\ufeff".encode()
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
WORD = 8


class Shape(NamedTuple):
    """What a table's text looks like."""

    delimiter: str  # what stands between cells
    width: int  # cells of the header
    codec: str  # one of `CODECS`
    # says whether one of the lines that begin within quotes looks like a row
    hides_rows: Callable[[Iterable[str]], bool]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of text, as wide as the header, cut but not yet read."""

    first: int  # row number of the first row
    rows: Whole  # which rows there are, from 0
    size: int  # bytes of the file that they stand for
    codec: str
    is_csv: bool  # whether a cell may stand between quotes, and a row end with a carriage return
    _data: bytes  # these bytes and some more
    _ends: Whole  # where each cell ends (rows x width), in bytes; a carriage return before a line end is in the cell

    @property
    def after(self) -> int:
        """Number of the row after the last."""
        return self.first + len(self._ends)

    @property
    def numbers(self) -> Sequence[int]:
        """Row numbers."""
        is_whole = len(self.rows) == len(self._ends)
        return range(self.first, self.after) if is_whole else (self.first + self.rows).tolist()

    def without(self, dropped: Sequence[int]) -> Grid:
        """Leave out some of the rows."""
        return replace(self, rows=np.setdiff1d(self.rows, dropped))

    def row_starts(self, step: int) -> list[int]:
        """Give the first byte of every so manieth row, from the second such row on."""
        starts: list[int] = (self._ends[step - 1 : -1 : step, -1] + 1).tolist()
        return starts

    def place(self, column: int) -> tuple[Whole, Whole]:
        """Give the first byte and the length of a column's cells, quotes included."""
        if column:
            starts = self._ends[self.rows, column - 1] + 1
        else:
            starts = np.concatenate(([0], self._ends[:-1, -1] + 1))[self.rows]
        ends = self._ends[self.rows, column]
        if column == self._ends.shape[1] - 1 and self.is_csv:
            ends = ends - (self.bytes_at(ends - 1) == _RETURN)
        return starts, ends - starts

    def bytes_at(self, places: Whole) -> NDArray[np.uint8]:
        """Give the byte at each place."""
        return np.frombuffer(self._data, np.uint8)[places]

    def raw(self, start: int, length: int) -> bytes:
        """Give the bytes of a cell."""
        return self._data[start : start + length]

    def text(self, raw: bytes) -> str:
        """Give the text of a cell."""
        text = raw.decode(self.codec, "surrogatepass")
        return text[1:-1].replace('""', '"') if self.is_csv and text.startswith('"') else text

    def texts(self, rows: Whole, column: int) -> list[str]:
        """Give the text of a column's cells in some of the rows."""
        starts, lengths = (each[rows].tolist() for each in self.place(column))
        return [self.text(self.raw(start, length)) for start, length in zip(starts, lengths, strict=True)]

    def rows_at(self, rows: Whole) -> list[list[str]]:
        """Give the cells of some of the rows."""
        columns = (self.texts(rows, column) for column in range(self._ends.shape[1])) if len(rows) else ()
        return list(map(list, zip(*columns, strict=True)))

    def words(self, starts: Whole, lengths: Whole) -> list[tuple[Which, Words]]:
        """Give stretches of bytes as numbers, see `words_of`."""
        return words_of(self._data, starts, lengths)


def words_of(data: bytes, starts: Whole, lengths: Whole) -> list[tuple[Which, Words]]:
    """Give stretches of bytes as numbers of eight bytes each, the last one filled up with zeros.

    The data goes on for eight bytes at least after every stretch.

    Returns:
        For each eight bytes of the longest: which stretches are as long, and these bytes of each.
    """
    at_every_byte: Words = np.ndarray((len(data) - WORD + 1,), "<u8", data, strides=(1,))
    words: list[tuple[Which, Words]] = []
    for done in range(0, int(lengths.max(initial=0)), WORD):
        which = np.flatnonzero(lengths > done) if done else slice(None)
        left = np.minimum(lengths[which] - done, WORD)
        words.append((which, at_every_byte[starts[which] + done] & _MASKS[left]))
    return words


def cut(data: bytes, first: int, shape: Shape) -> Grid | None:
    """Find the cells of the whole records at the head of a block.

    Every quote must open a cell, close it or stand doubled within; every record must have as many cells as the header;
    and no line within quotes may look like a row.  Whatever else is written, the csv module has to read.  The first
    record is of row ``first``.
    """
    delimiter, width, codec, hides_rows = shape
    text = np.frombuffer(data, np.uint8)
    sign = ord(delimiter)
    marks = text == sign
    marks |= text == QUOTE
    marks |= text == _LINE_END
    places = np.flatnonzero(marks)
    kinds = text[places]
    is_quote = kinds == QUOTE
    is_within = (np.cumsum(is_quote, dtype=np.uint8) & 1).astype(bool)
    is_outside = ~(is_within | is_quote)
    lines = np.flatnonzero(kinds[is_outside] == _LINE_END)
    if not len(lines) or not np.array_equal(lines, np.arange(width - 1, len(lines) * width, width)):
        return None
    ends = places[is_outside][: len(lines) * width].reshape(-1, width)
    size = int(ends[-1, -1]) + 1
    n = int(np.searchsorted(places, size))
    lines = np.flatnonzero(kinds[:n] == _LINE_END)
    is_sound = (
        _quotes_pair_up(text, places[:n][is_quote[:n]], sign)
        and _returns_end_lines(text, places[lines], data.count(b"\r", 0, size) if b"\r" in data else 0)
        and b"\0" not in data
        and (data.isascii() or (_MARK not in data and _is_text(data[:size], codec)))
    )
    if not is_sound:
        return None
    within = _lines_within(data, places[lines], is_within[lines], np.cumsum(kinds == sign)[lines], width - 1)
    if within and hides_rows([line.decode(codec) for line in within]):
        return None
    return Grid(first, np.arange(len(ends)), size, codec, is_csv=True, _data=data + bytes(WORD), _ends=ends)


def spread(data: bytes, first: int, sign: str, width: int, size: int) -> Grid:
    """Give rows in which every cell is followed by a sign, and that have it nowhere else."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(sign)).reshape(-1, width)
    return Grid(first, np.arange(len(ends)), size, "utf-8", is_csv=False, _data=data + bytes(WORD), _ends=ends)


def _quotes_pair_up(text: NDArray[np.uint8], quotes: Whole, sign: int) -> bool:
    """Say whether every quote opens a cell or closes it; of a doubled one, the first closes and the second opens."""
    opening, closing = quotes[::2], quotes[1::2]
    before, after = text[opening - 1], text[closing + 1]
    opens = (opening == 0) | (before == sign) | (before == _LINE_END) | (before == QUOTE)
    closes = (after == sign) | (after == _LINE_END) | (after == QUOTE) | (after == _RETURN)
    return bool(opens.all() and closes.all())


def _returns_end_lines(text: NDArray[np.uint8], lines: Whole, n_returns: int) -> bool:
    """Say whether every carriage return stands before a line feed: alone it would end a line too."""
    return not n_returns or n_returns == int((text[lines[lines > 0] - 1] == _RETURN).sum())


def _lines_within(data: bytes, lines: Whole, is_within: NDArray[np.bool_], n_signs: Whole, least: int) -> list[bytes]:
    """Give the lines that begin within quotes and have so many delimiters at least."""
    doubtful = np.flatnonzero(is_within[:-1] & (np.diff(n_signs) >= least))
    return [data[lines[i] + 1 : lines[i + 1] + 1] for i in doubtful]


def _is_text(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeError:
        return False
    return True
