"""``cc-categorise learn``, ``evaluate`` and ``explain``: what texts are read by, how well, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import progress, say, show, write_file
from cc_categorise.cli.options import ExportsArgument, LearningOptions, MeasuringOptions, ReadingOptions, gathered
from cc_categorise.errors import EXIT_FINDINGS, MissingFileError, UsageError
from cc_categorise.options import OutputOptions, TextOptions

SaveOption = Annotated[Path, typer.Option("--save", metavar="FILE", help="Where the model is saved (.npz).")]
ForceOption = Annotated[bool, typer.Option("--force", help="Save the model even if it is not better.")]


@gathered
def learn(  # noqa: PLR0913 - three of these are gathered from many
    *,
    options: ReadingOptions,
    text: LearningOptions,
    output: OutputOptions,
    save: SaveOption,
    exports: ExportsArgument = None,
    force: ForceOption = False,
) -> None:
    """Learn a model from your own categorised records; saved only if it is better than the one it starts from."""
    from cc_categorise import teach  # noqa: PLC0415 - start-up time
    from cc_categorise.categorise.weights import model_bytes  # noqa: PLC0415

    with progress(output) as on_bytes:
        learnt = teach.learn(exports or (), options, text, on_bytes)
    show(learnt.told, output)
    if not (learnt.is_better or force):
        say("the model is not better than the one it starts from, and was not saved; --force saves it all the same")
        raise typer.Exit(EXIT_FINDINGS)
    write_file(save, [model_bytes(learnt.model)])
    say(f"the model was saved as {save.as_posix()}; --model {save.name} uses it")


@gathered
def evaluate(
    options: ReadingOptions, text: MeasuringOptions, output: OutputOptions, exports: ExportsArgument = None
) -> None:
    """Measure what texts suggest against recorded categories: accuracy, F1 with intervals, calibration, coverage."""
    from cc_categorise import teach  # noqa: PLC0415 - start-up time

    with progress(output) as on_bytes:
        told = teach.evaluate(exports or (), options, text, on_bytes)
    show(told, output)


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
    from cc_categorise.explain import explain_row, explain_text  # noqa: PLC0415 - start-up time

    if export and row and not alone:
        explained = explain_row(export, row, options, text)
    elif alone and not (export or row):
        explained = explain_text(_text_of(alone), options, text)
    else:
        raise UsageError("explain takes an export and --row, or --text alone")
    show(explained, output)


def _text_of(place: str) -> str:
    try:
        data = sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()
    except OSError:
        raise MissingFileError("the text cannot be read", where=place) from None
    return data.decode("utf-8-sig", "replace")
