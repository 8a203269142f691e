"""What each way of protecting costs."""

from __future__ import annotations

from tables_made import any_table, grid, policy

from cc_categorise.disclosure.explore import explore
from cc_categorise.disclosure.policy import Method
from cc_categorise.disclosure.protection import protect
from cc_categorise.disclosure.tables import ExactTable


def costs(exact: ExactTable) -> dict[str, tuple[int, int, int]]:
    return {cost.way: (cost.n_merged, cost.n_suppressed, cost.n_rounded) for cost in explore([exact], policy())}


def test_every_way_is_tried_and_suppressing_costs_what_it_does() -> None:
    exact = any_table(3, years=4)
    found = explore([exact], policy())
    assert [cost.way for cost in found] == [
        "suppress",
        "round to nearest",
        "round, sums kept",
        "merge years in pairs, then suppress",
        "merge rare categories, then suppress",
    ]
    assert {cost.n_cells for cost in found} == {len(exact.cells)}
    assert found[0].n_suppressed == protect([exact], policy()).audit.n_suppressed > 0
    assert not any(cost.is_refused for cost in found)


def test_merging_takes_cells_away_and_saves_small_counts() -> None:
    exact = grid([3, 20, 30], [3, 20, 30], [3, 20, 30], [3, 20, 30])
    found = costs(exact)
    assert found["merge years in pairs, then suppress"] == (2 * 4, 0, 0)
    assert found["merge rare categories, then suppress"] == (0, found["suppress"][1], 0)


def test_rounding_counts_the_numbers_that_change() -> None:
    assert costs(grid([10, 21], [30, 40]))["round to nearest"] == (0, 0, 4)


def test_a_way_that_ends_in_a_refusal_says_so() -> None:
    exact = grid([3, 20, 30], [10, 20, 30])
    shown = protect([exact], policy(method=Method.NONE)).tables
    assert explore([exact], policy(), [shown])[0].is_refused
