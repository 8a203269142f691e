"""What differs between two tables → a document for a reader, rows for a program, a chart.

Takes a `Comparison`, returns text.  Knows nothing of files or of how a difference was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from cc_categorise.compare.changes import Comparison, Figure, Moved, Side
from cc_categorise.dates import in_words
from cc_categorise.disclosure.tables import TOTAL
from cc_categorise.document import Cell, Chart, Document, Group, Sheet
from cc_categorise.figures import Listing, Listings
from cc_categorise.model import UNCATEGORISED
from cc_categorise.options import Format
from cc_categorise.release.counts import Shorthand, bar, shown
from cc_categorise.release.derived import apart, change_of
from cc_categorise.render.grid import ONE_SCALE

FIGURE_COLUMNS = (
    *("year_before", "year", "category_code", "category", "before", "after", "change", "change_percent"),
    *("chance", "p", "marker"),
)
_LEGEND = {
    "b": "[b] series break: category scheme or crosswalk changed, the two figures are not comparable",
    "p": "[p] provisional: a period was not over, or only a part of it was counted",
    "r": "[r] revised: the same period was counted again, with another result",
    "c": "[c] confidential: protected, so no change is worked out",
    "x": "[x] not available",
    "z": "[z] not applicable",
}
_LEAST_P = 0.001
METHOD = (
    "More than chance: if both years had the same rate, counts as far apart as these would be seen less than 5 times "
    "in 100 (exact conditional test of two Poisson counts, two-sided; categories adjusted for their number after Holm, "
    "the total by itself). Within chance does not mean that nothing changed. Records that come in series, such as "
    "several on one officer, make chance differences larger than the test takes them for."
)
UNTESTED = "Not tested: a number is not shown or rounded, a period is not over, or the series breaks."
_REVISIONS = "Revisions are not tested: both figures are counts of the same period."


def laid_out(of: Comparison, fmt: Format, marking: str, *, only_records: bool = False) -> Listing | Listings | Document:
    """Lay a comparison out for a format; in CSV, ``only_records`` gives the records that moved, not the figures."""
    columns = ("kind", *of.after.by, *FIGURE_COLUMNS)
    figures = Listing(columns, [*map(_flat, of.figures)], name="figures")
    records = Listing(Moved._fields, of.records, name="records")
    match fmt:
        case Format.CSV:
            return records if only_records else figures
        case Format.JSON:
            return Listings("", {"before": _told(of.before), "after": _told(of.after)}, (figures, records))
        case _:
            return document(of, marking)


def summary(of: Comparison) -> str:
    """Say in one line how much differs."""
    n = sum(figure.kind == "revision" for figure in of.figures)
    is_known = of.before.records is not None and of.after.records is not None
    moved = f"{len(of.records):,} records moved" if is_known else "records are not at hand on both sides"
    return f"{n:,} figures differ for one period, {len(of.figures) - n:,} are compared with another period; {moved}"


def document(of: Comparison, marking: str) -> Document:
    """Lay a comparison out as a page: a table of changes, of revisions, of records, each if there is any."""
    changes = [figure for figure in of.figures if figure.kind == "change"]
    revisions = [figure for figure in of.figures if figure.kind == "revision"]
    sheets = [_series_sheet(of)] if of.figures else []
    if changes:
        sheets.append(change_sheet(changes, of.after.by))
    if revisions:
        sheets.append(_revision_sheet(revisions, of.after.by))
    if of.records:
        sheets.append(_record_sheet(of))
    notes = [*([METHOD, UNTESTED] if changes else []), *([_REVISIONS] if revisions else [])]
    cover = [f"Before: {_about(of.before)}", f"After: {_about(of.after)}", *_differences(of)]
    as_at = date.fromisoformat(of.after.facts["as at"]) if "as at" in of.after.facts else date.min
    title = "Comparison of two counts of intelligence records"
    return Document(title, marking, as_at, (*cover, f"{summary(of)}."), tuple(notes), tuple(sheets))


def change_sheet(figures: Sequence[Figure], by: tuple[str, ...] = ()) -> Sheet:
    """Set two years side by side, with the change and whether it is more than chance."""
    years = figures[0].year_before, figures[0].year
    rows = [(*figure.group, figure.category, *_numbers(figure), figure.chance, _p(figure)) for figure in figures]
    headers = (*by, "Category", *years, "Change", "Change (%)", "Is it chance?", "Adjusted p")
    return _sheet("change", f"Change from {years[0]} to {years[1]}", headers, rows, _marks(figures))


def _revision_sheet(figures: Sequence[Figure], by: tuple[str, ...]) -> Sheet:
    rows = [(figure.year, *figure.group, figure.category, *_numbers(figure)) for figure in figures]
    headers = ("Period", *by, "Category", "Before", "After", "Change", "Change (%)")
    return _sheet("revisions", "Figures that differ for the same period", headers, rows, _marks(figures))


def _series_sheet(of: Comparison) -> Sheet:
    """Lay `series_chart` out as a table beside it."""
    chart = series_chart(of)
    headers = ("Category", *sorted({*of.before.years, *of.after.years}))
    rows: list[tuple[Cell, ...]] = [
        (group.label, *(Shorthand(bar.text) if bar.value is None else bar.value for bar in group.bars))
        for group in chart.groups
    ]
    marks = ["; ".join(bar.name for bar in group.bars if "[" in bar.name) for group in chart.groups]
    return _sheet("series", chart.title, headers, rows, marks)._replace(chart=chart)


def _marks(figures: Sequence[Figure]) -> list[str]:
    return [" ".join(f"[{mark}]" for mark in figure.markers) for figure in figures]


def _sheet(
    name: str, title: str, headers: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], marks: Sequence[str]
) -> Sheet:
    """Lay figures out, with a column for the shorthand that stands beside numbers where there is any."""
    if any(marks):
        headers, rows = (*headers, "Shorthand"), [(*row, mark or "none") for row, mark in zip(rows, marks, strict=True)]
    about = _legend(cell for row in rows for cell in row if isinstance(cell, str))
    return Sheet(name, title, about, headers, tuple(rows), n_heads=headers.index("Category") + 1)


def _legend(texts: Iterable[str]) -> tuple[str, ...]:
    used = " ".join(texts)
    return tuple(text for mark, text in _LEGEND.items() if f"[{mark}]" in used)


def _record_sheet(of: Comparison) -> Sheet:
    titles = {**of.before.titles, **of.after.titles, UNCATEGORISED: "Uncategorised", "": "-"}
    has_forces = any(each.force for each in of.records)
    rows = []
    for each in of.records:
        then = each.year_before or "-", titles[each.code_before]
        now = each.year or "-", titles[each.code]
        rows.append((*[each.force or "-"] * has_forces, each.reference, each.what, *then, *now))
    sides = ("Period before", "Category before", "Period after", "Category after")
    headers = (*["Force"] * has_forces, "Reference", "What moved", *sides)
    about = ("Gone and new: counted on one side only, in a period that both have.",)
    return Sheet("records", "Records that stand elsewhere", about, headers, tuple(rows))


def series_chart(of: Comparison) -> Chart:
    """Draw every category over all periods; where both have one, it is the later count, marked ``[r]`` if revised."""
    before, after = of.before.summed(), of.after.summed()
    years = sorted({*before.years, *after.years})
    titles = {code: title for code, title in {**before.titles, **after.titles}.items() if code != TOTAL}
    groups = []
    for code, title in titles.items():
        bars, last = [], None
        for year in years:
            sides = [side for side in (before, after) if year in side.years]
            values = {side.cell((), year, code).value for side in sides}
            is_broken = last is not None and code in of.breaks(last, (sides[-1], year))
            marks = {"r": len(values - {None}) > 1, "b": is_broken, "p": year in sides[-1].provisional}
            name = " ".join([year, *(f"[{mark}]" for mark, is_due in marks.items() if is_due)])
            bars.append(bar(name, shown(sides[-1].cell((), year, code))))
            last = sides[-1], year
        groups.append(Group(title, tuple(bars)))
    about = _legend(text for group in groups for each in group.bars for text in (each.name, each.text))
    description = " ".join([ONE_SCALE, *(f"{line}." for line in about)])
    return Chart("Intelligence records by category and period", description, tuple(groups), is_multiple=True)


def _numbers(figure: Figure) -> tuple[Cell, Cell, Cell, Cell]:
    return change_of(figure.before, figure.after)


def _flat(figure: Figure) -> tuple[Cell | None, ...]:
    """Give a row for a program: shorthand apart from figures, in a column of its own."""
    values, told = apart(_numbers(figure))
    marks = dict.fromkeys([*figure.markers, *told])
    p = None if figure.p is None else Decimal(f"{figure.p:.4f}")
    heads = (figure.kind, *figure.group, figure.year_before, figure.year, figure.code, figure.category)
    return (*heads, *values, figure.chance, p, " ".join(marks))


def _p(figure: Figure) -> str:
    if figure.p is None:
        return "[z]"
    return f"{figure.p:.3f}" if figure.p >= _LEAST_P else f"under {_LEAST_P}"


def _about(side: Side) -> str:
    facts = {**side.facts}
    if "as at" in facts:
        facts["as at"] = in_words(date.fromisoformat(facts["as at"]))
    return "; ".join([side.name, *(f"{name} {fact}" for name, fact in facts.items())])


def _told(side: Side) -> dict[str, object]:
    names = ("scheme", "year basis", "counted by", "unit", "as at")
    return {"name": side.name, **{name.replace(" ", "_"): side.facts.get(name) for name in names}, "years": side.years}


def _differences(of: Comparison) -> Iterator[str]:
    """Say what is not alike on both sides, and so may stand behind every difference."""
    for name in ("counted by", "scheme"):
        facts = [side.facts[name] for side in (of.before, of.after) if name in side.facts]
        if len(set(facts)) > 1:
            yield f"The two differ in {name}: {facts[0]}, and {facts[1]}."
    for one, other in ((of.before, of.after), (of.after, of.before)):
        if only := [year for year in one.years if year not in other.years]:
            yield f"Only in {one.name}: {', '.join(only)}."
