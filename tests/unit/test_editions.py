"""Is what became of a category read from the scheme, both ways, and is the nine-category list what was published?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from cc_categorise.categories import diff, doubts, successors
from cc_categorise.categorise.labels import NOT_READ, LabelReader
from cc_categorise.errors import SchemeError
from cc_categorise.model import BLANK, Category, CategoryScheme, Source, Succession
from cc_categorise.options import RunOptions
from cc_categorise.pipeline import count
from cc_categorise.profile import load_profile
from cc_categorise.scheme import NEWEST, load_scheme, shipped_editions

NEW, OLD = load_scheme().scheme, load_scheme(Path("2020-08")).scheme
LATER = ("infiltration", "vulnerability", "commit-or-assist-crime")
APSP, INTERNAL = "Abuse of position for a sexual purpose", "Internal sexual misconduct"


def scheme(
    edition: str, titles: Mapping[str, str], became: Mapping[str, tuple[str, ...]] | None = None, of: str = "first"
) -> CategoryScheme:
    categories = [
        Category(no=no, code=code, title=title, definition="D", definition_status="working", source="s")
        for no, (code, title) in enumerate(titles.items(), 1)
    ]
    return CategoryScheme(
        schema_version=1,
        id="mine",
        title="Mine",
        edition=edition,
        valid_from=date(2020, 1, 1),
        n_categories=len(categories),
        succeeds=None if became is None else Succession(edition=of, became=became),
        sources={"s": Source(title="S", date="2020")},
        categories=tuple(categories),
    )


def test_the_nine_are_the_published_list_in_its_order() -> None:
    assert [category.title for category in OLD.categories] == [
        "Abuse of Authority",
        "Controlled drug use and supply",
        "Disclosure of Information",
        "Inappropriate Association",
        "Misuse of Force systems",
        "Other (e.g. dishonesty)",
        "Perverting the Course of justice",
        "Sexual Misconduct",
        "Theft and Fraud",
    ]
    assert set(OLD.codes) == set(NEW.codes) - set(LATER)


def test_the_editions_follow_each_other_without_a_gap() -> None:
    assert list(shipped_editions()) == ["2020-08", "2022-11"]
    assert [load_scheme(path).scheme.edition for path in shipped_editions().values()] == ["2020-08", NEWEST]
    assert OLD.id == NEW.id
    assert OLD.valid_to is not None
    assert NEW.valid_from.toordinal() == OLD.valid_to.toordinal() + 1
    assert load_scheme(Path(NEWEST)) == load_scheme()


def test_an_edition_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(SchemeError):
        load_scheme(Path("2019-09"))


def test_every_wording_of_the_newest_edition_is_read_by_the_older_as_what_it_was_then() -> None:
    reader = LabelReader(OLD)
    then = {code: code if code in OLD.codes else "other" for code in NEW.codes}
    for category in NEW.categories:
        for label in (category.title, *(label for group in category.aliases for label in group.labels)):
            assert reader.assign(label).code == then[category.code], label
    for entry in NEW.unresolved:
        for label in entry.labels:
            assert reader.assign(label).code is None, label


@pytest.mark.parametrize(
    ("label", "code", "finding"),
    [
        pytest.param("7", None, "number-not-in-scheme", id="number-alone"),
        pytest.param("7 - Misuse of force systems", "misusing-force-systems", None, id="number-of-the-12"),
        pytest.param("Theft and fraud (6)", "theft-and-fraud", None, id="number-after"),
        pytest.param("10 - Vulnerability", "other", None, id="category-to-come"),
        pytest.param("7 - Banana", None, "unknown-label", id="unknown-words"),
    ],
)
def test_the_nine_have_no_numbers_so_a_number_says_nothing(label: str, code: str | None, finding: str | None) -> None:
    answer = LabelReader(OLD).assign(label)
    assert (answer.code, answer.finding) == (code, finding)


def test_other_of_2020_was_split_and_the_rest_went_on() -> None:
    assert successors(OLD, NEW) == {code: (code,) for code in OLD.codes} | {
        "other": ("infiltration", *LATER[1:], "other")
    }
    changes = [(change, before, after) for change, before, _, after, _ in diff(OLD, NEW) if change != "unchanged"]
    assert changes == [
        ("split, added", "other", "infiltration"),
        ("renamed", "misusing-force-systems", "misusing-force-systems"),
        ("split, added", "other", "vulnerability"),
        ("split, added", "other", "commit-or-assist-crime"),
        ("split, renamed", "other", "other"),
    ]


def test_the_step_back_merges_what_was_split() -> None:
    back = successors(NEW, OLD)
    assert back == {code: (code if code in OLD.codes else "other",) for code in NEW.codes}
    words = {before: change for change, before, *_ in diff(NEW, OLD)}
    assert [words[code] for code in (*LATER, "other")] == ["merged, removed"] * 3 + ["merged, renamed"]


@pytest.mark.parametrize("one", [NEW, OLD], ids=["2022-11", "2020-08"])
def test_an_edition_differs_from_itself_in_nothing(one: CategoryScheme) -> None:
    assert {change for change, *_ in diff(one, one)} == {"unchanged"}
    assert doubts(one, one) == []


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        pytest.param(scheme("next", {"a": "One", "b": "Two", "c": "New"}), [("added", "", "c")], id="added"),
        pytest.param(scheme("next", {"a": "One"}), [("removed", "b", "")], id="removed"),
        pytest.param(scheme("next", {"a": "One", "b": "Zwei"}), [("renamed", "b", "b")], id="renamed"),
        pytest.param(scheme("next", {"a": "ONE", "b": "Two"}), [], id="case-is-no-change"),
        pytest.param(
            scheme("next", {"a": "One", "c": "Two"}),
            [("added", "", "c"), ("removed", "b", "")],
            id="title-is-no-relation",
        ),
        pytest.param(scheme("next", {"a": "One", "c": "Three"}, {"b": ("c",)}), [("renamed", "b", "c")], id="new-code"),
        pytest.param(
            scheme("next", {"a": "One"}, {"b": ("a",)}),
            [("merged", "a", "a"), ("merged, removed", "b", "a")],
            id="merged",
        ),
        pytest.param(
            scheme("next", {"a": "One", "b": "Two", "c": "New"}, {"b": ("b", "c")}),
            [("split", "b", "b"), ("split, added", "b", "c")],
            id="split",
        ),
        pytest.param(
            scheme("next", {"a": "One", "c": "New"}, {"b": ("c",)}, of="another"),
            [("added", "", "c"), ("removed", "b", "")],
            id="follows-another-edition",
        ),
    ],
)
def test_each_kind_of_change_has_its_word(after: CategoryScheme, changes: list[tuple[str, str, str]]) -> None:
    rows = diff(scheme("first", {"a": "One", "b": "Two"}), after)
    assert [(change, old, new) for change, old, _, new, _ in rows if change != "unchanged"] == changes


def test_only_a_split_category_leaves_a_doubt() -> None:
    (sentence,) = doubts(OLD, NEW)
    assert sentence.startswith("Other (e.g. dishonesty): ")
    assert doubts(NEW, OLD) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(("became: {other: [infiltration", "became: {other: [infiltrations"), id="no-such-category"),
        pytest.param(
            ("labels: [sexual misconduct towards a colleague,", "labels: [apsp,"), id="wording-of-two-sub-tags"
        ),
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    text = shipped_editions()[NEWEST].read_text(encoding="utf-8")
    assert text.count(change[0]) == 1
    (tmp_path / "mine.yaml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(SchemeError):
        load_scheme(tmp_path / "mine.yaml")


# --- sub-tags


@pytest.mark.parametrize(
    ("label", "cell", "title"),
    [
        pytest.param("Sexual misconduct", "", None, id="nothing-said"),
        pytest.param("Sexual misconduct", "n/a", None, id="blank-word"),
        pytest.param("Sexual misconduct", "INTERNAL ", INTERNAL, id="code"),
        pytest.param("4", "Abuse of position for a sexual purpose.", APSP, id="title"),
        pytest.param("4", "apsp", APSP, id="wording"),
        pytest.param("APSP", "", APSP, id="label-alone"),
        pytest.param("4. Sexual misconduct (APSP)", "", APSP, id="label-with-it-as-a-remark"),
        pytest.param("Sexual misconduct: abuse of position", "", APSP, id="remark-that-begins-its-title"),
        pytest.param("APSP - victim", "", APSP, id="label-with-a-remark-of-its-own"),
        pytest.param("Sexual misconduct - internal", "", INTERNAL, id="remark-that-is-its-code"),
        pytest.param("Sexual misconduct - internal enquiry", "", None, id="remark-that-only-holds-it"),
        pytest.param("Sexual misconduct - not APSP", "", None, id="remark-that-denies-it"),
        pytest.param("APSP / sexual harassment of a colleague", "", None, id="two-of-them"),
        pytest.param("4", "Abuse of position", APSP, id="cell-that-begins-its-title"),
        pytest.param("4", "Abuse", NOT_READ, id="cell-too-short"),
        pytest.param("APSP", "internal", INTERNAL, id="cell-before-label"),
        pytest.param("APSP", "Colleague", NOT_READ, id="unknown-cell"),
        pytest.param("Sexual harassment", "", None, id="label-that-does-not-say"),
        pytest.param("Other", "internal", NOT_READ, id="of-another-category"),
        pytest.param("Banana", "", None, id="uncategorised"),
    ],
)
def test_a_sub_tag_is_read_from_its_cell_or_label_and_never_made_up(label: str, cell: str, title: str | None) -> None:
    assert LabelReader(NEW).subcategory(label, cell) == title


@pytest.mark.parametrize("has_column", [True, False], ids=["column", "label-alone"])
def test_records_are_counted_by_sub_tag(tmp_path: Path, *, has_column: bool) -> None:
    cells = [("APSP", ""), ("Sexual misconduct", "internal"), ("Sexual misconduct", ""), ("Other", ""), ("4", "who?")]
    header = "Ref,Date received,Category" + ",Subcategory" * has_column
    lines = [f"R{n},01/04/2023,{label}" + f",{cell}" * has_column for n, (label, cell) in enumerate(cells)]
    path = tmp_path / "export.csv"
    path.write_text("\n".join([header, *lines, ""]))
    outcome = count([path], RunOptions(by=("subcategory",)), as_at=date(2024, 3, 31))
    found = {(group[0], code): n for (group, _, code), n in outcome.tally.counts.items() if code != "other"}
    blank = {(APSP, "sexual-misconduct"): 1, (BLANK, "sexual-misconduct"): 3}
    told = {(APSP, "sexual-misconduct"): 1, (INTERNAL, "sexual-misconduct"): 1, (BLANK, "sexual-misconduct"): 1}
    assert found == ({**told, (NOT_READ, "sexual-misconduct"): 1} if has_column else blank)


def test_every_wording_of_a_sub_tag_is_read_as_its_category() -> None:
    for category in NEW.categories:
        for sub in category.subcategories:
            for label in sub.labels:
                assert LabelReader(NEW).assign(label).code == category.code, label


def test_only_sexual_misconduct_has_sub_tags() -> None:
    assert {c.code: [s.code for s in c.subcategories] for c in NEW.categories if c.subcategories} == {
        "sexual-misconduct": ["abuse-of-position-for-a-sexual-purpose", "internal", "other"]
    }
    assert [c.subcategories for c in OLD.categories if c.subcategories] == [NEW.categories[3].subcategories]


def test_a_profile_without_files_reads_none() -> None:
    assert load_profile(None).crosswalk_files == ()
