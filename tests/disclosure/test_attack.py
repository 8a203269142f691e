"""The attack: hundreds of tables are protected, and a reader who knows everything published tries to undo it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from attacker import Attacker
from tables_made import any_table, policy, table

from cc_categorise.disclosure.policy import Method, Policy
from cc_categorise.disclosure.protection import audit_published, protect
from cc_categorise.disclosure.tables import TOTAL, ExactTable, ProtectedTable, Rounding

SUPPRESS = policy()
NEAREST = policy(method=Method.ROUND)
CONTROLLED = policy(method=Method.ROUND, rounding=Rounding.CONTROLLED)
METHODS = [
    pytest.param(SUPPRESS, id="suppress"),
    pytest.param(policy(sensitive_zeros=("c1", "c2")), id="suppress-zeros-of-two"),
    pytest.param(policy(candidates=3), id="suppress-three-candidates"),
    pytest.param(NEAREST, id="round-nearest"),
    pytest.param(CONTROLLED, id="round-controlled"),
]
SIZES = [
    pytest.param({"years": 3, "share_of_zeros": 0.6}, id="3-years-sparse"),
    pytest.param({"years": 5}, id="5-years"),
    pytest.param({"years": 10, "mean": 15, "share_of_zeros": 0.1}, id="10-years-dense"),
    pytest.param({"years": 3, "forces": 2, "share_of_zeros": 0.6}, id="3-years-2-forces-sparse"),
]


def attack(
    exact: ExactTable,
    rules: Policy,
    published: Sequence[ProtectedTable],
    earlier: Sequence[Sequence[ProtectedTable]] = (),
) -> list[tuple[tuple[str, ...], set[int]]]:
    """Give the cells whose count may not be known, with what the attacker makes of them if it is too much."""
    attacker = Attacker([*earlier, published])
    years = attacker.listed(published, "year")
    at_stake = {
        attacker.name(exact, at, years, years): at
        for at, count in exact.cells.items()
        if 0 < count < rules.threshold or (count == 0 and at[-1] in rules.sensitive_zeros)
    }
    at_stake |= {name: at for name, (_, at) in attacker.suppressed.items()}
    found = attacker.possible(at_stake, rules.candidates)
    return [(at_stake[name], values) for name, values in found.items() if len(values) < rules.candidates]


def truths_hold(exact: ExactTable, published: ProtectedTable) -> bool:
    attacker = Attacker([[published]])
    years = attacker.listed([published], "year")
    spans = {at: attacker.spans[attacker.name(exact, at, years, years)] for at in exact.cells}
    return all(low <= exact.cells[at] <= high for at, (low, high) in spans.items())


def years_of(exact: ExactTable, first: int, last: int, *, changed: Sequence[int] = ()) -> ExactTable:
    """Cut a table down to some of its years, as each year's release does; then add 1 to some of its cells."""
    inner = {at: n for at, n in exact.cells.items() if TOTAL not in at and first <= int(at[-2]) <= last}
    for number in changed:
        inner[sorted(inner)[number % len(inner)]] += 1
    return table(inner, exact.dimensions)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rules", METHODS)
def test_no_small_count_can_be_told_with_earlier_releases_at_hand(rules: Policy, seed: int) -> None:
    whole = any_table(seed, years=6, share_of_zeros=0.5)
    earlier: list[tuple[ProtectedTable, ...]] = []
    for last in (2004, 2005, 2006):
        exact = years_of(whole, last - 3, last)
        published = protect([exact], rules, earlier=earlier).tables
        assert attack(exact, rules, published, earlier) == []
        audit_published(published, rules, earlier=earlier)
        earlier.append(published)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 7, 8])  # 6 is refused: see test_a_count_that_moved_out_of_a_zero
def test_no_small_count_can_be_told_after_revisions(seed: int) -> None:
    whole = any_table(seed, years=6, share_of_zeros=0.5)
    earlier: list[tuple[ProtectedTable, ...]] = []
    for last in (2004, 2005, 2006):
        exact = years_of(whole, last - 3, last, changed=(7 * seed, 11 * last))
        published = protect([exact], SUPPRESS, earlier=earlier).tables
        assert attack(exact, SUPPRESS, published, earlier) == []
        audit_published(published, SUPPRESS, earlier=earlier)
        earlier.append(published)


@pytest.mark.parametrize("seed", range(6))
def test_another_method_than_last_year_gives_no_small_count_away(seed: int) -> None:
    exact = any_table(seed, years=4, share_of_zeros=0.5)
    earlier = [protect([exact], CONTROLLED).tables]
    published = protect([exact], SUPPRESS, earlier=earlier).tables
    assert attack(exact, SUPPRESS, published, earlier) == []
    rounded = protect([exact], NEAREST, earlier=earlier).tables
    assert attack(exact, NEAREST, rounded, earlier) == []


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rules", METHODS)
def test_no_small_count_can_be_told(rules: Policy, size: dict[str, float], seed: int) -> None:
    exact = any_table(seed, **size)  # type: ignore[arg-type]
    protection = protect([exact], rules)
    assert truths_hold(exact, protection.tables[0])
    assert attack(exact, rules, protection.tables) == []


def test_no_small_count_can_be_told_in_a_release_of_five_forces_and_ten_years() -> None:
    exact = any_table(1, years=10, forces=5)
    protection = protect([exact], SUPPRESS)
    assert len(exact.cells) == 858
    assert attack(exact, SUPPRESS, protection.tables) == []
    assert protection.audit.n_suppressed < 0.3 * len(exact.cells)
