"""A canary put into every cell of an export never comes out, but where it is asked for by name.  And no network."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from test_door import AS_AT, run

import cc_categorise as cc

CANARY = "Zebedee Quux"
COLUMNS = {
    "reference": "R",
    "received_on": "2023-04-03",
    "recorded_on": "2023-04-04",
    "occurred_on": "2023-04-05",
    "closed_on": "2023-04-06",
    "category": "Other",
    "further_categories": "Vulnerability; Infiltration",
    "force": "North",
    "unit": "Unit 1",
    "source": "Caller",
    "grade": "A1",
    "rag": "Green",
    "status": "Open",
    "narrative": "Some words.",
    "cc_evidence": "more words",
    "Desk officer": "A. Person",
}
LISTS = ("other", "uncategorised", "rejected", "duplicate", "out-of-period", "merged")
FORMATS = ("table", "csv", "json", "markdown")
COUNTS = [("count", "-f", fmt, "-v") for fmt in FORMATS] + [
    ("count", "-f", "csv", "--basis", "all", "--count-by", "occurred"),
    ("count", "--layout", "long", "--year", "month"),
]
CHECKS = [
    *(("check", "-f", fmt, "-v") for fmt in FORMATS),
    *(("check", "--list", what, "-f", "csv") for what in LISTS),
    ("check", "--list", "other"),
]

# Enough where it is the reading of the export that could go wrong, and not one of the layouts.
SOME = [*COUNTS[:2], *CHECKS[:2], *(("check", "--list", what, "-f", "csv") for what in ("other", "rejected", "merged"))]


def has_canary(text: str) -> list[str]:
    """Give what is left of the canary in a text, whatever became of its case, spaces and quotes."""
    return [word for word in re.findall(r"\w+", text.casefold()) if word.startswith(("zebed", "quux"))]


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert not has_canary(" ".join(record.getMessage() for record in caplog.get_records("call")))


def write(folder: Path, *rows: list[str], header: list[str] | None = None, name: str = "export.csv") -> Path:
    """Write rows as they are: a cell that needs quotes has to bring them."""
    path = folder / name
    lines = [",".join(cells) for cells in ([list(COLUMNS)] if header is None else [header]) + list(rows)]
    path.write_text("".join(f"{line}\n" for line in lines if line), encoding="utf-8", newline="")
    return path


def row(**cells: str) -> list[str]:
    return [cells.get(column, sound) for column, sound in COLUMNS.items()]


def row_of(column: str, canary: str) -> list[str]:
    """Give a sound row with a canary in one column."""
    return row(**{"reference": f"R-{column}", column: canary})


def everything_said(folder: Path, *commands: tuple[str, ...], more: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Give all that commands print, on either stream, and which command it was."""
    for command, *given in commands:
        result = run(command, "export.csv", *AS_AT, *given, *more, cwd=folder)
        assert result.code in (0, 3, 4), result.err
        yield " ".join((command, *given)), result.out + result.err


def assert_silent(folder: Path, *commands: tuple[str, ...], more: tuple[str, ...] = ()) -> None:
    leaks = {which: has_canary(text) for which, text in everything_said(folder, *commands, more=more)}
    assert {which: found for which, found in leaks.items() if found} == {}


# --- every column in turn, and every shape of row

CELLS = [
    pytest.param(CANARY, id="text"),
    pytest.param(f"{CANARY} 03/04/2023", id="with-a-date"),
    pytest.param(f'"{CANARY}, 7 - Other\nand {CANARY}"', id="with-delimiter-and-line-end"),
    pytest.param(f"Other: {CANARY}", id="after-a-category"),
    pytest.param(f"={CANARY}", id="formula"),
    pytest.param(f"[bold]{CANARY}[/bold]", id="markup"),
    pytest.param(f"{CANARY} " * 500, id="long"),
]


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_of_any_column_comes_out(tmp_path: Path, cell: str) -> None:
    columns = [column for column in COLUMNS if column != "reference"]
    rows = [row_of(column, cell) for column in columns]
    write(tmp_path, *rows, *rows[:3], row(reference=cell))
    assert_silent(tmp_path, *COUNTS)
    write(tmp_path, *rows, *rows[:3])  # check names rows by their own reference
    assert_silent(tmp_path, *CHECKS)


