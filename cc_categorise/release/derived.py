"""What is worked out from a protected table: change, shares, rates, each only from numbers that are printed.

Takes protected tables, and a CSV file of denominators, returns sheets.  No exact count ever comes here, so that no
figure can give one away.  Knows nothing of how a number was protected.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

from cc_categorise.dates import DateError, in_words, read_day
from cc_categorise.disclosure.tables import TOTAL, Coordinates, ProtectedTable, Published
from cc_categorise.document import Cell, Group, Sheet
from cc_categorise.errors import WorkforceError
from cc_categorise.figures import Tally
from cc_categorise.model import OTHER, UNCATEGORISED
from cc_categorise.release.counts import TOTAL_TITLE, Shorthand, bar, chart_of, lines_of, shown
from cc_categorise.render.wording import year_headings

_CHANGE_COLUMNS = (
    *("year", "year_before", "category_code", "category"),
    *("records_before", "records", "change", "change_percent"),
)
_RATE_COLUMNS = (*("force", "year", "category_code", "category"), *("records", "workforce", "measure", "as_at", "rate"))
_TENTH = Decimal("0.1")
_NOT_APPLICABLE, _NOT_AVAILABLE = Shorthand("[z]"), Shorthand("[x]")
_NEEDED = ("year", "workforce", "measure", "as_at")
_MEASURES = {"fte": "FTE", "headcount": "headcount"}


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


def change_sheet(tally: Tally, table: ProtectedTable, title: str) -> Sheet:
    """Set the last year beside the one before: both counts, the change, and its per cent of the year before."""
    before, year = tally.years[-2:]
    rows = []
    for code, text in (*lines_of(tally), (TOTAL, TOTAL_TITLE)):
        rows.append((code, text, *change_of(table.cells[before, code], table.cells[year, code])))
    bars = tuple(Group(str(row[1]), (bar("", row[4]),)) for row in rows[:-1])
    return Sheet(
        name="change",
        title=title,
        headers=("Category", *year_headings(tally)[-2:], "Change", "Change (%)"),
        rows=tuple((row[1], *row[2:]) for row in rows),
        n_totals=1,
        chart=chart_of(f"Change from {before} to {year} by category", bars),
        tidy=_tidy(_CHANGE_COLUMNS, [(year, before, *row) for row in rows]),
    )


def change_of(before: Published, after: Published) -> tuple[Cell, Cell, Cell, Cell]:
    """Give both numbers, the change and its per cent; shorthand where a number is not shown."""
    if (kept := hidden(before, after)) is not None:
        return shown(before), shown(after), kept, kept
    change = (after.value or 0) - (before.value or 0)
    return shown(before), shown(after), change, percentage(change, before.value or 0)


def shares_sheet(tally: Tally, table: ProtectedTable, title: str) -> Sheet:
    """Give, year by year, the share of records that are uncategorised, or other."""
    codes = [(code, text) for code, text in lines_of(tally) if code in (UNCATEGORISED, OTHER)]
    rows, groups, tidy = [], [], []
    for year, heading in zip(tally.years, year_headings(tally), strict=True):
        total = table.cells[year, TOTAL]
        cells: list[Cell] = [shown(total)]
        shares = {}
        for code, text in codes:
            part = table.cells[year, code]
            shares[text] = hidden(part, total) or percentage(part.value or 0, total.value or 0)
            cells += [shown(part), shares[text]]
        rows.append((heading, *cells))
        tidy.append((year, *cells))
        groups.append(Group(year, tuple(bar(text, share) for text, share in shares.items())))
    titles = [head for _, text in codes for head in (text, f"{text} (%)")]
    names = [name for code, _ in codes for name in (code, f"{code}_percent")]
    return Sheet(
        name="shares",
        title=title,
        headers=("Year", "Records", *titles),
        rows=tuple(rows),
        chart=chart_of("Per cent of records that are uncategorised, or other", tuple(groups)),
        tidy=_tidy(("year", "records", *names), tidy),
    )


def rates_sheet(tally: Tally, tables: Sequence[ProtectedTable], workforce: Workforce, per: int, title: str) -> Sheet:
    """Give a rate for each year and category that has a denominator: of all, and of single forces.

    Raises:
        WorkforceError: No denominator is of a year and force of the release.
    """
    rows, tidy = [], []
    for table, place, base in _places(tables, workforce):
        force, year = (TOTAL, *place)[-2:]
        for code, text in (*lines_of(tally), (TOTAL, TOTAL_TITLE)):
            cell = table.cells[*place, code]
            rate = hidden(cell) or _tenths(Decimal(cell.value or 0) * per / base.size)
            figures = (shown(cell), base.size, base.measure)
            rows.append(("All" if force == TOTAL else force, year, text, *figures, in_words(base.as_at), rate))
            tidy.append((force, year, code, text, *figures, base.as_at.isoformat(), rate))
    if not rows:
        hint = f"years of the release: {', '.join(tally.years)}; forces as in the export, with --by force"
        raise WorkforceError("no row of the workforce file is of a year of the release", hint=hint)
    return Sheet(
        name="rates",
        title=title,
        headers=("Force", "Year", "Category", "Records", "Workforce", "Measure", "As at", f"Rate per {per:,}"),
        rows=tuple(rows),
        n_heads=3,
        tidy=_tidy(_RATE_COLUMNS, tidy),
    )


def _places(
    tables: Sequence[ProtectedTable], workforce: Workforce
) -> Iterator[tuple[ProtectedTable, Coordinates, Denominator]]:
    """Give the years of each table, and of each force where it is by force, that have a denominator."""
    for table in tables:
        by = table.dimensions[:-2]
        for (force, year), base in workforce.of.items():
            place = (force, year) if force else (year,)
            if by == ("force",) * bool(force) and (*place, TOTAL) in table.cells:
                yield table, place, base


def hidden(*cells: Published) -> Shorthand | None:
    """Give the shorthand of a figure that rests on a number which is not printed."""
    found = [Shorthand(shown(cell)) for cell in cells if cell.value is None]
    if not found:
        return None
    return next((text for text in found if text != "[low]"), _NOT_AVAILABLE)


def percentage(part: int, whole: int) -> Cell:
    """Give a share or a change in per cent, to a tenth; ``[z]`` where there is nothing to take it of."""
    return _tenths(Decimal(100 * part) / whole) if whole else _NOT_APPLICABLE


def _tenths(number: Decimal) -> Decimal:
    return number.quantize(_TENTH, ROUND_HALF_UP) + 0  # no minus before a nought


def _tidy(names: tuple[str, ...], rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell | None, ...], ...]:
    """Lay rows out for a program: shorthand apart from figures, in a column of its own."""
    tidy: list[tuple[Cell | None, ...]] = [(*names, "marker")]
    for values, markers in map(apart, rows):
        tidy.append((*values, " ".join(dict.fromkeys(markers))))
    return tuple(tidy)


def apart(cells: Sequence[Cell]) -> tuple[list[Cell | None], list[str]]:
    """Part figures from the shorthand in place of some: the cells with None there, and the letters."""
    letters = re.findall(r"\w+", " ".join(cell for cell in cells if isinstance(cell, Shorthand)))
    return [None if isinstance(cell, Shorthand) else cell for cell in cells], letters


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
        raise WorkforceError("the workforce file cannot be read", where=path.as_posix()) from None
    given = rows[0] if rows else {}
    if missing := [name for name in _NEEDED if name not in given]:
        raise WorkforceError(f"it lacks the column {missing[0]}, or has no rows", where=path.as_posix())
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
        raise WorkforceError("measure is neither FTE nor headcount", where=where)
    return Denominator(Decimal(size), _MEASURES[measure.casefold()], as_at)
