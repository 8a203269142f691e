"""A page of HTML shows what the terminal table shows, and nothing in an export can change what the page is."""

from __future__ import annotations

import re

import pytest
from render_builders import (
    OTHER,
    TEXTS,
    THEFT,
    UNREAD,
    Counts,
    found,
    grouped_by,
    render_count,
    render_findings,
    render_listing,
    report,
)

from cc_categorise.figures import Reconciliation
from cc_categorise.options import Basis, Format, Layout, YearBasis
from cc_categorise.render.html_page import _STYLE

FATES = Reconciliation(rows_read=1316, counted=1216, rejected=20, duplicate=30, out_of_period=50, uncategorised=1)
LINE = (
    "rows read 1,316 = 1,216 counted + 20 rejected + 30 duplicate + 50 out of period + 0 merged;"
    " 1 of those counted is uncategorised"
)
HOSTILE = "<script>alert(1)</script>&\"'</td>"
ELEMENTS = set(re.findall(r"<(\w+)", render_count(report(markers={"2023/24": "p"}), Format.HTML)))
ELEMENTS |= {"section", "b", "dl", "dt", "dd", "h2"}
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;&lt;/td&gt;"


def body(page: str) -> str:
    """Give what stands within main, without line ends."""
    return page.partition("<main>")[2].partition("</main>")[0].replace("\n", "")


def texts(page: str, element: str) -> list[str]:
    """Give the text of every such element."""
    return [re.sub(r"<[^>]+>", "", inside) for inside in re.findall(rf"<{element}\b[^>]*>(.*?)</{element}>", page)]


def test_a_count_is_one_whole_page() -> None:
    some = report(
        {(): [[1200, 3], [0, 12], [0, 1]]},
        categories=[THEFT, OTHER, UNREAD],
        markers={"2023/24": "p"},
        reconciliation=FATES,
        notes=("2022/23 holds only part of the year.",),
    )
    assert render_count(some, Format.HTML) == (
        f"""\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Intelligence records by category and financial year</title>
<style>
{_STYLE}</style>
</head>
<body>
<main>
<h1>Intelligence records by category and financial year</h1>
<p>Counted by the date received; financial years, 1 April to 31 March</p>
<p>Category scheme national-12, edition 2022-11; as at 29 February 2024</p>
<ul><li>[p] provisional: the year was not over on 29 February 2024</li>\
<li>Trend: each row on a scale of its own, from 0 to its highest period</li></ul>
<div class="scroll" role="region" aria-label="Number of intelligence records" tabindex="0">
<table>
<caption>Number of intelligence records</caption>
<thead>
<tr><th scope="col">Category</th><th scope="col" class="n">2022/23</th><th scope="col" class="n">2023/24 [p]</th>\
<th scope="col" class="n">Total</th><th scope="col">Trend</th></tr>
</thead>
<tbody>
<tr><th scope="row">Theft and fraud</th><td class="n">1,200</td><td class="n">3</td><td class="n">1,203</td>\
<td><svg role="img" width="16" height="21" viewBox="0 0 16 21"><title>Trend of Theft and fraud</title>\
<path d="M0 20h16v1H0zM0 20v-20h7v20zM9 20v-1h7v1z"/></svg></td></tr>
<tr><th scope="row">Other</th><td class="n">0</td><td class="n">12</td><td class="n">12</td>\
<td><svg role="img" width="16" height="21" viewBox="0 0 16 21"><title>Trend of Other</title>\
<path d="M0 20h16v1H0zM0 20v-0h7v0zM9 20v-20h7v20z"/></svg></td></tr>
</tbody>
<tbody>
<tr><th scope="row">Uncategorised</th><td class="n">0</td><td class="n">1</td><td class="n">1</td>\
<td><svg role="img" width="16" height="21" viewBox="0 0 16 21"><title>Trend of Uncategorised</title>\
<path d="M0 20h16v1H0zM0 20v-0h7v0zM9 20v-20h7v20z"/></svg></td></tr>
</tbody>
<tfoot>
<tr><th scope="row">Total</th><td class="n">1,200</td><td class="n">16</td><td class="n">1,216</td>\
<td><svg role="img" width="16" height="21" viewBox="0 0 16 21"><title>Trend of Total</title>\
<path d="M0 20h16v1H0zM0 20v-20h7v20zM9 20v-1h7v1z"/></svg></td></tr>
</tfoot>
</table>
</div>
<h2>Where every row went</h2>
<p>{LINE}</p>
<p>Note: 2022/23 holds only part of the year.</p>
</main>
</body>
</html>
"""
    )
    assert render_count(some, Format.HTML, Layout.WIDE) == render_count(some, Format.HTML)


