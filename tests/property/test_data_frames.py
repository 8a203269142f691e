"""The same rows give the same report, whatever engine holds them, and as a file."""

from __future__ import annotations

from typing import Any

import pytest
from frame_builders import ENGINES, ORDERED, columns_of, report_of, report_of_file
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import HEADER, messy_rows
from test_counting import options

from cc_categorise.options import RunOptions

N_CELLS = len(HEADER)
# A file's own reader tells of NUL; in a frame it is a sign like any other.
rows = messy_rows.map(lambda some: [[*(c.replace("\0", "") for c in row), *[""] * N_CELLS][:N_CELLS] for row in some])
# Each example is some ten queries of an engine.
a_few = settings(max_examples=settings.default.max_examples // 5 if settings.default else 12)
every_engine = pytest.mark.parametrize("engine", ENGINES)


def chosen_by(options: RunOptions) -> dict[str, Any]:
    return {name: value for name, value in options._asdict().items() if value != getattr(RunOptions(), name)}


@pytest.mark.parametrize("engine", ORDERED)
@a_few
@given(rows, options, st.sampled_from(["", None]))
def test_a_frame_counts_as_a_file_of_its_rows(
    engine: str, some: list[list[str]], options: RunOptions, blank: str | None
) -> None:
    columns = columns_of(HEADER, [[cell or blank for cell in row] for row in some])
    chosen = chosen_by(options)
    assert report_of(ENGINES[engine](columns), **chosen) == report_of_file(HEADER, some, **chosen)


@every_engine
@a_few
@given(rows, options, st.randoms(use_true_random=False))
def test_with_a_column_that_says_the_order_no_other_matters(
    engine: str, some: list[list[str]], options: RunOptions, chance: Any
) -> None:
    header, chosen = (*HEADER, "cc_order"), chosen_by(options)
    numbered: list[tuple[Any, ...]] = [(*row, number) for number, row in enumerate(some)]
    expected = report_of_file(header, [[*row, str(number)] for *row, number in numbered], **chosen)
    chance.shuffle(numbered)
    columns = columns_of(header, numbered)
    assert report_of(ENGINES[engine](columns), order_by="cc_order", **chosen) == expected


@a_few
@given(rows, options, st.randoms(use_true_random=False))
def test_without_an_order_the_same_row_is_kept_whatever_the_order(
    some: list[list[str]], options: RunOptions, chance: Any
) -> None:
    chosen = chosen_by(options)
    report = report_of(ENGINES["duckdb"](columns_of(HEADER, some)), **chosen)
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert report_of(ENGINES["duckdb"](columns_of(HEADER, shuffled)), **chosen) == report
    assert report.reconciliation.is_balanced
