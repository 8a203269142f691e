"""Parquet → a table of text, row group by row group, through pyarrow (extra ``parquet``).

Takes an export, returns a `CellTable`.  Knows nothing of fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cc_categorise.errors import MissingExtraError, ParquetError
from cc_categorise.read.cells import CellTable, SpooledRows, texts_of
from cc_categorise.read.exports import Export

_BATCH = 4096


def open_parquet(export: Export) -> CellTable:
    """Open a Parquet export; a row's number is its place in the file, from 1.

    Raises:
        MissingExtraError: pyarrow is not installed.
        ParquetError: The file is damaged.
    """
    rows = _rows(export)
    header = tuple(next(rows))
    return CellTable(export.name, "", header, 0, "Parquet", 0, export.size, SpooledRows(rows))


def _rows(export: Export) -> Iterator[list[str]]:
    """Give the names of the columns, then every row."""
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError.named("parquet", where=export.name) from None
    try:
        with export.open() as stream, parquet.ParquetFile(stream) as file:
            yield list(file.schema_arrow.names)
            for batch in file.iter_batches(_BATCH):
                yield from map(texts_of, zip(*map(_values, batch.columns), strict=True))
    except (ArrowException, OSError, ValueError):
        raise ParquetError("the file is damaged or not Parquet", where=export.name, hint="export it again") from None


def _values(column: Any) -> list[Any]:  # noqa: ANN401 - pyarrow has no types
    try:
        values: list[Any] = column.to_pylist()
    except (OverflowError, ValueError):  # days that Python has no date for: text, which is then no date
        values = column.cast("string").to_pylist()
    return values
