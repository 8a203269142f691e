"""Parquet: every type becomes the text a person would read, and a day that no calendar has is data, not a crash."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from export_builders import cells_of, counted, fates, found, rows_of
from pyarrow import parquet

from cc_categorise.errors import MissingExtraError, ParquetError
from cc_categorise.read.exports import Export, Kind
from cc_categorise.read.parquet import open_parquet

NAME = "export.parquet"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def export(path: Path) -> Export:
    return Export(NAME, path, kind=Kind.PARQUET)


def written(path: Path, received: pa.Array, category: Any = "Other") -> Path:
    """Write one record for every day."""
    n = len(received)
    table = {"Ref": [f"R{i}" for i in range(n)], "Received": received, "Category": [category] * n}
    parquet.write_table(pa.table(table), path)
    return path


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        pytest.param([dt.date(2023, 4, 3)], pa.date32(), "2023-04-03", id="date"),
        pytest.param([dt.date(2023, 4, 3)], pa.date64(), "2023-04-03", id="date64"),
        pytest.param([1680566399], pa.timestamp("s"), "2023-04-03 23:59:59", id="timestamp"),
        pytest.param([1680566399000000001], pa.timestamp("ns"), "2023-04-03 23:59:59.000000001", id="nanoseconds"),
        pytest.param(
            [1680566399], pa.timestamp("s", "Europe/London"), "2023-04-04 00:59:59+01:00", id="timestamp-of-a-zone"
        ),
        pytest.param(["007"], pa.string(), "007", id="text"),
        pytest.param(["007"], pa.large_string(), "007", id="large-text"),
        pytest.param(["Café".encode()], pa.binary(), "Café", id="bytes-that-are-text"),
        pytest.param([b"a\xff"], pa.binary(), "a\\xff", id="bytes"),
        pytest.param([7], pa.int64(), "7", id="whole"),
        pytest.param([7.0], pa.float64(), "7", id="float"),
        pytest.param([Decimal("7.50")], pa.decimal128(5, 2), "7.50", id="decimal"),
        pytest.param([True], pa.bool_(), "TRUE", id="boolean"),
        pytest.param([None], pa.null(), "", id="null"),
        pytest.param([["a", "b"]], pa.list_(pa.string()), "a; b", id="list"),
        pytest.param([{"x": 1}], pa.struct([("x", pa.int8())]), '{"x": 1}', id="struct"),
        pytest.param(["a"], pa.dictionary(pa.int8(), pa.string()), "a", id="dictionary"),
        pytest.param([10**13], pa.timestamp("s"), "<value out of range: 10000000000000000>", id="past-the-year-9999"),
    ],
)
def test_a_value_is_the_text_a_person_would_read(path: Path, values: list[Any], kind: Any, text: str) -> None:
    parquet.write_table(pa.table({"Received": pa.array(values, kind)}), path)
    table = open_parquet(export(path))
    assert (table.header, rows_of(table)) == (("Received",), [[text]])


def test_days_are_counted_as_written_whatever_their_zone(path: Path) -> None:
    summer = pa.array([1680304500, 1680305100], pa.timestamp("s", "Europe/London"))  # 31 March 23:15, GMT, is 1 April
    assert cells_of(counted(written(path, summer))) == {("2023/24", "other"): 2}
    assert cells_of(counted(written(path, summer.cast(pa.timestamp("s"))))) == {("2022/23", "other"): 2}


def test_a_day_that_python_has_no_date_for_rejects_its_row_alone(path: Path) -> None:
    outcome = counted(written(path, pa.array([1680480000, 10**13], pa.timestamp("s"))))
    assert fates(outcome) == {"rows_read": 2, "counted": 1, "rejected": 1}
    assert [(row, field) for row, field, _ in found(outcome)] == [(2, "received_on")]


def test_a_bare_number_is_no_day(path: Path) -> None:
    outcome = counted(written(path, pa.array([45019, 20230403], pa.int64())))
    assert [code for *_, code in found(outcome)] == ["number-as-date"] * 2


def test_rows_are_numbered_across_row_groups(path: Path) -> None:
    days = ["2023-04-03"] * 10_000
    days[9_998] = "soon"
    table = pa.table({"Ref": list(map(str, range(10_000))), "Received": days, "Category": ["Other"] * 10_000})
    parquet.write_table(table, path, row_group_size=999)
    assert found(counted(path)) == [(9_999, "received_on", "unreadable-date")]


def test_no_rows_are_a_table_of_zeros(path: Path) -> None:
    outcome = counted(written(path, pa.array([], pa.date32())))
    assert (fates(outcome), outcome.is_clean) == ({}, True)


@pytest.mark.parametrize("missing", ["pyarrow", "pyarrow.parquet"])
def test_the_extra_that_is_missing_is_named_with_its_command(
    path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    path.touch()
    if missing == "pyarrow.parquet":
        monkeypatch.delattr(pa, "parquet")
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError) as caught:
        open_parquet(export(path))
    assert (caught.value.code, caught.value.exit_code) == ("missing-extra", 4)
    assert caught.value.hint == "pip install 'cc-categorise[parquet]'"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[:-1], id="last-byte-missing"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut-in-half"),
        pytest.param(lambda _: b"", id="nothing"),
        pytest.param(lambda _: b"PAR1PAR1", id="marks-alone"),
        pytest.param(lambda _: b"Ref,Received,Category\n", id="text"),
        pytest.param(lambda data: data[:4] + bytes(60) + data[64:], id="pages-overwritten"),
    ],
)
def test_a_damaged_file_is_one_clear_error(path: Path, damage: Any) -> None:
    data = written(path, pa.array([dt.date(2023, 4, 3)] * 50)).read_bytes()
    path.write_bytes(damage(data))
    with pytest.raises(ParquetError) as caught:
        open_parquet(export(path))
    assert (caught.value.code, caught.value.exit_code, caught.value.where) == ("parquet", 4, NAME)
