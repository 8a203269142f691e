"""How good suggestions are, held against what people chose: accuracy, calibration, coverage, F1 by category.

Takes suggestions and the codes that would have been right, returns `Listings`.  Knows nothing of texts, models, files
or layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cc_categorise.categorise.agreement import Pair, agreement, by_category, share_interval
from cc_categorise.categorise.suggestion import Suggestion
from cc_categorise.figures import Figure, Listing, Listings, figure

N_BINS = 10
_COVERAGES = range(10, 101, 10)


class Judged(NamedTuple):
    """A suggestion with a code, and what people chose."""

    suggestion: Suggestion  # what was suggested
    code: str  # the category chosen
    acceptable: frozenset[str]  # every category that would have done, ``code`` among them

    @property
    def is_acceptable(self) -> bool:
        """Say whether the category suggested would have done."""
        return self.suggestion.code in self.acceptable


def share(judged: Sequence[Judged]) -> float:
    """Give the share of suggestions that are acceptable; 0 where there are none."""
    return sum(one.is_acceptable for one in judged) / len(judged) if judged else 0.0


def measured(judged: Sequence[Judged], codes: Sequence[str], kind: str, below: float) -> Listings:
    """Lay out how good suggestions are.

    Args:
        judged: Suggestions.
        codes: Categories.
        kind: What was read.
        below: Confidence below which a person has to look.
    """
    facts: dict[str, str | int] = {"text_read_by": kind, "records": len(judged), "review_below": figure(below)}
    facts |= summary(judged, codes, below)
    facts |= agreement(_pairs(judged)).facts()
    bins = [
        (figure(number / N_BINS), figure((number + 1) / N_BINS), n, figure(stated), figure(met))
        for number, n, stated, met in calibration(judged)
    ]
    scores = [
        (one.code, one.first, one.second, figure(one.share), figure(one.low), figure(one.high))
        for one in by_category(_pairs(judged), codes)
    ]
    of_bins = ("confidence_from", "to", "records", "mean_confidence", "acceptable")
    of_coverage = ("coverage", "records", "least_confidence", "acceptable", "from", "to")
    of_scores = ("category_code", "recorded", "suggested", "f1", "from", "to")
    lists = (
        Listing(of_bins, bins, "Calibration", "calibration"),
        Listing(of_coverage, coverage_rows(judged), "The most confident", "coverage"),
        Listing(of_scores, scores, "By category", "by_category"),
    )
    return Listings("Suggestions against recorded categories", facts, lists)


def summary(judged: Sequence[Judged], codes: Sequence[str], below: float) -> dict[str, Figure]:
    """Give the figures for a person: shares of the records judged, with the 95 per cent interval of some.

    The mean of F1 is over the categories that were chosen or suggested.
    """
    n = len(judged)
    sure = [one for one in judged if one.suggestion.confidence >= below]
    top = [one for one in judged if one.acceptable.intersection(code for code, _ in one.suggestion.ranked[:3])]
    scores = [one.share for one in by_category(_pairs(judged), codes) if one.share is not None]
    exact = sum(one.suggestion.code == one.code for one in judged)
    low, high = share_interval(sum(one.is_acceptable for one in judged), n)
    sure_low, _ = share_interval(sum(one.is_acceptable for one in sure), len(sure))
    shares = {
        "exact": exact / (n or 1),
        "acceptable": share(judged),
        "acceptable_low_95": low,
        "acceptable_high_95": high,
        "acceptable_among_first_3": len(top) / (n or 1),
        "mean_f1": sum(scores) / (len(scores) or 1),
        "calibration_error": calibration_error(judged),
        "not_sent_to_review": len(sure) / (n or 1),
        "acceptable_among_them": share(sure),
        "acceptable_among_them_low_95": sure_low,
    }
    return {name: figure(value) for name, value in shares.items()}


def calibration(judged: Sequence[Judged]) -> Iterator[tuple[int, int, float, float]]:
    """Give, for each tenth of confidence that is met: its number, records, mean confidence, share acceptable."""
    bins: dict[int, list[Judged]] = {}
    for one in judged:
        bins.setdefault(min(int(one.suggestion.confidence * N_BINS), N_BINS - 1), []).append(one)
    for number, members in sorted(bins.items()):
        yield number, len(members), sum(one.suggestion.confidence for one in members) / len(members), share(members)


def calibration_error(judged: Sequence[Judged]) -> float:
    """Give the mean distance of confidence from the share acceptable, over tenths of confidence."""
    return sum(n * abs(stated - met) for _, n, stated, met in calibration(judged)) / (len(judged) or 1)


def coverage_rows(judged: Sequence[Judged]) -> list[tuple[str | int, ...]]:
    """Give, for the most confident 10, 20, … per cent: share, records, least confidence, share acceptable, interval."""
    ordered = sorted(judged, key=lambda one: -one.suggestion.confidence)
    rows: list[tuple[str | int, ...]] = []
    for percent in _COVERAGES:
        if some := ordered[: round(len(ordered) * percent / 100)]:
            interval = share_interval(sum(one.is_acceptable for one in some), len(some))
            least = some[-1].suggestion.confidence
            rows.append((f"{percent}%", len(some), *map(figure, (least, share(some), *interval))))
    return rows


def _pairs(judged: Sequence[Judged]) -> list[Pair]:
    return [(one.code, one.suggestion.code or "") for one in judged]
