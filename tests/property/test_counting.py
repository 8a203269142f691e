"""What holds of a count whatever the exports are: nothing is lost, and order and cuts do not matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import oracle
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import AS_AT, FIELDS, HEADER, SOUND_DAYS, Dialect, Written, agreeing_exports, exports, on_disk

from cc_categorise import pipeline
from cc_categorise.options import Basis, Format, RunOptions, YearBasis
from cc_categorise.pipeline import Outcome
from cc_categorise.profile import Profile, load_profile
from cc_categorise.render import render

_FOLDER = TemporaryDirectory()
MANY = Path(_FOLDER.name) / "many.yaml"
MANY.write_text("rows_per_record: many\n")
OF_THE_FILE = {"same-file-twice", "no-reference-column", "duplicate-header"}


def counted(*contents: bytes, options: RunOptions | None = None) -> Outcome:
    with on_disk(*contents) as paths:
        return pipeline.count(paths, options or RunOptions(), as_at=AS_AT)


def facts(outcome: Outcome) -> tuple[object, ...]:
    """Everything of a report that order and files must not change."""
    report = outcome.report
    codes = {code: n for code, n in report.findings.items() if code not in OF_THE_FILE}
    return render(report, Format.CSV), report.reconciliation, codes


days = st.one_of(st.none(), st.dates(date(2021, 1, 1), AS_AT), st.sampled_from(SOUND_DAYS))
windows = st.tuples(days, days).filter(lambda pair: not (pair[0] and pair[1] and pair[0] > pair[1]))
options = st.builds(
    lambda year, by, basis, window, profile: RunOptions(
        year=year, by=by, basis=basis, start=window[0], end=window[1], profile=profile
    ),
    year=st.sampled_from([YearBasis.FINANCIAL, YearBasis.CALENDAR]),
    by=st.sampled_from([(), ("force",), ("force", "reference")]),
    basis=st.sampled_from(Basis),
    window=windows,
    profile=st.sampled_from([None, MANY]),
)


@given(exports(), options)
def test_every_row_read_has_one_fate_and_the_table_sums_to_the_records_counted(
    export: Written, chosen: RunOptions
) -> None:
    report = counted(export.data, options=chosen).report
    fates, mentions = report.reconciliation, report.tally.counts.values()
    assert fates.is_balanced
    assert sum(row.count for row in report.tally.rows()) == sum(mentions)
    if chosen.basis is Basis.PRIMARY:
        assert sum(mentions) == fates.counted
    else:
        assert sum(mentions) >= fates.counted


@given(agreeing_exports(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_where_no_references_conflict(export: Written, chance: object) -> None:
    shuffled = list(export.rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert facts(counted(export.data)) == facts(counted(export.with_rows(shuffled).data))


@given(exports(), st.integers(0, 12), options)
def test_an_export_cut_in_two_counts_like_the_whole(export: Written, at: int, chosen: RunOptions) -> None:
    halves = [export.with_rows(rows).data for rows in (export.rows[:at], export.rows[at:])]
    assert facts(counted(*halves, options=chosen)) == facts(counted(export.data, options=chosen))


@settings(max_examples=400)
@given(st.lists(exports(), min_size=1, max_size=2), options)
def test_a_run_equals_the_plain_reading_of_row_after_row(files: Sequence[Written], chosen: RunOptions) -> None:
    with on_disk(*(export.data for export in files)) as paths:
        outcome = pipeline.count(paths, chosen, as_at=AS_AT)
        numbers = {path.as_posix(): number for number, path in enumerate(paths)}
        found = [f for f in pipeline.findings_of(outcome) if f.code != "row-within-quotes"]
    window = chosen.start, chosen.end
    year = chosen.year or YearBasis.FINANCIAL
    answer = oracle.judge(files, by=chosen.by, is_many=chosen.profile is MANY, year=year, window=window)
    assert render(outcome.report, Format.CSV) == oracle.csv_of(
        answer, by=chosen.by, basis=chosen.basis, year=year, window=window
    )
    fates = outcome.report.reconciliation
    names = ("rows_read", "counted", "rejected", "duplicate", "out_of_period", "merged")
    assert {name: getattr(fates, name) for name in names} == {name: answer.fates[name] for name in names}
    by_row = [(numbers[f.file], f.row, f.field, f.code) for f in found if f.code not in OF_THE_FILE]
    assert sorted(by_row, key=str) == sorted(answer.findings, key=str)


@given(exports(), options)
def test_the_findings_that_are_listed_are_those_that_are_counted(export: Written, chosen: RunOptions) -> None:
    with on_disk(export.data) as paths:
        outcome = pipeline.count(paths, chosen, as_at=AS_AT)
        listed = Counter(finding.code for finding in pipeline.findings_of(outcome))
    assert dict(listed) == outcome.report.findings


def test_the_profile_of_these_tests_says_many() -> None:
    assert load_profile(MANY) == Profile(rows_per_record="many")


def test_the_plain_reading_knows_every_fate() -> None:
    """Or the comparison above could hold because nothing ever happens."""
    row = dict.fromkeys(FIELDS, "")
    rows = [
        {"reference": "A", "received_on": "2023-04-01", "category": "Other"},
        {"reference": "A", "received_on": "2023-04-01", "category": "Other"},
        {"reference": "A", "received_on": "2023-04-01", "category": "Infiltration"},
        {"reference": "B", "received_on": "31/02/2023", "category": "Other"},
        {"reference": "C", "received_on": "2020-01-01", "category": "Other"},
        {"category": "Banana"},
        {"category": "Total"},
    ]
    export = Written([[*(row | cells).values()] for cells in rows], HEADER, dialect=Dialect())
    answer = oracle.judge([export], window=(date(2023, 4, 1), None))
    assert answer.fates == {"rows_read": 6, "counted": 1, "duplicate": 2, "rejected": 2, "out_of_period": 1}
    assert answer.findings == [
        (0, 3, "reference", "duplicate"),
        (0, 4, "reference", "conflicting-duplicate"),
        (0, 5, "received_on", "impossible-date"),
        (0, 7, "received_on", "missing-date"),
        (0, 7, "category", "unknown-label"),
        (0, 7, "reference", "blank-reference"),
    ]
