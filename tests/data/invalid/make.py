"""Write broken files, one fault each: make.py FOLDER.  What each must come to stands in expected.csv."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import zstandard
from pyarrow import parquet

HEADER = "Reference,Received,Category"
ROWS = ["R1,2023-04-03,Other", "R2,2023-04-04,Infiltration", "R3,2023-04-05,Vulnerability"]
SOUND = "\n".join([HEADER, *ROWS, ""])
OBJECTS = [dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in ROWS]
LINES = "".join(f"{json.dumps(made)}\n" for made in OBJECTS)


def with_row(*rows: str) -> str:
    """Give a sound export with further rows."""
    return SOUND + "".join(f"{row}\n" for row in rows)


def book(*rows: tuple[Any, ...], sheets: tuple[str, ...] = ("Export",), header: str = HEADER) -> bytes:
    """Give a workbook with these rows on each sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name in sheets:
        sheet = made.create_sheet(name)
        for row in (header.split(","), ("R1", date(2023, 4, 3), "Other"), *rows):
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def without_part(data: bytes, part: str) -> bytes:
    """Take one part out of an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    return stream.getvalue()


def bomb() -> bytes:
    """Give a workbook whose directory says that it unpacks to more than 2 GB."""
    data = bytearray(book())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (2**31 + 1).to_bytes(4, "little")
    return bytes(data)


def table(**columns: Any) -> bytes:
    """Give a Parquet file."""
    stream = io.BytesIO()
    parquet.write_table(pa.table(columns), stream)
    return stream.getvalue()


def database() -> bytes:
    """Give a database, which is no export by itself."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("create table export (Reference, Received, Category)")
        return connection.serialize()


PARQUET = table(Reference=["R1", "R2"], Received=["2023-04-03"] * 2, Category=["Other"] * 2)
FILES: dict[str, Callable[[], str | bytes]] = {
    # text
    "zero-bytes.csv": lambda: b"",
    "blank-lines.csv": lambda: "\n \n\n",
    "no-header.csv": lambda: "\n".join(ROWS),
    "no-category.csv": lambda: "Reference,Received\nR1,2023-04-03\n",
    "no-date.csv": lambda: "Reference,Category\nR1,Other\n",
    "two-dates.csv": lambda: "Received,Date Received,Category\n2023-04-03,2023-04-03,Other\n",
    "undefined-byte.csv": lambda: SOUND.encode() + b"R4,2023-04-03,\x81\n",
    "unmarked-utf-16.csv": lambda: SOUND.encode("utf-16-le"),
    "half-utf-16.csv": lambda: b"\xff\xfe" + SOUND.encode("utf-16-le")[:-1],
    "too-many-cells.csv": lambda: with_row("R4,2023-04-03,Theft, fraud"),
    "open-quote.tsv": lambda: with_row('R4,2023-04-03,"Other,and more').replace(",", "\t"),
    "blank-date.csv": lambda: with_row("R4,,Other"),
    "no-such-day.txt": lambda: with_row("R4,31/02/2023,Other").replace(",", ";"),
    "month-first.csv": lambda: with_row("R4,04/13/2023,Other"),
    "two-digit-year.csv": lambda: with_row("R4,03/04/23,Other"),
    "serial-number.csv": lambda: with_row("R4,45019,Other"),
    "words-for-a-date.csv": lambda: with_row("R4,soon,Other"),
    "after-as-at.csv": lambda: with_row("R4,2024-04-01,Other"),
    "too-early.csv": lambda: with_row("R4,1066-10-14,Other"),
    "blank-category.csv": lambda: with_row("R4,2023-04-03,"),
    "unknown-label.csv": lambda: with_row("R4,2023-04-03,Banana"),
    "no-such-number.csv": lambda: with_row("R4,2023-04-03,13"),
    "number-against-title.csv": lambda: with_row("R4,2023-04-03,3 - Infiltration"),
    # packed
    "cut-off.csv.gz": lambda: gzip.compress(SOUND.encode(), mtime=0)[:-4],
    "not-packed.csv.gz": lambda: SOUND,
    "cut-off.csv.zst": lambda: zstandard.compress(SOUND.encode())[:-4],
    "not-packed.csv.zst": lambda: SOUND,
    "nothing-packed.csv.gz": lambda: gzip.compress(b"", mtime=0),
    # JSON
    "zero-bytes.json": lambda: b"",
    "cut-off.json": lambda: json.dumps(OBJECTS, indent=1)[:-20],
    "cut-off-between.json": lambda: "[\n" + ",\n".join(map(json.dumps, OBJECTS)),
    "two-arrays.json": lambda: json.dumps({"a": OBJECTS, "b": OBJECTS}),
    "number.json": lambda: "5",
    "too-deep.json": lambda: "[" * 100_000,
    "no-category.json": lambda: json.dumps([{"Received": "2023-04-03"}]),
    "not-an-object.json": lambda: json.dumps([*OBJECTS, "text"]),
    "broken-line.jsonl": lambda: LINES + '{"Reference": "R4", "Rec\n',
    "repeated-key.jsonl": lambda: LINES + '{"Category": "Other", "Received": "2023-04-03", "Category": "Other"}\n',
    "number-for-a-date.ndjson": lambda: LINES + '{"Reference": "R4", "Received": 20230403, "Category": 4}\n',
    # workbooks
    "zero-bytes.xlsx": lambda: b"",
    "text.xlsx": lambda: SOUND,
    "page.xls": lambda: "<html><table><tr><td>Reference</td></tr></table></html>",
    "cut-off.xlsx": lambda: book()[:-100],
    "sheet-missing.xlsx": lambda: without_part(book(), "xl/worksheets/sheet1.xml"),
    "workbook-part-missing.xlsx": lambda: without_part(book(), "xl/workbook.xml"),
    "zeros.xls": lambda: bytes(4096),
    "bomb.xlsx": bomb,
    "two-sheets.xlsx": lambda: book(sheets=("2022", "2023")),
    "no-header.xlsx": lambda: book(header="one,two,three"),
    "error-cell.xlsx": lambda: book(("R2", date(2023, 4, 3), "#N/A")),
    "boolean-date.xlsm": lambda: book(("R2", True, "Other")),
    "negative-serial.xlsx": lambda: book(("R2", -5, "Other")),
    # Parquet and databases
    "zero-bytes.parquet": lambda: b"",
    "text.parquet": lambda: SOUND,
    "cut-off.parquet": lambda: PARQUET[:-10],
    "no-category.parquet": lambda: table(Received=["2023-04-03"]),
    "number-for-a-date.parquet": lambda: table(Received=[45019], Category=["Other"]),
    "past-the-calendar.parquet": lambda: table(Received=pa.array([10**13], pa.timestamp("s")), Category=["Other"]),
    "database.db": database,
    "database.csv": database,
}


def write(folder: Path) -> None:
    """Write every file."""
    for name, content in FILES.items():
        made = content()
        (folder / name).write_bytes(made.encode() if isinstance(made, str) else made)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
