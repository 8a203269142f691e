"""Where every result and every error leaves the program, and where files are written."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from cc_categorise.errors import EXIT_CLEAN, EXIT_INTERRUPTED, EXIT_OUTPUT, CategoriseError, OutputError, UsageError
from cc_categorise.options import WORKBOOKS, Format, OutputOptions

if TYPE_CHECKING:
    from cc_categorise.pipeline import Outcome
    from cc_categorise.read.exports import Export
    from cc_categorise.render import Thing

_WORTH_A_BAR = 5 * 2**20
TEXTS_WORTH_A_BAR = 2**16  # bytes of texts, which take about a second to read
_ROWS_AT_ONCE = 500
EXACT = "exact counts: not for publication"


class OneDoor(TyperGroup):
    """Every error raised on purpose leaves here: two lines on standard error, and its own exit code."""

    def make_context(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - Typer's own types are private
        """Read the command line; ``--help`` and ``--version`` are written as it is read."""
        with _exit_codes():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own types are private
        """Run the command."""
        with _exit_codes():
            return super().invoke(ctx)


@contextlib.contextmanager
def _exit_codes() -> Iterator[None]:
    """Turn what a person can mend, or meant to do, into a message and an exit code."""
    try:
        yield
    except CategoriseError as err:
        say(f"error: {err}")
        raise typer.Exit(err.exit_code) from None
    except KeyboardInterrupt:
        say("interrupted; nothing is left half written")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except BrokenPipeError:
        _forget(sys.stdout)
        raise typer.Exit(EXIT_CLEAN) from None
    except OSError as err:
        if err.errno != errno.ENOSPC:
            raise
        _forget(sys.stdout)
        say(f"error: {OutputError('the disk is full', hint='make room, also for temporary files')}")
        raise typer.Exit(EXIT_OUTPUT) from None


def say(*sentences: str) -> None:
    """Tell the person something, on standard error, whatever the console can show, and whether or not it is there."""
    for sentence in sentences:
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        try:
            typer.echo(sentence.encode(encoding, "replace").decode(encoding), err=True)
        except OSError:  # nobody listens; the result and the exit code still count
            _forget(sys.stderr)


def sentences(outcome: Outcome, output: OutputOptions, closing: str = EXACT) -> Iterator[str]:
    """Say how the files were read, where every row went, and what was found."""
    if output.quiet:
        return
    from cc_categorise.render.wording import reconciliation_line  # noqa: PLC0415 - start-up time

    run, report = outcome.settled.run, outcome.report
    yield from outcome.notes
    if output.verbose:
        yield from outcome.columns_used()
    yield (
        f"counted by the {run.counted_by} date, year basis {report.tally.year_basis}, "
        f"as at {report.as_at.isoformat()}, scheme {report.scheme_id} edition {report.scheme_edition}"
    )
    yield reconciliation_line(report.reconciliation)
    if report.findings:
        yield "findings: " + ", ".join(f"{n:,} {code}" for code, n in report.findings.items())
    yield from (*report.decided, *report.notes)
    yield closing


def _forget(stream: IO[str]) -> None:
    """Point a stream at nothing, so that the interpreter's last flush does not fail as well."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def give(text: str, output: OutputOptions) -> None:
    """Write a result to the file asked for, else to standard output: UTF-8 and line feeds everywhere.

    Raises:
        OutputError: It cannot be written.
    """
    if output.output is not None:
        write_file(output.output, [text])
        return
    if sys.stdout is None:
        raise OutputError("standard output is closed", hint="write to a file with --output")
    stream = getattr(sys.stdout, "buffer", None)
    try:
        if stream is None:
            sys.stdout.write(text)
        else:
            unwritten = memoryview(text.encode())
            while unwritten:  # with PYTHONUNBUFFERED a full disk takes a part and says nothing
                unwritten = unwritten[stream.write(unwritten) or 0 :]
        sys.stdout.flush()
    except BrokenPipeError:
        _forget(sys.stdout)
    except OSError as err:
        _forget(sys.stdout)
        if err.errno == errno.EINVAL:  # what a closed pipe is on Windows
            return
        raise OutputError(f"standard output cannot be written: {err.strerror}") from None


def write_file(path: Path, pieces: Iterable[str | bytes]) -> None:
    """Write a file beside its place and rename it, so that it is whole or not there.

    A link stays a link, a file that is replaced leaves its permissions, and a pipe or device is written to.

    Raises:
        OutputError: The operating system refuses.
    """
    import tempfile  # noqa: PLC0415 - start-up time

    beside: str | None = None
    try:
        place = path.resolve()
        if place.exists() and not (place.is_file() or place.is_dir()):
            with place.open("wb") as stream:
                stream.writelines(map(_as_bytes, pieces))
            return
        handle, beside = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name[:100]}.")
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(map(_as_bytes, pieces))
        Path(beside).chmod(_mode_of(place))
        Path(beside).replace(place)
        beside = None
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise OutputError(f"cannot be written: {reason}", where=path.as_posix(), hint="it is as it was") from None
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)


