"""Learning from a force's own records, and measuring suggestions against them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from cc_categorise import RunOptions, load_scheme
from cc_categorise.categorise.accuracy import Judged, calibration_error, coverage_rows, share, summary
from cc_categorise.categorise.suggestion import Suggestion
from cc_categorise.categorise.text import TextCategoriser
from cc_categorise.categorise.training import Example
from cc_categorise.categorise.weights import model_bytes, read_model
from cc_categorise.errors import LearnError
from cc_categorise.options import TextOptions
from cc_categorise.teach import N_FOLDS, evaluate, folds_of, learn

SCHEME = load_scheme().scheme
WORDS = TextOptions(vectors=False)
PLACES = ["Leeds", "Hull", "York", "Derby", "Bath", "Truro", "Wells", "Ely", "Ripon", "Bolton", "Stoke", "Luton"]


def export(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Reference", "Category", "Narrative"])
        writer.writerows((f"R{n}", category, text) for n, (category, text) in enumerate(rows, 1))
    return path


def records(each: int = 12) -> list[tuple[str, str]]:
    """Give invented records of a force that files gifts under Theft and fraud, and dogs under Vulnerability."""
    rows = [("Theft and fraud", f"{place} desk: accepted a hamper from a supplier, case {place}") for place in PLACES]
    rows += [("Vulnerability", f"{place} kennels: handler worn out by her dogs, case {place}") for place in PLACES]
    return [row for n, row in enumerate(rows) if n % len(PLACES) < each]


def judged(*pairs: tuple[str, str, float]) -> list[Judged]:
    return [Judged(Suggestion(code, sure, ranked=((code, sure),)), own, frozenset((own,))) for code, own, sure in pairs]


# --- figures


def test_shares_coverage_and_calibration_of_known_suggestions() -> None:
    four = judged(("a", "a", 0.95), ("a", "b", 0.85), ("b", "b", 0.75), ("b", "b", 0.45))
    assert share(four) == 0.75
    assert calibration_error(four) == pytest.approx((0.05 + 0.85 + 0.25 + 0.55) / 4)
    rows = {row[0]: row for row in coverage_rows(four)}
    assert rows["50%"][1:4] == (2, "0.85", "0.50")
    facts = summary(four, ("a", "b"), 0.8)
    assert (facts["not_sent_to_review"], facts["acceptable_among_them"]) == ("0.50", "0.50")


def test_a_further_category_is_acceptable(tmp_path: Path) -> None:
    path = tmp_path / "further.csv"
    text = "Officer stole cash from the property store"
    path.write_text(f"Ref,Category,Further Categories,Narrative\nR1,Other,Theft and fraud,{text}\n", encoding="utf-8")
    facts = evaluate([path], RunOptions(), WORDS).facts
    assert (facts["exact"], facts["acceptable"]) == ("0.00", "1.00")


def test_without_a_record_to_measure_by_evaluate_refuses(tmp_path: Path) -> None:
    path = export(tmp_path / "none.csv", [("", "leaked a story to a reporter"), ("Other", "see log")])
    with pytest.raises(LearnError, match="no record has both"):
        evaluate([path], RunOptions(), WORDS)


# --- learning


def test_folds_part_the_examples_and_keep_groups_whole_whatever_their_order() -> None:
    examples = [Example(f"text {n}", "other", f"group {n // 3}") for n in range(60)]
    folds = folds_of(examples)
    assert sorted(number for fold in folds for number in fold) == list(range(60))
    assert 1 < len(folds) <= N_FOLDS
    home = {examples[number].group: at for at, fold in enumerate(folds) for number in fold}
    assert all(home[examples[number].group] == at for at, fold in enumerate(folds) for number in fold)


def test_a_force_s_own_habit_is_learnt_and_reported_better(tmp_path: Path) -> None:
    learnt = learn([export(tmp_path / "own.csv", records())], RunOptions(), WORDS)
    assert learnt.is_better
    assert float(learnt.told.facts["right_after"]) > float(learnt.told.facts["right_before"])
    path = tmp_path / "own.npz"
    path.write_bytes(model_bytes(learnt.model))
    again = evaluate([tmp_path / "own.csv"], RunOptions(), TextOptions(vectors=False, model=path))
    assert float(again.facts["exact"]) > 0.9


def test_a_learnt_model_keeps_the_shipped_vocabulary_and_does_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    one = learn([export(tmp_path / "one.csv", records())], RunOptions(), WORDS).model
    two = learn([export(tmp_path / "two.csv", records()[::-1])], RunOptions(), WORDS).model
    assert one.features == read_model().features
    assert model_bytes(one) == model_bytes(two)
    assert b"hamper from a supplier, case" not in model_bytes(one)


def test_too_few_records_of_a_category_are_refused_with_what_is_missing(tmp_path: Path) -> None:
    path = export(tmp_path / "few.csv", records(each=7))
    with pytest.raises(LearnError, match=r"theft-and-fraud \(3 more\), vulnerability \(3 more\)"):
        learn([path], RunOptions(), WORDS)
    with pytest.raises(LearnError, match="at least two categories"):
        learn([export(tmp_path / "one.csv", records()[:12])], RunOptions(), WORDS)


def test_texts_that_all_begin_alike_leave_none_to_measure_by(tmp_path: Path) -> None:
    head = "a report was received on Monday from a colleague on the night shift who says that "
    rows = [(category, f"{head * 3} {text}") for category, text in records()]
    with pytest.raises(LearnError, match="begin alike"):
        learn([export(tmp_path / "alike.csv", rows)], RunOptions(), WORDS)


def test_copies_of_a_record_are_learnt_from_once(tmp_path: Path) -> None:
    path = export(tmp_path / "copies.csv", records(each=9) + records(each=9))
    with pytest.raises(LearnError, match="1 more"):
        learn([path], RunOptions(), WORDS)


def test_nothing_is_held_against_a_category_without_records(tmp_path: Path) -> None:
    path = tmp_path / "own.npz"
    path.write_bytes(model_bytes(learn([export(tmp_path / "own.csv", records())], RunOptions(), WORDS).model))
    reader = TextCategoriser.load(SCHEME.codes, TextOptions(model=path, vectors=False))
    found = reader.suggest("Crime group has placed a relative in the force as a recruit")
    assert found.code == "infiltration"
    column = read_model().codes.index("infiltration")
    assert read_model(path).bias[column] == read_model().bias[column]
