"""Small multiples: a column for each printed figure, none for a hidden one, all on one scale, and told in words."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from document_builders import LONG
from render_builders import OTHER, THEFT, UNREAD, Counts, report

from cc_categorise.document import Bar, Chart, Group
from cc_categorise.render.chart import chart_file, multiples
from cc_categorise.render.grid import count_chart, tally_chart

COLUMN = re.compile(r"M\d+ \d+v-(\d+)h\d+v\1z")
SVG = "{http://www.w3.org/2000/svg}"


def chart(*groups: tuple[int | None, ...], names: str = "abcdefghijklmnop") -> Chart:
    """Make a chart with a group for each row of numbers; None is a figure that is not shown."""
    return Chart(
        "T",
        "D.",
        tuple(
            Group(
                f"G{number}",
                tuple(Bar(name, n, "[c]" if n is None else f"{n:,}") for name, n in zip(names, row, strict=False)),
            )
            for number, row in enumerate(groups)
        ),
        is_multiple=True,
    )


def heights(of: Chart) -> list[int]:
    return [int(height) for height in COLUMN.findall(multiples(of))]


def test_all_pictures_have_one_scale_and_1_can_be_seen_beside_a_thousand() -> None:
    low, half, high = heights(chart((1,), (500, 1000)))
    assert low == 1
    assert abs(2 * half - high) <= 1


def test_a_figure_that_is_not_shown_has_its_marker_and_no_column() -> None:
    hidden, nought = chart((3, None, 9)), chart((3, 0, 9))
    assert heights(hidden) == heights(nought)
    assert len(heights(hidden)) == 2
    assert ">[c]</text>" in multiples(hidden)


@pytest.mark.parametrize("rows", [(), ((),), ((0, 0),), ((None,),)])
def test_a_chart_of_nothing_is_still_a_picture(rows: tuple[tuple[int | None, ...], ...]) -> None:
    assert heights(chart(*rows)) == []


def test_every_figure_is_told_in_words() -> None:
    root = ET.fromstring(chart_file(chart((3, None), (1200, 0)), "OFFICIAL", ".svg"))  # noqa: S314 - our own
    assert root.findtext(f"{SVG}title") == "T"
    assert root.findtext(f"{SVG}desc") == "D. G0: a 3, b [c]. G1: a 1,200, b 0."
    assert root.get("role") == "img"


def test_a_file_bears_its_marking_fetches_nothing_and_escapes_what_it_shows() -> None:
    odd = Chart("<T>", "&", (Group("<script>", (Bar('"', 1, "'"),)),), is_multiple=True)
    text = chart_file(odd, "OFFICIAL <X>", ".svg").decode()
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert "OFFICIAL <X>" in [node.text for node in root.iter(f"{SVG}text")]
    assert "script" not in {node.tag.removeprefix(SVG) for node in root.iter()}
    assert re.findall(r"(?:href|src|url)", text) == []


def test_only_the_first_and_last_are_named_where_there_is_no_room() -> None:
    def named(n: int) -> list[str]:
        return re.findall(r">([a-p])</text>", multiples(chart(tuple(range(1, n + 1)))))

    assert named(5) == list("abcde")
    assert named(16) == ["a", "p"]
    assert re.findall(r'text-anchor="end">(\w+)<', multiples(chart(tuple(range(1, 17))))) == ["16", "p"]


def test_columns_stay_within_their_picture_however_many_there_are() -> None:
    made = multiples(chart(tuple(range(1, 401)), names="x" * 400))
    places = [int(x) for x in re.findall(r"M(\d+) \d+v-", made)]
    assert places == sorted(places)
    assert (len(set(places)) > 200, max(places) < 250) == (True, True)


def test_pictures_do_not_lie_upon_each_other() -> None:
    places = [(int(x), int(y)) for x, y in re.findall(r'<text x="(\d+)" y="(\d+)">G', multiples(chart(*[(1, 2)] * 7)))]
    assert len(set(places)) == 7
    assert all(later > earlier for (_, earlier), (_, later) in pairwise(places[::3]))


def test_a_tally_is_drawn_category_by_category_and_groups_are_summed() -> None:
    counts: Counts = {("N",): [[1, 2], [0, 3], [1, 0]], ("S",): [[10, 20], [0, 0], [0, 0]]}
    drawn = tally_chart(
        report(counts, by=("force",), categories=(THEFT, OTHER, UNREAD), markers={"2023/24": "p"}).tally, "T"
    )
    assert [(group.label, [bar.value for bar in group.bars]) for group in drawn.groups] == [
        ("Theft and fraud", [11, 22]),
        ("Other", [0, 3]),
        ("Uncategorised", [1, 0]),
    ]
    assert [bar.name for bar in drawn.groups[0].bars] == ["2022/23", "2023/24 [p]"]


def test_a_chart_of_a_count_says_what_it_is_a_count_of_and_explains_its_shorthand() -> None:
    drawn = count_chart(report(by=("force",), counts={("N",): [[1, 2], [0, 3]]}, markers={"2023/24": "p"}))
    assert drawn.title == "Intelligence records by category and financial year"  # the groups are drawn together
    assert "Counted by the date received" in drawn.description
    assert "as at 29 February 2024. [p] provisional: the year was not over on 29 February 2024." in drawn.description
    text = re.sub(r"</text><text[^>]*>", " ", chart_file(drawn, "OFFICIAL", ".svg").decode())
    assert drawn.description in text.partition("<path")[0].partition("<rect")[2]


def test_a_long_title_is_wrapped_within_its_picture() -> None:
    text = multiples(count_chart(report(categories=((LONG.casefold(), LONG), OTHER))))
    lines = re.findall(r">([^<]+)</text>", text)
    assert max(len(line) for line in lines if line in LONG) <= 38
    assert "Commit, incite" in "".join(lines)
