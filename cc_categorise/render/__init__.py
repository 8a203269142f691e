"""Step 5 of the line: values → text.

Takes a count with everything that stands beside it, findings, any small list or a document; returns one string that
ends with a line end, in the format asked for.  The same values give the same string.  Knows nothing of streams, files,
exit codes or the terminal.  One module a format, loaded when it is asked for: ``count_csv`` in `as_csv` renders a count
as CSV, and so for every thing and format.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from cc_categorise.errors import UsageError
from cc_categorise.figures import CountReport, Listings
from cc_categorise.findings import Finding
from cc_categorise.options import Format, Layout

if TYPE_CHECKING:
    from cc_categorise.document import Document


def render_count(
    report: CountReport, fmt: Format, layout: Layout | None = None, *, colour: bool = False, marking: str = ""
) -> str:
    """Render a count: CSV and JSON hold the data alone; a table, markdown and HTML explain themselves.

    Without a layout, it is long for CSV and wide for a reader; JSON is always long.  Only a table has colour, and only
    an HTML page a handling marking.
    """
    chosen = layout or (Layout.WIDE if fmt is not Format.CSV else Layout.LONG)
    return _rendered("count", fmt, report, chosen, colour=colour, marking=marking)


def render_findings(
    findings: Sequence[Finding], report: CountReport, fmt: Format, *, colour: bool = False, marking: str = ""
) -> str:
    """Render findings: one by one for CSV and JSON, grouped by code for a person; a table is made of paragraphs."""
    return _rendered("findings", fmt, findings, report, colour=colour, marking=marking)


def render_listing(
    headers: tuple[str, ...], rows: Sequence[tuple[str | int, ...]], fmt: Format, *, marking: str = ""
) -> str:
    """Render any small list; JSON is an array of objects with the headers as keys, and a page has a marking."""
    return _rendered("listing", fmt, headers, rows, marking=marking)


def render_listings(listings: Listings, fmt: Format, *, marking: str = "") -> str:
    """Render several lists that belong together; for a person, one without rows is left out.

    CSV holds the last of them alone, for a file has one header; a page has a marking.
    """
    if fmt not in (Format.CSV, Format.JSON):
        listings = listings._replace(lists=tuple(one for one in listings.lists if one.rows))
    return _rendered("listings", fmt, listings, marking=marking)


def render_document(document: Document, fmt: Format, *, colour: bool = False) -> str:
    """Render a document for a reader.

    Raises:
        UsageError: The format is one for programs.
    """
    if fmt in (Format.CSV, Format.JSON):
        raise UsageError("this is a page for a reader", hint="use -f markdown, html or table; count gives the data")
    return _rendered("document", fmt, document, colour=colour)


def _rendered(what: str, fmt: Format, *values: object, colour: bool = False, marking: str = "") -> str:
    """Render values by the format's own module."""
    looks: dict[str, object] = {"colour": colour} if colour and fmt is Format.TABLE else {}
    looks |= {"marking": marking} if marking and fmt is Format.HTML else {}
    render = getattr(import_module(f"{__name__}.as_{fmt}"), f"{what}_{fmt}")
    text: str = render(*values, **looks)
    return text
