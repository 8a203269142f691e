"""Any export → its table: which reader reads which kind of file.

Takes an export and what is known of its columns, returns a `Table`.  Knows nothing of what a field means.
"""

from __future__ import annotations

from collections.abc import Iterable

from cc_categorise.options import RunOptions
from cc_categorise.read.columns import Opening
from cc_categorise.read.exports import Export, Kind
from cc_categorise.read.table import Table

_USED_BY = {
    "encoding": ("text", (Kind.TEXT, Kind.JSON)),
    "delimiter": ("delimited text", (Kind.TEXT,)),
    "sheet": ("a workbook", (Kind.WORKBOOK,)),
}
"""What kinds of file a choice is about."""


def unused_choices(options: RunOptions, exports: Iterable[Export]) -> list[str]:
    """Say which choices no export has a use for, in sentences."""
    found = {export.kind for export in exports}
    given = ((choice, *about) for choice, about in _USED_BY.items() if getattr(options, choice))
    return [f"--{choice} is not used: no export is {what}" for choice, what, kinds in given if found.isdisjoint(kinds)]


def open_table(export: Export, opening: Opening) -> Table:
    """Open an export with the reader of its kind.

    Raises:
        ReadError: It cannot be read; see the subclasses.
        MissingExtraError: Its reader is not installed.
    """
    # Each reader is loaded when a file of its kind comes: a workbook's costs start-up that text need not pay.
    match export.kind:
        case Kind.TEXT:
            from cc_categorise.read.text import open_text  # noqa: PLC0415

            return open_text(export, opening)
        case Kind.WORKBOOK:
            from cc_categorise.read.workbook import open_workbook  # noqa: PLC0415

            return open_workbook(export, opening)
        case Kind.JSON:
            from cc_categorise.read.jsontext import open_json  # noqa: PLC0415

            return open_json(export, encoding=opening.encoding)
        case Kind.PARQUET:
            from cc_categorise.read.parquet import open_parquet  # noqa: PLC0415

            return open_parquet(export, opening.workers)
