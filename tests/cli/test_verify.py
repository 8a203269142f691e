"""`verify`: a release is what its manifest says, keeps its secrets, and comes again from its exports."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from release_exports import AS_AT, PERIOD, export, make, manifest_of, policy
from test_door import run

from cc_categorise.release.manifest import digest

WITHHELD = {"where": {"category": "infiltration"}, "state": "withheld", "exemption": "s40(2)", "reason": "R."}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, result = make(tmp_path_factory.mktemp("made"), "--by", "force")
    assert result.code == 3, result.err
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """Give a copy of a release, without what stays with the force."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def edit(release: Path, name: str, old: str, new: str, *, with_manifest: bool = False) -> None:
    """Change a file of a release, and its digest too where a forger would."""
    path = release / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    if with_manifest:
        manifest = manifest_of(release)
        manifest["files"][name] = digest(path.read_bytes())
        (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_release_as_it_was_made_is_in_order(made: Path) -> None:
    result = run("verify", made)
    assert (result.code, result.err) == (0, "")
    assert digest((made / "manifest.json").read_bytes()) in result.out
    assert "files: all 7" in result.out


def test_it_can_be_verified_anywhere(copy: Path) -> None:
    assert run("verify", copy).code == 0


def test_made_again_from_its_export_it_is_the_same(made: Path) -> None:
    result = run("verify", made, made.parent / "export.csv")
    assert result.code == 0, result.err
    assert "byte for byte" in result.out


def test_another_export_gives_another_release(made: Path, tmp_path: Path) -> None:
    other = export(tmp_path)
    other.write_text(other.read_text() + "R9999,Northshire,01/06/2022,Other\n")
    result = run("verify", made, other)
    assert result.code == 4
    assert "these differ: " in result.err
    assert "manifest.json" in result.err


def test_one_made_with_options_is_made_again_with_them(tmp_path: Path) -> None:
    own = policy(tmp_path, threshold=10)
    folder, _ = make(
        tmp_path, "--policy", own, "--years-back", 1, "--marking", "OFFICIAL unit", "--count-by", "received"
    )
    assert run("verify", folder, tmp_path / "export.csv", "--policy", own).code == 0
    assert run("verify", folder, tmp_path / "export.csv").code == 4


@pytest.mark.parametrize("name", ["shares-official.csv", "annual-return-2020-21-to-2022-23-official.html"])
def test_a_changed_file_is_found(copy: Path, name: str) -> None:
    edit(copy, name, "2", "3")
    result = run("verify", copy)
    assert (result.code, result.out) == (4, "")
    assert f"{name} was changed" in result.err


def test_a_missing_file_and_one_too_many_are_found(copy: Path) -> None:
    (copy / "shares-official.csv").rename(copy / "extra.csv")
    result = run("verify", copy)
    assert result.code == 4
    assert "shares-official.csv is missing" in result.err
    assert "extra.csv is not in the manifest" in result.err


@pytest.mark.parametrize("content", ["", "{}", "[1", '{"schema_version": 2}', "\0"])
def test_what_is_no_manifest_is_refused(copy: Path, content: str) -> None:
    (copy / "manifest.json").write_text(content)
    result = run("verify", copy)
    assert result.code == 4
    assert "not that of a release" in result.err


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        assert run("verify", folder).code == 4


@pytest.mark.parametrize("name", ["../export.csv", "/etc/passwd", "a/b.csv", "..", "A.csv"])
def test_a_manifest_cannot_lead_out_of_its_folder(copy: Path, name: str) -> None:
    manifest = manifest_of(copy)
    manifest["files"][name] = "0" * 64
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert run("verify", copy).code == 4
    assert "not that of a release" in run("verify", copy).err


def test_a_forged_manifest_is_found_where_the_force_kept_its_record(made: Path, copy: Path) -> None:
    edit(copy, "shares-official.csv", "2", "3", with_manifest=True)
    assert run("verify", copy).code == 0
    shutil.copytree(made.with_name("release.private"), copy.with_name("copy.private"))
    result = run("verify", copy)
    assert result.code == 4
    assert "manifest.json is not that of the run" in result.err


def test_a_number_that_can_be_told_fails_the_audit(copy: Path) -> None:
    """Print a suppressed cell: with its digest mended, only the audit can see it."""
    name = "categories-official.csv"
    rows = (copy / name).read_text().splitlines()
    assert any(row.endswith(",,c") for row in rows)
    shown = [row if not row.endswith(",,c") else f"{row[:-3]},9," for row in rows]
    last = max(place for place, row in enumerate(rows) if row.endswith(",,c"))
    shown[last] = rows[last]
    edit(copy, name, (copy / name).read_text(), "\n".join([*shown, ""]), with_manifest=True)
    assert run("verify", copy).code == 5


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"method": "round"}, id="round"),
        pytest.param({"method": "round", "rounding": "controlled"}, id="round-controlled"),
        pytest.param({"sensitive_zeros": ["infiltration"]}, id="sensitive-zeros"),
        pytest.param({"sensitive_zeros": ["all"]}, id="all-zeros"),
        pytest.param({"threshold": 10, "candidates": 3}, id="stricter"),
        pytest.param({"method": "none"}, id="exact"),
        pytest.param({"refusals": [WITHHELD]}, id="withheld-cells"),
    ],
)
def test_whatever_the_policy_a_release_that_was_made_is_in_order(tmp_path: Path, keys: dict[str, Any]) -> None:
    own = policy(tmp_path, **keys)
    folder, made = make(tmp_path, "--by", "force", "--policy", own)
    assert made.code == 3, made.err
    result = run("verify", folder, tmp_path / "export.csv", "--policy", own)
    assert result.code == 0, result.err
    assert ("nothing is protected" in result.out) is (keys.get("method") == "none")


