"""Build the model that is shipped, from the phrases and the invented records beside this file.

Run by `make model`.  The same data give the same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from hidden import learn_layer, read_texts, scores_of
from vocabulary import blank_model, reader_of, sense_vectors

from cc_categorise.categorise.phrases import load_phrases
from cc_categorise.categorise.training import Example, Learner
from cc_categorise.categorise.weights import Weights, model_bytes, shipped_model
from cc_categorise.scheme import load_scheme

HERE = Path(__file__).parent
PHRASES = "phrases"
UNHEARD = ("voice-x", "voice-y", "voice-z")
"""Writers of records alone.  Those of the others wrote phrases too, so that every model has heard them."""

REACHED = 0.95
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


def blank(learn_from: Sequence[Example]) -> Weights:
    """Give a model that knows the words of examples and those of `words.txt`, and nothing of categories."""
    pieces, words = ((HERE / name).read_text(encoding="utf-8").rstrip("\n") for name in ("wordpieces.txt", "words.txt"))
    about = {"name": "shipped", "texts": len(learn_from)}
    texts = [example.text for example in learn_from]
    return blank_model(texts, load_scheme().scheme.codes, pieces, words.split("\n"), about)


def build(learn_from: Sequence[Example]) -> Weights:
    """Learn a model, and calibrate it: a model that has not heard some writers is asked about their records."""
    start = blank(learn_from)
    learner = Learner(learn_from, start, None, sense_vectors(start, {}))
    is_unheard = np.array([example.group in UNHEARD for example in learner.examples])
    heard, unheard = np.flatnonzero(~is_unheard), np.flatnonzero(is_unheard)
    texts = read_texts([example.text for example in learner.examples], reader_of(start), start.piece_idf)
    wanted = np.array([[example.code == code for code in start.codes] for example in learner.examples], np.float32)
    lexical = learner.scores(learner.learn(heard.tolist()), unheard.tolist(), vectors=False)
    both = lexical + scores_of(learn_layer(texts, wanted, heard), texts, unheard)
    calibrations = [learner.calibrate(scores, unheard.tolist(), REACHED) for scores in (lexical, both)]
    layer = learn_layer(texts, wanted, np.arange(len(wanted)))
    return replace(
        learner.learn(),
        lexical=calibrations[0],
        both=calibrations[1],
        hidden=layer.hidden,
        hidden_bias=layer.hidden_bias,
        gate=layer.gate,
        vector_weights=layer.weights,
        vector_bias=layer.bias,
    )


if __name__ == "__main__":
    shipped_model().write_bytes(model_bytes(build(list(examples()))))
