"""Texts with their categories to a model: the weights that fit them best, and how far to trust its scores.

Takes examples, returns `Weights`.  The model that is shipped is learnt from phrases and invented records; a
force's own starts from the one that is shipped and keeps its vocabulary, so that no word of a record can get into a
model.  Knows nothing of exports, files or the door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

from cc_categorise.categorise.features import SENSE, FeatureReader, load_lexicon
from cc_categorise.categorise.text import feature_values
from cc_categorise.categorise.vectors import SentenceVectors
from cc_categorise.categorise.weights import Calibration, Weights
from cc_categorise.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.floating[Any]]
    Rows = NDArray[np.integer[Any]]

LOOSENESS, SENSE_LOOSENESS = 6.0, 0.5
"""How far weights may move for the sake of one text: the inverse of the penalty on their squares."""

SENSE_SHARE = 0.8
"""How much is kept of what senses say by themselves."""

_MOST_STEPS = 300
_STEP = 20
"""The confidence to review below is rounded down to twentieths: more digits would mean nothing."""

_FEWEST_SURE = 20


class Example(NamedTuple):
    """A text to learn from."""

    text: str
    code: str  # its category
    group: str  # examples of one group stay in one fold
    also: tuple[str, ...] = ()  # further categories, any of which would do as a suggestion


class Learner:
    """Learns from one set of examples, all of them or some: texts are taken apart once.

    Args:
        examples: What to learn from, in an order that does not matter.
        start: The model to start from, with its vocabulary.
        vectors: Reader of sentence vectors, whose weights stay as they are; None to do without.
        senses: What a language model makes of each sense (senses x dimensions), in the order of the vocabulary; None to
            leave their weights as they are.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        start: Weights,
        vectors: SentenceVectors | None,
        senses: Numbers | None = None,
    ) -> None:
        import numpy as np  # noqa: PLC0415 - only reading text needs it

        try:
            from scipy.sparse import csr_array  # noqa: PLC0415 - the extra [learn]
        except ImportError:
            raise MissingExtraError.named("learn", where="learn") from None
        self.examples = sorted(examples)
        self.start = start
        reader, row_of = FeatureReader(load_lexicon()), {name: row for row, name in enumerate(start.features)}
        self._said_by_vectors: Numbers = np.zeros((len(self.examples), len(start.codes)))
        if vectors:
            read = np.array([vectors.read(example.text).rows.sum(axis=0) for example in self.examples])
            self._said_by_vectors = read @ start.vector_weights + start.vector_bias
        names = ([name for name, _, _ in reader.features(example.text)] for example in self.examples)
        seen = [[row_of[name] for name in each if name in row_of] for each in names]
        values = np.concatenate([feature_values(rows, start) for rows in seen])
        at = [number for number, rows in enumerate(seen) for _ in rows], [row for rows in seen for row in rows]
        shape = len(self.examples), len(start.features)
        every = csr_array((values, at), shape=shape, dtype=np.float64).tocsc()
        is_sense = np.array([name[0] == SENSE for name in start.features])
        # A weight moves only where its feature is seen: the others need no room.
        self._words, self._senses = np.flatnonzero((np.diff(every.indptr) > 0) & ~is_sense), np.flatnonzero(is_sense)
        self._of_words, self._of_senses = every[:, self._words].tocsr(), every[:, self._senses].tocsr()
        self._sense_vectors = senses
        self._wanted = np.array([[float(each.code == code) for code in start.codes] for each in self.examples])

    def learn(self, some: Sequence[int] | None = None) -> Weights:
        """Give the weights that fit the examples, or some of them: senses first, then words."""
        import numpy as np  # noqa: PLC0415

        own = np.arange(len(self.examples)) if some is None else np.asarray(some)
        model, wanted, weights = self.start, self._wanted[own], self.start.weights.copy()
        if self._sense_vectors is not None:
            given = self._of_senses[own] @ self._sense_vectors
            moves, bias = _fit(given, wanted, np.tile(model.bias, (len(own), 1)), SENSE_LOOSENESS)
            weights[self._senses] += SENSE_SHARE * (self._sense_vectors @ moves)
            model = replace(model, weights=weights, bias=model.bias + SENSE_SHARE * bias)
        moves, bias = _fit(self._of_words[own], wanted, self._lexical(model, own), LOOSENESS)
        weights[self._words] += moves
        return replace(model, weights=weights, bias=model.bias + bias)

    def _lexical(self, model: Weights, own: Rows) -> Numbers:
        words = self._of_words[own] @ model.weights[self._words]
        scores: Numbers = words + self._of_senses[own] @ model.weights[self._senses] + model.bias
        return scores

    def scores(self, model: Weights, some: Sequence[int], *, vectors: bool) -> Numbers:
        """Give a model's scores (examples x categories) for some of the examples, phrases left aside."""
        import numpy as np  # noqa: PLC0415

        own = np.asarray(some)
        lexical = self._lexical(model, own)
        return lexical + self._said_by_vectors[own] if vectors else lexical

    def held_out(self, folds: Sequence[Sequence[int]]) -> tuple[Numbers, Numbers, list[int]]:
        """Score every example by a model that was learnt without its fold.

        Returns:
            Scores (examples x categories) without sentence vectors and with them, fold after fold, and the number of
            the example of each row.
        """
        import numpy as np  # noqa: PLC0415

        every = set(range(len(self.examples)))
        models = [self.learn(sorted(every.difference(fold))) for fold in folds]
        lexical, both = (
            np.concatenate([self.scores(model, fold, vectors=v) for model, fold in zip(models, folds, strict=True)])
            for v in (False, True)
        )
        return lexical, both, [number for fold in folds for number in fold]

    def calibrate(self, scores: Numbers, numbers: Sequence[int], reached: float = 0.9) -> Calibration:
        """Find the temperature that makes confidence honest, and the confidence from which enough will do.

        Args:
            scores: Scores (examples x categories), each by a model that has not seen the example.
            numbers: Number of the example of each row.
            reached: Share that will do of the examples with that confidence or more.
        """
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
        will_do_so_far = np.cumsum(will_do[order]) / np.arange(1, len(order) + 1)
        enough = np.flatnonzero(will_do_so_far[_FEWEST_SURE:] >= reached) + _FEWEST_SURE
        below = float(sure[order][enough[-1]]) if len(enough) else 1.0
        return Calibration(round(temperature, 3), floor(below * _STEP) / _STEP)


def _shares(scores: Numbers) -> Numbers:
    import numpy as np  # noqa: PLC0415

    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Numbers = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _fit(given: Any, wanted: Numbers, before: Numbers, looseness: float) -> tuple[Numbers, Numbers]:  # noqa: ANN401 - sparse or dense
    """Fit a multinomial logistic regression on top of scores, with a penalty on the squares of its weights.

    The bias of a category without examples stays: that nobody filed anything there says nothing against it.

    Returns:
        What to add to the weights (features x categories), and to the bias (categories).
    """
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import minimize  # noqa: PLC0415

    shape = given.shape[1] + 1, wanted.shape[1]
    turned = given.T.tocsr() if hasattr(given, "tocsr") else given.T
    is_met = wanted.any(axis=0)

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        moved = flat.reshape(shape)
        shares = _shares(before + given @ moved[:-1] + moved[-1])
        surprise = -np.log((shares * wanted).sum(axis=1) + 1e-12).sum()
        off = shares - wanted
        slope = np.vstack([turned @ off, is_met * off.sum(axis=0)]) + moved / looseness
        return float(surprise + (moved**2).sum() / 2 / looseness), slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    moved = found.x.reshape(shape).astype(np.float32)
    return moved[:-1], moved[-1]
