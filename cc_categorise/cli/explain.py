"""``cc-categorise explain``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import give
from cc_categorise.cli.options import ReadingOptions, gathered
from cc_categorise.errors import MissingFileError, UsageError
from cc_categorise.options import Format, OutputOptions, TextOptions


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
    from cc_categorise.explain import explain_row, explain_text  # noqa: PLC0415 - start-up time
    from cc_categorise.render import render_listings  # noqa: PLC0415

    if export and row and not alone:
        explained = explain_row(export, row, options, text)
    elif alone and not (export or row):
        explained = explain_text(_text_of(alone), options, text)
    else:
        raise UsageError("explain takes an export and --row, or --text alone")
    give(render_listings(explained, fmt), output)


def _text_of(place: str) -> str:
    try:
        data = sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()
    except OSError:
        raise MissingFileError("the text cannot be read", where=place) from None
    return data.decode("utf-8-sig", "replace")
