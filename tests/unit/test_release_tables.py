"""Tables of a release: every margin adds up, a hidden number hides what rests on it, and CSV gives the cells back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from release_builders import YEARS, hide, tally

from cc_categorise.disclosure.tables import TOTAL, Published
from cc_categorise.errors import ReleaseError, UsageError, WorkforceError
from cc_categorise.release.counts import (
    CATEGORIES,
    cells_of_csv,
    count_chart,
    count_sheet,
    exact_tables,
    shown,
)
from cc_categorise.release.derived import Denominator, Workforce, change_sheet, hidden, rates_sheet, shares_sheet
from cc_categorise.render.as_csv import csv_of
from cc_categorise.render.text import one_line

COUNTS = (("2021/22", "theft", 10), ("2022/23", "theft", 15), ("2022/23", "other", 5), ("2022/23", "uncategorised", 20))
THEN, NOW = YEARS


def test_margins_are_the_sums_of_what_they_stand_for() -> None:
    (table,) = exact_tables(tally(*COUNTS))
    assert table.dimensions == ("year", "category")
    assert table.cells[NOW, TOTAL] == 40
    assert table.cells[TOTAL, "theft"] == 25
    assert table.cells[TOTAL, TOTAL] == 50
    assert table.cells[THEN, "uncategorised"] == 0


def test_uncategorised_is_a_line_even_where_there_is_no_such_record() -> None:
    (table,) = exact_tables(tally(("2022/23", "theft", 7)))
    assert table.cells[NOW, "uncategorised"] == 0


def test_a_breakdown_is_a_table_of_its_own_and_leaves_the_sums_over_groups_to_the_other() -> None:
    main, by = exact_tables(tally(*COUNTS, by="Northshire"))
    assert by.dimensions == ("force", "year", "category")
    assert all(by.cells["Northshire", *place] == count for place, count in main.cells.items())
    assert {force for force, _, _ in by.cells} == {"Northshire"}
    assert by.cells["Northshire", NOW, TOTAL] == 40


def test_numbers_counted_by_different_dates_are_not_taken_for_the_same() -> None:
    (table,) = exact_tables(tally(*COUNTS))
    assert table.scope == (("counted_by", "received"),)


def test_a_group_cannot_be_called_as_a_margin_is() -> None:
    with pytest.raises(UsageError, match="called 'total'"):
        exact_tables(tally(*COUNTS, by=TOTAL))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(Published(12), 12, id="number"),
        pytest.param(Published(0), 0, id="nought"),
        pytest.param(Published(None, ("c",)), "[c]", id="suppressed"),
        pytest.param(Published(0, ("low",)), "[low]", id="low"),
        pytest.param(Published(None, ("c", "r")), "[c] [r]", id="two"),
    ],
)
def test_a_cell_shows_its_number_or_its_shorthand(cell: Published, text: str | int) -> None:
    assert shown(cell) == text


def test_a_sheet_has_a_row_for_each_category_and_a_total_that_says_so() -> None:
    counted = tally(*COUNTS, markers={NOW: "p"})
    sheet = count_sheet(counted, hide(exact_tables(counted)[0], (NOW, "other"), (NOW, "theft")), "T")
    assert sheet.headers == ("Category", "2021/22", "2022/23 [p]", "Total")
    assert sheet.rows[0] == ("Theft", 10, "[c]", 25)
    assert sheet.rows[-1] == ("Total", 10, 40, 50)
    assert sheet.tidy[0] == ("year", "category_code", "category", "count", "marker")
    assert (NOW, "theft", "Theft", None, "c p") in sheet.tidy
    assert (TOTAL, TOTAL, "Total", 50, "") in sheet.tidy
    assert len(sheet.tidy) == 1 + 3 * 4


def test_a_number_with_shorthand_has_it_beside_and_not_in_its_cell() -> None:
    counted = tally(*COUNTS)
    table = hide(exact_tables(counted)[0])
    revised = replace(table, cells={**table.cells, (NOW, "theft"): Published(15, ("r",))})
    sheet = count_sheet(counted, revised, "T")
    assert sheet.headers[-1] == "Shorthand"
    assert sheet.rows[0] == ("Theft", 10, 15, 25, "2022/23 [r]")
    assert sheet.rows[1][-1] == "none"
    assert (NOW, "theft", "Theft", 15, "r") in sheet.tidy


@pytest.mark.parametrize("group", ["Northshire", "=SUM(A1)", "'quoted", "two\nlines"])
def test_the_cells_can_be_had_back_from_the_csv(group: str) -> None:
    counted = tally(*COUNTS, by=group, markers={NOW: "p"})
    table = hide(exact_tables(counted)[1], (one_line(group), NOW, "theft"))
    header, *rows = count_sheet(counted, table, "T").tidy
    back = cells_of_csv(csv_of([*map(str, header)], rows), 3, "breakdown.csv")
    assert back == table.cells
    assert len(back) == 12


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("a,b\n", id="header"),
        pytest.param("year,category_code,category,count,marker\n1,2\n", id="short"),
        pytest.param("year,category_code,category,count,marker\n2022,a,A,many,\n", id="no-number"),
        pytest.param("force,year,category_code,category,count,marker\n", id="one-column-too-many"),
    ],
)
def test_another_csv_is_no_table_of_counts(text: str) -> None:
    with pytest.raises(ReleaseError, match="no table of counts"):
        cells_of_csv(text, 2, "categories.csv")


# --- what rests on cells


def test_change_is_worked_out_from_what_is_printed() -> None:
    counted = tally(*COUNTS)
    sheet = change_sheet(counted, hide(exact_tables(counted)[0]), "T")
    assert sheet.rows[0] == ("Theft", 10, 15, 5, Decimal("50.0"))
    assert sheet.rows[1] == ("Other", 0, 5, 5, "[z]")
    assert sheet.tidy[1] == (NOW, THEN, "theft", "Theft", 10, 15, 5, Decimal("50.0"), "")
    assert sheet.tidy[2][-2:] == (None, "z")


@pytest.mark.parametrize("hidden", [(THEN, "theft"), (NOW, "theft")], ids=["before", "now"])
def test_a_change_on_a_hidden_count_is_hidden_and_its_bar_too(hidden: tuple[str, str]) -> None:
    counted = tally(*COUNTS)
    sheet = change_sheet(counted, hide(exact_tables(counted)[0], hidden), "T")
    assert sheet.rows[0][3:] == ("[c]", "[c]")
    assert sheet.chart is not None
    assert sheet.chart.groups[0].bars[0][1:] == (None, "[c]")
    assert "Not drawn because the figure is not shown: 1." in sheet.chart.description


def test_a_change_on_a_refused_count_says_so_and_one_on_a_rounded_nought_is_not_available() -> None:
    counted = tally(*COUNTS)
    for marker, text in (("x", "[x]"), ("low", "[x]"), ("c", "[c]")):
        table = hide(exact_tables(counted)[0], (THEN, "theft"), marker=marker)
        assert change_sheet(counted, table, "T").rows[0][3] == text


def test_shares_are_of_the_printed_total() -> None:
    counted = tally(*COUNTS)
    sheet = shares_sheet(counted, hide(exact_tables(counted)[0]), "T")
    assert sheet.headers == ("Year", "Records", "Other", "Other (%)", "Uncategorised", "Uncategorised (%)")
    assert sheet.rows == (
        (THEN, 10, 0, Decimal("0.0"), 0, Decimal("0.0")),
        (NOW, 40, 5, Decimal("12.5"), 20, Decimal("50.0")),
    )


@pytest.mark.parametrize("hidden", [(NOW, "other"), (NOW, TOTAL)], ids=["part", "total"])
def test_a_share_with_a_hidden_part_or_total_is_hidden(hidden: tuple[str, str]) -> None:
    counted = tally(*COUNTS)
    sheet = shares_sheet(counted, hide(exact_tables(counted)[0], hidden), "T")
    assert sheet.rows[1][3] == "[c]"
    assert sheet.rows[0][3] == Decimal("0.0")


def test_a_share_of_nothing_is_not_applicable() -> None:
    counted = tally(("2022/23", "theft", 7))
    assert shares_sheet(counted, hide(exact_tables(counted)[0]), "T").rows[0][3] == "[z]"


FTE = Denominator(Decimal("2000.5"), "FTE", date(2023, 3, 31))


def test_a_rate_has_its_parts_beside_it() -> None:
    counted = tally(*COUNTS)
    sheet = rates_sheet(counted, [hide(exact_tables(counted)[0])], Workforce({("", NOW): FTE}), 1000, "T")
    assert sheet.headers[-1] == "Rate per 1,000"
    assert sheet.rows[0] == ("All", NOW, "Theft", 15, Decimal("2000.5"), "FTE", "31 March 2023", Decimal("7.5"))
    assert sheet.tidy[1] == (
        TOTAL,
        NOW,
        "theft",
        "Theft",
        15,
        Decimal("2000.5"),
        "FTE",
        "2023-03-31",
        Decimal("7.5"),
        "",
    )
    assert "count" not in sheet.tidy[0]


def test_no_rate_stands_on_a_hidden_count() -> None:
    counted = tally(*COUNTS)
    table = hide(exact_tables(counted)[0], (NOW, "theft"))
    sheet = rates_sheet(counted, [table], Workforce({("", NOW): FTE}), 100, "T")
    assert (sheet.rows[0][3], sheet.rows[0][-1]) == ("[c]", "[c]")


def test_a_force_has_rates_by_its_own_workforce() -> None:
    counted = tally(*COUNTS, by="Northshire")
    tables = [hide(table) for table in exact_tables(counted)]
    sheet = rates_sheet(counted, tables, Workforce({("Northshire", NOW): FTE, ("Elsewhere", NOW): FTE}), 1000, "T")
    assert {row[0] for row in sheet.rows} == {"Northshire"}
    assert len(sheet.rows) == 4


def test_a_workforce_of_other_years_is_refused_rather_than_left_out() -> None:
    counted = tally(*COUNTS)
    with pytest.raises(WorkforceError, match="of a year of the release"):
        rates_sheet(counted, [hide(exact_tables(counted)[0])], Workforce({("", "1999/00"): FTE}), 1000, "T")


def test_the_chart_of_counts_draws_the_last_two_years_and_nothing_hidden() -> None:
    counted = tally(*COUNTS)
    chart = count_chart(counted, hide(exact_tables(counted)[0], (NOW, "theft")))
    assert [bar.name for bar in chart.groups[0].bars] == [THEN, NOW]
    assert chart.groups[0].bars[1] == (NOW, None, "[c]")
    assert "Highest: Uncategorised, 2022/23: 20." in chart.description


def test_the_name_of_the_main_table_is_that_of_its_file() -> None:
    assert exact_tables(tally(*COUNTS))[0].name == CATEGORIES == "categories"


def test_a_figure_is_shown_only_if_all_it_rests_on_is_printed() -> None:
    (exact,) = exact_tables(tally(*COUNTS))
    cells = hide(exact, (NOW, "theft")).cells
    assert hidden(cells[NOW, TOTAL]) is None
    assert hidden(cells[NOW, TOTAL], cells[NOW, "theft"]) == "[c]"
    lacking = {place: cell for place, cell in cells.items() if place != (NOW, TOTAL)}
    with pytest.raises(KeyError):
        shares_sheet(tally(*COUNTS), replace(hide(exact), cells=lacking), "Shares")
