"""A second look at single rows of a run: which stand behind a cell, which labels are unread, which need mending.

Takes an `Outcome`, returns rows.  Reads the exports once more.  Knows nothing of terminals or layout.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import chain, count
from typing import NamedTuple

from cc_categorise.errors import UsageError
from cc_categorise.findings import FINDINGS, Finding, Severity
from cc_categorise.model import UNCATEGORISED, Assignment
from cc_categorise.pipeline import Outcome
from cc_categorise.render.text import spreadsheet_safe
from cc_categorise.settle import Place, Settled, rows_of

FATES = ("rejected", "duplicate", "out-of-period", "merged")
LABELS = "labels"
_FORMULA = "formula"
_ASSUMED_MINUTES, _LIMIT_HOURS, _HOURLY = 10, 18, 25


def listing(outcome: Outcome, what: str) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    """Give headers and rows of what ``check --list`` lists.

    Raises:
        UsageError: There is no such thing to list.
    """
    if what == LABELS:
        return ("label", "records", "code", "suggestion"), [*labels_unread(outcome)]
    return Listed._fields, [*rows_behind(outcome, what)]


class Listed(NamedTuple):
    """One row behind a cell of the table."""

    file: str
    sheet: str
    row: int
    reference: str
    year: str
    category_code: str


def rows_behind(outcome: Outcome, what: str) -> list[Listed]:
    """List the rows behind one line of the table, or of one fate.

    Raises:
        UsageError: It is no category code, not ``uncategorised``, and none of `FATES`.
    """
    settled = outcome.settled
    codes = (*settled.run.scheme.scheme.codes, UNCATEGORISED)
    if what not in (*codes, *FATES):
        hint = "it lists " + ", ".join((LABELS, *FATES, UNCATEGORISED)) + " or a code"
        raise UsageError(f"--list cannot list {what!r}", hint=hint)
    listed = []
    for row in rows_of(settled):
        mentions = row.counted.codes(settled.run.options.basis) if row.counted else ()
        if what == row.fate or what in mentions:
            listed.append(Listed(*row.place, row.year, what if what in mentions else ""))
    return listed


def labels_unread(outcome: Outcome) -> list[tuple[str, int, str, str]]:
    """List the recorded labels that give no category: label, records, code of the finding, near miss.

    This is the one report that shows cells of the category column, and is asked for by name.
    """
    settled = outcome.settled
    scheme = settled.run.scheme.scheme
    counts: Counter[tuple[str, Assignment]] = Counter()
    for row in rows_of(settled):
        if row.counted is not None and row.counted.code is None:
            counts[row.plan.label(row.cells), row.label] += 1
    rows = []
    for (label, assignment), n in counts.items():
        candidates = " or ".join(map(scheme.title_of, assignment.candidates))
        nearest = candidates or settled.run.plans[0].reader.suggest(label) or ""
        rows.append((label or "(blank)", n, assignment.finding or "", nearest))
    return sorted(rows, key=lambda row: (-row[1], *row[::2]))


def reading_effort(outcome: Outcome, minutes: float | None) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    """Say how long it would take to read the records that are still without a category, against the cost limit.

    Returns:
        Headers and rows of what and value.  Hours and pounds are rounded; whether the limit is passed is not.
        Where no minutes a record are given, ten are assumed.

    Source:
        Freedom of Information Act 2000, section 12; the Freedom of Information and Data Protection (Appropriate Limit
        and Fees) Regulations 2004, regulations 3(3) and 4(4): £450 for a police force, at £25 an hour.
    """
    reconciliation = outcome.report.reconciliation
    each = Fraction(repr(minutes)) if minutes else Fraction(_ASSUMED_MINUTES)
    to_read = reconciliation.uncategorised
    hours = to_read * each / 60
    longest = f"{float(Fraction(_LIMIT_HOURS * 60, to_read)):,.1f}" if to_read else "any"
    rows: list[tuple[str | int, ...]] = [
        ("records counted", reconciliation.counted),
        ("records to read, being uncategorised", to_read),
        (f"minutes a record{'' if minutes else ' (assumed: measure some)'}", f"{float(each):g}"),
        ("hours", f"{float(hours):,.1f}"),
        (f"cost at £{_HOURLY} an hour", f"£{float(hours * _HOURLY):,.2f}"),
        ("hours of the section 12 limit (£450)", _LIMIT_HOURS),
        ("over the limit", "yes" if hours > _LIMIT_HOURS else "no"),
        ("minutes a record that would just stay within it", longest),
        ("rejected rows besides, most without a readable date", reconciliation.rejected),
    ]
    return ("what", "value"), rows


class Quarantine(NamedTuple):
    """What is written for one export."""

    stem: str  # beginning of the files' names
    valid: Iterator[Sequence[str]]  # rows that are sound, the header first
    invalid: Iterator[Sequence[str]]  # rows that need mending, each with its row number and reasons before its cells
    findings: list[Finding]  # everything that was found in the export
    # gives how many cells of the rows, as far as they have been read, begin as a formula does
    n_formulas: Callable[[], int]


def quarantine(outcome: Outcome, findings: Sequence[Finding]) -> Iterator[Quarantine]:
    """Part the rows of each export into those that are sound and those that need mending.

    A repeat goes where the row it repeats goes, so that both files counted together give the same total.
    """
    settled = outcome.settled
    reasons: dict[Place, list[str]] = defaultdict(list)
    for flag, code, numbers in settled.flags():
        if FINDINGS[code].severity is Severity.ERROR:
            for number in numbers:
                reasons[flag.table, number].append(code)
    for place, (fate, kept) in settled.repeats.items():
        if kept in reasons:
            reasons[place] = [fate]
    taken: set[str] = set()
    for table, export in enumerate(settled.run.exports):
        names = chain([export.stem], (f"{export.stem}-{number}" for number in count(2)))
        stem = next(name for name in names if name.casefold() not in taken)
        taken.add(stem.casefold())
        bad = {number: codes for (t, number), codes in reasons.items() if t == table}
        found = [finding for finding in findings if finding.file == export.name]
        seen: Counter[str] = Counter()
        valid, invalid = (_counted(_parted(settled, table, bad, is_sound=one), seen) for one in (True, False))
        yield Quarantine(stem, valid, invalid, found, partial(seen.__getitem__, _FORMULA))


def _counted(rows: Iterator[Sequence[str]], seen: Counter[str]) -> Iterator[Sequence[str]]:
    """Count the cells that a spreadsheet would run; they are kept as they are, to be read back."""
    for row in rows:
        seen.update(_FORMULA for cell in row if spreadsheet_safe(cell) != cell)
        yield row


def _parted(settled: Settled, table: int, bad: dict[int, list[str]], *, is_sound: bool) -> Iterator[Sequence[str]]:
    """Give the header, and the sound rows or those to mend, with all of their cells, however many."""
    plan = settled.survey.plans[table]
    yield plan.table.header if is_sound else ("cc_row", "cc_reasons", *plan.table.header)
    rows_of = plan.filter()
    for block in plan.table.blocks():
        for number in rows_of.rows(block).numbers:
            if is_sound is (number not in bad):
                cells = block.rows[number - block.first]
                yield cells if is_sound else (str(number), "; ".join(bad[number]), *cells)
