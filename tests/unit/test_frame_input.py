"""What a data frame is, which of its cells mean what, and what is refused."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from export_builders import AS_AT, cells_of, fates, profile_of

import cc_categorise as cc
from cc_categorise.errors import AmbiguousColumnError, MissingColumnError, MissingExtraError, UsageError

DAY = dt.date(2023, 4, 1)
LATE = dt.datetime(2023, 3, 31, 23, 30, tzinfo=ZoneInfo("Europe/London"))
FRAMES: dict[str, Callable[..., Any]] = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars-lazy": pl.LazyFrame,
    "pyarrow": pa.table,
    "duckdb": lambda columns: duckdb.from_arrow(pa.table(columns)),
}
of_each_kind = pytest.mark.parametrize("made", FRAMES.values(), ids=FRAMES)


def counted(frame: object, **options: Any) -> cc.Outcome:
    """Count a frame as at a fixed day."""
    return cc.count_frame(frame, as_at=AS_AT, **options)


def received(values: Any, category: Any = "Other") -> dict[str, Any]:
    """Give a record for every day."""
    n = len(values)
    return {"Ref": [f"R{i}" for i in range(n)], "Received": values, "Category": [category] * n}


@of_each_kind
@pytest.mark.parametrize(
    ("day", "year"),
    [
        pytest.param(DAY, "2023/24", id="date"),
        pytest.param(dt.datetime(2023, 3, 31, 23, 59), "2022/23", id="moment"),  # noqa: DTZ001 - as written
        pytest.param("31/03/2023", "2022/23", id="text"),
        pytest.param(45017, None, id="whole-number"),
        pytest.param(45017.0, None, id="number"),
        pytest.param(True, None, id="truth"),
    ],
)
def test_a_cell_means_what_its_text_would(made: Callable[..., Any], day: Any, year: str | None) -> None:
    outcome = counted(made(received([day])))
    assert cells_of(outcome) == ({(year, "other"): 1} if year else {})
    assert outcome.reconciliation.rejected == (year is None)


@of_each_kind
def test_null_and_not_a_number_are_blank(made: Callable[..., Any]) -> None:
    columns = received([DAY, DAY, DAY]) | {"Unit": [4.0, float("nan"), None]}
    assert cells_of(counted(made(columns), by=("Unit",))) == {
        ("4", "2023/24", "other"): 1,
        ("(blank)", "2023/24", "other"): 2,
    }


@of_each_kind
def test_a_column_without_any_value_is_blank(made: Callable[..., Any]) -> None:
    nothing = pa.array([None, None], pa.string()) if made is FRAMES["duckdb"] else [None, None]
    outcome = counted(made(received([DAY, DAY]) | {"Ref": nothing, "Category": nothing}))
    assert fates(outcome) == {"rows_read": 2, "counted": 2, "uncategorised": 2}
    assert outcome.report.findings == {"blank-category": 2, "blank-reference": 2}


@pytest.mark.parametrize(
    ("values", "text"),
    [
        pytest.param(pd.Series(["6", "Other"], dtype="category"), ["other", "theft-and-fraud"], id="category"),
        pytest.param(pd.Series([6, 12], dtype="Int64"), ["other", "theft-and-fraud"], id="whole-numbers"),
        pytest.param(pd.Series([6.0, np.nan]), ["theft-and-fraud", "uncategorised"], id="numbers-with-gaps"),
        pytest.param(pd.Series([Decimal(6), None], dtype=object), ["theft-and-fraud", "uncategorised"], id="decimals"),
        pytest.param(pd.Series([6, "Other"], dtype=object), ["other", "theft-and-fraud"], id="mixed"),
        pytest.param(pd.Series([pd.NA, pd.NaT], dtype=object), ["uncategorised"], id="nothing"),
        pytest.param(pd.Series([["Other"], None], dtype=object), ["other", "uncategorised"], id="lists"),
    ],
)
def test_a_column_of_pandas_of_any_type_is_read(values: Any, text: list[str]) -> None:
    frame = pd.DataFrame(received([DAY, DAY])).assign(Category=values)
    assert sorted(code for _, code in cells_of(counted(frame))) == text


@pytest.mark.parametrize("made", [pl.DataFrame, pl.LazyFrame, pa.table])
def test_a_list_is_its_items_apart(made: Callable[..., Any]) -> None:
    further = [["Infiltration", "Vulnerability"], None]
    outcome = counted(made(received([DAY, DAY]) | {"Further categories": further}), basis=cc.Basis.ALL)
    assert sorted(cells_of(outcome).values()) == [1, 1, 2]


def test_a_moment_counts_as_written_whatever_its_zone() -> None:
    assert cells_of(counted(pl.DataFrame(received([LATE])))) == {("2022/23", "other"): 1}


@of_each_kind
def test_a_whole_number_is_a_reference_as_its_digits(made: Callable[..., Any], tmp_path: Path) -> None:
    columns = received([DAY] * 4) | {"Ref": [17, 17, 0, 0]}
    profile = profile_of(tmp_path, "missing: ['0']")
    outcome = counted(made(columns), profile=profile)
    assert fates(outcome) == {"rows_read": 4, "counted": 3, "duplicate": 1}
    assert outcome.report.findings == {"blank-reference": 2, "duplicate": 1}


@of_each_kind
def test_a_reference_is_compared_as_a_file_s_would_be(made: Callable[..., Any]) -> None:
    references = ["A", " A", "A\u00a0", "\ufeffA", "a", "É1", "É1 ", "tbc", "TBC", "\u3000"]
    columns = received([DAY] * 10) | {"Ref": references}
    outcome = counted(made(columns))
    assert fates(outcome) == {"rows_read": 10, "counted": 6, "duplicate": 4}
    assert outcome.report.findings == {"blank-reference": 3, "conflicting-duplicate": 4}


@of_each_kind
def test_rows_of_one_reference_can_be_one_record(made: Callable[..., Any], tmp_path: Path) -> None:
    columns = {"Ref": ["A", "B", "A"], "Received": [DAY] * 3, "Category": ["Other", "Other", "6"], "Row": [2, 3, 1]}
    many = profile_of(tmp_path, "rows_per_record: many")
    outcome = counted(made(columns), profile=many, order_by="Row")
    assert fates(outcome) == {"rows_read": 3, "counted": 2, "merged": 1}
    assert cells_of(outcome) == {("2023/24", "theft-and-fraud"): 1, ("2023/24", "other"): 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_without_an_order_the_row_of_the_earliest_period_is_kept(order: tuple[int, int]) -> None:
    days = ["01/05/2023", "02/05/2022"]
    table = pa.table({"Ref": ["A", "A"], "Received": [days[i] for i in order], "Category": ["6", "6"]})
    assert cells_of(counted(duckdb.from_arrow(table))) == {("2022/23", "theft-and-fraud"): 1}


def test_headers_may_hold_anything() -> None:
    table = pa.table({'Ref. "no"': ["A"], "Date`received": [DAY], "select": ["Other"], "row": ["x"], "c0": ["y"]})
    named = (("reference", 'Ref. "no"'), ("received_on", "Date`received"), ("category", "select"))
    for frame in (table, table.to_pandas(), pl.from_arrow(table), duckdb.from_arrow(table)):
        outcome = counted(frame, columns=named, by=("row", "c0"))
        assert cells_of(outcome) == {("x", "y", "2023/24", "other"): 1}


def test_names_of_columns_of_pandas_need_not_be_text() -> None:
    frame = pd.DataFrame([["A", DAY, "Other"]])
    named = (("reference", "0"), ("received_on", "1"), ("category", "2"))
    assert fates(counted(frame, columns=named)) == {"rows_read": 1, "counted": 1}


@of_each_kind
def test_a_frame_without_rows_gives_a_table_of_zeros(made: Callable[..., Any]) -> None:
    empty = pa.array([], pa.string())
    columns = {"Ref": empty, "Received": empty, "Category": empty}
    frame = pl.from_arrow(pa.table(columns)) if made in (pl.DataFrame, pl.LazyFrame) else made(columns)
    outcome = counted(frame)
    assert fates(outcome) == {}
    assert len(list(outcome.tally.rows())) == 12


def test_a_relation_of_another_connection_is_left_as_it_was() -> None:
    with duckdb.connect() as connection:
        connection.register("given", pa.table(received([DAY])))
        assert fates(counted(connection.sql("select * from given"))) == {"rows_read": 1, "counted": 1}
        assert connection.sql("show tables").fetchall() == [("given",)]


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        pytest.param([1, 2], UsageError, id="no-frame"),
        pytest.param(pd.Series([1]), UsageError, id="series"),
        pytest.param(pd.DataFrame([[1, 2]], columns=["a", "a"]), AmbiguousColumnError, id="two-columns-of-one-name"),
        pytest.param(pd.DataFrame({"Ref": ["A"]}), MissingColumnError, id="no-date"),
    ],
)
def test_what_cannot_be_counted_is_refused(frame: object, error: type[cc.CategoriseError]) -> None:
    with pytest.raises(error):
        counted(frame)


def test_a_column_of_the_order_that_is_not_there_is_refused() -> None:
    with pytest.raises(MissingColumnError, match="'nosuch'"):
        counted(pd.DataFrame(received([DAY])), order_by="nosuch")


@pytest.mark.parametrize("name", ["encoding", "delimiter", "sheet", "from_db", "query", "profile_map"])
def test_options_about_files_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        counted(pd.DataFrame(received([DAY])), **{name: ("x",) if name == "profile_map" else "x"})


@pytest.mark.parametrize("missing", ["narwhals.stable.v2", "pyarrow"])
def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.delitem(sys.modules, "cc_categorise.frame_input", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match="frames"):
        counted(pd.DataFrame(received([DAY])))


# --- labels that are read together with other cells

EXAMPLES = Path(__file__).parents[2] / "examples"


@of_each_kind
@pytest.mark.parametrize(
    ("folder", "options"),
    [
        ("crosswalk-dated", {"profile": EXAMPLES / "crosswalk-dated" / "profile.yaml"}),
        ("by-subcategory", {"by": ("subcategory",)}),
    ],
)
def test_a_label_that_means_something_by_its_day_or_sub_tag_is_read_as_in_a_file(
    made: Callable[..., Any], folder: str, options: dict[str, Any]
) -> None:
    path = EXAMPLES / folder / "export.csv"
    columns = pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("list")
    assert counted(made(columns), **options).report == cc.count(path, as_at=AS_AT, **options).report
