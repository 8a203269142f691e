"""``cc-categorise return`` and ``cc-categorise verify``: what is published, and whether it still is what was signed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import give, progress, say, sentences, show
from cc_categorise.cli.options import ExportsArgument, gathered
from cc_categorise.errors import EXIT_FINDINGS, UsageError
from cc_categorise.options import OutputOptions, ReleaseOptions, RunOptions

_CLOSING = "the figures above are exact: not for publication"
FolderOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="DIR", help="Write here; DIR.private stays with the force.")
]
ExploreOption = Annotated[
    bool, typer.Option("--explore", help="Write nothing; list the cells that each way of protecting costs.")
]
ReleaseArgument = Annotated[Path, typer.Argument(metavar="RELEASE", help="Folder of a release.")]
SpokenOptions = Annotated[OutputOptions, "quiet", "verbose", "no_progress"]
MadeFrom = Annotated[RunOptions, "scheme", "profile", "profile_map", "from_db", "query", "decisions"]
MadeWith = Annotated[ReleaseOptions, "policy", "published", "workforce"]


@gathered
def make_return(  # noqa: PLR0913 - three of these are gathered from many
    *,
    options: RunOptions,
    release: ReleaseOptions,
    output: SpokenOptions,
    exports: ExportsArgument = None,
    folder: FolderOption = None,
    explore: ExploreOption = False,
) -> None:
    """Make the annual return: protected tables as ODS, XLSX, CSV and HTML, with a manifest."""
    if folder is None and not explore:
        raise UsageError("a return is a folder of files", hint="name it with -o DIR; --explore writes nothing")
    from cc_categorise import api  # noqa: PLC0415 - start-up time
    from cc_categorise.release import bundle  # noqa: PLC0415

    with progress(output) as on_bytes:
        outcome = api.run(exports or (), bundle.with_years_before(options, release.years_back), on_bytes)
    say(*sentences(outcome, output, _CLOSING))
    if folder is None or explore:
        show(bundle.costs(outcome, release), output)
    else:
        made = bundle.make(outcome, release)
        bundle.write(made, folder)
        say(*(() if output.quiet else made.notes))
    if not outcome.is_clean:
        raise typer.Exit(EXIT_FINDINGS)


@gathered
def verify(folder: ReleaseArgument, options: MadeFrom, release: MadeWith, exports: ExportsArgument = None) -> None:
    """Hold a release against its manifest and audit it again; with its exports, make it again and compare."""
    from cc_categorise.release import verify as check  # noqa: PLC0415 - start-up time

    give("".join(f"{line}\n" for line in check.verify(folder, exports or (), options, release)), OutputOptions())