def test_every_group_has_its_heading_and_its_table_and_the_last_one_sums_them() -> None:
    counts: Counts = {("=1+1", "a|b"): [[1]], ("R & D", ""): [[2]]}
    some = report(counts, by=("force", "unit"), years=["2023/24"], categories=[OTHER], basis=Basis.ALL)
    page = render_count(some, Format.HTML)
    assert texts(page, "h1") == [
        "Category mentions in intelligence records by force, unit, category and financial year"
    ]
    named = ["force: =1+1; unit: a|b", "force: R &amp; D; unit: (blank)", "All"]
    assert texts(page, "h2") == [*named, "Where every row went"]
    assert texts(page, "caption") == [f"Number of category mentions, {name}" for name in named]
    assert re.findall(r'aria-label="(.*?)"', page) == texts(page, "caption")
    assert texts(body(page), "tfoot") == ["Mentions11", "Mentions22", "Mentions33"]
    assert "<p>Records: 3</p>" in page


def test_without_records_that_are_unread_and_with_one_period_there_is_one_body_and_a_bar_instead_of_a_trend() -> None:
    page = render_count(report({(): [[30], [1]]}, years=["2023/24"]), Format.HTML)
    assert texts(page, "th") == ["Category", "2023/24", "Total", "Relative size", "Theft and fraud", "Other", "Total"]
    assert re.findall(r"<title>(Rel.*?)</title><path d=\"(.*?)\"", page) == [
        ("Relative size of Theft and fraud", "M0 0h121v12H0z"),
        ("Relative size of Other", "M0 0h5v12H0z"),
    ]
    assert page.count("<tbody>") == 1
    assert "<ul>" not in page


def test_a_period_of_many_can_be_told_from_none_and_a_row_of_zeros_is_an_axis() -> None:
    page = render_count(report({(): [[5000, 1], [0, 0]]}), Format.HTML)
    first, second, _ = re.findall(r'<path d="(.*?)"/>', page)
    assert first.endswith("v-20h7v20zM9 20v-1h7v1z")
    assert second == "M0 20h16v1H0zM0 20v-0h7v0zM9 20v-0h7v0z"


@pytest.mark.parametrize(("n_months", "is_wide"), [(5, False), (6, True)])
def test_a_table_of_many_periods_goes_on_paper_sideways(n_months: int, *, is_wide: bool) -> None:
    months = [f"2023-{month:02}" for month in range(1, n_months + 1)]
    some = report({(): [range(n_months)]}, years=months, categories=[OTHER], year_basis=YearBasis.MONTH)
    assert ('<div class="scroll wide"' in render_count(some, Format.HTML)) is is_wide


def test_a_count_of_nothing_is_a_page_too() -> None:
    page = render_count(report({}, by=("force",), years=[]), Format.HTML)
    assert texts(page, "tr") == ["CategoryTotal", "Theft and fraud0", "Other0", "Total0"]


def test_the_long_layout_has_the_columns_of_the_csv() -> None:
    some = report({("x",): [[1200, 3]]}, by=("unit",), categories=[OTHER], markers={"2023/24": "p"})
    page = render_count(some, Format.HTML, Layout.LONG)
    assert texts(page, "th") == ["unit", "year", "category_code", "category", "count", "marker", "x", "x"]
    assert texts(page, "td") == ["2022/23", "other", "Other", "1,200", "", "2023/24", "other", "Other", "3", "[p]"]
    assert re.findall(r'<td class="n">(.*?)</td>', page) == ["1,200", "3"]
    assert "Trend" not in page


def test_text_of_an_export_is_text_wherever_it_stands() -> None:
    pages = [
        render_count(grouped_by(HOSTILE, HOSTILE), Format.HTML),
        render_count(grouped_by(HOSTILE, HOSTILE), Format.HTML, Layout.LONG),
        render_count(report(categories=[("x", HOSTILE), OTHER], markers={}, notes=(HOSTILE,)), Format.HTML),
        render_findings(found("unknown-label", 2, file=HOSTILE, sheet=HOSTILE, detail=HOSTILE), report(), Format.HTML),
        render_listing((HOSTILE, "n"), [(HOSTILE, 1)], Format.HTML),
    ]
    for page in pages:
        assert HOSTILE not in page
        assert page.count(ESCAPED) >= 3
        assert "<script" not in page.replace(ESCAPED, "")
        assert set(re.findall(r"<(\w+)", page)) <= ELEMENTS


def test_control_characters_and_those_that_turn_the_direction_of_writing_are_replaced() -> None:
    page = render_count(grouped_by("unit", "a\x1b[31m\x00\u202eb\ud800\nc\td"), Format.HTML)
    assert texts(page, "h2")[0] == "unit: a\ufffd[31m\ufffd\ufffdb\ufffd c d"


