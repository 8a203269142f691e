"""Does a crosswalk say only what it may, on the days it may, and is a doubtful row never applied?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from cc_categorise.categories import check_crosswalk
from cc_categorise.categorise.labels import LabelReader
from cc_categorise.crosswalk import Crosswalk, CrosswalkEntry, load_crosswalk
from cc_categorise.errors import CrosswalkError, ProfileError
from cc_categorise.model import Assignment
from cc_categorise.options import Basis, RunOptions
from cc_categorise.pipeline import count
from cc_categorise.profile import load_profile
from cc_categorise.scheme import load_scheme
from cc_categorise.yaml_file import shipped_files

SCHEME = load_scheme().scheme
READER = LabelReader(SCHEME)
THEFT, ASSOCIATION = "theft-and-fraud", "inappropriate-association"
ROW = {"label": "Local word", "decided_by": "A unit", "decided_on": date(2024, 4, 2), "reason": "A test."}
AS_AT = date(2024, 3, 31)
HEAD = "schema_version: 1\nid: mine\ntitle: Mine\nscheme: uk-national-counter-corruption\nedition: '2022-11'\nrows:\n"


def row(**keys: object) -> CrosswalkEntry:
    return CrosswalkEntry.model_validate(ROW | {"category": THEFT} | keys)


def doubtful(relation: str, *candidates: str, **keys: object) -> CrosswalkEntry:
    return row(relation=relation, category=None, candidates=candidates, **keys)


def written(folder: Path, *rows: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    rest = "decided_by: A unit, decided_on: 2024-04-02, reason: A test."
    path.write_text(HEAD + "".join(f"  - {{{keys}, {rest}}}\n" for keys in rows), encoding="utf-8")
    return path


def export(folder: Path, *rows: str, header: str = "Ref,Date received,Category") -> Path:
    path = folder / "export.csv"
    path.write_text("\n".join([header, *(f"R{n},{cells}" for n, cells in enumerate(rows)), ""]), encoding="utf-8")
    return path


# --- what a row may say


@pytest.mark.parametrize("relation", ["exact", "narrow"])
def test_an_exact_or_narrow_row_is_applied(relation: str) -> None:
    reader = LabelReader(SCHEME, listed={"mine.yaml": [row(relation=relation)]})
    assert reader.assign(" LOCAL word. ") == Assignment(THEFT, "crosswalk")


@pytest.mark.parametrize(
    ("entry", "finding", "candidates"),
    [
        pytest.param(doubtful("broad", THEFT), "label-needs-reading", (THEFT,), id="broad"),
        pytest.param(doubtful("broad"), "label-needs-reading", (), id="broad-any"),
        pytest.param(
            doubtful("split-needs-reading", ASSOCIATION, THEFT), "ambiguous-label", (THEFT, ASSOCIATION), id="split"
        ),
        pytest.param(doubtful("out-of-scope"), "label-out-of-scope", (), id="out-of-scope"),
    ],
)
@pytest.mark.parametrize("label", ["Local word", "Theft and fraud"], ids=["unknown", "known-to-the-scheme"])
def test_a_row_that_leaves_doubt_is_never_applied(
    entry: CrosswalkEntry, finding: str, candidates: tuple[str, ...], label: str
) -> None:
    reader = LabelReader(SCHEME, listed={"mine.yaml": [entry.model_copy(update={"label": label})]})
    assert reader.assign(label) == Assignment(None, "none", finding, candidates)


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"category": None}, id="exact-without-category"),
        pytest.param({"candidates": (THEFT,)}, id="exact-with-candidates"),
        pytest.param({"relation": "broad"}, id="broad-with-category"),
        pytest.param({"relation": "out-of-scope"}, id="out-of-scope-with-category"),
        pytest.param({"relation": "split-needs-reading", "category": None, "candidates": (THEFT,)}, id="split-in-one"),
        pytest.param(
            {"relation": "split-needs-reading", "category": None, "candidates": (THEFT, THEFT)}, id="split-in-one-twice"
        ),
        pytest.param({"valid_from": date(2024, 1, 2), "valid_to": date(2024, 1, 1)}, id="ends-before-it-begins"),
        pytest.param({"relation": "alike"}, id="no-such-relation"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(keys: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        row(**keys)


# --- days


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param(date(2020, 3, 31), None, id="day-before"),
        pytest.param(date(2020, 4, 1), THEFT, id="first-day"),
        pytest.param(date(2021, 3, 31), THEFT, id="last-day"),
        pytest.param(date(2021, 4, 1), None, id="day-after"),
        pytest.param(None, None, id="no-day"),
    ],
)
def test_a_row_applies_from_its_first_day_to_its_last(day: date | None, code: str | None) -> None:
    reader = LabelReader(SCHEME, listed={"mine.yaml": [row(valid_from=date(2020, 4, 1), valid_to=date(2021, 3, 31))]})
    assert reader.assign("Local word", day).code == code


def test_a_word_may_change_its_meaning_and_may_not_have_two_on_one_day() -> None:
    earlier, later = row(valid_to=date(2020, 3, 31)), row(category=ASSOCIATION, valid_from=date(2020, 4, 1))
    reader = LabelReader(SCHEME, listed={"mine.yaml": [earlier, later]})
    days = (date(2020, 3, 31), date(2020, 4, 1))
    assert [reader.assign("Local word", day).code for day in days] == [THEFT, ASSOCIATION]
    also = row(category=ASSOCIATION, valid_from=date(2020, 3, 31))
    with pytest.raises(ProfileError, match="one label two categories") as raised:
        LabelReader(SCHEME, listed={"mine.yaml": [earlier], "other.yaml": [later, also]})
    assert raised.value.where == "other.yaml: rows[2]"


def test_an_entry_of_the_profile_wins_over_a_file() -> None:
    reader = LabelReader(SCHEME, [row()], listed={"mine.yaml": [row(category=ASSOCIATION)]})
    assert reader.assign("Local word").code == THEFT


def test_records_are_read_by_the_row_of_their_counted_date(tmp_path: Path) -> None:
    written(
        tmp_path,
        f"label: Local word, category: {THEFT}, valid_to: 2023-03-31",
        f"label: Local word, category: {ASSOCIATION}, valid_from: 2023-04-01",
    )
    (tmp_path / "profile.yaml").write_text("crosswalk: [mine.yaml]\n")
    rows = ["31/03/2023,Local word,Local word; Other", "01/04/2023,Local word,Theft and fraud", "02/04/2023,Other,"]
    path = export(tmp_path, *rows, header="Ref,Date received,Category,Further categories")
    outcome = count([path], RunOptions(profile=tmp_path / "profile.yaml", basis=Basis.ALL), as_at=AS_AT)
    found = {(key.period, key.code, key.further): n for key, n in outcome.settled.counts.items()}
    assert found == {(2022, THEFT, (THEFT, "other")): 1, (2023, ASSOCIATION, (THEFT,)): 1, (2023, "other", ()): 1}
    assert outcome.reconciliation.is_balanced


# --- files


def test_the_shipped_crosswalks_are_those_of_the_lists_known() -> None:
    assert {name: len(load_crosswalk(name).rows) for name in shipped_files("crosswalks")} == {
        "college-barred-list": 13,
        "crimestoppers-2024": 5,
        "home-office-codes": 23,
        "iopc-2020": 36,
        "staffordshire-2011-12": 8,
        "standards-of-professional-behaviour": 10,
        "west-midlands": 8,
    }


@pytest.mark.parametrize("name", shipped_files("crosswalks"))
def test_a_shipped_crosswalk_says_what_the_scheme_says_and_where_its_wordings_are_from(name: str) -> None:
    crosswalk = load_crosswalk(name)
    reader = LabelReader(SCHEME, listed={"mine.yaml": crosswalk.rows_for(SCHEME)})
    for entry in crosswalk.rows:
        said, day = READER.assign(entry.label), entry.valid_from or entry.valid_to or AS_AT
        assert reader.assign(entry.label, day).code == entry.category, entry.label
        assert said.code == entry.category, entry.label
        assert entry.source
        assert entry.source.startswith("http")
        assert entry.wording == ("unverified" if name == "iopc-2020" else "verified")
        assert (entry.valid_from, entry.valid_to) == (crosswalk.valid_from, crosswalk.valid_to)


def test_a_profile_names_files_beside_entries_and_the_entry_wins(tmp_path: Path) -> None:
    written(tmp_path, f"label: Mates, category: {ASSOCIATION}")
    path = tmp_path / "profile.yaml"
    path.write_text(
        "crosswalk:\n  - mine.yaml\n  - west-midlands\n"
        f"  - {{label: Mates, category: {THEFT}, decided_by: X, decided_on: 2024-04-02, reason: R}}\n"
    )
    profile = load_profile(path)
    assert profile.crosswalk_files == (str(tmp_path / "mine.yaml"), "west-midlands")
    assert [entry.category for entry in profile.decisions] == [THEFT]
    outcome = count([export(tmp_path, "01/04/2023,mates")], RunOptions(profile=path), as_at=AS_AT)
    assert [key.code for key in outcome.settled.counts] == [THEFT]


def test_a_broken_entry_is_named_with_its_key_and_line(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text("crosswalk:\n  - west-midlands\n  - {label: Mates, categry: other}\n")
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    assert caught.value.where == f"{path}:3: crosswalk[2].categry"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(HEAD.replace("uk-national", "my"), "another category scheme", id="other-scheme"),
        pytest.param(HEAD, "category of the crosswalk is not in the scheme", id="no-such-category"),
    ],
)
def test_a_crosswalk_that_does_not_fit_the_scheme_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, "label: Mates, category: no-such-thing")
    path.write_text(path.read_text().replace(HEAD, text))
    with pytest.raises(CrosswalkError, match=message):
        check_crosswalk(str(path), [], RunOptions())


def test_an_unknown_name_lists_those_that_are_shipped() -> None:
    with pytest.raises(CrosswalkError) as caught:
        load_crosswalk("east-midlands")
    assert "west-midlands" in caught.value.hint


# --- check


def test_check_flags_rows_and_labels_that_need_a_look(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        f"label: Mates, category: {ASSOCIATION}",
        f"label: mates., category: {ASSOCIATION}",
        f"label: Nicking, relation: narrow, category: {THEFT}, valid_to: 2020-03-31",
        f"label: Vulnerability, category: {THEFT}",
        "label: Fraud, relation: narrow, category: theft-and-fraud",
        f"label: Leaks and looks, relation: split-needs-reading, candidates: [{ASSOCIATION}, {THEFT}], "
        "wording: unverified",
        "label: Parking, relation: out-of-scope",
    )
    cells = [
        "Mates",
        "Nicking",
        "Vulnerability",
        "Leaks and looks",
        "Leaks and looks",
        "Parking",
        "Banana",
        "",
        "Other",
    ]
    exports = export(tmp_path, *(f"01/04/2023,{cell}" for cell in cells))
    rows, _ = check_crosswalk(str(path), [exports], RunOptions(as_at=AS_AT))
    assert [(flag, label, n) for flag, label, _, n, _ in rows] == [
        ("redundant", "mates.", 0),
        ("unused", "mates.", 0),
        ("unused", "Nicking", 0),
        ("ambiguous", "Vulnerability", 1),
        ("redundant", "Fraud", 0),
        ("unused", "Fraud", 0),
        ("ambiguous", "Leaks and looks", 2),
        ("unmatched", "Banana", 1),
        ("unmatched", "Nicking", 1),
    ]
    assert str(rows[6][-1]).endswith("wording unverified")


def test_without_exports_nothing_is_unused_or_unmatched(tmp_path: Path) -> None:
    path = written(tmp_path, f"label: Mates, category: {ASSOCIATION}", "label: Fraud, category: theft-and-fraud")
    rows, outcome = check_crosswalk(str(path), [], RunOptions())
    assert [row[:2] for row in rows] == [("redundant", "Fraud")]
    assert outcome is None


def test_a_further_label_uses_a_row_too(tmp_path: Path) -> None:
    path = written(tmp_path, f"label: Mates, category: {ASSOCIATION}")
    exports = export(tmp_path, "01/04/2023,Other,Mates", header="Ref,Date received,Category,Further categories")
    assert check_crosswalk(str(path), [exports], RunOptions(as_at=AS_AT))[0] == []


def test_every_key_of_a_crosswalk_is_explained() -> None:
    for kind in (Crosswalk, CrosswalkEntry):
        told = set(re.findall(r"^ {8}(\w+): ", kind.__doc__ or "", re.MULTILINE))
        assert told == set(kind.model_fields)
