"""Does the public interface do what the commands do, and load nothing before it is asked to?"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from export_builders import AS_AT, fates, written

import cc_categorise as cc
from cc_categorise import api
from cc_categorise.findings import Finding
from cc_categorise.options import RunOptions

SOUND, BAD = "A,2023-04-01,Other", "B,soon,Other"


def test_one_path_several_or_a_folder_can_be_counted(tmp_path: Path) -> None:
    first, second = written(tmp_path, SOUND, name="1.csv"), written(tmp_path, BAD, name="2.csv")
    one = cc.count(str(first), as_at=AS_AT)
    assert fates(one) == {"rows_read": 1, "counted": 1}
    both = {"rows_read": 2, "counted": 1, "rejected": 1}
    assert fates(cc.count([first, str(second)], as_at=AS_AT)) == both
    assert fates(cc.count(tmp_path, as_at=AS_AT)) == both
    assert one.is_clean
    assert not cc.count(tmp_path, as_at=AS_AT).is_clean


def test_findings_are_given_by_file_and_row(tmp_path: Path) -> None:
    path = written(tmp_path, SOUND, BAD)
    assert cc.check(path, as_at=AS_AT) == [
        Finding(path.as_posix(), 3, "unreadable-date", reference="B", field="received_on")
    ]
    assert cc.check(written(tmp_path, SOUND), as_at=AS_AT) == []


def test_an_option_that_does_not_exist_is_pythons_own_error(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="colums"):
        cc.count(written(tmp_path, SOUND), colums=())


def test_a_file_that_cannot_be_used_is_a_categorise_error(tmp_path: Path) -> None:
    with pytest.raises(cc.CategoriseError):
        cc.count(tmp_path / "none.csv")


def test_the_as_at_date_is_today_unless_it_is_given(tmp_path: Path) -> None:
    path = written(tmp_path, SOUND)
    before = datetime.now(tz=UTC).astimezone().date()
    found = api.run([path], RunOptions()).report.as_at
    assert before <= found <= before + timedelta(1)
    assert api.run([path], RunOptions(as_at=date(2023, 4, 1))).report.as_at == date(2023, 4, 1)


def test_progress_hears_every_byte_below_the_header(tmp_path: Path) -> None:
    path = written(tmp_path, SOUND, SOUND)
    heard: list[tuple[int, int, int]] = []
    api.run([path, path], RunOptions(as_at=AS_AT), lambda n_bytes, of, n_rows=0: heard.append((n_bytes, of, n_rows)))
    assert heard == [(2 * len(SOUND) + 2, 2 * path.stat().st_size, n_rows) for n_rows in (2, 4)]


def test_a_tally_becomes_a_frame_of_plain_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "A,2023-04-01,Other,Avon", "B,2024-04-01,Other,", header="Ref,Received,Category,Force")
    frame = cc.to_frame(cc.count(path, as_at=AS_AT, by=("force",)).report.tally)
    assert list(frame.columns) == ["force", "year", "category_code", "category", "count", "marker"]
    assert frame.shape == (2 * 2 * 12, 6)
    assert frame["count"].dtype == "int64"
    assert all(frame[name].dtype == "str" for name in frame.columns.drop("count"))
    assert frame[frame["count"] > 0].drop(columns="category").to_numpy().tolist() == [
        ["Avon", "2023/24", "other", 1, ""],
        ["(blank)", "2024/25", "other", 1, "p"],
    ]


def test_a_frame_without_groups_has_its_columns_and_no_rows(tmp_path: Path) -> None:
    path = written(tmp_path, header="Ref,Received,Category,Force")
    frame = cc.to_frame(cc.count(path, as_at=AS_AT, by=("force",)).report.tally)
    assert frame.shape == (0, 6)
    assert isinstance(frame, pd.DataFrame)
    assert frame["count"].dtype == "int64"


def test_the_whole_public_interface_is_what_is_listed() -> None:
    assert {name for name in cc.__all__ if not hasattr(cc, name)} == set()
    assert set(cc.__all__) == set(cc._MODULE_OF)
    assert set(cc.__all__) <= set(dir(cc))
    with pytest.raises(AttributeError, match="has no attribute 'tallies'"):
        cc.tallies  # noqa: B018 - the look-up is the test


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = (
        "import sys, cc_categorise; print([m for m in sys.modules if m.startswith(('cc_cat', 'pydantic', 'pandas'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stdout == "['cc_categorise']\n"
