"""``cc-categorise profile``: what a system's exports look like, written down once; and ``schema``, of every file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import give, refuse_exports, say
from cc_categorise.cli.options import ExportsArgument, FileOption, command_group, gathered
from cc_categorise.errors import EXIT_FINDINGS, UsageError
from cc_categorise.options import OutputOptions, RunOptions

GuessingOptions = Annotated[RunOptions, "columns", "encoding", "delimiter", "sheet", "from_db", "query", "scheme"]
CheckingOptions = Annotated[RunOptions, "sheet", "from_db", "query", "scheme"]

SCHEMAS = Path(__file__).parents[1] / "schemas"

profile = command_group("Guess a column profile from an export, and check one.")


@profile.command("guess")
@gathered
def guess_profile(options: GuessingOptions, exports: ExportsArgument = None, output: FileOption = None) -> None:
    """Write a profile to edit: what was found, and as comments what is for a person to decide."""
    from cc_categorise import guess  # noqa: PLC0415 - start-up time

    text, read = guess.guess_profile(exports or (), options)
    refuse_exports(read, output)
    give(text, OutputOptions(output=output))
    say("headers and frequent category labels of the export stand in this profile, no other cell: read it before use")


@profile.command("check")
@gathered
def check_profile(
    profile_file: Annotated[Path, typer.Argument(metavar="PROFILE", help="Column profile (YAML).")],
    options: CheckingOptions,
    exports: ExportsArgument = None,
) -> None:
    """Hold a profile against exports: what it gives, and what needs a look."""
    from cc_categorise import guess  # noqa: PLC0415 - start-up time

    options = options._replace(profile=profile_file)
    given, doubts = guess.check_profile(exports or (), options)
    verdict = "needs a look:" if doubts else "nothing needs a look"
    give("\n".join([*given, verdict, *(f"  {doubt}" for doubt in doubts), ""]), OutputOptions())
    if doubts:
        raise typer.Exit(EXIT_FINDINGS)


def schema(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Which; without it, they are listed.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here.")] = None,
) -> None:
    """Print the JSON Schema of a file that is read (policy, profile, profile-map, scheme) or written (the others)."""
    files = {path.name.partition(".")[0]: path for path in sorted(SCHEMAS.glob("*.schema.json"))}
    if name is not None and name not in files:
        raise UsageError(f"there is no schema {name!r}", hint="schemas: " + ", ".join(files))
    text = files[name].read_text(encoding="utf-8") if name else "".join(f"{known}\n" for known in files)
    give(text, OutputOptions(output=output))
