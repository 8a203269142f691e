"""``cc-categorise schema``: JSON Schemas of the files that are read and written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import give
from cc_categorise.errors import UsageError
from cc_categorise.options import OutputOptions

SCHEMAS = Path(__file__).parents[1] / "schemas"


def schema(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Which; without it, they are listed.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here.")] = None,
) -> None:
    """Print the JSON Schema of a file that is read (policy, profile, scheme) or written (such as count, manifest)."""
    files = {path.name.partition(".")[0]: path for path in sorted(SCHEMAS.glob("*.schema.json"))}
    if name is not None and name not in files:
        raise UsageError(f"there is no schema {name!r}", hint="schemas: " + ", ".join(files))
    text = files[name].read_text(encoding="utf-8") if name else "".join(f"{known}\n" for known in files)
    give(text, OutputOptions(output=output))
