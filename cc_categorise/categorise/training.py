"""Texts with their categories to a model: the weights that fit them best, and how far to trust its scores.

Takes examples, returns `Weights`.  The model that is shipped is learnt from phrases and invented records; a
force's own starts from the one that is shipped and keeps its vocabulary, so that no word of a record can get into a
model.  Knows nothing of exports, files or the door.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

from cc_categorise.categorise.features import APOSTROPHES, FeatureReader, load_lexicon, sentences
from cc_categorise.categorise.text import feature_values
from cc_categorise.categorise.vectors import DIMENSIONS, SentenceVectors
from cc_categorise.categorise.weights import Calibration, Weights
from cc_categorise.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

FEWEST_TEXTS = 2
"""A feature of fewer texts is not in the vocabulary."""

LOOSENESS, VECTOR_LOOSENESS = 3.0, 0.7
"""How far weights may move for the sake of one text: the inverse of the penalty on their squares."""

_MOST_STEPS = 300
_REACHED = 0.9
_STEP = 20
"""The confidence to review below is rounded down to twentieths: more digits would mean nothing."""

_FEWEST_SURE = 20


class Example(NamedTuple):
    """A text to learn from.

    Attributes:
        text: The text.
        code: Its category.
        group: Examples of one group stay in one fold.
        also: Further categories, any of which would do as a suggestion.
    """

    text: str
    code: str
    group: str
    also: tuple[str, ...] = ()


class Learner:
    """Learns from one set of examples, all of them or some: texts are taken apart once.

    Args:
        examples: What to learn from, in an order that does not matter.
        start: The model to start from, with its vocabulary.
        vectors: Reader of sentence vectors; None to leave their weights as they are.
    """

    def __init__(self, examples: Sequence[Example], start: Weights, vectors: SentenceVectors | None) -> None:
        import numpy as np  # noqa: PLC0415 - only reading text needs it

        try:
            from scipy.sparse import csr_array  # noqa: PLC0415 - the extra [learn]
        except ImportError:
            raise MissingExtraError.named("learn", where="learn") from None
        self.examples = sorted(examples)
        self.start = start
        reader, row_of = FeatureReader(load_lexicon()), {name: row for row, name in enumerate(start.features)}
        rows, columns, values = [], [], []
        for number, example in enumerate(self.examples):
            seen = [row_of[name] for name, _, _ in reader.features(example.text) if name in row_of]
            if seen:
                rows += [number] * len(seen)
                columns += seen
                values.append(feature_values(seen, start))
        # A weight moves only where its feature is seen: the others need no room.
        self._seen, places = np.unique(np.array(columns, dtype=int), return_inverse=True)
        flat = np.concatenate(values) if values else np.zeros(0)
        shape = len(self.examples), len(self._seen)
        self._lexical = csr_array((flat, (rows, places)), shape=shape, dtype=np.float64)
        self._vectors = np.zeros((len(self.examples), DIMENSIONS))
        if vectors:
            self._vectors = np.array([vectors.read(each.text)[0].sum(axis=0) for each in self.examples], dtype=float)
        self._has_vectors = vectors is not None
        self._wanted = np.array([[float(each.code == code) for code in start.codes] for each in self.examples])

    def learn(self, some: Sequence[int] | None = None) -> Weights:
        """Give the weights that fit the examples, or some of them."""
        import numpy as np  # noqa: PLC0415

        own = np.arange(len(self.examples)) if some is None else np.asarray(some)
        old, wanted = self.start, self._wanted[own]
        weights = old.weights.copy()
        weights[self._seen], bias = _fit(self._lexical[own], wanted, (weights[self._seen], old.bias), LOOSENESS)
        model = replace(old, weights=weights, bias=bias)
        if self._has_vectors:
            start = old.vector_weights, old.vector_bias
            weights, bias = _fit(self._vectors[own], wanted, start, VECTOR_LOOSENESS)
            model = replace(model, vector_weights=weights, vector_bias=bias)
        return model

    def scores(self, model: Weights, some: Sequence[int], *, vectors: bool) -> Numbers:
        """Give a model's scores (examples x categories) for some of the examples, phrases left aside."""
        import numpy as np  # noqa: PLC0415

        own = np.asarray(some)
        scores: Numbers = self._lexical[own] @ model.weights[self._seen] + model.bias
        return scores + self._vectors[own] @ model.vector_weights + model.vector_bias if vectors else scores

    def held_out(self, folds: Sequence[Sequence[int]], *, vectors: bool) -> tuple[Numbers, list[int]]:
        """Score every example by a model that was learnt without its fold.

        Returns:
            Scores (examples x categories), fold after fold, and the number of the example of each row.
        """
        import numpy as np  # noqa: PLC0415

        every = set(range(len(self.examples)))
        parts = [self.scores(self.learn(sorted(every.difference(fold))), fold, vectors=vectors) for fold in folds]
        return np.concatenate(parts), [number for fold in folds for number in fold]

    def calibrate(self, scores: Numbers, numbers: Sequence[int]) -> Calibration:
        """Find the temperature that makes confidence honest, and the confidence from which nine in ten will do."""
        import numpy as np  # noqa: PLC0415
        from scipy.optimize import minimize_scalar  # noqa: PLC0415

        best = [self.start.codes[column] for column in scores.argmax(axis=1)]
        told = zip(best, (self.examples[number] for number in numbers), strict=True)
        will_do = np.array([code in (example.code, *example.also) for code, example in told])

        def surprise(temperature: float) -> float:
            sure = np.clip(_shares(scores / temperature).max(axis=1), 1e-6, 1 - 1e-6)
            return float(-np.log(np.where(will_do, sure, 1 - sure)).mean())

        temperature = float(minimize_scalar(surprise, bounds=(0.2, 5), method="bounded").x)
        sure = _shares(scores / temperature).max(axis=1)
        order = np.argsort(-sure, kind="stable")
        reached = np.cumsum(will_do[order]) / np.arange(1, len(order) + 1) >= _REACHED
        enough = np.flatnonzero(reached)[np.flatnonzero(reached) >= _FEWEST_SURE]
        below = float(sure[order][enough[-1]]) if len(enough) else 1.0
        return Calibration(round(temperature, 3), floor(below * _STEP) / _STEP)