@pytest.mark.parametrize("value", ["=1+1", "@cmd", "+44 20", "-2+3"])
def test_what_a_spreadsheet_would_run_is_plain_text_here(value: str) -> None:
    page = render_count(grouped_by("unit", value), Format.HTML) + render_listing(("a",), [(value,)], Format.HTML)
    assert f">unit: {value}</h2>" in page
    assert f">{value}</th>" in page
    assert "&#x27;" not in page


def test_findings_are_grouped_errors_first_and_severity_is_a_word() -> None:
    some = [
        *found("duplicate", 30),
        *found("unknown-label", 12, 15, detail="Did you mean “Other”?"),
        *found("missing-date", 2, file="a&b.xlsx", sheet="Data"),
    ]
    page = render_findings(some, report(reconciliation=FATES), Format.HTML)
    assert texts(page, "title") == texts(page, "h1") == ["Findings: 2 kinds of error, 1 kind of warning"]
    assert "<p>Category scheme national-12, edition 2022-11; as at 29 February 2024</p>" in page
    heads = ["error unknown-label: 2 rows", "error missing-date: 1 row", "warning duplicate: 1 row"]
    assert texts(page, "h2") == [*heads, "Where every row went"]
    assert body(page).split("</section>")[0].split("<section")[1] == (
        ' class="error"><h2><b>error</b> unknown-label: 2 rows</h2><dl>'
        "<dt>where</dt><dd>export.csv row 12, 15</dd>"
        "<dt>meaning</dt><dd>The recorded label is not known to the category scheme.</dd>"
        "<dt>most often</dt><dd>Did you mean “Other”? (2 times)</dd>"
        "<dt>to mend</dt><dd>Correct the label, or map it in the crosswalk of a profile."
        " List the labels: check --list labels.</dd></dl>"
    )
    assert "<dd>a&amp;b.xlsx, sheet Data, row 2</dd>" in page
    assert page.count("<dt>most often</dt>") == 1
    assert texts(page, "p")[-1] == LINE


def test_that_nothing_was_found_is_said() -> None:
    page = render_findings([], report(reconciliation=FATES), Format.HTML)
    assert texts(page, "h1") == ["No findings: nothing is wrong with any row"]
    assert texts(page, "p")[-1] == LINE
    assert "<section" not in page


def test_a_list_has_its_numbers_to_the_right() -> None:
    page = render_listing(("label", "records"), [("a", 1200), ("b", 1)], Format.HTML)
    assert texts(page, "h1") == ["List of label, records"]
    assert texts(page, "caption") == ["Rows: 2"]
    assert '<tr><th scope="row">a</th><td class="n">1,200</td></tr>' in page
    assert '<th scope="col" class="n">records</th>' in page
    assert texts(render_listing(("label", "records"), [], Format.HTML), "tr") == ["labelrecords"]


def test_a_page_asks_for_nothing_and_runs_nothing_and_is_the_same_every_time() -> None:
    def pages() -> list[str]:
        return [
            render_count(grouped_by("unit", "a", "b"), Format.HTML),
            render_count(report(), Format.HTML),
            render_findings(found("missing-date", 2), report(), Format.HTML),
            render_listing(("a",), [("b",)], Format.HTML),
        ]

    for page in pages():
        assert page.count("http") == page.count('http-equiv="Content-Security-Policy"') == 1
        assert re.findall(r"//|<script|<link|<form|src=|href|url\(|@import|\bon\w+=| id=", page) == []
    assert pages() == pages()


def test_text_has_a_contrast_of_7_to_1_on_white() -> None:
    colours = set(re.findall(r"(?<![-\w])color: (#\w+)", _STYLE))
    assert colours == {"#111", "#444", "#1d4f91", "#8c1010"}
    assert min(map(contrast_on_white, colours)) >= 7


def contrast_on_white(colour: str) -> float:
    """Source: WCAG 2.2, contrast ratio and relative luminance."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("fmt", TEXTS)
def test_a_marking_stands_above_and_below_a_page_and_on_every_sheet_of_paper(fmt: Format) -> None:
    for text in (
        render_count(report(), fmt, marking="OFFICIAL-SENSITIVE"),
        render_findings([], report(), fmt, marking="OFFICIAL-SENSITIVE"),
        render_listing(("label", "n"), [("a", 1)], fmt, marking="OFFICIAL-SENSITIVE"),
    ):
        assert text.count("OFFICIAL-SENSITIVE") == (3 if fmt is Format.HTML else 0)
