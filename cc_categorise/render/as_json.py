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
            "rows": _rows((*by_columns(tally), *LONG_COLUMNS), long_rows(tally), depth=1),
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
            "findings": _rows(FINDING_COLUMNS, map(finding_row, findings), depth=1),
        }
    )


def listing_json(listing: Listing) -> str:
    """Write an array of objects, one a row."""
    return _safe(_rows(listing.headers, listing.rows, depth=0)) + "\n"


def listings_json(listings: Listings) -> str:
    """Write single figures, and an array of objects for each list."""
    facts = {name: _number(fact) for name, fact in listings.facts.items()}
    lists = {one.name: _rows(one.headers, (map(_number, row) for row in one.rows), depth=1) for one in listings.lists}
    return _document({**facts, **lists})


def _number(cell: object) -> object:
    if isinstance(cell, Decimal):
        return float(cell)
    return (float(cell) if cell else None) if isinstance(cell, Figure) else cell


class _Written(str):
    """Text that is JSON already."""

    __slots__ = ()


def _scheme(report: CountReport) -> dict[str, str]:
    return {"id": report.scheme_id, "edition": report.scheme_edition, "sha256": report.scheme_sha256}


def _document(members: Mapping[str, object]) -> str:
    written = {"schema_version": str(SCHEMA_VERSION)}
    for key, value in members.items():
        is_written = isinstance(value, _Written)
        written[key] = str(value) if is_written else _indented(value)
    return _safe("{\n" + ",\n".join(f"  {json.dumps(key)}: {text}" for key, text in written.items()) + "\n}\n")


def _indented(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=date.isoformat).replace("\n", "\n  ")


def _rows(columns: Sequence[str], rows: Iterable[Iterable[object]], *, depth: int) -> _Written:
    """Write an array of flat objects as the json module would with ``indent=2``, ten times as fast.

    With ``indent`` the module leaves its C encoder; without, the separator between members is free to hold the
    line end and the indent.
    """
    outer, inner = "\n" + "  " * (depth + 1), "\n" + "  " * (depth + 2)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(f",{inner}", ": ")).encode
    objects = [f"{outer}{{{inner}{encode(dict(zip(columns, row, strict=True)))[1:-1]}{outer}}}" for row in rows]
    return _Written(f"[{','.join(objects)}\n{'  ' * depth}]" if objects else "[]")


def _safe(text: str) -> str:
    text = _LONE_SURROGATE.sub("\ufffd", text)
    return _BARE_CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
