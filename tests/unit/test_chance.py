"""Whether two counts differ by more than chance: against sums of binomial coefficients, and Holm's own steps."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cc_categorise.compare.changes import holm, p_value

counts = st.integers(0, 120)
shares = st.lists(st.floats(0, 1), max_size=14)


def exact(before: int, after: int) -> Fraction:
    """Add up the tail in fractions."""
    n = before + after
    tail = sum(math.comb(n, k) for k in range(min(before, after) + 1))
    return min(Fraction(1), Fraction(2 * tail, 2**n))


@given(counts, counts)
def test_the_probability_is_the_exact_one(before: int, after: int) -> None:
    assert p_value(before, after) == pytest.approx(float(exact(before, after)), rel=1e-12)


@given(counts, counts)
def test_which_count_comes_first_does_not_matter(before: int, after: int) -> None:
    assert p_value(before, after) == p_value(after, before)


@pytest.mark.parametrize(
    ("before", "after", "p"),
    [
        pytest.param(0, 0, 1.0, id="nothing"),
        pytest.param(7, 7, 1.0, id="no-change"),
        pytest.param(0, 5, 2 / 32, id="five-from-nothing"),
        pytest.param(0, 6, 2 / 64, id="six-from-nothing"),
        pytest.param(1, 9, 22 / 1024, id="one-and-nine"),
    ],
)
def test_small_counts_by_hand(before: int, after: int, p: float) -> None:
    assert p_value(before, after) == pytest.approx(p)


def test_logarithms_take_over_without_a_step() -> None:
    assert p_value(5_000, 5_300) == pytest.approx(float(exact(5_000, 5_300)), rel=1e-9)
    assert p_value(400_000_000, 400_056_569) == pytest.approx(0.0455, abs=0.0001)  # two standard deviations
    assert p_value(0, 999_999_999) == 0


def test_large_counts_are_near_the_normal_approximation() -> None:
    z = (100_600 - 100_000) / math.sqrt(200_600)
    assert p_value(100_000, 100_600) == pytest.approx(math.erfc(z / math.sqrt(2)), rel=0.02)
    assert p_value(0, 100_000) == 0.0


def test_holm_by_hand() -> None:
    assert holm([0.04, 0.01, 0.03, 0.5]) == pytest.approx([0.09, 0.04, 0.09, 0.5])
    assert holm([]) == []


@given(shares)
def test_adjusting_never_lowers_a_probability_nor_changes_their_order(given_: list[float]) -> None:
    adjusted = holm(given_)
    assert all(one <= other <= 1 for one, other in zip(given_, adjusted, strict=True))
    pairs = sorted(zip(given_, adjusted, strict=True))
    assert [q for _, q in pairs] == sorted(adjusted)
    assert max(adjusted, default=0) <= 1
    if given_:
        assert min(adjusted) == pytest.approx(min(1, len(given_) * min(given_)))
