"""Slips of the typist: a word that nobody knows, read as the one known word that it is a slip away from.

Takes words in small letters, returns words.  Knows nothing of texts or categories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

_SHORTEST = 5
"""A shorter word is a slip away from too many others."""


class Spelling:
    """Mends words, each distinct one once.

    Args:
        likely: Words that a slip is read as.
        known: Others that are right as they are.
    """

    def __init__(self, likely: Iterable[str], known: Iterable[str] = ()) -> None:
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in likely:
            self._by_length[len(word)].append(word)
        self._mended = {word: word for words in (*self._by_length.values(), known) for word in words}

    def mend(self, word: str) -> str:
        """Give the likely word that is one letter added, left out, changed or swapped away, if there is just one."""
        if len(word) < _SHORTEST or not word.isalpha():
            return word
        if (mended := self._mended.get(word)) is None:
            mended = self._mended[word] = self._near(word)
        return mended

    def _near(self, word: str) -> str:
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - a compiled module that most texts do without
        from rapidfuzz.process import extract  # noqa: PLC0415

        lengths = range(len(word) - 1, len(word) + 2)
        near = [
            each for n in lengths for each in extract(word, self._by_length[n], scorer=OSA.distance, score_cutoff=1)
        ]
        return near[0][0] if len(near) == 1 else word
