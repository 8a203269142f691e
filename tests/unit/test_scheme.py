"""Is the shipped scheme the published list, and is a broken one refused with the line?"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from cc_categorise import scheme as scheme_module
from cc_categorise.errors import SchemeError
from cc_categorise.scheme import LoadedScheme, load_scheme, shipped_scheme

SHIPPED = shipped_scheme()
SCHEME = load_scheme().scheme
TEXT = SHIPPED.read_text(encoding="utf-8")


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    text = TEXT
    for old, new in changes:
        assert text.count(old) >= 1
        text = text.replace(old, new, 1)
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(words: str) -> int:
    return TEXT[: TEXT.index(words)].count("\n") + 1


def test_the_shipped_scheme_is_the_published_list_in_its_order() -> None:
    assert [(c.no, c.code, c.title) for c in SCHEME.categories] == [
        (1, "infiltration", "Infiltration"),
        (2, "disclosure-of-information", "Disclosure of information"),
        (3, "perverting-the-course-of-justice", "Perverting the course of justice"),
        (4, "sexual-misconduct", "Sexual misconduct"),
        (5, "controlled-drug-use-and-supply", "Controlled drug use and supply"),
        (6, "theft-and-fraud", "Theft and fraud"),
        (7, "misusing-force-systems", "Misusing force systems"),
        (8, "abuse-of-authority", "Abuse of authority"),
        (9, "inappropriate-association", "Inappropriate association"),
        (10, "vulnerability", "Vulnerability"),
        (
            11,
            "commit-or-assist-crime",
            "Commit, incite, aid and abet, or assist an offender in the commission of, a crime",
        ),
        (12, "other", "Other"),
    ]


def test_the_shipped_scheme_says_which_edition_it_is() -> None:
    assert (SCHEME.id, SCHEME.edition, str(SCHEME.valid_from), SCHEME.valid_to) == (
        "uk-national-counter-corruption",
        "2022-11",
        "2022-11-02",
        None,
    )


def test_the_fingerprint_is_that_of_the_file() -> None:
    assert load_scheme() == LoadedScheme(SCHEME, hashlib.sha256(SHIPPED.read_bytes()).hexdigest())


@pytest.mark.parametrize("category", [pytest.param(c, id=c.code) for c in SCHEME.categories])
def test_every_category_has_a_working_definition_and_its_bounds(category) -> None:  # type: ignore[no-untyped-def]
    assert category.definition_status == "working"
    assert category.includes
    assert category.excludes
    named = [int(no) for line in category.excludes for no in re.findall(r"categor(?:y|ies) (\d+)", line)]
    assert set(named) <= set(range(1, 13)) - {category.no}


def test_every_source_is_used_and_says_what_when_and_where() -> None:
    used = {group.source for c in SCHEME.categories for group in c.aliases}
    used |= {c.source for c in SCHEME.categories} | {entry.source for entry in SCHEME.unresolved}
    used |= {sub.source for c in SCHEME.categories for sub in c.subcategories}
    assert used == set(SCHEME.sources)
    assert [key for key, source in SCHEME.sources.items() if not source.url] == ["house"]


def test_the_list_that_was_not_checked_against_its_text_says_so() -> None:
    assert "NOT verified" in SCHEME.sources["iopc-2020"].title


def test_every_joined_wording_names_at_least_two_categories() -> None:
    assert all(len(entry.candidates) > 1 for entry in SCHEME.unresolved if entry.why == "joined")
    assert not any(entry.candidates for entry in SCHEME.unresolved if entry.why == "out-of-scope")


def test_no_wording_is_listed_twice() -> None:
    groups = [group.labels for c in SCHEME.categories for group in c.aliases] + [e.labels for e in SCHEME.unresolved]
    labels = [label.casefold() for group in groups for label in group]
    twice = {label for label in labels if labels.count(label) > 1}
    assert twice == {"fraud"}  # by two of the sources


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        pytest.param('edition: "2022-11"', "edition: 2022-11-02", "edition", "YAML reads this as a date", id="date"),
        pytest.param("n_categories: 12", "n_categorys: 12", "n_categorys", "there is no such key", id="key"),
        pytest.param("    code: theft-and-fraud", "    code: Theft", "categories[6].code", "form of a code", id="code"),
        pytest.param("why: joined", "why: both", "unresolved[1].why", "none of the values", id="choice"),
        pytest.param("    title: Vulnerability", "    title:", "categories[10].title", "this is empty", id="title"),
    ],
)
def test_a_broken_scheme_is_refused_by_line_and_key(tmp_path: Path, old: str, new: str, key: str, message: str) -> None:
    path = edited(tmp_path, (old, new))
    with pytest.raises(SchemeError) as caught:
        load_scheme(path)
    assert f"{path}:{line_of(old)}: {key}" in str(caught.value)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param([("n_categories: 12", "n_categories: 11")], "n_categories says 11, and 12 are listed", id="count"),
        pytest.param([('"no": 2', '"no": 3')], "not numbered 1, 2, 3", id="numbers"),
        pytest.param(
            [("    title: Other", "    title: infiltration")], "two categories have the same title", id="twice"
        ),
        pytest.param([("    source: hmicfrs-2022", "    source: nobody")], "source 'nobody'", id="source"),
        pytest.param([("candidates: [disc", "candidates: [bribes, disc")], "candidate 'bribes'", id="candidate"),
        pytest.param([("n_categories: 12", "title: Twice")], "the key 'title' stands twice, first on line", id="key"),
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused(
    tmp_path: Path, changes: list[tuple[str, str]], message: str
) -> None:
    with pytest.raises(SchemeError) as caught:
        load_scheme(edited(tmp_path, *changes))
    assert message in caught.value.message


def test_a_force_can_bring_its_own_definitions(tmp_path: Path) -> None:
    path = edited(tmp_path, ("definition_status: working", "definition_status: force"))
    assert load_scheme(path).scheme.categories[0].definition_status == "force"


def test_a_missing_shipped_scheme_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheme_module, "__file__", str(tmp_path / "package" / "scheme.py"))
    with pytest.raises(SchemeError, match="missing"):
        load_scheme()


def test_the_shipped_scheme_lies_in_the_package_or_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package").mkdir()
    beside, within = tmp_path / "categories.yaml", tmp_path / "package" / "categories.yaml"
    monkeypatch.setattr(scheme_module, "__file__", str(tmp_path / "package" / "scheme.py"))
    beside.touch()
    assert shipped_scheme() == beside
    within.touch()
    assert shipped_scheme() == within


def test_a_file_called_like_an_edition_comes_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_scheme(Path("2020-08")).scheme.edition == "2020-08"
    Path("2020-08").write_bytes(shipped_scheme().read_bytes())
    assert load_scheme(Path("2020-08")).scheme.edition != "2020-08"
