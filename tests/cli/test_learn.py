"""``learn`` and ``evaluate`` at the door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cc_categorise.cli import program

CANARY = "Quillfeather"
PLACES = ["Leeds", "Hull", "York", "Derby", "Bath", "Truro", "Wells", "Ely", "Ripon", "Bolton", "Stoke", "Luton"]
HEADER = "Reference,Category,Narrative\n"


def run(*args: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(program(), [*map(str, args)], prog_name="cc-categorise")
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def export(tmp_path: Path) -> Path:
    rows = [f"A-{p},Theft and fraud,{p} desk: {CANARY} accepted a hamper from a supplier" for p in PLACES]
    rows += [f"B-{p},Vulnerability,{p} kennels: {CANARY} worn out by her dogs" for p in PLACES]
    path = tmp_path / "export.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_model_is_learnt_saved_and_used(export: Path, tmp_path: Path) -> None:
    model = tmp_path / "own.npz"
    code, out, err = run("learn", export, "--no-vectors", "--save", model, "-f", "csv")
    assert (code, out.splitlines()[0]) == (0, "category_code,records,right_before,right_after")
    assert "--model own.npz uses it" in err
    code, out, _ = run("evaluate", export, "--no-vectors", "--model", model, "-f", "json")
    assert code == 0
    assert json.loads(out)["exact"] > 0.9
    assert CANARY.encode() not in model.read_bytes()
    assert CANARY not in out + err


def test_a_model_that_is_not_better_is_not_saved_unless_forced(tmp_path: Path) -> None:
    outright = [
        ("Theft and fraud", "stole cash from seized property at {}"),
        ("Controlled drug use and supply", "failed a drug test for cocaine in {}"),
    ]
    rows = [f"{n}-{p},{name},{text.format(p)}" for n, (name, text) in enumerate(outright) for p in PLACES]
    export, model = tmp_path / "plain.csv", tmp_path / "own.npz"
    export.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    code, _, err = run("learn", export, "--no-vectors", "--save", model)
    assert (code, model.exists()) == (3, False)
    assert "was not saved" in err
    assert run("learn", export, "--no-vectors", "--save", model, "--force")[0] == 0
    assert model.exists()


def test_too_few_records_leave_nothing_saved(tmp_path: Path) -> None:
    export, model = tmp_path / "few.csv", tmp_path / "own.npz"
    export.write_text(f"{HEADER}R1,Other,{CANARY} sells cakes without permission\n", encoding="utf-8")
    code, out, err = run("learn", export, "--save", model)
    assert (code, out, model.exists()) == (4, "", False)
    assert "other (9 more)" in err
    assert CANARY not in err


def test_what_a_person_decided_is_learnt_and_measured_in_place_of_what_is_recorded(
    export: Path, tmp_path: Path
) -> None:
    decided, model = tmp_path / "decided.jsonl", tmp_path / "own.npz"
    line = '{"reference":"B-%s","category":"other","by":"A reviewer","on":"2024-03-31"}\n'
    decided.write_text("".join(line % place for place in PLACES), encoding="utf-8")
    code, out, _ = run("learn", export, "--no-vectors", "--decisions", decided, "--save", model, "-f", "csv")
    rows = {row.split(",")[0]: row.split(",")[1] for row in out.splitlines()}
    assert (code, rows["other"], rows["vulnerability"]) == (0, "12", "0")
    args = ("evaluate", export, "--no-vectors", "--model", model, "-f", "json")
    assert json.loads(run(*args, "--decisions", decided)[1])["exact"] > 0.9
    assert json.loads(run(*args)[1])["exact"] < 0.6


@pytest.mark.parametrize("option", ["--phrases=own.yaml", "--review-below=0.5", "--show-text"])
def test_an_option_that_learning_does_not_use_is_refused(export: Path, tmp_path: Path, option: str) -> None:
    code, _, err = run("learn", export, option, "--save", tmp_path / "own.npz")
    assert (code, "No such option" in err) == (2, True)


def test_an_old_model_is_refused_with_what_to_do(export: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.npz"
    old.write_bytes(b"PK")
    code, _, err = run("evaluate", export, "--no-vectors", "--model", old)
    assert code == 4
    assert "learn it again" in err
