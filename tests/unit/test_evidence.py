"""What the shipped model suggests for a text, and whether the evidence is what moved the suggestion."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from cc_categorise import load_scheme
from cc_categorise.categorise.text import TextCategoriser
from cc_categorise.categorise.vectors import is_installed
from cc_categorise.categorise.weights import read_model
from cc_categorise.options import TextOptions

CODES = load_scheme().scheme.codes
READ = Path(__file__).parents[2] / "evaluation" / "dev.jsonl"

with (Path(__file__).parents[1] / "data" / "texts.tsv").open(encoding="utf-8", newline="") as stream:
    TEXTS = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
OUTRIGHT = {one["code"]: one["text"] for one in TEXTS if one["id"] == "outright"}
MISLEADING = [pytest.param(one["code"], one["text"], id=one["id"]) for one in TEXTS if one["id"] != "outright"]


@pytest.fixture(scope="module", params=[False, True], ids=["words", "vectors"])
def reader(request: pytest.FixtureRequest) -> TextCategoriser:
    if request.param and not is_installed():
        pytest.skip("sentence vectors are not installed")
    return TextCategoriser.load(CODES, TextOptions(vectors=request.param))


def without(text: str, runs: list[tuple[int, int]]) -> str:
    for start, end in sorted(runs, reverse=True):
        text = text[:start] + text[end:]
    return text


# --- what is suggested


@pytest.mark.parametrize(("code", "text"), [pytest.param(code, text, id=code) for code, text in OUTRIGHT.items()])
def test_conduct_that_is_named_outright_is_recognised(reader: TextCategoriser, code: str, text: str) -> None:
    found = reader.suggest(text)
    assert found.code == code


@pytest.mark.parametrize(("code", "text"), MISLEADING)
def test_what_is_denied_or_only_mentioned_does_not_decide(reader: TextCategoriser, code: str, text: str) -> None:
    found = reader.suggest(text)
    assert found.code == code


@pytest.mark.parametrize("text", ["", " \n", "see log", "as above", "12/03 ref 4471"], ids=repr)
def test_too_little_is_no_suggestion(reader: TextCategoriser, text: str) -> None:
    found = reader.suggest(text)
    assert (found.code, found.evidence, found.ranked) == (None, (), ())
    assert found.reason in ("too-few-words", "no-text")


def test_a_word_that_no_text_to_learn_from_had_counts_by_what_it_is_like() -> None:
    known = read_model().features
    assert "wopium" not in known
    reader = TextCategoriser.load(CODES, TextOptions(vectors=False))
    at = reader.codes.index("controlled-drug-use-and-supply")
    plain, like = (reader.scores(f"He keeps {word} in the drawer")[at] for word in ("zzzzz", "opium"))
    assert like > plain


# --- evidence


def test_evidence_is_a_stretch_of_the_text_and_no_two_stretches_of_one_category_overlap(
    reader: TextCategoriser,
) -> None:
    for text in OUTRIGHT.values():
        found = reader.suggest(f"  {text}\n")
        own = sorted((run.start, run.end) for run in found.evidence if run.code == found.code)
        assert own
        assert all(start < end <= len(text) + 3 for start, end in own)
        assert all(end <= start for (_, end), (start, _) in pairwise(own))
        assert all(run.weight > 0 and run.rule for run in found.evidence)


def test_without_its_evidence_a_suggestion_falls_and_without_other_words_it_stays(reader: TextCategoriser) -> None:
    texts = [json.loads(line)["text"] for line in READ.read_text(encoding="utf-8").splitlines()][::3]
    lowered = turned = turned_by_others = 0
    for text in texts:
        found = reader.suggest(text)
        assert found.code is not None
        runs = [(run.start, run.end) for run in found.evidence if run.code == found.code]
        cut, other = without(text, runs), without(text, elsewhere(text, runs))
        place = reader.codes.index(found.code)
        lowered += reader.scores(cut)[place] < reader.scores(text)[place]
        turned += reader.suggest(cut).code != found.code
        turned_by_others += reader.suggest(other).code != found.code
    assert lowered / len(texts) >= 0.98
    assert turned / len(texts) >= 0.85
    assert turned_by_others / len(texts) <= 0.35


def elsewhere(text: str, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give as many characters as the runs hold, from the front of the text, that belong to none of them."""
    left = sum(end - start for start, end in runs)
    taken = []
    for place in range(len(text)):
        if left and not any(start <= place < end for start, end in runs):
            taken.append((place, place + 1))
            left -= 1
    return taken


# --- the same answer everywhere


def test_the_answer_to_a_text_does_not_depend_on_what_is_read_with_it(reader: TextCategoriser) -> None:
    texts = list(OUTRIGHT.values())
    in_order = [reader.suggest(text) for text in texts]
    assert [reader.suggest(text) for text in texts] == in_order
    assert [reader.suggest(text) for text in reversed(texts)] == in_order[::-1]


def test_line_ends_and_capitals_change_no_category(reader: TextCategoriser) -> None:
    for code, text in OUTRIGHT.items():
        plain, wrapped = (reader.suggest(text.replace(" ", end)) for end in ("\n", "\r\n"))
        assert plain.confidence == pytest.approx(wrapped.confidence)
        assert plain.code == wrapped.code == reader.suggest(text.upper()).code == code


def test_two_runs_of_the_program_give_the_same_bytes(tmp_path: Path) -> None:
    rows = "".join(f'R{number},,"{text}"\n' for number, text in enumerate(OUTRIGHT.values()))
    (tmp_path / "export.csv").write_text(f"Ref,Category,Narrative\n{rows}", encoding="utf-8")
    command = [sys.executable, "-m", "cc_categorise", "assign", "export.csv", "--no-vectors"]
    seeds = ({"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads} for seed, threads in (("1", "1"), ("2", "2")))
    outs = [
        subprocess.run(command, cwd=tmp_path, env={**os.environ, **seed}, capture_output=True, check=True, timeout=60)  # noqa: S603 - this very program
        for seed in seeds
    ]
    assert outs[0].stdout == outs[1].stdout
    assert outs[0].stdout.count(b",text,") == 12
