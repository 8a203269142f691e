"""Measure the model that is shipped, and write the figures into docs/model-card.md.

Run by `make evaluate`.  The development entries are for measuring alone: nothing learns from them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "training"))

import shipped  # noqa: E402 - it stands beside the data
from vocabulary import sense_vectors  # noqa: E402

from cc_categorise.categorise.accuracy import Judged, measured, share, summary  # noqa: E402
from cc_categorise.categorise.features import SENSE  # noqa: E402
from cc_categorise.categorise.phrases import PhraseFinder, load_phrases  # noqa: E402
from cc_categorise.categorise.text import SHIPPED_PHRASE, TextCategoriser, vectors_of  # noqa: E402
from cc_categorise.categorise.training import Example, Learner  # noqa: E402
from cc_categorise.categorise.weights import Weights, read_model, shipped_model  # noqa: E402
from cc_categorise.figures import Listing, figure  # noqa: E402
from cc_categorise.options import TextOptions  # noqa: E402
from cc_categorise.render.as_markdown import listing_markdown  # noqa: E402
from cc_categorise.scheme import load_scheme  # noqa: E402

CARD = HERE.parent / "docs" / "model-card.md"
SCHEME = load_scheme().scheme
CODES = SCHEME.codes
TYPOS = 0.04

Entry = dict[str, Any]
Cells = tuple[str | int, ...]


def entries(name: str) -> list[Entry]:
    """Read entries: text, primary and acceptable as numbers of categories."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def judged(reader: TextCategoriser, given: Sequence[Entry], change: Callable[[str], str] = str) -> list[Judged]:
    """Hold what a reader suggests against what people chose."""
    found = [reader.suggest(change(str(one["text"]))) for one in given]
    chosen = [(CODES[one["primary"] - 1], frozenset(CODES[n - 1] for n in one["acceptable"])) for one in given]
    return [Judged(suggestion, code, among) for suggestion, (code, among) in zip(found, chosen, strict=True)]


def typos(text: str) -> str:
    """Spoil one letter in twenty-five: dropped, doubled, another, or one more; always alike."""
    chance = random.Random(text)  # noqa: S311 - no secret

    def spoilt(letter: str) -> str:
        other = chance.choice("etaoinsrhl")
        return chance.choice(("", letter * 2, other, other + letter))

    return "".join(spoilt(c) if c.isalpha() and chance.random() < TYPOS else c for c in text)


def tables() -> Iterator[tuple[str, str]]:
    """Give each generated part of the card with its name."""
    dev, plain = entries("dev.jsonl"), entries("plain.jsonl")
    rows: list[Cells] = []
    for vectors in (False, True):
        reader = TextCategoriser.load(CODES, TextOptions(vectors=vectors))
        found = judged(reader, dev)
        facts = summary(found, CODES, reader.review_below)
        columns = ("what is read", *(name.replace("_", " ") for name in facts))
        rows.append((reader.kind, *facts.values()))
        told = measured(found, CODES, reader.kind, reader.review_below)
        for one in told.lists:
            yield f"{one.name}-{'both' if vectors else 'lexical'}", listing_markdown(one)
        others = {
            "as given": share(found),
            "in capitals": share(judged(reader, dev, str.upper)),
            "typos in 4% of letters": share(judged(reader, dev, typos)),
            "plain records": share(judged(reader, plain)),
        }
        start = time.perf_counter()
        for entry in dev:
            reader.suggest(" ".join((str(entry["text"]) * 3).split()[:60]))
        speed = len(dev) / (time.perf_counter() - start)
        named = (reader.kind, *(figure(each) for each in others.values()), f"{speed:.0f}")
        yield (
            f"robust-{'both' if vectors else 'lexical'}",
            listing_markdown(Listing(("what is read", *others, "records/s"), [named])),
        )
    turned = [(name, *(row[number] for row in rows)) for number, name in enumerate(columns) if number]
    yield "accuracy", listing_markdown(Listing((columns[0], *(str(row[0]) for row in rows)), turned))
    yield "size", f"{len(read_model().features):,} features, {shipped_model().stat().st_size / 1e6:.1f} MB.\n"


