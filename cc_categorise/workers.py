"""A survey of large files by several processes: each reads slices, and what they found is put together in order.

Takes the plans of a run, fills its `Survey` as one process would have: the same counts, flags and row numbers.
Knows nothing of what a judge decides, nor of layout.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

import numpy as np

from cc_categorise import processes
from cc_categorise.errors import WorkerError
from cc_categorise.plan import Run
from cc_categorise.read.grid import Whole
from cc_categorise.read.table import Places, SetAside, Slice
from cc_categorise.read.text import TextTable
from cc_categorise.survey import Flag, Piece, TablePlan
from cc_categorise.sweep import Combinations, Sweep
from cc_categorise.validate import Distinct

_SLICE = 2**25
_PER_WORKER = 2

Answers = tuple[list[Any], list[Any]]


class Part(NamedTuple):
    """What a slice holds; answers of judges and rows are numbered as the worker met them, rows from 0."""

    n_rows: int  # rows of records
    n_misshapen: int  # rows rejected for their shape alone
    counted: list[Combinations]  # what rows mean, where any were counted
    flagged: dict[Flag, array[int]]  # row numbers by reason
    aside: SetAside  # what was set aside
    pieces: list[Piece]  # row numbers and references
    places: Places  # where its rows stand
    answers: list[Answers]  # what the numbers stand for, for each judge in the order of `_judges`


def survey_by_workers(survey: Sweep, run: Run, plan_again: Callable[[], Run], on_bytes: Callable[[int], None]) -> None:
    """Do what ``survey.run(on_bytes)`` does, by several processes where there are cores and text on disk for them.

    The same run is planned again in another process where processes do not begin as copies.

    Raises:
        WorkerError: A process ended before its work was done.
    """
    tables = [plan.table for plan in run.plans if isinstance(plan.table, TextTable) and plan.table.is_on_disk]
    n = run.options.workers or processes.n_cores()
    if n == 1 or len(tables) < len(run.plans):
        survey.run(on_bytes)
        return
    survey.aside = [SetAside() for _ in tables]
    for table in tables:
        table.places = Places.before(table.whole)
    plan = (lambda: run) if processes.ARE_COPIES else plan_again
    with processes.ctrl_c_kept_back():
        pool = ProcessPoolExecutor(n, processes.context(), _begin, (plan,))
        for _ in range(n):
            pool.submit(int)  # a process begins with the first work there is for it
    try:
        for number, start, part in _parts(pool, tables, _PER_WORKER * n):
            places = tables[number].places
            _add(survey, number, part, places.rows[-1])
            places.add(part.places)
            on_bytes(places.starts[-1] - start)
        survey.add_up()
    except BrokenProcessPool:
        raise WorkerError("a worker process ended before its work was done") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _parts(pool: ProcessPoolExecutor, tables: Sequence[TextTable], ahead: int) -> Iterator[tuple[int, int, Part]]:
    """Give the number of the table, the first byte and the content of every slice, in order."""
    waiting: deque[tuple[int, Slice, Future[Part]]] = deque()
    to_cut = _slices(tables, 0, None)
    while True:
        for number, piece in islice(to_cut, ahead - len(waiting)):
            waiting.append((number, piece, pool.submit(_read_slice, number, piece)))
        if not waiting:
            return
        number, piece, future = waiting.popleft()
        part = future.result()
        yield number, piece.start, part
        end = part.places.starts[-1]
        if piece.stop not in (None, end):
            # A quote was left open at the end of the slice, so those after it were cut in the wrong places.
            for *_, cut_wrongly in waiting:
                cut_wrongly.cancel()
            waiting.clear()
            least = 0 if end > piece.start else 2 * (piece.stop - piece.start)
            to_cut = _slices(tables, number, end, least)


def _slices(tables: Sequence[TextTable], first: int, start: int | None, least: int = 0) -> Iterator[tuple[int, Slice]]:
    """Cut tables into slices, from a byte of the first one on; the first slice has so many bytes at least."""
    for number in range(first, len(tables)):
        at: int | None = tables[number].start if start is None else start
        start = None
        while at is not None:
            stop = tables[number].slice_end(at, max(_SLICE, least), least)
            yield number, Slice(at, stop, 0)
            at, least = stop, 0


def _add(survey: Sweep, number: int, part: Part, first: int) -> None:
    """Add what a slice holds, in the numbers of this process; its first row has this number."""
    plan = survey.plans[number]
    judges = _judges(plan)
    own = [judge.numbering.numbers_of(*answers) for judge, answers in zip(judges.values(), part.answers, strict=True)]
    for columns, n_rows in part.counted:
        survey.count(Combinations([_renumbered(*pair) for pair in zip(columns, own, strict=False)], n_rows))
    survey.rows_read += part.n_rows
    survey.n_misshapen += part.n_misshapen
    own_of = dict(zip(judges, own, strict=True))
    for flag, numbers in part.flagged.items():
        answer = None if flag.answer is None else own_of[flag.field][flag.answer]
        survey.flagged[Flag(number, flag.field, answer, flag.code)].extend(_shifted(numbers, first))
    survey.aside[number].extend(part.aside, first)
    survey.pieces += (Piece(number, _shifted(piece.numbers, first), piece.prints) for piece in part.pieces)


def _renumbered(numbers: Whole, own: Mapping[int, int]) -> Whole:
    """Give this process's numbers for those of a worker."""
    distinct, which = np.unique(numbers, return_inverse=True)
    return np.array([own[number] for number in distinct.tolist()], np.int64)[which]


def _shifted(numbers: Sequence[int], by: int) -> Sequence[int]:
    if isinstance(numbers, range):
        return range(numbers.start + by, numbers.stop + by)
    return [number + by for number in numbers]


def _judges(plan: TablePlan) -> dict[str, Distinct]:
    """Give the judges of a table, each by the field that its flags name; breakdowns are never flagged."""
    judges = plan.judges
    return {
        plan.day[1]: judges.day,
        "category": judges.label,
        "further_categories": judges.further,
        **{f"by {i}": judge for i, judge in enumerate(judges.by)},
        **{name: judge for name, judge in judges.other_dates.items() if name != plan.day[1]},
    }


_met = Sweep([])
"""What a worker process has met: its tables and their columns."""


def _begin(plan: Callable[[], Run]) -> None:
    """Make a process ready to work: it leaves Ctrl-C to the one that started it, and ends with that one."""
    global _met  # noqa: PLW0603 - what a process is for
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - called in workers alone
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _met = Sweep(plan().plans)


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _read_slice(number: int, piece: Slice) -> Part:
    """Read one slice."""
    survey = Sweep(_met.plans, columns=_met.columns)
    text = _met.plans[number].table
    assert isinstance(text, TextTable)  # noqa: S101 - no other table is cut into slices
    survey.read(number, text.grids(piece), lambda _: None)
    answers = [judge.numbering.answers for judge in _judges(_met.plans[number]).values()]
    return Part(
        n_rows=survey.rows_read,
        n_misshapen=survey.n_misshapen,
        counted=survey.waiting(),
        flagged=dict(survey.flagged),
        aside=survey.aside[0],
        pieces=survey.pieces,
        places=text.places,
        answers=answers,
    )
