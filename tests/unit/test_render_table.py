"""A table shows everything, whatever the terminal, and explains itself."""

from __future__ import annotations

import re

import pytest
from render_builders import OTHER, THEFT, UNREAD, Counts, grouped_by, render_count, render_listing, report

from cc_categorise.figures import CountReport, Reconciliation
from cc_categorise.options import Basis, Format, Layout, YearBasis
from cc_categorise.render.as_table import BAR_WIDTH, bar, sparkline

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def table(some: CountReport, layout: Layout | None = None, *, colour: bool = False) -> str:
    return render_count(some, Format.TABLE, layout, colour=colour)


def test_a_table_says_what_is_counted_how_and_where_every_row_went() -> None:
    some = report(
        {(): [[1200, 3], [0, 1], [0, 12]]},
        categories=[THEFT, OTHER, UNREAD],
        markers={"2023/24": "p"},
        reconciliation=Reconciliation(
            rows_read=1316, counted=1216, rejected=20, duplicate=30, out_of_period=50, uncategorised=12
        ),
        notes=("2022/23 holds only 1 June 2022 to 31 March 2023",),
    )
    assert table(some) == (
        """\
Intelligence records by category and financial year
Counted by the date received; financial years, 1 April to 31 March
Category scheme national-12, edition 2022-11; as at 29 February 2024
[p] provisional: the year was not over on 29 February 2024
Trend: each row on a scale of its own, from 0 to its highest period

Category          2022/23   2023/24 [p]   Total   Trend
───────────────────────────────────────────────────────
Theft and fraud     1,200             3   1,203   █▂
Other                   0             1       1   ▁█

Uncategorised           0            12      12   ▁█
───────────────────────────────────────────────────────
Total               1,200            16   1,216   █▂

rows read 1,316 = 1,216 counted + 20 rejected + 30 duplicate + 50 out of period + 0 merged;"""
        " 12 of those counted are uncategorised\n"
        "Note: 2022/23 holds only 1 June 2022 to 31 March 2023\n"
    )


def test_one_year_has_bars_on_a_common_scale_and_no_uncategorised_line_when_there_is_none() -> None:
    text = table(report({(): [[10], [5]]}, years=["2023"], year_basis=YearBasis.CALENDAR))
    assert text == (
        """\
Intelligence records by category and calendar year
Counted by the date received; calendar years, 1 January to 31 December
Category scheme national-12, edition 2022-11; as at 29 February 2024

Category          2023   Total   Relative size
─────────────────────────────────────────────────────
Theft and fraud     10      10   ████████████████████
Other                5       5   ██████████
─────────────────────────────────────────────────────
Total               15      15

rows read 15 = 15 counted + 0 rejected + 0 duplicate + 0 out of period + 0 merged;"""
        " 0 of those counted are uncategorised\n"
    )


def test_groups_have_a_block_each_then_all_with_sums_and_one_set_of_widths() -> None:
    counts: Counts = {("Avon",): [[1, 2]], ("Beacon",): [[10000, 0]], ("",): [[0, 0]]}
    text = table(report(counts, by=("force",), categories=[OTHER]))
    assert text.split("\n\n", 1)[0].startswith("Intelligence records by force, category and financial year\n")
    assert text.split("\n\n", 1)[1] == (
        """\
force: Avon
Category   2022/23   2023/24    Total   Trend
─────────────────────────────────────────────
Other            1         2        3   ▅█
─────────────────────────────────────────────
Total            1         2        3   ▅█

force: Beacon
Category   2022/23   2023/24    Total   Trend
─────────────────────────────────────────────
Other       10,000         0   10,000   █▁
─────────────────────────────────────────────
Total       10,000         0   10,000   █▁

force: (blank)
Category   2022/23   2023/24    Total   Trend
─────────────────────────────────────────────
Other            0         0        0   ▁▁
─────────────────────────────────────────────
Total            0         0        0   ▁▁

All
Category   2022/23   2023/24    Total   Trend
─────────────────────────────────────────────
Other       10,001         2   10,003   █▂
─────────────────────────────────────────────
Total       10,001         2   10,003   █▂

rows read 10,003 = 10,003 counted + 0 rejected + 0 duplicate + 0 out of period + 0 merged;"""
        " 0 of those counted are uncategorised\n"
    )


def test_a_single_group_needs_no_block_of_all() -> None:
    text = table(grouped_by("force", "Avon"))
    assert "force: Avon\n" in text
    assert "All\n" not in text


def test_an_export_without_records_is_a_table_of_zeros() -> None:
    for empty in (report({(): [[], []]}, years=[]), report({}, years=[], by=("force",))):
        assert (
            "Category          Total\n"
            "───────────────────────\n"
            "Theft and fraud       0\n"
            "Other                 0\n"
            "───────────────────────\n"
            "Total                 0\n"
        ) in table(empty)


