"""Tallies and protected tables for the tests of a release; every figure is invented."""

from __future__ import annotations

from cc_categorise.disclosure.tables import ExactTable, ProtectedTable, Published
from cc_categorise.figures import Tally
from cc_categorise.options import Basis, CountBy, YearBasis

YEARS = ("2021/22", "2022/23")
CATEGORIES = (("theft", "Theft"), ("other", "Other"))


def tally(*rows: tuple[str, str, int], by: str = "", markers: dict[str, str] | None = None) -> Tally:
    """Make a tally of two years and two categories; a row is year, code and count, for the group ``by`` if given."""
    group = (by,) if by else ()
    return Tally(
        by=("force",) if by else (),
        groups=(group,),
        years=YEARS,
        categories=CATEGORIES,
        counts={(group, year, code): count for year, code, count in rows},
        markers=markers or {},
        year_basis=YearBasis.FINANCIAL,
        counted_by=CountBy.RECEIVED,
        basis=Basis.PRIMARY,
    )


def hide(table: ExactTable, *hidden: tuple[str, ...], marker: str = "c") -> ProtectedTable:
    """Publish a table but for some cells."""
    cells = {
        place: Published(None, (marker,)) if place in hidden else Published(count)
        for place, count in table.cells.items()
    }
    return ProtectedTable(table.name, table.dimensions, cells, table.scope)
