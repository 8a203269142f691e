"""Rows that are copied as they come: the copy is what was read, whoever makes it, and nobody is left behind."""

from __future__ import annotations

import datetime as dt
import errno
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest
from begun import hear_ctrl_c, in_session
from export_builders import rows_of
from hypothesis import example, given
from hypothesis import strategies as st

from cc_categorise import processes
from cc_categorise.errors import EXIT_INTERRUPTED, DatabaseError, OutputError, WorkerError
from cc_categorise.read import database
from cc_categorise.read.cells import texts_of
from cc_categorise.read.database import open_query
from cc_categorise.read.exports import Spool
from cc_categorise.read.spooled import SpooledTable

PATIENCE = 60
needs_copies = pytest.mark.skipif(not processes.ARE_COPIES, reason="no process goes on with what another began here")
SIGNS = st.text(st.sampled_from('\x1f\x1b01"\r\n,é€\ud800 a'), max_size=6)
VALUES = SIGNS | st.none() | st.integers() | st.floats() | st.booleans() | st.dates() | st.binary(max_size=3)


def copied(batches: Sequence[Sequence[Sequence[object]]], width: int) -> SpooledTable:
    header = [[f"c{i}" for i in range(width)]]
    return SpooledTable.of("made", "made", iter([header, *batches]), is_large=False, workers=1)


@given(st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(st.tuples(*[VALUES] * n), min_size=1, max_size=3))))
@example([[("\x1b1\x1f", "\x1f\x1b0")]])
@example([[("\x1b0",)]])
@example([[("\r",)]])
@example([[("", None)], [("\x1f", dt.date(2024, 5, 6))]])
def test_what_is_copied_is_the_text_of_every_value(batches: list[list[tuple[object, ...]]]) -> None:
    table = copied(batches, len(batches[0][0]) if batches else 1)
    expected = [texts_of(row) for batch in batches for row in batch]
    assert rows_of(table) == expected
    assert [list(piece)[2] for piece in table.slices(1)] == [
        1 + sum(map(len, batches[:i])) for i in range(len(batches))
    ]
    again = [row for block in table.blocks_with(range(1, len(expected) + 1)) for row in block.rows]
    assert again == expected
    grids = [row for grid in table.grids() for row in cells_of(grid)]
    assert grids == expected


def cells_of(block: Any) -> list[list[str]]:
    rows: list[list[str]] = block.rows_at(block.rows) if hasattr(block, "rows_at") else block.rows
    return rows


# --- by another process


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(database, "_LARGE", 0)
    made = tmp_path / "case.db"
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("create table export (Ref, Received, Category)")
        connection.executemany("insert into export values (?, '2023-04-03', 'Other')", ((i,) for i in range(5000)))
        connection.commit()
    return made


def asked(path: Path, query: str, workers: int) -> SpooledTable:
    return open_query(f"sqlite:///{path}", query, workers)


@needs_copies
def test_another_process_gives_the_same_rows(path: Path) -> None:
    one, other = (asked(path, "select * from export order by Ref", workers) for workers in (1, 2))
    assert rows_of(other) == rows_of(one)
    assert list(other.blocks_with([1, 4000])) == list(one.blocks_with([1, 4000]))
    assert other.header == one.header


@needs_copies
def test_an_error_of_another_process_is_told_as_if_it_were_here(path: Path) -> None:
    told = []
    for workers in (1, 2):
        with pytest.raises(DatabaseError) as caught:
            asked(path, "select nothing from export", workers)
        told.append((str(caught.value), caught.value.exit_code))
    assert told[0] == told[1]


def test_where_no_file_can_be_made_few_rows_stay_in_memory(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(path.parent / "none"))
    assert len(rows_of(asked(path, "select * from export", 2))) == 5000


