"""Single tables, made by hand: what is suppressed, what is refused, and what the audit says."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import chain, combinations
from pathlib import Path

import pytest
from attacker import Attacker
from tables_made import any_table, grid, policy, table

from cc_categorise.disclosure.audit import Audit
from cc_categorise.disclosure.policy import Method, RefusedCells
from cc_categorise.disclosure.protection import Protection, audit_published, protect
from cc_categorise.disclosure.tables import (
    TOTAL,
    ExactTable,
    ProtectedTable,
    Published,
    RefusalState,
    Rounding,
)
from cc_categorise.errors import DisclosureError, PolicyError

SUPPRESS = policy()
HIDDEN = Published(None, ("c",))


def suppressed(published: ProtectedTable) -> set[tuple[str, ...]]:
    return {at for at, cell in published.cells.items() if "c" in cell.markers}


def with_cells(published: ProtectedTable, **cells: Published) -> ProtectedTable:
    changed = {tuple(at.split("_")): cell for at, cell in cells.items()}
    return ProtectedTable(
        published.name, published.dimensions, {**published.cells, **changed}, published.scope, published.terms
    )


# --- suppression


def test_a_small_count_and_a_second_one_in_each_sum_are_suppressed() -> None:
    protection = protect([grid([3, 20, 30], [10, 20, 30], [10, 20, 30])], SUPPRESS)
    (published,) = protection.tables
    lost = suppressed(published)
    assert ("2001", "c0") in lost
    assert len(lost) == 4
    assert protection.audit.n_primary == 1
    assert protection.audit.n_secondary == 3
    assert protection.legend == "suppressed: 1 or more"
    assert published.cells["2002", "c0"] in (HIDDEN, Published(10))


def test_a_table_without_small_counts_is_printed_as_it_is() -> None:
    exact = grid([0, 20], [10, 0])
    (published,) = protect([exact], SUPPRESS).tables
    assert published.cells == {at: Published(count) for at, count in exact.cells.items()}


def test_ones_that_a_sum_would_give_away_take_a_third_cell_with_them() -> None:
    """10 + 3 + x + x = 15: two cells are suppressed, and a reader knows that each is 1 or more."""
    exact = grid([10, 9, 1, 1])
    lost = suppressed(protect([exact], SUPPRESS).tables[0])
    assert {("2001", "c2"), ("2001", "c3")} < lost
    assert len(lost & {("2001", "c0"), ("2001", "c1"), ("2001", TOTAL)}) > 0


def test_a_small_margin_is_a_small_count() -> None:
    exact = grid([0, 20, 30], [3, 20, 30], [0, 20, 30])
    assert (TOTAL, "c0") in suppressed(protect([exact], SUPPRESS).tables[0])


def test_a_single_record_takes_every_sum_above_it_along() -> None:
    exact = grid([1, 0], [0, 0])
    lost = suppressed(protect([exact], SUPPRESS).tables[0])
    assert lost == {at for at, count in exact.cells.items() if count}


def test_zeros_are_printed_unless_the_policy_says_otherwise() -> None:
    exact = grid([0, 3, 20], [0, 20, 30], [5, 20, 30])
    (published,) = protect([exact], SUPPRESS).tables
    assert all(published.cells[at] == Published(0) for at, count in exact.cells.items() if count == 0)
    protection = protect([exact], policy(sensitive_zeros=("c0",)))
    assert {("2001", "c0"), ("2002", "c0")} <= suppressed(protection.tables[0])
    assert protection.legend == "suppressed: 0 or more"
    assert protection.tables[0].terms.least == 0


def test_counts_at_the_threshold_are_printed_and_one_below_it_is_not() -> None:
    exact = grid([5, 50, 60], [6, 50, 60], [40, 50, 60])
    assert suppressed(protect([exact], SUPPRESS).tables[0]) == set()
    assert ("2001", "c0") in suppressed(protect([exact], policy(threshold=6)).tables[0])


def least_candidates(audit: Audit) -> int:
    """Give the fewest counts that any cell audited can be for a reader."""
    return min(possible.n_values for _, possible in audit.cells)


def test_as_many_candidates_are_left_as_the_policy_asks() -> None:
    exact = grid([2, 2, 20, 20], [20, 20, 20, 20])
    for needed in (2, 3, 5, 9):
        protection = protect([exact], policy(candidates=needed))
        assert least_candidates(protection.audit) >= needed
        found = Attacker([protection.tables]).possible(Attacker([protection.tables]).suppressed, needed)
        assert min(map(len, found.values())) >= needed


def subsets(cells: set[tuple[str, ...]]) -> chain[tuple[tuple[str, ...], ...]]:
    return chain.from_iterable(combinations(sorted(cells), size) for size in range(len(cells) + 1))


@pytest.mark.parametrize("seed", range(15))
def test_no_pattern_loses_fewer_cells_where_that_is_said(seed: int) -> None:
    exact = any_table(seed, categories=3, years=2, share_of_zeros=0.2, mean=5)
    protection = protect([exact], SUPPRESS)
    small = {at for at, count in exact.cells.items() if 0 < count < 5}
    free = {at for at, count in exact.cells.items() if count >= 5}
    for further in subsets(free):
        cells = {at: HIDDEN if at in {*small, *further} else Published(n) for at, n in exact.cells.items()}
        attacker = Attacker([[ProtectedTable("counts", exact.dimensions, cells)]])
        if all(len(values) > 1 for values in attacker.possible(attacker.suppressed, 2).values()):
            fewest = len(small) + len(further)
            break
    assert protection.audit.n_suppressed == fewest
    assert protection.audit.notes == ("no pattern loses fewer cells",) or not small


# --- several tables


def by_force(year: str, *counts: int, name: str = "forces") -> ExactTable:
    inner: dict[tuple[str, ...], int] = {(f"f{i}", year): count for i, count in enumerate(counts)}
    return table(inner, ("force", "year"), name)


def test_what_is_one_number_in_two_tables_is_suppressed_in_both() -> None:
    """A table by category and one by force share the year's total, which is small: neither may print it."""
    categories, forces = grid([2, 1, 1], name="categories"), by_force("2001", 3, 1)
    first, second = protect([categories, forces], SUPPRESS).tables
    assert first.cells["2001", TOTAL].value is None
    assert second.cells[TOTAL, "2001"].value is None