def test_a_reference_comes_out_of_check_alone_and_not_if_it_is_long(tmp_path: Path) -> None:
    write(tmp_path, row(reference=CANARY, category="Banana"))
    assert_silent(tmp_path, *COUNTS)
    assert all(has_canary(text) for _, text in everything_said(tmp_path, ("check", "-f", "csv")))
    write(tmp_path, row(reference=f"{CANARY} " * 10, category="Banana"))
    assert_silent(tmp_path, *CHECKS)


@pytest.mark.parametrize("cell", CELLS)
def test_reports_on_quality_editions_and_sub_tags_show_no_cell_but_a_force(tmp_path: Path, cell: str) -> None:
    rows = [row_of(column, cell) for column in COLUMNS if column != "force"]
    rows = [[*cells, cell] for cells in rows]
    write(tmp_path, *rows, header=[*COLUMNS, "subcategory"])
    for fmt in FORMATS:
        assert_silent(tmp_path, ("check", "--quality", "-f", fmt), ("count", "--by", "subcategory", "-f", fmt))
        given = ("categories", "diff", "2020-08", "2022-11", "--impact", "export.csv", *AS_AT, "-f", fmt)
        result = run(*given, cwd=tmp_path)
        assert result.code == 0
        assert not has_canary(result.out + result.err)


SHAPES = [
    pytest.param([f"{CANARY} second half of a broken row"], id="one-cell"),
    pytest.param([CANARY, "2023-04-03"], id="too-few-cells"),
    pytest.param([CANARY, "2023-04-03", "", "", "", "Banana"], id="too-few-cells-with-a-label"),
    pytest.param([*row(), CANARY], id="too-many-cells"),
    pytest.param([*row(reference=f"Some words, {CANARY}"), CANARY], id="shifted-to-the-right"),
    pytest.param(["R1", CANARY, *row()[1:]], id="one-cell-shifts-the-others"),
    pytest.param([*row(reference=f'"{CANARY}'), "x"], id="unbalanced-quote-in-the-first-cell"),
    pytest.param(row(narrative=f'"{CANARY}'), id="unbalanced-quote-in-a-later-cell"),
    pytest.param([*row(narrative=f'"{CANARY}'), "x"], id="unbalanced-quote-in-a-ragged-row"),
    pytest.param(row(narrative=f'{CANARY} "so-called'), id="stray-quote"),
    pytest.param(row(narrative=f'"{CANARY}\n{",".join(row(reference=CANARY))}\n"'), id="row-within-quotes"),
    pytest.param(row(narrative=f"{CANARY}\0"), id="nul"),
    pytest.param(["", "", CANARY, *[""] * 13], id="nearly-blank"),
    pytest.param([f"Total {CANARY}", *[""] * 15], id="footer"),
    pytest.param(row(reference="R1", narrative=CANARY), id="conflicting-duplicate"),
]


@pytest.mark.parametrize("cells", SHAPES)
def test_no_row_of_any_shape_comes_out(tmp_path: Path, cells: list[str]) -> None:
    write(tmp_path, row(reference="R1"), cells, row(reference="R3"))
    assert_silent(tmp_path, *SOME)


def test_text_that_slipped_into_the_place_of_the_reference_does_not_come_out(tmp_path: Path) -> None:
    order = [*list(COLUMNS)[1:], "reference"]
    sound, slipped = [*row()[1:], "R1"], [*row()[1:], CANARY, "R2"]
    write(tmp_path, sound, slipped, header=order)
    assert_silent(tmp_path, *SOME)


# --- the commands that read text

