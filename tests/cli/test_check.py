"""`check` says what is wrong, where, and how to mend it; lists rows; parts sound rows from the others."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import jsonschema
import pytest
from test_door import AS_AT, HEADER, SOUND, TITLES, counts, export, names_in, run

SCHEMAS = Path(__file__).parents[2] / "cc_categorise" / "schemas"
FINDING_COLUMNS = ["file", "sheet", "row", "reference", "field", "code", "severity", "message", "hint"]
ROWS = (
    SOUND,  # 2
    "R2,2023-04-04,Infiltratoin",  # 3: unknown label, with a near miss
    "R3,31/02/2023,Other",  # 4: rejected
    SOUND,  # 5: duplicate
    "R5,2021-05-01,Vulnerability",  # 6: out of period, where --from says so
    'R6,2023-05-01,"Kettle, said ""he""\nand she"',  # 7: unknown label, and has to stay whole
    ",2023-06-01,Other",  # 8: no reference
)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    export(tmp_path, *ROWS)
    return tmp_path


def found(folder: Path, *args: object) -> list[list[str]]:
    """Give row, reference, field and code of each finding."""
    result = run("check", "export.csv", *AS_AT, "-f", "csv", *args, cwd=folder)
    rows = list(csv.DictReader(result.out.splitlines()))
    return [[row["row"], row["reference"], row["field"], row["code"]] for row in rows]


def test_findings_name_row_reference_field_and_code(faulty: Path) -> None:
    assert sorted(found(faulty)) == [
        ["3", "R2", "category", "unknown-label"],
        ["4", "R3", "received_on", "impossible-date"],
        ["5", "R1", "reference", "duplicate"],
        ["7", "R6", "category", "unknown-label"],
        ["8", "", "reference", "blank-reference"],
    ]


def test_findings_stand_in_the_order_of_rows(faulty: Path) -> None:
    numbers = [int(row) for row, *_ in found(faulty)]
    assert numbers == sorted(numbers)


def test_a_finding_gives_meaning_hint_and_near_miss_but_never_the_label(faulty: Path) -> None:
    result = run("check", "export.csv", *AS_AT, "-f", "csv", cwd=faulty)
    heading, *rows = csv.reader(result.out.splitlines())
    assert heading == FINDING_COLUMNS
    assert all(row[0] == "export.csv" and row[6] in ("error", "warning") and row[7] and row[8] for row in rows)
    assert "Did you mean 'Infiltration'?" in result.out
    assert "Infiltratoin" not in result.out


def test_json_holds_the_same_findings_in_the_form_that_its_schema_promises(faulty: Path) -> None:
    whole = json.loads(run("check", "export.csv", *AS_AT, "-f", "json", cwd=faulty).out)
    jsonschema.validate(whole, json.loads((SCHEMAS / "findings.schema.json").read_text(encoding="utf-8")))
    shown = [[str(f["row"]), f["reference"], f["field"], f["code"]] for f in whole["findings"]]
    assert shown == found(faulty)
    assert sum(whole["counts"].values()) == len(shown)
    assert whole["reconciliation"]["rows_read"] == 7


@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_a_person_gets_findings_by_kind_with_rows_and_what_to_do(faulty: Path, fmt: str) -> None:
    text = run("check", "export.csv", *AS_AT, "-f", fmt, cwd=faulty).out
    for code in ("unknown-label", "impossible-date", "duplicate", "blank-reference"):
        assert code in text
    assert text.index("unknown-label") < text.index("duplicate")  # errors first
    assert "export.csv row 3, 7" in text
    assert "rows read 7 = 5 counted + 1 rejected + 1 duplicate" in text


def test_no_findings_is_said(tmp_path: Path) -> None:
    result = run("check", export(tmp_path, SOUND), *AS_AT)
    assert result.code == 0
    assert "No findings" in result.out


def test_findings_out_of_period_are_left_out(faulty: Path) -> None:
    assert ["3", "R2", "category", "unknown-label"] not in found(faulty, "--from", "2023-04-05")


# --- check --list


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        pytest.param("infiltration", [["2", "R1", "2023/24", "infiltration"]], id="code"),
        pytest.param("vulnerability", [], id="code-out-of-period"),
        pytest.param("other", [["8", "", "2023/24", "other"]], id="code-of-other"),
        pytest.param(
            "uncategorised",
            [["3", "R2", "2023/24", "uncategorised"], ["7", "R6", "2023/24", "uncategorised"]],
            id="uncategorised",
        ),
        pytest.param("rejected", [["4", "R3", "", ""]], id="rejected"),
        pytest.param("duplicate", [["5", "R1", "", ""]], id="duplicate"),
        pytest.param("out-of-period", [["6", "R5", "", ""]], id="out-of-period"),
        pytest.param("merged", [], id="merged"),
    ],
)
def test_list_names_the_rows_behind_a_figure(faulty: Path, what: str, expected: list[list[str]]) -> None:
    result = run("check", "export.csv", *AS_AT, "--from", "2022-04-01", "--list", what, "-f", "csv", cwd=faulty)
    heading, *rows = csv.reader(result.out.splitlines())
    assert heading == ["file", "sheet", "row", "reference", "year", "category_code"]
    assert rows == [["export.csv", "", *row] for row in expected]
    assert result.code == 3


def test_list_has_as_many_rows_as_every_figure_of_the_table(faulty: Path) -> None:
    table = counts(run("count", "export.csv", *AS_AT, "-f", "csv", cwd=faulty).out)
    for code in (*TITLES, "uncategorised"):
        rows = run("check", "export.csv", *AS_AT, "--list", code, "-f", "csv", cwd=faulty).out
        listed = list(csv.DictReader(rows.splitlines()))
        assert len(listed) == sum(n for (_, of), n in table.items() if of == code)


def test_list_merged_names_the_further_rows_of_a_record(tmp_path: Path) -> None:
    export(tmp_path, SOUND, "R1,2023-04-03,Other")
    (tmp_path / "many.yaml").write_text("rows_per_record: many\n")
    args = ("check", "export.csv", *AS_AT, "--profile", "many.yaml", "-f", "csv", "--list")
    assert run(*args, "merged", cwd=tmp_path).out.splitlines()[1:] == ["export.csv,,3,R1,,"]
    assert run(*args, "infiltration", cwd=tmp_path).out.splitlines()[1:] == ["export.csv,,2,R1,2023/24,infiltration"]


def test_list_labels_gives_each_label_that_is_not_read_as_written_with_how_often(tmp_path: Path) -> None:
    labels = ["Banana", "Infiltratoin", "Banana", "", "Other", "=1+1"]
    export(tmp_path, *(f"R{n},2023-04-03,{label}" for n, label in enumerate(labels)))
    rows = list(
        csv.reader(run("check", "export.csv", *AS_AT, "--list", "labels", "-f", "csv", cwd=tmp_path).out.splitlines())
    )
    assert rows[0] == ["label", "records", "code", "suggestion"]
    assert rows[1] == ["Banana", "2", "unknown-label", ""]
    assert ["Infiltratoin", "1", "unknown-label", "Infiltration"] in rows
    assert ["(blank)", "1", "blank-category", ""] in rows
    assert "'=1+1" in [row[0] for row in rows]  # no formula
    assert "Other" not in [row[0] for row in rows]


def test_list_says_what_it_can_list(faulty: Path) -> None:
    result = run("check", "export.csv", "--list", "everything", cwd=faulty)
    assert (result.code, result.out) == (2, "")
    assert "labels, rejected, duplicate, out-of-period, merged, uncategorised or a code" in result.err


# --- check --quarantine


def quarantined(folder: Path, *args: object) -> dict[str, list[list[str]]]:
    result = run("check", *(args or ["export.csv"]), *AS_AT, "--quarantine", "out", cwd=folder)
    assert result.code == 3
    files = sorted((folder / "out").iterdir())
    return {file.name: list(csv.reader(file.read_text(encoding="utf-8").splitlines(keepends=True))) for file in files}


def test_quarantine_parts_whole_rows_and_gives_reasons(faulty: Path) -> None:
    files = quarantined(faulty)
    given = list(csv.reader((faulty / "export.csv").read_text().splitlines(keepends=True)))
    header, (r1, r2, r3, again, r5, r6, blank) = given[0], given[1:]
    assert sorted(files) == ["export.findings.csv", "export.invalid.csv", "export.valid.csv"]
    assert files["export.valid.csv"] == [header, r1, again, r5, blank]
    assert files["export.invalid.csv"] == [
        ["cc_row", "cc_reasons", *header],
        ["3", "unknown-label", *r2],
        ["4", "impossible-date", *r3],
        ["7", "unknown-label", *r6],
    ]
    findings = [[row[2], row[3], row[4], row[5]] for row in files["export.findings.csv"][1:]]
    assert findings == found(faulty)
    assert files["export.findings.csv"][0] == FINDING_COLUMNS


def test_both_parts_counted_together_give_what_the_export_gives(faulty: Path) -> None:
    quarantined(faulty)
    whole = run("count", "export.csv", *AS_AT, "-f", "json", cwd=faulty).out
    parts = run("count", "out/export.valid.csv", "out/export.invalid.csv", *AS_AT, "-f", "json", cwd=faulty).out
    assert json.loads(parts) == json.loads(whole)


def test_a_mended_part_is_clean(faulty: Path) -> None:
    quarantined(faulty)
    invalid = faulty / "out" / "export.invalid.csv"
    text = (
        invalid.read_text()
        .replace("Infiltratoin", "fraud")
        .replace("31/02/", "28/02/")
        .replace("Kettle, said", "Other: said")
    )
    invalid.write_text(text)
    assert run("check", "out/export.valid.csv", *AS_AT, cwd=faulty).code == 0


def test_a_repeat_goes_where_the_row_that_it_repeats_goes(tmp_path: Path) -> None:
    export(tmp_path, "R1,2023-04-03,Banana", "R1,2023-04-03,Banana", SOUND.replace("R1", "R2"))
    files = quarantined(tmp_path)
    assert [row[:2] for row in files["export.invalid.csv"][1:]] == [["2", "unknown-label"], ["3", "duplicate"]]
    assert [row[0] for row in files["export.valid.csv"][1:]] == ["R2"]


def test_rows_of_another_width_and_with_open_quotes_are_kept_whole(tmp_path: Path) -> None:
    export(tmp_path, SOUND, "R2,2023-04-03,Other,more,still more", 'R3,2023-04-03,"Other,more')
    files = quarantined(tmp_path)
    assert [row[:2] for row in files["export.invalid.csv"][1:]] == [["3", "too-many-cells"], ["4", "unbalanced-quote"]]
    assert files["export.invalid.csv"][1][2:] == ["R2", "2023-04-03", "Other", "more", "still more"]
    assert "Other" in "".join(files["export.invalid.csv"][2])


def test_each_export_has_files_of_its_own_even_where_names_are_alike(tmp_path: Path) -> None:
    for folder, row in (("north", SOUND), ("south", "R2,2023-04-03,Banana"), ("east", "R3,2023-04-03,Other")):
        (tmp_path / folder).mkdir()
        export(tmp_path / folder, row)
    export(tmp_path, "R4,2023-04-03,Vulnerability", name="export-2.csv")
    files = quarantined(tmp_path, "north/export.csv", "south/export.csv", "east/export.csv", "export-2.csv")
    valid = [row[0] for name, rows in files.items() if name.endswith(".valid.csv") for row in rows[1:]]
    invalid = [row[2] for name, rows in files.items() if name.endswith(".invalid.csv") for row in rows[1:]]
    assert (sorted(valid), invalid, len(files)) == (["R1", "R3", "R4"], ["R2"], 12)


def test_the_same_file_given_twice_is_parted_twice_alike(tmp_path: Path) -> None:
    export(tmp_path, SOUND, "R2,2023-04-03,Banana")
    files = quarantined(tmp_path, "export.csv", "export.csv")
    assert "Banana" not in str([rows for name, rows in files.items() if name.endswith(".valid.csv")])


def test_quarantine_of_standard_input_is_named_so(tmp_path: Path) -> None:
    result = run("check", "-", *AS_AT, "--quarantine", "a/b", cwd=tmp_path, stdin=f"{HEADER}\n{SOUND}\n".encode())
    assert result.code == 0
    assert names_in(tmp_path / "a" / "b") == ["stdin.findings.csv", "stdin.invalid.csv", "stdin.valid.csv"]
    assert (tmp_path / "a/b/stdin.valid.csv").read_bytes() == f"{HEADER}\n{SOUND}\n".encode()
    assert (tmp_path / "a/b/stdin.invalid.csv").read_bytes() == f"cc_row,cc_reasons,{HEADER}\n".encode()


def test_quarantine_warns_that_whole_rows_were_written(faulty: Path) -> None:
    said = run("check", "export.csv", *AS_AT, "--quarantine", "out", cwd=faulty).err
    assert "whole rows were written to out: handle them as you handle the export" in said


def test_list_and_quarantine_go_together(faulty: Path) -> None:
    alone = run("check", "export.csv", *AS_AT, "--list", "labels", "-f", "csv", cwd=faulty)
    both = run("check", "export.csv", *AS_AT, "--list", "labels", "-f", "csv", "--quarantine", "out", cwd=faulty)
    assert (both.out, both.code) == (alone.out, alone.code)
    assert len(names_in(faulty / "out")) == 3


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [pytest.param([], 0, id="error"), pytest.param(["--fail-on", "warning"], 3, id="warning")],
)
def test_a_duplicate_alone_fails_a_check_only_where_warnings_are_to_fail(
    tmp_path: Path, fail_on: list[str], code: int
) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Ref,Received,Category\n1,2023-04-03,Other\n1,2023-04-03,Other\n")
    assert run("check", path, "--as-at", "2024-03-31", *fail_on).code == code


# --- how long reading would take


def foi(folder: Path, n_unread: int, *args: str) -> dict[str, str]:
    """Ask about an export with one sound record, one rejected row and some without a category."""
    unread = [f"U{number},2023-04-04," for number in range(n_unread)]
    result = run(
        "check", export(folder, SOUND, "X,not a day,Other", *unread), *AS_AT, "--foi", *args, "-f", "csv", "-q"
    )
    assert result.code == 3
    return dict(list(csv.reader(result.out.splitlines()))[1:])


@pytest.mark.parametrize(
    ("n_unread", "minutes", "hours", "is_over"),
    [
        pytest.param(108, "10", "18.0", "no", id="at-the-limit"),
        pytest.param(109, "10", "18.2", "yes", id="one-record-more"),
        pytest.param(108, "10.01", "18.0", "yes", id="a-second-more"),
        pytest.param(0, "60", "0.0", "no", id="nothing-to-read"),
    ],
)
def test_reading_time_is_held_against_the_limit_exactly(
    tmp_path: Path, n_unread: int, minutes: str, hours: str, is_over: str
) -> None:
    told = foi(tmp_path, n_unread, "--minutes", minutes)
    assert (told["hours"], told["over the limit"]) == (hours, is_over)
    assert told["records to read, being uncategorised"] == str(n_unread)
    assert told["records counted"] == str(n_unread + 1)
    assert told["rejected rows besides, most without a readable date"] == "1"


def test_the_cost_is_at_25_pounds_an_hour_and_the_limit_450(tmp_path: Path) -> None:
    told = foi(tmp_path, 12, "--minutes", "30")
    assert told["cost at £25 an hour"] == "£150.00"
    assert told["hours of the section 12 limit (£450)"] == "18"
    assert told["minutes a record that would just stay within it"] == "90.0"


def test_without_minutes_ten_are_assumed_and_it_is_said(tmp_path: Path) -> None:
    told = foi(tmp_path, 6)
    assert told["minutes a record (assumed: measure some)"] == "10"
    assert told["hours"] == "1.0"


@pytest.mark.parametrize("args", [("--foi", "--list", "labels"), ("--minutes", "5"), ("--foi", "--minutes", "0")])
def test_a_reading_time_is_a_report_of_its_own(tmp_path: Path, args: tuple[str, ...]) -> None:
    result = run("check", export(tmp_path, SOUND), *AS_AT, *args)
    assert (result.code, result.out) == (2, "")
