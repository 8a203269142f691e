"""``cc-categorise return`` and ``cc-categorise verify``: what is published, and whether it still is what was signed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import give, progress, say
from cc_categorise.cli.options import (
    DatabaseOption,
    DecisionsOption,
    ExportsArgument,
    FolderOption,
    NoProgressOption,
    PolicyOption,
    ProfileMapOption,
    ProfileOption,
    PublishedOption,
    QueryOption,
    QuietOption,
    SchemeOption,
    VerboseOption,
    WorkforceOption,
    gathered,
)
from cc_categorise.cli.said import sentences
from cc_categorise.errors import EXIT_FINDINGS, UsageError
from cc_categorise.options import Format, OutputOptions, ReleaseOptions, RunOptions

_CLOSING = "the figures above are exact: not for publication"
ExploreOption = Annotated[
    bool, typer.Option("--explore", help="Write nothing; list the cells that each way of protecting costs.")
]


@gathered
def make_return(  # noqa: PLR0913 - two of these are gathered from many
    *,
    options: RunOptions,
    release: ReleaseOptions,
    exports: ExportsArgument = None,
    folder: FolderOption = None,
    explore: ExploreOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_progress: NoProgressOption = False,
) -> None:
    """Make the annual return: protected tables as ODS, XLSX, CSV and HTML, with a manifest."""
    if folder is None and not explore:
        raise UsageError("a return is a folder of files", hint="name it with -o DIR; --explore writes nothing")
    from cc_categorise import api  # noqa: PLC0415 - start-up time
    from cc_categorise.release import bundle  # noqa: PLC0415
    from cc_categorise.render import render_listing  # noqa: PLC0415

    output = OutputOptions(quiet=quiet, verbose=verbose, no_progress=no_progress)
    with progress(output) as on_bytes:
        outcome = api.run(exports or (), bundle.with_years_before(options, release.years_back), on_bytes)
    say(*sentences(outcome, output, _CLOSING))
    if folder is None or explore:
        give(render_listing(*bundle.costs(outcome, release), Format.TABLE), output)
    else:
        made = bundle.make(outcome, release)
        bundle.write(made, folder)
        say(*(() if quiet else made.notes))
    if not outcome.is_clean:
        raise typer.Exit(EXIT_FINDINGS)


def verify(  # noqa: PLR0913 - one for each file that a release is made from
    *,
    folder: Annotated[Path, typer.Argument(metavar="RELEASE", help="Folder of a release.")],
    exports: ExportsArgument = None,
    from_db: DatabaseOption = None,
    query: QueryOption = None,
    scheme: SchemeOption = None,
    profile: ProfileOption = None,
    profile_map: ProfileMapOption = None,
    decisions: DecisionsOption = None,
    policy: PolicyOption = None,
    workforce: WorkforceOption = None,
    published: PublishedOption = None,
) -> None:
    """Hold a release against its manifest and audit it again; with its exports, make it again and compare."""
    from cc_categorise.release import verify as check  # noqa: PLC0415 - start-up time

    release = ReleaseOptions(policy=policy, workforce=workforce, published=tuple(published or ()))
    maps = tuple(profile_map or ())
    run = RunOptions(scheme, profile, maps, decisions=decisions, from_db=from_db, query=query)
    give("".join(f"{line}\n" for line in check.verify(folder, exports or (), run, release)), OutputOptions())