# --- earlier releases


def test_an_earlier_release_is_taken_into_account_and_named(made: Path, tmp_path: Path) -> None:
    source = made.parent / "export.csv"
    shutil.copy(source, tmp_path)
    folder, result = make(tmp_path, "--published", made)
    assert result.code == 3, result.err
    assert manifest_of(folder)["audit"]["earlier"] == [digest((made / "manifest.json").read_bytes())]
    assert run("verify", folder, tmp_path / "export.csv", "--published", made).code == 0
    alone = run("verify", folder)
    assert "1 earlier releases" in alone.out


def test_an_earlier_release_that_was_changed_is_no_witness(copy: Path, tmp_path: Path) -> None:
    edit(copy, "shares-official.csv", "2", "3")
    folder = tmp_path / "new"
    result = run("return", export(tmp_path), *PERIOD, *AS_AT, "--published", copy, "-o", folder)
    assert (result.code, folder.exists()) == (4, False)


def test_next_years_release_marks_what_was_revised_and_stays_safe_beside_the_last(tmp_path: Path) -> None:
    lines = export(tmp_path).read_text().splitlines()
    late = [line for line in lines if line.endswith("/06/2021,Theft and fraud")][:3]
    before = [line for line in lines if line not in late and "/2022," not in line]
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "export.csv").write_text("\n".join(before) + "\n")
    last, first = make(tmp_path / "before", "--by", "force", "--period", "2021/22", "--as-at", "2022-03-31")
    assert first.code == 0, first.err
    now, second = make(tmp_path, "--by", "force", "--published", last)
    assert second.code == 3, second.err
    rows = (now / "categories-official.csv").read_text().splitlines()
    assert "2021/22,theft-and-fraud,Theft and fraud,21,r" in rows
    assert "2020/21,theft-and-fraud,Theft and fraud,18," in rows
    sheet = CalamineWorkbook.from_path(next(now.glob("*.ods"))).get_sheet_by_name("categories").to_python()
    assert sheet[4][-1] == "Shorthand"
    assert "2021/22 [r]" in str(next(row for row in sheet if row[0] == "Theft and fraud")[-1])
    for given in ((), (tmp_path / "export.csv",)):
        assert run("verify", now, *given, "--published", last).code == 0
