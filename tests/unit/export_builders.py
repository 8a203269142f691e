"""Small exports, in memory or on disk, built by what a test wants to see in them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from cc_categorise import pipeline
from cc_categorise.options import RunOptions
from cc_categorise.pipeline import Outcome
from cc_categorise.read.columns import HeaderRules, Opening
from cc_categorise.read.exports import Export
from cc_categorise.read.table import Table
from cc_categorise.read.text import open_text

AS_AT = date(2024, 6, 30)
HEADER = "Ref,Received,Category"


def in_memory(data: str | bytes, name: str = "export.csv") -> Export:
    """Give an export that stands on no disk."""
    return Export(name, spool=io.BytesIO(data.encode() if isinstance(data, str) else data))


def opened(data: str | bytes, **how: Any) -> Table:
    """Open a table by the usual synonyms."""
    return open_text(in_memory(data), Opening(HeaderRules(), **how))


def rows_of(table: Table) -> list[list[str]]:
    """Read all rows, blank ones included."""
    return [row for block in table.blocks() for row in block.rows]


def told_of(table: Table) -> list[tuple[int, str]]:
    """Read all faults, by row number."""
    return [(block.first + fault.position, fault.code) for block in table.blocks() for fault in block.faults]


def written(folder: Path, *lines: str, header: str = HEADER, name: str = "export.csv") -> Path:
    """Write an export of these lines."""
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in (header, *lines)), encoding="utf-8", newline="")
    return path


def profile_of(folder: Path, text: str) -> Path:
    """Write a profile."""
    path = folder / "profile.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def counted(exports: Path | Iterable[Path], *, as_at: date = AS_AT, **options: Any) -> Outcome:
    """Count exports as at a fixed day."""
    paths = [exports] if isinstance(exports, Path) else exports
    return pipeline.count(paths, RunOptions(**options), as_at=as_at)


def cells_of(outcome: Outcome) -> dict[tuple[str, ...], int]:
    """Give the counts above nought, by breakdowns, year and code."""
    rows = outcome.report.tally.rows()
    return {(*row.by, row.year, row.category_code): row.count for row in rows if row.count}


def found(outcome: Outcome) -> list[tuple[int | None, str, str]]:
    """Give row, field and code of every finding."""
    return [(finding.row, finding.field, finding.code) for finding in pipeline.findings_of(outcome)]


def fates(outcome: Outcome) -> dict[str, int]:
    """Give the fates that any row has."""
    rows = outcome.report.reconciliation
    names = ("rows_read", "counted", "rejected", "duplicate", "out_of_period", "merged", "uncategorised")
    return {name: getattr(rows, name) for name in names if getattr(rows, name)}