READING = [
    *(("assign", "export.csv", "-f", fmt) for fmt in (*FORMATS, "html")),
    *(("explain", "export.csv", "--row", row, "-f", fmt) for row in ("2", "3") for fmt in FORMATS),
    *(("check", "export.csv", "--text", *AS_AT, "-f", fmt) for fmt in FORMATS),
    ("check", "export.csv", "--decisions", "decisions.jsonl", *AS_AT),
    ("count", "export.csv", "--decisions", "decisions.jsonl", *AS_AT),
    ("review", "make", "export.csv", "-o", "sheet.csv"),
    ("review", "make", "export.csv", "-o", "sheet.xlsx"),
    ("review", "apply", "sheet.csv", "--by", "A", "--on", "2024-01-01", "--decisions", "new.jsonl"),
    ("review", "compare", "decisions.jsonl", "decisions.jsonl"),
]
SOME_READING = [
    ("assign", "export.csv"),
    ("explain", "export.csv", "--row", "3"),
    ("check", "export.csv", "--text", *AS_AT),
]
TOLD = f"{CANARY} told a journalist of the case, and {CANARY} had no policing purpose to look him up"


HEADER = ["Note" if column == "cc_evidence" else column for column in COLUMNS]  # a column that assign adds itself


def assert_readers_are_silent(folder: Path, *rows: list[str], commands: list[tuple[str, ...]]) -> None:
    write(folder, *rows, header=HEADER)
    reason = f'{{"reference":"R1","category":"other","by":"A","on":"2024-01-01","reason":"{CANARY}"}}\n'
    (folder / "decisions.jsonl").write_text(reason, encoding="utf-8")
    leaks = {}
    for command in commands:
        result = run(*command, cwd=folder)
        assert result.code in (0, 2, 3), result.err
        leaks[" ".join(command)] = has_canary(result.out + result.err)
    assert {which: found for which, found in leaks.items() if found} == {}


@pytest.mark.usefixtures("few_words")
@pytest.mark.parametrize("category", ["Other", ""])
@pytest.mark.parametrize(
    "text", [CANARY, f'"{TOLD},\n{TOLD}"', f"=[bold]{TOLD}[/bold]"], ids=["few", "lines", "markup"]
)
def test_a_text_that_is_read_does_not_come_out(tmp_path: Path, category: str, text: str) -> None:
    cell = text if text.startswith('"') else f'"{text}"'
    rows = row(reference="R1", category=category, narrative=cell), row(reference="R2", narrative=cell)
    assert_readers_are_silent(tmp_path, *rows, commands=READING)


@pytest.mark.parametrize("more", [(), ("--no-vectors",)])
def test_the_rules_of_the_shipped_model_hold_no_words_of_a_text(tmp_path: Path, more: tuple[str, ...]) -> None:
    write(tmp_path, row(reference="R1", category="", narrative=f'"{TOLD}"'), header=HEADER)
    for command in (("assign", "export.csv"), ("explain", "export.csv", "--row", "2")):
        result = run(*command, *more, cwd=tmp_path)
        assert result.code == 0
        assert not has_canary(result.out + result.err)


@pytest.mark.usefixtures("few_words")
@pytest.mark.parametrize("cells", [shape for shape in SHAPES if shape.id not in ("nearly-blank", "footer")])
def test_no_row_out_of_shape_comes_out_of_what_reads_text(tmp_path: Path, cells: list[str]) -> None:
    assert_readers_are_silent(tmp_path, row(reference="R1"), cells, row(reference="R3"), commands=SOME_READING)


@pytest.mark.usefixtures("few_words")
def test_text_comes_out_where_it_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, row(reference="R1", category="", narrative=f'"{TOLD}"'), header=HEADER)
    assert has_canary(run("assign", "export.csv", "--show-text", cwd=tmp_path).out)
    run("review", "make", "export.csv", "--review-below", "1", "-o", "sheet.csv", cwd=tmp_path)
    assert has_canary((tmp_path / "sheet.csv").read_text(encoding="utf-8"))


# --- no header, titles, profiles, files that are something else

HEADERLESS = [
    pytest.param(["R1", "2023-04-03", "Other", CANARY, "Open"], id="no-field"),
    pytest.param(["R1", "2023-04-03", "Other", CANARY, "Closed"], id="a-status-is-the-name-of-a-field"),
]


