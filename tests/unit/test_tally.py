"""Is the table exact, whole and without gaps?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from cc_categorise.dates import period_of
from cc_categorise.errors import UsageError
from cc_categorise.figures import Tally
from cc_categorise.options import Basis, CountBy, YearBasis
from cc_categorise.scheme import load_scheme
from cc_categorise.tally import Counted, Periods, make_tally

SCHEME = load_scheme().scheme
AS_AT = date(2024, 6, 30)
FINANCIAL = Periods(YearBasis.FINANCIAL)


def tally(counts: Mapping[Counted, int], periods: Periods = FINANCIAL, **how: Any) -> Tally:
    return make_tally(counts, SCHEME, periods, **{"as_at": AS_AT, **how})


def filled(table: Tally) -> dict[tuple[str, ...], int]:
    return {(*row.by, row.year, row.category_code): row.count for row in table.rows() if row.count}


def test_without_records_the_table_is_one_of_zeros() -> None:
    table = tally({})
    assert [(row.year, row.category_code, row.count, row.marker) for row in table.rows()] == [
        ("2024/25", code, 0, "p") for code in SCHEME.codes
    ]
    assert (table.groups, table.by) == (((),), ())
    assert list(tally({}, by=("force",)).rows()) == []


def test_one_record_is_counted_once_and_all_12_categories_stand_beside_it() -> None:
    table = tally({Counted((), 2023, "other", ("vulnerability",)): 1})
    assert [row.count for row in table.rows()] == [0] * 11 + [1]
    assert [(row.category_code, row.category) for row in table.rows()] == [(c.code, c.title) for c in SCHEME.categories]


def test_records_of_one_meaning_add_up() -> None:
    counts = {Counted((), 2023, "other", ()): 2, Counted((), 2023, "other", ("vulnerability",)): 3}
    assert filled(tally(counts)) == {("2023/24", "other"): 5}


def test_years_run_from_the_first_to_the_last_without_a_gap() -> None:
    table = tally({Counted((), 2019, "other"): 1, Counted((), 2022, None): 1})
    assert table.years == ("2019/20", "2020/21", "2021/22", "2022/23")
    assert len(list(table.rows())) == 4 * 13
    assert table.count((), "2020/21", "other") == 0


def test_uncategorised_is_the_last_row_of_each_year_only_where_there_is_one() -> None:
    assert tally({Counted((), 2023, None): 1}).categories[-1] == ("uncategorised", "Uncategorised")
    assert len(tally({Counted((), 2023, "other"): 1}).categories) == 12


@pytest.mark.parametrize(
    ("key", "basis", "codes"),
    [
        pytest.param(
            Counted((), 1, "other", ("other", "vulnerability")), Basis.ALL, ["other", "vulnerability"], id="once-each"
        ),
        pytest.param(Counted((), 1, None, ("vulnerability",)), Basis.ALL, ["vulnerability"], id="only-further"),
        pytest.param(Counted((), 1, None), Basis.ALL, ["uncategorised"], id="none-of-all"),
        pytest.param(Counted((), 1, "other", ("vulnerability",)), Basis.PRIMARY, ["other"], id="primary"),
        pytest.param(Counted((), 1, None, ("vulnerability",)), Basis.PRIMARY, ["uncategorised"], id="none-of-primary"),
    ],
)
def test_a_record_counts_in_its_primary_category_or_in_each(key: Counted, basis: Basis, codes: list[str]) -> None:
    assert list(key.codes(basis)) == codes
    table = tally({key._replace(period=2023): 2}, basis=basis)
    assert filled(table) == {("2023/24", code): 2 for code in codes}
    assert table.unit == ("category mentions" if basis is Basis.ALL else "intelligence records")


def test_groups_are_sorted_and_the_blank_one_stands_last() -> None:
    groups = [("Kent", "b"), ("(blank)", "a"), ("Avon", "(blank)"), ("Avon", "a")]
    table = tally({Counted(group, 2023, "other"): 1 for group in groups}, by=("force", "unit"))
    assert table.groups == (("Avon", "a"), ("Avon", "(blank)"), ("Kent", "b"), ("(blank)", "a"))
    assert filled(table) == {(*group, "2023/24", "other"): 1 for group in groups}


@pytest.mark.parametrize(
    ("as_at", "markers"),
    [
        pytest.param(date(2024, 3, 30), {"2023/24": "p"}, id="a-day-before-the-end"),
        pytest.param(date(2024, 3, 31), {}, id="on-the-last-day"),
        pytest.param(date(2023, 3, 30), {"2022/23": "p", "2023/24": "p"}, id="a-year-before"),
    ],
)
def test_a_period_that_was_not_over_is_marked(as_at: date, markers: dict[str, str]) -> None:
    table = tally({Counted((), 2022, "other"): 1, Counted((), 2023, "other"): 1}, as_at=as_at)
    assert table.markers == markers


def test_a_table_says_what_it_counts_by() -> None:
    table = tally({}, Periods(YearBasis.QUARTER), counted_by=CountBy.CLOSED)
    assert (table.counted_by, table.year_basis, table.years) == (CountBy.CLOSED, YearBasis.QUARTER, ("2024/25 Q1",))


@pytest.mark.parametrize(
    ("names", "start", "end", "day", "counts"),
    [
        pytest.param((), None, None, date(1970, 1, 1), True, id="all"),
        pytest.param((), date(2023, 4, 1), None, date(2023, 4, 1), True, id="first-day"),
        pytest.param((), date(2023, 4, 1), None, date(2023, 3, 31), False, id="day-before-the-first"),
        pytest.param((), None, date(2024, 2, 29), date(2024, 2, 29), True, id="last-day"),
        pytest.param((), None, date(2024, 2, 29), date(2024, 3, 1), False, id="day-after-the-last"),
        pytest.param(("2022/23", "2023/24"), None, None, date(2024, 3, 31), True, id="in-a-period"),
        pytest.param(("2022/23",), None, None, date(2023, 4, 1), False, id="in-another"),
        pytest.param(("2022/23",), date(2022, 5, 1), None, date(2022, 4, 30), False, id="in-the-period-and-too-early"),
    ],
)
def test_a_day_counts_within_the_days_and_periods_asked_for(
    names: tuple[str, ...], start: date | None, end: date | None, day: date, *, counts: bool
) -> None:
    periods = Periods.chosen(YearBasis.FINANCIAL, names, start, end)
    assert periods.of(day) == (period_of(day, YearBasis.FINANCIAL) if counts else None)


def test_the_first_day_cannot_be_after_the_last() -> None:
    with pytest.raises(UsageError, match="--from is a later day than --to"):
        Periods.chosen(YearBasis.FINANCIAL, (), date(2023, 4, 2), date(2023, 4, 1))
    assert Periods.chosen(YearBasis.FINANCIAL, (), date(2023, 4, 1), date(2023, 4, 1)).only is None


@pytest.mark.parametrize(
    ("names", "start", "end", "counted", "shown"),
    [
        pytest.param((), None, None, [], [2024], id="nothing-is-the-year-of-the-as-at-date"),
        pytest.param((), None, None, [2021, 2019], [2019, 2020, 2021], id="those-of-the-records"),
        pytest.param((), date(2020, 4, 1), None, [2022], [2020, 2021, 2022], id="from-the-first-day"),
        pytest.param((), None, date(2023, 3, 31), [2021], [2021, 2022], id="to-the-last-day"),
        pytest.param((), None, date(2030, 1, 1), [2022], [2022, 2023, 2024], id="no-further-than-the-as-at-date"),
        pytest.param((), date(2025, 4, 1), date(2026, 3, 31), [], [2025], id="days-still-to-come"),
        pytest.param(("2023/24", "2020/21"), None, None, [2020], [2020, 2023], id="only-those-named"),
    ],
)
def test_the_periods_shown_are_those_asked_for_else_those_of_the_records(
    names: tuple[str, ...], start: date | None, end: date | None, counted: list[int], shown: list[int]
) -> None:
    assert Periods.chosen(YearBasis.FINANCIAL, names, start, end).shown(counted, AS_AT) == shown


@pytest.mark.parametrize(
    ("start", "end", "notes"),
    [
        pytest.param(None, None, [], id="whole"),
        pytest.param(date(2022, 4, 1), date(2024, 3, 31), [], id="whole-by-days"),
        pytest.param(date(2022, 4, 2), None, ["2022/23 holds only 2 April 2022 to 31 March 2023."], id="first-is-part"),
        pytest.param(
            None, date(2024, 2, 29), ["2023/24 holds only 1 April 2023 to 29 February 2024."], id="last-is-part"
        ),
        pytest.param(
            date(2023, 4, 1),
            date(2023, 4, 1),
            ["2022/23 holds no day that counts.", "2023/24 holds only 1 April 2023 to 1 April 2023."],
            id="one-day",
        ),
    ],
)
def test_a_period_of_which_only_part_counts_says_so(start: date | None, end: date | None, notes: list[str]) -> None:
    assert Periods(YearBasis.FINANCIAL, start, end).notes([2022, 2023]) == notes
