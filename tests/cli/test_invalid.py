"""Broken files of every format, one fault each: each gives its own code and exit code, and never a traceback."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_door import AS_AT, ran, run, said_nothing_bad

INVALID = Path(__file__).parents[1] / "data" / "invalid"
with (INVALID / "expected.csv").open(encoding="utf-8", newline="") as table:
    EXPECTED = {row["file"]: (int(row["exit_code"]), row["code"]) for row in csv.DictReader(table)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("invalid")
    subprocess.run([sys.executable, str(INVALID / "make.py"), str(made)], check=True, timeout=60)  # noqa: S603 - ours
    return made


def test_every_broken_file_has_its_expected_code_and_there_are_many(folder: Path) -> None:
    assert {path.name for path in folder.glob("*")} == set(EXPECTED)
    assert len(EXPECTED) >= 40
    assert {code for code, _ in EXPECTED.values()} == {3, 4}


@pytest.mark.parametrize("command", ["count", "check"])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_file_gives_its_own_code(folder: Path, name: str, command: str) -> None:
    exit_code, code = EXPECTED[name]
    result = run(command, folder / name, *AS_AT, "-f", "json")
    assert result.code == exit_code
    if exit_code == 4:
        assert result.out == ""
        assert result.err.startswith("error: ")
        assert f" [{code}]\n" in result.err
        return
    if command == "check":
        assert code in {finding["code"] for finding in json.loads(result.out)["findings"]}
        return
    found = json.loads(result.out)
    rows = found["reconciliation"]
    assert found["findings"].get(code) == 1
    assert rows["rejected"] + rows["uncategorised"] == 1
    assert rows["rows_read"] == rows["counted"] + rows["rejected"]


@pytest.mark.parametrize(
    "name", ["cut-off.xlsx", "zeros.xls", "cut-off.csv.zst", "broken-line.jsonl", "cut-off.parquet"]
)
def test_the_program_itself_says_no_more_than_that(folder: Path, name: str) -> None:
    code, _, err = ran("count", folder / name, *AS_AT)
    assert code == EXPECTED[name][0]
    assert said_nothing_bad(err)
