"""Two tables of counts → what differs: changes, revisions, series breaks, records that moved.

Takes and returns values.  A number that is protected gives no change; of two counts it is said whether they differ by
more than chance.  Knows nothing of files or layout.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, NamedTuple

from cc_categorise.dates import days_of, periods_named
from cc_categorise.disclosure.tables import TOTAL, Published
from cc_categorise.errors import TallyError
from cc_categorise.figures import CrosswalkMark
from cc_categorise.model import UNCATEGORISED
from cc_categorise.options import YearBasis

Group = tuple[str, ...]
Where = tuple[str, str]
"""A year, and the code of a category."""

MORE, WITHIN, UNTESTED = "more than chance", "within chance", "not tested"
ROUNDED = "rounded to"
"""Fact about a side: its numbers are multiples of a base, and so are no counts that can be tested."""

LEVEL = 0.05
"""A difference is said to be more than chance where its adjusted probability is below this."""
_EXACT = 10_000  # beyond it whole numbers take seconds, and logarithms are right to ten digits
_MUST_AGREE = ("year basis", "unit")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two tables."""

    name: str  # file or folder, as it was named
    by: tuple[str, ...]  # names of the breakdowns
    years: tuple[str, ...]  # labels of the periods, first to last
    titles: Mapping[str, str]  # titles of the categories by code, in order; `TOTAL` last
    cells: Mapping[tuple[Group, str, str], Published]  # what is shown, by group, year and code
    provisional: frozenset[str] = frozenset()  # years that were not over
    # what is known of it besides, such as ``scheme``, ``counted by`` and ``as at``
    facts: Mapping[str, str] = field(default_factory=dict)
    # where each record stands, by force and reference; None where records are not at hand
    records: Mapping[tuple[str, str], Where] | None = None
    # what labels were read by besides the scheme; None where that is not known
    crosswalk: tuple[CrosswalkMark, ...] | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """Values of the breakdowns, in order."""
        return tuple(dict.fromkeys(group for group, _, _ in self.cells)) or ((),)

    def cell(self, group: Group, year: str, code: str) -> Published:
        """Give a cell: ``z`` where there is no such category, ``x`` where there is no such group or year."""
        found = self.cells.get((group, year, code))
        if found is None and code == UNCATEGORISED and (group, year, TOTAL) in self.cells:
            return Published(0)
        return found or Published(None, ("x" if code in self.titles else "z",))

    def rulings(self, year: str) -> frozenset[tuple[str | date | None, ...]]:
        """Give what a crosswalk says in a year: categories, what is said, and between which days if not all year."""
        if not self.crosswalk:
            return frozenset()
        basis = YearBasis(self.facts["year basis"])
        begin, end = days_of(periods_named(year, basis)[0], basis)
        found = set()
        for mark in self.crosswalk:
            first, last = mark.valid_from or begin, mark.valid_to or end
            if first <= end and last >= begin:
                days = first if first > begin else None, last if last < end else None
                found.add((mark.category_code, mark.sha256, *days))
        return frozenset(found)

    def summed(self) -> Side:
        """Give the same without breakdowns."""
        cells: dict[tuple[Group, str, str], Published] = {}
        groups = [group for group in self.groups if TOTAL not in group]
        for year, code in dict.fromkeys((year, code) for _, year, code in self.cells):
            cells[(), year, code] = total_of(self.cell(group, year, code) for group in groups)
        return replace(self, by=(), cells=cells) if self.by else self


def total_of(cells: Iterable[Published]) -> Published:
    """Add cells up; a sum with a hidden number in it is not available."""
    values = [cell.value for cell in cells]
    shown = [value for value in values if value is not None]
    return Published(sum(shown)) if len(shown) == len(values) else Published(None, ("x",))


