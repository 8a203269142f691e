"""The screen of ``cc-categorise review screen``: one record, what its text suggests and why, a key for each category.

Each decision is on the disk before the next record is shown, so that the program may end at any moment.  The one module
that knows Textual.
"""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content, Span
from textual.events import Key
from textual.widgets import Footer, Input, Static

from cc_categorise.assign import Assigned, Assigning
from cc_categorise.cli.door import append_lines
from cc_categorise.decisions import CANNOT_TELL, WITHDRAWN, Decision
from cc_categorise.figures import figure
from cc_categorise.render.text import one_line
from cc_categorise.review import choices, ranked

_N_RANKED = 3
_SIDE = 48
_WORTH_A_LOOK = 0.05
_HELP = (
    "Type the number of a category: 1 is taken with Enter, or goes on to 10, 11, 12. Enter alone takes the suggestion."
)


class ReviewScreen(App[None]):
    """Goes through records, of which none is decided, in their order, and adds each decision to the file."""

    TITLE = "Review"
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = "#text"
    CSS = """
    #place { padding: 0 1; text-style: bold; background: $panel; width: 1fr }
    #text { padding: 1 2; width: 2fr }
    #side { padding: 1 2; width: 48; border-left: solid $primary }
    #note { display: none; dock: bottom }
    #note.open { display: block }
    #state { padding: 0 1; color: $text-muted }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "take it"),
        Binding("c", "decide('cannot-tell')", "cannot tell"),
        Binding("s,right", "step(1)", "later"),
        Binding("b,left", "step(-1)", "back"),
        Binding("u", "undo", "undo"),
        Binding("n", "note", "note"),
        Binding("q", "quit", "quit"),
    ]

    def __init__(self, run: Assigning, records: list[Assigned], decisions: Path, *, by: str, on: date) -> None:
        super().__init__()
        self._run_of, self._records, self._path, self._by, self._on = run, records, decisions, by, on
        self._torn = run.decisions.torn if run.decisions else 0
        self._choices = choices(run.scheme)
        self._made: dict[int, str] = {}
        self._notes: dict[int, str] = {}
        self._history: list[tuple[int, str | None]] = []
        self._place = 0
        self._typed = ""

    @property
    def n_decided(self) -> int:
        """Number of records decided since the start."""
        return len(self._made)

    def compose(self) -> ComposeResult:
        """Lay the screen out: where we are, the text, what is suggested, and the keys."""
        yield Static(id="place", markup=False)
        with Horizontal():
            with VerticalScroll(id="text"):
                yield Static(id="narrative", markup=False)
            with VerticalScroll(id="side"):
                yield Static(id="choices", markup=False)
        yield Static(id="state", markup=False)
        yield Input(placeholder="Why? Enter keeps the note, Escape leaves it.", id="note")
        yield Footer()

    def on_mount(self) -> None:
        """Show the first record."""
        self._show()

    def on_key(self, event: Key) -> None:
        """Take the digits of a category's number."""
        if not event.character or not event.character.isdigit():
            return
        typed = self._typed + event.character
        numbers = [str(number) for number in range(1, len(self._run_of.scheme.codes) + 1)]
        fitting = [number for number in numbers if number.startswith(typed)]
        self._typed = typed if fitting else ""
        if fitting == [typed]:
            self.action_decide(self._run_of.scheme.codes[int(typed) - 1])
        self._show()

    def action_accept(self) -> None:
        """Take the number that was typed, else the suggestion."""
        code = self._run_of.scheme.codes[int(self._typed) - 1] if self._typed else self._now and self._now.code
        if code:
            self.action_decide(code)

    def action_decide(self, code: str) -> None:
        """Put a decision on the disk, and go on to the next record without one."""
        if self._now is None:
            return
        self._typed = ""
        self._write(self._now, code)
        self._history.append((self._place, self._made.get(self._place)))
        self._made[self._place] = code
        later = [*range(self._place, len(self._records)), *range(self._place)]
        self._place = next((place for place in later if place not in self._made), len(self._records))
        self._show()

    def action_undo(self) -> None:
        """Take the last decision back, and return to its record; the one before it stands again, if there was one."""
        if self._history:
            self._place, before = self._history.pop()
            del self._made[self._place]
            if before:
                self._made[self._place] = before
            self._write(self._records[self._place], before or WITHDRAWN)
            self._show()

    def action_step(self, by: int) -> None:
        """Go to another record, and decide nothing."""
        self._place = min(max(self._place + by, 0), max(len(self._records) - 1, 0))
        self._show()

    def action_note(self) -> None:
        """Open the line for a note."""
        if self._now is not None:
            note = self.query_one("#note", Input)
            note.value = self._notes.get(self._place, "")
            note.add_class("open").focus()

    @on(Input.Submitted, "#note")
    def keep_note(self, event: Input.Submitted) -> None:
        """Keep the note for the record's decision; one that was made already is made again with it."""
        self._notes[self._place] = event.value.strip()
        if self._now is not None and self._place in self._made:
            self._write(self._now, self._made[self._place])
        self._close_note()

    def key_escape(self) -> None:
        """Leave the note, or forget the digit that was typed."""
        self._typed = ""
        self._close_note()

    def _close_note(self) -> None:
        self.query_one("#note", Input).remove_class("open")
        self.query_one("#text").focus()
        self._show()

    @property
    def _now(self) -> Assigned | None:
        return self._records[self._place] if self._place < len(self._records) else None

    def _write(self, one: Assigned, code: str) -> None:
        force, reference = one.key
        decision = Decision(
            force=force,
            reference=reference,
            category=code,
            suggested=one.suggestion.code if one.suggestion else None,
            by=self._by,
            on=self._on,
            reason=self._notes.get(self._place, ""),
        )
        append_lines(self._path, [decision.line], torn=self._torn)
        self._torn = 0

    def _show(self) -> None:
        one, done = self._now, f"{self.n_decided} of {len(self._records)} decided"
        place, narrative, side = "All records are decided. Press q to leave, u to undo.", Content(""), Content("")
        if one is not None:
            made = f"   decided: {self._made[self._place]}" if self._place in self._made else ""
            reference = one_line(" ".join(filter(None, one.key)))
            row = f"{one.source.table.name} row {one.number}"
            place = f"{self._place + 1} of {len(self._records)}   {reference}   {row}{made}"
            narrative, side = _highlighted(one), self._side(one)
        self.query_one("#place", Static).update(f"{place}   ({done})")
        self.query_one("#narrative", Static).update(narrative)
        self.query_one("#choices", Static).update(side)
        note = f"   note: {one_line(self._notes[self._place])}" if self._notes.get(self._place) else ""
        self.query_one("#state", Static).update(
            f"typed: {self._typed}_   Enter takes it" if self._typed else _HELP + note
        )

    def _side(self, one: Assigned) -> Content:
        shares = dict(one.suggestion.ranked) if one.suggestion else {}
        best = tuple(code for code in ranked(one, _N_RANKED) if shares[code] >= _WORTH_A_LOOK)
        lines = []
        for code, choice in zip((*self._run_of.scheme.codes, CANNOT_TELL), self._choices, strict=True):
            style = "bold reverse" if best[:1] == (code,) else "bold" if code in best else ""
            share = figure(shares[code]) if code in best else ""
            line = textwrap.fill(choice, _SIDE - 6, initial_indent=f"{share:<6}", subsequent_indent=" " * 10)
            lines.append(Content.styled(line, style))
        reason = one.suggestion.reason if one.suggestion else ""
        sure = f"suggested with confidence {figure(one.confidence)}" if best else f"no suggestion: {reason}"
        recorded = f"recorded: {one_line(one.recorded) or '(blank)'}"
        return Content("\n").join([Content(recorded), Content.styled(sure, "italic"), Content(""), *lines])


def _highlighted(one: Assigned) -> Content:
    """Give the text with its evidence marked: underlined as well as bold, for those who see no colours."""
    if not one.narrative.strip():
        return Content.styled("(no text)", "dim")
    evidence = one.suggestion.evidence if one.suggestion else ()
    spans = [Span(run.start, run.end, "bold underline $warning") for run in evidence if run.code == one.code]
    # Each sign for one, so that the offsets still fit.
    safe = "".join(sign if sign in "\n\t" or sign.isprintable() else " " for sign in one.narrative)
    return Content(safe, spans=spans)
