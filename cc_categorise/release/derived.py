"""What is worked out from a protected table: change, shares, rates, each only from numbers that are printed.

Takes protected tables, returns sheets.  No exact count ever comes here, so that no figure can give one away.  Knows
nothing of how a number was protected, nor of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from cc_categorise.dates import in_words
from cc_categorise.disclosure.tables import TOTAL, Coordinates, ProtectedTable, Published
from cc_categorise.document import Cell, Group, Sheet
from cc_categorise.errors import WorkforceError
from cc_categorise.figures import Tally
from cc_categorise.model import UNCATEGORISED
from cc_categorise.release.counts import TOTAL_TITLE, Shorthand, bar, chart_of, lines_of, shown
from cc_categorise.release.workforce import Denominator, Workforce
from cc_categorise.render.wording import year_headings

OTHER = "other"
_CHANGE_COLUMNS = (
    *("year", "year_before", "category_code", "category"),
    *("records_before", "records", "change", "change_percent"),
)
_RATE_COLUMNS = (*("force", "year", "category_code", "category"), *("records", "workforce", "measure", "as_at", "rate"))
_TENTH = Decimal("0.1")
_NOT_APPLICABLE, _NOT_AVAILABLE = Shorthand("[z]"), Shorthand("[x]")


def change_sheet(tally: Tally, table: ProtectedTable, title: str) -> Sheet:
    """Set the last year beside the one before: both counts, the change, and its per cent of the year before."""
    before, year = tally.years[-2:]
    rows = []
    for code, text in (*lines_of(tally), (TOTAL, TOTAL_TITLE)):
        rows.append((code, text, *change_of(table.cells[before, code], table.cells[year, code])))
    bars = tuple(Group(str(row[1]), (bar("", row[4]),)) for row in rows[:-1])
    return Sheet(
        name="change",
        title=title,
        headers=("Category", *year_headings(tally)[-2:], "Change", "Change (%)"),
        rows=tuple((row[1], *row[2:]) for row in rows),
        n_totals=1,
        chart=chart_of(f"Change from {before} to {year} by category", bars),
        tidy=_tidy(_CHANGE_COLUMNS, [(year, before, *row) for row in rows]),
    )


def change_of(before: Published, after: Published) -> tuple[Cell, Cell, Cell, Cell]:
    """Give both numbers, the change and its per cent; shorthand where a number is not shown."""
    if (kept := hidden(before, after)) is not None:
        return shown(before), shown(after), kept, kept
    change = (after.value or 0) - (before.value or 0)
    return shown(before), shown(after), change, percentage(change, before.value or 0)


def shares_sheet(tally: Tally, table: ProtectedTable, title: str) -> Sheet:
    """Give, year by year, the share of records that are uncategorised, or other."""
    codes = [(code, text) for code, text in lines_of(tally) if code in (UNCATEGORISED, OTHER)]
    rows, groups, tidy = [], [], []
    for year, heading in zip(tally.years, year_headings(tally), strict=True):
        total = table.cells[year, TOTAL]
        cells: list[Cell] = [shown(total)]
        shares = {}
        for code, text in codes:
            part = table.cells[year, code]
            shares[text] = hidden(part, total) or percentage(part.value or 0, total.value or 0)
            cells += [shown(part), shares[text]]
        rows.append((heading, *cells))
        tidy.append((year, *cells))
        groups.append(Group(year, tuple(bar(text, share) for text, share in shares.items())))
    titles = [head for _, text in codes for head in (text, f"{text} (%)")]
    names = [name for code, _ in codes for name in (code, f"{code}_percent")]
    return Sheet(
        name="shares",
        title=title,
        headers=("Year", "Records", *titles),
        rows=tuple(rows),
        chart=chart_of("Per cent of records that are uncategorised, or other", tuple(groups)),
        tidy=_tidy(("year", "records", *names), tidy),
    )


def rates_sheet(tally: Tally, tables: Sequence[ProtectedTable], workforce: Workforce, per: int, title: str) -> Sheet:
    """Give a rate for each year and category that has a denominator: of all, and of single forces.

    Raises:
        WorkforceError: No denominator is of a year and force of the release.
    """
    rows, tidy = [], []
    for table, place, base in _places(tables, workforce):
        force, year = (TOTAL, *place)[-2:]
        for code, text in (*lines_of(tally), (TOTAL, TOTAL_TITLE)):
            cell = table.cells[*place, code]
            rate = hidden(cell) or _tenths(Decimal(cell.value or 0) * per / base.size)
            figures = (shown(cell), base.size, base.measure)
            rows.append(("All" if force == TOTAL else force, year, text, *figures, in_words(base.as_at), rate))
            tidy.append((force, year, code, text, *figures, base.as_at.isoformat(), rate))
    if not rows:
        hint = f"years of the release: {', '.join(tally.years)}; forces as in the export, with --by force"
        raise WorkforceError("no row of the workforce file is of a year of the release", hint=hint)
    return Sheet(
        name="rates",
        title=title,
        headers=("Force", "Year", "Category", "Records", "Workforce", "Measure", "As at", f"Rate per {per:,}"),
        rows=tuple(rows),
        n_heads=3,
        tidy=_tidy(_RATE_COLUMNS, tidy),
    )


def _places(
    tables: Sequence[ProtectedTable], workforce: Workforce
) -> Iterator[tuple[ProtectedTable, Coordinates, Denominator]]:
    """Give the years of each table, and of each force where it is by force, that have a denominator."""
    for table in tables:
        by = table.dimensions[:-2]
        for (force, year), base in workforce.of.items():
            place = (force, year) if force else (year,)
            if by == ("force",) * bool(force) and (*place, TOTAL) in table.cells:
                yield table, place, base


def hidden(*cells: Published) -> Shorthand | None:
    """Give the shorthand of a figure that rests on a number which is not printed."""
    found = [Shorthand(shown(cell)) for cell in cells if cell.value is None]
    if not found:
        return None
    return next((text for text in found if text != "[low]"), _NOT_AVAILABLE)


def percentage(part: int, whole: int) -> Cell:
    """Give a share or a change in per cent, to a tenth; ``[z]`` where there is nothing to take it of."""
    return _tenths(Decimal(100 * part) / whole) if whole else _NOT_APPLICABLE


def _tenths(number: Decimal) -> Decimal:
    return number.quantize(_TENTH, ROUND_HALF_UP) + 0  # no minus before a nought


def _tidy(names: tuple[str, ...], rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell | None, ...], ...]:
    """Lay rows out for a program: shorthand apart from figures, in a column of its own."""
    tidy: list[tuple[Cell | None, ...]] = [(*names, "marker")]
    for row in rows:
        markers = dict.fromkeys(re.sub(r"[][]", "", cell) for cell in row if isinstance(cell, Shorthand))
        tidy.append((*(None if isinstance(cell, Shorthand) else cell for cell in row), " ".join(markers)))
    return tuple(tidy)
