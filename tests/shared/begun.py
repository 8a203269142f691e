"""Processes that tests begin: how they hear Ctrl-C, and which of a session are still there."""

from __future__ import annotations

import signal
from pathlib import Path


def hear_ctrl_c() -> None:
    """Undo what a shell does to a process in the background: a suite that runs there hands on deaf ears."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def in_session(leader: int) -> list[int]:
    """Give the processes of a session that have not ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(int(folder.name))
    return found
