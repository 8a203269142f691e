"""`categories` shows the scheme and checks an edited one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from test_door import TITLES, run

SHIPPED = Path(__file__).parents[2] / "categories.yaml"


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    path = tmp_path / "edited.yaml"
    path.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def test_list_gives_the_12_in_the_order_of_the_published_list() -> None:
    result = run("categories", "list", "-f", "csv")
    assert (result.code, result.err) == (0, "")
    assert list(csv.reader(result.out.splitlines())) == [
        ["no", "category_code", "category"],
        *([str(no), code, title] for no, (code, title) in enumerate(TITLES.items(), 1)),
    ]


@pytest.mark.parametrize("fmt", ["table", "json", "markdown"])
def test_list_takes_every_format(fmt: str) -> None:
    text = run("categories", "list", "-f", fmt).out
    if fmt == "json":
        assert [row["category_code"] for row in json.loads(text)] == list(TITLES)
    for code, title in TITLES.items():
        assert code in text
        assert title in text


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("misusing-force-systems", id="code"),
        pytest.param("7", id="number"),
        pytest.param("Misusing force systems", id="title"),
        pytest.param("misusing FORCE systems ", id="title-folded"),
        pytest.param("Misuse of force systems", id="alias"),
    ],
)
def test_show_finds_a_category_by_code_number_or_any_of_its_wordings(name: str) -> None:
    result = run("categories", "show", name, "-f", "csv")
    rows = list(csv.reader(result.out.splitlines()))
    assert result.code == 0
    assert rows[0] == ["what", "text", "source"]
    assert rows[1][:2] == ["title", "Misusing force systems"]
    assert "HMICFRS" in rows[1][2]
    assert ["code", "misusing-force-systems", ""] in rows
    assert ["number", "7", ""] in rows
    assert {row[0] for row in rows} >= {"definition (working)", "includes", "excludes", "also written"}
    assert all(row[2] for row in rows if row[0] == "also written")


@pytest.mark.parametrize("name", ["Banana", "0", "13", "", "Abuse"])
def test_show_lists_the_codes_where_there_is_no_such_category(name: str) -> None:
    result = run("categories", "show", name)
    assert (result.code, result.out) == (2, "")
    assert all(code in result.err for code in TITLES)


def test_check_says_what_a_sound_scheme_holds(edited: Path) -> None:
    result = run("categories", "check", edited)
    assert (result.code, result.out) == (0, "")
    assert f"{edited.as_posix()}: " in result.err
    assert "edition 2022-11: 12 categories" in result.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("n_categories: 12", "n_categories: 13", "n_categories says 13, and 12 are listed", id="number"),
        pytest.param("code: other\n", "code: Other Things\n", "not in the form of a code", id="code"),
        pytest.param("code: other\n", "code: infiltration\n", "two categories have the same code", id="code-twice"),
        pytest.param("code: other\n", "code: other\n    colour: red\n", "there is no such key", id="key"),
        pytest.param("title: Other\n", "title:\n", "this is empty", id="no-title"),
        pytest.param("schema_version: 1\n", "schema_version: 1\nid: twice\n", "stands twice", id="key-twice"),
        pytest.param("schema_version: 1\n", "schema_version: 2\n", "none of the values that are allowed", id="version"),
    ],
)
def test_check_names_the_broken_rule_and_its_place(edited: Path, old: str, new: str, said: str) -> None:
    text = edited.read_text(encoding="utf-8")
    assert old in text
    edited.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = run("categories", "check", edited)
    assert (result.code, result.out) == (4, "")
    assert result.err.startswith(f"error: {edited}")
    assert said in result.err
    assert "[scheme]" in result.err


def test_check_refuses_two_wordings_that_cannot_be_told_apart(edited: Path) -> None:
    text = edited.read_text(encoding="utf-8").replace("title: Infiltration\n", "title: Vulnerabilities\n", 1)
    edited.write_text(text, encoding="utf-8")
    result = run("categories", "check", edited)
    assert result.code == 4
    assert "cannot be told apart" in result.err


def test_another_scheme_is_taken_from_the_option_else_the_environment(edited: Path) -> None:
    text = edited.read_text(encoding="utf-8").replace("title: Infiltration\n", "title: Inside job\n", 1)
    edited.write_text(text, encoding="utf-8")
    for command in (["list"], ["show", "1"]):
        shown = run("categories", *command, "--scheme", edited)
        assert "Inside job" in shown.out
        assert shown == run("categories", *command, env={"CC_CATEGORISE_SCHEME": str(edited)})
        assert (
            "Inside job"
            not in run("categories", *command, "--scheme", SHIPPED, env={"CC_CATEGORISE_SCHEME": str(edited)}).out
        )


@pytest.mark.parametrize("command", [["list"], ["show", "7"]])
def test_an_output_file_holds_what_standard_output_would(tmp_path: Path, command: list[str]) -> None:
    result = run("categories", *command, "-o", tmp_path / "scheme.json")
    assert (result.code, result.out) == (0, "")
    assert (tmp_path / "scheme.json").read_text(encoding="utf-8") == run("categories", *command, "-f", "json").out
