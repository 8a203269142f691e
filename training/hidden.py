"""The hidden layer of sentence vectors: what is looked for in each piece of a word, in its place.

Takes what the language model makes of each piece, and the categories of the texts, returns the layer and the weights
on top of it.  Learnt in small batches with numpy alone; the same texts give the same layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import cos, pi
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cc_categorise.categorise.vectors import ROOM, SentenceVectors, gated, vector_of

Numbers = NDArray[np.floating[Any]]
Rows = NDArray[np.integer[Any]]

WIDTH = 512
ROUNDS = 8
"""How often each text is seen."""

BATCH = 64
SPEED = 1e-3
"""How far a number may move in one step, at the most; it rises to this in half a round, and falls to nothing."""

SHRINK = 0.05
UNSURE = 0.1
"""The share of each text that is given to all categories alike, so that no score grows without end."""

LEFT_OUT_OF_TEXT, LEFT_OUT_OF_LAYER, PIECES_LEFT_OUT = 0.2, 0.4, 0.15
"""The share of dimensions, of the layer's values and of pieces that each step does without, others each time."""

_FADE, _FADE_SQUARE = 0.9, 0.999
_TINY = 1e-8


class Layer(NamedTuple):
    """What is looked for in a piece, and what it says.

    Attributes:
        hidden: What is looked for (states x width).
        hidden_bias: From where on (width).
        gate: What makes a piece count more than others of its text, in logarithms (width).
        weights: What it says for each category, in logits (width x categories).
        bias: Logits (categories).
    """

    hidden: Numbers
    hidden_bias: Numbers
    gate: Numbers
    weights: Numbers
    bias: Numbers


class Texts(NamedTuple):
    """Texts as the language model reads them.

    Attributes:
        states: What it makes of each piece, text after text (pieces x states); halves, to need half the memory.
        counts: What each piece counts for (pieces).
        first: The first piece of each text, and one past the last of all.
    """

    states: Numbers
    counts: Numbers
    first: Rows


def read_texts(texts: Iterable[str], reader: SentenceVectors, counts: Numbers) -> Texts:
    """Read texts; counts are of each piece that there is, by its number."""
    read = [(pieces.numbers, pieces.rows.astype(np.float16)) for pieces in map(reader.pieces, texts)]
    first = np.cumsum([0, *(len(numbers) for numbers, _ in read)])
    numbers = [number for own, _ in read for number in own]
    return Texts(np.concatenate([rows for _, rows in read]), counts[numbers], first)


def scores_of(layer: Layer, texts: Texts, some: Rows) -> Numbers:
    """Give what a layer says of some texts (texts x categories)."""

    def vector(text: int) -> Numbers:
        own = slice(texts.first[text], texts.first[text + 1])
        states = texts.states[own].astype(np.float32)
        summed: Numbers = vector_of(states, texts.counts[own], *layer[:3]).sum(axis=0)
        return summed

    scores: Numbers = np.array([vector(text) for text in some]) @ layer.weights + layer.bias
    return scores


def learn_layer(texts: Texts, wanted: Numbers, some: Rows) -> Layer:
    """Learn the layer.

    Args:
        texts: Texts, each of one piece at least.
        wanted: 1 for the category of each text, 0 for others (texts x categories).
        some: The texts to learn from.
    """
    chance = np.random.default_rng(1)
    layer = _beginning(texts.states.shape[1], wanted.shape[1], chance)
    means, squares = Layer(*map(np.zeros_like, layer)), Layer(*map(np.zeros_like, layer))
    n_steps = ROUNDS * (len(some) // BATCH)
    batches = (batch for _ in range(ROUNDS) for batch in _batches(some, chance))
    for step, batch in enumerate(batches, start=1):
        slopes = _slopes(layer, _some_of(texts, batch), wanted[batch], chance)
        means = Layer(*(_FADE * mean + (1 - _FADE) * slope for mean, slope in zip(means, slopes, strict=True)))
        squares = Layer(
            *(_FADE_SQUARE * each + (1 - _FADE_SQUARE) * slope**2 for each, slope in zip(squares, slopes, strict=True))
        )
        speed = SPEED * min(1, 2 * ROUNDS * step / n_steps) * (1 + cos(pi * step / n_steps)) / 2
        fair, fair_square = 1 - _FADE**step, 1 - _FADE_SQUARE**step
        layer = Layer(
            *(
                part - speed * (mean / fair / (np.sqrt(square / fair_square) + _TINY) + SHRINK * part)
                for part, mean, square in zip(layer, means, squares, strict=True)
            )
        )
    return layer


def _beginning(n_states: int, n_categories: int, chance: np.random.Generator) -> Layer:
    def some(*shape: int, spread: float) -> Numbers:
        return (spread * chance.standard_normal(shape)).astype(np.float32)

    hidden = some(n_states, WIDTH, spread=n_states**-0.5)
    weights = some(WIDTH, n_categories, spread=0.1 * WIDTH**-0.5)
    nothing = np.zeros(WIDTH, np.float32)
    return Layer(hidden, nothing, nothing, weights, np.zeros(n_categories, np.float32))


def _batches(some: Rows, chance: np.random.Generator) -> Iterator[Rows]:
    order = chance.permutation(some)
    yield from np.split(order[: len(order) // BATCH * BATCH], len(order) // BATCH)


def _some_of(texts: Texts, some: Rows) -> Texts:
    at = np.concatenate([np.arange(texts.first[text], texts.first[text + 1]) for text in some])
    first = np.cumsum([0, *(texts.first[some + 1] - texts.first[some])])
    return Texts(texts.states[at].astype(np.float32), texts.counts[at], first)


def _slopes(layer: Layer, texts: Texts, wanted: Numbers, chance: np.random.Generator) -> Layer:
    """Give how the surprise at the categories of some texts changes with each number of the layer."""

    def kept(*shape: int, without: float) -> Numbers:
        return (chance.random(shape, dtype=np.float32) >= without) / np.float32(1 - without)

    n_texts = len(wanted)
    text_of = np.repeat(np.arange(n_texts), np.diff(texts.first))
    states = texts.states * kept(n_texts, texts.states.shape[1], without=LEFT_OUT_OF_TEXT)[text_of]
    left = kept(len(states), WIDTH, without=LEFT_OUT_OF_LAYER)
    seen = np.maximum(states @ layer.hidden + layer.hidden_bias, 0) * left
    counts = texts.counts * (chance.random(len(states)) >= PIECES_LEFT_OUT) * gated(seen, layer.gate)
    lengths = np.sqrt(np.bincount(text_of, counts**2, n_texts) + ROOM)
    shares = (counts / lengths[text_of]).astype(np.float32)
    vectors = np.add.reduceat(seen * shares[:, None], texts.first[:-1], axis=0)
    scores = vectors @ layer.weights + layer.bias
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    off = (raised / raised.sum(axis=1, keepdims=True) - (1 - UNSURE) * wanted - UNSURE / wanted.shape[1]) / n_texts
    back = (off @ layer.weights.T)[text_of]
    told = (back * seen).sum(axis=1) * shares
    gates = (told - shares**2 * np.bincount(text_of, told, n_texts)[text_of]).astype(np.float32)
    back = (back * shares[:, None] + np.outer(gates, layer.gate)) * left * (seen > 0)
    return Layer(states.T @ back, back.sum(axis=0), gates @ seen, vectors.T @ off, off.sum(axis=0))
