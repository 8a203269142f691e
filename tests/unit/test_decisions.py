"""Decisions: the last line about a record stands, half a line is none, and nothing of a line is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cc_categorise.cli.door import append_lines
from cc_categorise.decisions import CANNOT_TELL, WITHDRAWN, Decision, read_decisions
from cc_categorise.errors import DecisionsError

CODES = ("infiltration", "other")


def decision(reference: str = "R1", category: str = "other", **more: Any) -> Decision:
    given_ = {"by": "A reviewer", "on": date(2024, 3, 31), **more}
    return Decision(reference=reference, category=category, **given_)


def write(folder: Path, *decisions: Decision) -> Path:
    path = folder / "decisions.jsonl"
    path.write_text("".join(one.line for one in decisions), encoding="utf-8")
    return path


def standing(path: Path) -> dict[tuple[str, str], str]:
    return {key: one.category for key, one in read_decisions(path, CODES).standing.items()}


def test_a_line_holds_who_when_why_and_keys_in_one_order() -> None:
    line = decision("R-ö", reason="read the log", force="North", suggested="infiltration").line
    assert line == (
        '{"force":"North","reference":"R-ö","category":"other","suggested":"infiltration",'
        '"by":"A reviewer","on":"2024-03-31","reason":"read the log"}\n'
    )


def test_the_last_line_about_a_record_stands_and_one_withdrawn_does_not(tmp_path: Path) -> None:
    lines = [decision("R1"), decision("R2"), decision("R1", "infiltration"), decision("R2", WITHDRAWN)]
    assert standing(write(tmp_path, *lines, decision("R3", CANNOT_TELL))) == {
        ("", "R1"): "infiltration",
        ("", "R3"): CANNOT_TELL,
    }


def test_equal_references_of_two_forces_are_two_records(tmp_path: Path) -> None:
    path = write(tmp_path, decision(force="North"), decision("R1", "infiltration", force="South"))
    assert standing(path) == {("North", "R1"): "other", ("South", "R1"): "infiltration"}


def test_blank_lines_and_a_missing_last_line_end_do_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path, decision("R1"))
    path.write_text("\n" + path.read_text() + "\n" + decision("R2").line.rstrip("\n"))
    assert standing(path) == {("", "R1"): "other", ("", "R2"): "other"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("Zebedee Quux\n", "the line is no decision", id="text"),
        pytest.param('{"reference":"R1"}\n', "category cannot be used", id="missing-key"),
        pytest.param(decision().line.replace('"by"', '"bye"'), "by cannot be used", id="unknown-key"),
        pytest.param(decision().line.replace("other", "Zebedee Quux"), "category cannot be used", id="no-code"),
        pytest.param(decision("R1", "zebedee-quux").line, "not in the scheme", id="no-category"),
        pytest.param(decision().line.replace("2024-03-31", "Zebedee"), "on cannot be used", id="no-day"),
        pytest.param(decision().line.replace("2024-03-31", "86400"), "on cannot be used", id="number-as-day"),
        pytest.param(decision().line.replace('"R1"', '" "'), "reference cannot be used", id="blank-reference"),
        pytest.param("[1]\n", "the line is no decision", id="not-an-object"),
        pytest.param("\x00\n", "the line is no decision", id="nul"),
    ],
)
def test_a_line_that_is_no_decision_is_named_and_not_shown(tmp_path: Path, line: str, said: str) -> None:
    path = write(tmp_path, decision())
    path.write_text(path.read_text() + line)
    with pytest.raises(DecisionsError) as caught:
        read_decisions(path, CODES)
    assert said in str(caught.value)
    assert "line 2" in str(caught.value)
    assert "zebedee" not in str(caught.value).casefold()


def test_a_file_that_is_not_there_is_an_error_unless_it_may_still_be_made(tmp_path: Path) -> None:
    with pytest.raises(DecisionsError):
        read_decisions(tmp_path / "none.jsonl", CODES)
    with pytest.raises(DecisionsError):
        read_decisions(tmp_path, CODES, may_be_absent=True)
    assert read_decisions(tmp_path / "none.jsonl", CODES, may_be_absent=True).standing == {}


def test_what_stands_already_is_not_new(tmp_path: Path) -> None:
    found = read_decisions(write(tmp_path, decision("R1"), decision("R2", reason="because")), CODES)
    again = [decision("R1", on=date(2024, 4, 1)), decision("R2"), decision("R3")]
    assert [one.reference for one in found.new(again)] == ["R2", "R3"]


MADE = st.lists(
    st.builds(
        decision,
        reference=st.sampled_from(["R1", "R2", "ref ü"]),
        category=st.sampled_from([*CODES, CANNOT_TELL, WITHDRAWN]),
        reason=st.text(max_size=8),
    ),
    min_size=1,
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(made=MADE, data=st.data())
def test_a_program_that_is_killed_at_any_byte_loses_no_decision_but_the_one_it_was_writing(
    tmp_path: Path, made: list[Decision], data: st.DataObject
) -> None:
    path = write(tmp_path, *made)
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    n_whole = whole[:cut].count(b"\n")
    # What was written but for its line end is a decision all the same.
    n_whole += cut < len(whole) and whole[cut : cut + 1] == b"\n" and cut > 0
    kept = write(tmp_path / ".", *made[:n_whole]).read_bytes()
    expected = standing(path)
    path.write_bytes(whole[:cut])
    found = read_decisions(path, CODES)
    assert {key: one.category for key, one in found.standing.items()} == expected
    append_lines(path, [decision("R9").line], torn=found.torn)
    assert path.read_bytes() == kept + decision("R9").line.encode()


def test_lines_are_added_and_what_stood_before_stays(tmp_path: Path) -> None:
    path = tmp_path / "new.jsonl"
    append_lines(path, ["a\n"])
    append_lines(path, ["b\n", "c\n"])
    append_lines(path, [])
    assert path.read_bytes() == b"a\nb\nc\n"
