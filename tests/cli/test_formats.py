"""The same records give the same figures, byte for byte, from every kind of file that can be read."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
import zstandard
from odfdo import Cell, Document, Row, Table
from pyarrow import parquet
from test_door import AS_AT, TITLES, run

FIELDS = ("Reference", "Received", "Recorded", "Category", "Further Categories", "Unit")
UNITS = ("Café & Söhne", "“Quoted”, £5", "North; South", "", "=1+1", "  spaced  ")
LABELS = (*TITLES.values(), 4, 12, "2 - Disclosure of information", "banana", None)

Cells = tuple[Any, ...]


def records(n: int = 2000) -> list[Cells]:
    """Give invented records with days as days, and among them what is wrong in real exports."""
    made: list[Cells] = []
    for i in range(n):
        day = date(2021, 4, 1) + timedelta(days=i * 7 % 1000)
        received = {3: "31/02/2023", 5: None, 7: f"{day:%d/%m/%Y}"}.get(i % 97, day)
        further = "Other; Vulnerability" if i % 11 == 0 else None
        reference = f"{i - 1 if i % 89 == 88 else i:06}"
        made.append((reference, received, day, LABELS[i % len(LABELS)], further, UNITS[i % len(UNITS)]))
    return made


RECORDS = records()


def as_text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def as_json(cells: Cells) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in zip(FIELDS, cells, strict=True)}


def to_text(path: Path, rows: Sequence[Cells], delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(FIELDS)
        writer.writerows(map(as_text, row) for row in rows)


def to_gzip(path: Path, rows: Sequence[Cells]) -> None:
    to_text(path, rows)
    path.write_bytes(gzip.compress(path.read_bytes()))


def to_zstandard(path: Path, rows: Sequence[Cells]) -> None:
    to_text(path, rows)
    path.write_bytes(zstandard.compress(path.read_bytes()))


def to_json(path: Path, rows: Sequence[Cells]) -> None:
    path.write_text(json.dumps(list(map(as_json, rows)), indent=1), encoding="utf-8")


def to_nested(path: Path, rows: Sequence[Cells]) -> None:
    path.write_text(json.dumps({"taken": "2024-03-31", "n": 3, "records": list(map(as_json, rows))}), encoding="utf-8")


def to_lines(path: Path, rows: Sequence[Cells]) -> None:
    path.write_text("".join(f"{json.dumps(as_json(row), ensure_ascii=False)}\n" for row in rows), encoding="utf-8")


def to_workbook(path: Path, rows: Sequence[Cells]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    for row in (FIELDS, *rows):
        cells = [openpyxl.cell.WriteOnlyCell(sheet, cell) for cell in row]
        for cell in cells:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type  # text that begins with =
        sheet.append(cells)
    book.save(path)


def to_ods(path: Path, rows: Sequence[Cells]) -> None:
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("Export")
    for cells in (FIELDS, *rows):
        row = Row()
        for cell in cells:
            row.append_cell(Cell(cell), clone=False)
        table.append_row(row, clone=False)
    document.body.append(table)
    document.save(path)


def to_parquet(path: Path, rows: Sequence[Cells]) -> None:
    columns = dict(zip(FIELDS, map(list, zip(*rows, strict=True)), strict=True))
    texts = {name: [None if cell is None else str(cell) for cell in cells] for name, cells in columns.items()}
    table = pa.table({**texts, "Recorded": pa.array(columns["Recorded"], pa.date32())})
    parquet.write_table(table, path, row_group_size=300)


WRITERS: dict[str, Callable[[Path, Sequence[Cells]], None]] = {
    "export.csv": to_text,
    "export.tsv": lambda path, rows: to_text(path, rows, "\t"),
    "export.txt": lambda path, rows: to_text(path, rows, ";"),
    "export.csv.gz": to_gzip,
    "export.csv.zst": to_zstandard,
    "export.json": to_json,
    "export.jsonl": to_lines,
    "export.ndjson": to_lines,
    "nested.json": to_nested,
    "export.xlsx": to_workbook,
    "export.xlsm": to_workbook,
    "export.ods": to_ods,
    "export.parquet": to_parquet,
}


def taken(*exports: object) -> dict[str, Any]:
    """Give what a run has to say of its exports: figures by both dates, what became of the rows, what was found."""
    said: dict[str, Any] = {}
    for count_by in ("received", "recorded"):
        words = (*exports, *AS_AT, "--by", "Unit", "--count-by", count_by)
        figures = run("count", *words, "-f", "csv")
        whole = json.loads(run("count", *words, "-f", "json").out)
        said[count_by] = (figures.code, figures.out, whole["reconciliation"], whole["findings"])
    return said


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give what the plain CSV says, after a look at whether it is what was written."""
    path = tmp_path_factory.mktemp("plain") / "export.csv"
    to_text(path, RECORDS)
    said = taken(path)
    rows = said["received"][2]
    duplicates = sum(i % 89 == 88 for i in range(len(RECORDS)))
    assert (said["received"][0], rows["rows_read"], said["recorded"][2]["rejected"]) == (3, len(RECORDS), 0)
    assert said["recorded"][2]["duplicate"] == duplicates
    assert rows["rejected"] >= 40
    assert rows["uncategorised"] >= 200
    return said


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_bytes(tmp_path: Path, expected: dict[str, Any], name: str) -> None:
    path = tmp_path / name
    WRITERS[name](path, RECORDS)
    assert taken(path) == expected


