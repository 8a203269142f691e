"""The same rows as a frame of each engine, and counted from a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
from strategies import AS_AT

import cc_categorise as cc
from cc_categorise.figures import CountReport

Columns = Mapping[str, Sequence[Any]]


def in_duckdb(columns: Columns) -> duckdb.DuckDBPyRelation:
    """Give a relation of a connection of its own, as a program that has one would."""
    connection = duckdb.connect()
    connection.register("given", as_arrow(columns))
    connection.execute("create table export as select * from given")
    return connection.table("export")


def as_arrow(columns: Columns) -> pa.Table:
    """Give a table of pyarrow; a column of nothing but nulls is one of text."""
    arrays = {name: pa.array(values) for name, values in columns.items()}
    return pa.table({name: a.cast(pa.string()) if pa.types.is_null(a.type) else a for name, a in arrays.items()})


ORDERED: Mapping[str, Callable[[Columns], Any]] = {
    "pandas": pd.DataFrame,
    "pandas-objects": lambda columns: pd.DataFrame(columns, dtype=object),
    "polars": lambda columns: pl.DataFrame(as_arrow(columns)),
    "polars-lazy": lambda columns: pl.LazyFrame(pl.DataFrame(as_arrow(columns))),
    "pyarrow": as_arrow,
}
ENGINES = {**ORDERED, "duckdb": in_duckdb}
"""DuckDB's rows have no order."""


def columns_of(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Columns:
    """Turn rows into columns."""
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def report_of(frame: Any, **options: Any) -> CountReport:
    """Count a frame as at a fixed day."""
    return cc.count_frame(frame, **{"as_at": AS_AT, **options}).report


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


def report_of_file(header: Sequence[str], rows: Sequence[Sequence[str]], **options: Any) -> CountReport:
    """Count the same rows from a file."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    path = Path(_folder().name) / "export.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    report = cc.count(path, **{"as_at": AS_AT, **options}).report
    # What looks like a row within quotes is a question for files alone.
    return report._replace(findings={c: n for c, n in report.findings.items() if c != "row-within-quotes"})
