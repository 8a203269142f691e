"""Days as people write them, and the years, quarters and months they fall in.

Takes one cell, returns the day it names or says which rule it breaks; takes a day, returns its period as a
whole number (periods that follow each other differ by one) and the label of a period.  Knows nothing of
records, exports or counting.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from cc_categorise.errors import UsageError
from cc_categorise.options import YearBasis

_CLOCK = r"(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)[ ]?(?P<half>[AaPp]\.?[Mm]\.?)?"
_TIME = rf"(?:(?:,?[ ]|T){_CLOCK}[ ]?(?:Z|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?)?"
_ISO = re.compile(rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}}){_TIME}")
_DAY_FIRST = re.compile(
    rf"(?P<day>[0-9]{{1,2}})(?P<sep>[/-])(?P<month>[0-9]{{1,2}})(?P=sep)(?P<year>[0-9]{{4}}){_TIME}"
)
# Compiled when first used: most exports hold nothing of the kind.
_NAMED = rf"(?P<day>[0-9]{{1,2}})(?P<sep>-|[ ]+)(?P<name>[A-Za-z]{{3,9}})\.?(?P=sep)(?P<year>[0-9]{{4}}){_TIME}"
_TWO_DIGIT_YEAR = r"[0-9]{1,2}[/. -](?:[0-9]{1,2}|[A-Za-z]{3,9})[/. -][0-9]{2}(?![0-9])"
_BARE_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_PERIOD = r"(?P<year>[0-9]{4})(?:/(?P<after>[0-9]{2})(?: ?[Qq](?P<quarter>[1-4]))?|-(?P<month>[0-9]{2}))?"

_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTHS = {short: no for no, name in enumerate(_MONTH_NAMES, 1) for short in (name.lower(), name[:3].lower())}
_MONTHS["sept"] = 9

BUILT_IN_FORMATS = "default"
"""In a profile's list of date formats: the forms that are read without any profile."""


class DateError(ValueError):
    """A cell that is not a day; ``code`` names the finding."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_day(cell: object, formats: tuple[str, ...] = (BUILT_IN_FORMATS,)) -> date:
    """Read the day a cell names, exactly as written: no guessing, no time-zone shift.

    Args:
        cell: Text, or a real date of a workbook or database.
        formats: ``default`` for the built-in forms (ISO 8601, day first with ``/`` or ``-``, ``d Mon yyyy``,
            each with an optional time); anything else is a pattern of `datetime.strptime`.

    Raises:
        DateError: The cell names no day in any of the formats; its code says why.

    Source:
        docs/counting-rules.md, rule 9.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        raise DateError("number-as-date")
    text = " ".join(cell.split())
    if (day := _day_in(text, formats)) is not None:
        return day
    if re.fullmatch(_BARE_NUMBER, text):
        raise DateError("number-as-date")
    raise DateError("two-digit-year" if re.match(_TWO_DIGIT_YEAR, text) else "unreadable-date")


def _day_in(text: str, formats: tuple[str, ...]) -> date | None:
    """Give the day of the first format that fits.

    Real dates of workbooks and databases come in ISO 8601; it is read even where a profile names only other
    formats, unless one of them begins with the year as well.
    """
    is_iso_read = BUILT_IN_FORMATS in formats or any(pattern.startswith("%Y") for pattern in formats)
    if not is_iso_read and (match := _ISO.fullmatch(text)):
        return _day_of(match)
    for pattern in formats:
        if pattern == BUILT_IN_FORMATS:
            if match := _ISO.fullmatch(text) or _DAY_FIRST.fullmatch(text) or re.fullmatch(_NAMED, text):
                return _day_of(match)
            continue
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - the date as written is kept
        except ValueError:
            continue
    return None


def _day_of(match: re.Match[str]) -> date:
    parts = match.groupdict()
    month = _MONTHS.get(parts["name"].lower()) if "name" in parts else int(parts["month"])
    if month is None:
        raise DateError("unreadable-date")
    if parts["time"] and not _is_time(parts["time"], parts["half"]):
        raise DateError("impossible-date")
    try:
        return date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        raise DateError("impossible-date") from None  # the cause quotes the cell


