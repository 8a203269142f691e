"""The screen of `review`: keys, evidence, undo, notes, and no decision lost when the program is killed."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_assign import HEADER
from test_door import PATIENCE, export, needs_posix, run

from cc_categorise.assign import Assigning
from cc_categorise.options import RunOptions, TextOptions
from cc_categorise.review import doubtful

pytest.importorskip("textual")

from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, Static

from cc_categorise.cli.screen import ReviewScreen

ROWS = (
    'R1,03/04/2023,,"She told him of debt",North',
    'R2,03/04/2023,,"Debt was told to us",North',
    "R3,03/04/2023,,see log,South",
)

pytestmark = pytest.mark.usefixtures("few_words")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    export(tmp_path, *ROWS, header=HEADER)
    return tmp_path


def opened(desk: Path) -> ReviewScreen:
    path = desk / "decisions.jsonl"
    given = [str(desk / "export.csv")]
    run_of = Assigning(given, RunOptions(decisions=path), TextOptions(), new_decisions=True)
    return ReviewScreen(run_of, doubtful(run_of, run_of.rows()), path, by="A reviewer", on=date(2024, 3, 31))


def shown(app: ReviewScreen, place: str) -> Content:
    content = app.query_one(f"#{place}", Static).content
    return content if isinstance(content, Content) else Content(str(content))


def typed(desk: Path, *keys: str, then: Callable[[ReviewScreen], None] = lambda _: None) -> list[tuple[str, str, str]]:
    """Press keys on a fresh screen; give reference, category and reason of every line of the file."""
    app = opened(desk)

    async def press() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            then(app)

    asyncio.run(press())
    path = desk / "decisions.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [(one["reference"], one["category"], one["reason"]) for one in map(json.loads, lines)]


def place(app: ReviewScreen) -> str:
    return str(shown(app, "place"))


# --- what is shown


def test_the_record_its_suggestion_and_its_evidence_are_shown(desk: Path) -> None:
    def then(app: ReviewScreen) -> None:
        assert place(app).startswith("1 of 3   R1")
        narrative = shown(app, "narrative")
        assert str(narrative) == "She told him of debt"
        marked = {str(narrative)[span.start : span.end] for span in narrative.spans}
        assert marked == {"told"}
        assert all("underline" in str(span.style) for span in narrative.spans)
        side = str(shown(app, "choices"))
        assert "suggested with confidence 0.40" in side
        assert "\n0.40  2. Disclosure of information\n" in side
        assert "\n      1. Infiltration\n" in side
        assert side.startswith("recorded: (blank)\n")
        assert side.count("\n") == 17

    assert typed(desk, then=then) == []


def test_markup_and_control_characters_of_a_text_are_shown_as_text(tmp_path: Path) -> None:
    export(tmp_path, 'R1,03/04/2023,,"[bold]He[/bold] \x1b[31mtold of debt",North', header=HEADER)

    def then(app: ReviewScreen) -> None:
        narrative = shown(app, "narrative")
        assert str(narrative) == "[bold]He[/bold]  [31mtold of debt"
        assert [str(narrative)[span.start : span.end] for span in narrative.spans] == ["told"]

    typed(tmp_path, then=then)


# --- keys


@pytest.mark.parametrize(
    ("keys", "category"),
    [
        pytest.param(("2",), "disclosure-of-information", id="one-digit"),
        pytest.param(("9",), "inappropriate-association", id="nine"),
        pytest.param(("1", "enter"), "infiltration", id="one-and-enter"),
        pytest.param(("1", "0"), "vulnerability", id="ten"),
        pytest.param(("1", "1"), "commit-or-assist-crime", id="eleven"),
        pytest.param(("1", "2"), "other", id="twelve"),
        pytest.param(("1", "5", "7"), "misusing-force-systems", id="no-such-number-is-forgotten"),
        pytest.param(("0", "7"), "misusing-force-systems", id="nought-is-none"),
        pytest.param(("1", "escape", "2"), "disclosure-of-information", id="escape-forgets-a-digit"),
        pytest.param(("enter",), "disclosure-of-information", id="enter-takes-the-suggestion"),
        pytest.param(("c",), "cannot-tell", id="cannot-tell"),
    ],
)
def test_keys_decide(desk: Path, keys: tuple[str, ...], category: str) -> None:
    assert typed(desk, *keys) == [("R1", category, "")]


def test_a_decision_leads_to_the_next_record_and_the_last_to_the_end(desk: Path) -> None:
    def then(app: ReviewScreen) -> None:
        assert place(app).startswith("All records are decided.")
        assert "3 of 3 decided" in place(app)

    assert [line[:2] for line in typed(desk, "2", "3", "4", "5", "enter", then=then)] == [
        ("R1", "disclosure-of-information"),
        ("R2", "perverting-the-course-of-justice"),
        ("R3", "sexual-misconduct"),
    ]


def test_enter_decides_nothing_where_nothing_is_suggested(desk: Path) -> None:
    assert typed(desk, "s", "s", "enter") == []


def test_a_record_can_be_left_for_later_and_comes_again(desk: Path) -> None:
    def then(app: ReviewScreen) -> None:
        assert place(app).startswith("1 of 3   R1")

    assert [line[0] for line in typed(desk, "s", "2", "3", then=then)] == ["R2", "R3"]
    assert [line[0] for line in typed(desk, "b", "2")][-1] == "R1"


def test_undo_withdraws_and_a_second_thought_stands(desk: Path) -> None:
    def then(app: ReviewScreen) -> None:
        assert place(app).startswith("1 of 3   R1")
        assert "0 of 3 decided" in place(app)

    assert typed(desk, "2", "u", "u", then=then) == [("R1", "disclosure-of-information", ""), ("R1", "withdrawn", "")]
    # A record decided twice: undo brings the first decision back.
    again = typed(desk, "2", "b", "3", "u")
    assert [line[1] for line in again[2:]] == [
        "disclosure-of-information",
        "perverting-the-course-of-justice",
        "disclosure-of-information",
    ]


def test_a_note_is_the_reason_and_its_letters_are_no_keys(desk: Path) -> None:
    assert typed(desk, "n", *"quc1", "enter", "7") == [("R1", "misusing-force-systems", "quc1")]


def test_a_note_to_a_decided_record_is_written_with_it(desk: Path) -> None:
    lines = typed(desk, "7", "b", "n", *"why", "enter")
    assert lines == [("R1", "misusing-force-systems", ""), ("R1", "misusing-force-systems", "why")]


def test_escape_leaves_a_note(desk: Path) -> None:
    def then(app: ReviewScreen) -> None:
        assert not app.query_one("#note", Input).has_class("open")

    assert typed(desk, "n", *"no", "escape", "7", then=then) == [("R1", "misusing-force-systems", "")]


# --- the end of the program


def test_what_was_decided_is_not_asked_again(desk: Path) -> None:
    typed(desk, "2")

    def then(app: ReviewScreen) -> None:
        assert place(app).startswith("1 of 2   R3")  # the doubt that R1 shared with R2 is met no longer

    typed(desk, then=then)


def test_a_decision_is_on_the_disk_before_the_next_record_is_shown(desk: Path) -> None:
    async def press(pilot: Pilot[Any]) -> None:
        await pilot.press("7")
        assert (desk / "decisions.jsonl").read_text().count("\n") == 1

    async def on_screen(act: Callable[[Pilot[Any]], Coroutine[Any, Any, None]]) -> None:
        async with opened(desk).run_test() as pilot:
            await act(pilot)

    asyncio.run(on_screen(press))


def test_half_a_line_left_by_a_kill_is_taken_off(desk: Path) -> None:
    typed(desk, "2")
    path = desk / "decisions.jsonl"
    whole = path.read_text()
    path.write_text(whole + whole[:30])
    assert [line[0] for line in typed(desk, "7", "3")] == ["R1", "R3", "R2"]


@needs_posix
def test_a_screen_that_is_killed_is_taken_up_where_it_was(desk: Path) -> None:
    pty = pytest.importorskip("pty")
    command = [
        sys.executable,
        "-m",
        "cc_categorise",
        "review",
        "screen",
        "export.csv",
        "--by",
        "A",
        "--review-below",
        "1",
    ]
    for expected, key in ((0, b"7"), (1, b"2"), (2, b"c")):
        ours, theirs = pty.openpty()
        env = {**os.environ, "TERM": "xterm-256color", "LINES": "40", "COLUMNS": "120"}
        streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        with subprocess.Popen([*command, "--decisions", "d.jsonl"], cwd=desk, env=env, **streams) as process:  # noqa: S603 - this very program
            os.close(theirs)
            try:
                until(ours, lambda shown: b"decided)" in shown)
                assert lines_in(desk / "d.jsonl") == expected
                os.write(ours, key)
                until(ours, lambda _: lines_in(desk / "d.jsonl") > expected)  # noqa: B023 - called at once
            finally:
                process.send_signal(signal.SIGKILL)
        os.close(ours)
    asked = [json.loads(line)["reference"] for line in (desk / "d.jsonl").read_text().splitlines()]
    assert sorted(asked) == ["R1", "R2", "R3"]


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def until(terminal: int, is_so: Callable[[bytes], bool]) -> None:
    """Take what the terminal is sent until it, or the file, is as wanted."""
    end, shown = time.monotonic() + PATIENCE, b""
    while not is_so(shown):
        assert time.monotonic() < end, "the screen hangs"
        if select.select([terminal], [], [], 0.05)[0]:
            shown += os.read(terminal, 65536)


def test_without_the_extra_the_cure_is_named(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cc_categorise.cli.screen", None)
    result = run("review", "screen", "export.csv", "--by", "A", "--decisions", "d.jsonl", cwd=desk)
    assert result.code == 4
    assert "cc-categorise[review]" in result.err


def test_the_screen_needs_a_terminal(desk: Path) -> None:
    result = run("review", "screen", "export.csv", "--by", "A", "--decisions", "d.jsonl", cwd=desk)
    assert result.code == 2
    assert "terminal" in result.err


def test_the_screen_needs_a_place_for_decisions(desk: Path) -> None:
    assert run("review", "screen", "export.csv", "--by", "A", cwd=desk).code == 2
