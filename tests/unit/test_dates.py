"""Is a day read as written, or not at all; and does it fall in the period the field gives it?"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cc_categorise.dates import DateError, days_of, in_words, label_of, period_of, periods_named, read_day
from cc_categorise.errors import UsageError
from cc_categorise.options import YearBasis

CALENDAR, FINANCIAL, QUARTER, MONTH = YearBasis.CALENDAR, YearBasis.FINANCIAL, YearBasis.QUARTER, YearBasis.MONTH


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        pytest.param("2023-04-03", date(2023, 4, 3), id="iso-is-never-read-day-first"),
        pytest.param("03/04/2023", date(2023, 4, 3), id="slashes-are-day-first"),
        pytest.param("3-4-2023", date(2023, 4, 3), id="one-digit-and-hyphens"),
        pytest.param("2023-4-3", date(2023, 4, 3), id="iso-with-one-digit"),
        pytest.param("29/02/2024", date(2024, 2, 29), id="leap-day"),
        pytest.param("29/02/2000", date(2000, 2, 29), id="leap-day-of-a-century"),
        pytest.param("31/03/2023", date(2023, 3, 31), id="last-day-of-a-financial-year"),
        pytest.param("3 Apr 2023", date(2023, 4, 3), id="short-name"),
        pytest.param("03-APRIL-2023", date(2023, 4, 3), id="long-name-and-hyphens"),
        pytest.param("3 Sept. 2023", date(2023, 9, 3), id="sept-with-a-full-stop"),
        pytest.param("31  may\u00a02023", date(2023, 5, 31), id="odd-spaces"),
        pytest.param("2023-04-03T23:59:59.999999Z", date(2023, 4, 3), id="utc-is-not-shifted"),
        pytest.param("2023-04-03 00:30:00+01", date(2023, 4, 3), id="offset-in-hours"),
        pytest.param("2023-04-03T00:30+01:00", date(2023, 4, 3), id="offset-in-hours-and-minutes"),
        pytest.param("2023-04-03T00:30-0530", date(2023, 4, 3), id="offset-without-a-colon"),
        pytest.param("03/04/2023, 9:05 pm", date(2023, 4, 3), id="twelve-hour-clock"),
        pytest.param("03/04/2023 12:00:00,000 A.M.", date(2023, 4, 3), id="midnight-with-dots"),
        pytest.param("\n 3/4/2023 \t", date(2023, 4, 3), id="space-around"),
    ],
)
def test_a_day_is_read_as_it_is_written(cell: str, day: date) -> None:
    assert read_day(cell) == day


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        pytest.param("86400", "number-as-date", id="seconds-that-pydantic-takes-for-1970"),
        pytest.param("45019", "number-as-date", id="serial-number-in-text"),
        pytest.param("45019.5", "number-as-date", id="serial-number-with-a-time"),
        pytest.param("20230403", "number-as-date", id="iso-without-hyphens"),
        pytest.param("1/4/23", "two-digit-year", id="two-digits"),
        pytest.param("03.04.23 10:00", "two-digit-year", id="two-digits-and-a-time"),
        pytest.param("3-Apr-23", "two-digit-year", id="two-digits-after-a-name"),
        pytest.param("31/02/2023", "impossible-date", id="31-february"),
        pytest.param("29/02/2023", "impossible-date", id="no-leap-year"),
        pytest.param("29/02/1900", "impossible-date", id="no-leap-century"),
        pytest.param("04/13/2023", "impossible-date", id="month-first-is-not-tried"),
        pytest.param("2023-13-01", "impossible-date", id="month-13"),
        pytest.param("00/05/2022", "impossible-date", id="day-0"),
        pytest.param("0000-01-01", "impossible-date", id="year-0"),
        pytest.param("03/04/2023 24:00", "impossible-date", id="hour-24"),
        pytest.param("03/04/2023 13:00 pm", "impossible-date", id="hour-13-pm"),
        pytest.param("03/04/2023 10:60", "impossible-date", id="minute-60"),
        pytest.param("03/04/2023 10:59:60", "impossible-date", id="second-60"),
        pytest.param("2023/04/03", "unreadable-date", id="iso-with-slashes"),
        pytest.param("03/04-2023", "unreadable-date", id="mixed-separators"),
        pytest.param("03.04.2023", "unreadable-date", id="full-stops"),
        pytest.param("April 2023", "unreadable-date", id="no-day"),
        pytest.param("3 Mai 2023", "unreadable-date", id="no-english-month"),
        pytest.param("3 Aprils 2023", "unreadable-date", id="more-than-a-month"),
        pytest.param("Apr 3 2023", "unreadable-date", id="name-first"),
        pytest.param("03/04/2023 (see log)", "unreadable-date", id="remark"),
        pytest.param("٠٣/٠٤/٢٠٢٣", "unreadable-date", id="other-digits"),
        pytest.param("", "unreadable-date", id="empty"),
        pytest.param(45019, "number-as-date", id="number"),
        pytest.param(True, "number-as-date", id="truth"),
    ],
)
def test_what_is_no_day_says_why(cell: object, code: str) -> None:
    with pytest.raises(DateError) as caught:
        read_day(cell)
    assert caught.value.code == code
    assert str(cell) not in str(caught.value) or not str(cell)


@pytest.mark.parametrize("cell", [date(2023, 4, 3), datetime(2023, 4, 3, 23, 59)], ids=["date", "datetime"])  # noqa: DTZ001 - as a workbook gives it
def test_a_real_date_is_its_own_day(cell: date) -> None:
    assert read_day(cell) == date(2023, 4, 3)


def test_a_profile_can_name_other_forms_and_they_are_tried_in_order() -> None:
    assert read_day("04/03/2023", ("%m/%d/%Y",)) == date(2023, 4, 3)
    assert read_day("03.04.23", ("default", "%d.%m.%y")) == date(2023, 4, 3)
    assert read_day("03.04.23", ("%d.%m.%y", "%d.%m.%Y")) == date(2023, 4, 3)
    with pytest.raises(DateError, match="unreadable-date"):
        read_day("03/04/2023", ("%d.%m.%Y",))


def test_iso_is_read_beside_other_forms_unless_one_of_them_begins_with_the_year() -> None:
    assert read_day("2023-04-03", ("%d.%m.%Y",)) == date(2023, 4, 3)
    assert read_day("2023-04-03", ("%Y-%d-%m",)) == date(2023, 3, 4)
    with pytest.raises(DateError, match="unreadable-date"):
        read_day("2023-04-13", ("%Y.%m.%d",))


@pytest.mark.parametrize(
    ("day", "financial", "quarter"),
    [
        pytest.param(date(2023, 3, 31), "2022/23", "2022/23 Q4", id="31-march"),
        pytest.param(date(2023, 4, 1), "2023/24", "2023/24 Q1", id="1-april"),
        pytest.param(date(2024, 2, 29), "2023/24", "2023/24 Q4", id="29-february"),
        pytest.param(date(2023, 6, 30), "2023/24", "2023/24 Q1", id="30-june"),
        pytest.param(date(2023, 7, 1), "2023/24", "2023/24 Q2", id="1-july"),
        pytest.param(date(2023, 12, 31), "2023/24", "2023/24 Q3", id="31-december"),
        pytest.param(date(2024, 1, 1), "2023/24", "2023/24 Q4", id="1-january"),
        pytest.param(date(1999, 12, 31), "1999/00", "1999/00 Q3", id="end-of-a-century"),
        pytest.param(date(2009, 4, 1), "2009/10", "2009/10 Q1", id="two-digits-of-the-second-year"),
    ],
)
def test_a_day_falls_in_its_financial_year_quarter_calendar_year_and_month(
    day: date, financial: str, quarter: str
) -> None:
    assert label_of(period_of(day, FINANCIAL), FINANCIAL) == financial
    assert label_of(period_of(day, QUARTER), QUARTER) == quarter
    assert label_of(period_of(day, CALENDAR), CALENDAR) == f"{day.year}"
    assert label_of(period_of(day, MONTH), MONTH) == f"{day:%Y-%m}"


@pytest.mark.parametrize(
    ("day", "basis", "first", "last"),
    [
        pytest.param(date(2024, 2, 29), FINANCIAL, date(2023, 4, 1), date(2024, 3, 31), id="financial"),
        pytest.param(date(2024, 2, 29), CALENDAR, date(2024, 1, 1), date(2024, 12, 31), id="calendar"),
        pytest.param(date(2024, 2, 29), QUARTER, date(2024, 1, 1), date(2024, 3, 31), id="quarter"),
        pytest.param(date(2024, 2, 1), MONTH, date(2024, 2, 1), date(2024, 2, 29), id="leap-february"),
        pytest.param(date(2023, 12, 1), MONTH, date(2023, 12, 1), date(2023, 12, 31), id="december"),
        pytest.param(date.max, FINANCIAL, date(9999, 4, 1), date.max, id="where-the-calendar-ends"),
        pytest.param(date.min, FINANCIAL, date.min, date(1, 3, 31), id="where-the-calendar-begins"),
    ],
)
def test_a_period_knows_its_first_and_last_day(day: date, basis: YearBasis, first: date, last: date) -> None:
    assert days_of(period_of(day, basis), basis) == (first, last)


@pytest.mark.parametrize(
    ("name", "basis", "labels"),
    [
        pytest.param("2022/23", FINANCIAL, ["2022/23"], id="financial"),
        pytest.param(" 1999/00 ", FINANCIAL, ["1999/00"], id="century-and-spaces"),
        pytest.param("2023", CALENDAR, ["2023"], id="calendar"),
        pytest.param("2022/23 q4", QUARTER, ["2022/23 Q4"], id="quarter-in-small-letters"),
        pytest.param("2022/23Q1", QUARTER, ["2022/23 Q1"], id="quarter-without-a-space"),
        pytest.param(
            "2023", QUARTER, ["2022/23 Q4", "2023/24 Q1", "2023/24 Q2", "2023/24 Q3"], id="quarters-of-a-year"
        ),
        pytest.param("2022/23 Q4", MONTH, ["2023-01", "2023-02", "2023-03"], id="months-of-a-quarter"),
        pytest.param("2023-12", MONTH, ["2023-12"], id="month"),
        pytest.param("9999/00", FINANCIAL, ["9999/00"], id="last-year-there-is"),
    ],
)
def test_a_period_is_named_as_the_field_names_it(name: str, basis: YearBasis, labels: list[str]) -> None:
    assert [label_of(period, basis) for period in periods_named(name, basis)] == labels


@pytest.mark.parametrize(
    ("name", "basis", "message"),
    [
        pytest.param("2022/24", FINANCIAL, "a financial year runs into the year after it", id="two-years"),
        pytest.param("2022/24 Q1", QUARTER, "a financial year runs into the year after it", id="quarter-of-two-years"),
        pytest.param("2023", FINANCIAL, "a calendar period does not consist of whole financial ones", id="cut-in-two"),
        pytest.param(
            "2022/23", CALENDAR, "a financial period does not consist of whole calendar ones", id="the-reverse"
        ),
        pytest.param("2023-04", QUARTER, "a month period does not consist of whole quarter ones", id="too-short"),
        pytest.param("2023-13", MONTH, "does not name a year, quarter or month", id="month-13"),
        pytest.param("2023-00", MONTH, "does not name a year, quarter or month", id="month-0"),
        pytest.param("2022/23 Q5", QUARTER, "does not name a year, quarter or month", id="quarter-5"),
        pytest.param("0000", CALENDAR, "does not name a year, quarter or month", id="year-0"),
        pytest.param("9999/00 Q4", QUARTER, "lies after the last day of the calendar", id="year-10000"),
        pytest.param("last year", FINANCIAL, "does not name a year, quarter or month", id="words"),
        pytest.param("", FINANCIAL, "does not name a year, quarter or month", id="empty"),
    ],
)
def test_a_name_of_no_period_is_refused_with_an_example(name: str, basis: YearBasis, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        periods_named(name, basis)
    assert caught.value.hint.startswith(f"with --year {basis} write, for example, --period '")


def test_days_are_written_in_english_words() -> None:
    assert in_words(date(2022, 4, 1)) == "1 April 2022"
    assert in_words(date(2024, 2, 29)) == "29 February 2024"