def _is_time(text: str, half: str | None) -> bool:
    hour, minute, *rest = re.split("[:.,]", text)
    latest = 12 if half else 23
    return int(hour) <= latest and int(minute) < 60 and (not rest or int(rest[0]) < 60)  # noqa: PLR2004 - a clock


def in_words(day: date) -> str:
    """Write a day as 1 April 2022, in English whatever the locale."""
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"


_CUT = {YearBasis.FINANCIAL: (12, 3), YearBasis.CALENDAR: (12, 0), YearBasis.QUARTER: (3, 3), YearBasis.MONTH: (1, 0)}
"""How many months a period has, and how many lie between the beginning of a year and that of a period."""


def period_of(day: date, basis: YearBasis) -> int:
    """Number the period a day falls in: periods that follow each other differ by one."""
    length, offset = _CUT[basis]
    return (day.year * 12 + day.month - 1 - offset) // length


def label_of(period: int, basis: YearBasis) -> str:
    """Name a period as the field writes it: 2022/23, 2023, 2022/23 Q1, 2023-04."""
    match basis:
        case YearBasis.CALENDAR:
            return f"{period:04d}"
        case YearBasis.FINANCIAL:
            return f"{period:04d}/{(period + 1) % 100:02d}"
        case YearBasis.QUARTER:
            return f"{label_of(period // 4, YearBasis.FINANCIAL)} Q{period % 4 + 1}"
        case YearBasis.MONTH:
            return f"{period // 12:04d}-{period % 12 + 1:02d}"


def days_of(period: int, basis: YearBasis) -> tuple[date, date]:
    """Give the first and the last day of a period, as far as the calendar goes."""
    after = _first_day(period + 1, basis)
    return _first_day(period, basis) or date.min, after - timedelta(1) if after else date.max


def _first_day(period: int, basis: YearBasis) -> date | None:
    """Give the first day of a period; None where it lies outside the years 1 to 9999."""
    length, offset = _CUT[basis]
    year, month = divmod(period * length + offset, 12)
    return date(year, month + 1, 1) if date.min.year <= year <= date.max.year else None


_KIND_OF_PART = {
    "quarter": YearBasis.QUARTER,
    "month": YearBasis.MONTH,
    "after": YearBasis.FINANCIAL,
    "year": YearBasis.CALENDAR,
}
"""Which kind of period a name is of, by the first of these that it has."""


def basis_of(name: str) -> YearBasis | None:
    """Tell from its name how time was cut into a period, or None if it is not one of a period."""
    match = re.fullmatch(_PERIOD, name)
    return next((kind for part, kind in _KIND_OF_PART.items() if match and match[part]), None)


def periods_named(name: str, basis: YearBasis) -> range:
    """Give the periods, numbered by `period_of`, that a name such as ``2022/23`` covers.

    Raises:
        UsageError: The name is not one of a period, or would cut one in two.
    """
    example = label_of(period_of(date(2023, 4, 1), basis), basis)
    hint = f"with --year {basis} write, for example, --period {example!r}"
    match, kind = re.fullmatch(_PERIOD, name.strip()), basis_of(name.strip())
    if match is None or kind is None:
        raise UsageError("--period does not name a year, quarter or month", hint=hint)
    (length, offset), (least, start) = _CUT[kind], _CUT[basis]
    if length % least or (offset - start) % least:
        raise UsageError(f"--period: a {kind} period does not consist of whole {basis} ones", hint=hint)
    parts = {part: int(number) for part, number in match.groupdict().items() if number}
    year, place = parts["year"], parts.get("quarter") or parts.get("month", 1)
    if parts.get("after", (year + 1) % 100) != (year + 1) % 100:
        raise UsageError("--period: a financial year runs into the year after it", hint=hint)
    if year < 1 or not 1 <= place <= 12:  # noqa: PLR2004 - months
        raise UsageError("--period does not name a year, quarter or month", hint=hint)
    period = year * (12 // length) + place - 1
    if _first_day(period, kind) is None:
        raise UsageError("--period lies after the last day of the calendar", hint=hint)
    first, end = days_of(period, kind)
    return range(period_of(first, basis), period_of(end, basis) + 1)
