"""The nouns of a result: where every row went, and an exact table.

Values only, frozen.  Knows nothing of files, layout or how any of them comes about.
"""

# Not postponed: each annotation would be compiled once more at every start.

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from cc_categorise.options import Basis, CountBy, YearBasis


class Reconciliation(NamedTuple):
    """Where every row went: ``rows_read`` is the sum of the five fates."""

    rows_read: int = 0  # data rows; header, title, footer and blank rows are not among them
    counted: int = 0  # records in the tally, uncategorised ones included
    rejected: int = 0  # rows that cannot be counted
    duplicate: int = 0  # rows whose reference was seen before
    out_of_period: int = 0  # records outside the periods asked for
    merged: int = 0  # further rows of a record that is counted
    uncategorised: int = 0  # counted records without a readable category

    @property
    def is_balanced(self) -> bool:
        """Say whether every row read has exactly one fate."""
        fates = self.counted + self.rejected + self.duplicate + self.out_of_period + self.merged
        return self.rows_read == fates and self.uncategorised <= self.counted


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One count of a tally."""

    by: tuple[str, ...]
    year: str
    category_code: str
    category: str
    count: int
    marker: str


@dataclass(frozen=True, slots=True)
class Tally:
    """An exact table: years by categories, for each group of the breakdowns."""

    by: tuple[str, ...]  # names of the breakdowns; empty without any
    groups: tuple[tuple[str, ...], ...]  # values of the breakdowns, one tuple a group, in order; ``((),)`` without any
    years: tuple[str, ...]  # labels of the periods, first to last
    categories: tuple[tuple[str, str], ...]  # codes and titles in scheme order; `UNCATEGORISED` last where a record is
    counts: Mapping[tuple[tuple[str, ...], str, str], int]  # by group, year and code; a key that is absent counts 0
    markers: Mapping[str, str]  # shorthand of a year: ``p`` for one that was not over on the as-at date
    year_basis: YearBasis  # how time is cut
    counted_by: CountBy  # the date that decides the year
    basis: Basis  # records, or category mentions

    @property
    def unit(self) -> str:
        """What a count is a count of."""
        return "intelligence records" if self.basis is Basis.PRIMARY else "category mentions"

    def count(self, group: tuple[str, ...], year: str, code: str) -> int:
        """Give one count, 0 where nothing was counted."""
        return self.counts.get((group, year, code), 0)

    def rows(self) -> Iterator[TallyRow]:
        """Give every count, zeros included: by group, then year, then category."""
        for group in self.groups:
            for year in self.years:
                for code, title in self.categories:
                    count = self.count(group, year, code)
                    yield TallyRow(group, year, code, title, count, self.markers.get(year, ""))


@dataclass(frozen=True, slots=True)
class CrosswalkMark:
    """Rows of crosswalks about one category on the same days, as far as a later count has to know them.

    Attributes:
        category_code: Code of the category.
        valid_from: First counted date that they apply to; null without one.
        valid_to: Last one.
        sha256: Digest of their labels and what these mean.
    """

    category_code: str
    valid_from: date | None
    valid_to: date | None
    sha256: str


class CountReport(NamedTuple):
    """A tally with everything that has to stand beside it."""

    tally: Tally  # the exact table
    reconciliation: Reconciliation  # where every row went
    findings: Mapping[str, int]  # how many findings there are of each code, sorted by code
    scheme_id: str  # id of the category scheme
    scheme_edition: str  # its edition
    scheme_sha256: str  # digest of the scheme file, in 64 hexadecimal digits
    as_at: date  # the day the export was taken
    notes: tuple[str, ...] = ()  # sentences for a person, such as which part of a period the table holds
    partial: tuple[str, ...] = ()  # labels of the periods of which only a part was counted
    decided: tuple[str, ...] = ()  # what decisions of people changed, in sentences that hold exact counts
    crosswalk: tuple[CrosswalkMark, ...] = ()  # what labels were read by besides the scheme, by category and days


class Figure(str):
    """A share, chance or kappa with two decimals, as people read it; JSON holds it as a number.  Empty for none."""

    __slots__ = ()


def figure(share: float | None) -> Figure:
    """Write a share, chance or kappa; nothing where there is none."""
    return Figure("" if share is None else f"{round(share, 2) + 0.0:.2f}")  # 0.0: never "-0.00"


class Listing(NamedTuple):
    """One list: names of columns, and rows; among others, its heading and its key in JSON."""

    headers: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]  # text, numbers, or None in a file for programs
    title: str = ""
    name: str = ""


class Listings(NamedTuple):
    """Several lists under single figures and sentences; the last is the one that somebody has to work through."""

    title: str
    facts: Mapping[str, Any]
    lists: tuple[Listing, ...]
