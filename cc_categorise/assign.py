"""A category for every row of exports: as a person decided, else as recorded, else as its text suggests.

Takes arguments and options, returns one `Assigned` for each row, in the order of the rows.  A suggestion is never
counted: `decisions` are.  Knows nothing of years, counts, layout or exit codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cc_categorise.categorise.suggestion import Suggestion, evidence_of
from cc_categorise.decisions import CANNOT_TELL, Decision, RecordKey, read_decisions
from cc_categorise.errors import ColumnError
from cc_categorise.figures import figure
from cc_categorise.findings import FINDINGS, OF_A_CELL
from cc_categorise.judging import reader_of
from cc_categorise.model import DATE_FIELDS, Assignment, CategoryScheme, cell_text
from cc_categorise.options import RunOptions, TextOptions
from cc_categorise.plan import Opened, open_exports
from cc_categorise.read.columns import HeaderRules
from cc_categorise.read.table import RowFilter, Rows
from cc_categorise.scheme import load_scheme
from cc_categorise.validate import FieldRule

if TYPE_CHECKING:
    from cc_categorise.categorise.text import TextCategoriser

ADDED = ("cc_category_code", "cc_category", "cc_further", "cc_basis", "cc_confidence", "cc_evidence", "cc_review")
"""Columns that stand behind those of the export."""

BASES = ("recorded", "alias", "crosswalk", "decision", "text", "none")

_REMEMBERED = 1024
"""So many texts are remembered with what they suggest: equal ones are read once, also far apart."""

_READ = ("category", "further_categories", "narrative", "reference", "force")


class Source:
    """One table of a run, and what is known of its columns."""

    def __init__(self, number: int, opened: Opened, scheme: CategoryScheme) -> None:
        _, table, columns, profile = opened
        self.number, self.table, self.profile = number, table, profile
        # Position of each field's column; a field without a column is not there.
        self.at = {name: position for name in _READ if (position := columns.find(name)) is not None}
        if not self.at.keys() & {"category", "narrative"}:
            columns.need("category", "narrative")
        labels = reader_of(profile, scheme)
        self.label_of, self.further_of = cache(labels.assign), cache(labels.assign_further)
        matched = columns.rules.match(table.header)
        dates = {name: matched[name][0] for name in DATE_FIELDS.values() if name in matched}
        # Field of the date that crosswalks with dates go by; empty where there are none.
        self.dated_by = next(iter(dates), "") if labels.is_dated else ""
        self.at |= {self.dated_by: dates[self.dated_by]} if self.dated_by else {}
        self.rules = {name: FieldRule(name, profile.cell_rules) for name in self.at}
        # Every column that may hold record text: one that is known for it is held back even where another was named.
        self.withheld = {*matched.get("narrative", ()), *HeaderRules().match(table.header).get("narrative", ())}
        # A column that few records leave blank.
        filled = [self.at[name] for name in ("reference", "narrative", "category") if name in self.at]
        self.anchor = [*dates.values(), *filled][0]


@dataclass(frozen=True, slots=True)
class Assigned:
    """One row, and the category it gets."""

    source: Source  # where it stands
    number: int  # its row number
    cells: list[str]  # as many as the header has
    faults: tuple[str, ...]  # what is wrong with its shape: its cells may stand in the wrong columns
    key: RecordKey  # force and reference
    label: Assignment  # what its recorded label was read as
    further: tuple[str, ...]  # codes of its further categories, as recorded
    narrative: str  # its text, as given
    suggestion: Suggestion | None = None  # what its text suggests; None where nobody asked
    decision: Decision | None = None  # what a person decided about it

    @property
    def recorded(self) -> str:
        """The label as recorded."""
        position = self.source.at.get("category")
        return "" if position is None else cell_text(self.cells[position])

    @property
    def basis(self) -> str:
        """One of `BASES`."""
        if self.decision:
            return "decision"
        if self.label.code:
            return self.label.basis
        return "text" if self.suggestion and self.suggestion.code else "none"

    @property
    def known(self) -> str | None:
        """The category decided on, else recorded; None where there is none, or a person could not tell."""
        if self.decision:
            return None if self.decision.category == CANNOT_TELL else self.decision.category
        return self.label.code

    @property
    def applied(self) -> Suggestion | None:
        """The suggestion, where the category rests on it."""
        return self.suggestion if self.basis == "text" else None

    @property
    def code(self) -> str | None:
        """The category that is known, else suggested."""
        return self.applied.code if self.applied else self.known

    @property
    def confidence(self) -> float | None:
        """How sure the reading of the text is, 0 to 1; None where the category has another basis."""
        return self.applied.confidence if self.applied else None

    @property
    def all_further(self) -> tuple[str, ...]:
        """Further categories: those recorded, else those suggested beside the category."""
        among = self.further or (self.applied.further if self.applied else ())
        return tuple(code for code in among if code != self.code)


class Assigning:
    """A run over exports, ready to read.

    Args:
        arguments: Files, folders, patterns, or ``-``.
        options: How exports are read; the scheme; decisions.
        text: How record text is read.
        new_decisions: Whether the file of decisions may still have to be made.

    Attributes:
        said: Rows that have gone by: all, by basis, and for what a person has to be told.
    """

    def __init__(
        self, arguments: Iterable[str | Path], options: RunOptions, text: TextOptions, *, new_decisions: bool = False
    ) -> None:
        self.scheme: CategoryScheme = load_scheme(options.scheme).scheme
        _, opened, self.notes = open_exports(arguments, options)
        self.exports = [one.export for one in opened]
        self.sources = [Source(number, one, self.scheme) for number, one in enumerate(opened)]
        path = options.decisions
        self.decisions = read_decisions(path, self.scheme.codes, may_be_absent=new_decisions) if path else None
        self.text = text
        self.said: Counter[str] = Counter()

    @cached_property
    def categoriser(self) -> TextCategoriser:
        """The reader of texts, loaded when the first text has to be read."""
        return categoriser_of(self.scheme, self.text)

    @property
    def n_bytes(self) -> int:
        """Bytes to read, for progress."""
        return sum(source.table.size for source in self.sources)

    def rows(self, on_bytes: Callable[[int, int], None] | None = None, *, row: int | None = None) -> Iterator[Assigned]:
        """Give every row of records, rejected and repeated ones too; or only that of a number.

        The text of a single row is read whatever is recorded.
        """
        for source in self.sources:
            rows_of = RowFilter(source.table.header, source.anchor, source.profile.footers)
            for block in source.table.blocks():
                rows = rows_of.rows(block)
                for one in self._read(source, rows):
                    if row in (None, one.number):
                        yield self._told(self._suggested(one, is_wanted=row is not None))
                    if on_bytes:
                        on_bytes(block.size // len(rows.cells), self.n_bytes)
            if aside := rows_of.set_aside.in_words():
                self.notes.append(f"{source.table.name}: {aside}")

    @cached_property
    def _suggestion_of(self) -> Callable[[str], Suggestion]:
        return lru_cache(_REMEMBERED)(self.categoriser.suggest)

    def _suggested(self, one: Assigned, *, is_wanted: bool) -> Assigned:
        """Give a row with what its text suggests, where nothing else decides or it is wanted anyway."""
        if one.suggestion or not (is_wanted or one.basis == "none"):
            return one
        return replace(one, suggestion=self._suggestion_of(one.narrative))

    def _read(self, source: Source, rows: Rows) -> Iterator[Assigned]:
        faults: dict[int, list[str]] = {}
        for position, code in rows.faults:
            if code not in OF_A_CELL:
                faults.setdefault(position, []).append(code)
        for i, cells in enumerate(rows.cells):
            yield self._one(source, rows.numbers[i], cells, tuple(faults.get(i, ())))

    def _one(self, source: Source, number: int, cells: list[str], faults: tuple[str, ...]) -> Assigned:
        """Read one row; one that is rejected for its shape is not read, since its cells may belong elsewhere."""
        rejecting = next((code for code in faults if FINDINGS[code].effect == "rejected"), None)
        read = {} if rejecting else {name: source.rules[name].read(cells[i]).value for name, i in source.at.items()}
        key = (read.get("force") or source.profile.force or "", read.get("reference") or "")
        day = read.get(source.dated_by)
        recorded = source.further_of(read.get("further_categories"), day)
        return Assigned(
            source=source,
            number=number,
            cells=cells,
            faults=faults,
            key=key,
            label=source.label_of(read.get("category"), day),
            further=tuple(dict.fromkeys(one.code for one in recorded if one.code)),
            # Offsets of evidence are those of the cell, so it is not trimmed.
            narrative=cells[source.at["narrative"]] if read.get("narrative") else "",
            suggestion=None if read.get("narrative") else Suggestion(None, reason=rejecting or "no-text"),
            decision=self.decisions.standing.get(key) if self.decisions and key[1] else None,
        )

    def needs_review(self, one: Assigned) -> bool:
        """Say whether a person has to look: there is no category, or one suggested with too little confidence."""
        return one.basis == "none" or (one.confidence is not None and one.confidence < self.categoriser.review_below)

    def added(self, one: Assigned) -> tuple[str, ...]:
        """Give the cells under `ADDED`."""
        read = one.suggestion if one.basis in ("text", "none") else None
        return (
            one.code or "",
            self.scheme.title_of(one.code) if one.code else "",
            "; ".join(one.all_further),
            one.basis,
            figure(one.confidence),
            evidence_of(read, one.narrative if self.text.show_text else None) if read else "",
            "yes" if self.needs_review(one) else "no",
        )

    def _told(self, one: Assigned) -> Assigned:
        self.said.update({one.basis: 1, "review": self.needs_review(one), "without code": one.code is None})
        self.said.update({"rows": 1, "out of shape": bool(one.faults), "without reference": not one.key[1]})
        return one


def categoriser_of(scheme: CategoryScheme, text: TextOptions) -> TextCategoriser:
    """Load the reader of texts.

    Raises:
        CategoriseError: The phrases or the model cannot be used, or sentence vectors are asked for and not installed.
    """
    from cc_categorise.categorise.text import TextCategoriser  # noqa: PLC0415 - loads numpy

    return TextCategoriser.load(scheme.codes, text)


class Shown:
    """Which cells of a row stand in which column of an output: those of all sources, each column once.

    Columns that may hold record text are among them only where text is shown.

    Raises:
        ColumnError: A column has the name of one that is added: nothing is written over.
    """

    def __init__(self, sources: Sequence[Source], *, show_text: bool) -> None:
        self._show_text = show_text
        named = [_names(source, show_text=show_text) for source in sources]
        self.header = tuple(dict.fromkeys(name for names in named for name in names))
        if taken := [name for name in self.header if name.strip().casefold() in ADDED]:
            hint = "give the export itself, or take its cc_ columns out"
            raise ColumnError(f"there is a column {taken[0]!r} already", hint=hint)
        self._places = [[names.get(name) for name in self.header] for names in named]

    def cells(self, one: Assigned) -> list[str]:
        """Give the cells of a row.

        Without text, those of a row whose shape is wrong are blank: any of them may hold some.
        """
        if one.faults and not self._show_text:
            return [""] * len(self.header)
        return ["" if place is None else one.cells[place] for place in self._places[one.source.number]]


def _names(source: Source, *, show_text: bool) -> dict[str, int]:
    """Give the columns that are shown by name, with their positions; a name that comes twice is numbered."""
    met: Counter[str] = Counter()
    names: dict[str, int] = {}
    for position, header in enumerate(source.table.header):
        if show_text or position not in source.withheld:
            met[header] += 1
            names[f"{header} ({met[header]})" if met[header] > 1 else header] = position
    return names
