"""``cc-categorise learn``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import give, progress, say, write_file
from cc_categorise.cli.options import ExportsArgument, LearningOptions, ReadingOptions, gathered
from cc_categorise.errors import EXIT_FINDINGS
from cc_categorise.options import Format, OutputOptions

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
    fmt = output.format_or(Format.TABLE)
    from cc_categorise import teach  # noqa: PLC0415 - start-up time
    from cc_categorise.categorise.weights import model_bytes  # noqa: PLC0415
    from cc_categorise.render import render_listings  # noqa: PLC0415

    with progress(output) as on_bytes:
        learnt = teach.learn(exports or (), options, text, on_bytes)
    give(render_listings(learnt.told, fmt), output)
    if not (learnt.is_better or force):
        say("the model is not better than the one it starts from, and was not saved; --force saves it all the same")
        raise typer.Exit(EXIT_FINDINGS)
    write_file(save, [model_bytes(learnt.model)])
    say(f"the model was saved as {save.as_posix()}; --model {save.name} uses it")
