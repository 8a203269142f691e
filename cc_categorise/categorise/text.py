"""A record's text to a suggested category, with its confidence and the evidence for it.

Takes a text, returns a `Suggestion`.  Every feature of a text adds a known amount to the score of every
category, so the evidence is the decision taken apart, not a story told afterwards.  Knows nothing of records,
recorded categories, files of records or layout.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cc_categorise.categorise.features import CONCEPT, SENSE, WORD, Feature, FeatureReader, Token, load_lexicon, mender
from cc_categorise.categorise.phrases import Found, PhraseFinder, load_phrases, telling
from cc_categorise.categorise.suggestion import Evidence, Suggestion
from cc_categorise.categorise.vectors import SentenceVectors, WordPieces, is_installed
from cc_categorise.categorise.weights import Weights, read_model
from cc_categorise.errors import ModelError
from cc_categorise.options import TextOptions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

FEWEST_WORDS = 3
"""A text of fewer words is not read."""

SHIPPED_PHRASE, OWN_PHRASE = 0.5, 3.0
"""What a phrase found adds to its category's score, in logits: once for each category that a text has phrases of."""

_FURTHER = 0.2
_LONGEST_RUN = 7
_MOST_RUNS = 3
_WEAKEST_RUN = 0.2


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """A text taken apart."""

    sentences: list[list[Token]]  # its words
    features: list[Feature]  # what the model knows of it
    found: list[Found]  # the phrases found
    moves: Numbers  # what each word adds to each category's score, in logits (words x categories)
    scores: Numbers  # the sum of these with what no word accounts for (categories)


