"""The sentences that stand around a table: what it shows, what its shorthand means, where every row went.

Takes a report or findings, returns lines of plain text without markup, findings in groups or flattened into columns.
Knows nothing of formats or layout, and loads nothing heavy, because every run says `reconciliation_line`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cc_categorise.dates import in_words
from cc_categorise.figures import CountReport, Listings, Reconciliation, Tally
from cc_categorise.findings import Finding, FindingRule, Severity
from cc_categorise.options import Basis, YearBasis
from cc_categorise.render.text import one_line

_PERIOD = {
    YearBasis.FINANCIAL: ("financial year", "financial years, 1 April to 31 March"),
    YearBasis.CALENDAR: ("calendar year", "calendar years, 1 January to 31 December"),
    YearBasis.QUARTER: ("quarter", "quarters of financial years, the first from 1 April to 30 June"),
    YearBasis.MONTH: ("month", "calendar months"),
}
_SHORTHAND = {
    "b": "break: figures before and after are not comparable",
    "c": "confidential: protected so that nobody can be told from a small number",
    "low": "low: rounds to zero, but is not zero",
    "p": "provisional: the {period} was not over on {as_at}",
    "r": "revised since it was last published",
    "x": "not available",
    "z": "not applicable",
}

FINDING_COLUMNS = ("file", "sheet", "row", "reference", "field", "code", "severity", "message", "hint")
N_ROWS_SHOWN = 5
N_DETAILS_SHOWN = 3

EXACT = "Counts are exact: not for publication."
TREND = "Trend: each row on a scale of its own, from 0 to its highest period"


def reconciliation_line(reconciliation: Reconciliation) -> str:
    """Say in one line, without a line end, where every row went.

    Source:
        docs/counting-rules.md, rule 10: rows read = counted + rejected + duplicate + out of period + merged.
    """
    r = reconciliation
    verb = "is" if r.uncategorised == 1 else "are"
    return (
        f"rows read {r.rows_read:,} = {r.counted:,} counted + {r.rejected:,} rejected + {r.duplicate:,} duplicate"
        f" + {r.out_of_period:,} out of period + {r.merged:,} merged;"
        f" {r.uncategorised:,} of those counted {verb} uncategorised"
    )


def title_line(report: CountReport) -> str:
    """Say what is counted, by what."""
    tally = report.tally
    what = "Intelligence records" if tally.basis is Basis.PRIMARY else "Category mentions in intelligence records"
    cut_by = ", ".join([*(one_line(name) for name in tally.by), "category"])
    return f"{what} by {cut_by} and {_PERIOD[tally.year_basis][0]}"


def scope_lines(report: CountReport) -> list[str]:
    """Say by which date, in which periods, against which scheme and as at which day records are counted."""
    _, periods = _PERIOD[report.tally.year_basis]
    return [f"Counted by the date {report.tally.counted_by}; {periods}", scheme_line(report)]


def scheme_line(report: CountReport) -> str:
    """Name the category scheme, its edition and the as-at day."""
    scheme = f"Category scheme {one_line(report.scheme_id)}, edition {one_line(report.scheme_edition)}"
    return f"{scheme}; as at {in_words(report.as_at)}"


def legend_lines(report: CountReport, *, with_trend: bool = False) -> list[str]:
    """Explain each shorthand in the table, in the order in which it comes up; and the trend, where it is drawn."""
    tally = report.tally
    used = dict.fromkeys(letters for year in tally.years for letters in tally.markers.get(year, "").split())
    trend = [TREND] if with_trend and len(tally.years) > 1 else []
    return [*(shorthand_line(letters, report) for letters in used), *trend]


def shorthand_line(letters: str, report: CountReport) -> str:
    """Explain one shorthand."""
    # A quarter or month is called so; a financial or calendar year is "the year".
    facts = {"period": _PERIOD[report.tally.year_basis][0].split()[-1], "as_at": in_words(report.as_at)}
    return f"[{letters}] {_SHORTHAND[letters].format(**facts)}"


def closing_lines(report: CountReport) -> list[str]:
    """Say how many records stand behind mentions, where every row went, and what else a reader has to know."""
    records = [f"Records: {report.reconciliation.counted:,}"] if report.tally.basis is Basis.ALL else []
    notes = (f"Note: {one_line(note)}" for note in (*report.decided, *report.notes))
    return [*records, reconciliation_line(report.reconciliation), *notes]


def fact_lines(listings: Listings) -> list[str]:
    """Say the single figures and sentences of lists, each after its name."""
    return [f"{one_line(name.replace('_', ' '))}: {one_line(str(value))}" for name, value in listings.facts.items()]


def year_headings(tally: Tally) -> list[str]:
    """Head the column of each period, with its shorthand: 2026/27 [p]."""
    return [" ".join([year, *bracketed(tally.markers.get(year, ""))]) for year in tally.years]


def bracketed(marker: str) -> list[str]:
    """Write each shorthand of a cell as the legend has it."""
    return [f"[{letters}]" for letters in marker.split()]


def finding_row(finding: Finding) -> tuple[str | int | None, ...]:
    """Flatten a finding into `FINDING_COLUMNS`; the near miss or candidates stand at the end of the message."""
    rule = finding.rule
    message = f"{rule.message} {finding.detail}" if finding.detail else rule.message
    place = (finding.file, finding.sheet, finding.row, finding.reference, finding.field)
    return (*place, rule.code, rule.severity.value, message, rule.hint)


class Findings(NamedTuple):
    """Findings, and the count that they are of."""

    findings: Sequence[Finding]
    report: CountReport


class FindingGroup(NamedTuple):
    """All findings of one code: how many rows, where the first are, and the most frequent near misses or candidates."""

    rule: FindingRule
    extent: str
    where: str
    details: str

    @property
    def told(self) -> dict[str, str]:
        """What there is to say, each part under its name."""
        rule = self.rule
        parts = {"where": self.where, "meaning": rule.message, "most often": self.details, "to mend": rule.hint}
        return {name: text for name, text in parts.items() if text}


def grouped(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Group findings by code: errors before warnings, then the one with most findings first."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    ordered = sorted(
        by_code.values(),
        key=lambda group: (group[0].rule.severity is not Severity.ERROR, -len(group), group[0].code),
    )
    return [FindingGroup(group[0].rule, _extent(group), _where(group), _details(group)) for group in ordered]


def overview(groups: Sequence[FindingGroup]) -> str:
    """Say in one line how many kinds of finding there are."""
    if not groups:
        return "No findings: nothing is wrong with any row."
    n_errors = sum(group.rule.severity is Severity.ERROR for group in groups)
    n_warnings = len(groups) - n_errors
    kinds = (f"{_plural(n_errors, 'kind')} of error", f"{_plural(n_warnings, 'kind')} of warning")
    return f"Findings: {kinds[0]}, {kinds[1]}."


def _plural(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _extent(group: list[Finding]) -> str:
    places = {(finding.file, finding.sheet, finding.row) for finding in group}
    n_rows = sum(row is not None for _, _, row in places)
    extent = _plural(n_rows, "row") if n_rows else _plural(len(places), "file")
    # One row can have the same fault in two cells.
    return extent if len(group) == len(places) else f"{extent}, {_plural(len(group), 'finding')}"


def _where(group: list[Finding]) -> str:
    places = list(dict.fromkeys((finding.file, finding.sheet, finding.row) for finding in group))
    shown: dict[tuple[str, str], list[str]] = {}
    for file, sheet, row in places[:N_ROWS_SHOWN]:
        shown.setdefault((file, sheet), []).extend([] if row is None else [str(row)])
    parts = []
    for (file, sheet), rows in shown.items():
        name = one_line(f"{file}, sheet {sheet}," if sheet else file)
        parts.append(f"{name} row {', '.join(rows)}" if rows else name.rstrip(","))
    return "; ".join(parts) + (" …" if len(places) > N_ROWS_SHOWN else "")


def _details(group: list[Finding]) -> str:
    counts = Counter(one_line(finding.detail) for finding in group if finding.detail)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{detail} ({n:,} times)" if n > 1 else detail for detail, n in ranked[:N_DETAILS_SHOWN]]
    if len(ranked) > N_DETAILS_SHOWN:
        parts.append(f"and {len(ranked) - N_DETAILS_SHOWN:,} more")
    return "; ".join(parts)
