"""``cc-categorise evaluate``."""

from __future__ import annotations

from cc_categorise.cli.door import give, progress
from cc_categorise.cli.options import ExportsArgument, MeasuringOptions, ReadingOptions, gathered
from cc_categorise.options import Format, OutputOptions


@gathered
def evaluate(
    options: ReadingOptions, text: MeasuringOptions, output: OutputOptions, exports: ExportsArgument = None
) -> None:
    """Measure what texts suggest against recorded categories: accuracy, F1 with intervals, calibration, coverage."""
    fmt = output.format_or(Format.TABLE)
    from cc_categorise import teach  # noqa: PLC0415 - start-up time
    from cc_categorise.render import render_listings  # noqa: PLC0415

    with progress(output) as on_bytes:
        told = teach.evaluate(exports or (), options, text, on_bytes)
    give(render_listings(told, fmt), output)