def blank_model(examples: Iterable[Example], codes: Sequence[str], pieces: str, about: dict[str, Any]) -> Weights:
    """Give a model that knows the vocabulary of some texts, and nothing of categories.

    What could be a name is left out: a word that is written with a capital wherever it stands, and is neither a short
    form nor a word of the lexicon.

    Args:
        examples: Invented ones: their words become part of the model.
        codes: Categories.
        pieces: Pieces of words for sentence vectors.
        about: Where the model comes from.
    """
    import numpy as np  # noqa: PLC0415

    reader = FeatureReader(load_lexicon())
    texts = sorted({example.text for example in examples})
    lower = {word for text in texts for word in re.findall(r"\b[a-z][a-z']+", text.translate(APOSTROPHES))}
    seen = Counter(name for text in texts for name in _nameless(reader, text, lower))
    features = sorted(name for name, times in seen.items() if times >= FEWEST_TEXTS)
    idf = np.array([1 + np.log((1 + len(texts)) / (1 + seen[name])) for name in features], dtype=np.float32)
    n, k, calibration = len(features), len(codes), Calibration(1.0, 0.5)
    return Weights(
        codes=tuple(codes),
        features=tuple(features),
        weights=np.zeros((n, k), dtype=np.float32),
        bias=np.zeros(k, dtype=np.float32),
        idf=idf,
        vector_weights=np.zeros((DIMENSIONS, k), dtype=np.float32),
        vector_bias=np.zeros(k, dtype=np.float32),
        pieces=pieces,
        lexical=calibration,
        both=calibration,
        about=about,
    )


def _nameless(reader: FeatureReader, text: str, lower: set[str]) -> set[str]:
    """Give the features of a text, without those of words that could be names."""
    names = [
        token
        for sentence in sentences(text)
        for token in sentence
        if token.word not in lower
        and not text[token.start : token.end].isupper()
        and not reader.concepts_of(token.word)
    ]
    starts, ends = {token.start for token in names}, {token.end for token in names}
    return {name for name, start, end in reader.features(text) if start not in starts and end not in ends}


def _shares(scores: Numbers) -> Numbers:
    import numpy as np  # noqa: PLC0415

    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Numbers = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _fit(given: Any, wanted: Numbers, start: tuple[Numbers, Numbers], looseness: float) -> tuple[Numbers, Numbers]:  # noqa: ANN401 - sparse or dense
    """Fit a multinomial logistic regression whose penalty is on how far weights move from where they start.

    The bias of a category without examples stays: that nobody filed anything there says nothing against it.
    """
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import minimize  # noqa: PLC0415

    begin = np.vstack(start).astype(float)
    turned = given.T.tocsr() if hasattr(given, "tocsr") else given.T
    is_met = wanted.any(axis=0)

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        moved = flat.reshape(begin.shape)
        now = begin + moved
        shares = _shares(given @ now[:-1] + now[-1])
        surprise = -np.log((shares * wanted).sum(axis=1) + 1e-12).sum()
        off = shares - wanted
        slope = np.vstack([turned @ off, is_met * off.sum(axis=0)]) + moved / looseness
        return float(surprise + (moved**2).sum() / 2 / looseness), slope.ravel()

    found = minimize(loss, np.zeros(begin.size), jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    end = (begin + found.x.reshape(begin.shape)).astype(np.float32)
    return end[:-1], end[-1]