def test_mentions_are_totalled_as_mentions_with_the_records_beside() -> None:
    some = report({(): [[3, 4]]}, categories=[OTHER], basis=Basis.ALL, reconciliation=Reconciliation(5, 5))
    text = table(some)
    assert text.startswith("Category mentions in intelligence records by category and financial year\n")
    assert "\nMentions         3         4       7   ▇█\n\nRecords: 5\nrows read 5 = 5 counted" in text
    assert "Total  " not in text.partition("─\n")[2]


def test_thirty_years_stay_whole_whatever_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    years = [f"{year}/{(year + 1) % 100:02d}" for year in range(1994, 2024)]
    some = report({(): [[123456] * 30, [1] * 30]}, years=years)
    wide, painted = table(some), table(some, colour=True)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert (table(some), table(some, colour=True)) == (wide, painted)
    header, rule, first = wide.split("\n\n")[1].splitlines()[:3]
    assert header.split() == ["Category", *years, "Total", "Trend"]
    assert first.split() == ["Theft", "and", "fraud", *["123,456"] * 30, "3,703,680", "█" * 30]
    assert len(header) < len(rule) == len(first)
    assert "…" not in wide


@pytest.mark.parametrize("layout", Layout)
def test_colour_adds_codes_and_changes_nothing_else(layout: Layout) -> None:
    some = report({("A",): [[1, 2]] * 3, ("B",): [[0, 0]] * 3}, by=("unit",), categories=[THEFT, OTHER, UNREAD])
    plain, painted = table(some, layout), table(some, layout, colour=True)
    assert "\x1b[" not in plain
    assert "\x1b[1m" in painted
    assert ANSI.sub("", painted) == plain


def test_no_line_ends_in_a_space() -> None:
    for layout in Layout:
        assert not re.search(r" $", table(report(), layout), re.MULTILINE)


def test_shorthand_and_markup_survive() -> None:
    text = table(
        report({("[c] [bold]x[/bold] :warning:",): [[1, 2], [0, 0]]}, by=("unit",), markers={"2022/23": "b p"})
    )
    assert "\nunit: [c] [bold]x[/bold] :warning:\n" in text
    assert " 2022/23 [b] [p] " in text
    assert "\n[b] break: figures before and after are not comparable\n[p] provisional: the year was not" in text


@pytest.mark.parametrize("layout", Layout)
def test_a_value_can_neither_run_nor_steer_the_terminal(layout: Layout) -> None:
    text = table(grouped_by("unit\x1b", "=1+1", "\x1b[2Jgone\nnext"), layout)
    assert "'=1+1" in text
    assert "\ufffd[2Jgone next" in text
    assert "\x1b" not in text


def test_the_long_layout_has_the_columns_of_the_csv() -> None:
    some = report({("x",): [[1200, 3]]}, by=("year",), categories=[OTHER], markers={"2023/24": "p"})
    assert (
        "by_year   year      category_code   category   count   marker\n"
        "─────────────────────────────────────────────────────────────\n"
        "x         2022/23   other           Other      1,200\n"
        "x         2023/24   other           Other          3   [p]\n"
    ) in table(some, Layout.LONG)


@pytest.mark.parametrize(
    ("counts", "drawn"),
    [
        pytest.param([], "", id="none"),
        pytest.param([0, 0], "▁▁", id="only-zeros"),
        pytest.param([0, 1, 1000], "▁▂█", id="one-is-not-none"),
        pytest.param([1, 2, 3, 4, 5, 6, 7], "▂▃▄▅▆▇█", id="every-level"),
        pytest.param([1, None, 2], "▅ █", id="one-that-is-not-shown"),
        pytest.param([None, None], "  ", id="none-is-shown"),
    ],
)
def test_a_sparkline_runs_from_zero_to_the_highest(counts: list[int | None], drawn: str) -> None:
    assert sparkline(counts) == drawn


@pytest.mark.parametrize(
    ("count", "top", "drawn"),
    [
        pytest.param(0, 0, "", id="nothing-at-all"),
        pytest.param(0, 9, "", id="zero"),
        pytest.param(1, 10**6, "▏", id="one-can-be-seen"),
        pytest.param(9, 9, "█" * BAR_WIDTH, id="highest"),
        pytest.param(1, 40, "▌", id="half-a-character"),
    ],
)
def test_a_bar_is_as_long_as_its_share_of_the_highest(count: int, top: int, drawn: str) -> None:
    assert bar(count, top=top) == drawn


def test_a_list_is_a_plain_table_with_numbers_to_the_right() -> None:
    rows = [("=R1", 12, "[c] " + "long " * 40 + "end"), ("R2", 3456, "x\x1b")]
    lines = render_listing(("reference", "row", "label"), rows, Format.TABLE).splitlines()
    assert lines[0] == "reference     row   label"
    assert lines[2].startswith("'=R1           12   [c] long long")
    assert lines[2].endswith("long end")
    assert lines[3] == "R2          3,456   x\ufffd"
    assert len(lines) == 4


def test_a_list_without_rows_is_its_header() -> None:
    assert render_listing(("reference", "row"), [], Format.TABLE) == "reference   row\n───────────────\n"
