"""Which row of delimited text is the header, and what stands between its cells.

Takes lines and a score of rows, returns the best row.  Knows nothing of fields beyond that score, and nothing
of the rows below.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cc_categorise.errors import DelimiterError
from cc_categorise.read.encoding import unmarked

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
HEADER_WITHIN = 50


class Header(NamedTuple):
    """The row that is a header of most fields.

    Attributes:
        score: Of how many fields.
        cells: As written, quotes and the spaces after delimiters taken off.
        is_spaced: Whether a space follows each delimiter.
        row: Its row number.
        n_lines: Lines of text down to its last.
        n_titles: Filled rows above it.
    """

    score: int
    cells: Sequence[str] = ()
    is_spaced: bool = False
    row: int = 0
    n_lines: int = 0
    n_titles: int = 0


def find_header(lines: list[str], delimiter: str, score: Callable[[Sequence[str]], int], wanted: int | None) -> Header:
    """Find the row that is a header of most fields, the first of equals; its score is 0 if there is none.

    Args:
        lines: The head of the file, line ends kept.
        delimiter: One character.
        score: How many fields the cells of a row would be headers of.
        wanted: Number of the row that is the header whatever its score, or None.
    """
    reader = csv.reader(map(unmarked, lines), delimiter=delimiter, skipinitialspace=True)
    best = Header(0)
    n_titles = n_lines = 0
    for number, row in enumerate(reader, 1):
        if number > max(HEADER_WITHIN, wanted or 0):
            break
        start, n_lines = n_lines, reader.line_num
        if not any(map(str.strip, row)):
            continue
        fields = max(score(row), number == wanted)
        if number == wanted or (wanted is None and fields > best.score):
            plain = next(csv.reader(map(unmarked, lines[start:n_lines]), delimiter=delimiter), [])
            is_spaced = len(plain) > 1 and all(cell.startswith(" ") for cell in plain[1:])
            best = Header(fields, row, is_spaced, number, n_lines, n_titles)
        n_titles += 1
    return best


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
