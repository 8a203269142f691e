"""A second look at single rows of a run: which stand behind a cell, which labels are unread, which need mending.

Takes an `Outcome`, returns rows.  Reads the exports once more.  Knows nothing of terminals or layout.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, count
from typing import NamedTuple

from cc_categorise.dates import label_of
from cc_categorise.errors import UsageError
from cc_categorise.findings import FINDINGS, OF_A_CELL, Finding, Severity
from cc_categorise.model import UNCATEGORISED, cell_text
from cc_categorise.pipeline import Outcome, reference_of
from cc_categorise.settle import Place, Settled
from cc_categorise.survey import meanings
from cc_categorise.tally import Counted

FATES = ("rejected", "duplicate", "out-of-period", "merged")
LABELS = "labels"


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

    Args:
        outcome: A run.
        what: A category code, ``uncategorised``, or one of `FATES`.

    Raises:
        UsageError: ``what`` is none of these.
    """
    settled = outcome.settled
    codes = (*settled.run.scheme.scheme.codes, UNCATEGORISED)
    if what not in (*codes, *FATES):
        raise UsageError(
            f"--list cannot list {what!r}", hint="it lists " + ", ".join((LABELS, *FATES, UNCATEGORISED)) + " or a code"
        )
    listed = []
    for row in _rows(settled):
        table = settled.survey.plans[row.table].table
        mentions = row.counted.codes(settled.run.options.basis) if row.counted else ()
        if what == row.fate or what in mentions:
            year = label_of(row.counted.period, settled.run.periods.basis) if row.counted else ""
            reference = reference_of(settled, row.table, row.cells) if row.is_sound else ""
            code = what if what in mentions else ""
            listed.append(Listed(table.name, table.sheet, row.number, reference, year, code))
    return listed


def labels_unread(outcome: Outcome) -> list[tuple[str, int, str, str]]:
    """List the recorded labels that give no category: label, records, code of the finding, near miss.

    This is the one report that shows cells of the category column, and is asked for by name.
    """
    settled = outcome.settled
    scheme = settled.run.scheme.scheme
    counts: Counter[tuple[str, int]] = Counter()
    for row in _rows(settled):
        if row.counted is not None and row.counted.code is None:
            counts[cell_text(row.cells[settled.survey.plans[row.table].category]), row.table] += 1
    rows = []
    for label in dict.fromkeys(label for label, _ in counts):
        n = {table: n for (of, table), n in counts.items() if of == label}
        reader = settled.run.labels[min(n)]
        assignment = reader.assign(label)
        candidates = " or ".join(map(scheme.title_of, assignment.candidates))
        nearest = candidates or reader.suggest(label) or ""
        rows.append((label or "(blank)", sum(n.values()), assignment.finding or "", nearest))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


class Quarantine(NamedTuple):
    """What is written for one export.

    Attributes:
        stem: Beginning of the files' names.
        valid: Rows that are sound, the header first.
        invalid: Rows that need mending, each with its row number and reasons before its cells.
        findings: Everything that was found in the export.
    """

    stem: str
    valid: Iterator[Sequence[str]]
    invalid: Iterator[Sequence[str]]
    findings: list[Finding]


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
        yield Quarantine(stem, _valid(settled, table, bad), _invalid(settled, table, bad), found)


def _valid(settled: Settled, table: int, bad: dict[int, list[str]]) -> Iterator[Sequence[str]]:
    yield settled.survey.plans[table].table.header
    yield from (cells for number, cells in _raw_rows(settled, table) if number not in bad)


def _invalid(settled: Settled, table: int, bad: dict[int, list[str]]) -> Iterator[Sequence[str]]:
    yield ("cc_row", "cc_reasons", *settled.survey.plans[table].table.header)
    rows = _raw_rows(settled, table)
    yield from ((str(number), "; ".join(bad[number]), *cells) for number, cells in rows if number in bad)


def _raw_rows(settled: Settled, table: int) -> Iterator[tuple[int, list[str]]]:
    """Give rows of records with all of their cells, however many."""
    plan = settled.survey.plans[table]
    rows_of = plan.filter()
    for block in plan.table.blocks():
        for number in rows_of.rows(block).numbers:
            yield number, block.rows[number - block.first]


class _Row(NamedTuple):
    """One row, read once more.

    Attributes:
        table: Number of its table.
        number: Its row number.
        cells: As many as the header has.
        is_sound: Whether nothing is wrong with its shape.
        fate: One of `FATES`; empty where the row is counted.
        counted: What its record counts as, where it is counted.
    """

    table: int
    number: int
    cells: list[str]
    is_sound: bool
    fate: str
    counted: Counted | None


def _rows(settled: Settled) -> Iterator[_Row]:
    """Read every row once more."""
    for table, plan in enumerate(settled.survey.plans):
        rows_of = plan.filter()
        for block in plan.table.blocks():
            rows = rows_of.rows(block)
            misshapen = {position for position, code in rows.faults if code not in OF_A_CELL}
            rejected = {position for position, code in rows.faults if FINDINGS[code].effect == "rejected"}
            for i, key in enumerate(zip(*_columns(settled, table, rows.cells), strict=True)):
                number = rows.numbers[i]
                day, label, further, group = settled.meaning(key)
                repeat = settled.repeats.get((table, number))
                fate, counted = "", settled.changed.get((table, number))
                if i in rejected or day.code:
                    fate = "rejected"
                elif repeat:
                    fate = "duplicate" if repeat[0] in FINDINGS else repeat[0]
                elif day.period is None:
                    fate = "out-of-period"
                elif counted is None:
                    counted = Counted(group, day.period, label.code, further.codes)
                yield _Row(table, number, rows.cells[i], i not in misshapen, fate, counted)


def _columns(settled: Settled, table: int, cells: list[list[str]]) -> list[list[int]]:
    days, labels, furthers, bys = meanings(settled.survey.plans[table], cells)
    return [days, labels, furthers, *bys]
