"""Several lists that belong together → text, in every format.

Takes `Listings`, returns the whole text.  CSV holds the last list alone: a file has one header.  Knows nothing of what
the lists are about.
"""

from __future__ import annotations

from cc_categorise.figures import Listing, Listings
from cc_categorise.options import Format
from cc_categorise.render.as_csv import listing_csv
from cc_categorise.render.as_markdown import listing_markdown
from cc_categorise.render.text import markdown, one_line


def listings_text(listings: Listings, fmt: Format, marking: str = "") -> str:
    """Write the lists; one without rows is left out but in CSV and JSON."""
    last = listings.lists[-1]
    filled = listings._replace(lists=tuple(one for one in listings.lists if one.rows))
    match fmt:
        case Format.CSV:
            return listing_csv(last.headers, last.rows)
        case Format.JSON:
            from cc_categorise.render.as_json import listings_json  # noqa: PLC0415 - start-up time

            return listings_json(listings)
        case Format.HTML:
            from cc_categorise.render.as_html import listings_html  # noqa: PLC0415 - start-up time

            return listings_html(filled, marking)
        case Format.MARKDOWN:
            facts = "\n".join(f"- {markdown(line)}" for line in _facts(listings))
            parts = [f"**{markdown(one.title)}**\n\n{listing_markdown(one.headers, one.rows)}" for one in filled.lists]
            return "\n\n".join([f"**{markdown(listings.title)}**", facts, *map(str.rstrip, parts)]) + "\n"
        case Format.TABLE:
            parts = [f"{one.title}\n{_table(one)}" for one in filled.lists]
            return "\n\n".join([listings.title, "\n".join(_facts(listings)), *map(str.rstrip, parts)]) + "\n"


def _facts(listings: Listings) -> list[str]:
    return [f"{one_line(name.replace('_', ' '))}: {one_line(str(value))}" for name, value in listings.facts.items()]


def _table(listing: Listing) -> str:
    from cc_categorise.render.as_table import listing_table  # noqa: PLC0415 - start-up time

    return listing_table(listing.headers, listing.rows)
