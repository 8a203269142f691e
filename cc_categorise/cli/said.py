"""What is said on standard error about a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cc_categorise.options import OutputOptions

if TYPE_CHECKING:
    from cc_categorise.pipeline import Outcome


EXACT = "exact counts: not for publication"


def sentences(outcome: Outcome, output: OutputOptions, closing: str = EXACT) -> Iterator[str]:
    """Say how the files were read, where every row went, and what was found."""
    if output.quiet:
        return
    from cc_categorise.render.wording import reconciliation_line  # noqa: PLC0415 - start-up time

    run, report = outcome.settled.run, outcome.report
    yield from outcome.notes
    if output.verbose:
        yield from outcome.columns_used()
    yield (
        f"counted by the {run.counted_by} date, year basis {report.tally.year_basis}, "
        f"as at {report.as_at.isoformat()}, scheme {report.scheme_id} edition {report.scheme_edition}"
    )
    yield reconciliation_line(report.reconciliation)
    if report.findings:
        yield "findings: " + ", ".join(f"{n:,} {code}" for code, n in report.findings.items())
    yield from (*report.decided, *report.notes)
    yield closing
