"""What every command keeps to at the door: streams, bytes, exit codes, files that are whole or not there.

The helpers at the top run the program for all tests of this folder: `run` in this process, `start` and `ran` as a
process of its own, `on_terminal` as one that writes to a terminal.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import select
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from begun import hear_ctrl_c
from typer.testing import CliRunner

from cc_categorise import __version__
from cc_categorise.cli import program
from cc_categorise.cli.door import give, write_file
from cc_categorise.errors import OutputError
from cc_categorise.options import OutputOptions

PATIENCE = 30
"""Seconds after which a process hangs."""

AS_AT = ("--as-at", "2024-03-31")
HEADER = "Reference,Date Received,Category"
SOUND = "R1,2023-04-03,Infiltration"
UNREAD = "R2,2023-04-04,Banana"
TITLES = {
    "infiltration": "Infiltration",
    "disclosure-of-information": "Disclosure of information",
    "perverting-the-course-of-justice": "Perverting the course of justice",
    "sexual-misconduct": "Sexual misconduct",
    "controlled-drug-use-and-supply": "Controlled drug use and supply",
    "theft-and-fraud": "Theft and fraud",
    "misusing-force-systems": "Misusing force systems",
    "abuse-of-authority": "Abuse of authority",
    "inappropriate-association": "Inappropriate association",
    "vulnerability": "Vulnerability",
    "commit-or-assist-crime": "Commit, incite, aid and abet, or assist an offender in the commission of, a crime",
    "other": "Other",
}

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and terminals as POSIX has them")


class Ran(NamedTuple):
    """A program that has ended."""

    code: int
    out: str
    err: str


def export(folder: Path, *rows: str, header: str = HEADER, name: str = "export.csv") -> Path:
    """Write an export of these lines."""
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in (header, *rows)), encoding="utf-8", newline="")
    return path


def run(*args: object, cwd: Path | None = None, env: Mapping[str, str] | None = None, stdin: bytes = b"") -> Ran:
    """Run a command in this process; anything that would end in a traceback is raised."""
    with contextlib.chdir(cwd or Path.cwd()):
        result = CliRunner().invoke(program(), list(map(str, args)), env=env, input=stdin, prog_name="cc-categorise")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout_bytes.decode(), result.stderr)


def counts(csv_text: str) -> dict[tuple[str, ...], int]:
    """Give the counts above nought of a long CSV, by breakdowns, year and code."""
    rows = list(csv.reader(csv_text.splitlines()))[1:]
    return {tuple(row[:-3]): int(row[-2]) for row in rows if int(row[-2])}


@contextlib.contextmanager
def start(*args: object, env: Mapping[str, str] | None = None, **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run the program as a process beside this one; its streams are pipes unless told otherwise."""
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
    command = [sys.executable, "-m", "cc_categorise", *map(str, args)]
    with subprocess.Popen(command, env={**os.environ, **(env or {})}, **streams) as process:  # noqa: S603 - this very program
        try:
            yield process
        finally:
            process.kill()  # where the test has failed: nobody else would end it


