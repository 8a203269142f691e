"""A real Spark, on this machine: its data frames count as a file of the same rows does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from frame_builders import Columns, as_arrow, columns_of, report_of, report_of_file
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession
from strategies import HEADER
from test_counting import options
from test_data_frames import chosen_by, rows

from cc_categorise.options import RunOptions

pytestmark = pytest.mark.filterwarnings("ignore")  # Spark's own, about versions of pandas
SETTINGS: dict[str, bool | float | int | str | None] = {
    "spark.master": "local[2]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    # Tables of a few rows: it would take longer to compile a plan than to run it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.session.timeZone": "Europe/London",
}


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    if not shutil.which("java"):
        reason = "Java is needed: apt-get install default-jre-headless"
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(reason)
        pytest.skip(reason)
    session = SparkSession.builder.config(map=SETTINGS).getOrCreate()
    yield session
    session.stop()


def on(spark: SparkSession, columns: Columns) -> DataFrame:
    """Give a frame whose rows lie in several parts, as those of a cluster do."""
    return spark.createDataFrame(as_arrow(columns)).repartition(3)


@settings(max_examples=2)
@given(some=st.lists(rows, min_size=5, max_size=5), options=options)
def test_a_frame_counts_as_a_file_of_its_rows(
    spark: SparkSession, some: Sequence[list[list[str]]], options: RunOptions
) -> None:
    numbered = [[*row, str(number)] for number, row in enumerate(row for part in some for row in part)]
    header, chosen = (*HEADER, "cc_order"), chosen_by(options)
    frame = on(spark, columns_of(header, [[*row, int(number)] for *row, number in numbered]))
    assert report_of(frame, order_by="cc_order", **chosen) == report_of_file(header, numbered, **chosen)


def test_cells_of_every_type_mean_what_their_text_means(spark: SparkSession) -> None:
    moment = datetime(2023, 3, 31, 23, 30)  # noqa: DTZ001 - Spark puts it into the session's zone
    columns: dict[str, Sequence[Any]] = {
        "Ref. no": [1, 2, 2, None],
        "Received": [date(2023, 3, 31), date(2023, 4, 1), date(2023, 4, 1), None],
        "Recorded": [moment, None, None, moment],
        "Category": ["Other", "6", "6", "Other"],
        "Grade": [4.0, float("nan"), float("nan"), 1.0],
        "Unit": [Decimal(7), None, None, Decimal(1)],
    }
    rows = [
        ["1", "2023-03-31", "2023-03-31 23:30:00", "Other", "4", "7"],
        *[["2", "2023-04-01", "", "6", "", ""]] * 2,
        ["", "", "2023-03-31 23:30:00", "Other", "1", "1"],
    ]
    frame = on(spark, columns)
    for how in ({"by": ("Grade", "Unit")}, {"count_by": "recorded"}):
        chosen: dict[str, Any] = {**how, "columns": (("reference", "Ref. no"),)}
        assert report_of(frame, **chosen) == report_of_file(list(columns), rows, **chosen)
