"""Exports of several forces, each with a profile of its own, counted in one table."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from test_door import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "several-forces"
AS_AT = ("--as-at", "2024-03-31")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "several-forces")


def counts(text: str) -> dict[tuple[str, str], str]:
    rows = [line.split(",") for line in text.splitlines()[1:]]
    return {(row[0], row[1]): row[-1] for row in rows if row[-1] != "0"}


def test_a_map_and_options_of_the_same_profiles_give_the_same_counts(folder: Path) -> None:
    options = ["exports", "--by", "force", "-f", "csv", "--layout", "wide", "-q", *AS_AT]
    by_map = run("count", *options, "--profile-map", "forces.yaml", cwd=folder)
    pairs = ["--profile-map", "Northshire=northshire.yaml", "--profile-map", "WEST-MARK=westmark.yaml"]
    by_name = run("count", *options, *pairs, cwd=folder)
    assert (by_map.code, by_name.code) == (0, 0)
    assert by_name.out.replace("WEST-MARK", "Westmark") == by_map.out
    assert counts(by_map.out) == {
        ("Eastmoor", "vulnerability"): "2",
        ("Northshire", "disclosure-of-information"): "1",
        ("Northshire", "sexual-misconduct"): "1",
        ("Northshire", "theft-and-fraud"): "1",
        ("Westmark", "disclosure-of-information"): "1",
        ("Westmark", "sexual-misconduct"): "1",
        ("Westmark", "inappropriate-association"): "1",
    }


def test_a_local_label_is_read_by_the_crosswalk_of_its_own_force_alone(folder: Path) -> None:
    (folder / "exports" / "eastmoor.jsonl").write_text(
        '{"reference": "E-1", "received_on": "2023-07-01", "category": "Leaks", "force": "Eastmoor"}\n'
    )
    (folder / "northshire.yaml").write_text((folder / "northshire.yaml").read_text().replace("Leaks", "Zeta"))
    (folder / "exports" / "northshire-2024.csv").write_text(
        "Ref,Date Received,Category\n1,03/04/2023,Zeta\n", encoding="utf-8"
    )
    (folder / "exports" / "westmark.csv").write_text("Entry;In on;Sort\n1;2023-04-05;Zeta\n", encoding="utf-8")
    result = run("check", "exports", "--profile-map", "forces.yaml", "-f", "csv", *AS_AT, cwd=folder)
    assert [line.split(",")[0] for line in result.out.splitlines()[1:] if "unknown-label" in line] == [
        "exports/westmark.csv"
    ]


def test_one_reference_in_two_forces_is_two_records(folder: Path) -> None:
    result = run("count", "exports", "--profile-map", "forces.yaml", "-f", "csv", *AS_AT, cwd=folder)
    assert "8 counted + 0 rejected + 1 duplicate" in result.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("exports: [{profile: northshire.yaml}]\n", "forces.yaml:1: exports[1].file", id="no-file"),
        pytest.param("exports: [{file: '*', profile: gone.yaml}]\n", "gone.yaml", id="no-such-profile"),
        pytest.param("exports: []\nexports: []\n", "stands twice", id="key-twice"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_by_line(folder: Path, text: str, said: str) -> None:
    (folder / "forces.yaml").write_text(text)
    result = run("count", "exports", "--profile-map", "forces.yaml", *AS_AT, cwd=folder)
    assert (result.code, result.out) == (4, "")
    assert said in result.err


def test_profiles_that_choose_different_dates_are_refused(folder: Path) -> None:
    for name, chosen in (("northshire", "recorded"), ("westmark", "received")):
        path = folder / f"{name}.yaml"
        path.write_text(f"{path.read_text()}\ncount_by: {chosen}\n")
    result = run("count", "exports", "--profile-map", "forces.yaml", *AS_AT, cwd=folder)
    assert (result.code, result.out) == (2, "")
    assert "--count-by" in result.err
