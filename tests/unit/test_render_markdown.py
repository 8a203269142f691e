"""Markdown holds what the terminal table holds, less the drawing."""

from __future__ import annotations

from render_builders import OTHER, THEFT, UNREAD, Counts, render_count, render_listing, report

from cc_categorise.figures import Reconciliation
from cc_categorise.options import Basis, Format, Layout

LINE = (
    "rows read 1,316 = 1,216 counted + 20 rejected + 30 duplicate + 50 out of period + 0 merged;"
    " 1 of those counted is uncategorised"
)
FATES = Reconciliation(rows_read=1316, counted=1216, rejected=20, duplicate=30, out_of_period=50, uncategorised=1)


def test_a_count_is_a_pipe_table_with_a_total_row() -> None:
    some = report(
        {(): [[1200, 3], [0, 12], [0, 1]]},
        categories=[THEFT, OTHER, UNREAD],
        markers={"2023/24": "p"},
        reconciliation=FATES,
        notes=("2022/23 holds only *part* of the year.",),
    )
    assert render_count(some, Format.MARKDOWN) == (
        f"""\
**Intelligence records by category and financial year**

Counted by the date received; financial years, 1 April to 31 March

Category scheme national-12, edition 2022-11; as at 29 February 2024

[p] provisional: the year was not over on 29 February 2024

| Category | 2022/23 | 2023/24 [p] | Total |
| --- | --: | --: | --: |
| Theft and fraud | 1,200 | 3 | 1,203 |
| Other | 0 | 12 | 12 |
| Uncategorised | 0 | 1 | 1 |
| Total | 1,200 | 16 | 1,216 |

{LINE}

Note: 2022/23 holds only \\*part\\* of the year.
"""
    )


def test_every_group_has_its_heading_and_its_table() -> None:
    counts: Counts = {("=1+1", "a|b"): [[1]], ("<b>", ""): [[2]]}
    some = report(counts, by=("force", "unit"), years=["2023/24"], categories=[OTHER], basis=Basis.ALL)
    text = render_count(some, Format.MARKDOWN)
    assert text.startswith("**Category mentions in intelligence records by force, unit, category and financial year**")
    assert text.split("March\n\n")[1].split("\n\n", 1)[1] == (
        """\
**force: '=1+1; unit: a\\|b**

| Category | 2023/24 | Total |
| --- | --: | --: |
| Other | 1 | 1 |
| Mentions | 1 | 1 |

**force: &lt;b>; unit: (blank)**

| Category | 2023/24 | Total |
| --- | --: | --: |
| Other | 2 | 2 |
| Mentions | 2 | 2 |

**All**

| Category | 2023/24 | Total |
| --- | --: | --: |
| Other | 3 | 3 |
| Mentions | 3 | 3 |

Records: 3

rows read 3 = 3 counted + 0 rejected + 0 duplicate + 0 out of period + 0 merged; 0 of those counted are uncategorised
"""
    )


def test_the_long_layout_has_the_columns_of_the_csv() -> None:
    some = report({("x|y",): [[1200, 3]]}, by=("unit",), categories=[OTHER], markers={"2023/24": "p"})
    assert (
        "| unit | year | category_code | category | count | marker |\n"
        "| --- | --- | --- | --- | --: | --- |\n"
        "| x\\|y | 2022/23 | other | Other | 1,200 |  |\n"
        "| x\\|y | 2023/24 | other | Other | 3 | [p] |\n"
    ) in render_count(some, Format.MARKDOWN, Layout.LONG)


def test_a_list_has_its_numbers_to_the_right() -> None:
    text = render_listing(("label", "n"), [("a|b", 1200), ("=c", 1)], Format.MARKDOWN)
    assert text == "| label | n |\n| --- | --: |\n| a\\|b | 1,200 |\n| '=c | 1 |\n"
