"""A second look at a run: rows behind a cell, labels that are unread, rows that need mending, and the quality of all.

Takes an `Outcome`, returns rows.  Reads the exports once more.  Knows nothing of terminals or layout.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, count
from typing import NamedTuple

from cc_categorise.categorise.agreement import share_interval
from cc_categorise.errors import UsageError
from cc_categorise.figures import Listing
from cc_categorise.findings import FINDINGS, Finding, Severity
from cc_categorise.model import DATE_FIELDS, OTHER, UNCATEGORISED, Assignment
from cc_categorise.options import CountBy
from cc_categorise.pipeline import Outcome
from cc_categorise.render.text import spreadsheet_safe
from cc_categorise.settle import Place, Row, Settled, rows_of
from cc_categorise.survey import force_of
from cc_categorise.validate import FieldRule

FATES = ("rejected", "duplicate", "out-of-period", "merged")
LABELS = "labels"
_ASSUMED_MINUTES, _LIMIT_HOURS, _HOURLY = 10, 18, 25
_QUALITY_COLUMNS = ("measure", "force", "year", "count", "of", "percent", "low", "high", "verdict")
ALL = "(all)"
Line = tuple[str | int, ...]


def listing(outcome: Outcome, what: str) -> Listing:
    """Give what ``check --list`` lists.

    Raises:
        UsageError: There is no such thing to list.
    """
    if what == LABELS:
        return Listing(("label", "records", "code", "suggestion"), labels_unread(outcome))
    return Listing(Listed._fields, rows_behind(outcome, what))


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


def reading_effort(outcome: Outcome, minutes: float | None) -> Listing:
    """Say how long it would take to read the records that are still without a category, against the cost limit.

    Returns:
        Rows of what and value.  Hours and pounds are rounded; whether the limit is passed is not.
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
    rows = [
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
    return Listing(("what", "value"), rows)


class Quarantine(NamedTuple):
    """What is written for one export."""

    stem: str  # beginning of the files' names
    valid: Iterator[Sequence[str]]  # rows that are sound, the header first
    invalid: Iterator[Sequence[str]]  # rows that need mending, each with its row number and reasons before its cells
    findings: list[Finding]  # everything that was found in the export


def quarantine(outcome: Outcome, findings: Sequence[Finding], formulas: Counter[str]) -> Iterator[Quarantine]:
    """Part the rows of each export into those that are sound and those that need mending.

    A repeat goes where the row it repeats goes, so that both files counted together give the same total.  Cells that
    begin as a formula does are counted by their first sign, as far as the rows have been read.
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
        valid, invalid = (_counted(_parted(settled, table, bad, is_sound=one), formulas) for one in (True, False))
        yield Quarantine(stem, valid, invalid, found)


def _counted(rows: Iterator[Sequence[str]], seen: Counter[str]) -> Iterator[Sequence[str]]:
    """Count the cells that a spreadsheet would run; they are kept as they are, to be read back."""
    for row in rows:
        seen.update(cell[0] for cell in row if spreadsheet_safe(cell) != cell)
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


def quality(outcome: Outcome) -> tuple[Listing, bool]:
    """Measure the quality of categorisation.

    Returns:
        One line a measure, and whether no share is above its limit.  Shares are in per cent with one decimal
        place; limits are those of the profile.
    """
    settled = outcome.settled
    limits = settled.run.profile.quality
    counts: Counter[tuple[str, str, str]] = Counter()
    unknown: Counter[str] = Counter()
    lags: Counter[int] = Counter()
    dates = [*_both_dates(settled)]
    for row in rows_of(settled):
        if row.counted is None:
            continue
        for force in {ALL, _force(row)}:
            counts[force, row.year, row.counted.code or UNCATEGORISED] += 1
        if row.label.finding == "unknown-label":
            unknown[row.plan.label(row.cells)] += 1
        days = [rule.read(row.cells[at]).value for at, rule in dates[row.table]]
        if days and None not in days:
            lags[(days[1] - days[0]).days] += 1
    rows = outcome.reconciliation
    lines = [
        line
        for code, limit in ((UNCATEGORISED, limits.uncategorised), (OTHER, limits.other))
        if code == UNCATEGORISED or code in settled.run.scheme.scheme.codes
        for line in _shares(outcome, counts, code, limit)
    ]
    lines.append(_share("rows without a usable date", _undated(settled), rows.rows_read, limit=limits.undated))
    advice = "list them: check --list labels" if unknown else ""
    lines.append(_plain("labels that nothing covers", len(unknown), verdict=advice))
    lines.append(_share("records with such a label", unknown.total(), rows.counted))
    used = {code for _, _, code in counts}
    unused = (title for code, title in outcome.tally.categories if code not in used)
    lines += [_plain(f"never used: {title}", 0, rows.counted) for title in unused]
    lines += _timeliness(lags, rows.counted)
    return Listing(_QUALITY_COLUMNS, lines), not any(str(line[-1]).startswith("above") for line in lines)


def _force(row: Row) -> str:
    column = row.plan.force
    return force_of(row.plan, "" if column is None else row.cells[column]) or ALL


def _shares(outcome: Outcome, counts: Counter[tuple[str, str, str]], code: str, limit: float) -> Iterator[Line]:
    totals: Counter[tuple[str, str]] = Counter()
    for (force, year, _), n in counts.items():
        totals[force, year] += n
    for force in sorted({force for force, _ in totals}, key=lambda force: (force != ALL, force)):
        for year in outcome.tally.years:
            yield _share(f"share {code}", counts[force, year, code], totals[force, year], (force, year), limit)


def _plain(measure: str, count: int, of: int | str = "", verdict: str = "") -> Line:
    return measure, ALL, ALL, count, of, "", "", "", verdict


def _share(measure: str, count: int, of: int, place: tuple[str, str] = (ALL, ALL), limit: float | None = None) -> Line:
    if not of:
        return measure, *place, count, of, "", "", "", ""
    low, high = share_interval(count, of)
    verdict = ""
    if limit is not None and Fraction(100 * count, of) > Fraction(repr(limit)):
        verdict = f"above {limit:g}%" + (", which may be chance" if 100 * low <= limit else "")
    return measure, *place, count, of, *(f"{100 * share:.1f}" for share in (count / of, low, high)), verdict


def _undated(settled: Settled) -> int:
    dates = set(DATE_FIELDS.values())
    return sum(
        len(numbers)
        for flag, code, numbers in settled.flags()
        if flag.field in dates and FINDINGS[code].effect == "rejected"
    )


def _both_dates(settled: Settled) -> Iterator[list[tuple[int, FieldRule]]]:
    """Give, for each table that has both, the columns of received and recorded, each with its rule; else nothing."""
    for plan in settled.survey.plans:
        columns = {field: place for place, field in (plan.day, *plan.other_dates)}
        fields = [DATE_FIELDS[kind] for kind in (CountBy.RECEIVED, CountBy.RECORDED)]
        has_both = columns.keys() >= set(fields)
        yield [(columns[field], FieldRule(field, plan.profile.cell_rules)) for field in fields] if has_both else []


def _timeliness(lags: Counter[int], counted: int) -> Iterator[Line]:
    n = lags.total()
    yield _share("records with both dates received and recorded", n, counted)
    if not n:
        return
    ordered = sorted(lags.elements())
    for measure, share in (("median", Fraction(1, 2)), ("nine in ten within", Fraction(9, 10))):
        days = ordered[math.ceil(share * n) - 1]
        yield _plain(f"days from received to recorded: {measure}", days)
    yield _share("recorded before received", sum(n for days, n in lags.items() if days < 0), n)
