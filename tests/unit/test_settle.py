"""Has every row one fate, in the order rejected, duplicate, out of period, merged, counted?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from export_builders import cells_of, counted, fates, found, profile_of, written

from cc_categorise import pipeline, survey
from cc_categorise.categorise.labels import LabelReader
from cc_categorise.options import Basis, CountBy, YearBasis

MANY = "rows_per_record: many"
FORCES = "Ref,Received,Category,Force"
FURTHER = "Ref,Received,Category,Further categories"


def test_without_rows_nothing_has_a_fate(tmp_path: Path) -> None:
    outcome = counted(written(tmp_path))
    assert (fates(outcome), found(outcome), cells_of(outcome)) == ({}, [], {})
    assert outcome.report.reconciliation.is_balanced
    assert outcome.is_clean


def test_one_sound_row_is_one_record(tmp_path: Path) -> None:
    outcome = counted(written(tmp_path, "A,2023-04-01,Other"))
    assert (fates(outcome), found(outcome)) == ({"rows_read": 1, "counted": 1}, [])
    assert cells_of(outcome) == {("2023/24", "other"): 1}


def test_a_reference_seen_before_is_a_duplicate_and_the_first_is_kept(tmp_path: Path) -> None:
    outcome = counted(
        written(
            tmp_path,
            "A,2023-03-31,Infiltration",
            "A,2023-03-31,Infiltration",
            "A,2023-04-01,Other",
            " A ,2023-03-31,Infiltration",
            "a,2023-03-31,Infiltration",
        )
    )
    assert fates(outcome) == {"rows_read": 5, "counted": 2, "duplicate": 3}
    assert cells_of(outcome) == {("2022/23", "infiltration"): 2}
    assert found(outcome) == [
        (3, "reference", "duplicate"),
        (4, "reference", "conflicting-duplicate"),
        (5, "reference", "conflicting-duplicate"),
    ]
    assert outcome.is_clean


def test_references_are_the_same_whatever_nul_mark_or_space_stands_beside_them(tmp_path: Path) -> None:
    outcome = counted(written(tmp_path, "A,2023-04-01,Other", "\u00a0A\0,2023-04-01,Other", "A\ufeff,2023-04-01,Other"))
    assert fates(outcome) == {"rows_read": 3, "counted": 1, "duplicate": 2}


@pytest.mark.parametrize(
    "blank", ["", " ", "\u00a0", "\0", "n/A", " TBC "], ids=["empty", "space", "hard-space", "nul", "n/a", "tbc"]
)
def test_blank_references_are_never_duplicates_and_each_is_told(tmp_path: Path, blank: str) -> None:
    outcome = counted(written(tmp_path, *[f"{blank},2023-04-01,Other"] * 3))
    assert fates(outcome) == {"rows_read": 3, "counted": 3}
    told = [finding for finding in found(outcome) if finding[2] != "nul-character"]
    assert told == [(row, "reference", "blank-reference") for row in (2, 3, 4)]
    assert outcome.is_clean


def test_without_a_column_of_references_that_is_told_once(tmp_path: Path) -> None:
    outcome = counted(written(tmp_path, "2023-04-01,Other", "2023-04-01,Other", header="Received,Category"))
    assert fates(outcome) == {"rows_read": 2, "counted": 2}
    assert found(outcome) == [(None, "reference", "no-reference-column")]


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        pytest.param("A,31/02/2023,Other", "received_on", "impossible-date", id="date"),
        pytest.param("A,01/07/2024,Other", "received_on", "date-after-as-at", id="after-as-at"),
        pytest.param('A,2023-04-01,Other,"more"', "", "too-many-cells", id="shape"),
    ],
)
def test_a_rejected_row_takes_no_reference(tmp_path: Path, row: str, field: str, code: str) -> None:
    outcome = counted(written(tmp_path, row, "A,2023-04-01,Other", "A,2023-04-01,Other"))
    assert fates(outcome) == {"rows_read": 3, "counted": 1, "rejected": 1, "duplicate": 1}
    assert found(outcome) == [(2, field, code), (4, "reference", "duplicate")]
    assert not outcome.is_clean


def test_a_rejected_row_is_no_duplicate(tmp_path: Path) -> None:
    outcome = counted(written(tmp_path, "A,2023-04-01,Other", "A,,Other"))
    assert found(outcome) == [(3, "received_on", "missing-date")]


def test_the_same_reference_in_two_forces_is_two_records(tmp_path: Path) -> None:
    rows = ["A,2023-04-01,Other,Avon", "A,2023-04-01,Other,Kent", "A,2023-04-01,Other, Kent ", "A,2023-04-01,Other,"]
    outcome = counted(written(tmp_path, *rows, header=FORCES))
    assert fates(outcome) == {"rows_read": 4, "counted": 3, "duplicate": 1}
    assert found(outcome) == [(4, "reference", "conflicting-duplicate")]


def test_the_profiles_force_stands_where_the_cell_is_blank(tmp_path: Path) -> None:
    rows = ["A,2023-04-01,Other,Avon", "A,2023-04-01,Other,"]
    profile = profile_of(tmp_path, "force: Avon")
    outcome = counted(written(tmp_path, *rows, header=FORCES), profile=profile, by=("force",))
    assert fates(outcome) == {"rows_read": 2, "counted": 1, "duplicate": 1}
    assert cells_of(outcome) == {("Avon", "2023/24", "other"): 1}
    other = counted(written(tmp_path, "A,2023-04-01,Other"), profile=profile, by=("force",))
    assert cells_of(other) == {("Avon", "2023/24", "other"): 1}


def test_references_are_compared_across_files(tmp_path: Path) -> None:
    first = written(tmp_path, "A,2023-04-01,Other", name="1.csv")
    second = written(tmp_path, "Other,A,2023-04-01", "Other,B,2023-04-01", header="Category,Ref,Received", name="2.csv")
    outcome = counted([first, second])
    assert fates(outcome) == {"rows_read": 3, "counted": 2, "duplicate": 1}
    (finding,) = pipeline.findings_of(outcome)
    assert (finding.file, finding.row, finding.code) == (second.as_posix(), 2, "duplicate")


def test_a_file_given_twice_is_told_and_its_rows_are_duplicates(tmp_path: Path) -> None:
    path = written(tmp_path, "A,2023-04-01,Other", ",2023-04-01,Other")
    outcome = counted([path, path])
    assert fates(outcome) == {"rows_read": 4, "counted": 3, "duplicate": 1}
    assert (None, "", "same-file-twice") in found(outcome)


@pytest.mark.parametrize("many", [1, 10**6], ids=["numpy", "plain"])
def test_references_that_repeat_are_found_in_many_rows_as_in_few(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, many: int
) -> None:
    monkeypatch.setattr(survey, "_MANY", many)
    rows = [f"{ref},2023-04-01,Other" for ref in ("A", "B", "", "A", "C", "", "C", "A")]
    assert [row for row, _, code in found(counted(written(tmp_path, *rows))) if code == "duplicate"] == [5, 8, 9]


def test_two_references_of_one_fingerprint_are_two_records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(survey, "hash", lambda key: len(key[1]), raising=False)
    outcome = counted(written(tmp_path, *(f"{ref},2023-04-01,Other" for ref in ("A", "B", "A", "CC"))))
    assert fates(outcome) == {"rows_read": 4, "counted": 3, "duplicate": 1}


def test_records_outside_the_periods_are_counted_nowhere_and_have_no_findings(tmp_path: Path) -> None:
    rows = ["A,2023-03-31,Banana", "A,2023-04-01,Other", ",2024-04-01,Other", "C,2023-04-01,Other", "D,soon,Other"]
    outcome = counted(written(tmp_path, *rows), periods=("2023/24",))
    assert fates(outcome) == {"rows_read": 5, "counted": 1, "rejected": 1, "duplicate": 1, "out_of_period": 2}
    assert found(outcome) == [(3, "reference", "conflicting-duplicate"), (6, "received_on", "unreadable-date")]


@pytest.mark.parametrize(
    ("start", "end", "n"),
    [
        pytest.param(date(2023, 4, 1), None, 2, id="from"),
        pytest.param(None, date(2023, 4, 1), 2, id="to"),
        pytest.param(date(2023, 4, 1), date(2023, 4, 1), 1, id="one-day"),
    ],
)
def test_the_first_and_the_last_day_count(tmp_path: Path, start: date | None, end: date | None, n: int) -> None:
    rows = [f"{day},2023-{day},Other" for day in ("03-31", "04-01", "04-02")]
    assert fates(counted(written(tmp_path, *rows), start=start, end=end))["counted"] == n


def test_rows_of_one_record_merge_and_the_first_gives_date_and_category(tmp_path: Path) -> None:
    rows = [
        "A,2023-03-31,Infiltration,",
        "A,2023-03-30,Vulnerability,Other",
        "A,2023-03-31,Infiltration,",
        "B,2023-04-01,Other,",
    ]
    path = written(tmp_path, *rows, header=FURTHER)
    outcome = counted(path, profile=profile_of(tmp_path, MANY))
    assert fates(outcome) == {"rows_read": 4, "counted": 2, "merged": 2}
    assert found(outcome) == []
    assert cells_of(outcome) == {("2022/23", "infiltration"): 1, ("2023/24", "other"): 1}
    mentions = counted(path, profile=tmp_path / "profile.yaml", basis=Basis.ALL)
    assert cells_of(mentions) == {
        ("2022/23", "infiltration"): 1,
        ("2022/23", "vulnerability"): 1,
        ("2022/23", "other"): 1,
        ("2023/24", "other"): 1,
    }


def test_a_merged_row_keeps_its_findings_and_its_category_is_a_further_one(tmp_path: Path) -> None:
    rows = [
        "A,2023-04-01,Other,,",
        "A,2023-04-01,Banana,Pear,soon",
        "A,2023-04-01,,",
        "A,2022-04-01,Other,,",
    ]
    outcome = counted(written(tmp_path, *rows, header=f"{FURTHER},Closed"), profile=profile_of(tmp_path, MANY))
    assert fates(outcome) == {"rows_read": 4, "counted": 1, "merged": 3}
    assert found(outcome) == [
        (3, "closed_on", "unreadable-other-date"),
        (3, "category", "unknown-further-label"),
        (3, "further_categories", "unknown-further-label"),
        (4, "", "too-few-cells"),
        (5, "received_on", "dates-differ-within-record"),
    ]
    assert outcome.is_clean


def test_rows_of_a_record_outside_the_periods_are_outside_with_it(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, MANY)
    rows = ["A,2023-03-31,Other", "A,2023-04-01,Banana", "B,2023-04-01,Other", "B,2023-03-31,Other", "C,soon,Other"]
    outcome = counted(written(tmp_path, *rows), profile=profile, periods=("2023/24",))
    assert fates(outcome) == {"rows_read": 5, "counted": 1, "rejected": 1, "out_of_period": 2, "merged": 1}
    assert found(outcome) == [
        (5, "received_on", "dates-differ-within-record"),
        (6, "received_on", "unreadable-date"),
    ]


def test_rows_without_reference_never_merge(tmp_path: Path) -> None:
    outcome = counted(written(tmp_path, *[",2023-04-01,Other"] * 2), profile=profile_of(tmp_path, MANY))
    assert fates(outcome) == {"rows_read": 2, "counted": 2}


def test_an_uncategorised_record_is_counted_and_never_as_other(tmp_path: Path) -> None:
    rows = ["A,2023-04-01,Banana", "B,2023-04-01,", "C,2023-04-01,N/A", "D,2023-04-01,Other"]
    outcome = counted(written(tmp_path, *rows))
    assert fates(outcome) == {"rows_read": 4, "counted": 4, "uncategorised": 3}
    assert cells_of(outcome) == {("2023/24", "uncategorised"): 3, ("2023/24", "other"): 1}
    assert [code for _, _, code in found(outcome)] == ["unknown-label", "blank-category", "blank-category"]


def test_a_record_with_a_readable_further_category_is_uncategorised_only_where_records_are_counted(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "A,2023-04-01,Banana,Other; Pear", header=FURTHER)
    assert fates(counted(path)) == {"rows_read": 1, "counted": 1, "uncategorised": 1}
    mentions = counted(path, basis=Basis.ALL)
    assert fates(mentions) == {"rows_read": 1, "counted": 1}
    assert cells_of(mentions) == {("2023/24", "other"): 1}
    assert found(mentions) == [
        (2, "category", "unknown-label"),
        (2, "further_categories", "unknown-further-label"),
    ]


def test_findings_of_a_row_stand_in_the_order_of_fields_whatever_was_met_first(tmp_path: Path) -> None:
    rows = ["A,2023-04-01,Banana,", ",soon,,", 'C,2023-04-01,Other,"pear', ",2023-04-01,Banana,\0"]
    outcome = counted(written(tmp_path, *rows, header=FURTHER))
    assert found(outcome) == [
        (2, "category", "unknown-label"),
        (3, "reference", "blank-reference"),
        (3, "received_on", "unreadable-date"),
        (3, "category", "blank-category"),
        (4, "", "stray-quote"),
        (4, "further_categories", "unknown-further-label"),
        (5, "", "nul-character"),
        (5, "reference", "blank-reference"),
        (5, "category", "unknown-label"),
    ]
    assert sum(outcome.report.findings.values()) == 9


def test_the_date_that_is_counted_is_chosen_once_for_the_run(tmp_path: Path) -> None:
    header = "Ref,Received,Recorded,Category"
    rows = ["A,2023-03-31,2023-04-01,Other", "B,,2023-04-01,Other", "C,2023-03-31,soon,Other"]
    path = written(tmp_path, *rows, header=header)
    received = counted(path)
    assert cells_of(received) == {("2022/23", "other"): 2}
    assert found(received) == [(3, "received_on", "missing-date"), (4, "recorded_on", "unreadable-other-date")]
    recorded = counted(path, count_by=CountBy.RECORDED)
    assert cells_of(recorded) == {("2023/24", "other"): 2}
    assert found(recorded) == [(4, "recorded_on", "unreadable-date")]


@pytest.mark.parametrize(
    ("as_at", "rejected"), [(date(2024, 2, 29), 0), (date(2024, 2, 28), 1)], ids=["that-day", "the-day-before"]
)
def test_a_date_after_the_as_at_date_is_no_count(tmp_path: Path, as_at: date, rejected: int) -> None:
    outcome = counted(written(tmp_path, "A,29/02/2024,Other"), as_at=as_at, year=YearBasis.MONTH)
    assert outcome.report.reconciliation.rejected == rejected


def test_the_near_miss_of_a_label_is_looked_up_once_however_many_rows_have_it(tmp_path: Path) -> None:
    outcome = counted(written(tmp_path, *(f"R{n},2023-04-01,Infiltratoin" for n in range(50))))
    with mock.patch.object(LabelReader, "suggest", return_value="Infiltration") as suggest:
        found = pipeline.findings_of(outcome)
    assert {finding.detail for finding in found if finding.code == "unknown-label"} == {"Did you mean 'Infiltration'?"}
    assert suggest.call_count == 1