def test_linked_tables_are_attacked_together() -> None:
    chance = any_table(5, categories=4, years=2, forces=3, share_of_zeros=0.4, mean=4)
    inner = {at: n for at, n in chance.cells.items() if TOTAL not in at}
    pairs = [("force", "year"), ("year", "category"), ("force", "category")]
    tables = []
    for number, dimensions in enumerate(pairs):
        cells: dict[tuple[str, ...], int] = {}
        for at, count in inner.items():
            key = tuple(dict(zip(chance.dimensions, at, strict=True))[d] for d in dimensions)
            cells[key] = cells.get(key, 0) + count
        tables.append(table(cells, dimensions, f"t{number}"))
    protection = protect(tables, SUPPRESS)
    attacker = Attacker([protection.tables])
    assert attacker.suppressed
    assert all(len(values) > 1 for values in attacker.possible(attacker.suppressed, 2).values())


def test_a_table_of_one_force_is_linked_with_the_rows_of_that_force() -> None:
    forces = by_force("2001", 3, 40, 50)
    own = ExactTable("own", ("year",), {("2001",): 3, (TOTAL,): 3}, (("force", "f0"),))
    tables = protect([forces, own], SUPPRESS).tables
    assert tables[1].cells["2001",] == HIDDEN
    with pytest.raises(ValueError, match="margins"):
        protect([ExactTable("own", ("year",), {("2001",): 3, (TOTAL,): 4})], SUPPRESS)


def test_margins_that_another_table_shows_need_not_stand_twice() -> None:
    """A reader adds the groups up to the table of all, though the breakdown leaves its margins over groups out."""
    exact = any_table(2, categories=4, years=2, forces=3, share_of_zeros=0.4, mean=4)
    totals = ExactTable("all", exact.dimensions[1:], {at[1:]: n for at, n in exact.cells.items() if at[0] == TOTAL})
    both = protect([totals, exact], SUPPRESS).tables
    lean = ProtectedTable("counts", exact.dimensions, {at: c for at, c in both[1].cells.items() if at[0] != TOTAL})
    assert len(audit_published([both[0], lean], SUPPRESS).cells) == len(suppressed(both[0])) + len(suppressed(lean))
    at = next(at for at in sorted(suppressed(lean)) if exact.cells[at] >= 5)
    told = ProtectedTable("counts", exact.dimensions, {**lean.cells, at: Published(exact.cells[at])})
    with pytest.raises(DisclosureError):
        audit_published([both[0], told], SUPPRESS)


