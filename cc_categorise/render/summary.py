"""Groups findings by what is wrong, for a person; and flattens one finding into columns, for a program.

Takes findings, returns groups or cells.  Knows nothing of formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cc_categorise.findings import Finding, FindingRule, Severity
from cc_categorise.render.text import one_line

FINDING_COLUMNS = ("file", "sheet", "row", "reference", "field", "code", "severity", "message", "hint")
N_ROWS_SHOWN = 5
N_DETAILS_SHOWN = 3


def finding_row(finding: Finding) -> tuple[str | int | None, ...]:
    """Flatten a finding into `FINDING_COLUMNS`; the near miss or candidates stand at the end of the message."""
    rule = finding.rule
    message = f"{rule.message} {finding.detail}" if finding.detail else rule.message
    place = (finding.file, finding.sheet, finding.row, finding.reference, finding.field)
    return (*place, rule.code, rule.severity.value, message, rule.hint)


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
