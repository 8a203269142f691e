"""Whatever can be shown can be a workbook: the same figures, nothing lost, nothing a formula."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from export_builders import counted
from python_calamine import load_workbook
from render_builders import OTHER, THEFT, UNREAD, Counts, report

from cc_categorise import pipeline
from cc_categorise.document import Document
from cc_categorise.errors import OutputError, UsageError
from cc_categorise.figures import Listing, Listings
from cc_categorise.options import SENSITIVE, Format, Layout, OutputOptions
from cc_categorise.render.as_workbook import workbook
from cc_categorise.render.wording import Findings

KINDS = (Format.XLSX, Format.ODS)
every_kind = pytest.mark.parametrize("kind", KINDS)


def sheets_of(thing: Any, kind: Format, **how: Any) -> dict[str, list[list[Any]]]:
    book = load_workbook(io.BytesIO(workbook(thing, kind, **{"marking": SENSITIVE, **how})))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table(rows: list[list[Any]]) -> list[list[Any]]:
    """Leave out the lines above a table."""
    return rows[3:]


@every_kind
def test_a_count_is_its_table_with_sums_and_where_every_row_went(kind: Format) -> None:
    given = report(findings={"blank-category": 2, "duplicate": 1})
    sheets = sheets_of(given, kind)
    assert [*sheets] == ["cover", "contents", "figures", "rows", "findings"]
    assert table(sheets["figures"]) == [
        ["category_code", "category", "2022/23", "2023/24", "total"],
        ["theft-and-fraud", "Theft and fraud", 1200, 3, 1203],
        ["other", "Other", 0, 1, 1],
        ["total", "Total", 1200, 4, 1204],
    ]
    assert ["counted", given.reconciliation.counted] in table(sheets["rows"])
    assert table(sheets["findings"])[1:] == [["blank-category", "error", 2], ["duplicate", "warning", 1]]
    cover = [row[0] for row in sheets["cover"]]
    assert cover[1] == "Handling marking: OFFICIAL-SENSITIVE"
    assert cover[-1] == "Counts are exact: not for publication."


@every_kind
def test_a_count_by_groups_says_which_and_what_a_shorthand_means(kind: Format) -> None:
    counts: Counts = {("A",): [[1, 2], [0, 5]], ("",): [[3, 0], [1, 1]]}
    sheets = sheets_of(report(counts, by=("force",), markers={"2023/24": "p"}), kind, marking="OFFICIAL")
    header, *rows = table(sheets["figures"])
    assert header == ["force", "category_code", "category", "2022/23", "2023/24 [p]", "total"]
    assert [row[0] for row in rows] == ["A", "A", "(blank)", "(blank)", "All"]
    assert rows[-1][3:] == [5, 8, 13]
    assert table(sheets["notes"])[1][1].startswith("[p] provisional")
    assert sheets["cover"][1] == ["Handling marking: OFFICIAL"]


@every_kind
def test_a_long_count_has_one_row_a_figure(kind: Format) -> None:
    header, *rows = table(sheets_of(report(categories=(THEFT, OTHER)), kind, layout=Layout.LONG)["figures"])
    assert header == ["year", "category_code", "category", "count", "marker"]
    assert [row[3] for row in rows] == [1200, 0, 3, 1]


@every_kind
def test_no_groups_are_a_table_of_nothing(kind: Format) -> None:
    assert table(sheets_of(report({}, categories=(THEFT, UNREAD)), kind)["figures"])[1:] == [
        ["total", "Total", 0, 0, 0]
    ]


@every_kind
def test_findings_have_a_row_each(kind: Format, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Ref,Received,Category\nR1,soon,Other\nR2,2023-04-03,\n")
    outcome = counted([path])
    found = pipeline.findings_of(outcome)
    header, *rows = table(sheets_of(Findings(found, outcome.report), kind)["findings"])
    assert header[:4] == ["file", "sheet", "row", "reference"]
    assert [(row[2], row[5]) for row in rows] == [(2, "unreadable-date"), (3, "blank-category")]


@every_kind
def test_lists_have_a_sheet_each_and_an_empty_one_says_so(kind: Format) -> None:
    lists = (Listing(("a", "b"), [(1, "=1+1"), (None, "x")], "First", "first"), Listing(("c",), [], "Second", "second"))
    sheets = sheets_of(Listings("Both", {"agreed": 7}, lists), kind)
    assert table(sheets["first"]) == [["a", "b"], [1, "=1+1"], ["", "x"]]
    assert sheets["second"][-1] == ["There are none."]
    assert ["agreed: 7"] in sheets["cover"]


@every_kind
def test_what_has_no_marking_says_nothing_of_one(kind: Format) -> None:
    sheets = sheets_of(Listing(("code",), [("other",)]), kind, marking="")
    assert not any("marking" in str(row) for rows in sheets.values() for row in rows)
    assert sheets["list_1"][1:] == [["This sheet contains one table."], ["code"], ["other"]]


@every_kind
def test_a_document_of_nothing_is_a_cover(kind: Format, recwarn: pytest.WarningsRecorder) -> None:
    nothing = Document("Nothing differs", "OFFICIAL", date(2024, 3, 31), ("0 figures differ",), (), ())
    assert [*sheets_of(nothing, kind)] == ["cover"]
    assert not recwarn


@every_kind
def test_columns_of_one_name_and_of_none_are_told_apart(kind: Format) -> None:
    rows = sheets_of(Listing(("Ref", "ref", "", "Ref"), [("1", "2", "3", "4")]), kind)["list_1"]
    assert table(rows) == [["Ref", "ref (2)", "column 3", "Ref (4)"], ["1", "2", "3", "4"]]


@every_kind
def test_the_same_values_give_the_same_bytes(kind: Format) -> None:
    assert workbook(report(), kind) == workbook(report(), kind)
    with zipfile.ZipFile(io.BytesIO(workbook(Listing(("a",), [("b",)]), kind))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_text_that_looks_like_a_formula_stays_text() -> None:
    content = workbook(Listing(("a",), [("=1+1",)], "", "cells"), Format.XLSX)
    cell = openpyxl.load_workbook(io.BytesIO(content))["cells"]["A4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


@every_kind
def test_signs_that_no_workbook_can_hold_are_shown_otherwise(kind: Format) -> None:
    given = Listing(("a\ud800", "b"), [("half \ud83d", "\x1b[2J\n")])
    _, (cell, other) = table(sheets_of(given, kind)["list_1"])
    assert "half" in cell
    assert "\x1b" not in other


def test_what_a_workbook_cannot_hold_is_refused_and_not_cut() -> None:
    with pytest.raises(OutputError, match="32,767 characters"):
        workbook(Listing(("a",), [("x" * 32_768,)]), Format.XLSX)
    assert sheets_of(Listing(("a",), [("x" * 32_768,)]), Format.ODS)["list_1"][-1] == ["x" * 32_768]
    with pytest.raises(OutputError, match="1,048,576 rows"):
        workbook(Listing(("a",), [("x",)] * 2**20), Format.XLSX)
    with pytest.raises(OutputError, match="32,767 characters"):
        workbook(Listings("Facts", {"long": "x" * 32_768}, ()), Format.XLSX)


@every_kind
def test_a_workbook_needs_a_file_and_its_ending_says_which(kind: Format) -> None:
    assert OutputOptions(output=Path(f"figures.{kind.upper()}")).format_or(Format.TABLE) is kind
    with pytest.raises(UsageError, match="a workbook goes to a file"):
        OutputOptions(format=kind).format_or(Format.TABLE)


def test_a_workbook_of_lists_has_no_day_of_its_own() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(Listing(("a",), [("b",)]), Format.XLSX)))
    assert book.properties.created.date() == date(1980, 1, 1)
