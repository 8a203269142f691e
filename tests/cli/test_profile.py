"""`profile guess` and `profile check` at the door; shipped profiles; and that no cell of a record comes out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from test_confidential import CANARY, CELLS, COLUMNS, HEADERLESS, SHAPES, has_canary, row, row_of, write
from test_door import AS_AT, HEADER, export, ran, run

from cc_categorise.profile import Profile, load_profile
from cc_categorise.yaml_file import shipped_files

THREE_FORCES = Path(__file__).parents[2] / "examples" / "three-forces" / "export.csv"
DECIDED = "decided_by: DI, decided_on: 2024-04-02, reason: Read"


def profile(folder: Path, text: str) -> Path:
    path = folder / "profile.yaml"
    path.write_text(f"schema_version: 1\n{text}\n", encoding="utf-8")
    return path


def doubts(text: str) -> list[str]:
    """Give what needs a look in the output of `profile check`."""
    said, _, listed = text.partition("needs a look:\n")
    assert bool(listed) is not ("nothing needs a look" in said + listed)
    return [line.strip() for line in listed.splitlines()]


# --- guess


def test_guess_writes_a_profile_with_which_the_export_can_be_counted(tmp_path: Path) -> None:
    path = tmp_path / "guessed.yaml"
    result = run("profile", "guess", THREE_FORCES, "-o", path)
    assert (result.code, result.out) == (0, "")
    assert "read it before use" in result.err
    assert path.read_text(encoding="utf-8") == run("profile", "guess", THREE_FORCES).out
    told = [run("count", THREE_FORCES, *AS_AT, "-f", "csv", *more).out for more in ([], ["--profile", path])]
    assert told[0] == told[1]


def test_guess_gives_the_same_bytes_whatever_the_seed_of_hashes() -> None:
    outputs = {ran("profile", "guess", THREE_FORCES, env={"PYTHONHASHSEED": seed})[:2] for seed in ("1", "2", "3")}
    assert len(outputs) == 1
    assert next(iter(outputs))[0] == 0


def test_guess_takes_what_the_person_names(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_bytes("Rëf,In,Kind\nR,03/04/2023,Inside job\n".encode("utf-16-le"))
    mapped = ("--map", "received_on=In", "--map", "category=kind", "--encoding", "utf-16-le", "--delimiter", "comma")
    result = run("profile", "guess", "export.csv", *mapped, cwd=tmp_path)
    (tmp_path / "guessed.yaml").write_text(result.out, encoding="utf-8")
    columns = {"received_on": "In", "category": "Kind"}
    assert load_profile(tmp_path / "guessed.yaml") == Profile(encoding="utf-16-le", delimiter="comma", columns=columns)
    assert "1 unread label" in result.out


def test_guess_reads_labels_by_another_scheme(tmp_path: Path) -> None:
    shipped = (THREE_FORCES.parents[2] / "categories.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(shipped.replace("title: Infiltration\n", "title: Inside job\n", 1))
    export(tmp_path, *["R1,2023-04-03,Inside job"] * 3)
    assert 'label: "Inside job"  # 3 rows' in run("profile", "guess", "export.csv", cwd=tmp_path).out
    assert "Inside job" not in run("profile", "guess", "export.csv", "--scheme", "own.yaml", cwd=tmp_path).out


def test_both_commands_take_the_sheet_of_a_workbook_that_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, label in (("Old", "Banana"), ("New", "Infiltration")):
        sheet = book.create_sheet(name)
        sheet.append(["Reference", "Date Received", "Category"])
        sheet.append(["R1", date(2023, 4, 3), label])
    book.save(tmp_path / "export.xlsx")
    assert "[sheet]" in run("profile", "guess", "export.xlsx", cwd=tmp_path).err
    result = run("profile", "guess", "export.xlsx", "--sheet", "new", cwd=tmp_path)
    assert 'received_on = "Date Received": 1 yyyy-mm-dd' in result.out
    assert "unread label" not in result.out
    (tmp_path / "guessed.yaml").write_text(result.out, encoding="utf-8")
    assert load_profile(tmp_path / "guessed.yaml").sheet == "new"
    path = profile(tmp_path, "force: North")
    assert run("profile", "check", path, "export.xlsx", cwd=tmp_path).code == 4
    result = run("profile", "check", path, "export.xlsx", "--sheet", "Old", cwd=tmp_path)
    assert "export.xlsx, sheet Old: " in result.out
    assert "the category of 0 are read" in result.out


@pytest.fixture
def database(tmp_path: Path) -> tuple[str, ...]:
    with closing(sqlite3.connect(tmp_path / "case.db")) as connection:
        connection.execute('create table export (Ref, "Date Received", Category)')
        rows = [("R1", "2023-04-03", "Infiltration"), ("R2", "03.04.2023", "Banana"), ("R3", None, "Banana")]
        connection.executemany("insert into export values (?, ?, ?)", rows)
        connection.commit()
    return ("--from-db", "sqlite:///case.db", "--query", "select * from export")


def test_a_profile_is_guessed_from_a_query_and_checked_against_it(tmp_path: Path, database: tuple[str, ...]) -> None:
    result = run("profile", "guess", *database, cwd=tmp_path)
    assert (result.code, "case.db: query of a database\n" in result.out) == (0, True)
    assert 'received_on = "Date Received": 1 blank, 1 unreadable, 1 yyyy-mm-dd' in result.out
    (tmp_path / "guessed.yaml").write_text(result.out, encoding="utf-8")
    result = run("profile", "check", "guessed.yaml", *database, cwd=tmp_path)
    assert (result.code, "3 rows: the date of 1 and the category of 1 are read" in result.out) == (0, True)
    assert result.out.startswith("case.db: reference = 'Ref', received_on = 'Date Received', category = 'Category'\n")


def test_files_and_a_query_are_guessed_together(tmp_path: Path, database: tuple[str, ...]) -> None:
    export(tmp_path, "R1,2023-04-03,Infiltration")
    assert "guessed from 4 rows" in run("profile", "guess", "export.csv", *database, cwd=tmp_path).out


@pytest.mark.parametrize("output", ["case.db", "./case.db"])
@pytest.mark.parametrize("command", [("count", "-f", "csv", *AS_AT), ("profile", "guess")])
def test_no_result_is_written_over_a_database(
    tmp_path: Path, database: tuple[str, ...], command: tuple[str, ...], output: str
) -> None:
    before = (tmp_path / "case.db").read_bytes()
    result = run(*command, *database, "-o", output, cwd=tmp_path)
    assert (result.code, (tmp_path / "case.db").read_bytes()) == (2, before)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "no export was given"),
        (("--from-db", "sqlite:///case.db"), "go together"),
        (("--query", "select 1"), "go together"),
    ],
)
def test_without_an_export_there_is_nothing_to_look_at(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    path = profile(tmp_path, "force: North")
    for command in (("guess",), ("check", path)):
        result = run("profile", *command, *words, cwd=tmp_path)
        assert (result.code, result.out, message in result.err) == (2, "", True)


def test_guess_does_not_write_over_the_export(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2023-04-03,Infiltration")
    before = path.read_bytes()
    result = run("profile", "guess", path, "-o", path)
    assert (result.code, result.out) == (2, "")
    assert path.read_bytes() == before


# --- check


def test_a_profile_that_fits_says_what_it_gives(tmp_path: Path) -> None:
    export(tmp_path, "R1,2023-04-03,Infiltration", "R2,2023-04-04,Banana", "R3,,4")
    result = run("profile", "check", profile(tmp_path, "force: North"), "export.csv", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "export.csv: reference = 'Reference', received_on = 'Date Received', category = 'Category'\n"
        "3 rows: the date of 2 and the category of 2 are read\n"
        "nothing needs a look\n"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "columns: {unit: Team}", ["export.csv: no column 'Team', which is named for unit"], id="header-gone"
        ),
        pytest.param(
            "columns: {closed_on: Shut}", ["export.csv: no column 'Shut', which is named for closed_on"], id="date-gone"
        ),
        pytest.param("columns: {reference: REFERENCE}", [], id="header-in-other-case"),
        pytest.param(
            'date_formats: [default, "%d.%m.%Y"]',
            ["date_formats: '%d.%m.%Y' reads no date of these exports"],
            id="form",
        ),
        pytest.param('date_formats: [default, "%Y.%m.%d"]', [], id="both-forms"),
        pytest.param(
            'date_formats: ["%Y.%m.%d", "%d %b %Y"]',
            ["date_formats: '%d %b %Y' reads no date of these exports"],
            id="iso",
        ),
        pytest.param(
            f"crosswalk: [{{label: Banana, category: other, {DECIDED}}}]", [], id="label-that-only-the-crosswalk-reads"
        ),
        pytest.param(f"crosswalk: [{{label: ' banana! ', category: other, {DECIDED}}}]", [], id="label-in-other-signs"),
        pytest.param(f"crosswalk: [{{label: Cherry, category: other, {DECIDED}}}]", [], id="further-label"),
        pytest.param(
            f"crosswalk: [{{label: Apple, category: other, {DECIDED}}}]",
            ["crosswalk: 'Apple' is not a label of these exports"],
            id="label-that-does-not-come",
        ),
        pytest.param(
            f"crosswalk: [{{label: Infiltrations, category: infiltration, {DECIDED}}}]",
            [
                "crosswalk: 'Infiltrations' is not a label of these exports",
                "crosswalk: 'Infiltrations' need not stand there, the scheme reads it as infiltration by itself",
            ],
            id="label-that-the-scheme-reads",
        ),
        pytest.param(
            f"crosswalk: [{{label: Infiltration, category: other, {DECIDED}}}]",
            ["crosswalk: 'Infiltration' is other there, and the scheme reads it as infiltration by itself"],
            id="label-that-the-scheme-reads-otherwise",
        ),
    ],
)
def test_what_needs_a_look_is_said_and_exits_with_3(tmp_path: Path, text: str, found: list[str]) -> None:
    header = "Reference,Date Received,Category,Further Categories"
    rows = ("R1,2023-04-03,Infiltration,", "R2,2023.04.04,Banana,Vulnerability; Cherry", 'R3,"",Other,')
    export(tmp_path, *rows, header=header)
    result = run("profile", "check", profile(tmp_path, text), "export.csv", cwd=tmp_path)
    assert doubts(result.out) == found
    assert (result.code, result.err) == (3 if found else 0, "")


def test_built_in_forms_that_no_date_has_need_a_look(tmp_path: Path) -> None:
    export(tmp_path, "R1,25.04.2023,Infiltration")
    path = profile(tmp_path, 'date_formats: [default, "%d.%m.%Y"]')
    result = run("profile", "check", path, "export.csv", cwd=tmp_path)
    assert doubts(result.out) == ["date_formats: 'default' reads no date of these exports"]


def test_a_form_that_only_another_date_has_is_used(tmp_path: Path) -> None:
    export(tmp_path, "R1,03/04/2023,Infiltration,25.04.2023", header=f"{HEADER},Date Closed")
    path = profile(tmp_path, 'date_formats: [default, "%d.%m.%Y"]')
    assert doubts(run("profile", "check", path, "export.csv", cwd=tmp_path).out) == []


def test_labels_are_held_against_the_scheme_that_is_named(tmp_path: Path) -> None:
    shipped = (THREE_FORCES.parents[2] / "categories.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(shipped.replace("title: Infiltration\n", "title: Inside job\n", 1))
    export(tmp_path, "R1,2023-04-03,Inside job")
    path = profile(tmp_path, f"crosswalk: [{{label: Inside job, category: infiltration, {DECIDED}}}]")
    assert run("profile", "check", path, "export.csv", cwd=tmp_path).code == 0
    assert run("profile", "check", path, "export.csv", "--scheme", "own.yaml", cwd=tmp_path).code == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("columns: {category: Sort}", "missing-column", id="header-of-a-needed-field-gone"),
        pytest.param("columns: {reference: Case}", "missing-column", id="header-of-a-used-field-gone"),
        pytest.param("colums: {}", "profile", id="broken-profile"),
        pytest.param(f"crosswalk: [{{label: A, category: banana, {DECIDED}}}]", "profile", id="no-such-category"),
        pytest.param('date_formats: ["%d.%m.%Y"]', "profile", id="no-date-is-read"),
        pytest.param("earliest_year: 2030", "profile", id="every-date-is-too-early"),
    ],
)
def test_a_profile_that_cannot_be_used_exits_with_4(tmp_path: Path, text: str, code: str) -> None:
    export(tmp_path, "R1,03/04/2023,Infiltration", "R2,04/04/2023,Banana")
    result = run("profile", "check", profile(tmp_path, text), "export.csv", cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert f"[{code}]" in result.err


def test_an_export_without_records_is_no_fault_of_the_profile(tmp_path: Path) -> None:
    export(tmp_path)
    result = run("profile", "check", profile(tmp_path, 'date_formats: ["%d.%m.%Y"]'), "export.csv", cwd=tmp_path)
    assert (result.code, doubts(result.out)) == (0, [])
    assert "0 rows: " in result.out


# --- profiles that are shipped

SHIPPED = {
    "spreadsheet-log": "Log No.,Date in,Type of concern,What happened\nL1,25.04.2023,Other,x\nKey to colours,,,\n",
    "one-row-per-allegation": (
        "Case Reference,Case Received Date,Allegation Type,Case Status\n"
        "C1,25/04/2023,Infiltration,Open\nC1,25/04/2023,Other,Open\n"
    ),
}


def test_these_profiles_are_shipped() -> None:
    assert list(shipped_files("profiles")) == sorted(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_is_taken_by_its_name_and_fits_an_export_like_its_own(tmp_path: Path, name: str) -> None:
    (tmp_path / "export.csv").write_text(SHIPPED[name], encoding="utf-8")
    result = run("count", "export.csv", "--profile", name, *AS_AT, cwd=tmp_path)
    assert result.code == 0, result.err
    assert ("1 counted", "1 merged")[name == "one-row-per-allegation"] in result.err
    check = run("profile", "check", name, "export.csv", cwd=tmp_path)
    assert check.code in (0, 3), check.err
    assert [each for each in doubts(check.out) if "date_formats" not in each] == []


def test_a_file_goes_before_a_shipped_profile_of_its_name(tmp_path: Path) -> None:
    export(tmp_path, "R1,2023-04-03,Infiltration")
    (tmp_path / "spreadsheet-log").write_text("force: North\n", encoding="utf-8")
    result = run("count", "export.csv", "--profile", "spreadsheet-log", *AS_AT, cwd=tmp_path)
    assert result.code == 0, result.err


@pytest.mark.parametrize("name", ["banana", "spreadsheet-log.yaml", "b" * 300])
def test_an_unknown_name_lists_the_profiles_that_are_shipped(tmp_path: Path, name: str) -> None:
    export(tmp_path, "R1,2023-04-03,Infiltration")
    result = run("count", "export.csv", "--profile", name, cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert ", ".join(shipped_files("profiles")) in result.err


def test_a_path_is_never_a_shipped_profile(tmp_path: Path) -> None:
    export(tmp_path, "R1,2023-04-03,Infiltration")
    result = run("count", "export.csv", "--profile", tmp_path / "spreadsheet-log", cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert "there is no such profile file [profile]" in result.err


# --- the canary


def assert_silent(folder: Path) -> None:
    """No cell comes out of either command; what is guessed is a profile."""
    result = run("profile", "guess", "export.csv", cwd=folder)
    assert has_canary(result.out + result.err) == []
    assert result.code in (0, 4)
    for text in (result.out, "name: none\n", "header_row: 1\n"):
        checked = run(
            "profile", "check", profile(folder, text.replace("schema_version: 1\n", "")), "export.csv", cwd=folder
        )
        assert has_canary(checked.out + checked.err) == []
        assert checked.code in (0, 3, 4)
    if result.code == 0:
        (folder / "guessed.yaml").write_text(result.out, encoding="utf-8")
        assert load_profile(folder / "guessed.yaml").schema_version == 1


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_of_any_column_comes_out(tmp_path: Path, cell: str) -> None:
    rows = [row_of(column, cell) for column in COLUMNS]
    write(tmp_path, *rows, row_of("category", cell), row())
    assert_silent(tmp_path)
    write(
        tmp_path, *(row(**dict.fromkeys([column for column in COLUMNS if column != "category"], cell)) for _ in "abc")
    )
    assert_silent(tmp_path)


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_of_a_column_without_a_known_header_comes_out(tmp_path: Path, cell: str) -> None:
    header = ["Case", "Date in", "Kind", "Desk", "Words"]
    write(tmp_path, *([f"C{number}", "25/04/2023", "Other", cell, cell] for number in range(9)), header=header)
    assert_silent(tmp_path)
    assert "looks like dates" in run("profile", "guess", "export.csv", cwd=tmp_path).out


@pytest.mark.parametrize("cells", SHAPES)
def test_no_row_of_any_shape_comes_out(tmp_path: Path, cells: list[str]) -> None:
    write(tmp_path, row(reference="R1"), *[cells] * 4, row(reference="R3"))
    assert_silent(tmp_path)


@pytest.mark.parametrize("cells", HEADERLESS)
def test_a_record_that_is_taken_for_a_header_does_not_come_out(tmp_path: Path, cells: list[str]) -> None:
    write(tmp_path, cells, cells, header=[])
    assert_silent(tmp_path)
    result = run("profile", "guess", "export.csv", "--map", f"category={CANARY.upper()}", cwd=tmp_path)
    assert (result.code, has_canary(result.err)) == (4, [])


def test_titles_above_the_header_do_not_come_out(tmp_path: Path) -> None:
    path = write(tmp_path, row())
    path.write_text(f"{CANARY}\n{CANARY},{CANARY},,,\n\n{path.read_text()}")
    assert_silent(tmp_path)
    for title in (CANARY, f"{CANARY},{CANARY}", f"{CANARY},{CANARY},", f"{CANARY},{CANARY},x,{CANARY}"):
        path = write(tmp_path, ["C1", "25/04/2023", "Other"], header=["Case", "Date in", "Kind"])
        path.write_text(f"{title}\n\n{path.read_text()}")
        assert_silent(tmp_path)
