"""`count` gives the table that DESIGN promises, from every kind of argument, and it adds up."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import jsonschema
import pytest
from python_calamine import load_workbook
from test_door import AS_AT, HEADER, SOUND, TITLES, UNREAD, counts, export, run

LONG = "year,category_code,category,count,marker"
SCHEMAS = Path(__file__).parents[2] / "cc_categorise" / "schemas"


def test_every_year_has_all_12_categories_in_order_and_no_gap(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,31/03/2022,Other", "R2,2024-03-31,Infiltration")
    heading, *rows = csv.reader(run("count", path, *AS_AT, "-f", "csv").out.splitlines())
    ones = {("2021/22", "other"), ("2023/24", "infiltration")}
    assert ",".join(heading) == LONG
    assert rows == [
        [year, code, title, str(int((year, code) in ones)), ""]
        for year in ("2021/22", "2022/23", "2023/24")
        for code, title in TITLES.items()
    ]


def test_uncategorised_is_a_row_of_every_year_where_there_is_any_and_never_other(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2022-05-01,Banana", "R2,2023-05-01,Other")
    rows = run("count", path, *AS_AT, "-f", "csv").out.splitlines()[1:]
    assert [row for row in rows if ",uncategorised," in row] == [
        "2022/23,uncategorised,Uncategorised,1,",
        "2023/24,uncategorised,Uncategorised,0,",
    ]
    assert rows[12].startswith("2022/23,uncategorised")


def test_each_of_the_12_is_counted_by_title_code_and_number(tmp_path: Path) -> None:
    labels = [label for no, (code, title) in enumerate(TITLES.items(), 1) for label in (f'"{title}"', code, str(no))]
    path = export(tmp_path, *(f"R{n},2023-04-03,{label}" for n, label in enumerate(labels)))
    result = run("count", path, *AS_AT, "-f", "csv")
    assert result.code == 0
    assert counts(result.out) == {("2023/24", code): 3 for code in TITLES}


def test_a_header_alone_is_a_table_of_zeros_for_the_year_of_the_as_at_date(tmp_path: Path) -> None:
    result = run("count", export(tmp_path), "--as-at", "2024-02-29", "-f", "csv")
    rows = list(csv.reader(result.out.splitlines()))[1:]
    assert (result.code, rows) == (0, [["2023/24", code, title, "0", "p"] for code, title in TITLES.items()])
    by = run("count", export(tmp_path, header=f"{HEADER},Force"), *AS_AT, "-f", "csv", "--by", "force")
    assert (by.code, by.out) == (0, f"force,{LONG}\n")


def test_a_duplicate_is_counted_once_and_a_reference_of_another_force_is_none(tmp_path: Path) -> None:
    rows = (f"{SOUND},North", f"{SOUND},North", "R1,2023-04-05,Other,North", f"{SOUND},South")
    result = run("count", export(tmp_path, *rows, header=f"{HEADER},Force"), *AS_AT, "-f", "json")
    found = json.loads(result.out)
    assert result.code == 0
    assert found["findings"] == {"conflicting-duplicate": 1, "duplicate": 1}
    assert (found["reconciliation"]["counted"], found["reconciliation"]["duplicate"]) == (2, 2)


def test_json_is_whole_and_in_the_form_that_its_schema_promises(tmp_path: Path) -> None:
    path = export(tmp_path, SOUND, UNREAD, "R3,soon,Other", "R4,2021-04-03,Other", SOUND)
    result = run("count", path, *AS_AT, "--from", "2022-04-01", "-f", "json")
    found = json.loads(result.out)
    jsonschema.validate(found, json.loads((SCHEMAS / "count.schema.json").read_text(encoding="utf-8")))
    table = csv.DictReader(run("count", path, *AS_AT, "--from", "2022-04-01", "-f", "csv").out.splitlines())
    assert [{key: str(value) for key, value in row.items()} for row in found.pop("rows")] == list(table)
    assert len(found["scheme"].pop("sha256")) == 64
    assert found == {
        "schema_version": 1,
        "scheme": {"id": "uk-national-counter-corruption", "edition": "2022-11"},
        "year_basis": "financial",
        "counted_by": "received",
        "basis": "primary",
        "unit": "intelligence records",
        "as_at": "2024-03-31",
        "reconciliation": {
            "rows_read": 5,
            "counted": 2,
            "rejected": 1,
            "duplicate": 1,
            "out_of_period": 1,
            "merged": 0,
            "uncategorised": 1,
        },
        "findings": {"duplicate": 1, "unknown-label": 1, "unreadable-date": 1},
    }


@pytest.mark.parametrize("given", [[], ["--by", "force"], ["--year", "month"], ["--from", "2023-04-04"]])
def test_the_rows_add_up_to_what_is_counted_and_the_fates_to_what_was_read(tmp_path: Path, given: list[str]) -> None:
    rows = (f"{SOUND},North", f"{UNREAD},South", "R3,soon,Other,North", f"{SOUND},North", "R4,2022-01-01,7,")
    found = json.loads(
        run("count", export(tmp_path, *rows, header=f"{HEADER},Force"), *AS_AT, "-f", "json", *given).out
    )
    fates = found["reconciliation"]
    assert sum(row["count"] for row in found["rows"]) == fates["counted"]
    assert fates["rows_read"] == 5 == sum(fates.values()) - fates["rows_read"] - fates["uncategorised"]


def test_a_table_and_markdown_show_titles_totals_and_what_they_are_not_for(tmp_path: Path) -> None:
    path = export(tmp_path, SOUND, UNREAD)
    table, markdown = (run("count", path, *AS_AT, "-f", fmt) for fmt in ("table", "markdown"))
    for text in (table.out, markdown.out):
        assert all(word in text.split() for title in TITLES.values() for word in title.split())
        assert "Uncategorised" in text
        assert "rows read 2 = 2 counted" in text
    assert table.out == run("count", path, *AS_AT).out
    assert table.err.endswith("exact counts: not for publication\n")


def test_wide_csv_has_a_column_for_each_year_and_a_total(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2022-05-01,Other,North", "R2,2023-05-01,Other,North", header=f"{HEADER},Force")
    heading, *rows = run("count", path, *AS_AT, "-f", "csv", "--layout", "wide", "--by", "force").out.splitlines()
    assert heading == "force,category_code,category,2022/23,2023/24,total"
    assert [row.split(",")[1] for row in rows] == list(TITLES)
    assert rows[-1] == "North,other,Other,1,1,2"


# --- what an export can be


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Give a folder of three exports, with something else beside them."""
    export(tmp_path, "A1,2023-04-03,Other", name="a.csv")
    export(tmp_path, "B1;2023-04-03;Other", "B2;2023-04-03;Other", header=HEADER.replace(",", ";"), name="b.txt")
    export(tmp_path, *[f"C{n}\t2023-04-03\tOther" for n in range(4)], header=HEADER.replace(",", "\t"), name="c.TSV")
    (tmp_path / "notes.docx").write_bytes(b"PK")
    (tmp_path / ".hidden.csv").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(
    ("args", "n"),
    [
        pytest.param(["a.csv"], 1, id="file"),
        pytest.param(["a.csv", "b.txt"], 3, id="files"),
        pytest.param(["."], 7, id="folder"),
        pytest.param(["*.csv"], 1, id="pattern"),
        pytest.param(["[ab].*"], 3, id="pattern-of-sets"),
        pytest.param(["*.TSV", "a.csv"], 5, id="pattern-and-file"),
        pytest.param(["-"], 8, id="standard-input"),
        pytest.param(["-", "a.csv"], 9, id="standard-input-and-file"),
    ],
)
def test_exports_are_files_folders_patterns_or_standard_input(three: Path, args: list[str], n: int) -> None:
    piped = "".join(f"S{n},2023-04-03,Other\n" for n in range(8))
    result = run("count", *args, *AS_AT, "-f", "csv", cwd=three, stdin=f"{HEADER}\n{piped}".encode())
    assert result.code == 0
    assert counts(result.out) == {("2023/24", "other"): n}


