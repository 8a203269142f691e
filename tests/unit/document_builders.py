"""Documents to lay out, with what a layout might trip over; every figure is invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cc_categorise.document import Bar, Cell, Chart, Document, Group, Sheet

LONG = "Commit, incite, aid and abet, or assist an offender in the commission of, a crime"
FORMULAS = ("=1+1", "+44", "-cmd", "@SUM(1)", "\t=tab", "http://example.org/", "  two  spaces")

CHART = Chart(
    "Number of records by category, 2021/22 and 2022/23",
    "Highest: Other, 2022/23: 1,240.",
    (
        Group("Infiltration", (Bar("2021/22", None, "[c]"), Bar("2022/23", 0, "0"))),
        Group(LONG, (Bar("2021/22", 310, "310"), Bar("2022/23", -155, "-155"))),
        Group("Other", (Bar("2021/22", 1, "1"), Bar("2022/23", 1240, "1,240"))),
    ),
)


def counts(*labels: str) -> Sheet:
    """Make a table of counts with a row for each label, and shorthand in it."""
    rows: list[tuple[Cell, ...]] = [
        ("Infiltration", "[c]", 0, Decimal("0.0")),
        (LONG, 310, 155, Decimal("-50.0")),
        ("Other", 1, 1240, "[z]"),
        *((label, 5, 6, Decimal("20.0")) for label in labels),
        ("Total", "[c]", 1395, "[c]"),
    ]
    return Sheet(
        name="categories",
        title="Intelligence records by category, 2021/22 to 2022/23 [note 1]",
        about=("Shorthand: [c] suppressed: 1 or more; [z] not applicable.",),
        headers=("Category", "2021/22", "2022/23 [p]", "Change (%)"),
        rows=tuple(rows),
        n_totals=1,
        chart=CHART,
    )


def document(*labels: str) -> Document:
    """Make a document of two tables; the first has a row for each label too."""
    groups = ("Northshire", "Northshire", "Westmark", "Westmark")
    rows = tuple((group, title, number) for number, (group, title) in enumerate(zip(groups, "ABAB", strict=True)))
    by = Sheet(
        "breakdown", "Intelligence records by force", headers=("force", "Category", "2022/23"), rows=rows, n_heads=2
    )
    return Document(
        title="Counter-corruption intelligence by category, Northshire, 2021/22 to 2022/23",
        marking="OFFICIAL",
        as_at=date(2023, 3, 31),
        cover=(
            "Period: 1 April 2021 to 31 March 2023",
            f"A sentence {'which is rather long ' * 8}and has to be wrapped.",
        ),
        notes=("A record counts once.", "Another note."),
        sheets=(counts(*labels), by),
    )
