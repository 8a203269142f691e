"""``cc-categorise count``."""

from __future__ import annotations

import typer

from cc_categorise.cli.door import progress, refuse_exports, say, sentences, show, write_file
from cc_categorise.cli.options import ChartOption, ExportsArgument, gathered
from cc_categorise.errors import EXIT_FINDINGS
from cc_categorise.options import OutputOptions, RunOptions


@gathered
def count(
    options: RunOptions, output: OutputOptions, exports: ExportsArgument = None, chart: ChartOption = None
) -> None:
    """Count records by year and category; the counts are exact and add up to the rows read."""
    from cc_categorise import api  # noqa: PLC0415 - start-up time

    with progress(output) as on_bytes:
        outcome = api.run(exports or (), options, on_bytes)
    refuse_exports(outcome.settled.run.exports, output.output, chart)
    if chart is not None:
        from cc_categorise.render.chart import chart_file  # noqa: PLC0415 - only where a chart is asked for
        from cc_categorise.render.grid import count_chart  # noqa: PLC0415

        write_file(chart, [chart_file(count_chart(outcome.report), output.marking, chart.suffix)])
    show(outcome.report, output)
    say(*sentences(outcome, output))
    if not outcome.is_clean:
        raise typer.Exit(EXIT_FINDINGS)