def test_what_a_folder_holds_besides_is_said(three: Path) -> None:
    assert (
        "1 file of another kind was left out" in (err := run("count", ".", *AS_AT, cwd=three).err) or "left out" in err
    )


def test_the_same_file_twice_is_said_and_counted_once(three: Path) -> None:
    result = run("count", "a.csv", "a.csv", *AS_AT, "-f", "json", cwd=three)
    found = json.loads(result.out)
    assert result.code == 0
    assert found["findings"] == {"duplicate": 1, "same-file-twice": 1}
    assert found["reconciliation"]["counted"] == 1


def test_one_bad_export_among_good_ones_stops_the_run_before_anything_is_written(three: Path) -> None:
    (three / "z.csv").write_bytes(b"")
    result = run("count", ".", "-o", "figures.csv", cwd=three)
    assert (result.code, result.out, (three / "figures.csv").exists()) == (4, "", False)
    assert "error: z.csv: " in result.err


def test_columns_that_assign_writes_are_not_read_unless_named(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2023-04-03,Other,infiltration", header=f"{HEADER},cc_category")
    assert counts(run("count", path, *AS_AT, "-f", "csv").out) == {("2023/24", "other"): 1}
    named = run("count", path, *AS_AT, "-f", "csv", "--map", "category=cc_category")
    assert counts(named.out) == {("2023/24", "infiltration"): 1}


def test_titles_above_and_footers_below_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"Intelligence log\n\n{HEADER}\n{SOUND}\n\nTotal,1,\nEnd of report,,\n")
    result = run("count", path, *AS_AT, "-f", "csv", cwd=tmp_path)
    assert (result.code, counts(result.out)) == (0, {("2023/24", "infiltration"): 1})
    assert "header in row 3 under 1 title row" in result.err
    assert "set aside" in result.err


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_workbook_holds_what_the_csv_holds_and_goes_to_a_file(tmp_path: Path, ending: str) -> None:
    written = ("R1,2022-04-03,Infiltration,B", "R2,2023-04-04,Other,A", "R3,2023-04-04,Banana,")
    path = export(tmp_path, *written, header=f"{HEADER},Force")
    asked = ("count", path, *AS_AT, "--by", "force", "--allow-rejects", "1")
    result = run(*asked, "-o", tmp_path / f"figures.{ending}")
    assert (result.code, result.out) == (0, "")
    book = load_workbook(tmp_path / f"figures.{ending}")
    header, *rows = book.get_sheet_by_name("figures").to_python()[3:-1]
    wide = list(csv.reader(run(*asked, "-f", "csv", "--layout", "wide").out.splitlines()))
    assert [[str(cell).removesuffix(".0") for cell in row] for row in rows] == wide[1:]
    assert header[:3] == wide[0][:3]
    assert run(*asked, "-f", ending).code == 2
