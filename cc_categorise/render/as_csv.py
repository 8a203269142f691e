"""Values → CSV: comma, quotes only where they are needed, LF line ends, no BOM.

Takes a report, findings or a list, returns the whole text.  Knows nothing of what the columns mean.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cc_categorise.figures import CountReport, Listing, Listings
from cc_categorise.options import Layout
from cc_categorise.render.grid import LONG_COLUMNS, TOTAL_COLUMN, WIDE_COLUMNS, by_columns, long_rows, wide_rows
from cc_categorise.render.text import csv_cell
from cc_categorise.render.wording import FINDING_COLUMNS, Findings, finding_row

if TYPE_CHECKING:
    from cc_categorise.document import Cell


def count_csv(report: CountReport, layout: Layout) -> str:
    """Write one row a count (long) or one row a category (wide); there are no total rows."""
    tally = report.tally
    if layout is Layout.LONG:
        return csv_of((*by_columns(tally), *LONG_COLUMNS), long_rows(tally))
    return csv_of((*by_columns(tally), *WIDE_COLUMNS, *tally.years, TOTAL_COLUMN), wide_rows(tally))


def findings_csv(found: Findings) -> str:
    """Write one row a finding, in the order given."""
    return csv_of(FINDING_COLUMNS, map(finding_row, found.findings))


def listings_csv(listings: Listings) -> str:
    """Write the last of several lists, for a file has one header."""
    return listing_csv(listings.lists[-1])


def listing_csv(listing: Listing) -> str:
    """Write a header and rows."""
    return csv_of(listing.headers, listing.rows)


def csv_of(headers: Sequence[str], rows: Iterable[Sequence[Cell | None]]) -> str:
    """Write a header and rows; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([csv_cell(header) for header in headers])
    writer.writerows([csv_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()
