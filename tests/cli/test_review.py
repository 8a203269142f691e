"""`review`: from doubtful records to decisions and back, and what `count` and `check` make of them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from test_assign import HEADER, ROWS, table
from test_door import AS_AT, Ran, counts, export, run

from cc_categorise.model import UNCATEGORISED

BY = ("--by", "A reviewer", "--on", "2024-03-31", "--decisions", "decisions.jsonl")
MAKE = ("review", "make", "export.csv", "-o")
DOUBTFUL = (
    *ROWS,
    'R7,06/04/2023,,"Something was said to somebody",North',
    'R8,06/04/2023,,"Nothing more is known of it",North',
    'R9,06/04/2023,,"A short note, more to follow",North',
)

pytestmark = pytest.mark.usefixtures("few_words")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    export(tmp_path, *DOUBTFUL, header=HEADER)
    return tmp_path


def made(desk: Path, *more: str) -> list[dict[str, str]]:
    result = run(*MAKE, "sheet.csv", *more, cwd=desk)
    assert (result.code, result.out) == (0, "")
    return table(Ran(0, (desk / "sheet.csv").read_bytes().decode(), ""))


def fill(desk: Path, rows: list[dict[str, str]], **decided: str) -> None:
    """Write the sheet again, with decisions by reference; a reason stands behind a bar."""
    for row in rows:
        row["cc_decision"], _, row["cc_reason"] = decided.get(row["cc_reference"], "").partition("|")
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    (desk / "sheet.csv").write_text(out.getvalue(), encoding="utf-8", newline="")


def decided(desk: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (desk / "decisions.jsonl").read_text(encoding="utf-8").splitlines()]


# --- make


def test_the_doubt_that_is_met_most_often_comes_first(desk: Path) -> None:
    rows = made(desk)
    assert [row["cc_reference"] for row in rows] == ["R7", "R8", "R9", "R5", "R6"]
    assert rows[0]["cc_suggested"] == "1. Infiltration"  # the first of equals
    assert (rows[0]["cc_file"], rows[0]["cc_row"], rows[0]["cc_confidence"]) == ("export.csv", "9", "0.08")
    assert (rows[0]["Narrative"], rows[0]["cc_decision"]) == ("Something was said to somebody", "")


def test_a_blind_sheet_shows_no_suggestion(desk: Path) -> None:
    for row in made(desk, "--blind"):
        assert (row["cc_suggested"], row["cc_confidence"], row["cc_runner_up"]) == ("", "", "")


def test_a_record_comes_once_and_not_without_a_reference_or_out_of_shape(tmp_path: Path) -> None:
    doubtful = "R1,03/04/2023,,see log,North"
    export(tmp_path, doubtful, doubtful, ",03/04/2023,,see log,North", "R2,03/04/2023,,see log", header=HEADER)
    rows = made(tmp_path)
    assert [row["cc_reference"] for row in rows] == ["R1"]
    said = run(*MAKE, "sheet.csv", cwd=tmp_path).err
    assert "without reference, and so not to be decided about: 1" in said
    assert "out of shape, and so not to be decided about: 1" in said
    assert "records to decide about: 1;" in said


def test_records_that_were_decided_are_not_asked_again(desk: Path) -> None:
    fill(desk, made(desk), R7="Other", R5="Cannot tell")
    run("review", "apply", "sheet.csv", *BY, cwd=desk)
    assert [row["cc_reference"] for row in made(desk, "--decisions", "decisions.jsonl")] == ["R8", "R9", "R6"]


def test_a_workbook_has_a_list_to_pick_from_and_no_formula(tmp_path: Path) -> None:
    export(tmp_path, '007,03/04/2023,,"=HYPERLINK(""http://x"") is it",North', header=HEADER)
    run(*MAKE, "sheet.xlsx", cwd=tmp_path)
    book = openpyxl.load_workbook(tmp_path / "sheet.xlsx")
    sheet = book["Review"]
    names = [cell.value for cell in sheet[1]]
    (rule,) = sheet.data_validations.dataValidation
    place = names.index("cc_decision")
    assert str(rule.sqref) == f"{sheet.cell(2, place + 1).coordinate}"
    assert rule.formula1 == "Categories!$A$2:$A$14"
    choices = [row[0].value for row in book["Categories"].iter_rows(min_row=2)]
    assert (len(choices), choices[0], choices[-1]) == (13, "1. Infiltration", "Cannot tell")
    assert sheet.cell(2, names.index("cc_reference") + 1).value == "007"
    narrative = sheet.cell(2, names.index("Narrative") + 1)
    assert (narrative.data_type, narrative.value[:11]) == ("s", "=HYPERLINK(")
    assert sheet.freeze_panes == "A2"
    first = (tmp_path / "sheet.xlsx").read_bytes()
    run(*MAKE, "again.xlsx", cwd=tmp_path)
    assert (tmp_path / "again.xlsx").read_bytes() == first


@pytest.mark.parametrize("more", [pytest.param((), id="no-file"), pytest.param(("-o", "sheet.pdf"), id="ending")])
def test_a_sheet_is_a_workbook_or_csv(desk: Path, more: tuple[str, ...]) -> None:
    result = run("review", "make", "export.csv", *more, cwd=desk)
    assert (result.code, result.out) == (2, "")


def test_the_export_is_never_written_over(desk: Path) -> None:
    before = (desk / "export.csv").read_bytes()
    assert run(*MAKE, "export.csv", cwd=desk).code == 2
    assert run("review", "apply", "export.csv", "--by", "A", "--decisions", "export.csv", cwd=desk).code == 4
    assert (desk / "export.csv").read_bytes() == before


# --- apply


def test_a_wrong_format_is_refused_before_a_decision_is_added(desk: Path) -> None:
    fill(desk, made(desk), R7="6. Theft and fraud|the log says so")
    result = run("review", "apply", "sheet.csv", *BY, "-f", "xlsx", cwd=desk)
    assert (result.code, result.out) == (2, "")
    assert not (desk / "decisions.jsonl").exists()


def test_a_file_that_is_read_is_never_written_over(desk: Path) -> None:
    fill(desk, made(desk), R7="6. Theft and fraud|the log says so")
    sheet = (desk / "sheet.csv").read_bytes()
    for name in ("sheet.csv", "decisions.jsonl"):
        assert run("review", "apply", "sheet.csv", *BY, "-f", "csv", "-o", name, cwd=desk).code == 2
    assert not (desk / "decisions.jsonl").exists()
    assert run("review", "apply", "sheet.csv", *BY, cwd=desk).code == 0
    before = (desk / "decisions.jsonl").read_bytes()
    compared = ("review", "compare", "decisions.jsonl", "decisions.jsonl", "-f", "csv", "-o", "decisions.jsonl")
    assert run(*compared, cwd=desk).code == 2
    assert ((desk / "sheet.csv").read_bytes(), (desk / "decisions.jsonl").read_bytes()) == (sheet, before)


@pytest.mark.parametrize("how", ["csv", "xlsx"])
def test_a_filled_sheet_becomes_decisions_of_who_when_and_why(desk: Path, how: str) -> None:
    if how == "csv":
        fill(desk, made(desk), R7="6. Theft and fraud|the log says so", R8="Cannot tell", R5="misuse of force systems")
    else:
        run(*MAKE, "sheet.xlsx", cwd=desk)
        book = openpyxl.load_workbook(desk / "sheet.xlsx")
        names = [cell.value for cell in book["Review"][1]]
        for row, (choice, reason) in {
            2: ("6. Theft and fraud", "the log says so"),
            3: ("Cannot tell", None),
            5: (7, None),
        }.items():
            book["Review"].cell(row, names.index("cc_decision") + 1, choice)
            book["Review"].cell(row, names.index("cc_reason") + 1, reason)
        book.save(desk / "sheet.xlsx")
    result = run("review", "apply", f"sheet.{how}", *BY, cwd=desk)
    assert (result.code, result.out) == (0, "")
    assert "added 3, stood already 0, left blank 2" in result.err
    first = {"force": "", "by": "A reviewer", "on": "2024-03-31"}
    assert decided(desk) == [
        first
        | {"reference": "R7", "category": "theft-and-fraud", "suggested": "infiltration", "reason": "the log says so"},
        first | {"reference": "R8", "category": "cannot-tell", "suggested": "infiltration", "reason": ""},
        first | {"reference": "R5", "category": "misusing-force-systems", "suggested": None, "reason": ""},
    ]


def test_a_sheet_can_be_applied_twice_and_a_change_is_a_new_line(desk: Path) -> None:
    rows = made(desk)
    fill(desk, rows, R7="Other", R8="Other")
    run("review", "apply", "sheet.csv", *BY, cwd=desk)
    again = run("review", "apply", "sheet.csv", *BY, cwd=desk)
    assert "added 0, stood already 2" in again.err
    fill(desk, rows, R7="Vulnerability", R8="Other")
    run("review", "apply", "sheet.csv", *BY, cwd=desk)
    assert [(one["reference"], one["category"]) for one in decided(desk)] == [
        ("R7", "other"), ("R8", "other"), ("R7", "vulnerability"),
    ]  # fmt: skip


def test_what_cannot_be_read_is_listed_without_its_text_and_the_rest_is_taken(desk: Path) -> None:
    rows = made(desk)
    rows.append(rows[0] | {"cc_reference": ""})
    fill(desk, rows, R7="Zebedee Quux", R8="Vulnerabilty", R9="Other", R5="13")
    rows[-1]["cc_decision"] = "Other"
    result = run("review", "apply", "sheet.csv", *BY, cwd=desk)
    assert result.code == 3
    listed = [line.split() for line in result.out.splitlines()[2:]]
    assert listed == [
        ["2", "R7", "unknown-label"],
        ["3", "R8", "unknown-label", "Vulnerability"],
        ["5", "R5", "number-not-in-scheme"],
    ]
    assert "Zebedee" not in result.out + result.err
    assert [one["reference"] for one in decided(desk)] == ["R9"]


def test_an_apostrophe_against_formulas_is_taken_off_again(tmp_path: Path) -> None:
    export(tmp_path, "=R1,03/04/2023,,see log,North", header=HEADER)
    rows = made(tmp_path)
    assert rows[0]["cc_reference"] == "'=R1"
    rows[0]["cc_decision"] = "Other"
    fill(tmp_path, rows, **{"'=R1": "Other"})
    run("review", "apply", "sheet.csv", *BY, cwd=tmp_path)
    assert decided(tmp_path)[0]["reference"] == "=R1"


@pytest.mark.parametrize(
    ("sheet", "code"),
    [pytest.param("export.csv", 4, id="no-sheet"), pytest.param("nosuch.xlsx", 4, id="not-there")],
)
def test_a_file_that_is_no_sheet_adds_nothing(desk: Path, sheet: str, code: int) -> None:
    assert run("review", "apply", sheet, *BY, cwd=desk).code == code
    assert not (desk / "decisions.jsonl").exists()


def test_a_decision_has_a_name_and_a_day(desk: Path) -> None:
    fill(desk, made(desk), R7="Other")
    assert run("review", "apply", "sheet.csv", *BY, "--by", " ", cwd=desk).code == 2
    assert run("review", "apply", "sheet.csv", *BY, "--on", "soon", cwd=desk).code == 2


# --- count, check and assign honour decisions


def decide(desk: Path, **category: str) -> None:
    lines = [{"reference": key, "category": value, "by": "A", "on": "2024-03-31"} for key, value in category.items()]
    (desk / "decisions.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


COUNT = ("count", "export.csv", *AS_AT, "-f", "csv")
HONOUR = ("--decisions", "decisions.jsonl")


def test_a_record_counts_as_it_was_decided(desk: Path) -> None:
    decide(desk, R1="other", R3="vulnerability", R5="cannot-tell", R2="other", R77="other")
    result = run(*COUNT, *HONOUR, cwd=desk)
    assert {key[1]: n for key, n in counts(result.out).items()} == {
        "other": 1, "vulnerability": 1, UNCATEGORISED: 6,
    }  # fmt: skip
    # R2 has no date that can be read, so that it is rejected whatever was decided.
    assert "counted as a person decided: 2, of these against what was recorded: 1" in result.err
    assert "decisions about no record that is counted here: 2" in result.err
    assert "6 of those counted are uncategorised" in result.err


def test_a_row_that_is_rejected_stays_so_whatever_was_decided(tmp_path: Path) -> None:
    rows = ("R1,03/04/2023,Other,x,North,too much", "R2,03/04/2023,Other,x,North", "R2,03/04/2023,Other,y,North")
    export(tmp_path, *rows, header=HEADER)
    decide(tmp_path, R1="vulnerability", R2="infiltration")
    result = run(*COUNT, *HONOUR, cwd=tmp_path)
    assert {key[1]: n for key, n in counts(result.out).items()} == {"infiltration": 1}
    assert "counted as a person decided: 1, of these against what was recorded: 1" in result.err


def test_a_decided_record_is_no_finding_any_more(desk: Path) -> None:
    before = run("check", "export.csv", *AS_AT, "-f", "csv", cwd=desk)
    decide(desk, R3="vulnerability", R4="other", R5="cannot-tell")
    after = run("check", "export.csv", *AS_AT, "-f", "csv", *HONOUR, cwd=desk)
    of = {row["reference"]: row["code"] for row in table(before) if row["field"] == "category"}
    still = {row["reference"]: row["code"] for row in table(after) if row["field"] == "category"}
    assert of.items() - still.items() == {("R3", "blank-category"), ("R4", "unknown-label")}
    listed = run("check", "export.csv", *AS_AT, "--list", "vulnerability", "-f", "csv", *HONOUR, cwd=desk)
    assert [row["reference"] for row in table(listed)] == ["R3"]


def test_an_export_without_categories_can_be_counted_once_people_have_decided(tmp_path: Path) -> None:
    export(tmp_path, "R1,2023-04-03,x", "R2,2023-04-03,y", header="Ref,Date Received,Narrative")
    assert run(*COUNT, cwd=tmp_path).code == 4
    decide(tmp_path, R1="other")
    result = run(*COUNT, *HONOUR, cwd=tmp_path)
    assert result.code == 3
    assert {key[1]: n for key, n in counts(result.out).items()} == {"other": 1, UNCATEGORISED: 1}
    assert run("check", "export.csv", *AS_AT, "--list", "labels", *HONOUR, cwd=tmp_path).code == 3


def test_a_decision_about_a_merged_record_moves_the_record_once(tmp_path: Path) -> None:
    rows = ("R1,2023-04-03,Infiltration", "R1,2023-04-03,Vulnerability", "R2,2023-04-03,Other")
    export(tmp_path, *rows, header="Ref,Date Received,Category")
    (tmp_path / "profile.yaml").write_text("schema_version: 1\nrows_per_record: many\n")
    decide(tmp_path, R1="other")
    found = run(*COUNT, *HONOUR, "--profile", "profile.yaml", "--basis", "all", cwd=tmp_path)
    assert {key[1]: n for key, n in counts(found.out).items()} == {"other": 2, "vulnerability": 1}


def test_a_decision_is_about_the_record_of_its_force(tmp_path: Path) -> None:
    export(tmp_path, "R1,2023-04-03,,North", "R1,2023-04-03,,South", header="Ref,Date Received,Category,Force")
    (tmp_path / "decisions.jsonl").write_text(
        '{"force":"South","reference":"R1","category":"other","by":"A","on":"2024-03-31"}\n'
    )
    found = counts(run(*COUNT, *HONOUR, "--by", "force", cwd=tmp_path).out)
    assert {key[0]: key[2] for key in found} == {"North": UNCATEGORISED, "South": "other"}


@pytest.mark.parametrize("command", [COUNT, ("assign", "export.csv"), ("check", "export.csv", *AS_AT)])
def test_a_decisions_file_that_cannot_be_used_stops_the_run(desk: Path, command: tuple[str, ...]) -> None:
    (desk / "decisions.jsonl").write_text("Zebedee\n")
    result = run(*command, *HONOUR, cwd=desk)
    assert (result.code, result.out) == (4, "")
    assert "[decisions]" in result.err
    assert "Zebedee" not in result.err


def test_the_round_trip_from_doubt_to_a_count_that_is_clean(desk: Path) -> None:
    rows = made(desk)
    fill(desk, rows, **{row["cc_reference"]: "Vulnerability" for row in rows})
    run("review", "apply", "sheet.csv", *BY, cwd=desk)
    assert [row["cc_review"] for row in table(run("assign", "export.csv", *HONOUR, cwd=desk))] == ["no"] * 10
    found = run(*COUNT, *HONOUR, cwd=desk)
    assert counts(found.out)["2023/24", "vulnerability"] == len(rows)


# --- two people


def test_two_peoples_decisions_are_compared(desk: Path) -> None:
    decide(desk, R1="other", R2="vulnerability", R3="infiltration", R4="cannot-tell", R5="other")
    (desk / "decisions.jsonl").rename(desk / "a.jsonl")
    decide(desk, R1="other", R2="vulnerability", R3="other", R4="cannot-tell", R6="other")
    found = json.loads(run("review", "compare", "a.jsonl", "decisions.jsonl", "-f", "json", cwd=desk).out)
    assert (found["decided_by_both"], found["by_first_alone"], found["by_second_alone"]) == (4, 1, 1)
    assert (found["agreement"], found["kappa"]) == (0.75, 0.67)
    assert found["to_settle"] == [{"force": "", "reference": "R3", "first": "infiltration", "second": "other"}]
    by_code = {row["category_code"]: row for row in found["by_category"]}
    assert by_code["other"] == {"category_code": "other", "first": 1, "second": 2, "both": 1, "agreement": 0.67}
    assert by_code["sexual-misconduct"]["agreement"] is None
    listed = table(run("review", "compare", "a.jsonl", "decisions.jsonl", "-f", "csv", cwd=desk))
    assert [row["reference"] for row in listed] == ["R3"]
    for fmt in ("table", "markdown", "html"):
        assert "R3" in run("review", "compare", "a.jsonl", "decisions.jsonl", "-f", fmt, cwd=desk).out


# --- check --text


def test_recorded_categories_are_held_against_the_text(tmp_path: Path) -> None:
    rows = (
        'A1,03/04/2023,Vulnerability,"Owes money, much debt there",North',
        'A2,03/04/2024,Vulnerability,"Found with cocaine in the locker",North',
        'A3,03/04/2023,Other,"He told a friend, passed a list, told more",South',
        'A4,03/04/2023,Other,"Nothing more is known of it",South',
        'A5,03/04/2023,,"Found with cocaine in the locker",South',
        'A6,soon,Other,"Found with cocaine in the locker",South',
        "A7,03/04/2023,Other,see log,",
        'A1,03/04/2023,Vulnerability,"Owes money, much debt there",North',
    )
    export(tmp_path, *rows, header=HEADER)
    check = ("check", "export.csv", "--text", "--as-at", "2024-12-31", "-f")
    found = json.loads(run(*check, "json", cwd=tmp_path).out)
    assert (found["records_compared"], found["differing"], found["likely_disagreements"]) == (4, 3, 2)
    assert [(row["reference"], row["suggested"], row["confidence"]) for row in found["disagreements"]] == [
        ("A3", "disclosure-of-information", 0.85),
        ("A2", "controlled-drug-use-and-supply", 0.66),
    ]
    assert [(row["unit"], row["year"], row["records"], row["differing"]) for row in found["by_unit_and_year"]] == [
        ("North", "2023/24", 1, 0),
        ("North", "2024/25", 1, 1),
        ("South", "2023/24", 2, 2),
    ]
    confused = {row.pop("recorded"): {key: n for key, n in row.items() if n} for row in found["confusion"]}
    assert confused == {"vulnerability": {"5": 1, "10": 1}, "other": {"1": 1, "2": 1}}
    text = run(*check, "csv", cwd=tmp_path)
    assert [row["reference"] for row in table(text)] == ["A3", "A2"]
    assert table(text)[0]["evidence"] == "3-7 word; 18-24 word; 33-37 word"
    assert "friend" not in text.out + text.err


def test_texts_need_a_column_and_are_one_report(tmp_path: Path) -> None:
    export(tmp_path, "R1,2023-04-03,Other")
    assert run("check", "export.csv", "--text", *AS_AT, cwd=tmp_path).code == 4
    assert run("check", "export.csv", "--text", "--list", "other", *AS_AT, cwd=tmp_path).code == 2


def test_nothing_to_compare_is_no_agreement(tmp_path: Path) -> None:
    export(tmp_path, "R1,03/04/2023,,see log,x", header=HEADER)
    found = json.loads(run("check", "export.csv", "--text", *AS_AT, "-f", "json", cwd=tmp_path).out)
    assert (found["records_compared"], found["kappa"], found["disagreements"]) == (0, None, [])
    assert found["text_read_by"] == "a few words"
