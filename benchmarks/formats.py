"""Measure how fast each kind of file is counted, and in how much memory: formats.py [--rows N] [--runs N]."""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import openpyxl
import pyarrow as pa
import zstandard
from bench import seconds_and_megabytes
from generate import HEADER, rows
from odfdo import Cell, Document, Row, Table
from pyarrow import parquet

Records = Sequence[tuple[str, ...]]


def to_csv(path: Path, records: Records) -> None:
    """Write text."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([HEADER, *records])


def packed(pack: Callable[[bytes], bytes]) -> Callable[[Path, Records], None]:
    """Give what writes text and packs it."""

    def write(path: Path, records: Records) -> None:
        to_csv(path, records)
        path.write_bytes(pack(path.read_bytes()))

    return write


def to_json(path: Path, records: Records) -> None:
    """Write an array of objects."""
    path.write_text(json.dumps([dict(zip(HEADER, record, strict=True)) for record in records]), encoding="utf-8")


def to_lines(path: Path, records: Records) -> None:
    """Write JSON Lines."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{json.dumps(dict(zip(HEADER, record, strict=True)))}\n" for record in records)


def to_workbook(path: Path, records: Records) -> None:
    """Write a workbook of Excel's."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    for record in (HEADER, *records):
        sheet.append(record)
    book.save(path)


def to_ods(path: Path, records: Records) -> None:
    """Write an OpenDocument workbook."""
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("Export")
    for record in (HEADER, *records):
        row = Row()
        for cell in record:
            row.append_cell(Cell(cell), clone=False)
        table.append_row(row, clone=False)
    document.body.append(table)
    document.save(path)


def to_parquet(path: Path, records: Records) -> None:
    """Write Parquet."""
    parquet.write_table(pa.table(dict(zip(HEADER, map(list, zip(*records, strict=True)), strict=True))), path)


def to_sqlite(path: Path, records: Records) -> None:
    """Write a database."""
    with closing(sqlite3.connect(path)) as connection:
        columns = ", ".join(map('"{}"'.format, HEADER))
        connection.execute(f"create table export ({columns})")
        connection.executemany(f"insert into export values ({', '.join('?' * len(HEADER))})", records)
        connection.commit()


WRITERS: dict[str, Callable[[Path, Records], None]] = {
    "csv": to_csv,
    "csv.gz": packed(gzip.compress),
    "csv.zst": packed(zstandard.compress),
    "json": to_json,
    "jsonl": to_lines,
    "xlsx": to_workbook,
    "ods": to_ods,
    "parquet": to_parquet,
    "db": to_sqlite,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    program = str(Path(sys.executable).with_name("cc-categorise"))
    records = list(rows(chosen.rows))
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    print(f"\ncount of {chosen.rows:,} rows\n{'':10}{'file MB':>10}{'seconds':>10}{'rows/s':>12}{'peak MB':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for ending, write in WRITERS.items():
            path = Path(folder, f"export.{ending}")
            write(path, records)
            source = ["--from-db", f"sqlite:///{path}", "--query", "select * from export"]
            words = [program, "count", *(source if ending == "db" else [str(path)]), "--as-at", "2026-03-31"]
            taken, memory = seconds_and_megabytes([*words, "-f", "csv", "--no-progress"], chosen.runs)
            size = path.stat().st_size / 1e6
            print(f"{ending:10}{size:10.1f}{taken:10.2f}{chosen.rows / taken:12,.0f}{memory:10.0f}")


if __name__ == "__main__":
    main()
