"""What the small language model makes of a text: one row for each piece, whose sum stands for the text."""

from __future__ import annotations

import numpy as np
import pytest

from cc_categorise.categorise.text import vectors_of
from cc_categorise.categorise.vectors import STATES, SentenceVectors, WordPieces, is_installed, vector_of
from cc_categorise.categorise.weights import read_model

PIECES = "[UNK]\n[CLS]\n[SEP]\nleak\n##ed\nit\n."


@pytest.fixture(scope="module")
def reader() -> SentenceVectors:
    if not is_installed():
        pytest.skip("sentence vectors are not installed")
    return vectors_of(read_model())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("Leaked it.", [3, 4, 5, 6], id="longest-first"),
        pytest.param("l\u00e9aked", [3, 4], id="accents"),
        pytest.param("leaker", [0], id="unknown-end"),
        pytest.param("leak" * 30, [0], id="too-long"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_word_is_cut_into_the_longest_pieces_known_or_is_unknown_as_a_whole(text: str, numbers: list[int]) -> None:
    assert [number for number, _ in WordPieces(PIECES).cut(text)] == numbers


def test_pieces_stand_where_their_word_does() -> None:
    assert [span for _, span in WordPieces(PIECES).cut("it leaked")] == [(0, 2), (3, 9), (3, 9)]


def test_a_text_is_the_sum_of_its_pieces_each_with_the_word_it_is_of(reader: SentenceVectors) -> None:
    text = "she passed the address of a witness to her brother"
    pieces = reader.read(text)
    assert " ".join(text[start:end] for start, end in pieces.spans) == text
    model = read_model()
    told = dict(zip((text[slice(*span)] for span in pieces.spans), pieces.rows @ model.vector_weights, strict=True))
    column = model.codes.index("disclosure-of-information")
    assert told["passed"][column] > told["the"][column]


def test_half_way_and_last_are_both_read(reader: SentenceVectors) -> None:
    rows = reader.pieces("he leaked it").rows
    assert rows.shape == (3, STATES)
    assert not np.allclose(rows[:, : STATES // 2], rows[:, STATES // 2 :])


def test_pieces_that_the_gate_is_open_for_count_for_more() -> None:
    seen = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    even, uneven = (vector_of(seen, np.ones(2), np.eye(2), np.zeros(2), np.array([gate, 0.0])) for gate in (0.0, 2.0))
    assert even[0, 0] == pytest.approx(even[1, 1])
    assert uneven[0, 0] / uneven[1, 1] == pytest.approx(np.exp(2), rel=1e-5)
    assert not np.isnan(vector_of(seen, np.zeros(2), np.eye(2), np.zeros(2), np.zeros(2))).any()


def test_a_text_longer_than_the_model_reads_at_once_is_read_whole(reader: SentenceVectors) -> None:
    pieces = reader.read("he leaked it " * 200)
    assert len(pieces.rows) == len(pieces.numbers) > 254
    assert np.linalg.norm(pieces.rows[-3:]) > 0
