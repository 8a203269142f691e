"""Step 4 of 6: counts of what records mean → an exact table of years by categories.

Takes counted meanings, returns a `Tally`.  Knows nothing of record text, files, disclosure control or layout:
a count here is exact and not yet safe to publish.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from cc_categorise.dates import days_of, in_words, label_of, period_of, periods_named
from cc_categorise.errors import UsageError
from cc_categorise.figures import Tally
from cc_categorise.model import BLANK, UNCATEGORISED, CategoryScheme
from cc_categorise.options import Basis, CountBy, YearBasis


class Counted(NamedTuple):
    """What a record counts as.

    Attributes:
        group: Values of the breakdowns.
        period: Number of the period, see `dates.period_of`.
        code: Code of the primary category, or None.
        further: Codes of the further categories.
    """

    group: tuple[str, ...]
    period: int
    code: str | None
    further: tuple[str, ...] = ()

    def codes(self, basis: Basis) -> tuple[str, ...]:
        """Give the primary category, or every one, once each; `UNCATEGORISED` where none can be read."""
        return _once_each(self.code, *(self.further if basis is Basis.ALL else ()))


@cache
def _once_each(*codes: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code)) or (UNCATEGORISED,)


class Periods(NamedTuple):
    """Which days count, and which periods a table shows.

    Attributes:
        basis: How time is cut.
        start: First day that counts, or None.
        end: Last day that counts, or None.
        only: Numbers of the only periods that count, or None for all.
    """

    basis: YearBasis
    start: date | None = None
    end: date | None = None
    only: frozenset[int] | None = None

    @classmethod
    def chosen(cls, basis: YearBasis, names: Iterable[str], start: date | None, end: date | None) -> Periods:
        """Take the choices of a run.

        Raises:
            UsageError: A period's name cannot be used with this basis, or the first day is after the last.
        """
        if start and end and start > end:
            raise UsageError("--from is a later day than --to")
        only = frozenset(number for name in names for number in periods_named(name, basis))
        return cls(basis, start, end, only or None)

    def of(self, day: date) -> int | None:
        """Give the period a day counts in, or None if it does not count."""
        if (self.start and day < self.start) or (self.end and day > self.end):
            return None
        period = period_of(day, self.basis)
        return period if self.only is None or period in self.only else None

    def shown(self, counted: Iterable[int], as_at: date) -> list[int]:
        """Give the periods of a table, without a gap: those asked for, else those of the records.

        Without either, it is the period of the as-at date, so that an empty export gives a table of zeros.
        """
        if self.only is not None:
            return sorted(self.only)
        seen = sorted(set(counted))
        latest = max(min(self.end, as_at), self.start or date.min) if self.end else None
        first = period_of(self.start, self.basis) if self.start else None
        last = period_of(latest, self.basis) if latest else None
        ends = [*seen[:1], *seen[-1:], *(end for end in (first, last) if end is not None)]
        ends = ends or [period_of(as_at, self.basis)]
        return list(range(min(ends), max(ends) + 1))

    def notes(self, shown: Sequence[int]) -> list[str]:
        """Say which of the periods shown are only part of one, because of the first or last day that counts."""
        notes = []
        for period in self.partial(shown):
            begin, end = self._held(period)
            held = f"only {in_words(begin)} to {in_words(end)}" if begin <= end else "no day that counts"
            notes.append(f"{label_of(period, self.basis)} holds {held}.")
        return notes

    def partial(self, shown: Iterable[int]) -> list[int]:
        """Give the periods of which only a part counts, because of the first or last day that does."""
        return [period for period in shown if self._held(period) != days_of(period, self.basis)]

    def _held(self, period: int) -> tuple[date, date]:
        first, last = days_of(period, self.basis)
        return max(first, self.start or first), min(last, self.end or last)


def make_tally(  # noqa: PLR0913 - everything a table says of itself
    counts: Mapping[Counted, int],
    scheme: CategoryScheme,
    periods: Periods,
    *,
    as_at: date,
    counted_by: CountBy = CountBy.RECEIVED,
    basis: Basis = Basis.PRIMARY,
    by: tuple[str, ...] = (),
) -> Tally:
    """Count records, or category mentions, by group, period and category.

    Args:
        counts: Number of records of each meaning.
        scheme: Fixes which categories appear, and in what order.
        periods: Fixes which periods appear.
        as_at: A period that was not over on this day is marked ``p``.
        counted_by: The date that the periods are those of.
        basis: ``primary`` counts each record once; ``all`` counts each of its categories once.
        by: Names of the breakdowns, one for each value of a group.

    Returns:
        A tally of all categories, zeros included, with a row for uncategorised records where there are any.
        Groups are sorted, blank ones last.  No records: one table of zeros, without groups.

    Source:
        docs/counting-rules.md, rules 1 to 3, 6 and 11.
    """
    cells: Counter[tuple[tuple[str, ...], str, str]] = Counter()
    shown = periods.shown((key.period for key in counts), as_at)
    label = {period: label_of(period, periods.basis) for period in {*shown, *(key.period for key in counts)}}
    for key, n in counts.items():
        for code in key.codes(basis):
            cells[key.group, label[key.period], code] += n
    rows = [(category.code, category.title) for category in scheme.categories]
    if any(code == UNCATEGORISED for _, _, code in cells):
        rows.append((UNCATEGORISED, scheme.title_of(UNCATEGORISED)))
    groups = {key.group for key in counts} or ({()} if not by else set())
    return Tally(
        by=by,
        groups=tuple(sorted(groups, key=lambda group: [(value == BLANK, value) for value in group])),
        years=tuple(label[period] for period in shown),
        categories=tuple(rows),
        counts=cells,
        markers={label[period]: "p" for period in shown if days_of(period, periods.basis)[1] > as_at},
        year_basis=periods.basis,
        counted_by=counted_by,
        basis=basis,
    )
