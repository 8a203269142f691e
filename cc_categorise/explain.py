"""One decision in full: what was recorded, what the text says for each category, and why the next one lost.

Takes one row of an export, or a text by itself, returns `Listings`.  Knows nothing of layout.
"""

from __future__ import annotations

from cc_categorise.assign import Assigning, categoriser_of
from cc_categorise.categorise.suggestion import Suggestion
from cc_categorise.errors import UsageError
from cc_categorise.figures import Listing, Listings, figure
from cc_categorise.findings import FINDINGS
from cc_categorise.model import CategoryScheme
from cc_categorise.options import RunOptions, TextOptions
from cc_categorise.scheme import load_scheme

_EVIDENCE = ("start", "end", "category_code", "rule", "weight", "text")


def explain_row(export: str, row: int, options: RunOptions, text: TextOptions) -> Listings:
    """Explain what a row of an export is assigned; its text is read whatever is recorded.

    Raises:
        UsageError: There is no such row, or more than one export.
        CategoriseError: The export cannot be used.
    """
    run = Assigning([export], options, text)
    one = next(run.rows(row=row), None)
    if one is None or len(run.sources) > 1:
        hint = "the header is row 1 as a rule"
        raise UsageError(f"--row {row} is no record's, or more than one export is meant", where=export, hint=hint)
    label, decision = one.label, one.decision
    told = {
        "recorded": f"read as {label.code} ({label.basis})" if label.code else f"not read: {label.finding}",
        "meaning": FINDINGS[label.finding].message if label.finding else "",
        "decided": f"{decision.category} by {decision.by}, {decision.on.isoformat()}" if decision else "",
        "category_code": one.code or "",
        "basis": one.basis,
        "for_review": "yes" if run.needs_review(one) else "no",
    }
    facts = {name: fact for name, fact in told.items() if fact}
    found = one.suggestion or Suggestion(None)
    if found.code:
        facts |= {"text_read_by": run.categoriser.kind, "review_below": figure(run.review_below)}
    title = f"{one.source.table.name}, row {one.number}"
    return _explained(title, facts, found, run.scheme, one.narrative if text.show_text else None)


def explain_text(given: str, options: RunOptions, text: TextOptions) -> Listings:
    """Explain what a text by itself suggests.

    Raises:
        CategoriseError: The scheme, the phrases or the model cannot be used.
    """
    scheme = load_scheme(options.scheme).scheme
    categoriser = categoriser_of(scheme, text)
    (found,) = categoriser.suggest([given])
    facts = {"text_read_by": categoriser.kind}
    return _explained("A text by itself", facts, found, scheme, given if text.show_text else None)


def _explained(
    title: str, facts: dict[str, str], found: Suggestion, scheme: CategoryScheme, text: str | None
) -> Listings:
    """Lay the reading of a text out; its words are shown where it is given."""
    columns = _EVIDENCE if text is not None else _EVIDENCE[:-1]
    runs = [
        (*run[:4], f"{run.weight:+.2f}", " ".join((text or "")[run.start : run.end].split())) for run in found.evidence
    ]
    ranked = [(code, figure(share)) for code, share in found.ranked]
    if found.code is None:
        facts = {**facts, "text": f"not read: {found.reason}"}
    else:
        facts = {**facts, "suggested": scheme.title_of(found.code), "confidence": figure(found.confidence)}
    if len(ranked) > 1:
        (first, _), (second, share) = ranked[:2]
        own, other = (sum(run.weight for run in found.evidence if run.code == code) for code in (first, second))
        facts |= {"runner_up": f"{scheme.title_of(second)}, {share}"}
        facts |= {"why_it_lost": f"its evidence weighs {other:+.2f}, that of the suggestion {own:+.2f}"}
    return Listings(
        title,
        facts,
        (
            Listing("Every category", "ranked", ("category_code", "probability"), ranked),
            Listing("Evidence", "evidence", columns, [run[: len(columns)] for run in runs]),
        ),
    )
