"""Every folder of examples/ is run as its cmd.txt says, and has to give what it shows, byte for byte."""

from __future__ import annotations

import csv
import json
import os
import runpy
import shlex
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cc_categorise.cli import program

Report = dict[str, Any]
Made = dict[str, Any]

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMANDS = sorted(EXAMPLES.glob("*/cmd.txt"))
UNDATED = ("profile", "categories", "assign", "explain", "review", "learn", "evaluate")  # what they give is of no day
SHOWN = ("stdout.txt", "stderr.txt", "exit.txt")
NOT_INPUT = (*SHOWN, "cmd.txt", "README.md", "make.py", "expected", "__pycache__")

# Nothing of a terminal may reach an output; every example says its as-at date itself.
ODD_TERMINAL = {"COLUMNS": "33", "LINES": "5", "TERM": "dumb", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "LANG": "C"}


def run(*args: str) -> Result:
    """Run the program in the working directory, with no option from the environment."""
    own = {name: None for name in os.environ if name.startswith("CC_CATEGORISE_")}
    return CliRunner().invoke(program(), args, prog_name="cc-categorise", env={**own, **ODD_TERMINAL})


def read(path: Path) -> str:
    return path.read_bytes().decode(errors="surrogateescape")  # a workbook's bytes are no text


def files_below(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): read(path) for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("cmd", COMMANDS, ids=lambda cmd: cmd.parent.name)
def test_an_example_gives_what_it_shows(
    cmd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    folder, work = cmd.parent, tmp_path / "work"
    program, *args = shlex.split(read(cmd))
    assert program == "cc-categorise"
    assert "--as-at" in args or args[0] in UNDATED
    shutil.copytree(folder, work, ignore=shutil.ignore_patterns(*NOT_INPUT))
    inputs = {path for path in work.rglob("*") if path.is_file()}
    monkeypatch.chdir(work)
    result = run(*args)
    for path in inputs:
        path.unlink()
    got = {
        "stdout.txt": result.stdout_bytes.decode(),
        "stderr.txt": result.stderr,
        "exit.txt": f"{result.exit_code}\n",
        **{f"expected/{name}": text for name, text in files_below(work).items()},
    }
    if request.config.getoption("--update-examples"):
        shutil.rmtree(folder / "expected", ignore_errors=True)
        for name, text in got.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text.encode(errors="surrogateescape"))
    shown = {name: read(folder / name) for name in SHOWN}
    shown |= {f"expected/{name}": text for name, text in files_below(folder / "expected").items()}
    assert got == shown


def test_every_example_is_listed_with_its_source() -> None:
    with (EXAMPLES / "README.csv").open(encoding="utf-8", newline="") as stream:
        listed = list(csv.DictReader(stream))
    assert list(listed[0]) == ["folder", "title", "source", "date"]
    assert [row["folder"] for row in listed] == [cmd.parent.name for cmd in COMMANDS]
    assert [row["folder"] for row in listed if not row["title"] or not row["source"]] == []
    assert [
        cmd.parent.name for cmd in COMMANDS if not 2 <= len(read(cmd.with_name("README.md")).splitlines()) <= 8
    ] == []


# --- three-forces: the program against what the maker of the file meant ------------------------------------------


@pytest.fixture(scope="module")
def made() -> Made:
    return runpy.run_path(str(EXAMPLES / "three-forces" / "make.py"))


def counted(*args: str) -> Report:
    result = run("count", str(EXAMPLES / "three-forces" / "export.csv"), "--as-at", "2024-03-31", "-f", "json", *args)
    assert result.exit_code == 3, result.stderr
    report: Report = json.loads(result.stdout)
    return report


def counts_of(report: Report, *by: str) -> dict[tuple[str, ...], int]:
    """Give the counts above 0 by the columns of ``by``, year and category code."""
    return {
        tuple(row[name] for name in (*by, "year", "category_code")): row["count"]
        for row in report["rows"]
        if row["count"]
    }


def test_three_forces_is_what_its_script_makes(made: Made) -> None:
    assert made["export"]() == (EXAMPLES / "three-forces" / "export.csv").read_bytes()


def test_three_forces_counts_as_its_maker_meant(made: Made) -> None:
    meant = {
        (year, code): n
        for code, counts in made["COUNTS"].items()
        for year, n in zip(made["YEARS"], counts, strict=True)
    }
    assert counts_of(counted()) == meant


def test_three_forces_reconciles_as_its_maker_meant(made: Made) -> None:
    rows = made["rows"]()
    fates = Counter(row.fate for row in rows)
    assert counted()["reconciliation"] == {
        "rows_read": len(rows),
        "counted": fates["counted"],
        "rejected": fates["rejected"],
        "duplicate": fates["duplicate"],
        "out_of_period": 0,
        "merged": 0,
        "uncategorised": sum(row.fate == "counted" and row.code == "uncategorised" for row in rows),
    }
    assert sum(map(sum, made["COUNTS"].values())) == fates["counted"]


def test_three_forces_gives_the_findings_that_its_maker_put_in(made: Made) -> None:
    assert counted()["findings"] == Counter(code for row in made["rows"]() for code in row.findings)


def test_three_forces_counts_by_force_as_its_maker_meant(made: Made) -> None:
    records = [row for row in made["rows"]() if row.fate == "counted"]
    meant = Counter((row.force.strip() or "(blank)", row.year, row.code) for row in records)
    assert counts_of(counted("--by", "force"), "force") == meant


def test_three_forces_counts_mentions_as_its_maker_meant(made: Made) -> None:
    records = [row for row in made["rows"]() if row.fate == "counted"]
    meant = Counter((row.year, code) for row in records for code in (row.code, *row.further_codes))
    assert counts_of(counted("--basis", "all")) == meant


# --- published figures --------------------------------------------------------------------------------------------


def published(folder: str) -> Report:
    _, *told = shlex.split(read(EXAMPLES / folder / "cmd.txt"))
    result = run(*told, "-f", "json")
    assert result.exit_code == 0, result.stderr
    report: Report = json.loads(result.stdout)
    return report


@pytest.mark.parametrize(
    ("folder", "years"),
    [
        pytest.param(
            "west-midlands-2010-2014",
            {"2009/10": 7, "2010/11": 17, "2011/12": 18, "2012/13": 14, "2013/14": 9},
            id="financial",
        ),
        pytest.param(
            "west-midlands-2010-2014-calendar", {"2010": 22, "2011": 17, "2012": 10, "2013": 16}, id="calendar"
        ),
    ],
)
def test_west_midlands_gives_the_published_figures(
    folder: str, years: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES / folder)
    report = published(folder)
    assert counts_of(report) == {(year, "misusing-force-systems"): n for year, n in years.items()}
    assert report["reconciliation"]["counted"] == 65


def test_staffordshire_gives_the_published_mentions_and_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES / "staffordshire-2011-12")
    report = published("staffordshire-2011-12")
    assert counts_of(report) == {
        ("2011/12", "disclosure-of-information"): 35,
        ("2011/12", "other"): 29,
        ("2011/12", "inappropriate-association"): 20,
        ("2011/12", "theft-and-fraud"): 15,
        ("2011/12", "misusing-force-systems"): 13,
        ("2011/12", "controlled-drug-use-and-supply"): 10,
        ("2011/12", "abuse-of-authority"): 8 + 7,
    }
    assert sum(row["count"] for row in report["rows"]) == 137
    assert report["reconciliation"]["counted"] == 116
    assert report == json.loads(read(EXAMPLES / "staffordshire-2011-12-json" / "stdout.txt"))
