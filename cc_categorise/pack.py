"""A run → the page for a strategic threat assessment: counts and change, source, grades, RAG, share of other, caveats.

Takes exports and options, returns a `Document`.  Knows nothing of terminals or formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from cc_categorise import api
from cc_categorise.compare.changes import from_year_to_year
from cc_categorise.compare.paper import METHOD, UNTESTED, change_sheet
from cc_categorise.compare.sides import side_of
from cc_categorise.document import Cell, Document, Sheet
from cc_categorise.errors import UsageError
from cc_categorise.figures import Tally
from cc_categorise.grading import RAG, read_grade, read_rag
from cc_categorise.model import BLANK
from cc_categorise.options import Basis, RunOptions, YearBasis
from cc_categorise.pipeline import OnBytes, Outcome
from cc_categorise.plan import plan_run
from cc_categorise.release.counts import count_sheet, exact_tables
from cc_categorise.release.derived import percentage, shares_sheet
from cc_categorise.render.grid import tally_chart
from cc_categorise.render.wording import reconciliation_line, scope_lines, year_headings

MOST_YEARS, FEWEST_YEARS = 5, 3
UNREAD, FURTHER = "Not recognised", "Further values"
_MOST_VALUES, _LONGEST_VALUE = 12, 60
_READERS: Mapping[str, Callable[[str], str]] = {
    "source": str,
    "grade": lambda text: " ".join(read_grade(text) or (UNREAD,)),
    "rag": lambda text: read_rag(text) or UNREAD,
}
_TITLES = {"source": "Source of intelligence", "grade": "Grades of source and information", "rag": "Red, amber, green"}
_ABOUT = {
    "source": "As written in the export: the most frequent values by name, the others together.",
    "grade": "3x5x2: source 1 to 3, information A to E. 5x5x5, the older scheme: source A to E, information 1 to 5. "
    "The two are kept apart and never converted. Handling codes are left out.",
    "rag": "The force's own priority; no grade of truth.",
}
_CAVEATS = (
    "A count is of intelligence records: not of people, and not of conduct that was proved.",
    "More records can mean more corruption, or better reporting.",
    "Uncategorised: no category could be read. Other is a category of the scheme. Both hide what the record is about.",
    "The figures come from a live system: later extracts can differ.",
    "The figures are exact and small ones can point to a person: this page is not for publication.",
)


def make_pack(
    exports: Sequence[str], options: RunOptions, marking: str, on_bytes: OnBytes | None = None
) -> tuple[Document, Outcome]:
    """Count exports, and lay out the page; give the run behind it, too.

    The last `MOST_YEARS` years are shown, unless the options name others.  Columns for source, grade and RAG are used
    where every export has them.

    Raises:
        UsageError: The options are not those of a pack.
    """
    if options.by or options.basis is Basis.ALL or options.year in (YearBasis.QUARTER, YearBasis.MONTH):
        hint = "leave out --by, --basis all, and --year quarter or month"
        raise UsageError("a pack is by year, source, grade and RAG, and counts each record once", hint=hint)
    if "-" in exports:
        raise UsageError("a pack reads its exports more than once", hint="give a file instead of -")
    plans = plan_run(exports, options, as_at=api.as_at_of(options)).plans
    held = (field for field in _READERS if all(plan.columns.find(field) is not None for plan in plans))
    options = options._replace(as_at=api.as_at_of(options), by=tuple(held))
    outcome = api.run(exports, options, on_bytes)
    years = outcome.tally.years
    if len(years) > MOST_YEARS and not (options.periods or options.start or options.end):
        outcome = api.run(exports, options._replace(periods=years[-MOST_YEARS:]), on_bytes)
    return _document(outcome, marking), outcome


def _document(outcome: Outcome, marking: str) -> Document:
    tally, report = outcome.tally, outcome.report
    shown = exact_tables(tally)[0].printed()
    counts = count_sheet(tally, shown, "Intelligence records by category and year")
    chart = tally_chart(tally, "Intelligence records by category and year")
    sheets = [counts._replace(chart=chart), *_changes(outcome)]
    sheets += [_mix(tally, place, field) for place, field in enumerate(tally.by)]
    sheets.append(shares_sheet(tally, shown, "Share of records that are uncategorised, or other"))
    force = outcome.settled.run.profile.force or ""
    title = ", ".join(filter(None, ["Counter-corruption strategic threat assessment: intelligence picture", force]))
    cover = (*scope_lines(report), f"{reconciliation_line(report.reconciliation)}.", *report.notes)
    return Document(title, marking, report.as_at, cover, tuple(_notes(outcome)), tuple(sheets))


def _changes(outcome: Outcome) -> Iterator[Sheet]:
    """Compare the last whole year with the one before it, and with the first."""
    side = side_of(outcome).summed()
    whole = [year for year in side.years if year not in side.provisional]
    for first in dict.fromkeys((*whole[-2:-1], *whole[:1])):
        if first != whole[-1]:
            sheet = change_sheet(from_year_to_year(side, first, whole[-1]))
            yield sheet._replace(name=f"change_{len(whole) - whole.index(first) - 1}", n_totals=1)


def _mix(tally: Tally, place: int, field: str) -> Sheet:
    """Count by what the cells of one column are read as, with the share of each in all years."""
    read: Counter[tuple[str, str]] = Counter()
    for (group, year, _), n in tally.counts.items():
        value = group[place]
        read[BLANK if value in ("", BLANK) else _READERS[field](value), year] += n
    values: list[str | None] = [*_ordered(field, read)]
    counts: Counter[tuple[str | None, str]] = Counter()
    for (value, year), n in read.items():
        counts[value if value in values else None, year] += n
    values += [None] * any(value is None for value, _ in counts)

    def row(title: str, of: list[int]) -> tuple[Cell, ...]:
        return title, *of, sum(of), percentage(sum(of), read.total())

    rows = [row(FURTHER if value is None else value, [counts[value, year] for year in tally.years]) for value in values]
    rows.append(row("Total", [sum(n for (_, at), n in read.items() if at == year) for year in tally.years]))
    return Sheet(
        name=field,
        title=f"{_TITLES[field]} by year",
        about=(_ABOUT[field],),
        headers=(_TITLES[field], *year_headings(tally), "Total", "Share (%)"),
        rows=tuple(rows),
        n_totals=1,
    )


def _ordered(field: str, counts: Mapping[tuple[str, str], int]) -> list[str]:
    """Give the values to show by name, in order: those of a grading or of RAG, else the most frequent ones."""
    totals: Counter[str] = Counter()
    for (value, _), n in counts.items():
        totals[value] += n
    last = [value for value in (UNREAD, BLANK) if value in totals]
    if field == "rag":
        return [*(value for value in RAG if value in totals), *last]
    if field == "grade":
        return [*sorted(set(totals) - set(last)), *last]
    short = [value for value in totals if len(value) <= _LONGEST_VALUE and value != BLANK]
    return [*sorted(short, key=lambda value: (-totals[value], value))[:_MOST_VALUES], *last]


def _notes(outcome: Outcome) -> Iterator[str]:
    tally = outcome.tally
    yield from _CAVEATS
    if missing := [field for field in _READERS if field not in tally.by]:
        yield f"Not every export has a column for {', '.join(missing)}: name it with --map."
    if (n := len(tally.years)) < FEWEST_YEARS:
        yield f"Only {n} year{'s'[: n > 1]}: too few for a trend."
    if partial := [year for year in tally.years if tally.markers.get(year)]:
        yield f"{', '.join(partial)} was not over when the figures were taken, and is left out of the changes."
    if cut := outcome.report.partial:
        yield f"Of {', '.join(cut)} only a part was counted; left out of the changes."
    yield METHOD
    yield UNTESTED