def test_a_table_of_a_database_gives_the_same_bytes(tmp_path: Path, expected: dict[str, Any]) -> None:
    path = tmp_path / "case.db"
    with closing(sqlite3.connect(path)) as connection:
        columns = ", ".join(map('"{}"'.format, FIELDS))
        connection.execute(f"create table export ({columns})")
        rows = ([cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in RECORDS)
        connection.executemany("insert into export values (?, ?, ?, ?, ?, ?)", rows)
        connection.commit()
    assert taken("--from-db", f"sqlite:///{path}", "--query", "select * from export order by rowid") == expected


def test_the_format_of_standard_input_is_told_from_its_bytes(tmp_path: Path, expected: dict[str, Any]) -> None:
    for name in ("export.csv", "export.json", "nested.json", "export.jsonl"):
        path = tmp_path / name
        WRITERS[name](path, RECORDS)
        result = run("count", "-", *AS_AT, "-f", "csv", "--by", "Unit", stdin=path.read_bytes())
        assert (name, result.code, result.out) == (name, *expected["received"][:2])


def test_an_export_in_parts_of_different_formats_is_counted_as_one(tmp_path: Path, expected: dict[str, Any]) -> None:
    names = ("export.csv.gz", "export.xlsx", "export.json", "export.parquet", "export.ods")
    step = -(-len(RECORDS) // len(names))
    for number, name in enumerate(names):
        WRITERS[name](tmp_path / f"{number}-{name}", RECORDS[number * step : (number + 1) * step])
    assert taken(*sorted(tmp_path.iterdir())) == expected
    assert taken(tmp_path) == expected


# --- encodings

WESTERN, JAPANESE = "Café £5 Söhne", "東京の部署"


@pytest.mark.parametrize(
    ("codec", "mark", "options", "unit"),
    [
        pytest.param("utf-8", b"", [], WESTERN, id="utf-8"),
        pytest.param("utf-8", b"", [], JAPANESE, id="utf-8-japanese"),
        pytest.param("utf-8-sig", b"", [], WESTERN, id="utf-8-marked"),
        pytest.param("cp1252", b"", [], f"{WESTERN} – “€”", id="cp1252"),
        pytest.param("utf-16-le", b"\xff\xfe", [], JAPANESE, id="utf-16-le-marked"),
        pytest.param("utf-16-be", b"\xfe\xff", [], JAPANESE, id="utf-16-be-marked"),
        pytest.param("utf-16-le", b"", ["--encoding", "utf-16-le"], JAPANESE, id="utf-16-le-named"),
        pytest.param("latin-1", b"", ["--encoding", "latin-1"], WESTERN, id="latin-1-named"),
        pytest.param("mac-roman", b"", ["--encoding", "mac-roman"], WESTERN, id="mac-roman-named"),
        pytest.param("shift_jis", b"", ["--encoding", "shift_jis"], JAPANESE, id="shift-jis-named"),
    ],
)
@pytest.mark.parametrize("name", ["export.csv", "export.tsv", "export.csv.gz", "export.csv.zst", "export.jsonl"])
def test_every_encoding_gives_the_same_bytes(
    tmp_path: Path, name: str, codec: str, mark: bytes, options: list[str], unit: str
) -> None:
    rows = [(f"R{i}", "2023-04-03", "2023-04-03", "Other", "", f"{unit} {i % 3}") for i in range(30)]
    path = tmp_path / "plain.csv" if name.endswith((".gz", ".zst")) else tmp_path / name
    WRITERS["export.csv" if name.endswith((".gz", ".zst")) else name](path, rows)
    content = mark + path.read_text(encoding="utf-8").encode(codec)
    if name.endswith(".zst"):
        content = zstandard.compress(content)
    elif name.endswith(".gz"):
        content = gzip.compress(content)
    (tmp_path / name).write_bytes(content)
    result = run("count", tmp_path / name, *AS_AT, "-f", "csv", "--by", "Unit", *options)
    found = [row for row in csv.reader(result.out.splitlines()) if row[2] == "other"]
    assert result.code == 0
    assert found == [[f"{unit} {i}", "2023/24", "other", "Other", "10", ""] for i in range(3)]


def test_an_encoding_that_was_not_named_is_never_guessed_with_loss(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("Received,Category\n2023-04-03,Other\n".encode("utf-16-le"))
    result = run("count", path, *AS_AT)
    assert (result.code, result.out) == (4, "")
    assert "[encoding]" in result.err


# --- workbooks by other programs


def test_a_workbook_by_pandas_gives_the_same_bytes(tmp_path: Path, expected: dict[str, Any]) -> None:
    frame = pd.DataFrame(RECORDS, columns=list(FIELDS), dtype=object)
    frame["Unit"] = frame["Unit"].replace("=1+1", None)  # pandas would write a formula
    frame["Recorded"] = pd.to_datetime(frame["Recorded"])
    plain, path = tmp_path / "plain.csv", tmp_path / "export.xlsx"
    to_text(plain, [(*row[:5], None if row[5] == "=1+1" else row[5]) for row in RECORDS])
    frame.to_excel(path, index=False, engine="openpyxl")
    assert taken(path) == taken(plain)
    assert taken(path) != expected


@pytest.fixture(scope="module")
def by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give what makes LibreOffice read the workbook and write it in a format of its own."""
    soffice = shutil.which("soffice")
    if soffice is None:
        reason = "LibreOffice is needed: apt-get install libreoffice-calc"
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("libreoffice")
    to_workbook(folder / "export.xlsx", RECORDS)

    def written(ending: str) -> Path:
        out = folder / ending
        home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
        words = [soffice, home, "--headless", "--convert-to", ending, "--outdir", out, folder / "export.xlsx"]
        subprocess.run(list(map(str, words)), check=True, capture_output=True, timeout=120)  # noqa: S603 - found above
        return out / f"export.{ending}"

    return written


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_a_workbook_by_libreoffice_gives_the_same_bytes(
    by_libreoffice: Callable[[str], Path], expected: dict[str, Any], ending: str
) -> None:
    assert taken(by_libreoffice(ending)) == expected
