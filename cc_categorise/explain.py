"""One decision in full: what was recorded, what the text says for and against each category, and why the next one lost.

Takes one row that was assigned, or a single text, returns `Listings`.  Knows nothing of files or layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cc_categorise.assign import Assigned, Assigning
from cc_categorise.categorise.suggestion import Suggestion
from cc_categorise.figures import Listing, Listings, figure
from cc_categorise.findings import FINDINGS
from cc_categorise.model import CategoryScheme
from cc_categorise.options import TextOptions

if TYPE_CHECKING:
    from cc_categorise.categorise.text import TextCategoriser

_EVIDENCE = ("start", "end", "category_code", "rule", "weight", "text")


def explain_row(run: Assigning, one: Assigned) -> Listings:
    """Explain what a row is assigned.

    Args:
        run: The row's run.
        one: The row, its text read whatever is recorded.
    """
    source = one.source.table
    label = f"read as {one.label.code} ({one.label.basis})" if one.label.code else f"not read: {one.label.finding}"
    facts = {
        "recorded": label,
        "meaning": "" if one.label.finding is None else FINDINGS[one.label.finding].message,
        "decided": f"{one.decision.category} by {one.decision.by}, {one.decision.on.isoformat()}"
        if one.decision
        else "",
        "category_code": one.code or "",
        "basis": one.basis,
        "for_review": "yes" if run.needs_review(one) else "no",
    }
    told = {name: text for name, text in facts.items() if text}
    found = one.suggestion or Suggestion(None, reason="no-text")
    told |= _facts(found, run.scheme, run.categoriser.kind, run.review_below)
    return Listings(
        f"{source.name}, row {one.number}", told, _lists(found, one.narrative, show_text=run.text.show_text)
    )


def explain_text(given: str, categoriser: TextCategoriser, scheme: CategoryScheme, text: TextOptions) -> Listings:
    """Explain what a text by itself suggests.

    Args:
        given: The text.
        categoriser: The reader of texts.
        scheme: The categories.
        text: Whether its words may be shown, and below which confidence a person has to look.
    """
    (found,) = categoriser.suggest([given])
    below = categoriser.review_below if text.review_below is None else text.review_below
    facts = _facts(found, scheme, categoriser.kind, below)
    return Listings("A text by itself", facts, _lists(found, given, show_text=text.show_text))


def _facts(found: Suggestion, scheme: CategoryScheme, kind: str, below: float) -> dict[str, str]:
    if found.code is None:
        return {"text": f"not read: {found.reason}"}
    facts = {"text_read_by": kind, "suggested": scheme.title_of(found.code)}
    facts |= {"confidence": figure(found.confidence), "review_below": figure(below)}
    if len(found.ranked) > 1:
        (first, its_share), (second, other_share) = found.ranked[:2]
        runner_up = f"{scheme.title_of(second)}, {figure(other_share)} against {figure(its_share)}"
        sums = [sum(run.weight for run in found.evidence if run.code == code) for code in (first, second)]
        facts |= {
            "runner_up": runner_up,
            "why_it_lost": f"its evidence weighs {sums[1]:+.1f}, that of the first {sums[0]:+.1f}",
        }
    return facts


def _lists(found: Suggestion, text: str, *, show_text: bool) -> tuple[Listing, ...]:
    columns = _EVIDENCE if show_text else _EVIDENCE[:-1]
    runs = [
        (run.start, run.end, run.code, run.rule, f"{run.weight:+.2f}", " ".join(text[run.start : run.end].split()))
        for run in found.evidence
    ]
    ranked = [(code, figure(share)) for code, share in found.ranked]
    return (
        Listing("Every category", "ranked", ("category_code", "probability"), ranked),
        Listing("Evidence", "evidence", columns, [run[: len(columns)] for run in runs]),
    )
