"""Editions, crosswalks, sub-tags and quality, as they are typed: layouts, exit codes, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from test_door import AS_AT, Ran, run

HEAD = "Ref,Date received,Category\n"
FORMATS = ("table", "csv", "json", "markdown", "html")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(HEAD + "R1,01/04/2023,Vulnerability\nR2,01/04/2023,Zebedee\nR3,01/04/2023,Other\n")
    return path


def rows(result: Ran) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.out)))


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_diff_takes_every_format(fmt: str) -> None:
    result = run("categories", "diff", "2020-08", "2022-11", "-f", fmt)
    assert (result.code, result.err) == (0, "")
    assert "split, added" in result.out
    assert "Misuse of Force systems" in result.out
    if fmt == "json":
        assert [row["change"] for row in json.loads(result.out)].count("unchanged") == 7


def test_an_edition_may_be_a_file(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    shipped = Path(__file__).parents[2] / "categories.yaml"
    own.write_text(shipped.read_text(encoding="utf-8").replace("title: Infiltration\n", "title: Planted people\n"))
    changed = [
        row for row in rows(run("categories", "diff", "2022-11", own, "-f", "csv")) if row["change"] != "unchanged"
    ]
    assert [(row["change"], row["code_after"]) for row in changed] == [("renamed", "infiltration")]


def test_an_edition_is_chosen_by_name_for_a_count(export: Path) -> None:
    result = run("count", export, "--scheme", "2020-08", "-f", "csv", *AS_AT)
    assert {row["category_code"]: row["count"] for row in rows(result) if row["count"] != "0"} == {
        "other": "2",
        "uncategorised": "1",
    }
    assert "edition 2020-08" in result.err


def test_the_impact_says_what_moves_and_what_cannot_be_known(export: Path) -> None:
    result = run("categories", "diff", "2020-08", "2022-11", "--impact", export, "-f", "csv", *AS_AT)
    assert result.code == 0
    moved = {r["category_code"]: (r["before"], r["after"], r["moved_in"], r["moved_out"]) for r in rows(result)}
    assert {code: figures for code, figures in moved.items() if figures != ("0",) * 4} == {
        "vulnerability": ("0", "1", "1", "0"),
        "other": ("2", "1", "0", "1"),
        "uncategorised": ("1", "1", "0", "0"),
    }
    assert "rows read 3 = 3 counted" in result.err
    assert "Other (e.g. dishonesty): a record with this label counts by its label alone" in result.err
    assert "Zebedee" not in result.out + result.err
    assert run("categories", "diff", "2020-08", "2022-11", "--impact", export, "-q", *AS_AT).err == ""


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(["2020-08", "2022-11", "--impact"], id="impact-of-nothing"),
        pytest.param(["2020-08", "2022-11", "EXPORT"], id="export-without-impact"),
        pytest.param(["2020-08", "2022-11", "--scheme", "2020-08"], id="third-scheme"),
        pytest.param(["2020-08", "2022-11", "--impact", "-"], id="standard-input"),
        pytest.param(["2020-08"], id="one-edition"),
    ],
)
def test_a_diff_that_makes_no_sense_is_a_usage_error(export: Path, args: list[str]) -> None:
    result = run("categories", "diff", *(export if arg == "EXPORT" else arg for arg in args))
    assert (result.code, result.out) == (2, "")


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_crosswalk_is_checked_in_every_format(fmt: str, export: Path) -> None:
    result = run("categories", "crosswalk", "check", "west-midlands", export, "-f", fmt, *AS_AT)
    assert result.code == 3
    assert all(word in result.out for word in ("redundant", "ambiguous", "unused", "unmatched"))
    assert "Zebedee" in result.out  # a label is what is asked for
    assert "Zebedee" not in result.err
    assert "handle it as you handle them" in result.err


def test_a_crosswalk_without_fault_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "schema_version: 1\nid: mine\ntitle: Mine\nscheme: uk-national-counter-corruption\nedition: '2022-11'\nrows:\n"
        "  - {label: Mates, category: other, decided_by: X, decided_on: 2024-04-02, reason: R}\n"
    )
    assert run("categories", "crosswalk", "check", path)[0] == 0


def test_a_broken_crosswalk_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("schema_version: 1\nrows:\n  - {label: Mates, relation: alike}\n")
    result = run("categories", "crosswalk", "check", path)
    assert (result.code, result.out) == (4, "")
    assert "[crosswalk]" in result.err
    assert f"{path}:3: rows[1].relation" in result.err


def test_a_profile_counts_by_a_shipped_crosswalk_within_its_dates(tmp_path: Path) -> None:
    labels = ("H1 Impolite language/tone", "W - Other")
    days = ("31/01/2020", "01/02/2020")
    cells = [f"{n},{day},{label}" for n, (label, day) in enumerate((label, day) for label in labels for day in days)]
    (tmp_path / "export.csv").write_text(HEAD + "\n".join(cells) + "\n")
    (tmp_path / "profile.yaml").write_text("crosswalk: [iopc-2020, home-office-codes]\n")
    result = run("check", tmp_path / "export.csv", "--profile", tmp_path / "profile.yaml", "-f", "csv", *AS_AT)
    assert result.code == 3
    assert [(row["row"], row["code"]) for row in rows(result)] == [
        ("2", "label-out-of-scope"),
        ("3", "label-out-of-scope"),
        ("4", "label-needs-reading"),
        ("5", "label-needs-reading"),
    ]


@pytest.mark.parametrize("fmt", FORMATS)
def test_quality_takes_every_format_and_finds_fault(fmt: str, export: Path) -> None:
    result = run("check", export, "--quality", "-f", fmt, *AS_AT)
    assert result.code == 3
    assert "share other" in result.out
    assert "above 10%" in result.out
    assert "Zebedee" not in result.out + result.err


def test_quality_without_fault_is_clean(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(HEAD + "R1,01/04/2023,Vulnerability\n")
    assert run("check", tmp_path / "export.csv", "--quality", *AS_AT).code == 0


@pytest.mark.parametrize("other", [["--foi"], ["--list", "other"], ["--minutes", "5"]], ids=lambda args: args[0])
def test_quality_is_a_report_of_its_own(export: Path, other: list[str]) -> None:
    assert run("check", export, "--quality", *other, *AS_AT).code == 2


def test_a_sub_tag_that_is_not_known_is_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Ref,Date received,Category,Subcategory\nR1,01/04/2023,APSP,Zebedee\nR2,01/04/2023,APSP,\n")
    result = run("count", path, "--by", "subcategory", "-f", "csv", *AS_AT)
    assert "Zebedee" not in result.out + result.err
    assert {row["subcategory"] for row in rows(result) if row["count"] == "1"} == {
        "(not read)",
        "Abuse of position for a sexual purpose",
    }