def test_groups_are_safe_where_no_table_shows_their_sum() -> None:
    lean = by_force("2001", 3, 40, 50)
    cells = {at: n for at, n in lean.cells.items() if at[0] != TOTAL}
    (published,) = protect([ExactTable("forces", lean.dimensions, cells)], SUPPRESS).tables
    assert suppressed(published) == {("f0", "2001"), ("f0", TOTAL)}


# --- rounding


def test_rounding_marks_what_is_low_and_prints_true_zeros() -> None:
    exact = grid([0, 2, 23], [10, 13, 40], [7, 8, 9])
    (published,) = protect([exact], policy(method=Method.ROUND)).tables
    assert published.cells["2001", "c0"] == Published(0)
    assert published.cells["2001", "c1"] == Published(0, ("low",))
    assert published.cells["2001", "c2"] == Published(25)


def test_rounded_numbers_that_give_a_count_away_are_suppressed() -> None:
    """Two lows whose sum is low are one each, as the legend tells what low means."""
    exact = grid([1, 1, 0])
    with pytest.raises(DisclosureError):
        protect([exact], policy(method=Method.ROUND, repair=False))
    (published,) = protect([exact], policy(method=Method.ROUND)).tables
    assert suppressed(published)
    assert published.terms.least == 0


def test_controlled_rounding_keeps_every_sum() -> None:
    exact = any_table(1, categories=6, years=4, forces=3)
    (published,) = protect([exact], policy(method=Method.ROUND, rounding=Rounding.CONTROLLED)).tables
    rounded = {at: cell.value for at, cell in published.cells.items() if cell.value is not None}
    assert rounded.keys() == exact.cells.keys()
    assert all(value % 5 == 0 and abs(value - exact.cells[at]) < 5 for at, value in rounded.items())
    assert table({at: n for at, n in rounded.items() if TOTAL not in at}, exact.dimensions).cells == rounded


def test_without_a_method_counts_are_exact() -> None:
    exact = grid([1, 2], [3, 4])
    protection = protect([exact], policy(method=Method.NONE))
    assert {at: cell.value for at, cell in protection.tables[0].cells.items()} == exact.cells
    audit_published(protection.tables, policy(method=Method.NONE))


# --- refusals


def refusing(**decision: object) -> RefusedCells:
    return RefusedCells.model_validate({"exemption": "s31(1)(a)", "reason": "Harm.", "state": "withheld", **decision})


def test_a_refused_table_has_no_numbers_and_its_counts_stand_nowhere() -> None:
    rules = policy(refusals=(refusing(table="forces"),))
    first, second = protect([grid([10, 20]), by_force("2001", 3, 27)], rules).tables
    assert second.cells == {}
    assert second.refusal is not None
    assert (second.refusal.state, second.refusal.exemption) == (RefusalState.WITHHELD, "s31(1)(a)")
    assert suppressed(first) == set()


@pytest.mark.parametrize("state", ["withheld", "neither-confirm-nor-deny"])
def test_a_refused_cell_cannot_be_told_however_large_it_is(state: str) -> None:
    exact = grid([50, 20, 30], [0, 40, 20], [10, 20, 30])
    rules = policy(refusals=(refusing(where={"category": "c0"}, state=state),))
    (published,) = protect([exact], rules).tables
    refused = {at for at in exact.cells if at[1] == "c0"}
    assert all(published.cells[at] == Published(None, ("c", "x")) for at in refused)
    found = Attacker([[published]]).possible(Attacker([[published]]).suppressed, 2)
    assert all(len(values) > 1 for values in found.values())
    audit_published([published], rules)


