"""What holds of reading whatever the bytes are: no character is lost, and it does not matter where blocks are cut."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import (
    ANY_TEXT,
    AS_AT,
    AWKWARD,
    HEADER,
    Dialect,
    Written,
    awkward_bytes,
    damaged_bytes,
    dialects,
    exports,
    on_disk,
)

from cc_categorise import pipeline, processes, sweep, workers
from cc_categorise.errors import CategoriseError
from cc_categorise.lookup import quarantine
from cc_categorise.options import Basis, RunOptions
from cc_categorise.plan import Run
from cc_categorise.read import database, spooled
from cc_categorise.read import text as reading
from cc_categorise.read.columns import HeaderRules, Opening
from cc_categorise.read.encoding import find_encoding
from cc_categorise.read.exports import Export
from cc_categorise.read.table import Block, Table
from cc_categorise.read.text import open_text
from cc_categorise.sweep import Sweep

SHORT_HEADER = b"Ref,Date received,Category\n"
N_AWKWARD = 2000
slice_sizes = st.sampled_from([16, 64, 257, 1000])
block_sizes = st.sampled_from([1, 2, 3, 7, 64, 257])
prefixes = st.sampled_from([b"", b"\xef\xbb\xbf"])


def opened(data: bytes) -> Table:
    return open_text(Export("export.csv", spool=io.BytesIO(data)), Opening(HeaderRules()))


def rows_of(blocks: Sequence[Block]) -> list[tuple[int, list[str], list[str]]]:
    """Row number, cells and faults of every row."""
    return [
        (block.first + i, row, [fault.code for fault in block.faults if fault.position == i])
        for block in blocks
        for i, row in enumerate(block.rows)
    ]


def refused(data: bytes) -> str:
    """Give the code of the error that keeps an export from being read, if there is one."""
    try:
        list(opened(data).blocks())
    except CategoriseError as problem:
        return problem.code
    return ""


def in_blocks_of(size: int) -> mock._patch[int]:
    return mock.patch.multiple(reading, _BLOCK=size, _LARGE_BLOCK=2 * size, _READ_AGAIN=2)


def bare(text: str) -> str:
    """What must be left of a text when cells are cut: everything but quotes, delimiters, spaces and line ends."""
    return text.translate(dict.fromkeys(map(ord, '", \t\r\n\ufeff')))


@given(st.lists(st.lists(ANY_TEXT, min_size=2, max_size=2), max_size=8), dialects)
def test_a_file_of_the_csv_writer_reads_back_cell_for_cell(rows: list[list[str]], dialect: Dialect) -> None:
    kept = {"cp1252": set(AWKWARD)}.get(dialect.encoding)
    rows = [["".join(c for c in cell if kept is None or c in kept) for cell in row] for row in rows]
    export = Written(rows, header=["Ref", "Received"], dialect=dialect)
    assert [row for _, row, _ in rows_of([*opened(export.data).blocks()])] == rows


@given(exports(), block_sizes)
def test_where_blocks_are_cut_does_not_matter_to_a_run(export: Written, size: int) -> None:
    with on_disk(export.data) as paths:
        whole = pipeline.count(paths, RunOptions(), as_at=AS_AT)
        found = pipeline.findings_of(whole)
        with in_blocks_of(size):
            cut = pipeline.count(paths, RunOptions(), as_at=AS_AT)
            assert cut.report == whole.report
            assert pipeline.findings_of(cut) == found


@dataclass(frozen=True)
class Later:
    """What a worker would give, worked out when it is asked for."""

    result: Callable[[], workers.Part]

    def cancel(self) -> None:
        """Nothing has begun."""


class NoProcesses:
    """A pool of workers that are this process."""

    def __init__(self, _n: int, _context: object, _begin: object, arguments: tuple[Callable[[], Run]]) -> None:
        (plan_again,) = arguments
        self._met = Sweep(plan_again().plans)

    def submit(self, read: Callable[..., workers.Part], *arguments: object) -> Later:
        def result() -> workers.Part:
            with mock.patch.object(workers, "_met", self._met):
                return read(*arguments)

        return Later(result)

    def shutdown(self, *, cancel_futures: bool) -> None:
        assert cancel_futures


@contextmanager
def in_slices_of(size: int) -> Iterator[None]:
    with (
        mock.patch.multiple(workers, ProcessPoolExecutor=NoProcesses, _SLICE=size),
        mock.patch.object(processes, "ARE_COPIES", new=False),
        mock.patch.object(pipeline, "WORTH_SHARING", 0),
    ):
        yield


def everything(paths: Sequence[Path], options: RunOptions) -> tuple[object, ...]:
    """All that a run says: the report, every finding, the notes, and the rows for quarantine."""
    try:
        outcome = pipeline.count(paths, options, as_at=AS_AT)
        found = pipeline.findings_of(outcome)
    except CategoriseError as problem:
        return (str(problem),)
    parted = [(q.stem, [*q.valid], [*q.invalid]) for q in quarantine(outcome, found, Counter())]
    return outcome.report, found, outcome.notes, parted


@given(exports(), block_sizes, slice_sizes)
def test_where_slices_are_cut_does_not_matter_to_a_run(export: Written, block: int, size: int) -> None:
    with on_disk(export.data, export.data) as paths:
        whole = everything(paths, RunOptions(by=("category",)))
        with in_blocks_of(block), in_slices_of(size):
            assert everything(paths, RunOptions(by=("category",), workers=2)) == whole


@settings(max_examples=N_AWKWARD // 4)
@given(awkward_bytes, block_sizes, slice_sizes)
@example(b'1,2,"x\n3,4,y",6\n7,8,9"\n', 64, 8)
@example(b'1,2023-04-01,"a\n2,2023-04-01,b"\n3,4,"5"6\n', 64, 17)
def test_where_slices_are_cut_does_not_matter_to_awkward_bytes(body: bytes, block: int, size: int) -> None:
    with on_disk(SHORT_HEADER + body) as paths:
        whole = everything(paths, RunOptions())
        with in_blocks_of(block), in_slices_of(size):
            assert everything(paths, RunOptions(workers=2)) == whole


@settings(max_examples=N_AWKWARD // 4)
@given(
    damaged_bytes,
    st.sampled_from([64, 257, 600, 2**20]),
    st.sampled_from([(1, 3), (1, 2**16), (1, 2**16), (17, 2**16)]),
    st.sampled_from([64, 1000, 2**25, 2**25]),
    st.sampled_from([300, 2**23]),
)
def test_columns_at_once_are_what_rows_are(
    data: bytes, block: int, room: tuple[int, int], size: int, longest: int
) -> None:
    """Also where a column is a breakdown too, or one value is told from several, and whoever reads."""
    by = ("category", "subcategory", "force")
    with on_disk(data) as paths, mock.patch.object(reading, "LONGEST_RECORD", longest):
        whole = everything(paths, RunOptions(by=by, basis=Basis.ALL, workers=1))
        # Few slots: cells that fall into the same one must be told from each other.
        slot_bits, most = room
        few = mock.patch.multiple(sweep, _SLOT_BITS=slot_bits, _SLOTS=np.uint64(64 - slot_bits), _MOST=most)
        with in_blocks_of(block), few, in_slices_of(size):
            for n_workers in (1, 2):
                assert everything(paths, RunOptions(by=by, basis=Basis.ALL, workers=n_workers)) == whole


CELLS = st.text(st.sampled_from([*AWKWARD, "\x1f", "\x1b"]), max_size=6) | st.none() | st.integers(-3, 50_000)
TYPED = st.tuples(
    st.sampled_from(["R1", "r1 ", "", None, 7, '"R1"']) | CELLS,
    st.sampled_from(["2023-04-03", "03/04/2024", "", None, 45019, "Received", "Total", "12"]) | CELLS,
    st.sampled_from(["Other", '"Other"', "Infiltration", "Banana", "", 4]) | CELLS,
)


@given(st.lists(TYPED, max_size=30), st.sampled_from([1, 3, 1024]), st.sampled_from([1, 2**20]))
@example([('"R' + 30 * "1" + " ", "2023-04-03", "Other"), ('"R' + 30 * "1", "2023-04-03", "Other")], 1024, 2**20)
def test_typed_rows_at_once_are_what_they_are_one_by_one(
    rows: list[tuple[object, ...]], batch: int, at_once: int
) -> None:
    """Those of a database, and of JSON."""
    names = ("Ref", "Received", "Category")
    with on_disk(b"") as (path,):
        path.unlink()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"create table export ({', '.join(names)})")
            connection.executemany("insert into export values (?, ?, ?)", rows)
            connection.commit()
        lines = path.with_suffix(".jsonl")
        twice = '{"Ref": "a", "Ref": "b", "Received": "2023-04-03", "Category": "Other"}\n'
        lines.write_text("".join(f"{json.dumps(dict(zip(names, row, strict=True)))}\n" for row in rows) + twice)
        asked = RunOptions(by=("category",), from_db=f"sqlite:///{path}", query="select * from export")
        for paths, options in (([], asked), ([lines], RunOptions(by=("category",)))):
            whole = everything(paths, options)
            with (
                mock.patch.object(database, "BATCH", batch),
                mock.patch.multiple(spooled, _AT_ONCE=at_once),
                mock.patch.object(pipeline, "WORTH_SHARING", 0),
            ):
                assert everything(paths, options) == whole


@settings(max_examples=N_AWKWARD)
@given(awkward_bytes)
@example(b'1,2,"x\n3,4,5\n"\n')
@example(b'1,"2""\n",3\r\n"4",5,"6"\r\n')
@example(b'1,""a"",3\n')
@example(b"1,2,3\r4,5,6\n")
@example(b'1,"2\n\n,",3\n4,5,6')
def test_a_grid_is_what_the_csv_module_cuts(body: bytes) -> None:
    data = SHORT_HEADER + body
    if refused(data):
        return
    table = opened(data)
    assert isinstance(table, reading.TextTable)
    cutter = table._cutter()
    if cutter is None or (grid := cutter(body, table.header_row + 1)) is None:
        return
    assert body[: grid.size].endswith(b"\n")
    found: list[tuple[int, list[str], list[str]]] = [
        (number, row, []) for number, row in zip(grid.numbers, grid.rows_at(grid.rows), strict=True)
    ]
    assert found == rows_of([*table.blocks()])[: len(found)]


@settings(max_examples=N_AWKWARD)
@given(awkward_bytes, block_sizes, st.sampled_from([2**23, 2**23, 40, 4]))
@example(b'1,2,"x\n3,4,5\n', 1, 2**23)
@example(b'1,2,"x\n3,4,y",6\n7,8,9"\n', 1, 2**23)
@example(b'1,2023-04-01,"a\n2,2023-04-01,b"\n3,4,"5"6\n', 1, 2**23)
@example(b'1,2\n\xef\xbb\xbf3,4\n5,"6"7\n', 1, 2**23)
@example(b"1,2,3\r4,5,6\r7,8,9\r", 7, 4)
@example(b'1,2,"a\n\nb"\n', 1, 4)
@example("é,ü,ï\n€,£,½\n".encode(), 1, 2**23)
def test_where_blocks_are_cut_does_not_matter_to_rows(body: bytes, size: int, longest: int) -> None:
    """Nor where a record is longer than is allowed."""
    data = SHORT_HEADER + body
    refusal = refused(data)
    with in_blocks_of(size):
        assert refused(data) == refusal
    if refusal:
        return
    table = opened(data)
    content = _content(rows_of([*table.blocks()]))
    with mock.patch.object(reading, "LONGEST_RECORD", longest):
        whole = rows_of([*table.blocks()])
        with in_blocks_of(size):
            blocks = [*table.blocks()]
        rows = rows_of(blocks)
        assert rows == whole
        assert _content(rows) == content
        assert rows_of([*table.blocks_with([number for number, *_ in rows])]) == rows
        assert sum(block.size for block in blocks) == len(body)
        for number, *_ in rows:
            (block,) = table.blocks_with([number])
            assert block.first <= number < block.first + len(block.rows)


def _content(rows: list[tuple[int, list[str], list[str]]]) -> str:
    return bare("".join(cell for _, row, _ in rows for cell in row))


@settings(max_examples=N_AWKWARD)
@given(prefixes, awkward_bytes)
def test_awkward_bytes_lose_no_character_and_never_crash(mark: bytes, body: bytes) -> None:
    data = mark + SHORT_HEADER + body
    if refused(data):
        return
    codec = find_encoding(Export("export.csv", spool=io.BytesIO(data)), None).codec
    rows = rows_of([*opened(data).blocks()])
    assert [number for number, *_ in rows] == list(range(2, len(rows) + 2))
    text = data.removeprefix(b"\xef\xbb\xbf").decode(codec)
    lines = io.StringIO(text, newline="").readlines()[1:]
    assert _content(rows) == bare("".join(lines))
    assert len(rows) <= len(lines)


@settings(max_examples=N_AWKWARD // 4)
@given(awkward_bytes, st.sampled_from([SHORT_HEADER, b'Ref,"Date\nreceived",Category\r\n', b"Titel;x\n\n", b""]))
def test_a_run_over_awkward_bytes_accounts_for_every_row(body: bytes, header: bytes) -> None:
    with on_disk(header + body) as paths:
        try:
            outcome = pipeline.count(paths, RunOptions(), as_at=AS_AT)
            found = pipeline.findings_of(outcome)
        except CategoriseError:
            return
        survey = outcome.settled.survey
        table, aside = survey.plans[0].table, survey.aside[0]
        n_aside = len(aside.blank) + len(aside.header) + len(aside.footer)
        fates = outcome.report.reconciliation
        assert fates.is_balanced
        assert fates.rows_read + n_aside == sum(len(block.rows) for block in table.blocks())
        assert len(found) == sum(outcome.report.findings.values())


@given(st.lists(st.lists(st.text(st.sampled_from(AWKWARD)), max_size=4), max_size=6))
def test_rows_are_those_of_the_csv_module_unless_something_is_told(rows: list[list[str]]) -> None:
    data = Written(rows, header=HEADER).data
    read = [*csv.reader(io.StringIO(data.decode(), newline=""))][1:]
    assert [row for _, row, _ in rows_of([*opened(data).blocks()])] == read
