"""``cc-categorise explain``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cc_categorise.cli.door import give
from cc_categorise.cli.options import ReadingOptions, gathered
from cc_categorise.errors import MissingFileError, UsageError
from cc_categorise.options import Format, OutputOptions, RunOptions, TextOptions

if TYPE_CHECKING:
    from cc_categorise.figures import Listings


@gathered
def explain(  # noqa: PLR0913 - three of these are gathered from many
    *,
    options: ReadingOptions,
    text: TextOptions,
    output: OutputOptions,
    export: Annotated[str | None, typer.Argument(metavar="EXPORT", help="One file, or - for standard input.")] = None,
    row: Annotated[
        int | None, typer.Option("--row", metavar="N", min=1, help="Number of the row, as a spreadsheet shows it.")
    ] = None,
    alone: Annotated[
        str | None, typer.Option("--text", metavar="FILE", help="Explain a text by itself: a file, or - to type it.")
    ] = None,
) -> None:
    """Show one decision in full: every category, the evidence and its weight, and why the runner-up lost."""
    fmt = output.format_or(Format.TABLE)
    from cc_categorise import render  # noqa: PLC0415 - start-up time

    if (export is None) == (alone is None) or (export is None) != (row is None):
        raise UsageError("explain takes an export and --row, or --text alone")
    explained = _text(alone, options, text) if alone else _row(str(export), row or 0, options, text)
    give(render.render_listings(explained, fmt), output)


def _row(export: str, row: int, options: RunOptions, text: TextOptions) -> Listings:
    from cc_categorise.assign import Assigning  # noqa: PLC0415 - start-up time
    from cc_categorise.explain import explain_row  # noqa: PLC0415

    run = Assigning([export], options, text)
    if len(run.sources) > 1:
        raise UsageError("explain takes one export")
    one = next(run.rows(row=row), None)
    if one is None:
        raise UsageError(f"--row {row}: there is no record in that row", hint="the header is row 1 as a rule")
    return explain_row(run, one)


def _text(place: str, options: RunOptions, text: TextOptions) -> Listings:
    from cc_categorise.assign import categoriser_of  # noqa: PLC0415 - start-up time
    from cc_categorise.explain import explain_text  # noqa: PLC0415
    from cc_categorise.scheme import load_scheme  # noqa: PLC0415

    try:
        data = sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()
    except OSError:
        raise MissingFileError("the text cannot be read", where=place) from None
    scheme, given = load_scheme(options.scheme).scheme, data.decode("utf-8-sig", "replace")
    return explain_text(given, categoriser_of(scheme, text), scheme, text)
