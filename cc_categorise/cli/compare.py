"""``cc-categorise compare`` and ``pack``: counts held against each other, and the page for an assessment."""

from __future__ import annotations

from typing import Annotated

import typer

from cc_categorise.cli.door import progress, refuse_exports, say, sentences, show, write_file
from cc_categorise.cli.options import ChartOption, ExportsArgument, gathered
from cc_categorise.errors import EXIT_FINDINGS
from cc_categorise.options import Format, OutputOptions, RunOptions

BeforeArgument = Annotated[str, typer.Argument(metavar="A", help="A count (JSON or CSV), a release, or an export.")]
AfterArgument = Annotated[str, typer.Argument(metavar="B", help="The later one, of the same kind or of another.")]
RecordsOption = Annotated[
    bool, typer.Option("--records", help="In CSV, give the records that moved instead of the figures.")
]


@gathered
def compare(  # noqa: PLR0913 - two of these are gathered from many
    *,
    before: BeforeArgument,
    after: AfterArgument,
    options: RunOptions,
    output: OutputOptions,
    records: RecordsOption = False,
    chart: ChartOption = None,
) -> None:
    """Compare two counts, releases or exports: what changed, what was revised, which records moved."""
    from cc_categorise.compare import paper, sides  # noqa: PLC0415 - start-up time

    with progress(output) as on_bytes:
        found, outcomes, inputs = sides.compare_files(before, after, options, on_bytes)
    refuse_exports(inputs, output.output, chart)
    if chart is not None:
        from cc_categorise.render.chart import chart_file  # noqa: PLC0415 - only where a chart is asked for

        write_file(chart, [chart_file(paper.series_chart(found), output.marking, chart.suffix)])
    show(paper.laid_out(found, output.format_or(Format.TABLE), output.marking, only_records=records), output)
    for outcome in outcomes:
        say(*sentences(outcome, output))
    say(*(() if output.quiet else (paper.summary(found),)))
    if not all(outcome.is_clean for outcome in outcomes):
        raise typer.Exit(EXIT_FINDINGS)


@gathered
def pack(options: RunOptions, output: OutputOptions, exports: ExportsArgument = None) -> None:
    """Make the page for a strategic threat assessment: counts, change, source, grades, RAG, share of other, caveats."""
    from cc_categorise.pack import make_pack  # noqa: PLC0415 - start-up time

    with progress(output) as on_bytes:
        document, outcome = make_pack(exports or (), options, output.marking, on_bytes)
    refuse_exports(outcome.settled.run.exports, output.output)
    show(document, output, Format.MARKDOWN)
    say(*sentences(outcome, output))
    if not outcome.is_clean:
        raise typer.Exit(EXIT_FINDINGS)
