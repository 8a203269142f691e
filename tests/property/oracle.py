"""The counting rules once more, in the plainest Python there is: one row at a time, nothing remembered but dicts.

Slow, and independent of the survey path: csv.reader, `Record.model_validate` for every row, Counter.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError
from strategies import AS_AT, FIELDS, HEADERS, Written, is_blank

from cc_categorise.categorise.labels import LabelReader
from cc_categorise.model import UNCATEGORISED, CellRules, Record, cell_text
from cc_categorise.options import Basis, YearBasis
from cc_categorise.profile import Profile
from cc_categorise.scheme import load_scheme

SCHEME = load_scheme().scheme
RULES = Profile().cell_rules
READER = LabelReader(SCHEME, (), RULES.missing)

Found = tuple[int, int | None, str, str]
"""Number of the file, row number, field, code."""
Window = tuple[date | None, date | None]
"""First and last day that count."""


@dataclass
class Kept:
    """A record: its first row, and what the rows merged into it add."""

    place: tuple[int, int]
    identity: tuple[str, str]
    as_written: list[tuple[str, str]]
    day: date
    is_in_period: bool
    group: tuple[str, ...]
    code: str | None
    further: list[str]
    found: list[Found]


@dataclass
class Answer:
    """What the oracle says of a run."""

    fates: Counter[str] = field(default_factory=Counter)
    findings: list[Found] = field(default_factory=list)
    records: list[Kept] = field(default_factory=list)


def year_of(day: date, basis: YearBasis) -> str:
    """Name the year a day falls in."""
    if basis is YearBasis.CALENDAR:
        return f"{day.year}"
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def read_record(cells: dict[str, str], rules: CellRules = RULES) -> tuple[Record, dict[str, str]]:
    """Validate a row; fields that fail are left out of the record, and told with their codes."""
    try:
        return Record.model_validate(cells, context=rules), {}
    except ValidationError as err:
        wrong = {str(problem["loc"][0]): problem["type"] for problem in err.errors()}
        sound = {name: cell for name, cell in cells.items() if name not in wrong}
        return Record.model_validate(sound, context=rules), wrong


def is_set_aside(row: Sequence[str], header: Sequence[str]) -> bool:
    """Say whether a row is blank, the header once more, or a footer."""
    if any("\0" in cell for cell in row):
        return False
    if is_blank(row) or [cell_text(cell) for cell in row] == list(header):
        return True
    anchor = cell_text(row[1]) if len(row) > 1 else ""
    first = next(filter(None, map(cell_text, row)))
    is_total = anchor == "" or anchor.replace(",", "").isdigit()
    return is_total and re.match(r"(?i)(total|end of report)\b", first) is not None


def judge(
    files: Sequence[Written],
    *,
    by: tuple[str, ...] = (),
    is_many: bool = False,
    year: YearBasis = YearBasis.FINANCIAL,
    window: Window = (None, None),
) -> Answer:
    """Give every row its fate and its findings."""
    answer, seen = Answer(), dict[tuple[str, str], Kept]()
    for number, export in enumerate(files):
        read = csv.reader(io.StringIO(export.text, newline=""), delimiter=export.dialect.delimiter, strict=True)
        for row_number, row in enumerate(read, 1):
            if row_number > len(export.titles) + 1 and not is_set_aside(row, export.header):
                place = number, row_number
                kept = _judge_row(answer, place, row, by, window)
                if kept is not None:
                    _settle_row(answer, seen, kept, is_many=is_many, year=year)
    return answer


def _judge_row(
    answer: Answer, place: tuple[int, int], row: list[str], by: tuple[str, ...], window: Window
) -> Kept | None:
    """Read one row by itself; give what may be a record, or None for a row that is rejected."""
    found: list[Found] = []

    def find(field_name: str, code: str | None) -> None:
        if code:
            found.append((*place, field_name, code))

    answer.fates["rows_read"] += 1
    find("", "nul-character" if any("\0" in cell for cell in row) else None)
    if not is_blank(row[len(FIELDS) :]):
        answer.fates["rejected"] += 1
        answer.findings += [*found, (*place, "", "too-many-cells")]
        return None
    find("", "too-few-cells" if len(row) < len(FIELDS) else None)
    cells = dict(zip(FIELDS, [*row, *[""] * len(FIELDS)], strict=False))
    record, wrong = read_record(cells)
    day, (start, end) = record.received_on, window
    is_in = day is None or ((start is None or day >= start) and (end is None or day <= end))
    code = wrong.get("received_on") or _wrong_day(day)
    find("received_on", code)
    label = READER.assign(record.category)
    further = READER.assign_further(record.further_categories)
    if code or is_in:
        find("category", label.finding)
        find("further_categories", "unknown-further-label" if any(a.code is None for a in further) else None)
        find("recorded_on", "unreadable-other-date" if "recorded_on" in wrong else None)
        find("reference", None if record.reference else "blank-reference")
    if code or day is None:
        answer.fates["rejected"] += 1
        answer.findings += found
        return None
    return Kept(
        place=place,
        identity=(record.force, record.reference),
        as_written=sorted(zip(HEADERS.values(), cells.values(), strict=True)),
        day=day,
        is_in_period=is_in,
        group=tuple(cell_text(cells[name]) or "(blank)" for name in by),
        code=label.code,
        further=[a.code for a in further if a.code],
        found=found,
    )


def _settle_row(
    answer: Answer, seen: dict[tuple[str, str], Kept], kept: Kept, *, is_many: bool, year: YearBasis
) -> None:
    """Give a row that may be a record its fate."""
    first = seen.setdefault(kept.identity, kept) if kept.identity[1] else kept
    if first is kept:
        answer.fates["counted" if kept.is_in_period else "out_of_period"] += 1
        answer.records += [kept] if kept.is_in_period else []
        answer.findings += kept.found
    elif not is_many:
        answer.fates["duplicate"] += 1
        code = "duplicate" if first.as_written == kept.as_written else "conflicting-duplicate"
        answer.findings.append((*kept.place, "reference", code))
    elif not first.is_in_period:
        answer.fates["out_of_period"] += 1
    else:
        answer.fates["merged"] += 1
        first.further += [code for code in (kept.code, *kept.further) if code]
        if not kept.is_in_period or year_of(kept.day, year) != year_of(first.day, year):
            answer.findings.append((*kept.place, "received_on", "dates-differ-within-record"))
        for finding in kept.found:
            name, code = finding[2:]
            if name != "category":
                answer.findings.append(finding)
            elif code != "blank-category":
                answer.findings.append((*kept.place, "category", "unknown-further-label"))


def _wrong_day(day: date | None) -> str | None:
    if day is None:
        return "missing-date"
    if day > AS_AT:
        return "date-after-as-at"
    return "date-too-early" if day.year < 1970 else None


def csv_of(answer: Answer, *, by: tuple[str, ...], basis: Basis, year: YearBasis, window: Window) -> str:
    """Lay the counts out as ``count -f csv`` does."""
    counts: Counter[tuple[tuple[str, ...], str, str]] = Counter()
    for kept in answer.records:
        codes = {kept.code, *(kept.further if basis is Basis.ALL else ())} - {None} or {UNCATEGORISED}
        counts.update((kept.group, year_of(kept.day, year), str(code)) for code in codes)
    days = [kept.day for kept in answer.records] + [day for day in window if day]
    firsts = sorted(int(year_of(day, year)[:4]) for day in days or [AS_AT])
    years = [year_of(date(first, 4, 1), year) for first in range(firsts[0], firsts[-1] + 1)]
    categories = [(c.code, c.title) for c in SCHEME.categories]
    if any(code == UNCATEGORISED for _, _, code in counts):
        categories.append((UNCATEGORISED, "Uncategorised"))
    groups = {kept.group for kept in answer.records} or (set() if by else {()})
    out = io.StringIO(newline="")
    writer: Any = csv.writer(out, lineterminator="\n")
    writer.writerow([*by, "year", "category_code", "category", "count", "marker"])
    for group in sorted(groups, key=lambda group: [(value == "(blank)", value) for value in group]):
        for name in years:
            last = date(int(name[:4]) + 1, 3, 31) if year is YearBasis.FINANCIAL else date(int(name), 12, 31)
            for code, title in categories:
                writer.writerow([*group, name, code, title, counts[group, name, code], "p" if last > AS_AT else ""])
    return out.getvalue()
