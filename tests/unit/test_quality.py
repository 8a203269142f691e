"""Are shares, intervals and delays those of the records, and is a share above its limit told?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cc_categorise.categorise.agreement import share_interval
from cc_categorise.lookup import Line
from cc_categorise.lookup import quality as report
from cc_categorise.options import RunOptions
from cc_categorise.pipeline import count

AS_AT = date(2024, 3, 31)


def measured(
    folder: Path, rows: Sequence[str], header: str, profile: str = ""
) -> tuple[dict[tuple[str, ...], Line], bool]:
    (folder / "export.csv").write_text("\n".join([header, *(f"R{n},{row}" for n, row in enumerate(rows)), ""]))
    (folder / "profile.yaml").write_text(f"schema_version: 1\n{profile}")
    options = RunOptions(profile=folder / "profile.yaml")
    (_, lines, *_), is_good = report(count([folder / "export.csv"], options, as_at=AS_AT))
    found: dict[tuple[str, ...], Line] = {tuple(map(str, line[:3])): line[3:] for line in lines}
    assert len(found) == len(lines)
    return found, is_good


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.2775, id="none"),
        pytest.param(10, 10, 0.7225, 1.0, id="all"),
        pytest.param(1, 10, 0.0179, 0.4042, id="one"),
        pytest.param(81, 263, 0.2553, 0.3662, id="newcombe-1998"),
        pytest.param(15, 148, 0.0624, 0.1605, id="newcombe-1998-small"),
        pytest.param(0, 0, 0.0, 1.0, id="nothing"),
    ],
)
def test_the_interval_is_that_of_published_tables(count: int, of: int, low: float, high: float) -> None:
    """Source: R. G. Newcombe, Statistics in Medicine 17 (1998), pp. 857-872, table I, method 3."""
    assert share_interval(count, of) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share_and_mirrors(pair: tuple[int, int]) -> None:
    n, of = pair
    low, high = share_interval(n, of)
    assert 0 <= low <= n / of <= high <= 1
    assert share_interval(of - n, of) == pytest.approx((1 - high, 1 - low))
    for bound in {low, high} - {0.0, 1.0}:  # the bounds solve (p - share)² = z² share (1 - share) / n
        assert math.isclose((n / of - bound) ** 2, 1.959963984540054**2 * bound * (1 - bound) / of, rel_tol=1e-6)


def test_shares_are_given_by_force_and_year_and_for_all(tmp_path: Path) -> None:
    rows = ["01/04/2022,Other,North", "01/04/2023,Other,North", "02/04/2023,Vulnerability,South", "02/04/2023,,South"]
    found, is_good = measured(tmp_path, rows, "Ref,Date received,Category,Force")
    assert found["share other", "(all)", "2023/24"] == (1, 3, "33.3", "6.1", "79.2", "above 10%, which may be chance")
    assert found["share other", "North", "2023/24"][:3] == (1, 1, "100.0")
    assert found["share other", "South", "2022/23"] == (0, 0, "", "", "", "")
    assert found["share uncategorised", "South", "2023/24"][:3] == (1, 2, "50.0")
    assert not is_good


@pytest.mark.parametrize(
    ("n_other", "limit", "verdict"),
    [
        pytest.param(10, 10, "", id="at-the-limit"),
        pytest.param(11, 10, "above 10%, which may be chance", id="one-above"),
        pytest.param(40, 10, "above 10%", id="clearly-above"),
        pytest.param(40, 40.5, "", id="another-limit"),
    ],
)
def test_a_share_above_the_profiles_limit_is_told(tmp_path: Path, n_other: int, limit: float, verdict: str) -> None:
    rows = ["01/04/2023,Other"] * n_other + ["01/04/2023,Vulnerability"] * (100 - n_other)
    found, is_good = measured(tmp_path, rows, "Ref,Date received,Category", f"quality: {{other: {limit}}}")
    assert found["share other", "(all)", "2023/24"][-1] == verdict
    assert is_good is (verdict == "")


def test_a_limit_that_is_no_per_cent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="at most 100"):
        measured(tmp_path, ["01/04/2023,Other"], "Ref,Date received,Category", "quality: {other: 101}")


def test_rows_without_a_date_labels_not_covered_and_unused_categories_are_counted(tmp_path: Path) -> None:
    rows = ["soon,Other", ",Other", "01/04/2023,Banana", "01/04/2023,Banana", "01/04/2023,Cherry", "01/04/2023,Abuse"]
    crosswalk = "crosswalk: [{label: Cherry, category: other, decided_by: X, decided_on: 2024-01-01, reason: R}]"
    found, _ = measured(tmp_path, rows, "Ref,Date received,Category", crosswalk)
    assert found["rows without a usable date", "(all)", "(all)"][:3] == (2, 6, "33.3")
    assert found["labels that nothing covers", "(all)", "(all)"][0] == 1
    assert found["records with such a label", "(all)", "(all)"][:2] == (2, 4)
    unused = [measure for measure, *_ in found if measure.startswith("never used: ")]
    assert len(unused) == 11
    assert "never used: Other" not in unused


def test_delays_are_those_of_records_that_have_both_dates(tmp_path: Path) -> None:
    days = ["01/04/2023", "02/04/2023", "03/04/2023", "11/04/2023", "30/03/2023", "", "banana"]
    header, rows = "Ref,Date received,Category,Date recorded", [f"01/04/2023,Other,{day}" for day in days]
    found, _ = measured(tmp_path, rows, header, "date_formats: ['%d/%m/%Y']")
    figures = {measure: line for (measure, *_), line in found.items()}
    assert figures["records with both dates received and recorded"][:2] == (5, 7)
    assert figures["days from received to recorded: median"][0] == 1
    assert figures["days from received to recorded: nine in ten within"][0] == 10
    assert figures["recorded before received"][:3] == (1, 5, "20.0")


def test_without_a_second_date_no_delay_is_given(tmp_path: Path) -> None:
    found, is_good = measured(tmp_path, ["01/04/2023,Vulnerability"], "Ref,Date received,Category")
    assert not [measure for measure, *_ in found if measure.startswith("days from")]
    assert is_good


def test_an_export_without_records_has_no_share(tmp_path: Path) -> None:
    found, is_good = measured(tmp_path, [], "Ref,Date received,Category")
    assert found["rows without a usable date", "(all)", "(all)"] == (0, 0, "", "", "", "")
    assert is_good
