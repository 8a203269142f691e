"""Small reports to render, built by what a test wants to see in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cc_categorise.figures import CountReport, Listing, Reconciliation, Tally
from cc_categorise.findings import Finding
from cc_categorise.options import WORKBOOKS, Basis, CountBy, Format, Layout, YearBasis
from cc_categorise.render import render
from cc_categorise.render.wording import Findings

Counts = Mapping[tuple[str, ...], Sequence[Sequence[int]]]

THEFT = ("theft-and-fraud", "Theft and fraud")
OTHER = ("other", "Other")
UNREAD = ("uncategorised", "Uncategorised")
SHA256 = "0123456789abcdef" * 4
TEXTS = [fmt for fmt in Format if fmt not in WORKBOOKS]


def report(
    counts: Counts | None = None,
    *,
    by: tuple[str, ...] = (),
    years: Sequence[str] = ("2022/23", "2023/24"),
    categories: Sequence[tuple[str, str]] = (THEFT, OTHER),
    markers: Mapping[str, str] | None = None,
    year_basis: YearBasis = YearBasis.FINANCIAL,
    basis: Basis = Basis.PRIMARY,
    reconciliation: Reconciliation | None = None,
    findings: Mapping[str, int] | None = None,
    notes: tuple[str, ...] = (),
) -> CountReport:
    """Build a report; ``counts`` gives each group a row of numbers for each category, one number a year."""
    tables: Counts = {(): [[1200, 3], [0, 1]]} if counts is None else counts
    cells = {
        (group, year, code): number
        for group, rows in tables.items()
        for (code, _), numbers in zip(categories, rows, strict=True)
        for year, number in zip(years, numbers, strict=True)
    }
    n = sum(cells.values())
    tally = Tally(
        by=by,
        groups=tuple(tables),
        years=tuple(years),
        categories=tuple(categories),
        counts=cells,
        markers=markers or {},
        year_basis=year_basis,
        counted_by=CountBy.RECEIVED,
        basis=basis,
    )
    return CountReport(
        tally=tally,
        reconciliation=reconciliation or Reconciliation(rows_read=n, counted=n),
        findings=findings or {},
        scheme_id="national-12",
        scheme_edition="2022-11",
        scheme_sha256=SHA256,
        as_at=date(2024, 2, 29),
        notes=notes,
    )


def grouped_by(column: str, *values: str) -> CountReport:
    """Build a report of one category and year, with a group for each value; each counts 1."""
    return report({(value,): [[1]] for value in values}, by=(column,), years=["2023/24"], categories=[OTHER])


def render_count(some: CountReport, fmt: Format, layout: Layout | None = None, **looks: Any) -> str:
    """Render a count."""
    return render(some, fmt, layout=layout, **looks)


def render_findings(findings: Sequence[Finding], some: CountReport, fmt: Format, **looks: Any) -> str:
    """Render findings of a count."""
    return render(Findings(findings, some), fmt, **looks)


def render_listing(headers: tuple[str, ...], rows: Sequence[Any], fmt: Format, **looks: Any) -> str:
    """Render one list."""
    return render(Listing(headers, rows), fmt, **looks)


def found(code: str, *rows: int | None, file: str = "export.csv", detail: str = "", sheet: str = "") -> list[Finding]:
    """Build one finding a row."""
    return [Finding(file, row, code, sheet=sheet, detail=detail) for row in rows]
