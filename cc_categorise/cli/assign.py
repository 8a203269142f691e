"""``cc-categorise assign``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from cc_categorise.cli.door import TEXTS_WORTH_A_BAR, give_rows, progress, refuse_exports, say, show
from cc_categorise.cli.options import ExportsArgument, ReadingOptions, gathered
from cc_categorise.errors import EXIT_FINDINGS
from cc_categorise.options import Format, OutputOptions, TextOptions

if TYPE_CHECKING:
    from cc_categorise.assign import Assigning


@gathered
def assign(options: ReadingOptions, text: TextOptions, output: OutputOptions, exports: ExportsArgument = None) -> None:
    """Add a category to each record: as recorded, else as its text suggests, with confidence and evidence."""
    from cc_categorise.assign import ADDED, Assigning, Shown  # noqa: PLC0415 - start-up time
    from cc_categorise.figures import Listing  # noqa: PLC0415

    run = Assigning(exports or (), options, text)
    refuse_exports(run.exports, output.output)
    shown = Shown(run.sources, show_text=text.show_text)
    header = (*shown.header, *ADDED)
    with progress(output, TEXTS_WORTH_A_BAR) as on_bytes:
        rows = ((*shown.cells(one), *run.added(one)) for one in run.rows(on_bytes))
        if output.format_or(Format.CSV) is Format.CSV:
            give_rows(header, rows, output)
        else:
            show(Listing(header, list(rows)), output, Format.CSV)
    say(*sentences(run, output))
    if run.said["without code"]:
        raise typer.Exit(EXIT_FINDINGS)


def sentences(run: Assigning, output: OutputOptions) -> Iterator[str]:
    """Say how the files were read, what the categories rest on, and what is left for a person."""
    if output.quiet:
        return
    from cc_categorise.assign import BASES  # noqa: PLC0415 - start-up time

    said = run.said
    yield from run.notes
    yield f"rows {said['rows']:,} = " + " + ".join(f"{said[basis]:,} {basis}" for basis in BASES)
    if said["text"]:
        yield f"text was read by {run.categoriser.kind}; a suggestion is not counted before a person has decided"
    if said["review"]:
        doubt = f" or with a confidence below {run.categoriser.review_below:.2f}" if said["text"] else ""
        yield f"for review: {said['review']:,}, without a category{doubt}"
    if said["out of shape"] and not run.text.show_text:
        yield f"out of shape, and given without their cells: {said['out of shape']:,}; --show-text gives them"
    if run.text.show_text:
        yield "record text is in this output: handle it as you handle the export"
