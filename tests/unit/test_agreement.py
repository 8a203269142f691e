"""Kappa and its interval, against published figures and what has to hold for any readings."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cc_categorise.categorise.agreement import agreement, by_category, confusion, share_interval
from cc_categorise.figures import figure

CODES = st.sampled_from(["a", "b", "c"])
READINGS = st.lists(st.tuples(CODES, CODES), max_size=40)


def pairs(table: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    return [pair for pair, n in table.items() for _ in range(n)]


def test_cohens_own_example_gives_his_kappa_and_an_interval_near_his() -> None:
    # Cohen 1960, table 1, out of 200: kappa .492; with his standard error .049 the interval is .395 to .589.
    table = {("1", "1"): 88, ("1", "2"): 14, ("1", "3"): 18, ("2", "1"): 10, ("2", "2"): 40, ("2", "3"): 10}
    table |= {("3", "1"): 2, ("3", "2"): 6, ("3", "3"): 12}
    found = agreement(pairs(table))
    assert (found.n, found.observed) == (200, 0.7)
    assert found.kappa == pytest.approx(0.492, abs=0.0005)
    assert found.low == pytest.approx(0.395, abs=0.02)
    assert found.high == pytest.approx(0.589, abs=0.02)


def test_agreement_on_all_of_a_few_records_is_not_certainty() -> None:
    found = agreement([("a", "a"), ("b", "b"), ("c", "c")])
    assert found.kappa == 1
    assert found.low is not None
    assert found.low < 0.5


@pytest.mark.parametrize(
    "readings", [pytest.param([], id="none"), pytest.param([("a", "a")] * 3, id="one-code-throughout")]
)
def test_kappa_is_not_made_up_where_chance_explains_all_or_nothing_is_known(readings: list[tuple[str, str]]) -> None:
    assert agreement(readings)[2:] == (None, None, None)


def test_an_interval_of_a_share_is_wilsons() -> None:
    assert share_interval(0, 0) == (0, 1)
    assert share_interval(9, 10) == pytest.approx((0.5958, 0.9821), abs=0.0001)


@given(READINGS)
def test_the_order_of_records_and_of_readers_does_not_matter(readings: list[tuple[str, str]]) -> None:
    turned = [(second, first) for first, second in reversed(readings)]
    assert agreement(turned) == pytest.approx(agreement(readings))


@given(READINGS)
def test_kappa_lies_within_its_interval_and_the_names_of_codes_do_not_matter(readings: list[tuple[str, str]]) -> None:
    found = agreement(readings)
    if found.kappa is not None and found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.kappa + 1e-12 <= found.high + 1e-12 <= 1 + 1e-9
    for names in permutations("abc"):
        named = dict(zip("abc", names, strict=True))
        assert agreement([(named[one], named[other]) for one, other in readings]) == pytest.approx(found)


def test_f1_lies_in_its_interval_and_is_unknown_for_a_category_nobody_named() -> None:
    found = {one.code: one for one in by_category([("a", "a"), ("b", "a"), ("b", "b")], ("a", "b", "c"))}
    assert found["a"].share == found["b"].share == pytest.approx(2 / 3)
    assert found["c"][1:] == (0, 0, 0, None, None, None)
    for one in (found["a"], found["b"]):
        assert one.low is not None
        assert one.high is not None
        assert one.low <= 2 / 3 <= one.high


@given(READINGS)
def test_tables_hold_every_record_once(readings: list[tuple[str, str]]) -> None:
    codes = ("a", "b", "c")
    table = confusion(readings, codes)
    assert sum(sum(counts) for _, counts in table) == len(readings)
    for (code, counts), found in zip(table, by_category(readings, codes), strict=True):
        assert (code, sum(counts), counts[codes.index(code)]) == (found.code, found.first, found.both)
        assert found.share is None or 0 <= found.share <= 1


@pytest.mark.parametrize(
    ("share", "text"),
    [
        pytest.param(None, "", id="none"),
        pytest.param(0.456, "0.46", id="share"),
        pytest.param(-0.001, "0.00", id="zero"),
    ],
)
def test_a_figure_has_two_decimals_and_zero_has_no_sign(share: float | None, text: str) -> None:
    assert figure(share) == text
