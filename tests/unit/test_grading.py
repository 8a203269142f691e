"""Grades of the two schemes are told apart, and what is neither is said to be neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cc_categorise.grading import Grade, notes_on, read_grade, read_rag


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        pytest.param("1AP", Grade("3x5x2", "1A"), id="3x5x2"),
        pytest.param("2 / b / c", Grade("3x5x2", "2B"), id="apart"),
        pytest.param("3-E", Grade("3x5x2", "3E"), id="without-handling"),
        pytest.param("3x5x2: 1A P", Grade("3x5x2", "1A"), id="named"),
        pytest.param("B24", Grade("5x5x5", "B2"), id="5x5x5"),
        pytest.param("e/5/5", Grade("5x5x5", "E5"), id="lowest"),
        pytest.param("A1", Grade("5x5x5", "A1"), id="5x5x5-without-handling"),
        pytest.param("5X5X5 A11", Grade("5x5x5", "A1"), id="5x5x5-named"),
        *(
            pytest.param(text, None, id=f"neither-{text or 'blank'}")
            for text in ("", "4A", "1F", "F1", "A6", "1AX", "A16", "1", "Reliable", "1A, B2", "5x5x5 1AP", "3x5x2 B24")
        ),
    ],
)
def test_a_grade_is_read_in_its_own_scheme(text: str, grade: Grade | None) -> None:
    assert read_grade(text) == grade


@given(st.text(max_size=8))
def test_no_text_is_a_grade_of_both_schemes(text: str) -> None:
    grade = read_grade(text)
    assert grade is None or grade.evaluation[0].isdigit() is (grade.scheme == "3x5x2")


@pytest.mark.parametrize(
    ("text", "rag"), [("Red", "Red"), (" amber ", "Amber"), ("G", "Green"), ("Blue", None), ("", None), ("re", None)]
)
def test_red_amber_green(text: str, rag: str | None) -> None:
    assert read_rag(text) == rag


def test_a_breakdown_is_told_what_its_values_are() -> None:
    assert notes_on("grade", {"1AP": 3, "B24": 2, "(blank)": 1}) == [
        "grades: 3 in 3x5x2, 2 in 5x5x5, 1 in neither; the two are kept apart and never converted"
    ]
    assert notes_on("rag", {"Red": 3, "Blue": 2}) == ["rag: 3 red, amber or green, 2 none of them"]
    assert notes_on("force", {"1AP": 3}) == []