def test_what_is_not_held_says_so_and_costs_nothing() -> None:
    exact = grid([0, 20, 30], [0, 40, 20])
    rules = policy(refusals=(refusing(where={"category": "c0"}, state="not-held"),))
    (published,) = protect([exact], rules).tables
    assert published.cells["2001", "c0"] == Published(None, ("x",))
    assert suppressed(published) == set()
    audit_published([published], rules)
    with pytest.raises(PolicyError, match="not held"):
        protect([grid([1, 20])], rules)


@pytest.mark.parametrize("rules", [{}, {"sensitive_zeros": ("c0",)}, {"method": "none"}])
def test_the_audit_counts_as_suppressed_what_is_marked_so(rules: dict[str, object]) -> None:
    withheld = refusing(where={"category": "c1"})
    not_held = refusing(where={"category": "c0"}, state="not-held")
    exact = grid([0, 20, 30, 3], [0, 40, 20, 9])
    protection = protect([exact], policy(refusals=(not_held, withheld), **rules))
    assert protection.audit.n_cells == len(exact.cells)
    assert protection.audit.n_suppressed == len(suppressed(protection.tables[0])) > 0


# --- earlier releases


def test_a_small_count_that_was_printed_before_is_refused_or_accepted_by_name() -> None:
    exact = grid([3, 20, 30], [10, 20, 30])
    earlier = [[ProtectedTable("counts", exact.dimensions, {at: Published(n) for at, n in exact.cells.items()})]]
    with pytest.raises(DisclosureError, match="2001, c0") as refused:
        protect([exact], SUPPRESS, earlier=earlier)
    assert "accept_published" in refused.value.hint
    accepted = policy(accept_published=True)
    protection = protect([exact], accepted, earlier=earlier)
    assert protection.tables[0].cells["2001", "c0"] == HIDDEN
    audit_published(protection.tables, accepted, earlier=earlier)
    with pytest.raises(DisclosureError):
        audit_published(protection.tables, SUPPRESS, earlier=earlier)


def test_a_margin_printed_before_is_no_place_to_hide() -> None:
    """With the totals known from an earlier release, other cells have to go."""
    exact = grid([3, 20, 30], [10, 20, 30], [10, 20, 30])
    totals = {at: Published(n) for at, n in exact.cells.items() if TOTAL in at}
    earlier = [[ProtectedTable("counts", exact.dimensions, totals)]]
    published = protect([exact], SUPPRESS, earlier=earlier).tables
    assert not any(TOTAL in at for at in suppressed(published[0]))
    attacker = Attacker([*earlier, published])
    assert all(len(values) > 1 for values in attacker.possible(attacker.suppressed, 2).values())


def test_numbers_that_changed_since_are_marked_as_revised() -> None:
    before, now = grid([10, 20, 30], [10, 20, 30]), grid([10, 20, 30], [10, 26, 30])
    earlier = [protect([before], SUPPRESS).tables]
    (published,) = protect([now], SUPPRESS, earlier=earlier).tables
    revised = {at for at, cell in published.cells.items() if "r" in cell.markers}
    assert revised == {("2002", "c1"), ("2002", TOTAL), (TOTAL, "c1"), (TOTAL, TOTAL)}


def test_a_sum_that_changed_marks_all_that_was_suppressed_in_it() -> None:
    before, now = grid([3, 1, 30], [10, 20, 30]), grid([3, 2, 30], [10, 20, 30])
    earlier = [protect([before], SUPPRESS).tables]
    (published,) = protect([now], SUPPRESS, earlier=earlier).tables
    assert {"c", "r"} <= set(published.cells["2001", "c0"].markers)
    audit_published([published], SUPPRESS, earlier=earlier)


def test_a_revised_count_is_not_what_it_was_and_a_reader_knows() -> None:
    """Two make 3, and the first was 2 and is no longer: so it is 1."""
    now: dict[tuple[str, ...], Published] = {
        ("2001", "c0"): Published(None, ("c", "r")),
        ("2001", "c1"): HIDDEN,
        ("2001", TOTAL): Published(3, ("r",)),
    }
    now |= {(TOTAL, at[1]): cell for at, cell in now.items()}

    def audit(first_before: int) -> None:
        before: dict[tuple[str, ...], Published] = dict.fromkeys(
            (("2001", "c0"), (TOTAL, "c0")), Published(first_before)
        )
        earlier = [[ProtectedTable("counts", ("year", "category"), before)]]
        audit_published([ProtectedTable("counts", ("year", "category"), now)], policy(threshold=2), earlier=earlier)

    audit(7)  # what it cannot be anyway tells nothing
    with pytest.raises(DisclosureError, match="2001, c0"):
        audit(2)


