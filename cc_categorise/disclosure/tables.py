"""The nouns of disclosure control: exact and protected tables, and on what terms numbers are shown.

Values only, frozen.  Knows nothing of how a cell comes to be suppressed or rounded, of files or layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

TOTAL = "total"
"""Coordinate of a margin."""

Coordinates = tuple[str, ...]
"""One value for each dimension of a table, `TOTAL` where the cell is a margin."""

Scope = tuple[tuple[str, str], ...]
"""What holds for every cell of a table: pairs of dimension and value, such as ``("force", "Exampleshire")``."""


class RefusalState(StrEnum):
    """Why a cell or table comes out without a number."""

    WITHHELD = "withheld"
    NOT_HELD = "not-held"
    NEITHER = "neither-confirm-nor-deny"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A decision not to give a number.

    Attributes:
        state: What is said instead.
        exemption: Section of the Act, such as ``s31(1)(a)``; empty for what is not held.
        reason: One sentence for the reader.
    """

    state: RefusalState
    exemption: str = ""
    reason: str = ""


class Rounding(StrEnum):
    """How a printed number came about from the count."""

    NONE = "none"
    NEAREST = "nearest"
    CONTROLLED = "controlled"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the legend tells a reader about the numbers of a table.

    Attributes:
        least: The smallest count that ``[c]`` can stand for: 0 or 1.
        rounding: How printed numbers were rounded; ``nearest`` rounds halves up, and marks as ``[low]`` every 0 that
            is not a true zero.
        base: They are multiples of it; 1 if not rounded.
        reach: A printed number is at most this far from the count.
    """

    least: int
    rounding: Rounding
    base: int
    reach: int


PLAIN = Terms(least=1, rounding=Rounding.NONE, base=1, reach=0)
"""Numbers as counted, and ``[c]`` for 1 or more."""


class Published(NamedTuple):
    """What is shown in one cell."""

    value: int | None  # the number, or None
    # shorthand without brackets: ``c`` suppressed, ``c`` and ``x`` withheld or neither confirmed nor denied, ``x``
    # not held, ``low`` rounds to zero and is not zero, ``r`` revised since an earlier release
    markers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExactTable:
    """Counts with all their margins.

    Cells of two tables are the same number if they say the same: a dimension at `TOTAL` says nothing, and a
    dimension that a table lacks is at its total.  So tables of one release are linked by themselves.
    """

    name: str  # unique in the release
    dimensions: tuple[str, ...]  # such as ``("force", "year", "category")``
    cells: Mapping[Coordinates, int]  # counts by coordinates, margins included
    scope: Scope = ()  # what holds for the whole table

    def printed(self) -> ProtectedTable:
        """Give the table as it would be published without any protection."""
        cells = {at: Published(count) for at, count in self.cells.items()}
        return ProtectedTable(self.name, self.dimensions, cells, self.scope)


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """What is published of a table."""

    name: str  # as in the exact table
    dimensions: tuple[str, ...]  # as in the exact table
    cells: Mapping[Coordinates, Published]  # what is shown, by coordinates; empty for a table that is refused
    scope: Scope = ()  # what holds for the whole table
    terms: Terms = PLAIN  # what the legend says of the numbers
    refusal: Refusal | None = None  # the decision, for a table that comes out without numbers
