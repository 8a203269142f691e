"""A force's own records as a teacher: suggestions measured against them, and a model learnt from them.

Takes exports whose records have a category and a text, returns figures, and a model for the door to save.  Nothing of
a record gets into either but counts and weights.  Knows nothing of layout, streams or exit codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cc_categorise.assign import Assigned, Assigning
from cc_categorise.categorise.accuracy import Judged, measured
from cc_categorise.categorise.features import sentences
from cc_categorise.categorise.vectors import is_installed
from cc_categorise.categorise.weights import Weights, read_model
from cc_categorise.errors import LearnError
from cc_categorise.figures import Listing, Listings, figure
from cc_categorise.options import RunOptions, TextOptions
from cc_categorise.pipeline import OnBytes

if TYPE_CHECKING:
    from cc_categorise.categorise.training import Example, Learner, Numbers

FEWEST = 10
"""Records that a category needs, if it has any, for a model to be learnt from them."""

N_FOLDS = 5
_SAME_HEAD = 10
_FEWEST_WORDS = 3


class Learnt(NamedTuple):
    """A model learnt from a force's own records, and how it compares."""

    model: Weights  # the model
    is_better: bool  # whether it was right more often than the model it started from, on records it had not seen
    told: Listings  # figures for a person


def evaluate(
    arguments: Iterable[str | Path], options: RunOptions, text: TextOptions, on_bytes: OnBytes | None = None
) -> Listings:
    """Measure suggestions against the category that people decided on, else recorded.

    A record's further categories, where there is a column of them, are acceptable as well.

    Raises:
        LearnError: No record has both a category and a text of three words.
    """
    run = Assigning(arguments, options, text)
    known = list(_labelled(run, on_bytes))
    if not known:
        raise _too_few("no record has both a category that can be read and a text of three words")
    judged = [
        Judged(run.categoriser.suggest(one.narrative), code, frozenset((code, *one.further))) for one, code in known
    ]
    return measured(judged, run.scheme.codes, run.categoriser.kind, run.categoriser.review_below)


def learn(
    arguments: Iterable[str | Path], options: RunOptions, text: TextOptions, on_bytes: OnBytes | None = None
) -> Learnt:
    """Learn a model from records that have a category and a text, starting from one that is known.

    The two are compared on the same folds: each record is scored by a model that has seen no record of its fold, and
    records that begin alike are in one fold.  What a person decided stands before what is recorded.

    Raises:
        LearnError: A category has records, and fewer than ten; or fewer than two categories have any; or all texts
            begin alike.
        MissingExtraError: The extra [learn] is not installed.
    """
    from cc_categorise.categorise.text import vectors_of  # noqa: PLC0415 - loads numpy
    from cc_categorise.categorise.training import Example, Learner  # noqa: PLC0415 - the extra [learn]

    run = Assigning(arguments, options, text)
    start = read_model(text.model)
    found = (Example(one.narrative, code, _head(one.narrative)) for one, code in _labelled(run, on_bytes))
    examples = [one for one in dict.fromkeys(found) if one.code in start.codes]
    _need_enough(examples, start.codes)
    wanted = is_installed() if text.vectors is None else text.vectors
    learner = Learner(examples, start, vectors_of(start) if wanted else None)
    folds = folds_of(learner.examples)
    if len(folds) == 1:
        raise _too_few("all texts begin alike, so that none is left to measure by")
    lexical, both, numbers = learner.held_out(folds)
    scores = both if wanted else lexical
    same = _right(learner, learner.scores(start, numbers, vectors=wanted), numbers)
    own = _right(learner, scores, numbers)
    calibrated = learner.calibrate(scores, numbers)
    model = replace(learner.learn(), about={"name": "own records", "records": len(examples)})
    model = replace(model, both=calibrated) if wanted else replace(model, lexical=calibrated)
    return Learnt(model, own.total() > same.total(), _told(examples, own, same, start.codes))


def folds_of(examples: Sequence[Example]) -> list[list[int]]:
    """Deal examples out to folds by their groups, always alike, whatever else is there."""
    folds: list[list[int]] = [[] for _ in range(N_FOLDS)]
    for number, example in enumerate(examples):
        folds[int(sha256(example.group.encode()).hexdigest(), 16) % N_FOLDS].append(number)
    return [fold for fold in folds if fold]


def _right(learner: Learner, scores: Numbers, numbers: Sequence[int]) -> Counter[str]:
    """Count by category the records that scores get right."""
    best = (learner.start.codes[column] for column in scores.argmax(axis=1))
    codes = (learner.examples[number].code for number in numbers)
    return Counter(code for code, found in zip(codes, best, strict=True) if code == found)


def _told(examples: Sequence[Example], own: Counter[str], same: Counter[str], codes: Sequence[str]) -> Listings:
    n, total = Counter(example.code for example in examples), len(examples)
    facts: dict[str, str | int] = {"records": total, "folds": N_FOLDS}
    facts |= {"right_before": figure(same.total() / total), "right_after": figure(own.total() / total)}
    if unseen := [code for code in codes if not n[code]]:
        facts["without_records"] = ", ".join(unseen)
    part = {code: [figure(right[code] / n[code] if n[code] else None) for right in (same, own)] for code in codes}
    rows = [(code, n[code], before, after) for code, (before, after) in part.items()]
    columns = ("category_code", "records", "right_before", "right_after")
    return Listings("The model learnt", facts, (Listing(columns, rows, "By category", "by_category"),))


def _labelled(run: Assigning, on_bytes: OnBytes | None) -> Iterator[tuple[Assigned, str]]:
    """Give the rows whose text can be read and whose category is known from people, with that category."""
    for one in run.rows(on_bytes):
        if one.known and sum(map(len, sentences(one.narrative))) >= _FEWEST_WORDS:
            yield one, one.known


def _head(narrative: str) -> str:
    """Give the first words of a text: records that share them are taken for copies of one."""
    words = [token.word for sentence in sentences(narrative) for token in sentence]
    return " ".join(words[:_SAME_HEAD])


def _need_enough(examples: Sequence[Example], codes: Sequence[str]) -> None:
    n = Counter(example.code for example in examples)
    if short := [f"{code} ({FEWEST - n[code]} more)" for code in codes if 0 < n[code] < FEWEST]:
        raise _too_few(f"a category needs {FEWEST} different records with a text: {', '.join(short)}")
    if len(n) < 2:  # noqa: PLR2004 - nothing to tell apart
        raise _too_few(f"records of at least two categories are needed, {FEWEST} of each")


def _too_few(message: str) -> LearnError:
    return LearnError(message, hint="give more exports, or map labels that cannot be read in a profile's crosswalk")
