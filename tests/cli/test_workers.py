"""Do several processes find what one finds, end with the one that began them, and say so when one of them dies?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

import pytest
from begun import hear_ctrl_c, in_session

from cc_categorise import pipeline, processes, workers
from cc_categorise.errors import EXIT_INPUT, EXIT_INTERRUPTED, WorkerError
from cc_categorise.figures import CountReport
from cc_categorise.findings import Finding
from cc_categorise.options import RunOptions
from cc_categorise.read.table import Slice

PATIENCE = 60
OPTIONS = RunOptions(by=("force",), as_at=date(2024, 6, 30))
HEADER = "Ref,Date received,Category,Force,Summary\n"
needs_copies = pytest.mark.skipif(not processes.ARE_COPIES, reason="workers are no copies of this process here")


def rows(n: int) -> Iterator[str]:
    """Sound and unsound rows, a few of one reference, some over two lines, one with a quote left open."""
    for i in range(n):
        label = ("Infiltration", "Theft & fraud", "Banana", "")[i % 4]
        note = {n // 2: '5" or "6', n // 3: '"a"b,c'}.get(i) or ("plain", '"one\nand, ""two"""')[i % 7 == 0]
        reference = i % (n - 3)
        yield f"R{reference},{i % 31 + 1:02d}/02/2023,{label},{'AB'[reference % 2]},{note}\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(HEADER + "".join(rows(3000)), encoding="utf-8", newline="")
    return path


def run(path: Path, n_workers: int) -> tuple[CountReport, list[Finding]]:
    options = RunOptions(by=OPTIONS.by, workers=n_workers)
    with mock.patch.object(pipeline, "WORTH_SHARING", 0), mock.patch.object(workers, "_SLICE", 10_000):
        outcome = pipeline.count([path, path], options, as_at=date(2024, 6, 30))
        return outcome.report, pipeline.findings_of(outcome)


@pytest.mark.parametrize(
    "are_copies",
    [pytest.param(True, id="copies", marks=needs_copies), pytest.param(False, id="begun anew")],
)
def test_processes_find_what_one_finds(export: Path, monkeypatch: pytest.MonkeyPatch, are_copies: bool) -> None:  # noqa: FBT001 - a parameter
    monkeypatch.setattr(processes, "ARE_COPIES", are_copies)
    report, findings = run(export, 2)
    assert (report, findings) == run(export, 1)
    codes = {finding.code for finding in findings}
    assert {"unbalanced-quote", "same-file-twice", "impossible-date", "conflicting-duplicate"} <= codes


def test_processes_find_what_one_finds_by_sub_tags_and_dated_crosswalks(export: Path, tmp_path: Path) -> None:
    ruling = "decided_by: X, decided_on: 2024-04-02, reason: R"
    (tmp_path / "profile.yaml").write_text(
        f"crosswalk:\n  - {{label: Banana, category: other, valid_to: 2023-02-14, {ruling}}}\n"
        f"  - {{label: Banana, category: sexual-misconduct, valid_from: 2023-02-15, {ruling}}}\n"
    )
    found = []
    for n_workers in (1, 2):
        options = RunOptions(by=("subcategory", "force"), profile=tmp_path / "profile.yaml", workers=n_workers)
        with mock.patch.object(pipeline, "WORTH_SHARING", 0), mock.patch.object(workers, "_SLICE", 10_000):
            outcome = pipeline.count([export], options, as_at=date(2024, 6, 30))
        found.append((outcome.report, pipeline.findings_of(outcome)))
    assert found[0] == found[1]
    assert {code for _, _, code in found[0][0].tally.counts} >= {"other", "sexual-misconduct"}


def die(_number: int, _piece: Slice) -> NoReturn:
    os._exit(9)


@needs_copies
def test_a_process_that_dies_is_an_error_and_never_a_short_count(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_read_slice", die)
    with pytest.raises(WorkerError, match="ended before its work was done") as caught:
        run(export, 2)
    assert caught.value.exit_code == EXIT_INPUT


def fail(_number: int, _piece: Slice) -> NoReturn:
    raise WorkerError("no more", where="export.csv", hint="stop")


@needs_copies
def test_an_error_of_a_process_comes_whole(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_read_slice", fail)
    with pytest.raises(WorkerError) as caught:
        run(export, 2)
    assert str(caught.value) == "export.csv: no more [worker]\n  hint: stop"


@pytest.fixture
def started(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A count of a large file by two processes, which have begun to read."""
    if not Path("/proc/self/task").exists():
        pytest.skip("needs to see which processes there are")
    big = tmp_path / "export.csv"
    line = b"R,03/04/2023,Infiltration,A," + b"x" * 100 + b"\n"
    big.write_bytes(HEADER.encode() + line * 1_500_000)
    command = [
        sys.executable,
        "-m",
        "cc_categorise",
        "count",
        str(big),
        "--workers",
        "2",
        "-o",
        str(tmp_path / "o.csv"),
    ]
    how: dict[str, Any] = {"stderr": subprocess.PIPE, "start_new_session": True, "preexec_fn": hear_ctrl_c}
    process = subprocess.Popen(command, **how)  # noqa: S603 - this very program
    deadline = time.monotonic() + PATIENCE
    while len(in_session(process.pid)) < 3:
        assert process.poll() is None
        assert time.monotonic() < deadline
    with process:
        yield process
        if in_session(process.pid):
            os.killpg(process.pid, signal.SIGKILL)


def test_ctrl_c_ends_every_process_and_leaves_nothing_behind(started: subprocess.Popen[bytes], tmp_path: Path) -> None:
    os.killpg(started.pid, signal.SIGINT)
    _, err = started.communicate(timeout=PATIENCE)
    assert started.returncode == EXIT_INTERRUPTED
    assert err.decode() == "interrupted; nothing is left half written\n"
    assert in_session(started.pid) == []
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


def test_processes_end_when_the_one_that_began_them_is_killed(started: subprocess.Popen[bytes]) -> None:
    started.kill()
    started.wait(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while in_session(started.pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