@pytest.mark.parametrize("cells", HEADERLESS)
@pytest.mark.parametrize(
    "profile",
    [
        pytest.param("", id="no-profile"),
        pytest.param("header_row: 1\n", id="header-row-named"),
        pytest.param("columns: {category: Sort}\n", id="column-named"),
    ],
)
def test_a_row_that_is_taken_for_a_header_does_not_come_out(tmp_path: Path, cells: list[str], profile: str) -> None:
    write(tmp_path, cells, cells, header=[])
    (tmp_path / "profile.yaml").write_text(profile or "name: none\n")
    assert_silent(tmp_path, *SOME, more=("--profile", "profile.yaml"))
    assert_silent(tmp_path, ("count", "--map", "category=Sort"), ("count", "--by", "Sort"), ("check",))


def test_titles_above_the_header_do_not_come_out(tmp_path: Path) -> None:
    path = write(tmp_path, row())
    path.write_text(f"{CANARY}\n{CANARY},{CANARY},,,\n\n{path.read_text()}")
    assert_silent(tmp_path, *SOME)


def test_two_columns_of_free_text_are_not_quoted_where_headers_are(tmp_path: Path) -> None:
    header = [*COLUMNS, "Narrative", "desk officer"]
    write(tmp_path, [*row(), CANARY, CANARY], header=header)
    assert_silent(tmp_path, *SOME, ("count", "--by", "desk officer"))


WRONG_FILES = [
    pytest.param(f"{','.join(COLUMNS)}\n{','.join(row(narrative=CANARY))}\n", id="export"),
    pytest.param(f"Ref,Text\nR1,note: {CANARY}: more\n", id="export-with-colons"),
    pytest.param(f"note {CANARY}: seen\nnote {CANARY} again: seen\n", id="lines-like-keys"),
    pytest.param(f"{CANARY}: one\n{CANARY}: two\n", id="key-twice"),
    pytest.param(f"- {CANARY}\n", id="list"),
    pytest.param(f'{{"reference": "{CANARY}"', id="json-cut-off"),
    pytest.param(f'[{{"reference": "{CANARY}"}}]', id="json"),
    pytest.param(f"\t{CANARY}", id="tab"),
    pytest.param(f"@{CANARY}", id="sign"),
    pytest.param(f"&{CANARY} *{CANARY}", id="anchor"),
    pytest.param(f"!{CANARY} x", id="tag"),
    pytest.param(f"{CANARY}\x00", id="nul"),
]