class Figure(NamedTuple):
    """One figure that differs, or the figures of one category in two years."""

    # ``revision``: the same year, counted twice; ``change``: from one year to a later one
    kind: Literal["revision", "change"]
    group: Group  # values of the breakdowns
    year_before: str  # year of the number before
    year: str  # year of the number after
    code: str  # code of the category, `TOTAL` for all
    category: str
    before: Published
    after: Published
    p: float | None  # probability of such a difference by chance, adjusted; None where it is not tested
    markers: tuple[str, ...]  # ``b`` series break, ``r`` revised, ``p`` provisional

    @property
    def change(self) -> int | None:
        """The difference; None where a number is not shown."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def chance(self) -> str:
        """Whether the difference is more than chance."""
        if self.p is None:
            return UNTESTED
        return MORE if self.p < LEVEL else WITHIN


class Moved(NamedTuple):
    """A record that stands elsewhere; year and category are empty where it is not counted."""

    force: str
    reference: str
    what: Literal["year", "category", "year and category", "gone", "new"]
    year_before: str
    code_before: str
    year: str
    code: str


class Comparison(NamedTuple):
    """What differs between two tables: revisions, then changes; and the records that moved.

    ``broken`` are the codes of categories that the editions of the two sides do not hold alike.
    """

    before: Side
    after: Side
    figures: tuple[Figure, ...]
    records: tuple[Moved, ...]
    broken: frozenset[str] = frozenset()

    def breaks(self, first: tuple[Side, str], last: tuple[Side, str]) -> frozenset[str]:
        """Give the codes of categories whose series breaks between two years, each of a side."""
        (left, year_before), (right, year) = first, last
        broken = self.broken if left is not right else frozenset()
        if left.crosswalk is None or right.crosswalk is None:
            return broken
        return broken | {str(code) for code, *_ in left.rulings(year_before) ^ right.rulings(year)}


def compare(before: Side, after: Side, broken: frozenset[str] = frozenset()) -> Comparison:
    """Hold two tables against each other.

    Of the years that both have, the figures that differ are revisions.  Where the last year of ``after`` is not in
    ``before``, every category is compared with the last year of ``before``: with its figure in ``after``, if that year
    is there, so that both numbers are of one extract.

    ``broken`` are the codes of categories that the editions of the two do not hold alike.

    Raises:
        TallyError: They are of different units or cut time differently.
    """
    for fact in _MUST_AGREE:
        if len({side.facts[fact] for side in (before, after) if fact in side.facts}) > 1:
            raise TallyError(f"the two have not the same {fact}", where=f"{before.name}, {after.name}")
    if before.by != after.by:
        before, after = before.summed(), after.summed()
    empty = Comparison(before, after, (), tuple(_moved(before, after)), broken)
    figures = [figure for year in after.years if year in before.years for figure in _revised(empty, year)]
    return empty._replace(figures=(*figures, *_changed(empty)))


def _revised(of: Comparison, year: str) -> Iterator[Figure]:
    for figure in _figures(of, "revision", (of.before, year), (of.after, year)):
        if figure.before.value != figure.after.value:
            yield figure._replace(markers=(*figure.markers, *(("r",) if figure.change else ())))


def _changed(of: Comparison) -> list[Figure]:
    if not of.before.years or not of.after.years or of.after.years[-1] in of.before.years:
        return []
    base = of.before.years[-1]
    first = of.after if base in of.after.years else of.before
    figures = list(_figures(of, "change", (first, base), (of.after, of.after.years[-1])))
    return figures if {ROUNDED} & {*of.before.facts, *of.after.facts} else _tested(figures)


def from_year_to_year(side: Side, first: str, last: str) -> list[Figure]:
    """Compare two years of one table, category by category, the total last."""
    return _tested(list(_figures(Comparison(side, side, (), ()), "change", (side, first), (side, last))))


def _figures(
    of: Comparison, kind: Literal["revision", "change"], first: tuple[Side, str], second: tuple[Side, str]
) -> Iterator[Figure]:
    (left, year_before), (right, year) = first, second
    titles = {**of.after.titles, **of.before.titles, **of.after.titles}
    titles[TOTAL] = titles.pop(TOTAL)
    broken = of.breaks(first, second)
    provisional = ("p",) * (year in right.provisional or year_before in left.provisional)
    for group in dict.fromkeys((*right.groups, *left.groups)):
        for code, title in titles.items():
            cells = left.cell(group, year_before, code), right.cell(group, year, code)
            markers = (*("b",) * (code in broken), *provisional)
            yield Figure(kind, group, year_before, year, code, title, *cells, None, markers)


def _tested(figures: list[Figure]) -> list[Figure]:
    """Test each change that can be: two numbers, two whole years, one edition.  Totals are adjusted by themselves."""
    tests = [place for place, figure in enumerate(figures) if figure.change is not None and not figure.markers]
    for is_total in (False, True):
        family = [place for place in tests if (figures[place].code == TOTAL) is is_total]
        pairs = [(figures[place].before.value or 0, figures[place].after.value or 0) for place in family]
        for place, p in zip(family, holm([p_value(*pair) for pair in pairs]), strict=True):
            figures[place] = figures[place]._replace(p=p)
    return figures


def _moved(before: Side, after: Side) -> Iterator[Moved]:
    """Give the records of both tables that stand elsewhere, and those of a common year that only one has."""
    if before.records is None or after.records is None:
        return
    for key in sorted(before.records.keys() | after.records.keys()):
        then, now = before.records.get(key), after.records.get(key)
        if then and now and then != now:
            told = [name for name, one, other in zip(("year", "category"), then, now, strict=True) if one != other]
            yield Moved(*key, " and ".join(told), *then, *now)  # type: ignore[arg-type]
        elif then and not now and then[0] in after.years:
            yield Moved(*key, "gone", *then, "", "")
        elif now and not then and now[0] in before.years:
            yield Moved(*key, "new", "", "", *now)


def p_value(before: int, after: int) -> float:
    """Give the two-sided probability of two counts as far apart as these, if both have the same rate.

    Given their sum n, the first is then binomial with n trials and probability 1/2: the test is exact, and twice the
    smaller tail.  There is no mid-p: a difference that is chance is taken for more in at most 5 of 100 cases, never
    in 6.  Both counts are of stretches of time of one length; a leap day is neglected.

    Source:
        Przyborowski and Wilenski, Homogeneity of results in testing samples from Poisson series, Biometrika 31, 1940.
    """
    if before == after:
        return 1.0
    n, k = before + after, min(before, after)
    if n <= _EXACT:
        term = math.comb(n, k) / 2**n  # whole numbers: the division alone rounds
    else:
        term = math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2))
    tail = 0.0
    while k >= 0 and term > tail * 1e-17:
        tail += term
        term *= k / (n - k + 1)
        k -= 1
    return min(1.0, 2 * tail)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust probabilities for how many there are, in the order given.

    Source:
        Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979.
    """
    adjusted = [0.0] * len(p_values)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted
