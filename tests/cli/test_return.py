"""`return`: a whole folder or none, the same bytes twice, nothing exact in it, and the marking on every part."""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
import stat
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from release_exports import COUNTS, PERIOD, UNCATEGORISED, export, files_of, make, manifest_of, policy
from test_door import needs_posix, run
from test_schema import faults

import cc_categorise as cc
from cc_categorise.document import Document
from cc_categorise.figures import Reconciliation
from cc_categorise.release import bundle
from cc_categorise.release.manifest import digest
from cc_categorise.release.paper import Facts, make_document

NAMES = {
    "annual-return-2020-21-to-2022-23-official.html",
    "annual-return-2020-21-to-2022-23-official.ods",
    "annual-return-2020-21-to-2022-23-official.xlsx",
    "breakdown-official.csv",
    "categories-official.csv",
    "change-official.csv",
    "manifest.json",
    "shares-official.csv",
}
REFUSE = [{"table": "breakdown", "state": "withheld", "exemption": "s31(1)(a)", "reason": "Told in one sentence."}]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, result = make(tmp_path_factory.mktemp("made"), "--by", "force")
    assert result.code == 3, result.err
    assert result.out == ""
    return folder


def rows_of(release: Path, name: str) -> list[dict[str, str]]:
    (path,) = release.glob(f"{name}-*.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def texts_of(release: Path) -> str:
    """Give everything that stands in a release, workbooks unpacked."""
    parts = []
    for name, content in files_of(release).items():
        parts.append(name)
        if name.endswith(("xlsx", "ods")):
            with zipfile.ZipFile(BytesIO(content)) as archive:
                parts += [archive.read(part).decode() for part in archive.namelist()]
        else:
            parts.append(content.decode())
    return "\n".join(parts)


# --- the folder


def test_a_release_is_these_files(made: Path) -> None:
    assert set(files_of(made)) == NAMES
    assert all(re.fullmatch(r"[a-z0-9.-]{1,64}", name) for name in NAMES)


def test_making_it_twice_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again, _ = make(tmp_path, "--by", "force")
    assert files_of(again) == files_of(made)


def test_making_the_same_again_in_place_changes_nothing(tmp_path: Path) -> None:
    folder, first = make(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert make(tmp_path)[1].code == first.code == 3
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


@pytest.mark.parametrize("where", ["release", "release.private"])
def test_what_stands_there_is_never_replaced(tmp_path: Path, where: str) -> None:
    (tmp_path / where).mkdir()
    (tmp_path / where / "mine.txt").write_text("mine")
    folder, result = make(tmp_path)
    assert result.code == 5
    assert "something else stands here" in result.err
    assert {path.name for path in tmp_path.iterdir()} == {"export.csv", where}
    assert list(folder.parent.glob(f"{where}/*")) == [tmp_path / where / "mine.txt"]


def test_a_release_that_lacks_a_file_is_not_made_whole_again(tmp_path: Path) -> None:
    folder, _ = make(tmp_path)
    (folder / "shares-official.csv").unlink()
    _, result = make(tmp_path)
    assert (result.code, "something else stands here" in result.err) == (5, True)
    assert not (folder / "shares-official.csv").exists()


def test_an_empty_folder_may_stand_there(tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    folder, result = make(tmp_path)
    assert result.code == 3
    assert (folder / "manifest.json").exists()


@pytest.mark.parametrize("name", ["x" * 300, "/", "."])
def test_a_place_that_cannot_be_is_a_plain_error(tmp_path: Path, name: str) -> None:
    result = run("return", export(tmp_path), *PERIOD, "--as-at", "2023-03-31", "-o", name, cwd=tmp_path)
    assert result.code == 5
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


@pytest.mark.parametrize("moment", ["run.json", "manifest.json"])
def test_nothing_is_left_when_somebody_interrupts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    export(tmp_path)
    real = Path.write_bytes

    def interrupted(path: Path, content: bytes) -> int:
        if path.name == moment:
            raise KeyboardInterrupt
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    assert make(tmp_path)[1].code == 130
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


@needs_posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_nothing_is_left_where_nothing_can_be_written(tmp_path: Path) -> None:
    export(tmp_path)
    tmp_path.chmod(0o500)
    result = make(tmp_path)[1]
    tmp_path.chmod(0o700)
    assert result.code == 5
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


def test_nothing_is_left_where_writing_fails_half_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(tmp_path)
    real = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "manifest.json":
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    result = make(tmp_path)[1]
    assert result.code == 5
    assert "No space left" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


@needs_posix
def test_what_stays_with_the_force_can_be_read_by_its_owner_alone(made: Path) -> None:
    private = made.with_name("release.private")
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert [path.name for path in private.iterdir()] == ["run.json"]


# --- what is said, and what is not


def test_no_small_number_stands_in_any_table(made: Path) -> None:
    for name in ("categories", "breakdown"):
        values = [int(row["count"]) for row in rows_of(made, name) if row["count"]]
        assert not [value for value in values if 0 < value < 5]
        assert values


def test_printed_counts_are_those_of_count(made: Path) -> None:
    counted = run("count", made.parent / "export.csv", "--as-at", "2023-03-31", "--by", "force", "-f", "csv", "-q").out
    exact = {(r["force"], r["year"], r["category_code"]): r["count"] for r in csv.DictReader(counted.splitlines())}
    shown = {(r["force"], r["year"], r["category_code"]): r["count"] for r in rows_of(made, "breakdown") if r["count"]}
    inner = {key: count for key, count in shown.items() if "total" not in key}
    assert inner == {key: exact.get(key, "0") for key in inner}
    assert len(inner) > 40


def test_every_hidden_cell_is_marked_and_only_those(made: Path) -> None:
    for row in rows_of(made, "categories") + rows_of(made, "breakdown"):
        assert bool(row["count"]) != (row["marker"] == "c")


def test_totals_are_rows_whose_year_or_code_says_total(made: Path) -> None:
    rows = rows_of(made, "categories")
    assert {row["year"] for row in rows} == {"2020/21", "2021/22", "2022/23", "total"}
    assert sum(row["category_code"] == "total" for row in rows) == 4


def test_changes_and_shares_have_no_column_of_counts(made: Path) -> None:
    for name in ("change", "shares"):
        assert "count" not in rows_of(made, name)[0]


def test_uncategorised_is_a_category_like_any_other(tmp_path: Path) -> None:
    folder, _ = make(tmp_path)
    counts = {
        row["year"]: row["count"] for row in rows_of(folder, "categories") if row["category_code"] == "uncategorised"
    }
    assert counts["2022/23"] == str(UNCATEGORISED)
    assert counts["2020/21"] == "0"


def test_the_release_holds_no_exact_reconciliation_and_no_name_of_a_file(made: Path) -> None:
    said = json.loads((made.with_name("release.private") / "run.json").read_text())
    assert said["reconciliation"]["counted"] == sum(map(sum, COUNTS.values())) + UNCATEGORISED
    assert said["findings"]
    text = texts_of(made)
    assert "export.csv" not in text
    for word in ("reconciliation", "rows_read", "rejected", "blank-category", str(made.parent)):
        assert word not in text


def test_the_reason_of_a_policy_stays_with_the_force(tmp_path: Path) -> None:
    folder, _ = make(tmp_path, "--policy", policy(tmp_path))
    assert "Quuxreason" not in texts_of(folder)
    assert "Head of unit" not in texts_of(folder)
    assert "Quuxreason" in (tmp_path / "release.private" / "run.json").read_text()


def test_the_manifest_says_how_it_came_about(made: Path) -> None:
    manifest = manifest_of(made)
    assert faults(manifest, "manifest") == []
    assert set(manifest["files"]) == NAMES - {"manifest.json"}
    assert manifest["inputs"] == [digest((made.parent / "export.csv").read_bytes())]
    assert manifest["audit"]["passed"] is True
    printed = rows_of(made, "categories") + rows_of(made, "breakdown")
    assert manifest["audit"]["cells"] == len(printed)
    assert manifest["audit"]["suppressed"] == sum(row["marker"] == "c" for row in printed)
    assert faults(json.loads((made.with_name("release.private") / "run.json").read_text()), "run") == []


def test_no_exact_figure_reaches_what_is_laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Facts] = []

    def watched(facts: Facts) -> Document:
        seen.append(facts)
        return make_document(facts)

    monkeypatch.setattr(bundle, "make_document", watched)
    assert make(tmp_path, "--by", "force")[1].code == 3
    (facts,) = seen
    assert not facts.tally.counts
    assert facts.report.reconciliation == Reconciliation()
    assert not facts.report.findings
    assert all(
        cell.value is None or cell.value == 0 or cell.value >= 5 for t in facts.tables for cell in t.cells.values()
    )


def test_a_release_with_decisions_does_not_say_how_many_and_can_be_verified(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.jsonl"
    told = {"force": "Northshire", "category": "vulnerability", "suggested": None, "by": "A", "on": "2023-01-15"}
    lines = ({**told, "reference": reference, "reason": "Quuxreason"} for reference in ("U0", "gone"))
    decisions.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    folder, result = make(tmp_path, "--decisions", decisions)
    assert "counted as a person decided: 1" in result.err
    assert not re.search("person decided|Quuxreason|no record that is counted", texts_of(folder))
    assert run("verify", folder, tmp_path / "export.csv", "--decisions", decisions).code == 0
    assert run("verify", folder, tmp_path / "export.csv").code == 4


def test_years_before_the_first_record_are_left_out_and_said(tmp_path: Path) -> None:
    folder, result = make(tmp_path, "--years-back", 9)
    assert "hold no record of them: 2013/14, 2014/15" in result.err
    assert {row["year"] for row in rows_of(folder, "categories")} == {"2020/21", "2021/22", "2022/23", "total"}


def test_a_single_year_has_no_change(tmp_path: Path) -> None:
    folder, _ = make(tmp_path, "--years-back", 0)
    assert not list(folder.glob("change-*"))
    assert {row["year"] for row in rows_of(folder, "shares")} == {"2022/23"}


def test_a_year_that_is_not_over_is_provisional(tmp_path: Path) -> None:
    folder, _ = make(tmp_path, "--as-at", "2022-12-31")
    rows = [row for row in rows_of(folder, "categories") if row["year"] == "2022/23"]
    assert {row["marker"].split()[-1] for row in rows} == {"p"}
    (page,) = folder.glob("*.html")
    assert "[p] provisional" in page.read_text()


def test_an_export_without_records_gives_noughts(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("Reference,Force,Date Received,Category\n")
    folder, result = make(tmp_path, "--by", "force")
    assert result.code == 0
    assert {row["count"] for row in rows_of(folder, "categories")} == {"0"}
    assert not list(folder.glob("breakdown*"))


def test_a_release_can_be_made_from_a_query_or_from_standard_input(tmp_path: Path, made: Path) -> None:
    source = export(tmp_path)
    with sqlite3.connect(tmp_path / "log.db") as database:
        database.execute("create table log (reference, force, received_on, category)")
        rows = list(csv.reader(source.read_text().splitlines()))[1:]
        database.executemany("insert into log values (?, ?, ?, ?)", rows)
    database.close()
    wanted = rows_of(made, "categories")
    options = (*PERIOD, "--as-at", "2023-03-31")
    address = f"sqlite:///{tmp_path}/log.db"
    queried = run("return", "--from-db", address, "--query", "select * from log", *options, "-o", tmp_path / "queried")
    piped = run("return", "-", *options, "-o", tmp_path / "piped", stdin=source.read_bytes())
    assert (queried.code, piped.code) == (3, 3), queried.err + piped.err
    for name in ("queried", "piped"):
        assert {(r["year"], r["category_code"]) for r in rows_of(tmp_path / name, "categories")} == {
            (r["year"], r["category_code"]) for r in wanted
        }
        assert manifest_of(tmp_path / name)["inputs"]
    assert "log.db" not in texts_of(tmp_path / "queried")
    again = run("verify", tmp_path / "queried", "--from-db", address, "--query", "select * from log")
    assert (again.code, "byte for byte" in again.out) == (0, True), again.err
    other = run("verify", tmp_path / "queried", "--from-db", address, "--query", "select * from log limit 5")
    assert (other.code, "made again, these differ" in other.err) == (4, True)


def test_a_return_is_the_one_that_the_command_makes(tmp_path: Path) -> None:
    source = export(tmp_path)
    wanted, _ = make(tmp_path)
    release = cc.make_return(source, tmp_path / "own", period="2022/23", as_at=date(2023, 3, 31))
    assert {path.name: path.read_bytes() for path in wanted.iterdir()} == release.files
    assert {path.name: path.read_bytes() for path in (tmp_path / "own").iterdir()} == release.files
    assert "cells are suppressed" in release.notes[-2]
    with pytest.raises(cc.CategoriseError, match="something else stands here"):
        cc.make_return(source, tmp_path / "own", period="2021/22", as_at=date(2023, 3, 31))


# --- markings


def test_the_marking_stands_in_every_file_and_every_name(made: Path) -> None:
    for name in NAMES - {"manifest.json"}:
        assert name.partition(".")[0].endswith("-official")
    assert manifest_of(made)["marking"] == "OFFICIAL"
    (page,) = made.glob("*.html")
    assert page.read_text().count("OFFICIAL</p>") == 2
    for kind in ("xlsx", "ods"):
        (path,) = made.glob(f"*.{kind}")
        book = CalamineWorkbook.from_path(path)
        assert len(book.sheet_names) == 7
        for sheet in book.sheet_names:
            assert "Handling marking: OFFICIAL" in [row[0] for row in book.get_sheet_by_name(sheet).to_python()]


def test_exact_counts_are_sensitive_unless_somebody_says_otherwise(tmp_path: Path) -> None:
    exact = policy(tmp_path, method="none")
    folder, result = make(tmp_path, "--policy", exact)
    assert manifest_of(folder)["marking"] == "OFFICIAL-SENSITIVE"
    assert all("official-sensitive" in name for name in files_of(folder) if name != "manifest.json")
    assert "not for publication" in result.err
    other, _ = make(tmp_path, "--policy", exact, "--marking", "OFFICIAL: unit only", name="other")
    assert "categories-official-unit-only.csv" in files_of(other)


@pytest.mark.parametrize("marking", ["", "   ", "<b>", 'a"b', "x" * 61, "---", "two\nlines"])
def test_a_marking_that_no_file_can_carry_is_refused(tmp_path: Path, marking: str) -> None:
    folder, result = make(tmp_path, "--marking", marking)
    assert (result.code, folder.exists()) == (2, False)


# --- refusals


def test_a_refused_table_has_no_number_anywhere(tmp_path: Path) -> None:
    folder, _ = make(tmp_path, "--by", "force", "--policy", policy(tmp_path, refusals=REFUSE))
    (row,) = rows_of(folder, "breakdown")
    assert (row["answer"], row["exemption"], row["reason"]) == ("Withheld", "s31(1)(a)", "Told in one sentence.")
    assert "Northshire" not in texts_of(folder)
    assert "Westmark" not in texts_of(folder)


def test_a_release_can_be_a_refusal_schedule(tmp_path: Path) -> None:
    refusal: dict[str, Any] = {**REFUSE[0], "table": "categories", "state": "neither-confirm-nor-deny"}
    folder, _ = make(tmp_path, "--policy", policy(tmp_path, refusals=[refusal]))
    assert {name.split("-")[0] for name in files_of(folder)} == {"annual", "categories", "manifest.json"}
    (row,) = rows_of(folder, "categories")
    assert row["answer"] == "Neither confirmed nor denied"
    (path,) = folder.glob("*.xlsx")
    sheets = CalamineWorkbook.from_path(path)
    figures = [c for name in sheets.sheet_names for r in sheets.get_sheet_by_name(name).to_python() for c in r]
    assert not [cell for cell in figures if isinstance(cell, float)]


@pytest.mark.parametrize("state", ["withheld", "neither-confirm-nor-deny"])
def test_a_refusal_schedule_is_the_same_whatever_is_held(tmp_path: Path, state: str) -> None:
    refusals = [
        {"table": table, "state": state, "exemption": "s31(3)", "reason": "R."} for table in ("categories", "breakdown")
    ]
    made = []
    for name in ("some", "none"):
        folder = tmp_path / name
        source = export(folder)
        if name == "none":
            source.write_text("Reference,Force,Date Received,Category\n")
        release, _ = make(folder, "--by", "force", "--policy", policy(folder, refusals=refusals))
        files = files_of(release)
        manifest = json.loads(files.pop("manifest.json"))
        made.append((files, {key: value for key, value in manifest.items() if key != "inputs"}))
    assert made[0] == made[1]


def test_refused_cells_are_marked_and_their_reason_is_a_note(tmp_path: Path) -> None:
    cells = {"where": {"category": "vulnerability"}, "state": "withheld", "exemption": "s40(2)", "reason": "A reason."}
    folder, _ = make(tmp_path, "--policy", policy(tmp_path, refusals=[cells]))
    rows = [row for row in rows_of(folder, "categories") if row["category_code"] == "vulnerability"]
    assert {(row["count"], row["marker"]) for row in rows} == {("", "c x")}
    (page,) = folder.glob("*.html")
    assert "Withheld (s40(2)): A reason." in page.read_text()
    (change,) = [row for row in rows_of(folder, "change") if row["category_code"] == "vulnerability"]
    assert (change["records"], change["change"], change["marker"]) == ("", "", "c x")


@pytest.mark.parametrize(
    "where",
    [
        pytest.param({"table": "brakdown"}, id="table"),
        pytest.param({"where": {"category": "infiltraton"}}, id="value"),
        pytest.param({"where": {"categry": "infiltration"}}, id="dimension"),
        pytest.param({"table": "categories", "where": {"force": "Northshire"}}, id="of-another-table"),
    ],
)
def test_a_refusal_of_what_is_not_there_is_an_error_and_not_overlooked(tmp_path: Path, where: dict[str, Any]) -> None:
    refusal = {"state": "withheld", "exemption": "s40(2)", "reason": "R.", **where}
    folder, result = make(tmp_path, "--by", "force", "--policy", policy(tmp_path, refusals=[refusal]))
    assert (result.code, folder.exists()) == (4, False)
    assert "a refusal names" in result.err


# --- other ways to protect


def test_rounded_counts_are_multiples_and_changes_are_of_those(tmp_path: Path) -> None:
    folder, _ = make(tmp_path, "--policy", policy(tmp_path, method="round"))
    told = json.loads((tmp_path / "release.private" / "run.json").read_text())["audit"]
    assert not [sentence for sentence in told if "-" in sentence], "no count can be below 0"
    counts = [row for row in rows_of(folder, "categories") if row["count"]]
    assert {int(row["count"]) % 5 for row in counts} == {0}
    for row in rows_of(folder, "change"):
        if row["change"]:
            assert int(row["change"]) == int(row["records"]) - int(row["records_before"])


def test_exploring_writes_nothing_and_lists_what_each_way_costs(tmp_path: Path) -> None:
    result = run("return", export(tmp_path), "--period", "2022/23", "--as-at", "2023-03-31", "--explore")
    assert result.code == 3
    assert "suppress" in result.out
    assert "round" in result.out
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


def test_a_refused_release_leaves_nothing_and_names_cells_to_the_person_alone(tmp_path: Path) -> None:
    exact, _ = make(tmp_path, "--policy", policy(tmp_path, method="none"), name="exact")
    folder, result = make(tmp_path, "--published", exact)
    assert (result.code, result.out) == (5, "")
    assert "categories: 2020/21, infiltration" in result.err
    assert not folder.exists()
    assert not folder.with_name("release.private").exists()


# --- what is asked for


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param(("--basis", "all"), "counts each record once", id="mentions"),
        pytest.param(("--year", "quarter"), "by financial or calendar year", id="quarter"),
        pytest.param(("--period", "2021/22", "--period", "2022/23"), "for one year", id="two-years"),
        pytest.param(("--period", "2022-05"), "does not name a year|whole calendar", id="month"),
    ],
)
def test_a_return_is_for_one_year_of_records(tmp_path: Path, args: tuple[str, ...], told: str) -> None:
    folder, result = make(tmp_path, *args)
    assert (result.code, folder.exists()) == (2, False)
    assert re.search(told, result.err)


def test_without_a_folder_nothing_can_be_made(tmp_path: Path) -> None:
    result = run("return", export(tmp_path), "--period", "2022/23")
    assert result.code == 2
    assert "-o DIR" in result.err


def test_a_return_by_calendar_year(tmp_path: Path) -> None:
    folder, _ = make(tmp_path, "--period", "2022")
    assert {row["year"] for row in rows_of(folder, "categories")} == {"2020", "2021", "2022", "total"}


def test_rates_have_their_parts_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "workforce.csv"
    path.write_text("year,workforce,measure,as_at\n2022/23,2500,FTE,2023-03-31\n")
    folder, _ = make(tmp_path, "--workforce", path, "--per", 100)
    rows = rows_of(folder, "rates")
    total = next(row for row in rows if row["category_code"] == "total")
    assert (total["records"], total["workforce"], total["measure"], total["rate"]) == ("140", "2500", "FTE", "5.6")
    assert manifest_of(folder)["workforce"]


# --- injection


def test_names_like_formulas_are_text_in_every_file(tmp_path: Path) -> None:
    export(tmp_path, forces={"Northshire": "=HYPERLINK(1)", "Westmark": "@West"})
    folder, _ = make(tmp_path, "--by", "force")
    assert {row["force"] for row in rows_of(folder, "breakdown")} == {"'=HYPERLINK(1)", "'@West"}
    for kind in ("xlsx", "ods"):
        (path,) = folder.glob(f"*.{kind}")
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist()}
        assert not [name for name, text in parts.items() if "<f>" in text or "formula=" in text]
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name("breakdown").to_python()
        assert "=HYPERLINK(1)" in [row[0] for row in rows]


def test_rows_that_are_read_back_keep_their_bytes_and_come_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    text = "Reference,Date Received,Category,Note\n=R1,2022-05-01,Other,@x\ty\nR2,2022-05-01,Other,-5\n"
    path.write_text(text)
    result = run("check", path, "--as-at", "2023-03-31", "--quarantine", tmp_path / "q")
    assert (tmp_path / "q" / "export.valid.csv").read_text() == text
    assert "2 cells in them begin as a formula does" in result.err
    sound = run("check", export(tmp_path / "sound"), "--as-at", "2023-03-31", "--quarantine", tmp_path / "p")
    assert "formula" not in sound.err
