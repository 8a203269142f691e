"""Denominators are read strictly: a rate on a wrong one is worse than none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cc_categorise.errors import WorkforceError
from cc_categorise.release.derived import Denominator, load_workforce

HEADER = "force,year,workforce,measure,as_at\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "workforce.csv"
    path.write_bytes(text.encode())
    return path


def test_a_figure_is_found_by_force_and_year_with_all_that_stands_beside_it(tmp_path: Path) -> None:
    path = written(
        tmp_path, f'{HEADER}Northshire,2022/23,3456.5,fte,2023-03-31\n,2022/23,"9,000",Headcount,31/03/2023\n'
    )
    workforce = load_workforce(path)
    assert workforce.of == {
        ("Northshire", "2022/23"): Denominator(Decimal("3456.5"), "FTE", date(2023, 3, 31)),
        ("", "2022/23"): Denominator(Decimal(9000), "headcount", date(2023, 3, 31)),
    }
    assert len(workforce.sha256) == 64


def test_the_column_of_forces_may_be_missing(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeffyear,workforce,measure,as_at\n2022,5000,FTE,2022-12-31\n")
    assert list(load_workforce(path).of) == [("", "2022")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "lacks the column year", id="empty"),
        pytest.param(HEADER, "has no rows", id="header-only"),
        pytest.param("year,workforce,measure\n2022,5,FTE\n", "lacks the column as_at", id="column"),
        pytest.param(f"{HEADER},2022,many,FTE,2022-12-31\n", "not a number above 0", id="number"),
        pytest.param(f"{HEADER},2022,0,FTE,2022-12-31\n", "not a number above 0", id="nought"),
        pytest.param(f"{HEADER},2022,-5,FTE,2022-12-31\n", "not a number above 0", id="negative"),
        pytest.param(f"{HEADER},2022,1e9,FTE,2022-12-31\n", "not a number above 0", id="exponent"),
        pytest.param(f"{HEADER},2022,5,people,2022-12-31\n", "neither FTE nor headcount", id="measure"),
        pytest.param(f"{HEADER},2022,5,FTE,12/31/2022\n", "as_at is not a day", id="day"),
        pytest.param(f"{HEADER},2022,5,FTE\n", "as_at is not a day", id="short-row"),
        pytest.param(f"{HEADER}" + 2 * ",2022,5,FTE,2022-12-31\n", "a second figure", id="twice"),
        pytest.param(f'{HEADER},2022,"5,FTE\n', "cannot be read", id="open-quote"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(WorkforceError, match=told) as caught:
        load_workforce(written(tmp_path, text))
    assert "workforce.csv" in caught.value.where
    assert caught.value.hint


def test_a_missing_file_and_one_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"year\xff")
    for name in ("absent.csv", "latin.csv"):
        with pytest.raises(WorkforceError, match="cannot be read"):
            load_workforce(tmp_path / name)
