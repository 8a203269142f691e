"""Step 5 of the line: values → text.

Takes a count with everything that stands beside it, findings, any small list or a document; returns one string that
ends with a line end, in the format asked for.  The same values give the same string.  Knows nothing of streams, files,
exit codes or the terminal.  One module a format, loaded when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cc_categorise.errors import UsageError
from cc_categorise.figures import CountReport, Listings
from cc_categorise.findings import Finding
from cc_categorise.options import Format, Layout
from cc_categorise.render.as_csv import count_csv, findings_csv, listing_csv

if TYPE_CHECKING:
    from cc_categorise.document import Document

__all__ = ["render_count", "render_document", "render_findings", "render_listing", "render_listings"]


def render_count(
    report: CountReport, fmt: Format, layout: Layout | None = None, *, colour: bool = False, marking: str = ""
) -> str:
    """Render a count: CSV and JSON hold the data alone; a table, markdown and HTML explain themselves.

    Without a layout, it is long for CSV and wide for a reader; JSON is always long.  Only a table has colour, and only
    an HTML page a handling marking.
    """
    match fmt:
        case Format.CSV:
            return count_csv(report, layout or Layout.LONG)
        case Format.JSON:
            from cc_categorise.render.as_json import count_json  # noqa: PLC0415 - start-up time

            return count_json(report)
        case Format.MARKDOWN:
            from cc_categorise.render.as_markdown import count_markdown  # noqa: PLC0415 - start-up time

            return count_markdown(report, layout or Layout.WIDE)
        case Format.HTML:
            from cc_categorise.render.as_html import count_html  # noqa: PLC0415 - start-up time

            return count_html(report, layout or Layout.WIDE, marking)
        case Format.TABLE:
            from cc_categorise.render.as_table import count_table  # noqa: PLC0415 - start-up time

            return count_table(report, layout or Layout.WIDE, colour=colour)


def render_findings(
    findings: Sequence[Finding], report: CountReport, fmt: Format, *, colour: bool = False, marking: str = ""
) -> str:
    """Render findings: one by one for CSV and JSON, grouped by code for a person; a table is made of paragraphs."""
    match fmt:
        case Format.CSV:
            return findings_csv(findings)
        case Format.JSON:
            from cc_categorise.render.as_json import findings_json  # noqa: PLC0415 - start-up time

            return findings_json(findings, report)
        case Format.MARKDOWN:
            from cc_categorise.render.as_markdown import findings_markdown  # noqa: PLC0415 - start-up time

            return findings_markdown(findings, report)
        case Format.HTML:
            from cc_categorise.render.as_html import findings_html  # noqa: PLC0415 - start-up time

            return findings_html(findings, report, marking)
        case Format.TABLE:
            from cc_categorise.render.as_table import findings_table  # noqa: PLC0415 - start-up time

            return findings_table(findings, report, colour=colour)


def render_listing(
    headers: tuple[str, ...], rows: Sequence[tuple[str | int, ...]], fmt: Format, *, marking: str = ""
) -> str:
    """Render any small list; JSON is an array of objects with the headers as keys, and a page has a marking."""
    match fmt:
        case Format.CSV:
            return listing_csv(headers, rows)
        case Format.JSON:
            from cc_categorise.render.as_json import listing_json  # noqa: PLC0415 - start-up time

            return listing_json(headers, rows)
        case Format.MARKDOWN:
            from cc_categorise.render.as_markdown import listing_markdown  # noqa: PLC0415 - start-up time

            return listing_markdown(headers, rows)
        case Format.HTML:
            from cc_categorise.render.as_html import listing_html  # noqa: PLC0415 - start-up time

            return listing_html(headers, rows, marking)
        case Format.TABLE:
            from cc_categorise.render.as_table import listing_table  # noqa: PLC0415 - start-up time

            return listing_table(headers, rows)


def render_listings(listings: Listings, fmt: Format, *, marking: str = "") -> str:
    """Render several lists that belong together; for a person, one without rows is left out.

    CSV holds the last of them alone, for a file has one header; a page has a marking.
    """
    filled = listings._replace(lists=tuple(one for one in listings.lists if one.rows))
    match fmt:
        case Format.CSV:
            return listing_csv(listings.lists[-1].headers, listings.lists[-1].rows)
        case Format.JSON:
            from cc_categorise.render.as_json import listings_json  # noqa: PLC0415 - start-up time

            return listings_json(listings)
        case Format.MARKDOWN:
            from cc_categorise.render.as_markdown import listings_markdown  # noqa: PLC0415 - start-up time

            return listings_markdown(filled)
        case Format.HTML:
            from cc_categorise.render.as_html import listings_html  # noqa: PLC0415 - start-up time

            return listings_html(filled, marking)
        case Format.TABLE:
            from cc_categorise.render.as_table import listings_table  # noqa: PLC0415 - start-up time

            return listings_table(filled)


def render_document(document: Document, fmt: Format, *, colour: bool = False) -> str:
    """Render a document for a reader.

    Raises:
        UsageError: The format is one for programs.
    """
    match fmt:
        case Format.MARKDOWN:
            from cc_categorise.render.as_markdown import document_markdown  # noqa: PLC0415 - start-up time

            return document_markdown(document)
        case Format.HTML:
            from cc_categorise.render.as_html import document_html  # noqa: PLC0415 - start-up time

            return document_html(document)
        case Format.TABLE:
            from cc_categorise.render.as_table import document_table  # noqa: PLC0415 - start-up time

            return document_table(document, colour=colour)
        case Format.CSV | Format.JSON:
            raise UsageError("this is a page for a reader", hint="use -f markdown, html or table; count gives the data")
