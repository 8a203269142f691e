"""``cc-categorise pack``."""

from __future__ import annotations

import typer

from cc_categorise.cli.door import colour_wanted, give, progress, refuse_exports, say
from cc_categorise.cli.options import ExportsArgument, gathered
from cc_categorise.cli.said import sentences
from cc_categorise.errors import EXIT_FINDINGS
from cc_categorise.options import Format, OutputOptions, RunOptions


@gathered
def pack(options: RunOptions, output: OutputOptions, exports: ExportsArgument = None) -> None:
    """Make the page for a strategic threat assessment: counts, change, source, grades, RAG, share of other, caveats."""
    fmt = output.format_or(Format.MARKDOWN)
    from cc_categorise.pack import make_pack  # noqa: PLC0415 - start-up time
    from cc_categorise.render import render_document  # noqa: PLC0415 - start-up time

    with progress(output) as on_bytes:
        document, outcome = make_pack(exports or (), options, output.marking, on_bytes)
    refuse_exports(filter(None, [output.output]), outcome.settled.run.exports)
    give(render_document(document, fmt, colour=colour_wanted(output)), output)
    say(*sentences(outcome, output))
    if not outcome.is_clean:
        raise typer.Exit(EXIT_FINDINGS)
