"""Text of an export cannot do anything to a terminal, a spreadsheet or a document."""

from __future__ import annotations

import pytest

from cc_categorise.render.text import csv_cell, markdown_cell, one_line, spreadsheet_safe, table_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\tx", "\r=1", " =1+1", "\uff1d1", "--", "- none -", "-1e5", "+44 20"],
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert spreadsheet_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-", "=", "-5", "+5", "-5.25", "a=b", "Avon", "'=1", "12"])
def test_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert spreadsheet_safe(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "\ufffd[31mred\ufffd[0m", id="escape-sequence"),
        pytest.param("\x9b31mred", "\ufffd31mred", id="one-byte-control-sequence"),
        pytest.param("a\r\nb\tc\u2028d", "a b c d", id="breaks-are-spaces"),
        pytest.param("a\x00b\x7fc", "a\ufffdb\ufffdc", id="nul-and-delete"),
        pytest.param("1\u202e2", "1\ufffd2", id="writing-direction"),
        pytest.param("a\ud800", "a\ufffd", id="half-a-surrogate-pair"),
        pytest.param("Dŵr £ é 警", "Dŵr £ é 警", id="letters-of-any-script"),
    ],
)
def test_nothing_in_a_line_moves_the_cursor_or_sets_a_colour(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_csv_keeps_line_feeds_and_tabs_and_no_other_control_character() -> None:
    assert csv_cell("a\r\nb\rc\td\x1be\x9bf\ud800") == "a\nb\nc\td\ufffde\ufffdf\ufffd"


@pytest.mark.parametrize("text", ["\t=1+1", "\r\n=1+1"])
def test_a_formula_behind_a_tab_or_line_end_is_seen_in_every_format(text: str) -> None:
    assert csv_cell(text).startswith("'")
    assert table_cell(text).startswith("'")
    assert markdown_cell(text).startswith("'")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param("a|b", r"a\|b", id="cell-border"),
        pytest.param("a\\|b", r"a\\\|b", id="backslash-before-a-border"),
        pytest.param("a\nb", "a b", id="newline"),
        pytest.param("<img src=x>", "&lt;img src=x>", id="html"),
        pytest.param("&lt;b", "&amp;lt;b", id="entity"),
        pytest.param("R & D", "R & D", id="ampersand"),
        pytest.param("![x](http://y)", r"![x]\(http://y)", id="image"),
        pytest.param("*a* `b` ~~c~~", r"\*a\* \`b\` \~\~c\~\~", id="emphasis-and-code"),
        pytest.param("_a_ b_c", r"\_a\_ b_c", id="underscore"),
        pytest.param("[c]", "[c]", id="shorthand"),
        pytest.param("=1|1", r"'=1\|1", id="formula"),
    ],
)
def test_markdown_shows_a_value_as_it_is(text: str, escaped: str) -> None:
    assert markdown_cell(text) == escaped
