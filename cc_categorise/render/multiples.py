"""A tally → a chart of small multiples: a picture for each category, a column for each period.

Takes a tally, returns a `Chart`, or the text of an SVG file.  Knows nothing of files.
"""

from __future__ import annotations

from cc_categorise.document import Bar, Chart, Group
from cc_categorise.figures import CountReport, Tally
from cc_categorise.render.chart import chart_file
from cc_categorise.render.grid import blocks_of
from cc_categorise.render.wording import title_line, year_heading

ONE_SCALE = "One picture for each category, all on one scale."


def tally_chart(tally: Tally, title: str) -> Chart:
    """Draw every category over the periods; with breakdowns, all groups together."""
    names = [year_heading(year, tally.markers.get(year, "")) for year in tally.years]
    lines = [line for part in blocks_of(tally)[-1].parts[:-1] for line in part]
    groups = tuple(
        Group(line.title, tuple(Bar(name, count, f"{count:,}") for name, count in zip(names, line.counts, strict=True)))
        for line in lines
    )
    return Chart(title, ONE_SCALE, groups, is_multiple=True)


def count_svg(report: CountReport, marking: str) -> str:
    """Draw a count as an SVG file."""
    return chart_file(tally_chart(report.tally, title_line(report)), marking)
