"""Measure how fast each kind of file is counted, and in how much memory: formats.py [--rows N] [--runs N]."""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing import Process
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pyarrow as pa
import zstandard
from bench import machine, seconds_and_megabytes
from generate import HEADER, rows
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
    """Write an OpenDocument workbook; by hand, because its library takes minutes."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{names}:{name}:1.0"' for name in ("office", "table", "text"))
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        f"<table:table-row>{''.join(cell.format(escape(text)) for text in record)}</table:table-row>"
        for record in (HEADER, *records)
    )
    table = f'<table:table table:name="Export">{body}</table:table>'
    content = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest xmlns:manifest='{names}:manifest:1.0'/>")
        archive.writestr("content.xml", f"<office:document-content {spaces}>{content}</office:document-content>")


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


_CALAMINE = "import sys, python_calamine as c; c.load_workbook(sys.argv[1]).get_sheet_by_index(0).to_python()"
ALONE = {
    "xlsx": _CALAMINE,
    "ods": _CALAMINE,
    "db": "import sys, sqlite3; sqlite3.connect(sys.argv[1]).execute('select * from export').fetchall()",
}
"""What the libraries beneath do alone: read every row, and do nothing with it."""


def write_all(folder: str, n: int) -> None:
    """Write every file."""
    records = list(rows(n))
    for ending, write in WRITERS.items():
        write(Path(folder, f"export.{ending}"), records)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    program = str(Path(sys.executable).with_name("cc-categorise"))
    print(machine())
    print(f"\ncount of {chosen.rows:,} rows")
    print(f"{'':10}{'file MB':>10}{'seconds':>10}{'rows/s':>12}{'peak MB':>10}{'× reader alone':>16}")
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: Linux counts a parent's memory among its children's.
        writer = Process(target=write_all, args=(folder, chosen.rows))
        writer.start()
        writer.join()
        figures = set()
        for ending in WRITERS:
            path = Path(folder, f"export.{ending}")
            source = ["--from-db", f"sqlite:///{path}", "--query", "select * from export"]
            words = [program, "count", *(source if ending == "db" else [str(path)]), "--as-at", "2026-03-31"]
            words += ["-f", "csv", "--no-progress"]
            figures.add(subprocess.run(words, capture_output=True, check=False).stdout)
            taken, memory = seconds_and_megabytes(words, chosen.runs)
            size = path.stat().st_size / 1e6
            told = ""
            if ending in ALONE:
                alone, _ = seconds_and_megabytes([sys.executable, "-c", ALONE[ending], str(path)], chosen.runs)
                told = f"{taken / alone:.1f}"
            print(f"{ending:10}{size:10.1f}{taken:10.2f}{chosen.rows / taken:12,.0f}{memory:10.0f}{told:>16}")
    if len(figures) != 1:
        sys.exit("the figures differ")


if __name__ == "__main__":
    main()
