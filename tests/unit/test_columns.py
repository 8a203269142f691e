"""Is each field's column found by its header, and every doubt an error that names both sides?"""

from __future__ import annotations

import pytest

from cc_categorise.errors import AmbiguousColumnError, MissingColumnError, UsageError
from cc_categorise.model import FIELDS
from cc_categorise.read.columns import Columns, HeaderRules, fold


def columns(*header: str, **named: str) -> Columns:
    return Columns("export.csv", header, HeaderRules(named.items()))


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        pytest.param("Date Received", "datereceived", id="case-and-space"),
        pytest.param(" date_received: ", "datereceived", id="punctuation"),
        pytest.param("Straße (Nr.)", "strassenr", id="letters-of-any-language"),
        pytest.param("Ref\nNo", "refno", id="line-break"),
        pytest.param(" # ", "#", id="signs-alone"),
        pytest.param("", "", id="blank"),
    ],
)
def test_headers_are_compared_by_letters_and_digits(header: str, folded: str) -> None:
    assert fold(header) == folded


@pytest.mark.parametrize(
    ("field", "header"),
    [
        *(pytest.param(field, field, id=f"own-name-{field}") for field in FIELDS),
        pytest.param("reference", "URN", id="urn"),
        pytest.param("reference", "Intel Ref. No.", id="intel-ref-no"),
        pytest.param("received_on", "DATE RECEIVED", id="date-received"),
        pytest.param("recorded_on", "Recorded Date", id="recorded-date"),
        pytest.param("occurred_on", "Date Occurred", id="date-occurred"),
        pytest.param("closed_on", "Closed", id="closed"),
        pytest.param("category", "Category of Corruption", id="category-of-corruption"),
        pytest.param("further_categories", "Secondary Category", id="secondary-category"),
        pytest.param("narrative", "Details", id="details"),
    ],
)
def test_a_field_is_found_by_its_synonyms(field: str, header: str) -> None:
    assert columns("x", header).find(field) == 1
    assert columns("x", header).need(field) == 1


def test_no_header_is_a_synonym_of_two_fields() -> None:
    rules = HeaderRules()
    assert {key: fields for key, fields in rules._fields_of.items() if len(fields) > 1} == {}
    assert {field for fields in rules._fields_of.values() for field in fields} == set(FIELDS)


def test_a_field_without_a_column_is_none_and_needing_it_names_the_columns_there_are() -> None:
    found = columns("Reference", "When ", "Category")
    assert found.find("received_on") is None
    with pytest.raises(MissingColumnError) as caught:
        found.need("received_on", "recorded_on")
    assert str(caught.value) == (
        "export.csv: no column for received_on or recorded_on [missing-column]\n"
        "  hint: name it with --map received_on=Header; the columns are 'Reference', 'When', 'Category'"
    )


def test_a_row_that_is_hardly_a_header_is_not_shown() -> None:
    with pytest.raises(MissingColumnError) as caught:
        columns("Other", "He told them", "Closed").need("received_on")
    assert caught.value.hint == (
        "name it with --map received_on=Header; the row taken for the header has 3 cells, "
        "of which one names a field at most"
    )


def test_the_first_field_that_has_a_column_is_needed() -> None:
    assert columns("Recorded", "Category").need("received_on", "recorded_on") == 0


def test_two_columns_for_one_field_are_an_error_that_names_both_only_when_it_is_used() -> None:
    found = columns("Received", "Category", "Date received ")
    assert found.find("category") == 1
    with pytest.raises(AmbiguousColumnError) as caught:
        found.find("received_on")
    assert str(caught.value) == (
        "export.csv: two columns match received_on: 'Received' (column 1) and 'Date received' (column 3) "
        "[ambiguous-column]\n  hint: choose one: --map received_on=Header"
    )


def test_two_columns_of_one_header_cannot_be_told_apart_by_any_option() -> None:
    with pytest.raises(AmbiguousColumnError, match="hint: rename one of them in the export"):
        columns("Received", "Category", "received ").find("received_on")


def test_a_named_header_replaces_the_synonyms_and_belongs_to_that_field_alone() -> None:
    assert columns("Received", "Date in", received_on="date_IN").find("received_on") == 1
    assert columns("Received", "Date in", recorded_on="Received").find("received_on") is None
    assert columns("Received", "Date in", recorded_on="Received").find("recorded_on") == 0


def test_an_option_wins_over_a_profile() -> None:
    rules = HeaderRules([("category", "Type"), ("category", "Kind")])
    assert rules.match(["Type", "Kind", "Category"]) == {"category": [1]}


def test_a_named_header_that_is_absent_is_an_error_even_where_the_field_is_not_needed() -> None:
    with pytest.raises(MissingColumnError, match="no column 'Unit code', which was named for unit"):
        columns("Unit", unit="Unit code").find("unit")


def test_a_header_of_signs_alone_can_be_named_beside_a_blank_one() -> None:
    assert columns("", "#", "%", reference="#").find("reference") == 1


@pytest.mark.parametrize(
    ("field", "hint"), [("catgory", "did you mean 'category'?"), ("zzz", "fields: " + ", ".join(FIELDS))]
)
def test_a_field_that_does_not_exist_cannot_be_named(field: str, hint: str) -> None:
    with pytest.raises(UsageError, match="--map names a field that does not exist") as caught:
        HeaderRules([(field, "Header")])
    assert caught.value.hint == hint


def test_columns_of_this_tools_own_output_are_no_fields_unless_named() -> None:
    header = ("cc_category", "CC_Reference", "Category")
    assert columns(*header).rules.match(header) == {"category": [2]}
    assert columns(*header, category="cc_category").find("category") == 0


def test_a_breakdown_is_named_by_field_or_by_any_header() -> None:
    found = columns("Police Force", "Area ", "Grade")
    assert [found.breakdown(name) for name in ("force", " FORCE ", "area", "Grade", "unit")] == [0, 0, 1, 2, None]


def test_a_breakdown_that_is_no_column_or_two_is_an_error() -> None:
    with pytest.raises(MissingColumnError, match="no column 'Region'"):
        columns("Area").breakdown("Region")
    with pytest.raises(
        AmbiguousColumnError, match=r"two columns match Area: 'Area' \(column 1\) and 'AREA' \(column 2\)"
    ):
        columns("Area", "AREA").breakdown("Area")
