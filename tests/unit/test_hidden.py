"""The hidden layer of sentence vectors: its slopes are true, it learns what is there, and always alike."""

from __future__ import annotations

import hidden
import numpy as np
import pytest
from hidden import Layer, Texts, learn_layer, scores_of

CHANCE = np.random.default_rng(3)
SIZES = (4, 1, 6)
WANTED = np.eye(4)[[1, 3, 0]]
TEXTS = Texts(CHANCE.normal(size=(11, 5)), CHANCE.random(11), np.cumsum([0, *SIZES]))
STEP = 1e-5


@pytest.fixture
def nothing_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hidden, "WIDTH", 7)
    for name in ("LEFT_OUT_OF_TEXT", "LEFT_OUT_OF_LAYER", "PIECES_LEFT_OUT"):
        monkeypatch.setattr(hidden, name, 0.0)


def surprise(layer: Layer) -> float:
    scores = scores_of(layer, TEXTS, np.arange(len(SIZES)))
    shares = np.log(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True))
    aim = (1 - hidden.UNSURE) * WANTED + hidden.UNSURE / WANTED.shape[1]
    return float(-(aim * shares).sum() / len(SIZES))


@pytest.mark.usefixtures("nothing_left_out")
@pytest.mark.parametrize("part", Layer._fields)
def test_slopes_are_what_a_small_step_changes(part: str) -> None:
    sizes = {"hidden": (5, 7), "hidden_bias": (7,), "gate": (7,), "weights": (7, 4), "bias": (4,)}
    drawn = np.random.default_rng(5)
    layer = Layer(*(0.3 * drawn.normal(size=shape) for shape in sizes.values()))
    texts = TEXTS._replace(states=TEXTS.states.astype(np.float32).astype(float))
    slopes = getattr(hidden._slopes(layer, texts, WANTED, drawn), part)
    for _ in range(4):
        at = tuple(int(drawn.integers(n)) for n in sizes[part])
        moved = np.zeros(sizes[part])
        moved[at] = STEP
        up, down = (surprise(layer._replace(**{part: getattr(layer, part) + way * moved})) for way in (1, -1))
        assert slopes[at] == pytest.approx((up - down) / 2 / STEP, abs=1e-5)


def test_a_layer_learns_what_single_pieces_tell_and_always_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hidden, "WIDTH", 16)
    monkeypatch.setattr(hidden, "SPEED", 0.02)
    drawn = np.random.default_rng(7)
    told = drawn.integers(3, size=640)
    states = drawn.normal(size=(640 * 5, 6)).astype(np.float16)
    states[np.arange(640) * 5 + drawn.integers(5, size=640), told] += 6  # one piece of five tells
    texts = Texts(states, np.ones(640 * 5, np.float32), np.arange(641) * 5)
    wanted = np.eye(3, dtype=np.float32)[told]
    heard, unheard = np.arange(512), np.arange(512, 640)
    layer, again = (learn_layer(texts, wanted, heard) for _ in range(2))
    assert (scores_of(layer, texts, unheard).argmax(axis=1) == told[unheard]).mean() > 0.9
    assert all(np.array_equal(one, other) for one, other in zip(layer, again, strict=True))
