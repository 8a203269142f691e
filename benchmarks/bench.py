"""Measure start-up and speed, and print them as ratios: bench.py [--rows N] [--runs N]."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from generate import write

BARE = """
import duckdb, sys
duckdb.sql(f'''
    with t as (select "Date received" as written, Category as label, Force as force
               from read_csv('{sys.argv[1]}', header=true, all_varchar=true)),
         d as (select coalesce(try_strptime(written, '%d/%m/%Y'), try_strptime(written, '%Y-%m-%d')) as day,
                      lower(trim(label)) as label, force from t)
    select year(day) - (month(day) < 4)::int as year, label, force, count(*) from d
    where day is not null group by all order by all''').write_csv('/dev/stdout')
"""


def seconds_and_megabytes(command: Sequence[str], runs: int) -> tuple[float, float]:
    """Give the median wall time of a command and its largest peak memory."""
    times, peak = [], 0.0
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        times.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss / 1024)
    return statistics.median(times), peak


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    program = str(Path(sys.executable).with_name("cc-categorise"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder, "large.csv"), Path(folder, "small.csv")
        write(chosen.rows, large)
        write(1000, small)
        yardstick, _ = seconds_and_megabytes([sys.executable, "-c", "pass"], 20)
        print(f"\nstart-up, × python -c pass ({yardstick * 1000:.1f} ms)")
        for name, words in (
            ("--help", ["--help"]),
            ("count --help", ["count", "--help"]),
            ("count of 1,000 rows", ["count", str(small), "--as-at", "2026-03-31"]),
            ("count of 1,000 rows, -f csv", ["count", str(small), "--as-at", "2026-03-31", "-f", "csv"]),
            ("check of 1,000 rows", ["check", str(small), "--as-at", "2026-03-31"]),
        ):
            taken, _ = seconds_and_megabytes([program, *words], 20)
            print(f"  {name:30} {taken / yardstick:5.1f}")
        bare, memory = seconds_and_megabytes([sys.executable, "-c", BARE, str(large)], chosen.runs)
        print(f"\n{chosen.rows:,} rows, × DuckDB's bare tally ({bare:.2f} s, {memory:.0f} MB)")
        for name, words in (
            ("count --by force", ["count", str(large), "-f", "csv", "--by", "force"]),
            ("check -f json", ["check", str(large), "-f", "json"]),
        ):
            arguments = [program, *words, "--no-progress", "--as-at", "2026-03-31"]
            taken, memory = seconds_and_megabytes(arguments, chosen.runs)
            print(f"  {name:30} {taken / bare:5.1f}   {taken:.2f} s, {memory:.0f} MB")


if __name__ == "__main__":
    main()