@pytest.mark.parametrize("option", ["--profile", "--scheme"])
@pytest.mark.parametrize("text", WRONG_FILES)
def test_an_export_given_as_a_profile_or_scheme_does_not_come_out(tmp_path: Path, text: str, option: str) -> None:
    write(tmp_path, row())
    (tmp_path / "wrong.yaml").write_text(text, encoding="utf-8")
    result = run("count", "export.csv", option, "wrong.yaml", cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert has_canary(result.err) == []


def entry(label: str, category: str = "other") -> str:
    rest = f"decided_by: {CANARY}, decided_on: 2024-01-01, reason: {CANARY}"
    return f"  - {{label: {label}, category: {category}, {rest}}}\n"


PROFILES = [
    pytest.param(f"force: [{CANARY}]\n", id="list-for-text"),
    pytest.param(f"count_by: {CANARY}\n", id="choice"),
    pytest.param(f"header_row: {CANARY}\n", id="number"),
    pytest.param(f"delimiter: {CANARY}\n", id="delimiter"),
    pytest.param(f"missing: {CANARY}\n", id="text-for-list"),
    pytest.param(f"rows_per_record: {CANARY}\n", id="literal"),
    pytest.param(f"crosswalk:\n{entry(CANARY)}{entry(CANARY, 'vulnerability')}", id="label-decided-twice"),
    pytest.param(f"crosswalk:\n{entry(CANARY, 'no-such-category')}", id="category-of-no-scheme"),
    pytest.param(f"crosswalk:\n{entry(CANARY, f'[{CANARY}]')}", id="list-for-category"),
    pytest.param(f"crosswalk:\n{entry(CANARY + 'y' * 300)}", id="label-too-long"),
]


@pytest.mark.parametrize("text", PROFILES)
def test_a_label_or_name_in_a_broken_profile_does_not_come_out(tmp_path: Path, text: str) -> None:
    write(tmp_path, row())
    (tmp_path / "profile.yaml").write_text(text, encoding="utf-8")
    result = run("count", "export.csv", "--profile", "profile.yaml", cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert has_canary(result.err) == []


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"{CANARY} \x81".encode("latin-1"), id="undefined-byte"),
        pytest.param(CANARY.encode("utf-16-le"), id="utf-16-unmarked"),
        pytest.param(b"\xff\xfe" + CANARY.encode("utf-16-le") + b"\0", id="utf-16-cut-off"),
        pytest.param(f"{CANARY}\n{CANARY}\n".encode(), id="no-header"),
        pytest.param(f'"{CANARY}\n'.encode() * 3, id="open-quotes"),
        pytest.param(json.dumps([{"reference": CANARY}]).encode(), id="json"),
        pytest.param(f"<td>{CANARY}</td>".encode(), id="html"),
    ],
)
def test_a_file_that_is_no_export_does_not_come_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "export.csv").write_bytes(content)
    assert_silent(tmp_path, *SOME)
    (tmp_path / "export.json").write_bytes(content)
    assert has_canary(run("count", "export.json", cwd=tmp_path).err) == []


def test_a_break_down_by_free_text_is_refused_however_its_column_is_named(tmp_path: Path) -> None:
    header = ["Ref", "Received", "Category", "Summary", "Secondary Category"]
    write(tmp_path, ["R1", "2023-04-03", "Other", CANARY, CANARY], header=header)
    for name in ("narrative", "further_categories", "Summary", "secondary category"):
        result = run("count", "export.csv", "--by", name, cwd=tmp_path)
        assert (result.code, result.out, has_canary(result.err)) == (2, "", []), name


# --- where it is asked for by name


def test_a_break_down_shows_its_own_column_alone(tmp_path: Path) -> None:
    write(tmp_path, *[row_of(column, f"Zebedee {no}") for no, column in enumerate(COLUMNS) if column != "reference"])
    position = list(COLUMNS).index("force")
    result = run("count", "export.csv", *AS_AT, "--by", "force", "-f", "json", cwd=tmp_path)
    assert set(re.findall(r"Zebedee (\d+)", result.out + result.err)) == {str(position)}


def test_labels_are_listed_and_nothing_beside_them(tmp_path: Path) -> None:
    write(tmp_path, *[row_of(column, f"Zebedee {no}") for no, column in enumerate(COLUMNS)])
    position = list(COLUMNS).index("category")
    for fmt in FORMATS:
        result = run("check", "export.csv", *AS_AT, "--list", "labels", "-f", fmt, cwd=tmp_path)
        assert set(re.findall(r"Zebedee (\d+)", result.out)) == {str(position)}
        assert has_canary(result.err) == []


@pytest.mark.parametrize("cells", SHAPES)
def test_quarantine_keeps_text_in_the_files_of_whole_rows(tmp_path: Path, cells: list[str]) -> None:
    write(tmp_path, row(narrative=CANARY), cells, row(reference="R3", category=CANARY))
    result = run("check", "export.csv", *AS_AT, "--quarantine", "out", cwd=tmp_path)
    assert has_canary(result.out + result.err) == []
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()}
    assert has_canary(files.pop("export.findings.csv")) == []
    assert [name for name, text in files.items() if not has_canary(text)] == []


# --- in Python


def test_nothing_that_python_shows_of_a_run_holds_a_cell(tmp_path: Path) -> None:
    path = write(tmp_path, *[row_of(column, CANARY) for column in COLUMNS if column != "reference"])
    outcome = cc.count(path, as_at=date(2024, 3, 31))
    for value in (outcome, outcome.report, outcome.report.tally, cc.check(path, as_at=date(2024, 3, 31))):
        assert has_canary(repr(value)) == []
        assert has_canary(str(value)) == []


