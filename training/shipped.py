"""Build the model that is shipped, from the phrases and the invented records beside this file.

Run by `make model`.  The same data give the same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cc_categorise.categorise.phrases import load_phrases
from cc_categorise.categorise.training import Example, Learner, blank_model
from cc_categorise.categorise.vectors import SentenceVectors
from cc_categorise.categorise.weights import Weights, model_bytes, shipped_model
from cc_categorise.scheme import load_scheme

HERE = Path(__file__).parent
PHRASES = "phrases"


def examples() -> Iterator[Example]:
    """Give every phrase and every invented record; the group is the voice it was written in."""
    for code, phrases in load_phrases(None, ()).phrases.items():
        yield from (Example(phrase, code, PHRASES) for phrase in phrases)
    for path in sorted(HERE.glob("voice-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            also = (*entry["further"], *entry.get("near", ()))
            yield Example(entry["text"], entry["category"], entry["voice"], also)


def build(learn_from: Sequence[Example]) -> Weights:
    """Learn a model, and calibrate it by voices that it did not learn from."""
    pieces = (HERE / "wordpieces.txt").read_text(encoding="utf-8").rstrip("\n")
    about = {"name": "shipped", "texts": len(learn_from)}
    vectors = SentenceVectors(pieces)
    learner = Learner(learn_from, blank_model(learn_from, load_scheme().scheme.codes, pieces, about), vectors)
    voices = sorted({example.group for example in learner.examples} - {PHRASES})
    folds = [[n for n, example in enumerate(learner.examples) if example.group == voice] for voice in voices]
    held_out = {both: learner.held_out(folds, vectors=both) for both in (False, True)}
    model = learner.learn()
    calibrations = {both: learner.calibrate(*scored) for both, scored in held_out.items()}
    return replace(model, lexical=calibrations[False], both=calibrations[True])


if __name__ == "__main__":
    shipped_model().write_bytes(model_bytes(build(list(examples()))))
