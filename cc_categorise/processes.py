"""Other processes: how they begin, and an iterator that goes on in one.

Takes an iterator, gives what it gives.  Knows nothing of what that is.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from cc_categorise.errors import CategoriseError, WorkerError

Value = TypeVar("Value")

ARE_COPIES = sys.platform == "linux"
"""Whether processes begin as copies of this one, which is quick; elsewhere they may hang in the system's libraries."""


def context() -> Any:  # noqa: ANN401 - of one of two kinds, which share no public type that makes processes
    """Give what makes processes and their pipes."""
    return multiprocessing.get_context("fork" if ARE_COPIES else "spawn")


@contextmanager
def ctrl_c_kept_back() -> Iterator[None]:
    """Let Ctrl-C wait while processes begin, which never hear it: half begun they would hang."""
    if sys.platform == "win32":
        yield
        return
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def n_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def can_go_on_elsewhere(workers: int | None) -> bool:
    """Say whether there is a second process to be had, of so many at most; None is one a core."""
    return ARE_COPIES and (workers or n_cores()) > 1


def go_on_elsewhere(values: Iterable[Value]) -> Iterator[Value]:
    """Have a copy of this process go on with an iterator; its errors are raised here.

    Raises:
        WorkerError: That process ended before its work was done.
    """
    here, there = context().Pipe(duplex=False)
    process = context().Process(target=_tell, args=(values, here, there))
    with ctrl_c_kept_back():
        process.start()
    there.close()
    try:
        while (told := here.recv()) is not None:
            if isinstance(told, Exception):
                raise told
            yield told
        process.join()
    except EOFError:
        raise WorkerError("a process that read rows ended before its work was done") from None
    finally:
        process.kill()
        process.join()


def _tell(values: Iterable[object], here: Connection, there: Connection) -> None:
    here.close()  # so that it is known when nobody listens any more
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for value in values:
            there.send(value)
        there.send(None)
    except (CategoriseError, OSError) as err:  # such as a full disk
        there.send(err)
    finally:
        os._exit(0)  # without a word about any other error, which could tell what is in a row