def test_nothing_that_python_shows_of_a_record_holds_its_narrative() -> None:
    record = cc.validate_row({"narrative": CANARY})
    assert has_canary(f"{record!r} {record}") == []


# --- no network

COMMANDS = [
    pytest.param([*COUNTS[0], *AS_AT, "export.csv"], id="count"),
    pytest.param([*CHECKS[0], *AS_AT, "export.csv"], id="check"),
    pytest.param(["check", "--list", "labels", "--quarantine", "out", "export.csv"], id="check-list"),
    pytest.param(["compare", "export.csv", "export.csv", "--chart", "chart.svg"], id="compare"),
    pytest.param(["count", "export.csv", "--chart", "chart.png"], id="count-png"),
    pytest.param(["pack", "export.csv"], id="pack"),
    pytest.param(["categories", "list"], id="categories-list"),
    pytest.param(["categories", "show", "7"], id="categories-show"),
    pytest.param(["categories", "check", "categories.yaml"], id="categories-check"),
    pytest.param(["--help"], id="help"),
    pytest.param(["--version"], id="version"),
]
WATCHED = """
import os, sys
def hook(event, args):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.system", "os.exec")):
        os.write(2, f"NETWORK: {event}".encode())
        os._exit(99)
sys.addaudithook(hook)
from cc_categorise.__main__ import main
main()
"""


@pytest.mark.parametrize("args", COMMANDS)
def test_no_command_opens_a_socket_or_starts_another_program(tmp_path: Path, args: list[str]) -> None:
    write(tmp_path, row(reference="R1"), row(reference="R2", category="Banana"))
    (tmp_path / "categories.yaml").write_bytes((Path(__file__).parents[2] / "categories.yaml").read_bytes())
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", WATCHED, *args], cwd=tmp_path, capture_output=True, timeout=30, check=False
    )
    assert done.returncode in (0, 3), done.stderr.decode()
    assert b"NETWORK" not in done.stderr


@pytest.mark.parametrize("column", COLUMNS)
def test_a_release_holds_no_cell_but_the_values_of_a_breakdown(tmp_path: Path, column: str) -> None:
    path = write(tmp_path, *(row(reference=f"R{place}") for place in range(9)), row_of(column, CANARY))
    folder = tmp_path / "release"
    period = ("--period", "2023/24", "--by", "force")
    result = run("return", path, *AS_AT, *period, "-o", folder)
    assert result.code in (0, 3), result.err
    files = [*folder.iterdir(), *folder.with_name("release.private").iterdir()]
    found = [file.name for file in files if has_canary(file.read_bytes().decode(errors="replace"))]
    assert not has_canary(result.out + result.err)
    assert bool(found) is (column == "force")


@pytest.mark.parametrize("column", COLUMNS)
def test_a_comparison_shows_a_force_and_a_reference_and_no_other_cell(tmp_path: Path, column: str) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, cells in ((one, row(reference="R1")), (other, row_of(column, CANARY))):
        folder.mkdir()
        write(folder, cells)
    result = run(
        "compare", "one/export.csv", "other/export.csv", *AS_AT, "-f", "json", "--chart", "c.svg", cwd=tmp_path
    )
    assert bool(has_canary(result.out)) is (column in ("reference", "force")), result.out
    assert not has_canary(result.err + (tmp_path / "c.svg").read_text(encoding="utf-8"))


@pytest.mark.parametrize("column", COLUMNS)
def test_a_pack_shows_a_source_and_no_other_cell(tmp_path: Path, column: str) -> None:
    write(tmp_path, *(row(reference=f"R{place}") for place in range(9)), row_of(column, CANARY))
    for fmt in ("markdown", "html"):
        result = run("pack", "export.csv", *AS_AT, "-f", fmt, cwd=tmp_path)
        assert bool(has_canary(result.out)) is (column == "source")
        assert not has_canary(result.err)
