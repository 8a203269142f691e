"""The vocabulary of the model that is shipped: which words it knows, how telling each is, and what each is like.

Takes texts, returns `Weights` that know nothing of categories yet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cc_categorise.categorise.features import APOSTROPHES, CONCEPT, SENSE, FeatureReader, load_lexicon, sentences
from cc_categorise.categorise.vectors import DIMENSIONS, STATES, SentenceVectors, WordPieces
from cc_categorise.categorise.weights import Calibration, Weights

Numbers = NDArray[np.floating[Any]]

FEWEST_TEXTS = 2
"""A feature of fewer texts is not in the vocabulary."""

SENSE_POWER, PIECE_POWER = 2, 2
"""How much more a rare word counts, as a sense and in a sentence vector: rarity to this power."""


def reader_of(model: Weights) -> SentenceVectors:
    """Give what reads texts for a model as they stand, slips and all."""
    return SentenceVectors(WordPieces(model.pieces), model.piece_idf, model.hidden, model.hidden_bias, model.gate)


def blank_model(
    texts: Iterable[str], codes: Sequence[str], pieces: str, words: Iterable[str], about: dict[str, Any]
) -> Weights:
    """Give a model that knows the vocabulary of some texts, and nothing of categories.

    What could be a name is left out: a word that is written with a capital wherever it stands, and is neither a short
    form nor a word of the lexicon.

    Args:
        texts: Invented ones: their words become part of the model.
        codes: Categories.
        pieces: Pieces of words for sentence vectors.
        words: Words whose senses are known, whether or not a text has them.
        about: Where the model comes from.
    """
    reader, cutter = FeatureReader(load_lexicon()), WordPieces(pieces)
    texts = sorted(set(texts))
    lower = {word for text in texts for word in re.findall(r"\b[a-z][a-z']+", text.translate(APOSTROPHES))}
    seen = Counter(name for text in texts for name in _nameless(reader, text, lower))
    features = sorted({name for name, times in seen.items() if times >= FEWEST_TEXTS} | {SENSE + w for w in words})
    rarity = np.log((1 + len(texts)) / (1 + np.array([seen[name] for name in features])))
    idf = (1 + rarity) ** np.array([SENSE_POWER if name[0] == SENSE else 1 for name in features])
    cut = Counter(number for text in texts for number in {number for number, _ in cutter.cut(text)})
    piece_rarity = 1 - np.log1p([cut[number] for number in range(len(cutter.number_of))]) / np.log1p(len(texts))
    n, k, calibration = len(features), len(codes), Calibration(1.0, 0.5)
    return Weights(
        codes=tuple(codes),
        features=tuple(features),
        weights=np.zeros((n, k), dtype=np.float32),
        bias=np.zeros(k, dtype=np.float32),
        idf=idf.astype(np.float32),
        vector_weights=np.zeros((0, k), dtype=np.float32),
        vector_bias=np.zeros(k, dtype=np.float32),
        pieces=pieces,
        piece_idf=(piece_rarity**PIECE_POWER).astype(np.float32),
        hidden=np.zeros((STATES, 0), dtype=np.float32),
        hidden_bias=np.zeros(0, dtype=np.float32),
        gate=np.zeros(0, dtype=np.float32),
        lexical=calibration,
        both=calibration,
        about=about,
    )


def sense_vectors(model: Weights, found: dict[str, Numbers]) -> Numbers:
    """Give what the language model makes of each word of a model by itself (senses x dimensions).

    The directions in which words differ most are shortened, for they say least of what a word means.

    Args:
        model: Says which words there are, and how telling their pieces are.
        found: What was read before, by its word; what is read now is added.
    """
    words = [name[1:] for name in model.features if name[0] == SENSE]
    reader = reader_of(model)
    for word in words:
        if word not in found:
            pieces = reader.pieces(word)
            whole = model.piece_idf[pieces.numbers] @ pieces.rows[:, -DIMENSIONS:]
            found[word] = whole / (np.linalg.norm(whole) or 1)
    read = np.array([found[word] for word in words], dtype=float)
    read -= read.mean(axis=0)
    spread, turned = np.linalg.eigh(read.T @ read)
    senses: Numbers = read @ turned / np.maximum(spread, 1e-9) ** 0.25
    senses /= np.sqrt((senses**2).sum(axis=1).mean())
    return senses


def _nameless(reader: FeatureReader, text: str, lower: set[str]) -> set[str]:
    """Give the features of a text, without those of words that could be names."""
    names = [
        token
        for sentence in sentences(text)
        for token in sentence
        if token.word not in lower
        and not text[token.start : token.end].isupper()
        and not any(name.startswith(CONCEPT) for name, _, _ in reader.features(token.word))
    ]
    starts, ends = {token.start for token in names}, {token.end for token in names}
    return {name for name, start, end in reader.features(text) if start not in starts and end not in ends}
