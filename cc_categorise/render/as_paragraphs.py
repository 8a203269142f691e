"""Findings → paragraphs for a person, at a fixed width, so that a pipe and a small window can hold them.

Takes findings and the report they belong to, returns the whole text.  Knows nothing of tables.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from cc_categorise.figures import CountReport
from cc_categorise.findings import Finding, Severity
from cc_categorise.render.summary import FindingGroup, grouped, overview
from cc_categorise.render.text import BOLD, RED, YELLOW, painted
from cc_categorise.render.wording import reconciliation_line, scheme_line

_WIDTH = 100
_INDENT = "  "
_LABEL_WIDTH = 11
_COLOURS = {Severity.ERROR: BOLD + RED, Severity.WARNING: BOLD + YELLOW}


def findings_paragraphs(findings: Sequence[Finding], report: CountReport, *, colour: bool) -> str:
    """Write a paragraph for each kind of finding, errors first, and the reconciliation."""
    groups = grouped(findings)
    parts = [f"{painted(overview(groups), BOLD, colour=colour)}\n{scheme_line(report)}"]
    parts += ["\n".join(_paragraph(group, colour=colour)) for group in groups]
    parts.append(reconciliation_line(report.reconciliation))
    return "\n\n".join(parts) + "\n"


def _paragraph(group: FindingGroup, *, colour: bool) -> Iterator[str]:
    rule = group.rule
    yield f"{painted(rule.severity.value, _COLOURS[rule.severity], colour=colour)} {rule.code}: {group.extent}"
    yield from _wrapped("where", group.where)
    yield from _wrapped("meaning", rule.message)
    if group.details:
        yield from _wrapped("most often", group.details)
    yield from _wrapped("to mend", rule.hint)


def _wrapped(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"{_INDENT}{label:<{_LABEL_WIDTH}}",
        subsequent_indent=_INDENT + " " * _LABEL_WIDTH,
        break_long_words=False,
        break_on_hyphens=False,
    )
