"""What stands in exports that no profile fits yet: columns, forms of dates, labels, tokens, repeated references.

Takes tables, returns counts.  Keeps headers, category labels and tokens of a known list, never another cell.  Knows
nothing of profiles, or of how a file is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from cc_categorise.categorise.labels import LabelReader
from cc_categorise.dates import DateError, read_day
from cc_categorise.errors import HeaderError
from cc_categorise.model import DATE_FIELDS, cell_text
from cc_categorise.profile import MISSING_TOKENS
from cc_categorise.read.columns import Columns
from cc_categorise.read.table import RowFilter, Rows, Table

_MORE_TOKENS = (
    *("?", "??", ".", "---", "x", "xx", "#n/a", "n.a.", "n/k", "nk", "u/k", "unk", "nan", "tbd", "blank", "(blank)"),
    *("not stated", "not applicable", "not available", "not provided", "see above", "as above", "ditto"),
)
_SAMPLE = 500
_LONG = 30
_LONGEST_HEADER = 40
_FORMS = {
    "yyyy-mm-dd": r"[0-9]{4}-",
    "dd/mm/yyyy": r"[0-9]{1,2}/",
    "dd-mm-yyyy": r"[0-9]{1,2}-[0-9]",
    "d Mon yyyy": r"[0-9]{1,2}[ -]",
}
_FAULTS = {
    "number-as-date": "bare number",
    "two-digit-year": "two-digit year",
    "impossible-date": "no such day",
    "unreadable-date": "unreadable",
}
_NUMERIC = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<sep>[/. -])(?P<two>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4}|[0-9]{2})"
    r"(?P<clock> [0-9]{1,2}:[0-9]{2}(?P<seconds>:[0-9]{2})?(?P<half> [AaPp][Mm])?)?"
)


class Order(NamedTuple):
    """A date of numbers: its strptime pattern with the places of day and month open, and which must stand first."""

    pattern: str
    first: str


def _form_of(text: str) -> str:
    """Name the form in which a date is written, or what is wrong with it."""
    try:
        read_day(text)
    except DateError as err:
        return _FAULTS[err.code]
    form = next(name for name, start in _FORMS.items() if re.match(start, text))
    return f"{form} with time" if ":" in text else form


def _order_of(text: str) -> Order | None:
    match = _NUMERIC.fullmatch(text)
    low, high = sorted(map(int, match.group("one", "two"))) if match else (0, 0)
    if match is None or not (1 <= low <= 12 and high <= 31):  # noqa: PLR2004 - months and days
        return None
    first = "" if high <= 12 else "day" if int(match["one"]) == high else "month"  # noqa: PLR2004
    year = "%Y" if len(match["year"]) > 2 else "%y"  # noqa: PLR2004 - digits
    clock = f" {'%I' if match['half'] else '%H'}:%M{':%S' * bool(match['seconds'])}{' %p' * bool(match['half'])}"
    return Order(f"{{}}{match['sep']}{{}}{match['sep']}{year}{clock * bool(match['clock'])}", first)


@dataclass(slots=True)
class Column:
    """A header, the field it is matched to, and what stands below it."""

    field_name: str  # empty where it is matched to none
    header: str  # as written
    tables: set[int] = field(default_factory=set)  # numbers of the exports that have it
    is_twice: bool = False  # whether one of them has it twice
    looks: str = ""  # key of `LOOKS`, else empty
    forms: Counter[str] = field(default_factory=Counter)  # dates by the name of their form
    orders: Counter[Order] = field(default_factory=Counter)  # dates of numbers by what stands first in them

    @property
    def holds_dates(self) -> bool:
        """Say whether it is, or may be, a column of dates."""
        return (self.field_name or self.looks) in DATE_FIELDS.values()

    def n_first(self, place: str) -> int:
        """Count the dates in which only the day, or only the month, can stand first."""
        return sum(n for order, n in self.orders.items() if order.first == place)


LOOKS = {"received_on": "dates", "category": "categories", "narrative": "long text", "reference": "references"}
"""What a column that no header rule matches may be, by the field it would most likely be."""


@dataclass(slots=True)
class Facts:
    """What exports hold, gathered in one pass over each."""

    reader: LabelReader
    missing: frozenset[str]
    tables: list[Table] = field(default_factory=list)
    columns: dict[tuple[str, str], Column] = field(default_factory=dict)
    n_rows: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    tokens: Counter[str] = field(default_factory=Counter)
    references: dict[int, int] = field(default_factory=dict)
    differing: set[int] = field(default_factory=set)

    def take(self, table: Table, columns: Columns) -> None:
        """Read one table."""
        matched = columns.rules.match(table.header)
        here = self._take_header(table, matched)
        dates = [position for position, column in here.items() if column.holds_dates]
        for found in map(RowFilter(table.header, dates[0] if dates else 0).rows, table.blocks()):
            faulty = {fault.position for fault in found.faults}  # their cells may stand in the wrong columns
            rows = [row for position, row in enumerate(found.cells) if position not in faulty]
            self.n_rows += len(found.cells)
            for position in dates:
                self._take_dates(here[position], self._cells(rows, position))
            for position in matched.get("category", []):
                self.labels += self._cells(rows, position)
            for position in matched.get("further_categories", []):
                self._cells(rows, position)
            if len(matched.get("reference", [])) == 1:
                self._take_references(rows, [*matched["reference"], *matched.get("force", [])])

    def _cells(self, rows: list[list[str]], position: int) -> Counter[str]:
        """Count the cells of a column, and the tokens among them that may mean blank."""
        cells = Counter(map(cell_text, map(itemgetter(position), rows)))
        for cell, n in cells.items():
            if cell.casefold() in (*MISSING_TOKENS, *_MORE_TOKENS):
                self.tokens[cell.casefold()] += n
        return cells

    def _take_header(self, table: Table, matched: dict[str, list[int]]) -> dict[int, Column]:
        dates = [position for name in DATE_FIELDS.values() for position in matched.get(name, [])]
        block = next(iter(table.blocks()), None)
        found = RowFilter(table.header, dates[0] if dates else 0).rows(block) if block else Rows([], [], [])
        sample = found.cells[:_SAMPLE]
        self._refuse_record(table, sample, is_sure=bool(matched), is_of_one_width=not found.faults)
        field_of = {position: name for name, positions in matched.items() for position in positions}
        keys = [(field_of.get(position, ""), header) for position, header in enumerate(table.header)]
        here: dict[int, Column] = {}
        for position, key in enumerate(keys):
            if not key[0] and (not key[1].strip() or key[1].casefold().startswith("cc_")):
                continue
            column = here[position] = self.columns.setdefault(key, Column(*key))
            column.tables.add(len(self.tables))
            column.is_twice |= keys.count(key) > 1
            if not (column.field_name or column.looks):
                column.looks = self._looks_of([cell_text(row[position]) for row in sample])
        self.tables.append(table)
        return here

    def _refuse_record(self, table: Table, sample: list[list[str]], *, is_sure: bool, is_of_one_width: bool) -> None:
        """Make sure that the header is none of a record, and no title, whose cells must not be shown.

        Raises:
            HeaderError: A date stands in it, or what stands below it too; or none of its cells is a header of any
                field, and one is blank, long or a label, or the rows below are wider.
        """
        is_odd = len(table.header) == 1 or not is_of_one_width
        for header, *cells in zip(table.header, *sample, strict=True):
            is_odd |= not header or len(header) > _LONGEST_HEADER or self.reader.assign(header).code is not None
            if _is_date(header) or (header and cells.count(header) * 20 > len(cells)) or (is_odd and not is_sure):
                hint = "add a header row, or name one of its columns with --map field=Header"
                raise HeaderError("no row is a header, or it may be a record", where=table.name, hint=hint)

    def _looks_of(self, cells: list[str]) -> str:
        """Say what most of the cells are, by the sample; never what they say."""
        filled = [cell for cell in cells if cell and cell.casefold() not in self.missing]
        if not filled:
            return ""
        if 2 * sum(map(_is_date, filled)) > len(filled):
            return "received_on"
        if 3 * sum(self.reader.assign(cell).code is not None for cell in filled) >= len(filled):
            return "category"
        if 2 * len(set(filled)) <= max(len(filled), 2):
            return ""  # a few values again and again
        if 2 * sum(re.fullmatch(r"\S*[0-9]\S*", cell) is not None for cell in filled) > len(filled):
            return "reference"
        return "narrative" if sum(map(len, filled)) > _LONG * len(filled) else ""

    def _take_dates(self, column: Column, cells: Counter[str]) -> None:
        for cell, n in cells.items():
            text = " ".join(cell.split())
            column.forms[_form_of(text) if text and text.casefold() not in self.missing else "blank"] += n
            if order := _order_of(text):
                column.orders[order] += n

    def _take_references(self, rows: list[list[str]], positions: Sequence[int]) -> None:
        for row in rows:
            if cell_text(row[positions[0]]):
                key, print_ = hash(tuple(row[i].strip() for i in positions)), hash(tuple(row))
                if self.references.setdefault(key, print_) != print_:
                    self.differing.add(key)


def _is_date(cell: str) -> bool:
    text = " ".join(cell.split())
    return _order_of(text) is not None or _form_of(text) not in _FAULTS.values()
