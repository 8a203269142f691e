"""Parquet → a table of text, row group by row group, through pyarrow (extra ``parquet``).

Takes an export, returns a `SpooledTable`.  Knows nothing of fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cc_categorise.errors import MissingExtraError, ParquetError
from cc_categorise.read.cells import Values
from cc_categorise.read.exports import Export
from cc_categorise.read.spooled import BATCH, SpooledTable

_LARGE = 2**22


def open_parquet(export: Export, workers: int | None = 1) -> SpooledTable:
    """Open a Parquet export; a row's number is its place in the file, from 1.  Of so many processes, one may do it.

    Raises:
        MissingExtraError: pyarrow is not installed.
        ParquetError: The file is damaged.
    """
    batches = _batches(export)
    return SpooledTable.of(export.name, "Parquet", batches, is_large=export.size > _LARGE, workers=workers)


def _batches(export: Export) -> Iterator[Values]:
    """Give the names of the columns, then every row, batch by batch."""
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError.named("parquet", where=export.name) from None
    try:
        with export.open() as stream, parquet.ParquetFile(stream) as file:
            yield [file.schema_arrow.names]
            for batch in file.iter_batches(BATCH):
                yield list(zip(*map(_values, batch.columns), strict=True))
    except (ArrowException, OSError, ValueError):
        raise ParquetError("the file is damaged or not Parquet", where=export.name, hint="export it again") from None


def _values(column: Any) -> list[Any]:  # noqa: ANN401 - pyarrow has no types
    try:
        values: list[Any] = column.to_pylist()
    except (OverflowError, ValueError):  # days that Python has no date for: text, which is then no date
        values = column.cast("string").to_pylist()
    return values