class TextCategoriser:
    """Suggests categories for texts; the same text always gets the same answer, whatever stands beside it.

    Args:
        weights: The model.
        codes: Categories of the scheme; the model's others are not suggested.
        finders: Finders of phrases, each with what a phrase adds.
        vectors: Reader of sentence vectors; None to do without.

    Attributes:
        kind: What is read: ``phrases and words``, or ``phrases and words, with sentence vectors``.
        review_below: Confidence below which a person has to look.
    """

    def __init__(
        self,
        weights: Weights,
        codes: Collection[str],
        finders: Sequence[tuple[PhraseFinder, float]] = (),
        vectors: SentenceVectors | None = None,
    ) -> None:
        columns = [column for column, code in enumerate(weights.codes) if code in codes]
        self.codes = tuple(weights.codes[column] for column in columns)
        if not columns:
            raise ModelError("the model knows no category of the scheme", where="--model", hint="learn one with it")
        self._model = weights
        self._weights, self._vector_weights = weights.weights[:, columns], weights.vector_weights[:, columns]
        self._bias = (weights.bias + weights.vector_bias if vectors else weights.bias)[columns]
        self._row_of = {name: row for row, name in enumerate(weights.features)}
        self._reader = FeatureReader(load_lexicon(), mender_of(weights))
        self._finders = finders
        self._vectors = vectors
        self._calibration = weights.both if vectors else weights.lexical
        self.kind = "phrases and words" + (", with sentence vectors" if vectors else "")
        self.review_below = self._calibration.review_below

    @classmethod
    def load(cls, scheme_codes: Collection[str], options: TextOptions) -> TextCategoriser:
        """Load a categoriser that suggests categories of a scheme, as the options say.

        Raises:
            ModelError: The model cannot be used, or knows no category of the scheme.
            PhrasesError: The phrases cannot be used.
            MissingExtraError: Sentence vectors are asked for and not installed.
        """
        finders = [(PhraseFinder(load_phrases(None, scheme_codes)), SHIPPED_PHRASE)]
        if options.phrases:
            finders.append((PhraseFinder(load_phrases(options.phrases, scheme_codes)), OWN_PHRASE))
        weights = read_model(options.model)
        wanted = is_installed() if options.vectors is None else options.vectors
        found = cls(weights, scheme_codes, finders, vectors_of(weights) if wanted else None)
        if options.review_below is not None:
            found.review_below = options.review_below
        return found

    def scores(self, text: str) -> Numbers:
        """Give the score of every category for one text, in logits, in the order of ``codes``."""
        return self._read(text, list(self._reader.sentences(text))).scores

    def suggest(self, text: str) -> Suggestion:
        """Suggest a category for a text."""
        import numpy as np  # noqa: PLC0415 - only reading text needs it

        words = list(self._reader.sentences(text))
        n_words = sum(map(len, words))
        if n_words < FEWEST_WORDS:
            return Suggestion(None, reason="too-few-words" if n_words else "no-text")
        reading = self._read(text, words)
        scaled = reading.scores / self._calibration.temperature
        shares = np.exp(scaled - scaled.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        ranked = tuple((self.codes[column], float(shares[column])) for column in order)
        best, *others = ranked
        return Suggestion(
            code=best[0],
            confidence=best[1],
            further=tuple(code for code, share in others if share >= _FURTHER),
            ranked=ranked,
            evidence=tuple(self._evidence(reading, order[:2].tolist())),
        )

    def _read(self, text: str, words: list[list[Token]]) -> Reading:
        import numpy as np  # noqa: PLC0415

        every = [token for sentence in words for token in sentence]
        word_at = {place: number for number, token in enumerate(every) for place in range(token.start, token.end)}
        # One row more, for numbers and signs, which are no words.
        moves = np.zeros((len(every) + 1, len(self.codes)), dtype=np.float32)
        features = list(self._reader.features_of(words))
        if self._vectors:
            pieces = self._vectors.read(text)
            at = [word_at.get(start, -1) for start, _ in pieces.spans]
            np.add.at(moves, at, pieces.rows @ self._vector_weights)
        features = [feature for feature in features if feature[0] in self._row_of]
        rows = [self._row_of[name] for name, _, _ in features]
        added = feature_values(rows, self._model)[:, None] * self._weights[rows]
        for places in ([start for _, start, _ in features], [end - 1 for _, _, end in features]):
            np.add.at(moves, [word_at.get(place, -1) for place in places], added / 2)
        found = list(self._phrases(words, word_at, moves))
        return Reading(words, features, found, moves[:-1], moves.sum(axis=0) + self._bias)

    def _phrases(self, words: list[list[Token]], word_at: dict[int, int], moves: Numbers) -> Iterator[Found]:
        """Give the phrases found, and add the longest of each category to the moves of its words."""
        for finder, added in self._finders:
            found = [each for sentence in words for each in finder.find(sentence) if each.code in self.codes]
            longest = {each.code: each for each in sorted(found, key=lambda each: (len(each.tokens), each.phrase))}
            for each in longest.values():
                at = [word_at[token.start] for token in each.tokens]
                moves[at, self.codes.index(each.code)] += added / len(at)
            yield from found

    def _evidence(self, reading: Reading, columns: Sequence[int]) -> Iterator[Evidence]:
        """Give the runs of words that speak most for the best category, then one for the next."""
        beyond = reading.moves - reading.moves.mean(axis=1, keepdims=True)
        for column, most in zip(columns, (_MOST_RUNS, 1), strict=False):
            strongest = 0.0
            for weight, run in _runs(reading.sentences, beyond[:, column].tolist(), most):
                strongest = strongest or weight
                if weight < _WEAKEST_RUN * strongest:
                    break
                start, end, code = run[0].start, run[-1].end, self.codes[column]
                yield Evidence(start, end, code, self._rule(reading, start, end, column), round(weight, 4))

    def _rule(self, reading: Reading, start: int, end: int, column: int) -> str:
        """Name what was recognised in a run: a phrase, else the concept that speaks most for the category."""
        own = [
            (sum(start <= token.start < end for token in each.tokens), each.phrase)
            for each in reading.found
            if each.code == self.codes[column]
        ]
        if own and max(own)[0] > 1:
            return f"phrase: {max(own)[1]}"
        concepts = [
            (float(self._weights[self._row_of[name], column]), name)
            for name, first, last in reading.features
            if name[0] == CONCEPT and start <= first and last <= end
        ]
        weight, name = max(concepts, default=(0.0, ""))
        return f"concept: {name[1:]}" if weight > 0 else "words"


def mender_of(model: Weights) -> Callable[[str], str]:
    """Give the function that reads slips as words that a model knows."""
    words, senses = ([name[1:] for name in model.features if name[0] == kind] for kind in (WORD, SENSE))
    return mender((word for word in words if " " not in word), senses)


def vectors_of(model: Weights) -> SentenceVectors:
    """Give the reader of sentence vectors that a model was learnt with.

    Raises:
        MissingExtraError: The extra [vectors] is not installed.
        ModelError: The weights installed are not those that the category weights were learnt with.
    """
    pieces = WordPieces(model.pieces, mender_of(model))
    return SentenceVectors(pieces, model.piece_idf, model.hidden, model.hidden_bias, model.gate)


def feature_values(rows: Sequence[int], model: Weights) -> Numbers:
    """Give what each feature seen counts for: by how often and how rare it is, each kind scaled to length 1.

    Args:
        rows: Rows of the features, one for each time that one is seen.
        model: Says how rare each is, and of which kind.

    Returns:
        As many numbers: a feature seen twice has its value shared out between the two.
    """
    import numpy as np  # noqa: PLC0415

    distinct, back, times = np.unique(np.asarray(rows, dtype=int), return_inverse=True, return_counts=True)
    values = (1 + np.log(times)) * model.idf[distinct]
    kinds = np.array([model.features[row][0] for row in distinct])
    for kind in np.unique(kinds):
        of_kind = kinds == kind
        values[of_kind] /= np.linalg.norm(values[of_kind])
    shared: Numbers = (values / times)[back].astype(np.float32)
    return shared


def _runs(words: list[list[Token]], weights: list[float], most: int) -> Iterator[tuple[float, list[Token]]]:
    """Give the heaviest runs of words that do not overlap, each within a sentence and with a telling word."""
    spans = []
    begin = 0
    for sentence in words:
        for first in range(len(sentence)):
            total = 0.0
            for last in range(first, min(first + _LONGEST_RUN, len(sentence))):
                total += weights[begin + last]
                if total > 0:
                    spans.append((total, begin + first, begin + last, sentence[first : last + 1]))
        begin += len(sentence)
    taken: list[tuple[int, int]] = []
    for total, begin, end, run in sorted(spans, key=lambda span: (-span[0], span[1], span[2])):
        if all(end < other or begin > last for other, last in taken) and telling(token.word for token in run):
            yield total, run
            taken.append((begin, end))
            if len(taken) == most:
                return
