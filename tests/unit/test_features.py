"""What a text is taken apart into, what phrases are found in it, and what never becomes part of a model."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vocabulary import blank_model

from cc_categorise import load_scheme
from cc_categorise.categorise.features import FeatureReader, load_lexicon, mender, sentences
from cc_categorise.categorise.phrases import PhraseFinder, Phrases, load_phrases
from cc_categorise.categorise.text import TextCategoriser
from cc_categorise.categorise.weights import read_model
from cc_categorise.errors import PhrasesError
from cc_categorise.options import TextOptions

CODES = load_scheme().scheme.codes
READER = FeatureReader(load_lexicon())


def names(text: str) -> set[str]:
    return {name for name, _, _ in READER.features(text)}


def found(phrase: str, text: str) -> bool:
    finder = PhraseFinder(Phrases(schema_version=1, phrases={"other": (phrase,)}))
    return any(True for sentence in sentences(text) for _ in finder.find(sentence))


def test_capitals_and_the_kind_of_apostrophe_make_no_difference() -> None:
    assert names("He didn\u2019t LEAK it") == names("he didn't leak it")


def test_a_number_is_no_feature() -> None:
    assert names("ref 4471 of 12/03/2024 and 07700900123") == names("ref of and")


def test_what_is_denied_is_another_feature_until_the_clause_ends() -> None:
    assert "wnot leaked" in names("no sign he leaked it")
    assert "wleaked" not in names("no sign he leaked it")
    assert "wleaked" in names("no doubt, but he leaked it")
    assert "wleaked" in names("No doubt. He leaked it")


def test_a_short_form_is_read_as_its_words() -> None:
    assert {"worganised", "wcrime", "kcrime-group"} <= names("linked to an OCG")


def test_a_line_that_is_wrapped_is_no_end_of_a_sentence_and_a_blank_line_is() -> None:
    assert names("He leaked it\nto a reporter") == names("He leaked it to a reporter")
    assert [len(sentence) for sentence in sentences("He leaked it\r\n\r\nA reporter rang")] == [3, 3]


def test_a_text_without_a_stop_has_pairs_within_two_hundred_words() -> None:
    words, many = "he told a friend who owes money to a dealer ", 50
    times = Counter(map(len, sentences(words * many)))
    assert times == {200: 2, 100: 1}
    assert len(list(READER.features(words * many))) < 20 * len(list(READER.features(words * 10)))


def test_what_is_denied_belongs_to_no_concept() -> None:
    assert "ktell" in names("he leaked it")
    assert not {name for name in names("no sign he leaked it") if "tell" in name}


def test_a_sense_is_a_word_without_its_possessive_and_nothing_that_is_denied_has_one() -> None:
    assert {"sdealer", "sorganised"} <= names("the dealer's friend is of an OCG")
    assert "sdealer" not in names("no dealer was met")


def test_concepts_of_one_sentence_go_together_and_those_of_two_do_not() -> None:
    assert "kjournalist+tell" in names("leaked it to a reporter")
    assert "kjournalist+tell" not in names("He leaked it. A reporter rang.")


@given(st.text(max_size=200))
def test_every_feature_stands_where_words_stand(text: str) -> None:
    tokens = [token for sentence in sentences(text) for token in sentence]
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    assert all(start in starts and end in ends for _, start, end in READER.features(text))
    assert all(text[token.start : token.end].lower().replace("\u2019", "'") for token in tokens)


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        pytest.param("A file was burned after hours.", True, id="in-order"),
        pytest.param("after burning all of it, the files were ash", True, id="other-order-and-form"),
        pytest.param("he did not burn the file", False, id="denied"),
        pytest.param("He burned toast. The file is safe.", False, id="two-sentences"),
    ],
)
def test_a_phrase_is_found_by_its_telling_words(text: str, is_there: bool) -> None:  # noqa: FBT001 - a case
    assert found("burning the file", text) is is_there


@pytest.mark.parametrize(
    ("content", "named"),
    [
        pytest.param("schema_version: 1\nphrases:\n  no-such: [sold the list]\n", "no such category", id="category"),
        pytest.param("schema_version: 1\nphrases:\n  other: [sold it]\n", "two telling words", id="too-short"),
        pytest.param("schema_version: 1\nphrases: 3\n", "keys and values", id="form"),
    ],
)
def test_a_file_of_phrases_that_cannot_be_used_is_refused(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PhrasesError, match=named):
        load_phrases(path, CODES)


def test_shipped_phrases_are_of_known_categories_and_each_stands_once() -> None:
    phrases = load_phrases(None, CODES).phrases
    assert set(phrases) == set(CODES)
    every = [phrase.casefold() for each in phrases.values() for phrase in each]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("word", "read_as"),
    [
        pytest.param("gamblng", "gambling", id="left-out"),
        pytest.param("gambbling", "gambling", id="added"),
        pytest.param("gmabling", "gambling", id="swapped"),
        pytest.param("gambling", "gambling", id="right"),
        pytest.param("dept", "dept", id="too-short"),
        pytest.param("stored", "stored", id="two-near"),
        pytest.param("quokka", "quokka", id="none-near"),
    ],
)
def test_a_slip_is_read_as_the_one_word_that_is_near(word: str, read_as: str) -> None:
    assert mender(["gambling", "debt", "stores", "store"])(word) == read_as


def test_a_misspelt_text_gets_the_evidence_of_the_right_one_where_it_stands() -> None:
    reader = TextCategoriser.load(CODES, TextOptions(vectors=False))
    found = reader.suggest("He has a gamblng probelm and bailifs at the door")
    assert found.code == "vulnerability"
    assert all(0 <= one.start < one.end <= 48 for one in found.evidence)


def test_names_numbers_and_rare_words_are_not_in_a_vocabulary() -> None:
    texts = ["He met Zebedee at the yard 99", "She saw Zebedee in the yard 99", "a solitary quokka"]
    model = blank_model(texts, CODES, "[UNK]", (), {})
    assert "wyard" in model.features
    assert not [name for name in model.features if re.search(r"zeb|99|quokka", name)]


def test_the_shipped_vocabulary_holds_no_number() -> None:
    assert not [name for name in read_model().features if re.search(r"\d", name)]
