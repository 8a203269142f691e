"""Delimited text → blocks of rows, exactly as the csv module reads them, with open quotes found and told.

Takes an export, returns a `TextTable` whose blocks can be read again one by one.  A block holds whole records: it
is cut where the quotes before a line end pair up, and parsed strictly; where that fails, record by record.
Knows nothing of fields.
"""

from __future__ import annotations

import csv
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any, NamedTuple

from cc_categorise.errors import EmptyFileError, HeaderError
from cc_categorise.read.encoding import EncodedText, find_encoding, text_lines, unmarked
from cc_categorise.read.exports import Export
from cc_categorise.read.header import DELIMITERS, HEADER_WITHIN, as_delimiter, find_header
from cc_categorise.read.table import Block, Fault

_BLOCK = 2**17
_HEAD = 2**18
_LONGEST_RECORD = 2**23
_LINE_ENDS = (b"\n", b"\r")

csv.field_size_limit(2 * _LONGEST_RECORD)


class Dialect(NamedTuple):
    """How cells are written: what stands between them, and whether a space follows it."""

    delimiter: str
    is_spaced: bool

    def reader(self, lines: Iterable[str], *, strict: bool = False, literal: bool = False) -> Any:  # noqa: ANN401 - the csv module's own, which has no public name
        """Give a reader of the csv module; a literal one takes quotes as text."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            skipinitialspace=self.is_spaced,
            strict=strict,
            quoting=csv.QUOTE_NONE if literal else csv.QUOTE_MINIMAL,
        )


class Slice(NamedTuple):
    """Part of a file: its first byte, the byte after its last (None for the end), and the number of its first row."""

    start: int
    stop: int | None
    row: int


class Span(NamedTuple):
    """Where a block stands: its first byte, its bytes, and the number of its first row."""

    start: int
    size: int
    row: int


@dataclass(slots=True)
class TextTable:
    """One table of delimited text, see `table.Table`.

    Attributes:
        start: Byte of the file at which the rows begin.
        spans: Where the blocks stand that have been read.
    """

    name: str
    header: tuple[str, ...]
    header_row: int
    found: str
    n_titles: int
    size: int
    start: int
    _text: EncodedText
    _dialect: Dialect
    sheet: str = ""
    spans: list[Span] = field(default_factory=list)

    def blocks(self) -> Iterator[Block]:
        """Read every block, in order."""
        return self.blocks_of(Slice(self.start, None, self.header_row + 1))

    def blocks_of(self, part: Slice) -> Iterator[Block]:
        """Read the blocks of a slice, in order; a record that does not end within it is left out."""
        self.spans = spans = []  # a new list, so that two readings at once do not mix
        start, stop, row = part
        left = sys.maxsize if stop is None else stop - start
        pending, ended = b"", False
        with self._text.export.open() as stream:
            stream.seek(start)
            while not ended:
                chunk = stream.read(min(_BLOCK, left))
                pending += chunk
                left -= len(chunk)
                ended = not chunk
                final = ended and stop is None
                forced = len(pending) > _LONGEST_RECORD
                cut = len(pending) if final else _record_end(pending)
                if forced and not cut:
                    cut = max(_line_end(pending, mark) for mark in _LINE_ENDS) or self._text.n_whole(pending)
                if not cut:
                    continue
                rows, faults, used = self._parse(pending[:cut], start, forced=forced, final=final)
                if used:
                    spans.append(Span(start, used, row))
                    yield Block(row, rows, faults, used)
                    start, row, pending = start + used, row + len(rows), pending[used:]

    def blocks_with(self, numbers: Sequence[int]) -> Iterator[Block]:
        """Read again the blocks that hold rows of these numbers, in order."""
        firsts = [span.row for span in self.spans]
        with self._text.export.open() as stream:
            for index in sorted({bisect_right(firsts, number) - 1 for number in numbers}):
                start, used, row = self.spans[index]
                stream.seek(start)
                rows, faults, _ = self._parse(stream.read(used), start, final=True)
                yield Block(row, rows, faults, used)

    @property
    def is_on_disk(self) -> bool:
        """Say whether another process reads the same bytes at the same places."""
        return self._text.export.spool is None

    def slice_end(self, start: int, size: int, least: int = 0) -> int | None:
        """Find where a slice seems to end with a record; None at the end of the file.

        An open quote may deceive: then `blocks_of` leaves the last record out.

        Args:
            start: Its first byte.
            size: About how many bytes it shall have.
            least: Cut it nowhere before it has so many.
        """
        with self._text.export.open() as stream:
            stream.seek(start)
            data = stream.read(size)
        end = _record_end(data)
        return start + (end if end > least else size) if len(data) == size else None

    def _parse(
        self, data: bytes, offset: int, *, forced: bool = False, final: bool
    ) -> tuple[list[list[str]], list[Fault], int]:
        """Parse records; leave one that is not finished for the next block.

        Args:
            data: Whole lines.
            offset: Where they begin in the file.
            forced: Take the first record even if it is not finished.
            final: Take every record.

        Returns:
            Rows, faults, and how many bytes of ``data`` they take.
        """
        text = self._text.decode(data, offset)
        lines = text_lines(text)
        if "\ufeff" in text:
            lines = list(map(unmarked, lines))
        reader = self._dialect.reader(lines, strict=True)
        try:
            ended = [(row, reader.line_num) for row in reader]
        except csv.Error:
            return self._parse_one_by_one(text, len(data), forced=forced, final=final)
        rows = [row for row, _ in ended]
        if reader.line_num != len(rows):
            ends = [0, *(end for _, end in ended)]
            inner = chain.from_iterable(lines[start + 1 : end] for start, end in pairwise(ends) if end - start > 1)
            if self._hide_rows(inner):
                return self._parse_one_by_one(text, len(data), forced=forced, final=final)
        faults = []
        if "\0" in text:
            faults = [Fault(i, "nul-character") for i, row in enumerate(rows) if any("\0" in cell for cell in row)]
        return rows, faults, len(data)

    def _parse_one_by_one(
        self, text: str, size: int, *, forced: bool, final: bool
    ) -> tuple[list[list[str]], list[Fault], int]:
        """Parse text in which a quote is left open or stands astray somewhere, to the same rows as `_parse`."""
        raw = text_lines(text)
        lines = _Lines(list(map(unmarked, raw)))
        reader = self._dialect.reader(lines, strict=True)
        rows: list[list[str]] = []
        faults: list[Fault] = []
        while lines.at < len(raw):
            start, row, code = lines.at, None, None
            try:
                row = next(reader)
            except csv.Error:
                if lines.at == len(raw) and not final and (start or not forced):
                    unfinished = "".join(raw[start:])
                    return rows, faults, size - len(unfinished.encode(self._text.codec))
            hides_rows = self._hide_rows(lines.lines[start + 1 : lines.at])
            if row is None or (hides_rows and len(row) != len(self.header)):
                lines.at = start + 1
                row, code = self._mend(lines.lines[start])
            elif hides_rows:
                code = "row-within-quotes"
            if any("\0" in cell for cell in row):
                faults.append(Fault(len(rows), "nul-character"))
            if code:
                faults.append(Fault(len(rows), code))
            rows.append(row)
        return rows, faults, size

    def _hide_rows(self, lines: Iterable[str]) -> bool:
        """Say whether a line inside a record looks like a row of its own: a quote may have been left open above.

        In prose with as many delimiters, a space follows each of them.
        """
        n_more = len(self.header) - 1
        found = (self._cells(line)[1:] for line in lines if line.count(self._dialect.delimiter) >= n_more > 0)
        return any(len(cells) == n_more and not all(cell.startswith(" ") for cell in cells) for cells in found)

    def _mend(self, line: str) -> tuple[list[str], str | None]:
        """Cut a line by itself whose quotes do not pair up with its cells."""
        width = len(self.header)
        tolerant = self._cells(line)
        if len(tolerant) == width and line.count('"') % 2 == 0:
            return tolerant, None  # only something between a closing quote and the delimiter
        literal = self._cells(line, literal=True)
        if len(literal) == width:
            paired = (c[1:-1].replace('""', '"') if len(c) > 1 and c[0] == c[-1] == '"' else c for c in literal)
            return list(paired), "stray-quote"
        return literal, "unbalanced-quote"

    def _cells(self, line: str, *, literal: bool = False) -> list[str]:
        return next(self._dialect.reader([line], literal=literal), [])


class _Lines:
    """Lines that the csv module takes one by one, with the place it has come to."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.at == len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


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


