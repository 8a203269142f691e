"""Measure how fast data frames of each engine are counted: frames.py [--rows N] [--runs N] [--engine NAME …].

The frames are read from Parquet; Spark runs on this machine, on one core and on all.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench import machine, seconds_and_megabytes
from generate import write

AS_AT = date(2026, 3, 31)


def in_pandas(path: str) -> object:
    """Read into memory."""
    import pandas as pd  # noqa: PLC0415 - each engine has a process of its own

    return pd.read_parquet(path)


def in_polars(path: str) -> object:
    """Read when asked."""
    import polars as pl  # noqa: PLC0415 - each engine has a process of its own

    return pl.scan_parquet(path)


def in_pyarrow(path: str) -> object:
    """Read into memory."""
    from pyarrow import parquet  # noqa: PLC0415 - each engine has a process of its own

    return parquet.read_table(path)


def in_duckdb(path: str) -> object:
    """Read when asked."""
    import duckdb  # noqa: PLC0415 - each engine has a process of its own

    return duckdb.read_parquet(path)


def in_spark(cores: int) -> Callable[[str], object]:
    """Read when asked, on so many cores."""

    def read(path: str) -> object:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - each engine has a process of its own

        builder = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
        settings: dict[str, bool | float | int | str | None] = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": "4g",
            "spark.sql.shuffle.partitions": "8",
        }
        return builder.config(map=settings).getOrCreate().read.parquet(path)

    return read


ENGINES: dict[str, Callable[[str], object]] = {
    "pandas": in_pandas,
    "polars": in_polars,
    "pyarrow": in_pyarrow,
    "duckdb": in_duckdb,
    "spark, 1 core": in_spark(1),
    **({f"spark, {n} cores": in_spark(n)} if (n := os.cpu_count() or 1) > 1 else {}),
}


def count(engine: str, path: str) -> None:
    """Count one frame; print how long it took by itself, and the fates of its rows."""
    import cc_categorise as cc  # noqa: PLC0415 - what is measured

    frame = ENGINES[engine](path)
    start = time.perf_counter()
    outcome = cc.count_frame(frame, as_at=AS_AT, by=("force",))
    print(f"{time.perf_counter() - start:.2f}")
    fates = outcome.reconciliation
    print(fates, file=sys.stderr)
    if not fates.is_balanced:
        sys.exit("rows are lost")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--count", nargs=2, metavar=("ENGINE", "FILE"), help="count one frame, in this process")
    chosen = parser.parse_args()
    if chosen.count:
        count(*chosen.count)
        return
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export.csv")
        write(chosen.rows, path)
        parquet = path.with_suffix(".parquet")
        to_parquet = "import sys, polars; polars.scan_csv(sys.argv[1], infer_schema=False).sink_parquet(sys.argv[2])"
        seconds_and_megabytes([sys.executable, "-c", to_parquet, str(path), str(parquet)], 1)
        path.unlink()
        print(f"\ncount_frame of {chosen.rows:,} rows, by force: seconds of the whole process, and its peak memory")
        for engine in chosen.engine or ENGINES:
            command = [sys.executable, __file__, "--count", engine, str(parquet)]
            taken, memory = seconds_and_megabytes(command, chosen.runs)
            print(f"  {engine:16}{taken:8.1f} s {memory:8.0f} MB", flush=True)


if __name__ == "__main__":
    main()
