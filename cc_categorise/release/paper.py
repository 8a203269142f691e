"""Protected tables → the document: titles, cover, notes, shorthand explained, one sheet for each table.

Takes what may be published, returns a `Document`.  Knows nothing of exact counts, files or formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cc_categorise.dates import days_of, in_words, periods_named
from cc_categorise.disclosure.policy import Method, Policy
from cc_categorise.disclosure.tables import ProtectedTable, RefusalState
from cc_categorise.document import Document, Sheet
from cc_categorise.figures import CountReport, Tally
from cc_categorise.release.counts import CATEGORIES, count_chart, count_sheet
from cc_categorise.release.derived import Workforce, change_sheet, rates_sheet, shares_sheet
from cc_categorise.render.text import one_line
from cc_categorise.render.wording import EXACT, scheme_line, shorthand_line

_ANSWERS = {
    RefusalState.WITHHELD: "Withheld",
    RefusalState.NOT_HELD: "Not held",
    RefusalState.NEITHER: "Neither confirmed nor denied",
}
_UNIT = (
    "A record of intelligence counts once, in its primary category, in the year of its date. It is not a person, and "
    "not conduct that was proved. The figures come from a live system: later extracts can differ."
)
_UNCATEGORISED = "Uncategorised: no category could be read from the record. Other is a category of the scheme."
_DERIVED = "Changes, shares and rates are worked out from the figures as printed; none where one is not printed."
_WORKFORCE = "The workforce, how it was measured, and the day of the figure stand in each row."
_PROVISIONAL = "A year marked [p] was not over when the figures were taken: its counts will rise."
_PERIOD = "period "
_SHORTHAND = re.compile(r"\[([a-z]+)\]")


class Facts(NamedTuple):
    """Everything a document is made of.

    The report is a count without its figures; the legend says what ``[c]`` means; a force that is not known is empty.
    """

    report: CountReport
    tables: Sequence[ProtectedTable]
    policy: Policy
    legend: str
    workforce: Workforce
    per: int
    force: str
    marking: str

    @property
    def tally(self) -> Tally:
        """The names of years, categories and groups."""
        return self.report.tally


def span_of(tally: Tally) -> str:
    """Name the years of a release."""
    first, *others = tally.years
    return f"{first} to {others[-1]}" if others else first


def make_document(facts: Facts) -> Document:
    """Assemble the sheets of a release and everything that explains them.

    Raises:
        WorkforceError: No denominator is of a year of the release.
    """
    drawn = list(_sheets(facts))
    used = {key for _, keys in drawn for key in keys}
    notes = {key: text for key, text in _notes(facts) if key in used or key.startswith(_PERIOD)}
    places = {key: f"[note {number}]" for number, key in enumerate(notes, 1)}
    sheets = []
    for sheet, keys in drawn:
        marks = " ".join(places[key] for key in keys if key in places)
        sheets.append(sheet._replace(title=f"{sheet.title} {marks}".strip(), about=_legend(facts, sheet)))
    return Document(
        title=_titled(facts, "Counter-corruption intelligence by category"),
        marking=facts.marking,
        as_at=facts.report.as_at,
        cover=tuple(_cover(facts)),
        notes=tuple(notes.values()),
        sheets=tuple(sheets),
    )


def _titled(facts: Facts, what: str, *, span: bool = True) -> str:
    return ", ".join(filter(None, [what, facts.force, span_of(facts.tally) if span else ""]))


def _sheets(facts: Facts) -> Iterator[tuple[Sheet, tuple[str, ...]]]:
    """Give each sheet, and which notes belong to it."""
    tally = facts.tally
    for table in facts.tables:
        by = ", ".join(map(one_line, table.dimensions[:-2]))
        title = _titled(facts, f"Intelligence records by {f'{by}, ' if by else ''}category and year")
        if table.refusal:
            yield _refused(table, title), ("unit",)
            continue
        sheet = count_sheet(tally, table, title)
        chart = count_chart(tally, table) if table.name == CATEGORIES else None
        yield sheet._replace(chart=chart), ("unit", "uncategorised", "protection", "refused", "provisional")
    main = facts.tables[0]
    if main.refusal:
        return
    if len(tally.years) > 1:
        title = _titled(facts, f"Change from {tally.years[-2]} to {tally.years[-1]} by category", span=False)
        yield change_sheet(tally, main, title), ("unit", "derived", "provisional")
    title = _titled(facts, "Uncategorised and other intelligence records as a share of all")
    yield shares_sheet(tally, main, title), ("uncategorised", "derived", "provisional")
    if facts.workforce.of:
        title = _titled(facts, f"Intelligence records per {facts.per:,} of the workforce, by category and year")
        rates = rates_sheet(tally, facts.tables, facts.workforce, facts.per, title)
        yield rates, ("unit", "derived", "workforce", "provisional")


def _refused(table: ProtectedTable, title: str) -> Sheet:
    assert table.refusal is not None  # noqa: S101 - the caller looked
    answer, exemption, reason = _ANSWERS[table.refusal.state], table.refusal.exemption, table.refusal.reason
    row = (title, answer, exemption or "none", reason or "none given")
    headers = ("Information", "Answer", "Exemption", "Reason")
    tidy = (tuple(header.lower() for header in headers), row)
    return Sheet(table.name, title, headers=headers, rows=(row,), tidy=tidy)


def _legend(facts: Facts, sheet: Sheet) -> tuple[str, ...]:
    texts = [text for row in (sheet.headers, *sheet.rows) for text in row if isinstance(text, str)]
    used = dict.fromkeys(letters for text in texts for letters in _SHORTHAND.findall(text))
    meanings = {"c": f"[c] {facts.legend}", "x": "[x] refused, and can stand for 0: see the notes"}
    lines = [meanings.get(letters) or shorthand_line(letters, facts.report) for letters in sorted(used)]
    return (f"Shorthand: {'; '.join(lines)}.",) if lines else ()


def _cover(facts: Facts) -> Iterator[str]:
    tally, report = facts.tally, facts.report
    numbers = [periods_named(name, tally.year_basis)[0] for name in (tally.years[0], tally.years[-1])]
    first, last = (days_of(number, tally.year_basis) for number in numbers)
    if facts.force:
        yield f"Published by: {facts.force}"
    yield f"Period: {in_words(first[0])} to {in_words(last[1])}, in {tally.year_basis} years"
    yield f"Counted by the date {tally.counted_by}"
    yield scheme_line(report)
    if not all(table.refusal for table in facts.tables):
        yield _protection(facts)
    yield "Each sheet holds one table. The same tables come as CSV files; manifest.json holds the digest of every file."


def _protection(facts: Facts) -> str:
    policy = facts.policy
    match policy.method:
        case Method.SUPPRESS:
            small = f"counts below {policy.threshold}, and others that would give them away"
            return f"Small numbers are protected: {small}, are suppressed."
        case Method.ROUND:
            enough = "where that is not enough, it is suppressed"
            return f"Small numbers are protected: every count is rounded to a multiple of {policy.base}; {enough}."
        case Method.NONE:
            return EXACT


def _notes(facts: Facts) -> Iterator[tuple[str, str]]:
    """Give the notes by what they are about, in order."""
    policy, years = facts.policy, facts.tally.years
    yield "unit", _UNIT
    yield "uncategorised", _UNCATEGORISED
    if policy.method is not Method.NONE:
        sums = " Rounded totals can differ from the sum of their parts." if policy.method is Method.ROUND else ""
        yield "protection", f"{_protection(facts)}{sums}"
    yield "derived", _DERIVED
    if facts.workforce.of:
        yield "workforce", _WORKFORCE
    if refused := [cells for cells in policy.refusals if cells.where]:
        told = (f"{_ANSWERS[cells.state]} ({cells.exemption or 'no exemption'}): {cells.reason}" for cells in refused)
        yield "refused", " ".join(["Cells marked [x] are refused.", *dict.fromkeys(told)])
    if any(facts.tally.markers.get(year) for year in years):
        yield "provisional", _PROVISIONAL
    for number, note in enumerate(facts.report.notes, 1):
        yield f"{_PERIOD}{number}", one_line(note)