def _as_bytes(piece: str | bytes) -> bytes:
    return piece if isinstance(piece, bytes) else piece.encode()


def append_lines(path: Path, lines: Iterable[str], *, torn: int = 0) -> None:
    """Add whole lines to a file that only grows, and see them safely on the disk; one that is not there is made.

    The ``torn`` bytes at its end are half a line, and taken off first.

    Raises:
        OutputError: The operating system refuses.
    """
    try:
        with path.open("ab+") as stream:
            size = stream.truncate(stream.seek(0, os.SEEK_END) - torn)
            stream.seek(max(size - 1, 0))
            between = b"" if stream.read(1) in (b"", b"\n") else b"\n"
            stream.write(between + "".join(lines).encode())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as err:
        raise OutputError(f"cannot be written: {err.strerror}", where=path.as_posix()) from None


def _mode_of(place: Path) -> int:
    """Give the permissions of a file, or those that a new one would have."""
    if place.exists():
        return stat.S_IMODE(place.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def refuse_exports(exports: Iterable[Export], *paths: Path | None) -> None:
    """Make sure that no file to be written is an export that was read, or another one to be written.

    Raises:
        UsageError: One is.
    """
    written = [path for path in paths if path]
    if len({path.resolve() for path in written}) < len(written):
        raise UsageError("two outputs would go to one file", where=written[0].name, hint="write elsewhere")
    for path in written:
        for export in exports:
            source = export.path or (None if export.spool else Path(export.name))  # the name of SQLite's is its path
            if source is not None and _is_same_file(path, source):
                raise UsageError("the output would replace an export", where=export.name, hint="write elsewhere")


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # there is no such file yet, or there cannot be
        return False


def _is_terminal(stream: IO[str] | None) -> bool:
    return stream is not None and stream.isatty()  # None: the stream was closed before the program began


def need_terminal() -> None:
    """Make sure that somebody can see and type.

    Raises:
        UsageError: Nobody can.
    """
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        raise UsageError("the screen needs a terminal to show and to type", hint="review make needs none")


def show(thing: Thing, output: OutputOptions, default: Format = Format.TABLE) -> None:
    """Lay a result out as is asked for, else in the command's own format, and give it.

    A table on standard output is painted: on a terminal, unless NO_COLOR is set.
    """
    from cc_categorise.render import render  # noqa: PLC0415 - start-up time

    fmt, layout, marking = output.format_or(default), output.layout, output.marking
    if output.output and fmt in WORKBOOKS:
        from cc_categorise.render.as_workbook import workbook  # noqa: PLC0415 - start-up time

        write_file(output.output, [workbook(thing, fmt, layout=layout, marking=marking)])
        return
    colour = output.output is None and _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    give(render(thing, fmt, layout=layout, colour=colour, marking=marking), output)


@contextlib.contextmanager
def progress(output: OutputOptions, worth: int = _WORTH_A_BAR) -> Iterator[Callable[..., None] | None]:
    """Show how far reading has come, for an input of more than so many bytes on a terminal; else give None."""
    if output.quiet or output.no_progress or not _is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = ("reading", BarColumn(), DownloadColumn(), TextColumn("{task.fields[speed]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", visible=False, speed="")

        def on_bytes(n_read: int, of: int, n_rows: int = 0) -> None:
            elapsed = bar.tasks[task].elapsed
            speed = f"{n_rows / elapsed:,.0f} rows/s" if n_rows and elapsed else ""
            bar.update(task, advance=n_read, total=of, visible=of > worth, speed=speed)

        yield on_bytes


def give_rows(header: Sequence[str], rows: Iterable[Sequence[str]], output: OutputOptions) -> None:
    """Write rows as CSV while they are made, cells exactly as they are; to the file asked for, else standard output.

    Raises:
        OutputError: They cannot be written.
    """
    lines = lines_of_csv(chain([header], rows))
    if output.output is not None:
        write_file(output.output, lines)
        return
    while some := "".join(islice(lines, _ROWS_AT_ONCE)):
        give(some, output)


def lines_of_csv(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lay out whole rows as CSV, cells exactly as they were read."""
    import csv  # noqa: PLC0415 - only quarantine writes rows
    import io  # noqa: PLC0415

    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\r\n").writerow(row)  # so that a carriage return in a cell is quoted too
        yield line.getvalue().removesuffix("\r\n") + "\n"
