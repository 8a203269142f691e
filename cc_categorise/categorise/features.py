"""A text as the features that a model weighs: words, pairs of words, letters within words, senses, and concepts.

Takes a text and the lexicon, returns features, each with the stretch of the text it was seen in.  Case does not
matter and numbers are no features.  What is denied ("no suggestion he passed it on") gives other features than the
same words said outright.  Knows nothing of categories, weights or files of records.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from cc_categorise.categorise.words import words
from cc_categorise.errors import SchemeError
from cc_categorise.yaml_file import read_yaml_model

WORD, LETTERS, SENSE, CONCEPT = "w", "c", "s", "k"
"""The kinds of feature: the first character of each.

A sense is a word once more, without its ending 's, whose weight comes from what a language model makes of the word:
words of like meaning have like weights, whether or not a text to learn from had them.
"""

Feature = tuple[str, int, int]
"""A feature, and the first and one past the last character of where it was seen."""

APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'"})
"""Turns the apostrophes that programs write into the one of the keyboard."""

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|£|[.!?;:]|\n\s*\n")
_STOPS = frozenset(".!?;:\n")
_DENIALS = frozenset(words("no not never nothing without neither nor cannot denies denied")) | {
    *("don't", "doesn't", "didn't", "isn't", "wasn't", "hasn't", "hadn't", "couldn't", "wouldn't")
}
_CLAUSES = frozenset(words("and but however although though yet except instead then"))
_REACH = 7
"""How many words after a denial are denied, unless the clause ends before."""
_LONGEST_SENTENCE = 200
"""Words: pairs are formed within a sentence, and a text without a stop must not have millions of them."""
_GRAMS = range(3, 6)
_LONGEST = 30
_SHORTEST_MENDED = 5
"""A shorter word that nobody knows is a slip away from too many others."""

Terms = tuple[Annotated[str, Field(min_length=1, max_length=60)], ...]


class Lexicon(BaseModel):
    """Short forms, and words that mean much the same: the content of `lexicon.yaml`.

    Attributes:
        schema_version: Of the format.
        abbreviations: What a short form stands for.
        concepts: The words of each concept; a star stands for any ending, several words for a run of words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    schema_version: Literal[1]
    abbreviations: dict[str, Annotated[str, Field(min_length=1)]]
    concepts: dict[str, Terms]

    @cached_property
    def terms(self) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        """Give, by its first word, each term as its words, with its concept."""
        found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for concept, terms in self.concepts.items():
            for parts in (tuple(term.split()) for term in terms):
                found.setdefault(parts[0], []).append((parts, concept))
        return found


def load_lexicon() -> Lexicon:
    """Read the lexicon that is shipped.

    Raises:
        SchemeError: It was damaged.
    """
    return read_yaml_model(Path(__file__).parent / "lexicon.yaml", Lexicon, SchemeError, "lexicon")[0]


class Token(NamedTuple):
    """A word of a text, in small letters, where it stands, and whether it is denied."""

    word: str
    start: int
    end: int
    is_denied: bool


def sentences(text: str) -> Iterator[list[Token]]:
    """Cut a text into sentences of words; numbers and punctuation are left out, and no sentence is empty."""
    sentence: list[Token] = []
    left = 0
    for match in _TOKEN.finditer(text.translate(APOSTROPHES)):
        word = match[0].lower()
        if word[0] in _STOPS:
            if sentence:
                yield sentence
            sentence, left = [], 0
            continue
        left = 0 if word in _CLAUSES else left
        sentence.append(Token(word, match.start(), match.end(), left > 0))
        left = _REACH if word in _DENIALS else max(left - 1, 0)
        if len(sentence) == _LONGEST_SENTENCE:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def mender(likely: Iterable[str], known: Iterable[str] = ()) -> Callable[[str], str]:
    """Make a function that mends slips of the typist, each distinct word once.

    A word that is neither likely nor known is read as the likely one that is one letter added, left out, changed or
    swapped away, if there is just one.
    """
    by_length: dict[int, list[str]] = defaultdict(list)
    for word in likely:
        by_length[len(word)].append(word)
    right = {*known}.union(*by_length.values())

    @cache
    def mend(word: str) -> str:
        if len(word) < _SHORTEST_MENDED or not word.isalpha() or word in right:
            return word
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - a compiled module that most texts do without
        from rapidfuzz.process import extract  # noqa: PLC0415

        lengths = range(len(word) - 1, len(word) + 2)
        near = [each for n in lengths for each in extract(word, by_length[n], scorer=OSA.distance, score_cutoff=1)]
        return near[0][0] if len(near) == 1 else word

    return mend


