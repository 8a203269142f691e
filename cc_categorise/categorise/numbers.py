"""Numbers of categories as people write them: alone, or at the head of a label.

Takes a cleaned text, returns the number and what follows it.  Knows nothing of any scheme: whether a category
has the number is not asked here.  Numbers inside a text ("D1 ...", "2022/23 ...", "S31") are no numbering.
"""

from __future__ import annotations

import re
from typing import NamedTuple

IMPOSSIBLE = 0
"""Stands for a number that no category can have, such as 4.5."""

_WORD = r"(?:(?:category|cat|number|no)\b[.: -]{0,3}|(?:category|cat)(?=[0-9]))?"
_NUMBER = rf"[(\[]*{_WORD}[(\[#]*([0-9]+)((?:\.[0-9]+)*)"
_ALONE = re.compile(rf"{_NUMBER}[)\].:\- ]*")
_AT_HEAD = re.compile(
    rf"{_NUMBER}(?:[)\]]*[.:\-]+ ?|[)\]]+ ?-? ?| -+ ?| )(?=[^\W_]|[(\[#'\"])(?![0-9]+[/.-][0-9])(.+)", re.DOTALL
)
_LONGEST_AT_HEAD = 3


class Numbered(NamedTuple):
    """A number and the text after it, which is empty where the number stands alone."""

    number: int
    rest: str = ""


def split_number(cleaned: str) -> Numbered | None:
    """Take the number of a category off a text: `4`, `04`, `4.0`, `(4)`, `#4`, `No. 4`, `Cat 4: ...`, `4 - ...`."""
    if match := _ALONE.fullmatch(cleaned):
        is_whole = not match[2].replace(".", "").strip("0")
        return Numbered(int(match[1][-9:]) if is_whole and len(match[1]) <= 9 else IMPOSSIBLE)  # noqa: PLR2004
    match = _AT_HEAD.fullmatch(cleaned)
    if match is None or len(match[1]) > _LONGEST_AT_HEAD:  # a year is no numbering
        return None
    return Numbered(int(match[1]), match[3])
