"""Is each cell read by its field's rule, silently about its text; and are repeated rows judged by all their cells?"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cc_categorise.findings import FINDINGS
from cc_categorise.model import FIELDS, CellRules, Record
from cc_categorise.profile import Profile
from cc_categorise.validate import (
    Distinct,
    FieldRule,
    Numbering,
    PlacedRow,
    Reading,
    code_for,
    judge_duplicates,
    validate_row,
)

USUAL = Profile().cell_rules
DATES = [field for field in FIELDS if field.endswith("_on")]
LABELS = ["category", "further_categories", "narrative"]
CARRIED = [field for field in FIELDS if field not in (*DATES, *LABELS, "reference")]


def read(field: str, cell: object, rules: CellRules = USUAL) -> Reading:
    return FieldRule(field, rules).read(cell)


@pytest.mark.parametrize("field", DATES)
@pytest.mark.parametrize(
    ("cell", "reading"),
    [
        pytest.param("2023-04-03", Reading(date(2023, 4, 3), None), id="iso"),
        pytest.param("\ufeff 3/4/2023\0", Reading(date(2023, 4, 3), None), id="nul-and-mark"),
        pytest.param(datetime(2023, 4, 3, 23, 59), Reading(date(2023, 4, 3), None), id="real"),  # noqa: DTZ001 - as a workbook gives it
        pytest.param("", Reading(None, None), id="blank"),
        pytest.param(None, Reading(None, None), id="none"),
        pytest.param(" TBC ", Reading(None, None), id="missing-token"),
        pytest.param("86400", Reading(None, "number-as-date"), id="seconds-that-pydantic-takes-for-1970"),
        pytest.param(86400, Reading(None, "number-as-date"), id="number"),
        pytest.param("31/02/2023", Reading(None, "impossible-date"), id="31-february"),
        pytest.param("1/4/23", Reading(None, "two-digit-year"), id="two-digits"),
        pytest.param("soon", Reading(None, "unreadable-date"), id="word"),
    ],
)
def test_a_date_is_read_or_its_code_is_told(field: str, cell: object, reading: Reading) -> None:
    assert read(field, cell) == reading


@pytest.mark.parametrize("field", LABELS)
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param(" Other ", "Other", id="ends"),
        pytest.param("Unknown", None, id="missing-token"),
        pytest.param("--", None, id="dashes"),
        pytest.param("", None, id="blank"),
        pytest.param(3.0, "3", id="whole-number-of-a-workbook"),
        pytest.param(3.5, "3.5", id="number"),
        pytest.param("un\0known", None, id="nul-within"),
    ],
)
def test_a_label_is_text_or_none(field: str, cell: object, value: str | None) -> None:
    assert read(field, cell) == Reading(value, None)


@pytest.mark.parametrize("field", CARRIED)
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param(" N/A ", "N/A", id="as-written"),
        pytest.param(None, "", id="none"),
        pytest.param(7, "7", id="number"),
    ],
)
def test_what_is_carried_is_never_taken_for_missing(field: str, cell: object, value: str) -> None:
    # A reference that says "none" is none: two records with it are not the same one.
    assert read(field, cell) == Reading("" if (field, value) == ("reference", "N/A") else value, None)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param(" a/1 ", "a/1", id="ends"),
        pytest.param("A\0\ufeff", "A", id="nul-and-mark"),
        pytest.param(" N/A ", "", id="missing-token"),
        pytest.param(None, "", id="none"),
        pytest.param(7.0, "7", id="whole-number-of-a-workbook"),
    ],
)
def test_a_reference_is_text_as_written_or_blank(cell: object, value: str) -> None:
    assert read("reference", cell) == Reading(value, None)


def test_a_profile_decides_what_is_missing_and_how_dates_are_written() -> None:
    rules = CellRules(frozenset({"gone"}), ("%d.%m.%Y",))
    assert read("category", "GONE", rules) == Reading(None, None)
    assert read("category", "unknown", rules) == Reading("unknown", None)
    assert read("received_on", "03.04.2023", rules) == Reading(date(2023, 4, 3), None)
    assert read("received_on", "03/04/2023", rules) == Reading(None, "unreadable-date")


def test_a_row_becomes_a_record_and_fields_may_be_left_out() -> None:
    assert validate_row({"reference": " R1 ", "received_on": "29/02/2024", "category": "Other"}) == Record(
        reference="R1", received_on=date(2024, 2, 29), category="Other"
    )
    assert validate_row({}) == Record()


def test_a_row_that_fails_names_every_field_by_code_and_quotes_nothing() -> None:
    cells = {"received_on": "SECRET 1", "closed_on": "31/02/2023", "category": "Other"}
    assert validate_row(cells, USUAL) == {"received_on": "unreadable-date", "closed_on": "impossible-date"}


def test_every_code_of_a_field_is_in_the_catalogue() -> None:
    cells: list[object] = ["86400", 1, "1/4/23", "soon", "31/02/2023"]
    assert {read("received_on", cell).code for cell in cells} <= set(FINDINGS)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param(None, "missing-date", id="none"),
        pytest.param(date(2024, 3, 31), None, id="as-at"),
        pytest.param(date(2024, 4, 1), "date-after-as-at", id="a-day-later"),
        pytest.param(date(2000, 1, 1), None, id="first-day"),
        pytest.param(date(1999, 12, 31), "date-too-early", id="a-day-earlier"),
    ],
)
def test_a_counted_day_lies_between_the_earliest_year_and_the_as_at_date(day: date | None, code: str | None) -> None:
    assert code_for(day, date(2024, 3, 31), 2000) == code


def test_each_distinct_cell_is_judged_once_and_equal_answers_share_a_number() -> None:
    asked = []

    def judge(cell: str) -> str:
        asked.append(cell)
        return cell.strip()

    distinct = Distinct(judge, Numbering(lambda answer: answer == ""))
    numbers = [distinct[cell] for cell in ("a", " a", "", "b", "a", " ", "b ", "")]
    assert numbers == [0, 0, -1, 1, 0, -1, 1, -1]
    assert asked == ["a", " a", "", "b", " ", "b "]
    assert [distinct.answer(number) for number in (0, 1, -1)] == ["a", "b", ""]
    assert distinct.number_of("c") == 2


def placed(*cells: str, number: int = 2, header: tuple[str, ...] = ("Ref", "Received", "Category")) -> PlacedRow:
    return PlacedRow(0, number, list(cells), header)


def test_a_later_row_equal_in_every_cell_is_a_duplicate_and_one_that_differs_conflicts() -> None:
    same, spaced, other = placed("A", "x", "y"), placed("A", "x", "y "), placed("A", "z", "y")
    assert judge_duplicates([placed("A", "x", "y"), same, spaced, other]) == [
        (same, "duplicate"),
        (spaced, "conflicting-duplicate"),
        (other, "conflicting-duplicate"),
    ]
    assert judge_duplicates([same]) == []


def test_cells_are_compared_by_header_and_without_this_tools_own_columns() -> None:
    turned = placed("y", "A", "x", header=("Category", "Ref", "Received"))
    mended = placed("12", "A", "x", "y", header=("cc_row", "Ref", "Received", "Category"))
    more = placed("A", "x", "y", "", header=("Ref", "Received", "Category", "Unit"))
    first = placed("A", "x", "y")
    assert [code for _, code in judge_duplicates([first, turned, mended, more])] == [
        "duplicate",
        "duplicate",
        "conflicting-duplicate",
    ]
