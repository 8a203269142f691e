"""CSV holds the data alone, in the columns that were promised."""

from __future__ import annotations

import csv
import io
import subprocess
import sys

import pytest
from render_builders import OTHER, TEXTS, THEFT, UNREAD, Counts, grouped_by, render_count, render_listing, report

from cc_categorise.options import Format, Layout


def test_long_csv_has_one_row_a_count_by_year_then_category() -> None:
    text = render_count(report(categories=[THEFT, OTHER], markers={"2023/24": "p"}), Format.CSV)
    assert text == (
        "year,category_code,category,count,marker\n"
        "2022/23,theft-and-fraud,Theft and fraud,1200,\n"
        "2022/23,other,Other,0,\n"
        "2023/24,theft-and-fraud,Theft and fraud,3,p\n"
        "2023/24,other,Other,1,p\n"
    )


def test_wide_csv_has_one_row_a_category_and_no_total_row() -> None:
    counts: Counts = {("Avon",): [[1, 2], [0, 0]], ("",): [[3, 4], [0, 5]]}
    text = render_count(report(counts, by=("force",)), Format.CSV, Layout.WIDE)
    assert text == (
        "force,category_code,category,2022/23,2023/24,total\n"
        "Avon,theft-and-fraud,Theft and fraud,1,2,3\n"
        "Avon,other,Other,0,0,0\n"
        "(blank),theft-and-fraud,Theft and fraud,3,4,7\n"
        "(blank),other,Other,0,5,5\n"
    )


def test_uncategorised_is_a_row_where_the_tally_has_it_and_not_otherwise() -> None:
    with_it = render_count(report({(): [[1, 0], [0, 2]]}, categories=[OTHER, UNREAD]), Format.CSV)
    assert with_it.count(",uncategorised,Uncategorised,") == 2
    assert "uncategorised" not in render_count(report(), Format.CSV)


def test_a_tally_without_years_is_a_header_only() -> None:
    empty = report({(): [[], []]}, years=[])
    assert render_count(empty, Format.CSV) == "year,category_code,category,count,marker\n"


@pytest.mark.parametrize(
    ("given", "column"),
    [("year", "by_year"), ("Count", "by_Count"), ("total", "by_total"), ("2023/24", "by_2023/24"), ("unit", "unit")],
)
def test_a_breakdown_named_like_another_column_is_renamed_in_both_layouts(given: str, column: str) -> None:
    for layout in Layout:
        text = render_count(grouped_by(given, "x"), Format.CSV, layout)
        assert text.split(",")[0] == column


def test_two_breakdowns_never_share_a_column_name() -> None:
    text = render_count(report({("a", "b"): [[1, 1], [1, 1]]}, by=("by_year", "year")), Format.CSV)
    assert text.startswith("by_year,by_by_year,year,")


def test_a_cell_with_comma_quote_or_line_end_is_quoted_and_a_formula_disarmed() -> None:
    text = render_count(grouped_by("=unit", "=1+1", 'a,"b"\r\nc', "\x1b[31m"), Format.CSV)
    assert text == (
        "'=unit,year,category_code,category,count,marker\n"
        "'=1+1,2023/24,other,Other,1,\n"
        '"a,""b""\nc",2023/24,other,Other,1,\n'
        "\ufffd[31m,2023/24,other,Other,1,\n"
    )
    assert [row[0] for row in csv.reader(io.StringIO(text))][2] == 'a,"b"\nc'


def test_every_value_can_be_written_as_utf_8() -> None:
    for fmt in TEXTS:
        render_count(grouped_by("unit\ud800", "half \ud83d"), fmt).encode()


def test_a_list_without_rows_is_a_header_only() -> None:
    assert render_listing(("reference", "row"), [], Format.CSV) == "reference,row\n"


@pytest.mark.parametrize("fmt", [Format.CSV, Format.JSON, Format.MARKDOWN])
def test_only_a_table_loads_rich_and_nothing_loads_pandas(fmt: Format) -> None:
    program = (
        "import sys\n"
        "from render_builders import render_count, render_findings, report\n"
        "from cc_categorise.options import Format\n"
        "from cc_categorise.render import wording\n"
        f"render_count(report(), Format({fmt.value!r}))\n"
        f"render_findings([], report(), Format({fmt.value!r}))\n"
        "print(sorted({'rich', 'pandas'} & set(sys.modules)))\n"
    )
    folder = __file__.rpartition("test_render_csv")[0]
    done = subprocess.run(  # noqa: S603 - this interpreter, this text
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
