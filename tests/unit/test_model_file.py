"""The model file: plain arrays, the same bytes for the same model, and anything else refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cc_categorise.categorise.text import TextCategoriser
from cc_categorise.categorise.weights import model_bytes, read_model, shipped_model
from cc_categorise.errors import ModelError

LARGEST = 5_000_000


def test_a_model_written_and_read_is_the_same_model_and_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "again.npz"
    path.write_bytes(model_bytes(read_model()))
    assert path.read_bytes() == shipped_model().read_bytes()


def test_the_shipped_model_is_small_and_holds_no_objects() -> None:
    assert shipped_model().stat().st_size <= LARGEST
    with np.load(shipped_model(), allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "fu" for name in stored.files)


def changed(path: Path, **arrays: np.ndarray) -> Path:
    with np.load(shipped_model(), allow_pickle=False) as stored:
        np.savez(path, **({name: stored[name] for name in stored.files} | arrays))
    return path


@pytest.mark.parametrize(
    ("content", "named"),
    [
        pytest.param(b"", "no model file", id="empty"),
        pytest.param(b"PK\x03\x04 not a zip", "no model file", id="torn"),
        pytest.param(b"Reference,Category\nR1,Other\n", "no model file", id="an-export"),
    ],
)
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes, named: str) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=named):
        read_model(path)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such model"):
        read_model(tmp_path / "none.npz")


def test_a_model_of_another_format_is_refused_with_both_numbers(tmp_path: Path) -> None:
    head = np.frombuffer(json.dumps({"format": 99}).encode(), dtype=np.uint8)
    with pytest.raises(ModelError, match="format 99, and this program reads format 3"):
        read_model(changed(tmp_path / "new.npz", head=head))


def test_a_pickled_array_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model file"):
        read_model(changed(tmp_path / "objects.npz", bias=np.array([{}], dtype=object)))


def test_arrays_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="do not fit"):
        read_model(changed(tmp_path / "short.npz", bias=np.zeros(3, dtype=np.float16)))


def test_only_categories_of_the_scheme_are_suggested() -> None:
    two = ("other", "theft-and-fraud")
    found = TextCategoriser(replace(read_model()), two).suggest("leaked a story to a reporter")
    assert {code for code, _ in found.ranked} == set(two)
    with pytest.raises(ModelError, match="no category of the scheme"):
        TextCategoriser(read_model(), ("of-our-own",))
