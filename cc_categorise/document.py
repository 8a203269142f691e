"""The nouns of what is published: a document of sheets, each with one table, and charts.

Values only, frozen; every number in them may be seen by anyone.  Knows nothing of formats, files, or how a number was
protected.
"""

# Not postponed: each annotation would be compiled once more at every start.

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

Cell = str | int | Decimal
"""Text, a count, or a figure with the decimals that are to be shown."""


class SheetLink(str):
    """The name of a sheet, as a link to it."""

    __slots__ = ()


class Bar(NamedTuple):
    """One bar: its name, its length or None where nothing is drawn, and what stands behind it."""

    name: str
    value: int | Decimal | None
    text: str


class Group(NamedTuple):
    """Bars that belong together."""

    label: str
    bars: tuple[Bar, ...]


class Chart(NamedTuple):
    """A bar chart, with a description for a reader who cannot see it.

    One that is multiple is a small picture for each group, its bars standing up: one for each year.
    """

    title: str
    description: str
    groups: tuple[Group, ...]
    is_multiple: bool = False


class Sheet(NamedTuple):
    """One sheet of a workbook, one section of a page, one CSV file."""

    name: str  # name of the sheet; small letters, digits and underscores
    title: str  # what the table shows, of what, and when
    about: tuple[str, ...] = ()  # lines between title and table
    headers: tuple[str, ...] = ()  # one a column; none where the sheet has no table
    rows: tuple[tuple[Cell, ...], ...] = ()  # as many cells each as there are headers, none of them blank
    n_heads: int = 1  # how many cells at the beginning of a row head it
    n_totals: int = 0  # how many of the last rows are totals
    chart: Chart | None = None  # the same figures as a picture, or None
    # header and rows of the CSV file, None being an empty cell; empty where there is no file
    tidy: tuple[tuple[Cell | None, ...], ...] = ()

    @property
    def plain_title(self) -> str:
        """The title without the marks of its notes."""
        return self.title.partition(" [note ")[0]


class Document(NamedTuple):
    """What is published, before it is laid out; its date is the day the figures were taken."""

    title: str
    marking: str
    as_at: date
    cover: tuple[str, ...]
    notes: tuple[str, ...]
    sheets: tuple[Sheet, ...]

    def pages(self) -> Iterator[Sheet]:
        """Give every sheet of a workbook: cover, contents and notes, if there is anything to them, then the tables."""
        yield Sheet("cover", self.title, (*self._marked, *self.cover))
        notes = tuple((f"note {number}", text) for number, text in enumerate(self.notes, 1))
        named = [*([("notes", "Notes")] if notes else []), *((sheet.name, sheet.plain_title) for sheet in self.sheets)]
        one_table = (*self._marked, "This sheet contains one table.")
        contents = tuple((SheetLink(name), title) for name, title in named)
        if contents:
            yield Sheet("contents", "Contents", one_table, ("Sheet", "What it shows"), contents)
        if notes:
            yield Sheet("notes", "Notes", one_table, ("Note", "Text"), notes)
        for sheet in self.sheets:
            yield sheet._replace(about=(*(one_table if sheet.headers else self._marked), *sheet.about))

    @property
    def _marked(self) -> tuple[str, ...]:
        return (f"Handling marking: {self.marking}",) if self.marking else ()
