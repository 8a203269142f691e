"""The rule of one field, asked by itself, says what the whole record's rules say of it."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import BAD_DATES, FURTHER, LABELS, SOUND_DATES

from cc_categorise.dates import BUILT_IN_FORMATS, days_of, label_of, period_of, periods_named, read_day
from cc_categorise.findings import FINDINGS
from cc_categorise.model import FIELDS, CellRules, Record
from cc_categorise.options import YearBasis
from cc_categorise.profile import Profile
from cc_categorise.validate import FieldRule, validate_row

RULES = {
    "plain": CellRules(),
    "usual": Profile().cell_rules,
    "other": CellRules(frozenset({"gone"}), ("%d.%m.%y", BUILT_IN_FORMATS)),
}
near_dates = st.from_regex(
    r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ][0-9]{1,4}([T ,][0-9:.]{1,12}( ?[ap]m)?)?", fullmatch=True
)
cells = st.one_of(
    st.sampled_from(
        SOUND_DATES + BAD_DATES + LABELS + FURTHER + ("gone", "GONE ", "01.02.23", "\ufeff x\0", "29 Feb 2023")
    ),
    near_dates,
    st.text(max_size=12),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=4),
)


@cache
def rule(field: str, rules: str) -> FieldRule:
    return FieldRule(field, RULES[rules])


@pytest.mark.parametrize("field", FIELDS)
@given(cells, st.sampled_from(sorted(RULES)))
def test_a_field_by_itself_reads_as_within_a_record(field: str, cell: object, rules: str) -> None:
    reading = rule(field, rules).read(cell)
    whole = validate_row({field: cell}, RULES[rules])
    if isinstance(whole, Record):
        assert reading == (getattr(whole, field), None)
    else:
        assert {field: reading.code} == whole
        assert reading.value is None
        assert reading.code in FINDINGS


@given(near_dates | st.sampled_from(SOUND_DATES))
def test_a_date_that_is_read_is_a_day_of_the_cell_as_it_stands(cell: str) -> None:
    """Never another century, never month before day: the digits of the day read stand in the cell, in order."""
    try:
        day = read_day(cell)
    except ValueError:
        return
    numbers = [int(part) for part in "".join(c if c.isdigit() else " " for c in cell).split()]
    in_words = day.strftime("%b").casefold() in cell.casefold()
    expected = [day.day, day.year] if in_words else [day.day, day.month, day.year]
    assert expected in (numbers[: len(expected)], numbers[: len(expected)][::-1])
    assert f"{day.year:04}" in cell


@given(st.dates(), st.datetimes())
def test_a_real_date_is_taken_as_it_is(day: date, moment: datetime) -> None:
    assert (read_day(day), read_day(moment)) == (day, moment.date())
    assert read_day(day.isoformat()) == read_day(f"{day:%d/%m/}{day.year:04}") == day


@given(st.dates(), st.sampled_from(YearBasis))
def test_every_day_is_within_its_period_and_no_other(day: date, basis: YearBasis) -> None:
    period = period_of(day, basis)
    first, last = days_of(period, basis)
    assert first <= day <= last
    assert period_of(first, basis) == period_of(last, basis) == period
    if last < date.max:
        assert period_of(date.fromordinal(last.toordinal() + 1), basis) == period + 1


@given(st.dates(date(1, 4, 1)), st.sampled_from(YearBasis))
def test_the_label_of_a_period_names_that_period(day: date, basis: YearBasis) -> None:
    period = period_of(day, basis)
    assert periods_named(label_of(period, basis), basis) == range(period, period + 1)
