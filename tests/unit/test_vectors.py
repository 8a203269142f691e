"""What the small language model makes of a text: rows that sum to a vector of length 1, and contexts in their place."""

from __future__ import annotations

import numpy as np
import pytest

from cc_categorise.categorise.features import CONTEXT
from cc_categorise.categorise.text import vectors_of
from cc_categorise.categorise.vectors import SentenceVectors, WordPieces, is_installed
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


def test_the_rows_of_a_text_sum_to_a_vector_of_length_one(reader: SentenceVectors) -> None:
    text = "She passed the address of a witness to her brother."
    pieces, contexts = reader.read(text)
    assert np.linalg.norm(pieces.rows.sum(axis=0)) == pytest.approx(1, abs=1e-5)
    assert len(pieces.rows) == len(pieces.spans)
    words = {text[start:end] for _, start, end in contexts}
    assert {"address", "witness"} <= words
    assert words.isdisjoint({"the", "of", "a", "."})
    assert {name for name, _, _ in contexts} <= {name for name in read_model().features if name[0] == CONTEXT}


def test_a_text_longer_than_the_model_reads_at_once_is_read_whole(reader: SentenceVectors) -> None:
    pieces, _ = reader.read("he leaked it " * 200)
    assert len(pieces.rows) == len(pieces.numbers) > 254
    assert np.linalg.norm(pieces.rows[-3:]) > 0