@needs_copies
def test_a_temporary_file_that_cannot_be_written_is_a_clear_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.EFBIG, "File too large")

    for workers in (1, 2):
        monkeypatch.setattr(Spool, "write", refuse)
        with pytest.raises(OutputError, match="temporary file cannot be written: File too large"):
            asked(path, "select * from export", workers)


def dying(n: int) -> Iterator[int]:
    yield from range(n)
    os._exit(9)


def failing(n: int) -> Iterator[int]:
    yield from range(n)
    raise ValueError("a secret")


@needs_copies
@pytest.mark.parametrize("ending", [dying, failing])
def test_a_process_that_does_not_come_to_its_end_is_an_error(ending: Any, capfd: pytest.CaptureFixture[str]) -> None:
    given = processes.go_on_elsewhere(ending(3))
    assert [next(given) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(WorkerError, match="ended before its work was done"):
        next(given)
    assert capfd.readouterr().err == ""


def filling(n: int) -> Iterator[int]:
    yield from range(n)
    raise OSError(errno.ENOSPC, "No space left on device")


@needs_copies
def test_a_disk_that_is_full_for_another_process_is_so_here() -> None:
    given = processes.go_on_elsewhere(filling(1))
    next(given)
    with pytest.raises(OSError, match="No space left") as caught:
        next(given)
    assert caught.value.errno == errno.ENOSPC


@needs_copies
def test_a_process_nobody_listens_to_ends() -> None:
    given = processes.go_on_elsewhere(iter(int, 1))
    next(given)
    given.close()  # type: ignore[attr-defined]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select i, '2023-04-03' d, 'x' c from n"
SILENT = ENDLESS + " where i < 0"


@pytest.fixture(params=[ENDLESS, SILENT], ids=["many rows", "no row"])
def reading(path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    """A count of a query that does not end, by a process that has begun another one to read."""
    if not Path("/proc/self/task").exists():
        pytest.skip("needs to see which processes there are")
    words = ["count", "--from-db", f"sqlite:///{path}", "--query", request.param, "--as-at", "2024-03-31"]
    words += ["--map", "received_on=d", "--map", "category=c", "-o", str(path.parent / "o.csv")]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table room (a)")
        connection.execute("insert into room values (zeroblob(20000000))")
        connection.commit()
    command = [sys.executable, "-m", "cc_categorise", *words]
    how: dict[str, Any] = {"stderr": subprocess.PIPE, "start_new_session": True, "preexec_fn": hear_ctrl_c}
    with subprocess.Popen(command, **how) as process:  # noqa: S603 - this very program
        until(lambda: len(in_session(process.pid)) > 1)
        time.sleep(0.2)
        yield process
        if in_session(process.pid):
            os.killpg(process.pid, signal.SIGKILL)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@needs_copies
def test_ctrl_c_ends_the_process_that_reads_and_leaves_nothing_behind(
    path: Path, reading: subprocess.Popen[bytes]
) -> None:
    reading.send_signal(signal.SIGINT)
    _, err = reading.communicate(timeout=PATIENCE)
    assert reading.returncode == EXIT_INTERRUPTED, err
    until(lambda: not in_session(reading.pid))
    assert [made.name for made in path.parent.iterdir()] == ["case.db"]


@needs_copies
@pytest.mark.parametrize("reading", [ENDLESS], indirect=True)
def test_the_process_that_reads_ends_when_the_one_it_reads_for_is_killed(reading: subprocess.Popen[bytes]) -> None:
    reading.kill()
    reading.wait(PATIENCE)
    until(lambda: not in_session(reading.pid))


@needs_copies
def test_the_program_leaves_no_process_that_is_still_at_it() -> None:
    code = (
        "import sys, time\n"
        "from cc_categorise import __main__, processes\n"
        "given = processes.go_on_elsewhere(time.sleep(n) or n for n in (0, 1000))\n"
        "next(given)\n"
        "__main__._leave(0)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], start_new_session=True) as process:  # noqa: S603 - see above
        process.wait(PATIENCE)
        until(lambda: not in_session(process.pid))
