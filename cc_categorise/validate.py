"""Step 2 of 6: cells → fields, by the rules of `model.Record`, once per distinct cell.

Takes raw cells, returns values or codes of findings; groups rows of one reference.  Knows nothing of files,
categories, counts or layout.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from typing import Annotated, Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from cc_categorise.model import CellRules, Record

_MOST = 2**18
"""Distinct cells that are kept in mind: of times of day there may be as many as rows."""


class Reading(NamedTuple):
    """One cell as its field's rule reads it: a value, or the code of what is wrong."""

    value: Any
    code: str | None


@cache
def _adapter_of(annotated: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - an annotation
    """Build the rule of an annotation, once for all fields that have it."""
    return TypeAdapter(annotated)


class FieldRule:
    """The rule of one field of `Record`, for single cells, with what a profile says about them."""

    def __init__(self, field: str, rules: CellRules) -> None:
        self._field, self._rules = field, rules

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        """The field's own part of the model, built when the first cell is read."""
        info = Record.model_fields[self._field]
        return _adapter_of(Annotated[info.annotation, *info.metadata])

    def read(self, cell: object) -> Reading:
        """Read one cell; the answer depends on the cell and the rules alone."""
        try:
            return Reading(self._adapter.validate_python(cell, context=self._rules), None)
        except ValidationError as err:
            return Reading(None, err.errors(include_input=False, include_url=False, include_context=False)[0]["type"])


def validate_row(cells: Mapping[str, object], rules: CellRules | None = None) -> Record | dict[str, str]:
    """Read one row of cells by field: the record, or the code of what is wrong with each field that fails.

    Args:
        cells: Keyed by field name; fields may be left out.
        rules: What a profile says about cells.
    """
    try:
        return Record.model_validate(cells, context=rules or CellRules())
    except ValidationError as err:
        found = err.errors(include_input=False, include_url=False, include_context=False)
        return {str(problem["loc"][0]): problem["type"] for problem in found}


def code_for(day: date | None, as_at: date, earliest_year: int) -> str | None:
    """Give the code of what is wrong with a day that is counted by, or None."""
    if day is None:
        return "missing-date"
    if day > as_at:
        return "date-after-as-at"
    return "date-too-early" if day.year < earliest_year else None


class Numbering:
    """Numbers for answers of a judge; one whose rows have to be found again is flagged: its number is negative."""

    def __init__(self, is_flagged: Callable[[Any], bool] = lambda _: False) -> None:
        self._is_flagged = is_flagged
        self._number_of: dict[Hashable, int] = {}
        self._plain: list[Any] = []
        self._flagged: list[Any] = []

    def number_of(self, answer: Hashable) -> int:
        """Number an answer; -1, -2, … where it is flagged, else 0, 1, …."""
        if answer not in self._number_of:
            flagged = self._is_flagged(answer)
            kind = self._flagged if flagged else self._plain
            kind.append(answer)
            self._number_of[answer] = -len(kind) if flagged else len(kind) - 1
        return self._number_of[answer]

    @property
    def answers(self) -> tuple[list[Any], list[Any]]:
        """The answers so far in the order of their numbers, and the flagged ones."""
        return self._plain, self._flagged

    def numbers_of(self, plain: Iterable[Hashable], flagged: Iterable[Hashable]) -> dict[int, int]:
        """Give this one's number for each number of another one, whose answers these are."""
        own = {number: self.number_of(answer) for number, answer in enumerate(plain)}
        return own | {-number: self.number_of(answer) for number, answer in enumerate(flagged, 1)}

    def answer(self, number: int) -> Any:  # noqa: ANN401 - whatever the judge returns
        """Give the answer that has a number."""
        return self._plain[number] if number >= 0 else self._flagged[-number - 1]


class Distinct(dict[Hashable, int]):
    """Raw cell → number of what it was read as: each distinct cell is judged once, rows only look up.

    Equal answers get the same number, those of others with the same numbering too: exports of two forces are judged by
    two profiles, and counted together.
    """

    def __init__(self, judge: Callable[[Any], Hashable], numbering: Numbering) -> None:
        super().__init__()
        self._judge, self.numbering = judge, numbering
        self.number_of, self.answer = self.numbering.number_of, self.numbering.answer

    def __missing__(self, raw: Hashable) -> int:
        """Judge a cell that was not seen before, and keep that in mind."""
        number = self.number_of(self._judge(raw))
        if len(self) < _MOST:
            self[raw] = number
        return number


class PlacedRow(NamedTuple):
    """A row that shares its reference with another: its table's number in the run, its own, and its cells."""

    table: int
    number: int
    cells: list[str]
    header: Sequence[str]

    def as_written(self) -> list[tuple[str, str]]:
        """Give every cell with its header, in an order that does not depend on that of the columns.

        Columns that this tool writes itself (``cc_…``) are left out: they differ between equal rows.
        """
        pairs = zip(self.header, self.cells, strict=True)
        return sorted((name, cell) for name, cell in pairs if not name.casefold().startswith("cc_"))


def judge_duplicates(rows: Sequence[PlacedRow]) -> list[tuple[PlacedRow, str]]:
    """Give the rows of one reference that are not counted, each with the code that says why.

    Args:
        rows: Rows of one reference within one force, in the order they were read.

    Source:
        docs/counting-rules.md, rule 4: the first is kept; a later one equal in every cell is a duplicate.
    """
    first, *later = rows
    kept = first.as_written()
    return [(row, "duplicate" if row.as_written() == kept else "conflicting-duplicate") for row in later]
