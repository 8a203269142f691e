"""What the reading of one text comes to: a suggestion, and the evidence for it.

Plain values between the categoriser (`text.TextCategoriser`) and those who show, store or check its answers.
Knows nothing of models, phrases, files or layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Evidence(NamedTuple):
    """A run of words that moved the decision.

    Attributes:
        start: First character of the run, counted in the narrative as given.
        end: One past its last character.
        code: The category the run speaks for.
        rule: What was recognised: the name of an indicator phrase, or the kind of feature.
        weight: What the run adds to that category's score, in logits above the mean of all categories.
    """

    start: int
    end: int
    code: str
    rule: str
    weight: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The categories suggested for one text.

    Attributes:
        code: The best category; None only where the text cannot be read.
        confidence: Calibrated chance, 0 to 1, that an analyst finds ``code`` acceptable.
        further: Other categories that the text speaks for, best first.
        ranked: Every category of the scheme with its probability, best first; empty without a code.
        evidence: The runs that moved the decision, heaviest first.
        reason: Why there is no code, ``too-few-words`` or ``no-text``; empty where there is one.
    """

    code: str | None
    confidence: float = 0.0
    further: tuple[str, ...] = ()
    ranked: tuple[tuple[str, float], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


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
