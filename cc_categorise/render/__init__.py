"""Step 5 of the line: values → text; `as_workbook` gives the bytes of a workbook.

Takes a count with everything that stands beside it, findings, any small list or a document; returns one string that
ends with a line end, in the format asked for.  The same values give the same string.  Knows nothing of streams, files,
exit codes or the terminal.  One module a format, loaded when it is asked for: ``count_csv`` in `as_csv` renders a count
as CSV, and so for every thing and format.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cc_categorise.errors import UsageError
from cc_categorise.figures import CountReport, Listing, Listings
from cc_categorise.options import Format, Layout
from cc_categorise.render.text import unpainted
from cc_categorise.render.wording import Findings

if TYPE_CHECKING:
    from cc_categorise.document import Document

    Thing = CountReport | Findings | Listing | Listings | Document


def render(thing: Thing, fmt: Format, *, layout: Layout | None = None, colour: bool = False, marking: str = "") -> str:
    """Render a thing: CSV and JSON hold the data alone; a table, markdown and HTML explain themselves.

    A count without a layout is long for CSV and wide for a reader; JSON is always long.  Findings come one by one for
    CSV and JSON, grouped by code for a person.  Of several lists CSV holds the last alone, for a file has one header;
    for a person, one without rows is left out.  Only a table has colour, though not one of a list, and only an HTML
    page the marking; a document has its own.

    Raises:
        UsageError: The thing is a document, and the format one for programs.
    """
    what = type(thing).__name__.removesuffix("Report").lower()
    is_data = fmt in (Format.CSV, Format.JSON)
    if what == "document" and is_data:
        raise UsageError("this is a page for a reader", hint="use -f markdown, html or table; count gives the data")
    if isinstance(thing, Listings) and not is_data:
        thing = thing._replace(lists=tuple(one for one in thing.lists if one.rows))
    looks: dict[str, object] = {}
    if what == "count" and fmt is not Format.JSON:
        looks["layout"] = layout or (Layout.LONG if fmt is Format.CSV else Layout.WIDE)
    if fmt is Format.HTML and what != "document":
        looks["marking"] = marking
    text: str = getattr(import_module(f"{__name__}.as_{fmt}"), f"{what}_{fmt}")(thing, **looks)
    return text if colour or fmt is not Format.TABLE else unpainted(text)
