"""Is a profile read strictly, and does one without keys change nothing?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from export_builders import profile_of
from pydantic import ValidationError

from cc_categorise.crosswalk import CrosswalkEntry
from cc_categorise.errors import ProfileError
from cc_categorise.model import CellRules
from cc_categorise.options import CountBy, YearBasis
from cc_categorise.profile import MISSING_TOKENS, Profile, load_profile

WHOLE = """
schema_version: 1
name: Force A, from Niche
force: Avon
columns: {reference: Log, received_on: Date in}
encoding: cp1252
delimiter: ";"
header_row: 3
footers: [Source]
missing: [gone, " ? "]
date_formats: [default, "%d.%m.%Y"]
earliest_year: 2000
rows_per_record: many
count_by: recorded
year: calendar
crosswalk:
  - {label: Phone matters, category: other, decided_by: A. Nalyst, decided_on: 2024-05-01, reason: agreed}
"""


def test_without_a_file_nothing_is_changed() -> None:
    assert load_profile(None) == Profile()
    assert Profile().cell_rules == CellRules(frozenset(MISSING_TOKENS), ("default",))


def test_every_key_is_read(tmp_path: Path) -> None:
    assert load_profile(profile_of(tmp_path, WHOLE)) == Profile(
        name="Force A, from Niche",
        force="Avon",
        columns={"reference": "Log", "received_on": "Date in"},
        encoding="cp1252",
        delimiter=";",
        header_row=3,
        footers=("Source",),
        missing=("gone", " ? "),
        date_formats=("default", "%d.%m.%Y"),
        earliest_year=2000,
        rows_per_record="many",
        count_by=CountBy.RECORDED,
        year=YearBasis.CALENDAR,
        crosswalk=(
            CrosswalkEntry(
                label="Phone matters",
                category="other",
                decided_by="A. Nalyst",
                decided_on=date(2024, 5, 1),
                reason="agreed",
            ),
        ),
    )


def test_missing_tokens_are_compared_without_case_and_ends() -> None:
    assert Profile(missing=(" N/A ", "Straße")).cell_rules.missing == {"n/a", "strasse"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "keys and values are needed at the top level", id="empty"),
        pytest.param("colums: {}", "there is no such key", id="misspelt-key"),
        pytest.param("schema_version: 2", "none of the values that are allowed", id="other-version"),
        pytest.param("columns: {catgory: Type}", "catgory is not a field: reference, received_on", id="no-field"),
        pytest.param("header_row: 0", "this must be at least 1", id="row-0"),
        pytest.param("earliest_year: 10000", "this must be at most 9999", id="year-10000"),
        pytest.param("rows_per_record: two", "none of the values that are allowed", id="two-rows"),
        pytest.param("date_formats: []", "the list must not be empty", id="no-formats"),
        pytest.param("force: ' '", "this must not be empty", id="blank-force"),
        pytest.param("year: weekly", "none of the values that are allowed", id="no-year"),
        pytest.param("force: Avon\nforce: Kent", "the key 'force' stands twice, first on line 1", id="key-twice"),
    ],
)
def test_a_profile_that_breaks_a_rule_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    path = profile_of(tmp_path, text)
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    assert message in str(caught.value)
    assert caught.value.where.startswith(str(path))


@pytest.mark.parametrize(
    "formats", [["%m/%d/%Y", "default"], ["%d/%m/%Y", "%m/%d/%Y"], ["%m-%d-%Y", "%d.%m.%Y"]], ids=" ".join
)
def test_month_first_beside_another_form_would_be_a_guess(tmp_path: Path, formats: list[str]) -> None:
    with pytest.raises(ProfileError, match="a format that swaps day and month cannot stand beside others"):
        load_profile(profile_of(tmp_path, f"date_formats: {formats}"))


@pytest.mark.parametrize(
    "formats", [["%m/%d/%Y"], ["%Y-%m-%d", "%d/%m/%Y"], ["default", "%d %B %Y"]], ids=["alone", "iso", "names"]
)
def test_forms_that_cannot_be_taken_for_each_other_may_stand_together(tmp_path: Path, formats: list[str]) -> None:
    assert load_profile(profile_of(tmp_path, f"date_formats: {formats}")).date_formats == tuple(formats)


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="there is no such profile file"):
        load_profile(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    "formats",
    [
        pytest.param(["%d/%m/%d"], id="a-part-twice"),
        pytest.param(["%Q"], id="no-such-part"),
        pytest.param(["%d/%m"], id="no-year"),
        pytest.param(["%Y-%d-%m", "default"], id="year-first-day-second-beside-iso"),
        pytest.param(["%d/%m/%y", "%m/%d/%y"], id="both-orders"),
    ],
)
def test_a_format_that_gives_no_whole_day_or_makes_a_guess_is_refused(formats: list[str]) -> None:
    with pytest.raises(ValidationError):
        Profile(date_formats=tuple(formats))


@pytest.mark.parametrize("pattern", ["%d.%m.%Y", "%m/%d/%Y %H:%M", "%d %B %Y", "%Y%m%d", "%d%m%y"])
def test_a_format_of_a_whole_day_is_taken(pattern: str) -> None:
    assert Profile(date_formats=(pattern,)).date_formats == (pattern,)
