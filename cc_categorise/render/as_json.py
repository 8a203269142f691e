"""Values → JSON: indented by two, keys in a fixed order, text as it is.

Takes a report, findings or a list, returns the whole text.  The forms are held by cc_categorise/schemas.  Knows
nothing of spreadsheets: a value is data here and gets no apostrophe.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from cc_categorise.figures import CountReport, Figure, Listing, Listings
from cc_categorise.render.grid import LONG_COLUMNS, by_columns, long_rows
from cc_categorise.render.wording import FINDING_COLUMNS, Findings, finding_row

SCHEMA_VERSION = 1

# The module's own escapes leave these bare, and a terminal would obey some of them.
_BARE_CONTROL = re.compile(r"[\x7f-\x9f]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def count_json(report: CountReport) -> str:
    """Write the rows of the long layout with the scheme, the basis, the reconciliation and the findings."""
    tally = report.tally
    return _document(
        {
            "scheme": _scheme(report),
            "year_basis": tally.year_basis,
            "counted_by": tally.counted_by,
            "basis": tally.basis,
            "unit": tally.unit,
            "as_at": report.as_at.isoformat(),
            **({"partial": report.partial} if report.partial else {}),
            **({"crosswalk": [asdict(mark) for mark in report.crosswalk]} if report.crosswalk else {}),
            "rows": _objects((*by_columns(tally), *LONG_COLUMNS), long_rows(tally)),
            "reconciliation": report.reconciliation._asdict(),
            "findings": dict(sorted(report.findings.items())),
        }
    )


def findings_json(found: Findings) -> str:
    """Write one object a finding, in the order given, with the scheme and the reconciliation."""
    findings, report = found
    return _document(
        {
            "scheme": _scheme(report),
            "as_at": report.as_at.isoformat(),
            "reconciliation": report.reconciliation._asdict(),
            "counts": dict(sorted(report.findings.items())),
            "findings": _objects(FINDING_COLUMNS, map(finding_row, findings)),
        }
    )


def listing_json(listing: Listing) -> str:
    """Write an array of objects, one a row."""
    return _written(_objects(listing.headers, listing.rows))


def listings_json(listings: Listings) -> str:
    """Write single figures, and an array of objects for each list."""
    facts = {name: _number(fact) for name, fact in listings.facts.items()}
    lists = {one.name: _objects(one.headers, (map(_number, row) for row in one.rows)) for one in listings.lists}
    return _document({**facts, **lists})


def _number(cell: object) -> object:
    if isinstance(cell, Decimal):
        return float(cell)
    return (float(cell) if cell else None) if isinstance(cell, Figure) else cell


def _scheme(report: CountReport) -> dict[str, str]:
    return {"id": report.scheme_id, "edition": report.scheme_edition, "sha256": report.scheme_sha256}


def _document(members: Mapping[str, object]) -> str:
    return _written({"schema_version": SCHEMA_VERSION, **members})


def _objects(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> list[dict[str, object]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _written(value: object) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False, default=date.isoformat)
    text = _LONE_SURROGATE.sub("\ufffd", text)
    return _BARE_CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
