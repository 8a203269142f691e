"""The whole line, strung together: one function for each command.

Takes arguments and options, returns reports.  Every step meets the next only here.  Knows nothing of terminals,
layout or exit codes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from cc_categorise.crosswalk import marks_of
from cc_categorise.dates import label_of
from cc_categorise.errors import MissingExtraError, UsageError
from cc_categorise.figures import CountReport, Reconciliation, Tally
from cc_categorise.findings import OF_A_CELL, Finding
from cc_categorise.model import Assignment
from cc_categorise.options import RunOptions
from cc_categorise.plan import Run, plan_run
from cc_categorise.settle import Settled, count_as_decided, settle
from cc_categorise.survey import Survey, meanings
from cc_categorise.tally import make_tally

if TYPE_CHECKING:
    import pandas as pd  # noqa: TID251 - for a signature alone

WORTH_SHARING = 2**24
"""Bytes from which on several processes are worth their start."""

OF_FILES = ("encoding", "delimiter", "sheet", "from_db", "query", "profile_map", "decisions")
"""Choices that say how files are read, or that read them once more."""


OnBytes = Callable[..., None]
"""Hears how many bytes were read just now, how many there are in all, and how many rows were read so far."""


@dataclass(repr=False, eq=False, frozen=True, slots=True)
class Outcome:
    """A run that has been read and settled, with its report."""

    settled: Settled
    report: CountReport

    @property
    def tally(self) -> Tally:
        """The exact table."""
        return self.report.tally

    @property
    def reconciliation(self) -> Reconciliation:
        """Where every row went."""
        return self.report.reconciliation

    def to_frame(self) -> pd.DataFrame:
        """Give the table as a pandas frame, see `to_frame`."""
        return to_frame(self.tally)

    @property
    def notes(self) -> Sequence[str]:
        """Sentences for a person about the files and what was set aside in them."""
        survey = self.settled.survey
        told = zip(survey.plans, (aside.in_words() for aside in survey.aside), strict=True)
        aside = (f"{plan.table.name}: {words}" for plan, words in told if words)
        return [*self.settled.run.notes, *aside, *_values_told(self.tally)]

    def columns_used(self) -> Iterator[str]:
        """Say which column of each file was used for which field."""
        for plan in self.settled.survey.plans:
            header = plan.table.header
            fields = {
                "reference": plan.reference,
                plan.day[1]: plan.day[0],
                "category": plan.category,
                "further_categories": plan.further,
                "force": plan.force,
            }
            pairs = (f"{field} = {header[i]!r}" for field, i in fields.items() if i is not None)
            yield f"{plan.table.name}: {', '.join(pairs)}"

    @property
    def is_clean(self) -> bool:
        """Say whether no more rows failed than the options allow."""
        rows = self.report.reconciliation
        return self.settled.run.options.allowance.covers(rows.rejected + rows.uncategorised, of=rows.rows_read)


def count(
    exports: Iterable[str | Path], options: RunOptions, *, as_at: date, on_bytes: OnBytes | None = None
) -> Outcome:
    """Count the records of exports by period and category: files, folders, patterns or ``-``.

    They were taken on the as-at day, and later dates are rejected.
    """
    plan = partial(plan_run, list(exports), options, as_at=as_at)
    run = plan()
    return _outcome(run, _survey(run, plan, on_bytes))


def count_frame(frame: object, options: RunOptions, *, as_at: date, order_by: Sequence[str] = ()) -> Outcome:
    """Count the records of a data frame of any engine, see `api.count_frame`."""
    try:
        from cc_categorise.frame_input import open_frame, survey_frame  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError.named("frames", where="data frame") from None
    if given := [name for name in OF_FILES if getattr(options, name)]:
        raise UsageError(f"a data frame has no use for {' and '.join(given)}", hint="leave it out")
    opened = open_frame(frame, order_by)
    run = plan_run((), options, as_at=as_at, frame=opened.table)
    return _outcome(run, survey_frame(opened, run))


def _outcome(run: Run, survey: Survey) -> Outcome:
    settled = settle(run, survey)
    decided = count_as_decided(settled) if run.options.decisions else ()
    table = make_tally(
        settled.counts,
        run.scheme.scheme,
        run.periods,
        as_at=run.as_at,
        counted_by=run.counted_by,
        basis=run.options.basis,
        by=run.options.by,
    )
    shown = run.periods.shown((key.period for key in settled.counts), run.as_at)
    report = CountReport(
        tally=table,
        reconciliation=settled.reconciliation,
        findings=settled.n_findings(),
        scheme_id=run.scheme.scheme.id,
        scheme_edition=run.scheme.scheme.edition,
        scheme_sha256=run.scheme.sha256,
        as_at=run.as_at,
        notes=tuple(run.periods.notes(shown)),
        partial=tuple(label_of(period, run.periods.basis) for period in run.periods.partial(shown)),
        decided=decided,
        crosswalk=marks_of([row for plan in run.plans for row in plan.reader.rows]),
    )
    return Outcome(settled, report)


def _survey(run: Run, plan_again: Callable[[], Run], on_bytes: OnBytes | None) -> Survey:
    def heard(n_bytes: int) -> None:
        if on_bytes is not None:
            on_bytes(n_bytes, run.n_bytes, survey.rows_read)

    if run.n_bytes < WORTH_SHARING:
        survey = Survey(run.plans)
        survey.run(heard)
    else:
        from cc_categorise.sweep import Sweep  # noqa: PLC0415 - numpy is a quarter of a small run's time
        from cc_categorise.workers import survey_by_workers  # noqa: PLC0415 - only large files need more processes

        survey = Sweep(run.plans)
        survey_by_workers(survey, run, plan_again, heard)
    return survey


def to_frame(tally: Tally) -> pd.DataFrame:
    """Turn a tally into a pandas frame.

    Returns:
        One row a count, zeros included, by group, period and category; columns: the breakdowns (str), ``year``
        (str), ``category_code`` (str), ``category`` (str), ``count`` (int64, records or mentions) and
        ``marker`` (str).  No group: no rows.
    """
    import pandas as pd  # noqa: PLC0415, TID251 - the one place that makes a frame

    from cc_categorise.render.grid import LONG_COLUMNS, by_columns, long_rows  # noqa: PLC0415 - start-up time

    names = [*by_columns(tally), *LONG_COLUMNS]
    frame = pd.DataFrame(list(long_rows(tally)), columns=names)
    return frame.astype({name: "int64" if name == "count" else "str" for name in names})


def findings_of(outcome: Outcome) -> list[Finding]:
    """Give every finding of a run, with the reference of its row and the near miss of its label.

    Reads once more the blocks that hold a flagged row.

    Returns:
        Findings by table and row; those about a whole file first.
    """
    settled = outcome.settled
    by_row: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for flag, code, numbers in settled.flags():
        for number in numbers:
            by_row[flag.table, number].append((flag.field, code))
    found = list(settled.run.findings)
    for table, plan in enumerate(settled.survey.plans):
        suggest = cache(plan.reader.suggest)  # many rows have one label
        wanted = {number for t, number in by_row if t == table}
        for number, cells in plan.rows_with(wanted):
            codes = by_row[table, number]
            is_misshapen = any(not field and code not in OF_A_CELL for field, code in codes)
            reference = "" if is_misshapen else plan.shown_reference(cells)
            for field, code in codes:
                detail = _detail(settled, table, code, cells, suggest) if field == "category" else ""
                found.append(
                    Finding(plan.table.name, number, code, plan.table.sheet, reference, field=field, detail=detail)
                )
    return found


def _detail(settled: Settled, table: int, code: str, cells: list[str], suggest: Callable[[str], str | None]) -> str:
    """Name the categories that a label may mean, never the label."""
    plan, scheme = settled.survey.plans[table], settled.run.scheme.scheme
    answer: Assignment = plan.judges.label.answer(meanings(plan, [cells])[1][0])
    titles = [scheme.title_of(code) for code in answer.candidates]
    if titles:
        return f"It may be {' or '.join(titles)}."
    near = suggest(plan.label(cells)) if code == "unknown-label" else None
    return f"Did you mean {near!r}?" if near else ""


def _values_told(tally: Tally) -> Iterator[str]:
    """Say of which grading scheme the grades of a breakdown are, and whether RAG is red, amber or green."""
    if tally.by:
        from cc_categorise.grading import notes_on  # noqa: PLC0415 - start-up time

        for place, name in enumerate(tally.by):
            values: Counter[str] = Counter()
            for (group, _, _), n in tally.counts.items():
                values[group[place]] += n
            yield from notes_on(name.strip().casefold(), values)
