"""What the reading of one text comes to: a suggestion, and the evidence for it.

Plain values between the categoriser (`text.TextCategoriser`) and those who show, store or check its answers.
Knows nothing of models, phrases, files or layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Evidence(NamedTuple):
    """A run of words that moved the decision."""

    start: int  # first character of the run, counted in the narrative as given
    end: int  # one past its last character
    code: str  # the category the run speaks for
    rule: str  # what was recognised: the name of an indicator phrase, or the kind of feature
    weight: float  # what the run adds to that category's score, in logits above the mean of all categories


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The categories suggested for one text."""

    code: str | None  # the best category; None only where the text cannot be read
    confidence: float = 0.0  # calibrated chance, 0 to 1, that an analyst finds ``code`` acceptable
    further: tuple[str, ...] = ()  # other categories that the text speaks for, best first
    # every category of the scheme with its probability, best first; empty without a code
    ranked: tuple[tuple[str, float], ...] = ()
    evidence: tuple[Evidence, ...] = ()  # the runs that moved the decision, heaviest first
    reason: str = ""  # why there is no code, ``too-few-words`` or ``no-text``; empty where there is one


def evidence_of(suggestion: Suggestion, narrative: str | None) -> str:
    """Say which runs of a text speak for the suggestion, as offsets and rules; and their words, if the text is given.

    Without a suggestion, say why there is none.
    """
    parts = []
    for start, end, code, rule, _ in suggestion.evidence:
        if code == suggestion.code:
            words = f": {' '.join(narrative[start:end].split())}" if narrative is not None else ""
            parts.append(f"{start}-{end} {rule}{words}")
    return "; ".join(parts) if suggestion.code else suggestion.reason