def ablations() -> Iterator[tuple[str, str]]:
    """Leave parts out, or learn from parts of the data without sentence vectors, and measure each; takes minutes."""
    every, dev, whole = list(shipped.examples()), entries("dev.jsonl"), read_model()
    read: dict[str, NDArray[np.floating[Any]]] = {}
    finder = [(PhraseFinder(load_phrases(None, CODES)), SHIPPED_PHRASE)]
    like_entries = replace(whole, bias=whole.bias + prior_of(dev))
    wordless = replace(whole, weights=np.zeros_like(whole.weights), bias=np.zeros_like(whole.bias))

    def row(what: str, n: int, model: Weights, *, vectors: bool = False) -> Cells:
        finders = [] if model is wordless else finder
        reader = TextCategoriser(model, CODES, finders, vectors_of(model) if vectors else None)
        found = judged(reader, dev)
        return (what, n, figure(share(found)), summary(found, CODES, 0)["acceptable_among_first_3"])

    def learnt(what: str, some: Sequence[Example], kinds: str = "wcsk") -> Cells:
        start = of_kinds(shipped.blank(some), kinds)
        senses = sense_vectors(start, read) if SENSE in kinds else None
        return row(what, len(some), Learner(some, start, None, senses).learn())

    phrases = [one for one in every if one.group == shipped.PHRASES]
    columns = ("learnt from", "texts", "acceptable", "first 3")
    common, n = "with the categories as common as in the development entries", len(every)
    rows = [
        row("everything", n, whole),
        row("everything, with sentence vectors", n, whole, vectors=True),
        row("sentence vectors alone", n, wordless, vectors=True),
        learnt("phrases alone", phrases),
        learnt("invented records alone", [one for one in every if one.group != shipped.PHRASES]),
        learnt("everything, without concepts", every, "wcs"),
        learnt("everything, without senses", every, "wck"),
        row(f"everything, {common}", n, like_entries),
        row(f"everything, with sentence vectors, {common}", n, like_entries, vectors=True),
    ]
    yield "ablations", listing_markdown(Listing(columns, rows))
    shuffled = sorted(every, key=lambda one: random.Random(one.text).random())  # noqa: S311 - no secret
    parts = [(f"1 in {n}", shuffled[::n]) for n in (8, 4, 2)]
    yield "curve", listing_markdown(Listing(columns, [*(learnt(name, some) for name, some in parts), rows[0]]))


def of_kinds(start: Weights, kinds: str) -> Weights:
    """Leave some kinds of feature in a vocabulary."""
    kept = [row for row, name in enumerate(start.features) if name[0] in kinds]
    features = tuple(start.features[row] for row in kept)
    return replace(start, features=features, weights=start.weights[kept], idf=start.idf[kept])


def prior_of(dev: Sequence[Entry]) -> NDArray[np.float32]:
    """Give what the scores of the categories need to be as common as in the entries."""
    n = [sum(CODES[one["primary"] - 1] == code for one in dev) for code in CODES]
    prior: NDArray[np.float32] = np.log(np.array(n) / sum(n) * len(n)).astype(np.float32)
    return prior


def main() -> None:
    """Write the figures into the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ablations", action="store_true", help="also learn from parts of the data: takes minutes")
    chosen = parser.parse_args()
    parts = dict(tables())
    if chosen.ablations:
        parts |= dict(ablations())
    text = CARD.read_text(encoding="utf-8")
    for name, table in parts.items():
        before, mark, rest = text.partition(f"<!-- figures: {name} -->\n")
        if not mark:
            sys.exit(f"docs/model-card.md has no place for {name}")
        text = before + mark + table + rest[rest.index("<!-- end -->") :]
    CARD.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
