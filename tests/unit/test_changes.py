"""What differs between two tables: changes, revisions, breaks, records that moved; nothing of a hidden number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cc_categorise.compare.changes import ROUNDED, Side, compare, from_year_to_year, total_of
from cc_categorise.compare.paper import document, laid_out, series_chart
from cc_categorise.disclosure.tables import TOTAL, Published
from cc_categorise.errors import TallyError
from cc_categorise.figures import CrosswalkMark
from cc_categorise.options import Format
from cc_categorise.render import render

HIDDEN = Published(None, ("c",))
TITLES = {"theft": "Theft", "other": "Other", TOTAL: "Total"}
BOTH = ("2021/22", "2022/23")


def side(counts: Mapping[str, tuple[int | None, ...]], **more: Any) -> Side:
    """Make a table: for each year a count of theft and of other, None being a protected one."""
    cells: dict[tuple[tuple[str, ...], str, str], Published] = {}
    for year, numbers in counts.items():
        shown = [HIDDEN if n is None else Published(n) for n in numbers]
        cells |= {((), year, code): cell for code, cell in zip(("theft", "other"), shown, strict=True)}
        cells[(), year, TOTAL] = total_of(shown)
    facts = {"year basis": "financial", "unit": "intelligence records", **more.pop("facts", {})}
    return Side(more.pop("name", "a"), (), tuple(counts), TITLES, cells, facts=facts, **more)


def figures(before: Side, after: Side, broken: frozenset[str] = frozenset()) -> list[tuple[Any, ...]]:
    found = compare(before, after, broken).figures
    return [(f.kind, f.year_before, f.year, f.code, f.change, " ".join(f.markers)) for f in found]


def test_a_figure_that_differs_for_one_year_is_a_revision_and_its_total_too() -> None:
    before, after = side({"2021/22": (3, 4), "2022/23": (5, 6)}), side({"2021/22": (3, 4), "2022/23": (7, 6)})
    assert figures(before, after) == [
        ("revision", "2022/23", "2022/23", "theft", 2, "r"),
        ("revision", "2022/23", "2022/23", TOTAL, 2, "r"),
    ]


def test_a_new_year_is_compared_with_the_last_one_category_by_category() -> None:
    before, after = side({"2021/22": (3, 4)}), side({"2022/23": (7, 4)})
    assert figures(before, after) == [
        ("change", "2021/22", "2022/23", "theft", 4, ""),
        ("change", "2021/22", "2022/23", "other", 0, ""),
        ("change", "2021/22", "2022/23", TOTAL, 4, ""),
    ]


def test_a_change_takes_both_numbers_from_the_later_extract_where_it_has_both() -> None:
    found = compare(side({"2021/22": (3, 4)}), side({"2021/22": (5, 4), "2022/23": (9, 4)})).figures
    theft = next(figure for figure in found if figure.kind == "change")
    assert (theft.before.value, theft.after.value) == (5, 9)
    assert next(figure.change for figure in found if figure.kind == "revision") == 2


def test_a_protected_cell_gives_no_change_and_no_test() -> None:
    found = compare(side({"2021/22": (None, 4)}), side({"2022/23": (7, 4)})).figures
    assert [(f.change, f.p is None) for f in found] == [(None, True), (0, False), (None, True)]
    laid = laid_out(compare(side({"2021/22": (None, 4)}), side({"2022/23": (7, 4)})), Format.CSV, "")
    text = render(laid, Format.CSV)
    assert "change,2021/22,2022/23,theft,Theft,,7,,,not tested,,c\n" in text


def test_what_is_protected_on_both_sides_is_no_revision() -> None:
    assert figures(side({"2021/22": (None, 4)}), side({"2021/22": (None, 4)})) == []
    assert figures(side({"2021/22": (3, 4)}), side({"2021/22": (None, 4)}))[0][4:] == (None, "")


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"provisional": frozenset({"2022/23"})}, id="year-not-over"),
        pytest.param({"facts": {ROUNDED: "multiples of 5"}}, id="rounded"),
    ],
)
def test_what_cannot_be_tested_is_not(more: dict[str, Any]) -> None:
    found = compare(side({"2021/22": (3, 4)}), side({"2022/23": (70, 4)}, **more)).figures
    assert {figure.chance for figure in found} == {"not tested"}
    assert compare(side({"2021/22": (3, 4)}), side({"2022/23": (70, 4)})).figures[0].chance == "more than chance"


def test_categories_are_adjusted_for_their_number_and_the_total_by_itself() -> None:
    theft, other, total = from_year_to_year(side({"2021/22": (0, 4), "2022/23": (6, 4)}), *BOTH)
    assert theft.p == pytest.approx(2 * 2 / 64)
    assert (theft.chance, other.p) == ("within chance", 1.0)
    assert total.p == pytest.approx(2 * sum((1, 14, 91, 364, 1001)) / 2**14)


def test_a_break_is_marked_where_the_editions_do_not_hold_a_category_alike() -> None:
    before, after = side({"2021/22": (3, 4)}), side({"2022/23": (70, 4)})
    assert [f[-1] for f in figures(before, after, frozenset({"theft"}))] == ["b", "", ""]
    assert compare(before, after, frozenset({"theft"})).figures[0].chance == "not tested"
    both = side({"2021/22": (3, 4), "2022/23": (70, 4)})
    assert {f[-1] for f in figures(before, both, frozenset({"theft"}))} == {""}, "one extract has one edition"


@pytest.mark.parametrize(
    ("days", "is_broken"),
    [
        pytest.param((date(2021, 4, 1), None), False, id="from-the-first-day-of-all"),
        pytest.param((date(2021, 4, 2), None), True, id="from-within-the-first"),
        pytest.param((date(2022, 4, 1), None), True, id="from-between"),
        pytest.param((date(2023, 3, 31), None), True, id="from-the-last-day"),
        pytest.param((date(2023, 4, 1), None), False, id="from-after-all"),
        pytest.param((None, date(2021, 3, 31)), False, id="until-before-all"),
        pytest.param((None, date(2021, 4, 1)), True, id="until-the-first-day"),
        pytest.param((None, date(2022, 3, 31)), True, id="until-between"),
        pytest.param((None, date(2023, 3, 30)), True, id="until-within-the-last"),
        pytest.param((None, date(2023, 3, 31)), False, id="until-the-last-day-of-all"),
        pytest.param((None, None), False, id="always"),
    ],
)
def test_a_break_is_marked_where_a_crosswalk_changed_in_between(
    days: tuple[date | None, date | None],
    is_broken: bool,  # noqa: FBT001 - a case
) -> None:
    crosswalk = (CrosswalkMark("theft", *days, "0" * 64),)
    both = side({"2021/22": (3, 4), "2022/23": (7, 4)}, crosswalk=crosswalk)
    assert [f.markers for f in from_year_to_year(both, *BOTH)] == [("b",) * is_broken, (), ()]


def test_a_year_counted_by_another_crosswalk_is_broken_and_one_by_an_unknown_one_is_not() -> None:
    one = side({"2021/22": (3, 4)}, crosswalk=(CrosswalkMark("theft", None, None, "0" * 64),))
    other = side({"2021/22": (5, 4)}, crosswalk=(CrosswalkMark("theft", None, None, "1" * 64),))
    revised = ("revision", "2021/22", "2021/22")
    assert figures(one, other) == [(*revised, "theft", 2, "b r"), (*revised, TOTAL, 2, "r")]
    unknown = side({"2021/22": (5, 4)})
    assert figures(one, unknown) == [(*revised, "theft", 2, "r"), (*revised, TOTAL, 2, "r")]


@pytest.mark.parametrize("fact", ["year basis", "unit"])
def test_counts_of_another_kind_are_refused(fact: str) -> None:
    with pytest.raises(TallyError, match=fact):
        compare(side({"2021/22": (3, 4)}), side({"2021/22": (3, 4)}, facts={fact: "calendar"}))


def test_records_that_moved_are_found_by_force_and_reference() -> None:
    then = {("N", "1"): ("2021/22", "theft"), ("N", "2"): ("2021/22", "theft"), ("N", "3"): ("2022/23", "other")}
    now = {("N", "1"): ("2022/23", "other"), ("S", "2"): ("2021/22", "theft"), ("N", "3"): ("2022/23", "other")}
    counts = {"2021/22": (1, 1), "2022/23": (1, 1)}
    found = compare(side(counts, records=then), side(counts, records=now)).records
    assert found == (
        ("N", "1", "year and category", "2021/22", "theft", "2022/23", "other"),
        ("N", "2", "gone", "2021/22", "theft", "", ""),
        ("S", "2", "new", "", "", "2021/22", "theft"),
    )


def test_records_of_a_year_that_one_side_has_not_are_no_move() -> None:
    before = side({"2021/22": (1, 0)}, records={("", "1"): ("2021/22", "theft")})
    after = side({"2022/23": (1, 0)}, records={("", "2"): ("2022/23", "theft")})
    assert compare(before, after).records == ()


def test_breakdowns_that_differ_are_summed_and_a_hidden_group_hides_the_sum() -> None:
    cells: dict[tuple[tuple[str, ...], str, str], Published] = {
        ((force,), "2021/22", code): cell
        for force, row in {"N": (Published(1), Published(2)), "S": (Published(3), HIDDEN)}.items()
        for code, cell in zip(("theft", "other"), row, strict=True)
    }
    by_force = Side("b", ("force",), ("2021/22",), TITLES, cells)
    found = figures(side({"2021/22": (4, 2)}), by_force)
    assert [(code, change) for _, _, _, code, change, _ in found] == [("other", None), (TOTAL, None)]


def test_a_chart_shows_no_protected_value_and_marks_revisions_and_breaks() -> None:
    before = side({"2020/21": (9, 1), "2021/22": (3, None)}, provisional=frozenset({"2021/22"}))
    after = side({"2021/22": (5, 4), "2022/23": (None, 6)}, provisional=frozenset({"2022/23"}))
    chart = series_chart(compare(before, after, frozenset({"other"})))
    theft, other = chart.groups
    assert [bar.name for bar in theft.bars] == ["2020/21", "2021/22 [r]", "2022/23 [p]"]
    assert [bar.value for bar in theft.bars] == [9, 5, None]
    assert [bar.name for bar in other.bars] == ["2020/21", "2021/22 [b]", "2022/23 [p]"]
    explained = [text.split("] ")[0] for text in chart.description.split("[")[1:]]
    assert explained == ["b", "p", "r", "c"]


def test_a_page_shows_the_whole_series_as_table_and_chart_and_no_protected_value() -> None:
    before, after = side({"2020/21": (9, 1), "2021/22": (3, 2)}), side({"2021/22": (5, 2), "2022/23": (None, 4)})
    made = document(compare(before, after), "OFFICIAL")
    assert made.sheets[0].headers == ("Category", "2020/21", "2021/22", "2022/23", "Shorthand")
    assert made.sheets[0].rows == (("Theft", 9, 5, "[c]", "2021/22 [r]"), ("Other", 1, 2, 4, "none"))
    assert made.sheets[0].chart == series_chart(compare(before, after))
    table = render(made, Format.TABLE)
    assert next(line.split()[-1] for line in table.splitlines() if line.startswith("Theft")) == "█▅"
    assert "<svg" in render(made, Format.HTML)


def test_a_page_without_differences_has_no_table() -> None:
    same = side({"2021/22": (3, 4)})
    assert document(compare(same, same), "OFFICIAL").sheets == ()
    for fmt in (Format.TABLE, Format.MARKDOWN, Format.HTML):
        assert "0 figures differ" in render(laid_out(compare(same, same), fmt, "OFFICIAL"), fmt)


numbers = st.one_of(st.none(), st.integers(0, 40))
tables = st.dictionaries(st.sampled_from(["2020/21", "2021/22", "2022/23"]), st.tuples(numbers, numbers), min_size=1)
places = st.dictionaries(
    st.tuples(st.sampled_from(["", "N"]), st.sampled_from("123")),
    st.tuples(st.sampled_from(["2021/22", "2022/23"]), st.sampled_from(["theft", "other"])),
)


def sorted_side(counts: dict[str, tuple[int | None, ...]], records: Any) -> Side:
    return side(dict(sorted(counts.items())), records=records)


@given(tables, places)
def test_a_table_compared_with_itself_differs_in_nothing(counts: Any, records: Any) -> None:
    same = sorted_side(counts, records)
    found = compare(same, same)
    assert (found.figures, found.records) == ((), ())


@given(tables, tables, places, places)
def test_revisions_and_moves_turned_round_have_the_other_sign(one: Any, other: Any, here: Any, there: Any) -> None:
    before, after = sorted_side(one, here), sorted_side(other, there)
    found, back = compare(before, after), compare(after, before)
    forth = {(f.year, f.code): f.change for f in found.figures if f.kind == "revision"}
    assert forth == {
        (f.year, f.code): None if f.change is None else -f.change for f in back.figures if f.kind == "revision"
    }
    turned = {"gone": "new", "new": "gone"}
    assert [(*m[:2], turned.get(m.what, m.what), *m[5:], *m[3:5]) for m in found.records] == [
        tuple(m) for m in back.records
    ]


@given(tables, tables)
def test_a_hidden_number_never_comes_out_as_a_change(one: Any, other: Any) -> None:
    for figure in compare(sorted_side(one, {}), sorted_side(other, {})).figures:
        if figure.before.value is None or figure.after.value is None:
            assert (figure.change, figure.p) == (None, None)
