"""Measure start-up and speed, and print them as ratios: bench.py [--rows N] [--runs N]."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from generate import write

# A tally by year, label as written and force, of a file taken to be without fault: no rule, no duplicate, no reason.
BARE = {
    "duckdb": """
import duckdb, sys
duckdb.sql(f'''
    with t as (select "Date received" as written, Category as label, Force as force
               from read_csv('{sys.argv[1]}', header=true, all_varchar=true)),
         d as (select coalesce(try_strptime(written, '%d/%m/%Y'), try_strptime(written, '%Y-%m-%d')) as day,
                      lower(trim(label)) as label, force from t)
    select year(day) - (month(day) < 4)::int as year, label, force, count(*) from d
    where day is not null group by all order by all''').write_csv('/dev/stdout')
""",
    "polars": """
import polars as pl, sys
written = pl.col("Date received")
day = pl.coalesce(written.str.to_date("%d/%m/%Y", strict=False), written.str.to_date("%Y-%m-%d", strict=False))
keys = [(day.dt.year() - (day.dt.month() < 4)).alias("year"), pl.col("Category").str.strip_chars().str.to_lowercase()]
scan = pl.scan_csv(sys.argv[1], infer_schema=False).filter(day.is_not_null())
print(scan.group_by(*keys, "Force").len().collect(engine="streaming").write_csv())
""",
    "pandas": """
import pandas as pd, sys
frame = pd.read_csv(sys.argv[1], dtype=str, usecols=["Date received", "Category", "Force"], keep_default_na=False)
written = frame["Date received"]
day = pd.to_datetime(written, format="%d/%m/%Y", errors="coerce")
day = day.fillna(pd.to_datetime(written, format="%Y-%m-%d", errors="coerce"))
keys = [day.dt.year - (day.dt.month < 4), frame["Category"].str.strip().str.lower(), frame["Force"]]
print(frame.groupby(keys).size().to_csv())
""",
}
MILLER = ("--icsv", "--ocsv", "count-distinct", "-f", "Date received,Category,Force")


def machine() -> str:
    """Describe the machine, without its name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    memory = f", {pages / 2**30:.0f} GiB" if pages else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores{memory}, {platform.system()}, {python}"


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


def load() -> str:
    """Say how busy the machine is: figures from a busy one are too high."""
    return f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"


def peers(path: Path) -> Iterator[tuple[str, Sequence[str]]]:
    """Give the commands of other programs, those that are installed."""
    for name, code in BARE.items():
        if find_spec(name):
            yield f"{name}, bare tally", [sys.executable, "-c", code, str(path)]
    if miller := shutil.which("mlr"):
        yield "Miller, distinct cells counted", [miller, *MILLER, str(path)]
    if csvcut := shutil.which("csvcut") or shutil.which("csvcut", path=str(Path(sys.executable).parent)):
        yield "csvkit, three columns cut", [csvcut, "-c", "Date received,Category,Force", str(path)]


def print_start_up(program: str, small: Path) -> None:
    """Print how long a start takes, beside Python's own."""
    yardstick, _ = seconds_and_megabytes([sys.executable, "-c", "pass"], 20)
    print(f"\nstart-up, × python -c pass ({yardstick * 1000:.1f} ms; {load()})")
    commands = {
        "--help": ["--help"],
        "count --help": ["count", "--help"],
        "count of 1,000 rows": ["count", str(small), "--as-at", "2026-03-31"],
        "count of 1,000 rows, -f csv": ["count", str(small), "--as-at", "2026-03-31", "-f", "csv"],
        "check of 1,000 rows": ["check", str(small), "--as-at", "2026-03-31"],
    }
    for name, words in commands.items():
        taken, _ = seconds_and_megabytes([program, *words], 20)
        print(f"  {name:32} {taken / yardstick:5.1f}")


def import_times(program: str, words: Sequence[str]) -> Mapping[str, float]:
    """Give the milliseconds that each library takes to import, with what no other has imported before it."""
    command = [sys.executable, "-X", "importtime", program, *words]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()
    taken: dict[str, float] = {}
    for line in told:
        fields = line.removeprefix("import time:").split("|")
        if len(fields) == 3 and fields[0].strip().isdigit():
            library = fields[2].strip().partition(".")[0]
            taken[library] = taken.get(library, 0) + int(fields[0]) / 1000
    return taken


def print_imports(program: str, small: Path) -> None:
    """Print which libraries a small count imports, and how long each takes."""
    taken = import_times(program, ["count", str(small), "--as-at", "2026-03-31", "-f", "csv"])
    print("\nimports of a count of 1,000 rows, ms of each library by itself")
    for library, milliseconds in sorted(taken.items(), key=lambda item: -item[1])[:15]:
        print(f"  {library:32} {milliseconds:5.1f}")
    print(f"  {'all':32} {sum(taken.values()):5.1f}")


def print_speed(program: str, large: Path, rows: int, runs: int) -> None:
    """Print how long a large file takes, beside other programs."""
    others = dict(peers(large))
    ours = {
        "count --by force": ["count", str(large), "-f", "csv", "--by", "force"],
        "count --by force --workers 1": ["count", str(large), "-f", "csv", "--by", "force", "--workers", "1"],
        "check -f json": ["check", str(large), "-f", "json"],
    }
    commands = others | {
        f"cc-categorise {name}": [program, *words, "--no-progress", "--as-at", "2026-03-31"]
        for name, words in ours.items()
    }
    measured = {name: seconds_and_megabytes(command, runs) for name, command in commands.items()}
    first = next(iter(measured))
    print(f"\n{rows:,} rows, {large.stat().st_size / 1e6:.0f} MB, × {first} ({load()})")
    for name, (taken, memory) in measured.items():
        print(f"  {name:44} {taken / measured[first][0]:5.2f}   {taken:6.2f} s {memory:6.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    program = str(Path(sys.executable).with_name("cc-categorise"))
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder, "large.csv"), Path(folder, "small.csv")
        write(chosen.rows, large)
        write(1000, small)
        print_start_up(program, small)
        print_imports(program, small)
        print_speed(program, large, chosen.rows, chosen.runs)


if __name__ == "__main__":
    main()
