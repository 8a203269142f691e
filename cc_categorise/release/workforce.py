"""Denominators: a CSV file of workforce → the figure of a year, for a force or for all.

Takes a path, returns a `Workforce`.  Knows nothing of records or rates.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from cc_categorise.dates import DateError, read_day
from cc_categorise.errors import WorkforceError

_NEEDED = ("year", "workforce", "measure", "as_at")
_MEASURES = {"fte": "FTE", "headcount": "headcount"}
_HINT = "columns: year, workforce, measure (FTE or headcount), as_at, and force where they are of one force"


class Denominator(NamedTuple):
    """A workforce: how large, by which measure, on which day."""

    size: Decimal
    measure: str
    as_at: date


@dataclass(frozen=True, slots=True)
class Workforce:
    """Denominators by force and year, the force empty for all of them together; and the SHA-256 of their file."""

    of: Mapping[tuple[str, str], Denominator] = field(default_factory=dict)
    sha256: str = ""


def load_workforce(path: Path) -> Workforce:
    """Read denominators from UTF-8 CSV.

    Its columns are year (as in the tables, such as 2022/23), workforce, measure and as_at; force where a row is of one.

    Raises:
        WorkforceError: The file cannot be read, lacks a column, or has a row that cannot be used.
    """
    try:
        content = path.read_bytes()
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        hint = "save it as CSV, UTF-8"
        raise WorkforceError("the workforce file cannot be read", where=path.as_posix(), hint=hint) from None
    given = rows[0] if rows else {}
    if missing := [name for name in _NEEDED if name not in given]:
        raise WorkforceError(f"it lacks the column {missing[0]}, or has no rows", where=path.as_posix(), hint=_HINT)
    found: dict[tuple[str, str], Denominator] = {}
    for number, row in enumerate(rows, 2):
        key = ((row.get("force") or "").strip(), (row["year"] or "").strip())
        where = f"{path.as_posix()}:{number}"
        if key in found:
            raise WorkforceError("a second figure for the same force and year", where=where, hint="keep one of them")
        found[key] = _denominator(row, where)
    return Workforce(found, hashlib.sha256(content).hexdigest())


def _denominator(row: Mapping[str, str | None], where: str) -> Denominator:
    size, measure, day = ((row[name] or "").strip() for name in _NEEDED[1:])
    size = size.replace(",", "")
    try:
        as_at = read_day(day)
    except DateError:
        raise WorkforceError("as_at is not a day", where=where, hint="write it as 2023-03-31") from None
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", size) or not Decimal(size):
        raise WorkforceError("workforce is not a number above 0", where=where, hint="write it as 3456 or 3456.7")
    if measure.casefold() not in _MEASURES:
        raise WorkforceError("measure is neither FTE nor headcount", where=where, hint=_HINT)
    return Denominator(Decimal(size), _MEASURES[measure.casefold()], as_at)
