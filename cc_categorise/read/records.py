"""Text → the cells of its records, exactly as the csv module reads them, with open quotes found and told.

Records are cut strictly and all at once; where that fails, one by one.  Knows nothing of bytes, files or fields.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from itertools import chain, pairwise
from typing import Any, NamedTuple

from cc_categorise.read.encoding import text_lines, unmarked
from cc_categorise.read.table import Fault

LONGEST_RECORD = 2**23
csv.field_size_limit(2 * LONGEST_RECORD)


class Cut(NamedTuple):
    """Rows of cells, what is wrong with single rows, and the text of a record that is not finished."""

    rows: list[list[str]]
    faults: list[Fault]
    unfinished: str


class Records(NamedTuple):
    """Cuts records."""

    delimiter: str
    is_spaced: bool  # whether a space follows it
    width: int  # cells of the header

    def cut(self, text: str, *, forced: bool = False, final: bool) -> Cut:
        """Cut the records of whole lines; leave one that is not finished for the next block.

        A forced cut takes the first record even if it is not finished, a final one every record.
        """
        lines = text_lines(text)
        if "\ufeff" in text:
            lines = list(map(unmarked, lines))
        reader = self._reader(lines, strict=True)
        try:
            ended = [(row, reader.line_num) for row in reader]
        except csv.Error:
            return self._one_by_one(text, forced=forced, final=final)
        rows = [row for row, _ in ended]
        if reader.line_num != len(rows):
            ends = [0, *(end for _, end in ended)]
            inner = chain.from_iterable(lines[start + 1 : end] for start, end in pairwise(ends) if end - start > 1)
            if self.hide_rows(inner):
                return self._one_by_one(text, forced=forced, final=final)
        faults = []
        if "\0" in text:
            faults = [Fault(i, "nul-character") for i, row in enumerate(rows) if any("\0" in cell for cell in row)]
        return Cut(rows, faults, "")

    def _one_by_one(self, text: str, *, forced: bool, final: bool) -> Cut:
        """Cut text in which a quote is left open or stands astray somewhere, to the same rows as `cut`."""
        raw = text_lines(text)
        lines = _Lines(list(map(unmarked, raw)))
        reader = self._reader(lines, strict=True)
        rows: list[list[str]] = []
        faults: list[Fault] = []
        while lines.at < len(raw):
            start, row, code = lines.at, None, None
            try:
                row = next(reader)
            except csv.Error:
                if lines.at == len(raw) and not final and (start or not forced):
                    return Cut(rows, faults, "".join(raw[start:]))
            hides_rows = self.hide_rows(lines.lines[start + 1 : lines.at])
            if row is None or (hides_rows and len(row) != self.width):
                lines.at = start + 1
                row, code = self._mend(lines.lines[start])
            elif hides_rows:
                code = "row-within-quotes"
            if any("\0" in cell for cell in row):
                faults.append(Fault(len(rows), "nul-character"))
            if code:
                faults.append(Fault(len(rows), code))
            rows.append(row)
        return Cut(rows, faults, "")

    def hide_rows(self, lines: Iterable[str]) -> bool:
        """Say whether a line inside a record looks like a row of its own: a quote may have been left open above.

        In prose with as many delimiters, a space follows each of them.
        """
        n_more = self.width - 1
        found = (self._cells(line)[1:] for line in lines if line.count(self.delimiter) >= n_more > 0)
        return any(len(cells) == n_more and not all(cell.startswith(" ") for cell in cells) for cells in found)

    def _mend(self, line: str) -> tuple[list[str], str | None]:
        """Cut a line by itself whose quotes do not pair up with its cells."""
        width = self.width
        tolerant = self._cells(line)
        if len(tolerant) == width and line.count('"') % 2 == 0:
            return tolerant, None  # only something between a closing quote and the delimiter
        literal = self._cells(line, literal=True)
        if len(literal) == width:
            paired = (c[1:-1].replace('""', '"') if len(c) > 1 and c[0] == c[-1] == '"' else c for c in literal)
            return list(paired), "stray-quote"
        return literal, "unbalanced-quote"

    def _reader(self, lines: Iterable[str], *, strict: bool = False, literal: bool = False) -> Any:  # noqa: ANN401 - the csv module's own, which has no public name
        """Give a reader of the csv module; a literal one takes quotes as text."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            skipinitialspace=self.is_spaced,
            strict=strict,
            quoting=csv.QUOTE_NONE if literal else csv.QUOTE_MINIMAL,
        )

    def _cells(self, line: str, *, literal: bool = False) -> list[str]:
        return next(self._reader([line], literal=literal), [])


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
