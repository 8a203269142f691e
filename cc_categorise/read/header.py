"""Which row of a table is the header, and what stands between its cells where it is delimited text.

Takes rows or lines and a score of rows, returns the best row.  Knows nothing of fields beyond that score, and nothing
of the rows below.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from cc_categorise.errors import DelimiterError
from cc_categorise.read.encoding import unmarked

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
HEADER_WITHIN = 50


class HeaderRow(NamedTuple):
    """The row that is a header of most fields: of how many, its place, and how many filled rows stand above it."""

    score: int
    place: int
    n_titles: int


def find_row(
    rows: Iterable[Sequence[str]], score: Callable[[Sequence[str]], int], wanted: int | None
) -> HeaderRow | None:
    """Find the row that is a header of most fields, the first of equals; None if every row is blank.

    The score says of how many fields a row would be the header; the row that is wanted, from 1, is it whatever its own.
    """
    best: HeaderRow | None = None
    n_filled = 0
    for place, row in enumerate(islice(rows, max(HEADER_WITHIN, wanted or 0))):
        if not any(map(str.strip, row)):
            continue
        if wanted is None or place + 1 == wanted:
            fields = score(row)
            if best is None or fields > best.score:
                best = HeaderRow(max(fields, place + 1 == wanted), place, n_filled)
        n_filled += 1
    return best


class Header(NamedTuple):
    """The header row of delimited text."""

    score: int  # see `HeaderRow`
    cells: Sequence[str] = ()  # as written, quotes and the spaces after delimiters taken off
    is_spaced: bool = False  # whether a space follows each delimiter
    row: int = 0  # its row number
    n_lines: int = 0  # lines of text down to its last
    n_titles: int = 0  # see `HeaderRow`


def find_header(lines: list[str], delimiter: str, score: Callable[[Sequence[str]], int], wanted: int | None) -> Header:
    """Find the header of delimited text as `find_row` does; its score is 0 if there is none."""
    reader = csv.reader(map(unmarked, lines), delimiter=delimiter, skipinitialspace=True)
    ends: list[tuple[list[str], int]] = [([], 0)]
    ends += ((row, reader.line_num) for row in islice(reader, max(HEADER_WITHIN, wanted or 0)))
    best = find_row((row for row, _ in ends[1:]), score, wanted)
    if best is None:
        return Header(0)
    (_, start), (cells, end) = ends[best.place : best.place + 2]
    plain = next(csv.reader(map(unmarked, lines[start:end]), delimiter=delimiter), [])
    is_spaced = len(plain) > 1 and all(cell.startswith(" ") for cell in plain[1:])
    return Header(best.score, cells, is_spaced, best.place + 1, end, best.n_titles)


def as_delimiter(text: str) -> str:
    """Read a delimiter as a person gives it: the character, or its name.

    Raises:
        DelimiterError: It is not one character.
    """
    named = {"tab": "\t", "\\t": "\t", **{name: sign for sign, name in DELIMITERS.items()}}
    sign = named.get(text.lower(), text)
    if len(sign) != 1 or sign in '"\r\n\0':
        raise DelimiterError("a delimiter is one character", hint="for example --delimiter ';' or --delimiter tab")
    return sign
