"""Does the label reader read what is certain, and nothing else?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from cc_categorise.categorise.labels import LabelReader
from cc_categorise.categorise.words import clean, key_of, words
from cc_categorise.crosswalk import CrosswalkEntry
from cc_categorise.errors import ProfileError, SchemeError
from cc_categorise.findings import FINDINGS
from cc_categorise.model import Aliases, Assignment, CategoryScheme, UnresolvedLabels
from cc_categorise.scheme import load_scheme

DATA = Path(__file__).parents[1] / "data"
SCHEME = load_scheme().scheme
READER = LabelReader(SCHEME)
TITLES = {category.code: category.title for category in SCHEME.categories}

LEAK, PCJ, SEXUAL, DRUGS = (
    "disclosure-of-information",
    "perverting-the-course-of-justice",
    "sexual-misconduct",
    "controlled-drug-use-and-supply",
)
THEFT, SYSTEMS, AUTHORITY, ASSOCIATION = (
    "theft-and-fraud",
    "misusing-force-systems",
    "abuse-of-authority",
    "inappropriate-association",
)


def each(labels: str) -> list[str]:
    return labels.split(" ~ ")


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decided(label: str, category: str) -> CrosswalkEntry:
    day = date(2024, 5, 1)
    return CrosswalkEntry(label=label, category=category, decided_by="analyst", decided_on=day, reason="seen")


def unread(finding: str, *candidates: str) -> Assignment:
    return Assignment(None, "none", finding, candidates)


def with_alias(code: str, label: str) -> CategoryScheme:
    alias = Aliases(labels=(label,), used_by="a force", source="house")
    categories = tuple(
        category.model_copy(update={"aliases": (*category.aliases, alias)}) if category.code == code else category
        for category in SCHEME.categories
    )
    return SCHEME.model_copy(update={"categories": categories})


def with_unresolved(label: str) -> CategoryScheme:
    entry = UnresolvedLabels(labels=(label,), why="read", reason="x", used_by="a force", source="house")
    return SCHEME.model_copy(update={"unresolved": (*SCHEME.unresolved, entry)})


# The lists of real labels.


def is_sure(row: dict[str, str]) -> bool:
    return row["confidence"] in {"exact", "high"} and row["suggested_category_code"] in TITLES


@pytest.mark.parametrize("row", [pytest.param(r, id=r["local_label"]) for r in rows_of("local_labels.csv")])
def test_a_local_label_is_read_where_the_list_is_sure_and_nowhere_else(row: dict[str, str]) -> None:
    expected = row["suggested_category_code"] if is_sure(row) else None
    assert READER.assign(row["local_label"]).code == expected


@pytest.mark.parametrize(
    ("verdict", "findings"),
    [
        pytest.param("(out of scope)", {"label-out-of-scope"}, id="out-of-scope"),
        pytest.param("(read the record)", {"label-needs-reading"}, id="read"),
    ],
)
def test_a_local_label_that_is_not_read_says_why(verdict: str, findings: set[str]) -> None:
    labels = [r["local_label"] for r in rows_of("local_labels.csv") if r["suggested_category_code"] == verdict]
    assert {READER.assign(label).finding for label in labels} == findings


def test_a_local_label_that_joins_categories_names_them() -> None:
    joined = [r for r in rows_of("local_labels.csv") if set(r["suggested_category_code"].split(" | ")) < set(TITLES)]
    for row in (row for row in joined if " | " in row["suggested_category_code"]):
        answer = READER.assign(row["local_label"])
        assert answer.finding == "ambiguous-label"
        assert set(answer.candidates) == set(row["suggested_category_code"].split(" | ")), row["local_label"]


def test_every_local_label_has_its_source_in_the_scheme() -> None:
    urls = {source.url for source in SCHEME.sources.values()}
    assert {row["source_url"] for row in rows_of("local_labels.csv")} <= urls


@pytest.mark.parametrize("row", [pytest.param(r, id=r["label"]) for r in rows_of("unseen_labels.csv")])
def test_a_label_of_the_unseen_list_is_never_given_a_wrong_category(row: dict[str, str]) -> None:
    assert READER.assign(row["label"]).code in {None, row["expected_code"]}


def test_nearly_every_label_of_the_unseen_list_that_has_a_category_gets_it() -> None:
    rows = [row for row in rows_of("unseen_labels.csv") if row["expected_code"]]
    read = sum(READER.assign(row["label"]).code is not None for row in rows)
    assert read / len(rows) > 0.96


# Blank.


BLANK = (
    "N/A ~ n/a ~ TBC ~ tbc. ~ Unknown ~ UNKNOWN ~ - ~ -- ~ ? ~ ??? ~ \u2026 ~ (blank) ~ #N/A ~ Not yet assessed"
    " ~ to be confirmed ~ None recorded ~ \u00a0 ~ \u2013 ~ Uncategorised ~ Pending"
)


@pytest.mark.parametrize("label", [None, "", "   ", *each(BLANK)])
def test_a_label_that_says_nothing_is_blank_and_never_other(label: str | None) -> None:
    assert READER.assign(label) == unread("blank-category")


def test_a_profile_can_name_further_words_for_blank() -> None:
    reader = LabelReader(SCHEME, missing=frozenset({"zz", "not on system"}))
    assert [reader.assign(label).finding for label in ("ZZ", "Not on  system.", "zzz")] == [
        "blank-category",
        "blank-category",
        "unknown-label",
    ]


# Codes, numbers and numbering.


@pytest.mark.parametrize("code", TITLES)
@pytest.mark.parametrize("form", ["{}", "{0} ", " {0}"])
def test_a_code_is_read_in_any_case_and_spelling(code: str, form: str) -> None:
    for spelling in (code, code.upper(), code.replace("-", "_"), code.replace("-", " ").title()):
        assert READER.assign(form.format(spelling)) == Assignment(code, "recorded")


@pytest.mark.parametrize(
    "form",
    ["{}", "0{}", "{}.0", "{}.00", "Cat {}", "cat{}", "Cat. {}", "Category {}", "No. {}", "#{}", "({})", "[{}]", "{}."],
)
def test_a_number_alone_is_its_category(form: str) -> None:
    for number, code in enumerate(TITLES, start=1):
        assert READER.assign(form.format(number)) == Assignment(code, "recorded")


@pytest.mark.parametrize(
    "label", ["0", "13", "00", "99", "4.5", "1000", "Cat 13", "13 -", "2022", "9" * 30, "99 - Misc"]
)
def test_a_number_of_no_category_is_not_read(label: str) -> None:
    assert READER.assign(label).finding == "number-not-in-scheme"


NUMBERED = (
    "{}. {} ~ {}) {}"
    " ~ ({}) {} ~ {} - {} ~ {} \u2013 {} ~ {}: {} ~ Cat {}: {} ~ Category {} - {} ~ 0{} {} ~ No {} \u2014 {}"
    " ~ {}.{} ~ {}-{} ~ Category {} {} ~ [{}] {}"
)


@pytest.mark.parametrize("form", each(NUMBERED))
def test_a_number_before_a_title_must_be_its_own(form: str) -> None:
    for number, code in enumerate(TITLES, start=1):
        for other, title in TITLES.items():
            expected = (
                Assignment(code, "recorded")
                if other == code
                else unread("number-contradicts-title", *(each for each in TITLES if each in {code, other}))
            )
            assert READER.assign(form.format(number, title)) == expected


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        pytest.param("13 Theft and fraud", unread("number-not-in-scheme", THEFT), id="no-such-number"),
        pytest.param("4 - read this one", unread("unknown-label", SEXUAL), id="words-unreadable"),
        pytest.param(
            "8 - Abuse of authority for sexual gain", unread("number-contradicts-title", SEXUAL, AUTHORITY), id="8"
        ),
        pytest.param("7. Data protection", unread("ambiguous-label", LEAK, SYSTEMS), id="words-unresolved"),
        pytest.param("Theft and fraud (4)", unread("number-contradicts-title", SEXUAL, THEFT), id="after-the-title"),
        pytest.param("Theft and fraud (6)", Assignment(THEFT, "recorded"), id="its-own-after-the-title"),
        pytest.param("Theft and fraud (2023)", Assignment(THEFT, "recorded"), id="a-year-after-the-title"),
        pytest.param("4, 7", unread("ambiguous-label", SEXUAL, SYSTEMS), id="two-numbers"),
        pytest.param("4/4", unread("ambiguous-label", SEXUAL), id="rather-a-date"),
    ],
)
def test_a_number_and_words_decide_together_or_not_at_all(label: str, answer: Assignment) -> None:
    assert READER.assign(label) == answer


@pytest.mark.parametrize(
    "label", ["S31", "D1", "2022/23 theft", "S40 Disclosure of information", "Q4 Theft", "-4", "2022 Theft"]
)
def test_a_number_within_a_label_is_no_numbering(label: str) -> None:
    assert READER.assign(label) == unread("unknown-label")


# Wordings.


@pytest.mark.parametrize(
    ("label", "code"),
    [
        pytest.param("DISCLOSURE  OF\tINFORMATION.", LEAK, id="case-and-spaces"),
        pytest.param("Fraud and theft", THEFT, id="word-order"),
        pytest.param("Theft & Fraud", THEFT, id="ampersand"),
        pytest.param("Theft/fraud", THEFT, id="slash"),
        pytest.param("Théft and fraud", THEFT, id="accent"),
        pytest.param("\u2018Theft and fraud\u2019", THEFT, id="curly-quotes"),
        pytest.param("Misused force systems", SYSTEMS, id="verb-form"),
        pytest.param("Mis-use of force systems", SYSTEMS, id="hyphen"),
        pytest.param("Misuse of the force's systems", SYSTEMS, id="possessive"),
        pytest.param("Abusing their authority", AUTHORITY, id="function-words"),
        pytest.param("Inappropriate association(s)", ASSOCIATION, id="plural-in-brackets"),
        pytest.param("Controlled drug use, and supply", DRUGS, id="oxford-comma"),
        pytest.param("P.C.O.J.", PCJ, id="initials"),
        pytest.param("Authority, abuse of", AUTHORITY, id="turned-round"),
        pytest.param("F - Theft and fraud", THEFT, id="after-a-letter"),
        pytest.param("Corruption: theft and fraud", THEFT, id="after-the-word-corruption"),
    ],
)
def test_a_wording_is_read_however_it_is_spelt(label: str, code: str) -> None:
    assert READER.assign(label).code == code


@pytest.mark.parametrize(
    ("label", "basis"),
    [
        pytest.param("Theft and fraud", "recorded", id="title"),
        pytest.param("theft-and-fraud", "recorded", id="code"),
        pytest.param("6", "recorded", id="number"),
        pytest.param("Theft and fr", "recorded", id="cut-title"),
        pytest.param("Theft and fraud (expenses)", "recorded", id="title-with-remark"),
        pytest.param("Fraudulent behaviour", "alias", id="alias"),
        pytest.param("Fraudulent behav", "alias", id="cut-alias"),
    ],
)
def test_the_basis_says_whether_the_title_itself_was_recorded(label: str, basis: str) -> None:
    answer = READER.assign(label)
    assert (answer.code, answer.basis) == (THEFT, basis)


@pytest.mark.parametrize("before", ["not ", "Non-", "no ", "Without ", "never "])
def test_a_negated_wording_is_not_read(before: str) -> None:
    for category in SCHEME.categories:
        for wording in (category.title, *(label for aliases in category.aliases for label in aliases.labels)):
            assert READER.assign(before + wording).code is None, wording


def test_every_wording_of_the_scheme_is_read_as_its_category() -> None:
    for category in SCHEME.categories:
        for wording in (category.title, *(label for aliases in category.aliases for label in aliases.labels)):
            assert READER.assign(wording.upper()).code == category.code, wording


def test_every_unresolved_wording_of_the_scheme_stays_unread() -> None:
    for entry in SCHEME.unresolved:
        for label in entry.labels:
            answer = READER.assign(label.upper())
            assert (answer.code, answer.candidates) == (None, READER.assign(label).candidates), label
            assert answer.finding not in {"unknown-label", "blank-category"}, label


@pytest.mark.parametrize("what", ["position", "position of trust", "authority", "power", "powers", "trust", "role"])
@pytest.mark.parametrize(
    "aim", ["sexual purpose", "a sexual purpose", "sexual purposes", "sexual gain", "sexual gratification"]
)
def test_abuse_for_a_sexual_aim_is_sexual_misconduct_whatever_was_abused(what: str, aim: str) -> None:
    assert READER.assign(f"Abuse of {what} for {aim}").code == SEXUAL


@pytest.mark.parametrize(
    "label", ["vulnerable victim", "Victim vulnerability", "Vulnerable person", "Vulnerability of victim"]
)
def test_the_vulnerability_of_a_victim_is_not_the_category(label: str) -> None:
    assert READER.assign(label).code is None


# Remarks, joined labels, cut labels.


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        pytest.param("Misuse of force systems (PNC)", Assignment(SYSTEMS, "recorded"), id="own-word"),
        pytest.param("Theft and fraud - overtime", Assignment(THEFT, "recorded"), id="dash"),
        pytest.param("Sexual misconduct [gym", Assignment(SEXUAL, "recorded"), id="bracket-never-closed"),
        pytest.param("Sexual misconduct (APSP) - internal", Assignment(SEXUAL, "recorded"), id="two-remarks"),
        pytest.param("Vulnerability (debt)", Assignment("vulnerability", "alias"), id="known-remark"),
        pytest.param("Vulnerability (victim)", unread("label-needs-reading", SEXUAL, "vulnerability"), id="victim"),
        pytest.param("Vulnerability - elderly", unread("ambiguous-label", "vulnerability"), id="unknown-remark"),
        pytest.param("Abuse of authority (sexual)", unread("ambiguous-label", SEXUAL, AUTHORITY), id="sexual"),
        pytest.param("Abuse of authority (sex", unread("ambiguous-label", SEXUAL, AUTHORITY), id="cut-remark"),
        pytest.param(
            "Sexual misconduct - abuse of authority", unread("ambiguous-label", SEXUAL, AUTHORITY), id="title"
        ),
        pytest.param("Other (drugs)", unread("ambiguous-label", DRUGS, "other"), id="other"),
        pytest.param("Other - see text", unread("ambiguous-label", "other"), id="other-with-any-remark"),
        pytest.param("Other (e.g. dishonesty)", Assignment("other", "alias"), id="listed-other"),
        pytest.param("Other - please specify", Assignment("other", "alias"), id="other-to-specify"),
        pytest.param("Other: sexual", unread("ambiguous-label", SEXUAL, "other"), id="no-cut-wording"),
        pytest.param("Other / sexual conduct", unread("ambiguous-label", SEXUAL, "other"), id="two-wordings"),
        pytest.param("Theft and fraud (elderly)", unread("ambiguous-label", THEFT), id="somebody-else"),
        pytest.param("Theft and fraud (not proven)", unread("ambiguous-label", THEFT), id="negation"),
        pytest.param("Theft and fraud - ruled out", unread("ambiguous-label", THEFT), id="taken-back"),
        pytest.param("Infiltration (reclassified)", unread("ambiguous-label", "infiltration"), id="reclassified"),
        pytest.param("Abuse of position (warrants)", READER.assign("Abuse of position"), id="unresolved-head"),
    ],
)
def test_a_remark_is_left_out_only_where_it_points_nowhere_else(label: str, answer: Assignment) -> None:
    assert READER.assign(label) == answer


@pytest.mark.parametrize(
    "join", [" / ", "/", " & ", " and ", ", ", "; ", " + ", " | ", " or ", "\n", " - ", ": ", " ("]
)
def test_two_titles_joined_are_ambiguous_with_both_as_candidates(join: str) -> None:
    for first, second in permutations(TITLES, 2):
        answer = READER.assign(TITLES[first] + join + TITLES[second])
        assert answer == unread("ambiguous-label", *(code for code in TITLES if code in {first, second}))


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        pytest.param("Theft / expenses fraud", Assignment(THEFT, "alias"), id="same-category"),
        pytest.param("Theft / burglary of a shop", unread("ambiguous-label", THEFT), id="one-part-unknown"),
        pytest.param("Drugs/dishonesty", unread("ambiguous-label", DRUGS), id="one-part-unresolved"),
        pytest.param("Sexual misconduct and", unread("ambiguous-label", SEXUAL), id="second-part-cut-off"),
        pytest.param("Drugs, theft, infiltration", unread("ambiguous-label", "infiltration", DRUGS, THEFT), id="three"),
        pytest.param(
            "2. Disclosure of information, 7. Misusing force systems", unread("ambiguous-label", LEAK, SYSTEMS), id="n"
        ),
        pytest.param(", ".join(["theft"] * 40), unread("unknown-label"), id="far-too-many"),
    ],
)
def test_a_joined_label_is_never_split_by_guessing(label: str, answer: Assignment) -> None:
    assert READER.assign(label) == answer


@pytest.mark.parametrize("code", [code for code in TITLES if len(TITLES[code]) > 12])
def test_a_cut_title_is_read_as_its_category_or_not_at_all(code: str) -> None:
    title = TITLES[code]
    for length in range(1, len(title)):
        answer = READER.assign(title[:length])
        assert answer.code in ({None} if length < 12 and title[:length].strip() != "Theft" else {None, code})
    assert READER.assign(title[:-1] + "…").code == (None if code == AUTHORITY else code)


NOT_A_CUT = (
    "inappropriate ~ Unauthorised ~ Data Protection ~ Abuse ~ Systems ~ Authority ~ Abuse of authori ~ Misuse of force"
    " ~ Abuse of authority for ~ Failure to declare ~ Inappropriate use of forc ~ Sexual misc ~ @@@@@@@@@@@@@@@@@@@@"
)


@pytest.mark.parametrize("label", each(NOT_A_CUT))
def test_a_cut_label_that_might_begin_something_else_is_not_read(label: str) -> None:
    assert READER.assign(label).code is None


def test_a_label_as_long_as_a_narrative_is_unknown() -> None:
    assert READER.assign("Theft and fraud - " + "cash " * 80) == unread("unknown-label")


# What people decide, and what is suggested.


@pytest.mark.parametrize("label", ["Abuse of position", "N/A", "99 - Misc", "Theft and fraud", "?", "Ops / Intel"])
def test_a_decided_label_wins_over_every_rule(label: str) -> None:
    reader = LabelReader(SCHEME, [decided(label, "vulnerability")])
    assert reader.assign(f" {label.upper()} ") == Assignment("vulnerability", "crosswalk")


def test_a_decided_label_is_matched_as_written_and_not_bent() -> None:
    reader = LabelReader(SCHEME, [decided("Fraud and theft", "other")])
    assert reader.assign("Theft and fraud") == Assignment(THEFT, "recorded")


def test_a_crosswalk_that_decides_one_label_twice_is_refused() -> None:
    with pytest.raises(ProfileError, match="two categories"):
        LabelReader(SCHEME, [decided("Misc", "other"), decided("misc.", THEFT)])


def test_a_crosswalk_to_a_category_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ProfileError, match="not in the scheme"):
        LabelReader(SCHEME, [decided("Misc", "bribery")])


@pytest.mark.parametrize(
    "scheme",
    [
        pytest.param(lambda: with_alias("other", "Fraud & thefts"), id="two-categories"),
        pytest.param(lambda: with_unresolved("frauds / theft"), id="category-and-unresolved"),
    ],
)
def test_a_scheme_with_two_wordings_that_cannot_be_told_apart_is_refused(scheme: Callable[[], CategoryScheme]) -> None:
    with pytest.raises(SchemeError, match="cannot be told apart: 'theft and fraud'"):
        LabelReader(scheme())


def test_further_categories_are_split_at_semicolon_bar_and_line_end_but_not_at_comma() -> None:
    cell = "Theft and fraud; ;Drugs|N/A\nCommit, incite, aid and abet\r\nMisc"
    codes = [answer.code for answer in READER.assign_further(cell)]
    assert codes == [THEFT, DRUGS, "commit-or-assist-crime", None]


@pytest.mark.parametrize("cell", [None, "", " ; | ", "N/A"])
def test_a_blank_cell_has_no_further_categories(cell: str | None) -> None:
    assert READER.assign_further(cell) == ()


@pytest.mark.parametrize(
    ("label", "title"),
    [
        pytest.param("Infiltraton", "Infiltration", id="typo"),
        pytest.param("Disclousre of information", "Disclosure of information", id="swapped"),
        pytest.param("Misuse of force sytems", "Misusing force systems", id="of-an-alias"),
        pytest.param("Non-sexual misconduct", None, id="negated"),
        pytest.param("Inapropriate relationships", None, id="near-an-unresolved-one"),
        pytest.param("Something else entirely", None, id="far-from-all"),
        pytest.param("teft of a bicycle and fraud by a man in a shop in town", None, id="long"),
        pytest.param(None, None, id="blank"),
    ],
)
def test_a_misspelt_label_gets_a_suggestion_and_no_category(label: str | None, title: str | None) -> None:
    assert READER.suggest(label) == title
    assert READER.assign(label).code is None


def test_every_reason_for_not_reading_is_in_the_catalogue() -> None:
    labels = [row["label"] for row in rows_of("unseen_labels.csv")]
    findings = {READER.assign(label).finding for label in labels} - {None}
    assert findings == {code for code, rule in FINDINGS.items() if rule.effect == "uncategorised"}


@pytest.mark.parametrize(
    ("forms", "other"),
    [
        pytest.param(["misuse", "misusing", "misused", "misuses", "mis-use"], "use", id="misuse"),
        pytest.param(["disclosure", "disclosing", "disclosed", "disclosures"], "discipline", id="disclosure"),
        pytest.param(["commit", "committing", "committed"], "committee", id="commit"),
        pytest.param(["association", "associating", "associates", "assoc"], "assorted", id="association"),
        pytest.param(["vulnerability", "vulnerabilities"], "vulnerable", id="vulnerability"),
        pytest.param(["notes"], "not", id="never-a-negation"),
    ],
)
def test_a_stem_joins_the_forms_of_a_word_and_no_other_word(forms: list[str], other: str) -> None:
    keys = {key_of(words(clean(form))) for form in forms}
    assert len(keys) == 1
    assert key_of(words(other)) not in keys
