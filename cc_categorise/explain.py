"""One decision in full: what was recorded, what the text says for each category, and why the next one lost.

Takes one row of an export, or a text by itself, returns `Listings`.  Knows nothing of layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cc_categorise.assign import Assigning, categoriser_of
from cc_categorise.errors import UsageError
from cc_categorise.figures import Listing, Listings, figure
from cc_categorise.findings import FINDINGS
from cc_categorise.options import RunOptions, TextOptions
from cc_categorise.scheme import load_scheme

if TYPE_CHECKING:
    from cc_categorise.categorise.text import TextCategoriser


def explain_row(export: str, row: int, options: RunOptions, text: TextOptions) -> Listings:
    """Explain what a row of an export is assigned; its text is read whatever is recorded.

    Raises:
        UsageError: There is no such row, or more than one export.
    """
    run = Assigning([export], options, text)
    one = next(run.rows(row=row), None)
    if one is None or len(run.sources) > 1:
        hint = "the header is row 1 as a rule"
        raise UsageError(f"--row {row} is no record's, or more than one export is meant", where=export, hint=hint)
    label, decision = one.label, one.decision
    told = {
        "out_of_shape": ", ".join(one.faults),
        "recorded": f"read as {label.code} ({label.basis})" if label.code else f"not read: {label.finding}",
        "meaning": FINDINGS[label.finding].message if label.finding else "",
        "decided": f"{decision.category} by {decision.by}, {decision.on.isoformat()}" if decision else "",
        "category_code": one.code or "",
        "basis": one.basis,
        "for_review": "yes" if run.needs_review(one) else "no",
    }
    facts = {name: fact for name, fact in told.items() if fact}
    title = f"{one.source.table.name}, row {one.number}"
    return _explained(title, facts, one.narrative, run.categoriser, text)


def explain_text(given: str, options: RunOptions, text: TextOptions) -> Listings:
    """Explain what a text by itself suggests."""
    return _explained("A text by itself", {}, given, categoriser_of(load_scheme(options.scheme).scheme, text), text)


def _explained(
    title: str, facts: dict[str, str], given: str, categoriser: TextCategoriser, text: TextOptions
) -> Listings:
    """Lay the reading of a text out: every category with its chance, and the evidence with its weight."""
    found = categoriser.suggest(given)
    columns = ("start", "end", "category_code", "rule", "weight", *(["text"] if text.show_text else []))
    evidence = [
        (start, end, code, rule, f"{weight:+.2f}", " ".join(given[start:end].split()))[: len(columns)]
        for start, end, code, rule, weight in found.evidence
    ]
    if found.code is None:
        facts |= {"text": f"not read: {found.reason}"}
    else:
        facts |= {"text_read_by": categoriser.kind, "suggested": found.code, "confidence": figure(found.confidence)}
        facts |= {"review_below": figure(categoriser.review_below), "runner_up": "", "why_it_lost": ""}
    for second, _ in found.ranked[1:2]:
        score = dict(zip(categoriser.codes, categoriser.scores(given), strict=True))
        heaviest = {run.code: run.weight for run in reversed(found.evidence)}
        less = f"it scores {score[str(found.code)] - score[second]:.2f} less"
        words = f"its heaviest words weigh {heaviest.get(second, 0):+.2f}, not {heaviest.get(str(found.code), 0):+.2f}"
        facts |= {"runner_up": second, "why_it_lost": f"{less}; {words}"}
    ranked = [(code, figure(share)) for code, share in found.ranked]
    every = Listing(("category_code", "probability"), ranked, "Every category", "ranked")
    return Listings(title, facts, (every, Listing(columns, evidence, "Evidence", "evidence")))
