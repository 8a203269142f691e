"""Indicator phrases: short sayings that point to a category, shipped or a force's own.

Takes YAML, returns phrases, and finds them in sentences: a phrase is found where all its telling words stand in
one sentence, in any order and form, none of them denied.  Knows nothing of weights, models or records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from cc_categorise.categorise.features import Token
from cc_categorise.categorise.words import FUNCTION_WORDS, stem, words
from cc_categorise.errors import PhrasesError
from cc_categorise.yaml_file import read_yaml_model

_LEAST = 2
"""A phrase of fewer telling words would be found everywhere."""
_IDLE = FUNCTION_WORDS.union(
    words("about after all also any are as at be because been being but by can could did do does from get got had has"),
    words("have he him i if into is it just may me my no not off on one only our out own she so some somebody someone"),
    words(
        "than that them then there they this those to too up us was we were what when where which who whose will with"
    ),
    words("without would you your"),
    ("that's", "it's", "he's", "she's", "they're"),
)
"""Words that say nothing of what was done."""


class Phrases(BaseModel):
    """Indicator phrases by category code: the content of `phrases.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    schema_version: Literal[1]
    phrases: dict[str, tuple[Annotated[str, Field(min_length=1, max_length=200)], ...]]


class Found(NamedTuple):
    """A phrase found in a sentence, and the words that make it."""

    code: str
    phrase: str
    tokens: tuple[Token, ...]


def load_phrases(path: Path | None, codes: Collection[str]) -> Phrases:
    """Read indicator phrases; without a path, those that are shipped.

    Raises:
        PhrasesError: The file breaks a rule of the format, names a category that the scheme does not have, or
            holds a phrase with fewer than two telling words.
    """
    own = path or Path(__file__).parent / "phrases.yaml"
    phrases = read_yaml_model(own, Phrases, PhrasesError, "phrases")[0]
    if path and (strange := sorted(set(phrases.phrases) - set(codes))):
        raise PhrasesError(f"no such category: {strange[0][:40]!r}", where=str(path), hint="codes: " + ", ".join(codes))
    if path:
        for code, each in phrases.phrases.items():
            if short := [number for number, phrase in enumerate(each, 1) if len(telling(phrase.split())) < _LEAST]:
                where, hint = f"{path}: phrases.{code}[{short[0]}]", "add the words that make it telling"
                raise PhrasesError("the phrase has fewer than two telling words", where=where, hint=hint)
    return phrases


def telling(found: Iterable[str]) -> frozenset[str]:
    """Give the stems of the words that carry a phrase's meaning."""
    return frozenset(stem(word) for word in map(str.lower, found) if word not in _IDLE)


class PhraseFinder:
    """Finds phrases in sentences.

    Args:
        phrases: What to find.
    """

    def __init__(self, phrases: Phrases) -> None:
        every = [(c, p, telling(p.split())) for c, each in phrases.phrases.items() for p in each]
        every = [each for each in every if len(each[2]) >= _LEAST]
        common: dict[str, int] = defaultdict(int)
        for _, _, stems in every:
            for each in stems:
                common[each] += 1
        self._by_rarest: dict[str, list[tuple[str, str, frozenset[str]]]] = defaultdict(list)
        for code, phrase, stems in every:
            self._by_rarest[min(stems, key=lambda each: (common[each], each))].append((code, phrase, stems))

    def find(self, sentence: list[Token]) -> Iterator[Found]:
        """Give every phrase whose telling words all stand in a sentence, none of them denied."""
        at: dict[str, Token] = {}
        for token in sentence:
            if not token.is_denied and token.word not in _IDLE:
                at.setdefault(stem(token.word), token)
        for each in at:
            for code, phrase, stems in self._by_rarest.get(each, ()):
                if stems <= at.keys():
                    yield Found(code, phrase, tuple(sorted((at[s] for s in stems), key=lambda t: t.start)))