def test_a_count_that_moved_out_of_a_zero_is_refused() -> None:
    """All else in its sums is printed and unrevised, or zero: nothing can stand in for it."""
    before, now = grid([0, 7, 30], [10, 20, 30]), grid([1, 6, 30], [9, 21, 30])
    cells = {at: Published(n) for at, n in before.cells.items()}
    earlier = [[ProtectedTable("counts", before.dimensions, cells)]]
    protection = protect([now], SUPPRESS, earlier=earlier)
    assert ("2001", "c0") in suppressed(protection.tables[0])
    gone = grid([1, 0, 30], [9, 7, 30])
    earlier = [
        [
            ProtectedTable(
                "counts", gone.dimensions, {at: Published(n) for at, n in grid([0, 1, 30], [10, 6, 30]).cells.items()}
            )
        ]
    ]
    with pytest.raises(DisclosureError):
        protect([gone], SUPPRESS, earlier=earlier)


def test_earlier_releases_that_contradict_each_other_are_refused() -> None:
    exact = grid([10, 20, 30])
    cells = {at: Published(n) for at, n in exact.cells.items()} | {(TOTAL, "c0"): Published(11)}
    with pytest.raises(DisclosureError, match="contradict"):
        protect([exact], SUPPRESS, earlier=[[ProtectedTable("counts", exact.dimensions, cells)]])


# --- the audit of what is published


@pytest.fixture(scope="module")
def release() -> Protection:
    return protect([grid([3, 20, 30], [10, 20, 30], [10, 20, 30])], SUPPRESS)


def test_a_release_passes_its_audit_again_without_the_counts(release: Protection) -> None:
    audit = audit_published(release.tables, SUPPRESS)
    assert least_candidates(audit) == 2
    assert str(audit) == (
        "disclosure audit: 4 of 16 cells suppressed; 4 audited, with at least 2 possible counts asked for each: "
        "none can be told"
    )


def test_one_cell_printed_again_is_found_out(release: Protection) -> None:
    (published,) = release.tables
    for at in suppressed(published) - {("2001", "c0")}:
        count = {"c0": 10, "c1": 20, "c2": 30}.get(at[1])
        if count is not None and at[0] != TOTAL:
            with pytest.raises(DisclosureError, match="2001, c0"):
                audit_published([with_cells(published, **{"_".join(at): Published(count)})], SUPPRESS)
            return
    pytest.fail("no inner cell was suppressed besides")


def test_a_small_count_that_is_printed_is_found_out(release: Protection) -> None:
    with pytest.raises(DisclosureError, match="2001, c0"):
        audit_published([with_cells(release.tables[0], **{"2001_c0": Published(3)})], SUPPRESS)


def test_numbers_that_cannot_be_are_refused(release: Protection) -> None:
    (published,) = release.tables
    at = next(at for at in published.cells if at not in suppressed(published))
    with pytest.raises(DisclosureError, match="contradict"):
        audit_published([with_cells(published, **{"_".join(at): Published(9999)})], SUPPRESS)


def test_a_refusal_names_cells_and_never_counts() -> None:
    exact = grid([3, 20, 30], [10, 20, 30])
    earlier = [[ProtectedTable("counts", exact.dimensions, {at: Published(n) for at, n in exact.cells.items()})]]
    with pytest.raises(DisclosureError) as refused:
        protect([exact], SUPPRESS, earlier=earlier)
    assert str(refused.value).count("counts: 2001, c0") == 1
    assert refused.value.exit_code == 5


def test_the_same_input_gives_the_same_pattern_in_any_process() -> None:
    code = (
        "from tables_made import any_table, policy; from cc_categorise.disclosure.protection import protect\n"
        "exact = any_table(4, years=4, forces=2)\n"
        "print(sorted(at for at, cell in protect([exact], policy()).tables[0].cells.items() if cell.value is None))"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    patterns = {
        subprocess.run(  # noqa: S603 - this very program
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(patterns) == 1
    assert "2001" in patterns.pop()
