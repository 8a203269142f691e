"""Build the model that is shipped, from the phrases and the invented records beside this file.

Run by `make model`.  The same data give the same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from vocabulary import Numbers, Remembered, blank_model, sense_vectors, with_contexts

from cc_categorise.categorise.phrases import load_phrases
from cc_categorise.categorise.training import Example, Learner
from cc_categorise.categorise.vectors import Pieces
from cc_categorise.categorise.weights import Weights, model_bytes, shipped_model
from cc_categorise.scheme import load_scheme

HERE = Path(__file__).parent
PHRASES = "phrases"
UNHEARD = ("voice-x", "voice-y", "voice-z")
"""Writers of records alone.  Those of the others wrote phrases too, so that every model has heard them."""

REACHED = 0.92
"""Share that has to do of the records not sent to review: of real ones, which are harder, it is less."""


def examples() -> Iterator[Example]:
    """Give every phrase and every invented record; the group is the writer."""
    for code, phrases in load_phrases(None, ()).phrases.items():
        yield from (Example(phrase, code, PHRASES) for phrase in phrases)
    for path in sorted(HERE.glob("voice-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            also = (*entry["further"], *entry.get("near", ()))
            yield Example(entry["text"], entry["category"], path.stem, also)


def blank(
    learn_from: Sequence[Example], found: dict[str, Pieces], contexts: Numbers | None = None
) -> tuple[Weights, Remembered]:
    """Give a model that knows the words of examples, those of `words.txt`, and typical contexts; and its reader.

    Args:
        learn_from: Examples.
        found: What was read before; what is read now is added.
        contexts: Typical contexts; None to find those of the examples.
    """
    pieces, words = ((HERE / name).read_text(encoding="utf-8").rstrip("\n") for name in ("wordpieces.txt", "words.txt"))
    about = {"name": "shipped", "texts": len(learn_from)}
    texts = [example.text for example in learn_from]
    start = blank_model(texts, load_scheme().scheme.codes, pieces, words.split("\n"), about)
    start = with_contexts(start, texts, Remembered(start, found), contexts)
    return start, Remembered(start, found)


def build(learn_from: Sequence[Example]) -> Weights:
    """Learn a model, and calibrate it: a model that has not heard a writer is asked about that writer's records."""
    start, vectors = blank(learn_from, {})
    learner = Learner(learn_from, start, vectors, sense_vectors(start, vectors))
    folds = [[n for n, example in enumerate(learner.examples) if example.group == writer] for writer in UNHEARD]
    *scored, numbers = learner.held_out(folds)
    lexical, both = (learner.calibrate(scores, numbers, REACHED) for scores in scored)
    return replace(learner.learn(), lexical=lexical, both=both)


if __name__ == "__main__":
    shipped_model().write_bytes(model_bytes(build(list(examples()))))