def ran(*args: object, env: Mapping[str, str] | None = None, **how: Any) -> tuple[int, bytes, bytes]:
    """Run the program as a process; give exit code, standard output and standard error."""
    with start(*args, env=env, **how) as process:
        out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def on_terminal(
    stream: str, *args: object, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> tuple[int, bytes]:
    """Run the program with one stream on a terminal; give exit code and what the terminal got."""
    pty, tty = pytest.importorskip("pty"), pytest.importorskip("tty")
    ours, theirs = pty.openpty()
    tty.setraw(theirs)  # or the terminal would turn LF into CRLF, which is not the program's doing
    with start(*args, env={"TERM": "xterm", **(env or {})}, cwd=cwd, **{stream: theirs}) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # EIO: the other end is closed
            while select.select([ours], [], [], PATIENCE)[0] and (piece := os.read(ours, 65536)):
                shown += piece
        process.communicate(timeout=PATIENCE)
    os.close(ours)
    return process.returncode, shown


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return export(tmp_path, SOUND)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an export of more than 5 MB, with 1,500 units."""
    rows = (f"R{n:06},2023-04-03,Infiltration,Unit {n % 1500:04},{'x' * 20}" for n in range(100_000))
    path = export(tmp_path_factory.mktemp("large"), *rows, header=f"{HEADER},Unit,Grade")
    assert path.stat().st_size > 5 * 2**20
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def said_nothing_bad(err: bytes) -> bool:
    return not any(words in err for words in (b"Traceback", b"Exception ignored", b"Error:", b"Warning"))


# --- exit codes


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        pytest.param([SOUND], 0, id="sound"),
        pytest.param([], 0, id="header-only"),
        pytest.param([SOUND, SOUND], 0, id="duplicate"),
        pytest.param([SOUND, "R1,2023-04-04,Other"], 0, id="conflicting-duplicate"),
        pytest.param([SOUND, ",2023-04-04,Other"], 0, id="blank-reference"),
        pytest.param([SOUND, "", " , ,"], 0, id="blank-rows"),
        pytest.param([SOUND, UNREAD], 3, id="uncategorised"),
        pytest.param([SOUND, "R2,soon,Other"], 3, id="rejected"),
        pytest.param([SOUND, "R2,2024-04-01,Other"], 3, id="after-as-at"),
        pytest.param(["R2,soon,Other"], 3, id="nothing-counted"),
    ],
)
@pytest.mark.parametrize("command", ["count", "check"])
def test_exit_code_says_what_became_of_the_rows(tmp_path: Path, command: str, rows: list[str], code: int) -> None:
    assert run(command, export(tmp_path, *rows), *AS_AT).code == code


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(["nosuch"], id="command"),
        pytest.param(["count"], id="no-export"),
        pytest.param(["count", "export.csv", "--nosuch"], id="option"),
        pytest.param(["count", "export.csv", "--year", "decade"], id="year"),
        pytest.param(["count", "export.csv", "--format", "pdf"], id="format"),
        pytest.param(["count", "export.csv", "--as-at", "03/2024"], id="as-at"),
        pytest.param(["count", "export.csv", "--from", "yesterday"], id="from"),
        pytest.param(["count", "export.csv", "--from", "2024-01-02", "--to", "2024-01-01"], id="from-after-to"),
        pytest.param(["count", "export.csv", "--period", "2023"], id="period"),
        pytest.param(["count", "export.csv", "--period", "2022/24"], id="period-not-a-year"),
        pytest.param(["count", "export.csv", "--map", "Date in"], id="map-without-field"),
        pytest.param(["count", "export.csv", "--map", "colour=Category"], id="map-unknown-field"),
        pytest.param(["count", "export.csv", "--allow-rejects", "few"], id="allow-rejects"),
        pytest.param(["count", "export.csv", "--allow-rejects", "101%"], id="allow-rejects-over-100"),
        pytest.param(["count", "export.csv", "--allow-rejects", "-1"], id="allow-rejects-negative"),
        pytest.param(["count", "export.csv", "--encoding", "nosuch"], id="encoding"),
        pytest.param(["count", "export.csv", "--encoding", "rot13"], id="encoding-of-no-text"),
        pytest.param(["count", "export.csv", "--encoding", "base64"], id="encoding-of-bytes"),
        pytest.param(["count", "export.csv", "-o", "figures.pdf"], id="output-ending"),
        pytest.param(["count", "export.csv", "--by", "narrative"], id="by-narrative"),
        pytest.param(["check", "export.csv", "--list", "nosuch"], id="list"),
        pytest.param(["categories", "show", "nosuch"], id="category"),
    ],
)
def test_exit_2_where_the_command_is_not_used_as_it_should_be(sound: Path, args: list[str]) -> None:
    result = run(*args, cwd=sound.parent)
    assert (result.code, result.out) == (2, "")
    assert result.err.lower().startswith(("error: ", "usage: "))


@pytest.mark.parametrize(
    ("name", "content", "code_shown"),
    [
        pytest.param("export.csv", b"", "empty-file", id="zero-bytes"),
        pytest.param("export.csv", b"\n \n\n", "empty-file", id="blank-lines"),
        pytest.param("export.csv", b"\xef\xbb\xbf", "empty-file", id="mark-only"),
        pytest.param("export.csv", b"one,two\nthree,four\n", "no-header", id="no-header"),
        pytest.param("export.csv", b"Reference,Date Received\nR1,2023-04-03\n", "missing-column", id="no-category"),
        pytest.param("export.csv", b"Category\nOther\n", "missing-column", id="no-date"),
        pytest.param(
            "export.csv", b"Received,Date Received,Category\n,,\n", "ambiguous-column", id="two-columns-for-a-field"
        ),
        pytest.param("export.csv", b"Received,Category\n2023-04-03,\x81\n", "encoding", id="undefined-byte"),
        pytest.param("export.csv", "Received,Category\n".encode("utf-16-le"), "encoding", id="utf-16-unmarked"),
        pytest.param("export.docx", b"PK", "unknown-format", id="text-document"),
        pytest.param("export", b"Received,Category\n", "unknown-format", id="no-ending"),
    ],
)
@pytest.mark.parametrize("command", ["count", "check"])
def test_exit_4_where_an_export_cannot_be_used(
    tmp_path: Path, command: str, name: str, content: bytes, code_shown: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run(command, name, cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert result.err.startswith(f"error: {name}: ")
    assert f"[{code_shown}]\n  hint: " in result.err


@pytest.mark.parametrize(
    ("option", "code_shown"),
    [
        pytest.param("--profile", "profile", id="profile"),
        pytest.param("--scheme", "scheme", id="scheme"),
    ],
)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param("", id="empty"),
        pytest.param("[", id="not-yaml"),
        pytest.param("nosuch: 1\n", id="unknown-key"),
        pytest.param("schema_version: 1\nschema_version: 1\n", id="key-twice"),
    ],
)
def test_exit_4_where_a_scheme_or_profile_cannot_be_used(
    sound: Path, option: str, code_shown: str, content: str | None
) -> None:
    file = sound.parent / "file.yaml"
    if content is not None:
        file.write_text(content)
    result = run("count", sound, option, file)
    assert (result.code, result.out) == (4, "")
    assert f"[{code_shown}]" in result.err


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(["no-such-file.csv"], id="file"),
        pytest.param(["*.tsv"], id="pattern"),
        pytest.param(["empty-folder"], id="folder"),
        pytest.param(["x" * 5000 + ".csv"], id="name-too-long"),
        pytest.param(["export.csv/export.csv"], id="below-a-file"),
    ],
)
def test_exit_4_where_there_is_no_export(sound: Path, args: list[str]) -> None:
    (sound.parent / "empty-folder").mkdir()
    result = run("count", *args, cwd=sound.parent)
    assert (result.code, result.out) == (4, "")
    assert "[missing-file]" in result.err


@pytest.mark.parametrize(
    ("args", "year"),
    [
        pytest.param(["--period", "9999/00"], "9999/00", id="last-financial-year"),
        pytest.param(["--year", "calendar", "--period", "9999"], "9999", id="last-calendar-year"),
        pytest.param(["--year", "quarter", "--period", "9999/00 Q3"], "9999/00 Q3", id="last-quarter"),
        pytest.param(["--year", "quarter", "--period", "9999/00 Q4"], None, id="quarter-after-the-last"),
        pytest.param(["--year", "month", "--period", "9999-12"], "9999-12", id="last-month"),
        pytest.param(["--from", "0001-01-01", "--to", "0001-03-31"], "0000/01", id="first-days"),
        pytest.param(["--as-at", "9999-12-31"], "2023/24", id="as-at-the-last-day"),
    ],
)
def test_days_at_the_ends_of_the_calendar_are_no_crash(sound: Path, args: list[str], year: str | None) -> None:
    result = run("count", sound, "-f", "csv", *AS_AT, *args)
    years = {line.split(",")[0] for line in result.out.splitlines()[1:]}
    assert (result.code, years) in ((0, {year}), (2, set()))


@needs_posix
def test_a_named_pipe_is_read_or_refused_and_no_crash(sound: Path) -> None:
    pipe = sound.parent / "pipe.csv"
    os.mkfifo(pipe)

    def write() -> None:
        with contextlib.suppress(BrokenPipeError):
            pipe.write_bytes(sound.read_bytes())

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    code, out, err = ran("count", pipe, *AS_AT, "-f", "csv")
    os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))  # lets the writer go if nobody has read
    writer.join(PATIENCE)
    assert said_nothing_bad(err)
    assert code == 4 or (code, counts(out.decode())) == (0, {("2023/24", "infiltration"): 1})


# --- standard output and standard error


FORMATS = [pytest.param(name, id=name) for name in ("table", "csv", "json", "markdown")]
COMMANDS = [
    pytest.param(["count", "export.csv", *AS_AT, "--by", "Unit"], id="count"),
    pytest.param(["check", "export.csv", *AS_AT], id="check"),
    pytest.param(["check", "export.csv", *AS_AT, "--list", "labels"], id="check-list"),
    pytest.param(["categories", "list"], id="categories-list"),
    pytest.param(["categories", "show", "7"], id="categories-show"),
]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Give a folder with an export that has something of everything, in letters beyond Windows-1252."""
    rows = (f"{SOUND},Łódź", f"{UNREAD} naïve Ω,Zürich", "R3,31/02/2023,Other,[c] [bold]x[/bold]", f"{SOUND},Łódź")
    export(tmp_path, *rows, header=f"{HEADER},Unit")
    return tmp_path


@pytest.mark.parametrize("args", COMMANDS)
@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_a_pipe_and_standard_output_get_the_same_bytes(mixed: Path, args: list[str], fmt: str) -> None:
    printed = run(*args, "-f", fmt, cwd=mixed)
    filed = run(*args, "-f", fmt, "-o", "out.txt", cwd=mixed)
    data = (mixed / "out.txt").read_bytes()
    assert data.decode() == printed.out
    assert (filed.out, filed.err, filed.code) == ("", printed.err, printed.code)
    assert data.endswith(b"\n")
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("args", COMMANDS[:2])
@pytest.mark.parametrize("fmt", ["table", "csv"])
def test_a_terminal_gets_the_same_bytes_as_a_pipe_but_for_colour(
    mixed: Path, args: list[str], fmt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    code, piped, _ = ran(*args, "-f", fmt, cwd=mixed)
    code_shown, shown = on_terminal("stdout", *args, "-f", fmt, cwd=mixed)
    _, plain = on_terminal("stdout", *args, "-f", fmt, cwd=mixed, env={"NO_COLOR": "1"})
    assert code_shown == code == 3
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", shown) == piped == plain
    assert (b"\x1b[" in shown) is (fmt == "table")
    assert b"\x1b" not in piped


def test_a_table_is_painted_on_a_terminal_only(mixed: Path) -> None:
    assert b"\x1b[" in on_terminal("stdout", "count", mixed, *AS_AT)[1]
    assert b"\x1b[" not in on_terminal("stderr", "count", mixed, *AS_AT, "--no-progress")[1]


def test_standard_output_holds_data_and_standard_error_everything_that_is_said(mixed: Path) -> None:
    result = run("count", "export.csv", *AS_AT, "-f", "csv", cwd=mixed)
    assert {len(row) for row in csv.reader(result.out.splitlines())} == {5}
    assert (
        result.err
        == """\
export.csv: encoding UTF-8 (found), delimiter comma (found), header in row 1
counted by the received date, year basis financial, as at 2024-03-31, \
scheme uk-national-counter-corruption edition 2022-11
rows read 4 = 2 counted + 1 rejected + 1 duplicate + 0 out of period + 0 merged; 1 of those counted is uncategorised
findings: 1 duplicate, 1 impossible-date, 1 unknown-label
exact counts: not for publication
"""
    )


CP1252 = {"PYTHONIOENCODING": "cp1252"}
CONSOLES = [
    pytest.param(CP1252, id="cp1252"),
    pytest.param({"PYTHONIOENCODING": "ascii"}, id="ascii"),
    pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="c-locale"),
]


@pytest.mark.parametrize("env", CONSOLES)
@pytest.mark.parametrize("args", [["count", *AS_AT, "--by", "Unit"], ["check", *AS_AT, "--list", "labels"]])
def test_any_console_gets_utf_8_on_standard_output_and_what_it_can_show_on_standard_error(
    mixed: Path, args: list[str], env: dict[str, str]
) -> None:
    (mixed / "export.csv").rename(mixed / "Łódź.csv")
    # The name is read from the folder: in the C locale it could not be typed.
    expected = run(*args, ".", cwd=mixed)
    code, out, err = ran(*args, ".", cwd=mixed, env=env)
    assert (code, out.decode()) == (expected.code, expected.out)
    assert said_nothing_bad(err)
    assert b"rows read 4" in err


@needs_posix
def test_a_progress_bar_is_no_crash_on_a_console_without_its_letters(large: Path) -> None:
    code, shown = on_terminal("stderr", "count", large, *AS_AT, "-o", os.devnull, "-f", "csv", env=CP1252)
    assert code == 0
    assert said_nothing_bad(shown)


@needs_posix
@pytest.mark.parametrize("command", ["count", "check"])
def test_a_progress_bar_is_drawn_for_a_large_export_on_a_terminal(large: Path, command: str) -> None:
    code, shown = on_terminal("stderr", command, large, *AS_AT)
    assert code == 0
    assert b"reading" in shown
    assert re.search(rb"[0-9.]+/[0-9.]+ MB", shown)
    assert re.search(rb"[0-9,]+ rows/s", shown)


@needs_posix
@pytest.mark.parametrize("option", ["--no-progress", "--quiet"])
def test_no_progress_bar_where_none_is_wanted(large: Path, option: str) -> None:
    assert b"reading" not in on_terminal("stderr", "count", large, *AS_AT, option)[1]


def test_no_progress_bar_for_a_small_export_or_without_a_terminal(sound: Path, large: Path) -> None:
    assert b"reading" not in on_terminal("stderr", "count", sound, *AS_AT)[1]
    assert b"reading" not in ran("count", large, *AS_AT)[2]


def test_wide_tables_stay_whole_whatever_the_width_of_the_terminal(sound: Path) -> None:
    args = ("count", sound, *AS_AT, "--year", "month", "--from", "2020-01-01", "--to", "2024-03-31")
    narrow, wide = (run(*args, env={"COLUMNS": columns}).out for columns in ("40", "400"))
    assert narrow == wide
    (heading,) = (line for line in narrow.splitlines() if line.startswith("Category  "))
    assert (
        re.findall(r"[0-9]{4}-[0-9]{2}", heading)
        == [f"{year}-{month:02}" for year in (2020, 2021, 2022, 2023, 2024) for month in range(1, 13)][:51]
    )
    assert "…" not in narrow


def test_the_same_export_and_options_give_the_same_bytes(mixed: Path) -> None:
    args = ("count", "export.csv", *AS_AT, "-f", "json")
    first = ran(*args, cwd=mixed, env={"PYTHONHASHSEED": "1"})
    assert first == ran(*args, cwd=mixed, env={"PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"})


# --- readers and devices that go away


@needs_posix
@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_is_clean(large: Path, fmt: str, unbuffered: str) -> None:
    env = {"PYTHONUNBUFFERED": unbuffered}
    with start("count", large, *AS_AT, "--by", "Unit", "-f", fmt, env=env) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.wait(PATIENCE)
    assert process.returncode == 0
    assert said_nothing_bad(err)


def test_standard_output_that_takes_a_part_at_a_time_gets_all(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = bytearray()

    class Reluctant(io.RawIOBase):
        def write(self, data: Any, /) -> int:
            taken.extend(data[:10])
            return min(len(data), 10)

    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=Reluctant(), flush=lambda: None))
    text = "figures, and more figures\n" * 3
    give(text, OutputOptions())
    assert taken.decode() == text


