"""The workbooks of a release, opened by LibreOffice and by calamine, hold the figures of the CSV and of each other."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from release_exports import export, make, policy

# Token 12 of the filter's options: -1 writes every sheet; cells as shown are off, so that figures come bare.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
SHEETS = ("categories", "breakdown", "change", "shares", "rates")
KINDS = ("xlsx", "ods")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a release with every table there is, and shorthand of several kinds in it."""
    folder = tmp_path_factory.mktemp("made")
    export(folder, forces={"Westmark": "=West & <Mark>"})
    workforce = folder / "workforce.csv"
    workforce.write_text("year,workforce,measure,as_at\n2022/23,2500.5,FTE,2023-03-31\n")
    refused = [
        {"where": {"category": "vulnerability"}, "state": "withheld", "exemption": "s40(2)", "reason": "Not asked for."}
    ]
    args = ("--by", "force", "--workforce", workforce, "--policy", policy(folder, refusals=refused))
    path, result = make(folder, *args)
    assert result.code == 3, result.err
    return path


@pytest.fixture(scope="module")
def converted(release: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Let LibreOffice open each workbook, and write every sheet as CSV."""
    office = shutil.which("soffice")
    if office is None:
        reason = "LibreOffice is needed: apt-get install libreoffice-calc-nogui"
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(reason)
        pytest.skip(reason)
    folders = {}
    for kind in KINDS:
        folder = tmp_path_factory.mktemp(kind)
        (source,) = release.glob(f"*.{kind}")
        own = f"-env:UserInstallation={folder.as_uri()}/profile"
        command = [office, own, "--headless", "--convert-to", AS_CSV, "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)  # noqa: S603 - LibreOffice itself
        folders[kind] = folder
    return folders


def sheet_in_libreoffice(folder: Path, name: str) -> list[list[str]]:
    (path,) = folder.glob(f"*-{name}.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def sheet_in_calamine(release: Path, kind: str, name: str) -> list[list[Any]]:
    (path,) = release.glob(f"*.{kind}")
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()


def csv_of(release: Path, name: str) -> list[dict[str, str]]:
    (path,) = release.glob(f"{name}-*.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def alike(rows: list[list[Any]]) -> list[list[str]]:
    """Write figures alike, whoever read them."""
    return [[f"{float(cell):g}" if is_figure(cell) else str(cell) for cell in row] for row in rows]


def is_figure(cell: Any) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def below_header(rows: list[list[Any]], first: str) -> list[list[Any]]:
    start = next(place for place, row in enumerate(rows) if row[0] == first)
    return rows[start:]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["cover", "contents", "notes", *SHEETS])
def test_libreoffice_and_calamine_read_the_same(
    release: Path, converted: dict[str, Path], kind: str, name: str
) -> None:
    theirs = alike(sheet_in_libreoffice(converted[kind], name))
    assert theirs == alike(sheet_in_calamine(release, kind, name))
    assert len(theirs) >= 4


@pytest.mark.parametrize("name", ["cover", "contents", "notes", *SHEETS])
def test_both_workbooks_hold_the_same(release: Path, name: str) -> None:
    assert sheet_in_calamine(release, "xlsx", name) == sheet_in_calamine(release, "ods", name)


@pytest.mark.parametrize("kind", KINDS)
def test_counts_are_those_of_the_csv(release: Path, converted: dict[str, Path], kind: str) -> None:
    header, *rows = below_header(sheet_in_libreoffice(converted[kind], "breakdown"), "Force")
    shown = {(row[0], row[1], year): cell for row in rows for year, cell in zip(header[2:], row[2:], strict=True)}
    wanted = {}
    for row in csv_of(release, "breakdown"):
        marker = " ".join(f"[{each}]" for each in row["marker"].split())
        year = "Total" if row["year"] == "total" else row["year"]
        wanted[row["force"].removeprefix("'"), row["category"], year] = row["count"] or marker
    assert shown == wanted
    assert {"[c]", "[c] [x]", "0"} <= set(shown.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "first", "columns"),
    [
        ("change", "Category", ("category", "records_before", "records", "change", "change_percent")),
        ("shares", "Year", ("year", "records", "other", "other_percent", "uncategorised", "uncategorised_percent")),
    ],
)
def test_derived_figures_are_those_of_the_csv(
    release: Path, converted: dict[str, Path], kind: str, name: str, first: str, columns: tuple[str, ...]
) -> None:
    _, *rows = below_header(sheet_in_libreoffice(converted[kind], name), first)
    shown = [["" if cell.startswith("[") else cell for cell in row] for row in rows]
    assert alike(shown) == alike([[row[column] for column in columns] for row in csv_of(release, name)])


def test_rates_are_those_of_the_csv(release: Path, converted: dict[str, Path]) -> None:
    _, *rows = below_header(sheet_in_libreoffice(converted["ods"], "rates"), "Force")
    shown = [[row[2], row[4], row[7]] for row in rows if not row[7].startswith("[")]
    wanted = [[row["category"], row["workforce"], row["rate"]] for row in csv_of(release, "rates") if row["rate"]]
    assert alike(shown) == alike(wanted)
    assert wanted
