"""The report of a release: charts draw what the table shows and nothing else."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from document_builders import CHART, document

from cc_categorise.document import Bar, Chart, Group
from cc_categorise.render.as_html import document_html
from cc_categorise.render.chart import bars

PATH = re.compile(r"M(-?\d+) (\d+)h(\d+)v13h-\3z")


def drawn(chart: Chart) -> list[tuple[int, int]]:
    """Give where each bar of a chart begins, and its length."""
    return [(int(left), int(length)) for left, _, length in PATH.findall(bars(chart))]


def one(*values: int | None) -> Chart:
    return Chart("T", "D", (Group("G", tuple(Bar(str(n), value, str(value)) for n, value in enumerate(values))),))


def test_a_bar_is_drawn_for_each_figure_but_none_for_0_or_for_shorthand() -> None:
    lengths = [length for _, length in drawn(CHART)]
    assert len(lengths) == 4  # of six bars
    assert max(lengths) == lengths[-1]
    assert min(lengths) >= 1, "1 beside 1,240 can be seen"


def test_a_hidden_figure_changes_nothing_but_its_own_text() -> None:
    assert drawn(one(10, None, 40)) == drawn(one(10, 0, 40))


def test_bars_are_in_proportion() -> None:
    (_, short), (_, long) = drawn(one(100, 200))
    assert abs(2 * short - long) <= 2


def test_a_fall_goes_to_the_left_of_a_rise() -> None:
    (left, length), (right, _) = drawn(one(-30, 60))
    assert left + length < right
    assert left >= 0


@pytest.mark.parametrize("values", [(), (0,), (None,), (-5,), (None, 0, -1)])
def test_a_chart_of_nothing_is_still_a_picture(values: tuple[int | None, ...]) -> None:
    root = ET.fromstring(re.search("<svg.*</svg>", bars(one(*values)))[0])  # type: ignore[index]  # noqa: S314 - our own
    assert root.tag == "svg"


def test_a_chart_says_in_words_what_it_shows() -> None:
    figure = bars(CHART)
    assert f"<title>{CHART.title}</title><desc>{CHART.description}</desc>" in figure
    assert 'role="img"' in figure
    assert f"<figcaption>{CHART.title}</figcaption>" in figure


def test_each_bar_has_its_name_and_its_figure_beside_it() -> None:
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", bars(CHART))
    assert texts[:5] == ["Infiltration", "2021/22", "[c]", "2022/23", "0"]
    assert " ".join(texts[5:7]) == "Commit, incite, aid and abet, or assist an offender in the commission of, a crime"


def test_the_report_has_every_table_note_and_the_marking_above_and_below() -> None:
    text = document_html(document())
    assert re.findall('<p class="marking">(.*?)</p>', text) == ["OFFICIAL", "OFFICIAL"]
    assert '@top-center { content: "OFFICIAL"' in text
    assert re.findall("<caption>(.*?)</caption>", text) == ["Table 1", "Table 2"]
    assert re.findall('<a href="#(.*?)">', text) == ["categories", "breakdown", "notes"]
    assert re.findall('id="(.*?)"', text) == ["categories", "breakdown", "notes"]
    assert text.count("<li>A record counts once.</li>") == 1


def test_labels_cannot_break_out_of_the_page_or_its_pictures() -> None:
    label = "<script>alert(1)</script>\"'&"
    page = document_html(document(label)) + bars(Chart(label, label, (Group(label, (Bar(label, 1, label),)),)))
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 7


def test_a_row_of_a_breakdown_is_headed_by_group_and_category() -> None:
    assert '<th scope="row">Northshire</th><th scope="row">A</th><td class="n">0</td>' in document_html(document())
