"""Any export → its table: which reader reads which kind of file.

Takes an export and what is known of its columns, returns a `Table`.  Knows nothing of what a field means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cc_categorise.read.columns import HeaderRules
from cc_categorise.read.exports import Export, Kind
from cc_categorise.read.table import Table


class Opening(NamedTuple):
    """How an export is to be opened; None where it is found out.

    Attributes:
        rules: How headers are matched to fields.
        date_fields: Names of the fields that hold dates.
        encoding: Codec of text.
        delimiter: Cell separator of text.
        header_row: Row number of the header.
        sheet: Sheet of a workbook.
    """

    rules: HeaderRules
    date_fields: Sequence[str]
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None

    def score(self, cells: Sequence[str]) -> int:
        """Say of how many fields a row would be the header."""
        return len(self.rules.match(cells))

    def date_columns(self, header: Sequence[str]) -> set[int]:
        """Give the positions of columns that hold dates."""
        matched = self.rules.match(header)
        return {position for field in self.date_fields for position in matched.get(field, ())}


_USED_BY = {"encoding": (Kind.TEXT, Kind.JSON), "delimiter": (Kind.TEXT,), "sheet": (Kind.WORKBOOK,)}
"""Which kinds of file a choice is about; others have no use for it, which is told."""


def open_table(export: Export, opening: Opening) -> Table:
    """Open an export with the reader of its kind.

    Raises:
        ReadError: It cannot be read; see the subclasses.
        MissingExtraError: Its reader is not installed.
    """
    table = _open(export, opening)
    unused = [choice for choice, kinds in _USED_BY.items() if getattr(opening, choice) and export.kind not in kinds]
    if unused:
        table.found += f", {' and '.join(unused)} not used"
    return table


def _open(export: Export, opening: Opening) -> Table:
    # Each reader is loaded when a file of its kind comes: a workbook's costs start-up that text need not pay.
    match export.kind:
        case Kind.TEXT:
            from cc_categorise.read.text import open_text  # noqa: PLC0415

            return open_text(
                export,
                opening.score,
                encoding=opening.encoding,
                delimiter=opening.delimiter,
                header_row=opening.header_row,
            )
        case Kind.WORKBOOK:
            from cc_categorise.read.workbook import open_workbook  # noqa: PLC0415

            return open_workbook(
                export, opening.score, opening.date_columns, sheet=opening.sheet, header_row=opening.header_row
            )
        case Kind.JSON:
            from cc_categorise.read.jsontext import open_json  # noqa: PLC0415

            return open_json(export, encoding=opening.encoding)
        case Kind.PARQUET:
            from cc_categorise.read.parquet import open_parquet  # noqa: PLC0415

            return open_parquet(export)
