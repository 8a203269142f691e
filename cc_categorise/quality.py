"""How well the records are categorised: shares with their intervals, what is never used, and how late records are.

Takes an `Outcome`, returns rows to list.  Reads the exports once more.  Knows nothing of terminals or layout.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from cc_categorise.findings import FINDINGS
from cc_categorise.model import DATE_FIELDS, UNCATEGORISED
from cc_categorise.options import CountBy
from cc_categorise.pipeline import Outcome
from cc_categorise.settle import Row, Settled, rows_of
from cc_categorise.survey import force_of
from cc_categorise.validate import FieldRule

COLUMNS = ("measure", "force", "year", "count", "of", "percent", "low", "high", "verdict")
OTHER = "other"
ALL = "(all)"
_Z = 1.959963984540054
Line = tuple[str | int, ...]


def wilson(count: int, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share, from 0 to 1; (0, 1) where there is nothing to share.

    Source:
        E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
        Statistical Association 22 (1927), pp. 209-212: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    """
    if not of:
        return 0.0, 1.0
    share, square = count / of, _Z * _Z / of
    middle = (share + square / 2) / (1 + square)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    return max(0.0, middle - half) if count else 0.0, min(1.0, middle + half) if count < of else 1.0


def report(outcome: Outcome) -> tuple[list[Line], bool]:
    """Measure the quality of categorisation.

    Returns:
        Rows of `COLUMNS`, and whether no share is above its limit.  Shares are in per cent with one decimal place;
        limits are those of the profile.
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
    return lines, not any(str(line[-1]).startswith("above") for line in lines)


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
    low, high = wilson(count, of)
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