def open_text(
    export: Export,
    score: Callable[[Sequence[str]], int],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
) -> TextTable:
    """Open delimited text: find its encoding, delimiter and header.

    Args:
        export: The file.
        score: How many fields the cells of a row would be headers of.
        encoding: Overrides what is found.
        delimiter: One character, or ``tab``; overrides what is found.
        header_row: Number of the header row; overrides what is found.

    Raises:
        EmptyFileError: The file holds nothing.
        EncodingError: It cannot be decoded.
        DelimiterError: ``delimiter`` is not one character.
        HeaderError: No row near the top is a header.
    """
    text = find_encoding(export, encoding)
    with text.export.open() as stream:
        size = stream.seek(0, 2)
        stream.seek(text.start)
        head = stream.read(_HEAD)
    lines = text_lines(text.decode(head[: text.n_whole(head)], text.start))
    if len(head) == _HEAD:
        lines = lines[:-1] or lines  # the last may be cut; a longer file has its header well before it
    seen = [sign for sign in DELIMITERS if any(sign in line for line in lines)] or [*DELIMITERS][:1]
    candidates = [as_delimiter(delimiter)] if delimiter else seen
    if not any(map(str.strip, lines)):
        raise EmptyFileError("the file holds only blank lines", where=export.name, hint="export it again")
    scored = [(find_header(lines, candidate, score, header_row), candidate) for candidate in candidates]
    # max keeps the first of equals: the order of DELIMITERS decides.
    header, chosen = max(scored, key=lambda pair: (pair[0].score, len(pair[0].cells)))
    if not header.score:
        looked_at = f"none of the first {HEADER_WITHIN} rows is" if header_row is None else f"row {header_row} is not"
        raise HeaderError(
            f"{looked_at} a header",
            where=export.name,
            hint="name its columns with --map field=Header, or give header_row in a profile",
        )
    how = "as given" if delimiter else "found"
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
        _dialect=Dialect(chosen, header.is_spaced),
    )