class FeatureReader:
    """Reads texts by one lexicon; each distinct word is taken apart once.

    Args:
        lexicon: Short forms and concepts.
        mend: Puts a word right that is spelt wrong; as it stands, words are left alone.
    """

    def __init__(self, lexicon: Lexicon, mend: Callable[[str], str] = str) -> None:
        self._lexicon = lexicon
        self._mend = mend
        self._of_word: dict[str, tuple[list[str], list[str], list[tuple[tuple[str, ...], str]]]] = {}

    def features(self, text: str) -> Iterator[Feature]:
        """Give the features of a text, once for each time they are seen."""
        return self.features_of(self.sentences(text))

    def features_of(self, cut: Iterable[list[Token]]) -> Iterator[Feature]:
        """Give the features of a text that was cut into sentences."""
        for sentence in cut:
            yield from self._words(sentence)
            yield from self._concepts(sentence)

    def sentences(self, text: str) -> Iterator[list[Token]]:
        """Cut a text into sentences, as `sentences` does, with its words put right."""
        for sentence in sentences(text):
            yield [token._replace(word=self._mend(token.word)) for token in sentence]

    def _words(self, sentence: list[Token]) -> Iterator[Feature]:
        before = None
        for word, start, end, is_denied in sentence:
            names = self._apart(word)[0]
            if is_denied:
                yield f"{WORD}not {word}", start, end
            else:
                for name in names:
                    yield name, start, end
            if before:
                yield f"{WORD}{before.word} {word}", before.start, end
            before = Token(word, start, end, is_denied)

    def _concepts(self, sentence: list[Token]) -> Iterator[Feature]:
        """Give each concept not denied, and each pair of concepts in one sentence, once and where it stands first."""
        seen: list[Feature] = []
        for number, token in enumerate(sentence):
            if token.is_denied:
                continue
            _, own, runs = self._apart(token.word)
            seen += [(concept, token.start, token.end) for concept in own]
            for parts, concept in runs:
                run = sentence[number : number + len(parts)]
                if len(run) == len(parts) and all(map(_is, parts, run)):
                    seen.append((concept, token.start, run[-1].end))
        yield from ((CONCEPT + concept, start, end) for concept, start, end in seen)
        pairs: dict[str, tuple[int, int]] = {}
        for number, (one, start, end) in enumerate(seen):
            for other, _, later in seen[number + 1 :]:
                if one != other:
                    pairs.setdefault(f"{CONCEPT}{min(one, other)}+{max(one, other)}", (start, max(end, later)))
        yield from ((name, start, end) for name, (start, end) in pairs.items())

    def _apart(self, word: str) -> tuple[list[str], list[str], list[tuple[tuple[str, ...], str]]]:
        """Give a word's own features, the concepts it belongs to by itself, and the runs that begin with it."""
        if (known := self._of_word.get(word)) is None:
            padded = f" {word[:_LONGEST]} "
            parts = (word, *self._lexicon.abbreviations.get(word, "").split())
            names = [WORD + part for part in parts] + [SENSE + part.removesuffix("'s") for part in parts]
            names += [LETTERS + padded[i : i + n] for n in _GRAMS for i in range(len(padded) - n + 1)]
            beginnings = (word, *(word[:n] + "*" for n in range(2, len(word) + 1)))
            terms = [term for beginning in beginnings for term in self._lexicon.terms.get(beginning, ())]
            own = list(dict.fromkeys(concept for parts, concept in terms if len(parts) == 1))
            known = names, own, [term for term in terms if len(term[0]) > 1]
            self._of_word[word] = known
        return known


def _is(wanted: str, token: Token) -> bool:
    return token.word.startswith(wanted[:-1]) if wanted.endswith("*") else token.word == wanted