@needs_posix
@pytest.mark.parametrize("args", [["--help"], ["--version"], ["count", "--help"], ["categories", "list"]])
def test_a_pipe_that_was_never_read_is_clean(args: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code, _, err = ran(*args, stdout=writing)
    os.close(writing)
    assert (code, err) == (0, b"")


@needs_posix
def test_the_result_and_exit_code_stand_when_nobody_hears_what_is_said(mixed: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code, out, _ = ran("count", mixed, *AS_AT, "-f", "csv", stderr=writing)
    os.close(writing)
    assert (code, out) == ran("count", mixed, *AS_AT, "-f", "csv")[:2]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "args", [["count", "-f", "csv", "EXPORT"], ["check", "EXPORT"], ["--help"], ["--version"], ["check", "--help"]]
)
def test_exit_5_where_standard_output_is_full(sound: Path, args: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        code, _, err = ran(
            *[sound if arg == "EXPORT" else arg for arg in args], "-q"[: 2 * ("EXPORT" in args)] or "-h", stdout=full
        )
    assert code == 5
    assert b"[output]" in err
    assert said_nothing_bad(err)


@needs_posix
@pytest.mark.parametrize(
    ("closed", "args", "code"),
    [
        pytest.param(0, ["count", "-"], 4, id="standard-input"),
        pytest.param(1, ["count", "EXPORT"], 5, id="standard-output"),
        pytest.param(2, ["count", "EXPORT"], 0, id="standard-error"),
    ],
)
def test_a_stream_that_was_closed_from_the_start_is_no_crash(
    sound: Path, closed: int, args: list[str], code: int
) -> None:
    given = [str(sound) if arg == "EXPORT" else arg for arg in args]
    got, _, err = ran(*given, preexec_fn=lambda: os.close(closed))
    assert got == code
    assert said_nothing_bad(err)


# --- files that are whole or not there


@pytest.mark.parametrize(
    ("name", "start_of_file"),
    [
        pytest.param("figures.csv", "year,", id="csv"),
        pytest.param("figures.CSV", "year,", id="upper-case"),
        pytest.param("figures.json", "{\n", id="json"),
        pytest.param("figures.md", "**", id="markdown"),
        pytest.param("figures.txt", "Intelligence records by", id="table"),
    ],
)
def test_the_ending_of_the_output_says_the_format(sound: Path, name: str, start_of_file: str) -> None:
    assert run("count", sound, *AS_AT, "-o", name, cwd=sound.parent).code == 0
    assert (sound.parent / name).read_text(encoding="utf-8").startswith(start_of_file)


def test_the_format_asked_for_wins_over_the_ending_of_the_output(sound: Path) -> None:
    assert run("count", sound, *AS_AT, "-o", "figures.txt", "-f", "csv", cwd=sound.parent).code == 0
    assert (sound.parent / "figures.txt").read_text().startswith("year,")


def test_an_output_is_written_over_an_older_one_and_nothing_else_is_left(sound: Path) -> None:
    out = sound.parent / "figures.csv"
    out.write_text("old" * 10_000)
    assert run("count", sound, *AS_AT, "-o", out).code == 0
    assert out.read_text() == run("count", sound, *AS_AT, "-f", "csv").out
    assert names_in(sound.parent) == ["export.csv", "figures.csv"]


def test_an_output_is_written_with_findings_too(mixed: Path) -> None:
    assert run("count", "export.csv", *AS_AT, "-o", "figures.csv", cwd=mixed).code == 3
    assert (mixed / "figures.csv").read_text().startswith("year,")


@needs_posix
def test_an_output_has_the_permissions_of_any_other_file(sound: Path) -> None:
    new, old = sound.parent / "new.csv", sound.parent / "old.csv"
    old.touch()
    old.chmod(0o640)
    umask = os.umask(0o027)
    try:
        run("count", sound, *AS_AT, "-o", new)
        run("count", sound, *AS_AT, "-o", old)
    finally:
        os.umask(umask)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (new, old)] == [0o640, 0o640]


@needs_posix
def test_an_output_that_is_a_link_is_written_where_the_link_leads(sound: Path) -> None:
    place, link = sound.parent / "elsewhere.csv", sound.parent / "link.csv"
    place.touch()
    link.symlink_to(place)
    assert run("count", sound, *AS_AT, "-o", link).code == 0
    assert link.is_symlink()
    assert place.read_text().startswith("year,")


@needs_posix
def test_an_output_that_is_a_pipe_stays_one(sound: Path) -> None:
    pipe = sound.parent / "pipe.csv"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    result = run("count", sound, *AS_AT, "-o", pipe)
    got = os.read(reading, 65536)
    os.close(reading)
    assert (result.code, got.decode()) == (0, run("count", sound, *AS_AT, "-f", "csv").out)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("command", "name"),
    [pytest.param("count", "export.csv", id="count"), pytest.param("check", "./export.csv", id="check")],
)
def test_an_export_is_never_written_over(sound: Path, command: str, name: str) -> None:
    before = sound.read_bytes()
    result = run(command, "export.csv", "-o", name, cwd=sound.parent)
    assert result.code == 2
    assert "would replace an export" in result.err
    assert sound.read_bytes() == before


