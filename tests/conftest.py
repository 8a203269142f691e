"""Options that more than one test file takes, and a reader of texts that says exactly what a test expects."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from types import ModuleType

import pytest

from cc_categorise.categorise.suggestion import Evidence, Suggestion
from cc_categorise.options import TextOptions


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-examples", action="store_true", help="rewrite what examples/*/ expect; read the diff")


CATEGORY_OF = {
    "searched": "misusing-force-systems",
    "system": "misusing-force-systems",
    "told": "disclosure-of-information",
    "passed": "disclosure-of-information",
    "debt": "vulnerability",
    "cocaine": "controlled-drug-use-and-supply",
}


class FewWords:
    """Reads texts by a few words: each adds 2 for its category, and shares of the sums are the probabilities."""

    kind = "a few words"
    review_below = 0.5

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = codes
        self.asked: list[str] = []

    @classmethod
    def load(cls, codes: Sequence[str], options: TextOptions) -> FewWords:
        reader = cls(codes)
        reader.review_below = cls.review_below if options.review_below is None else options.review_below
        return reader

    def scores(self, text: str) -> list[float]:
        found = [CATEGORY_OF[word] for word in re.findall("|".join(CATEGORY_OF), text.lower())]
        return [0.1 + 2 * found.count(code) for code in self.codes]

    def suggest(self, text: str) -> Suggestion:
        self.asked.append(text)
        if len(text.split()) < 3:
            return Suggestion(None, reason="too-few-words" if text.strip() else "no-text")
        found = [(match, CATEGORY_OF[match[0].lower()]) for match in re.finditer("|".join(CATEGORY_OF), text.lower())]
        scores = dict(zip(self.codes, self.scores(text), strict=True))
        total = sum(scores.values())
        ranked = tuple(sorted(((code, score / total) for code, score in scores.items()), key=lambda pair: -pair[1]))
        (code, confidence), *others = ranked
        further = tuple(other for other, share in others if share > 0.25)
        evidence = tuple(Evidence(match.start(), match.end(), of, "word", 2.0) for match, of in found)
        return Suggestion(code, confidence, further, ranked, evidence)


@pytest.fixture
def few_words(monkeypatch: pytest.MonkeyPatch) -> type[FewWords]:
    """Let texts be read by a few words."""
    module = ModuleType("cc_categorise.categorise.text")
    module.TextCategoriser = FewWords  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return FewWords
