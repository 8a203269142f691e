"""Grades of intelligence and red, amber, green: as written → as read, each grading scheme by itself.

Takes single texts, returns values, or None for what is neither.  A grade of one scheme is never turned into one of the
other.  Knows nothing of records or tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

RAG = ("Red", "Amber", "Green")

_APART = re.compile(r"[\s/.,:;_-]+")
_3X5X2 = re.compile(r"(?:3X5X2)?([1-3])([A-E])[PC]?")
_5X5X5 = re.compile(r"(?:5X5X5)?([A-E])([1-5])[1-5]?")


class Grade(NamedTuple):
    """The grade of a source and of its information, in the scheme it was given in.

    Attributes:
        scheme: ``3x5x2`` or ``5x5x5``.
        evaluation: Source, then information: ``1A`` in the one, ``A1`` in the other.
    """

    scheme: str
    evaluation: str


def read_grade(text: str) -> Grade | None:
    """Read a grade such as ``1AP``, ``1 A P``, ``B/2/4`` or ``3x5x2: 2B``.

    Which scheme it is of shows in what comes first: a digit for the source in 3x5x2, a letter in 5x5x5.  The third
    part, handling, may be left out, and is no part of the evaluation.

    Source:
        College of Policing, Authorised Professional Practice, Intelligence report (3x5x2, since 2016; 5x5x5 before).
    """
    plain = _APART.sub("", text).upper()
    for scheme, form in (("3x5x2", _3X5X2), ("5x5x5", _5X5X5)):
        if match := form.fullmatch(plain):
            return Grade(scheme, match[1] + match[2])
    return None


def read_rag(text: str) -> str | None:
    """Read ``Red``, ``amber`` or ``G``."""
    plain = text.strip().casefold()
    return next((name for name in RAG if plain in (name.casefold(), name[0].casefold())), None)


def notes_on(field: str, counts: Mapping[str, int]) -> list[str]:
    """Say what the values of a breakdown are: grades of which scheme, and how many are none.

    Args:
        field: Name of the breakdown; others than ``grade`` and ``rag`` give nothing.
        counts: How many records have each value.  Blank cells are among the values that are none.
    """
    if field not in ("grade", "rag"):
        return []
    found: dict[str, int] = {}
    for value, n in counts.items():
        if field == "grade":
            grade = read_grade(value)
            kind = grade.scheme if grade else "neither"
        else:
            kind = "red, amber or green" if read_rag(value) else "none of them"
        found[kind] = found.get(kind, 0) + n
    if field == "grade":
        parts = [f"{found.get(kind, 0):,} in {kind}" for kind in ("3x5x2", "5x5x5", "neither")]
        return [f"grades: {', '.join(parts)}; the two are kept apart and never converted"]
    return [f"rag: {', '.join(f'{found.get(kind, 0):,} {kind}' for kind in ('red, amber or green', 'none of them'))}"]