def test_an_export_is_never_written_over_by_quarantine(sound: Path) -> None:
    other = export(sound.parent, UNREAD, name="export.valid.csv")
    before = other.read_bytes()
    result = run("check", sound, other, "--quarantine", sound.parent)
    assert result.code == 2
    assert other.read_bytes() == before


def folder_missing(folder: Path) -> Path:
    return folder / "missing" / "out.csv"


def is_a_folder(folder: Path) -> Path:
    (folder / "out.csv").mkdir()
    return folder / "out.csv"


def below_a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file" / "out.csv"


def name_too_long(folder: Path) -> Path:
    return folder / f"{'x' * 300}.csv"


def folder_read_only(folder: Path) -> Path:
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        pytest.skip("the superuser may write anywhere")
    (folder / "locked").mkdir(mode=0o500)
    return folder / "locked" / "out.csv"


def kernel_says_no(_: Path) -> Path:
    if not Path("/proc/self").exists():
        pytest.skip("needs a file system that the superuser cannot write to either")
    return Path("/proc/out.csv")


@pytest.mark.parametrize(
    "place", [folder_missing, is_a_folder, below_a_file, name_too_long, folder_read_only, kernel_says_no]
)
@pytest.mark.parametrize("command", ["count", "check"])
def test_exit_5_where_the_output_cannot_be_written_and_nothing_is_left(
    sound: Path, command: str, place: Callable[[Path], Path]
) -> None:
    out = place(sound.parent)
    before = sorted(sound.parent.rglob("*"))
    result = run(command, sound, *AS_AT, "-o", out)
    assert (result.code, result.out) == (5, "")
    assert result.err.startswith(f"error: {out}: cannot be written: ")
    assert "[output]" in result.err
    assert sorted(sound.parent.rglob("*")) == before


