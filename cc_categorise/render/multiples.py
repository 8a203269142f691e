"""A tally → a chart of small multiples: a picture for each category, a column for each period.

Takes a tally, returns a `Chart`.  Knows nothing of files.
"""

from __future__ import annotations

from dataclasses import replace

from cc_categorise.document import Bar, Chart, Group
from cc_categorise.figures import CountReport, Tally
from cc_categorise.render.grid import blocks_of
from cc_categorise.render.wording import legend_lines, scope_lines, title_line, year_headings

ONE_SCALE = "One picture for each category, all on one scale."


def tally_chart(tally: Tally, title: str) -> Chart:
    """Draw every category over the periods; with breakdowns, all groups together."""
    names = year_headings(tally)
    lines = [line for part in blocks_of(tally)[-1].parts[:-1] for line in part]
    groups = tuple(
        Group(line.title, tuple(Bar(name, count, f"{count:,}") for name, count in zip(names, line.counts, strict=True)))
        for line in lines
    )
    return Chart(title, ONE_SCALE, groups, is_multiple=True)


def count_chart(report: CountReport) -> Chart:
    """Draw a count, with what a chart that stands by itself has to say."""
    whole = replace(report, tally=replace(report.tally, by=()))
    about = ". ".join([*scope_lines(report), *legend_lines(report)])
    return tally_chart(report.tally, title_line(whole))._replace(description=f"{ONE_SCALE} {about}.")
