"""Grades of intelligence and red, amber, green: as written → as read, each grading scheme by itself.

Takes single texts, returns values, or None for what is neither.  A grade of one scheme is never turned into one of the
other.  Knows nothing of records or tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

RAG = ("Red", "Amber", "Green")

_APART = re.compile(r"[\s/.,:;_-]+")
_3X5X2 = re.compile(r"(?:3X5X2)?([1-3])([A-E])[PC]?")
_5X5X5 = re.compile(r"(?:5X5X5)?([A-E])([1-5])[1-5]?")


class Grade(NamedTuple):
    """The grade of a source and of its information: ``1A`` in the scheme 3x5x2, ``A1`` in 5x5x5."""

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
    found: Counter[str | None] = Counter()
    for value, n in counts.items():
        grade = read_grade(value)
        found[(grade and grade.scheme) if field == "grade" else read_rag(value)] += n
    if field == "grade":
        parts = [f"{found[kind]:,} in {kind or 'neither'}" for kind in ("3x5x2", "5x5x5", None)]
        return [f"grades: {', '.join(parts)}; the two are kept apart and never converted"]
    if field == "rag":
        return [f"rag: {sum(found[name] for name in RAG):,} red, amber or green, {found[None]:,} none of them"]
    return []
