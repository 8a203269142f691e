"""What people decided about single records: a file of JSON Lines that only grows, and what stands in it.

Takes a file, or decisions to add, returns the decision that stands for each record, or lines.  The last line about a
record stands, so that the file can be replayed, and two of them compared.  Knows nothing of exports, of what a text was
read as, or of how a decision was made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ValidationError

from cc_categorise.errors import DecisionsError
from cc_categorise.model import CategoryCode, Strict, Text

CANNOT_TELL = "cannot-tell"
"""The record was read, and what it says is not enough for any category."""

WITHDRAWN = "withdrawn"
"""The decision before this one is taken back, and none stands."""

RecordKey = tuple[str, str]
"""Force and reference of a record."""


def _iso_day(value: object) -> date:
    """Take a day as ISO writes it: pydantic by itself reads "86400" as 2 January 1970."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


class Decision(Strict):
    """What one person decided about one record.

    Attributes:
        force: Force that holds the record; empty where the export names none.
        reference: The force's own id of the record.
        category: Code of a category; or ``cannot-tell``, or ``withdrawn``.
        suggested: Code that was suggested to the person; none where nothing was, or it was not shown.
        by: Name or role of the person.
        on: Day of the decision.
        reason: Why, in the person's words; may be empty.
    """

    force: str = ""
    reference: Text
    category: CategoryCode
    suggested: CategoryCode | None = None
    by: Text
    on: Annotated[date, BeforeValidator(_iso_day)]
    reason: str = ""

    @property
    def key(self) -> RecordKey:
        """The record that is meant."""
        return self.force, self.reference

    @property
    def line(self) -> str:
        """The decision as a line of the file."""
        return f"{self.model_dump_json()}\n"


@dataclass(frozen=True, slots=True)
class Decisions:
    """What stands in a file of decisions."""

    # the decision that stands for each record that has one
    standing: Mapping[RecordKey, Decision] = field(default_factory=dict)
    torn: int = 0  # bytes of a last line that was cut off while it was written; 0 as a rule

    def new(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Leave out those that say what stands already, so that the same sheet can be applied twice."""
        return [one for one in decisions if _said(self.standing.get(one.key)) != _said(one)]


def _said(decision: Decision | None) -> tuple[str, str, str] | None:
    return (decision.category, decision.by, decision.reason) if decision else None


def read_decisions(path: Path, codes: Collection[str], *, may_be_absent: bool = False) -> Decisions:
    """Read JSON Lines of `Decision`, with the codes of a scheme; a file may be absent that has still to be made.

    Raises:
        DecisionsError: The file cannot be read, or a line is no decision; names the line and shows nothing of it.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if may_be_absent:
            return Decisions()
        raise DecisionsError("there is no such file", where=path.as_posix(), hint="check the path") from None
    except OSError as err:
        raise DecisionsError(
            f"cannot be read: {err.strerror}", where=path.as_posix(), hint="check its permissions"
        ) from None
    standing: dict[RecordKey, Decision] = {}
    *lines, rest = data.split(b"\n")
    torn = 0
    if rest.strip():
        try:
            Decision.model_validate_json(rest)
        except ValidationError:
            torn = len(rest)  # the program was ended in the middle of a line: that decision was never made
        else:
            lines.append(rest)
    for number, line in enumerate(lines, 1):
        if line.strip():
            decision = _decision(line, f"{path.as_posix()}: line {number}", codes)
            if decision.category == WITHDRAWN:
                standing.pop(decision.key, None)
            else:
                standing[decision.key] = decision
    return Decisions(standing, torn)


def _decision(line: bytes, where: str, codes: Collection[str]) -> Decision:
    try:
        decision = Decision.model_validate_json(line)
    except ValidationError as err:
        found = err.errors(include_input=False, include_url=False, include_context=False)[0]
        keys = ".".join(str(part) for part in found["loc"] if part in Decision.model_fields)
        message = f"{keys} cannot be used" if keys else "the line is no decision"
        raise DecisionsError(message, where=where) from None
    if decision.category not in (*codes, CANNOT_TELL, WITHDRAWN):
        hint = "codes: " + ", ".join((*codes, CANNOT_TELL, WITHDRAWN))
        raise DecisionsError("the category is not in the scheme", where=where, hint=hint)
    return decision
