"""The attack: hundreds of tables are protected, and a reader who knows everything published tries to undo it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from attacker import Attacker
from tables_made import any_table, grid, policy

from cc_categorise.disclosure.policy import Method, Policy
from cc_categorise.disclosure.protection import audit_published, protect
from cc_categorise.disclosure.tables import TOTAL, ExactTable, ProtectedTable, Published, Rounding

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
    exact: ExactTable, rules: Policy, published: Sequence[ProtectedTable], earlier: Sequence[Sequence[ProtectedTable]] = ()
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


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rules", METHODS)
def test_no_small_count_can_be_told(rules: Policy, size: dict[str, float], seed: int) -> None:
    exact = any_table(seed, **size)  # type: ignore[arg-type]
    protection = protect([exact], rules)
    assert truths_hold(exact, protection.tables[0])
    assert attack(exact, rules, protection.tables) == []
