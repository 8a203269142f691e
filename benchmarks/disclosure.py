"""Cells lost and seconds taken by disclosure control, beside τ-Argus where it is installed.

    pip install pytauargus          # wheels for Windows, macOS on arm, Linux
    python benchmarks/disclosure.py
    python benchmarks/disclosure.py --tables 40 --large 4

τ-Argus is run in a temporary directory, since it leaves files with counts there.  Its patterns then go through the same
audit as ours: a reader who knows that [c] is 1 or more.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from cc_categorise.disclosure.policy import load_policy
from cc_categorise.disclosure.protection import audit_published, protect
from cc_categorise.disclosure.tables import TOTAL, Coordinates, ExactTable, ProtectedTable, Published
from cc_categorise.errors import DisclosureError

POLICY, _ = load_policy()


def any_table(seed: int, years: int, forces: int = 1) -> ExactTable:
    """Make a table of 12 categories, some common and some rare."""
    chance = random.Random(seed)
    weights = [chance.choice((0.1, 0.3, 1, 3)) for _ in range(12)]
    axes: list[list[Any]] = [
        [f"force-{f}" for f in range(forces)],
        [str(2001 + y) for y in range(years)],
        list(range(12)),
    ]
    cells: dict[Coordinates, int] = {}
    for force, year, category in product(*axes):
        count = 0 if chance.random() < 0.3 else int(chance.expovariate(1 / (6 * weights[category])))
        at = (force, year, f"c{category}")[forces == 1 :]
        for margin in product(*((value, TOTAL) for value in at)):
            cells[margin] = cells.get(margin, 0) + count
    return ExactTable("counts", ("force", "year", "category")[forces == 1 :], cells)


def argus(exact: ExactTable) -> set[Coordinates] | None:
    """Give the cells that τ-Argus suppresses, or None where it is not installed."""
    try:
        import pytauargus  # noqa: PLC0415 - it need not be there
    except ImportError:
        return None
    inner = {at: count for at, count in exact.cells.items() if TOTAL not in at}
    records = [
        dict(zip(exact.dimensions, at, strict=True)) | {"n": 1} for at, count in inner.items() for _ in range(count)
    ]
    with elsewhere() as place:
        names = [*exact.dimensions]
        result = pytauargus.protect(records, names, "n", "FREQ(5,10)", "OPT(1)", totcode=TOTAL, workdir=str(place))
        rows = result.tables[0].rows
    return {
        tuple(row[name].strip() for name in names) for row in rows if row["status"] in "UM"
    }  # unsafe, and more to keep those safe


@contextlib.contextmanager
def elsewhere() -> Iterator[Path]:
    """Work in a temporary directory."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        try:
            yield Path(place)
        finally:
            os.chdir(here)


def passes(exact: ExactTable, lost: set[Coordinates]) -> bool:
    """Say whether a pattern survives our audit."""
    cells = {at: Published(None, ("c",)) if at in lost else Published(n) for at, n in exact.cells.items()}
    try:
        audit_published([ProtectedTable("counts", exact.dimensions, cells)], POLICY)
    except DisclosureError:
        return False
    return True


def compare(n_tables: int) -> None:
    """Print cells lost in tables of 12 categories and 6 years with totals."""
    ours, theirs, ratios, n_leaks = [], [], [], 0
    for seed in range(n_tables):
        exact = any_table(seed, years=6)
        lost = protect([exact], POLICY).audit.n_suppressed
        ours.append(lost / len(exact.cells))
        others = argus(exact)
        if others is None:
            continue
        theirs.append(len(others) / len(exact.cells))
        if passes(exact, others):
            ratios.append(lost / max(len(others), 1))
        else:
            n_leaks += 1
    print(f"{n_tables} tables of 12 x 6: cells lost {statistics.mean(ours):.1%}")
    if not theirs:
        print("pytauargus is not installed: nothing to compare with")
        return
    print(f"tau-Argus, FREQ(5,10) and OPT: cells lost {statistics.mean(theirs):.1%}; {n_leaks} patterns fail our audit")
    if ratios:
        print(f"where its pattern passes: ours / its cells, mean {statistics.mean(ratios):.3f}, most {max(ratios):.3f}")


def large(n_tables: int) -> None:
    """Print the seconds for releases of 12 categories, 10 years and 5 forces with all totals."""
    for seed in range(n_tables):
        exact = any_table(seed, years=10, forces=5)
        start = time.process_time()
        protection = protect([exact], POLICY)
        protected = time.process_time()
        audit_published(protection.tables, POLICY)
        again = time.process_time()
        audit = protection.audit
        print(
            f"12 x 10 x 5, seed {seed}: {audit.n_suppressed} of {audit.n_cells} cells, {audit.n_primary} small; "
            f"seconds of one processor: {protected - start:.1f} to protect and audit, {again - protected:.1f} to audit "
            f"as verify does; {audit.notes[0]}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=40)
    parser.add_argument("--large", type=int, default=4)
    args = parser.parse_args()
    compare(args.tables)
    large(args.large)