def test_exit_5_where_quarantine_cannot_be_written(sound: Path) -> None:
    (sound.parent / "file").touch()
    result = run("check", sound, *AS_AT, "--quarantine", sound.parent / "file")
    assert (result.code, result.out) == (5, "")
    assert "[output]" in result.err


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device"), ValueError])
def test_a_file_that_is_not_finished_leaves_nothing_and_the_old_one_stays(
    tmp_path: Path, stop: type[BaseException] | OSError
) -> None:
    def pieces() -> Iterator[str]:
        yield "new\n" * 100_000
        raise stop

    place = tmp_path / "out.csv"
    place.write_text("old\n")
    with pytest.raises(OutputError if isinstance(stop, OSError) else stop):
        write_file(place, pieces())
    assert names_in(tmp_path) == ["out.csv"]
    assert place.read_text() == "old\n"


# --- Ctrl-C


@needs_posix
@pytest.mark.parametrize("command", ["count", "check"])
def test_exit_130_when_interrupted_while_waiting_for_standard_input(tmp_path: Path, command: str) -> None:
    spare = tmp_path / "tmp"
    spare.mkdir()
    args = (command, "-", "-o", "out.csv")
    how: dict[str, Any] = {"stdin": subprocess.PIPE, "preexec_fn": hear_ctrl_c}
    with start(*args, cwd=tmp_path, env={"TMPDIR": str(spare)}, **how) as process:
        assert process.stdin
        process.stdin.write(
            f"{HEADER}\n".encode() + f"{SOUND}\n".encode() * 40_000
        )  # more than a pipe holds: it is being read
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err.decode() == "interrupted; nothing is left half written\n"
    assert names_in(tmp_path) == ["tmp"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs to see which files a process has open")
def test_exit_130_when_interrupted_while_reading_and_no_half_file_is_left(tmp_path: Path) -> None:
    big = tmp_path / "export.csv"
    rows = b"".join(b"R%d,2023-04-03,Infiltration\n" % n for n in range(1_000_000))
    big.write_bytes(f"{HEADER}\n".encode() + 4 * rows)
    words = ("count", big, *AS_AT, "--workers", 1, "-o", "out.csv")
    with start(*words, cwd=tmp_path, preexec_fn=hear_ctrl_c) as process:
        deadline = time.monotonic() + PATIENCE
        while not _has_open(process, big):
            assert process.poll() is None
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err.decode() == "interrupted; nothing is left half written\n"
    assert names_in(tmp_path) == ["export.csv"]


def test_exit_130_when_interrupted_while_starting(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")
    assert ran("--help", env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}) == (
        130,
        b"",
        b"",
    )


def _has_open(process: subprocess.Popen[bytes], path: Path) -> bool:
    links = Path(f"/proc/{process.pid}/fd").iterdir()
    with contextlib.suppress(OSError):
        return any(link.readlink() == path for link in links)
    return False


# --- the program as a whole


def test_version_is_data() -> None:
    assert run("--version") == (0, f"cc-categorise {__version__}\n", "")


@pytest.mark.parametrize("args", [[], ["count"], ["check"], ["categories"], ["categories", "list"]])
def test_help_is_plain_text_and_the_same_at_any_width_of_colour(args: list[str]) -> None:
    result = run(*args, "--help", env={"FORCE_COLOR": "1"})
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Usage: cc-categorise ")
    assert result.out.isprintable() is False
    assert not re.search(r"[\x00-\x09\x0b-\x1f│╭]", result.out)
    assert result.out == run(*args, "-h").out


@pytest.mark.parametrize("args", [[], ["categories"]])
def test_help_is_given_where_no_command_is(args: list[str]) -> None:
    result = run(*args)
    assert result.code == 2
    assert "Commands:" in result.out + result.err
