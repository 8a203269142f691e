"""Workbooks (.xlsx .xlsm .xls .ods) → a table of text, through calamine.

Takes an export, finds the sheet and the header, returns a `CellTable`.  A number in a column of dates is the serial
number of a day; merged cells are filled downwards, as a person reads them; error cells and hidden rows are told.
Knows nothing of fields beyond which columns hold dates.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from io import BytesIO
from itertools import accumulate
from typing import Any

from cc_categorise.errors import EmptyFileError, HeaderError, SheetError, UnsafeFileError, WorkbookError
from cc_categorise.read.cells import CellTable, texts_of
from cc_categorise.read.columns import Opening
from cc_categorise.read.exports import Export
from cc_categorise.read.header import HEADER_WITHIN, HeaderRow, find_row
from cc_categorise.read.marks import Range, marks_of, marks_of_xls, unmarked_parts

_LARGEST = 2**31
_STDERR = 2
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
_PANIC = "PanicException"
_UNDER_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_DEFLATES_TO = 1032  # times its size, at the most


def open_workbook(export: Export, opening: Opening) -> CellTable:
    """Open a workbook: find its sheet and header, unless they are given, and turn its cells into text.

    Raises:
        WorkbookError: It is damaged, needs a password, or is no workbook.
        UnsafeFileError: It would unpack to more than any real workbook.
        SheetError: The named sheet is not there, or two match equally well.
        HeaderError: No row of any sheet is a header.
        EmptyFileError: The sheet is blank.
    """
    import python_calamine as calamine  # noqa: PLC0415 - only workbooks need it

    with _Reading(export), _silence(), ThreadPoolExecutor(1) as beside:
        data = _bytes_of(export)
        _refuse_bomb(data, export.name)
        looking = beside.submit(_unmarked, data)  # while calamine reads, it lets other threads run
        book = calamine.load_workbook(BytesIO(data))
        grids = {name: book.get_sheet_by_name(name) for name in _choose(book, calamine, opening.sheet, export.name)}
        raw = {name: grid.to_python(skip_empty_area=False) for name, grid in grids.items()}
        merged = {name: grid.merged_cell_ranges or [] for name, grid in grids.items()}
    headers = {name: find_row(map(texts_of, raw[name]), opening.score, opening.header_row) for name in raw}
    name, header = _best(headers, export.name)
    with _Reading(export), _archive(data) as archive:
        marks = marks_of(archive, name, len(raw[name]), looking.result()) if archive else marks_of_xls(data)
    n_filled = _fill_down(raw[name], header.place, [*merged[name], *marks.merged])
    n_hidden = sum(number > header.place + 1 for number in marks.hidden)
    told = {
        f"sheet {name!r}": True,
        "hidden rows and error cells of an .xls are not told": not archive,
        f"{n_hidden} hidden row{'s are' if n_hidden > 1 else ' is'} counted": n_hidden,
        f"formulas without a saved value, read as blank: {marks.n_unsaved}": marks.n_unsaved,
        f"{n_filled} merged cell{'s were' if n_filled > 1 else ' was'} filled downwards": n_filled,
    }
    titles = tuple(map(str.strip, texts_of(raw[name][header.place])))
    return CellTable(
        name=export.name,
        sheet=name,
        header=titles,
        header_row=header.place + 1,
        found=", ".join(words for words, holds in told.items() if holds),
        n_titles=header.n_titles,
        size=export.size,
        rows=_as_text(raw[name][header.place + 1 :], opening.date_columns(titles), is_1904=marks.is_1904),
        faults={number: ["error-cell"] for number in marks.errors if number > header.place + 1},
    )


class _Reading:
    """Turns whatever a damaged workbook makes its libraries raise into a `WorkbookError`."""

    def __init__(self, export: Export) -> None:
        self._export = export

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Translate; a panic of calamine has no class that could be imported, and derives from BaseException."""
        import python_calamine as calamine  # noqa: PLC0415 - only workbooks need it

        if kind is None or not (issubclass(kind, (*_DAMAGE, calamine.CalamineError)) or kind.__name__ == _PANIC):
            return
        what = "protected by a password" if _is_locked(self._export) else "damaged, encrypted, or no workbook"
        raise WorkbookError(f"the workbook is {what}", where=self._export.name) from None


def _is_locked(export: Export) -> bool:
    """Say whether a password protects a workbook: calamine tells it only where it opens a path by its ending."""
    data = _bytes_of(export)
    if _UNDER_PASSWORD in data:
        return True
    with suppress(*_DAMAGE, KeyError), _archive(data) as archive:
        return archive is not None and b"encryption-data" in archive.read("META-INF/manifest.xml")
    return False


def _bytes_of(export: Export) -> bytes:
    with export.open() as stream:
        return stream.read()


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what calamine says of a panic of its own off standard error: it may quote a cell.

    Where there was no panic, what was written meanwhile is passed on.
    """
    try:
        error_stream = os.dup(_STDERR)
    except OSError:  # it was closed before the program began
        yield
        return
    with tempfile.TemporaryFile() as heard:
        os.dup2(heard.fileno(), _STDERR)
        try:
            yield
        finally:
            os.dup2(error_stream, _STDERR)
            os.close(error_stream)
            heard.seek(0)
            said = heard.read()
            if said and b" panicked at " not in said:
                os.write(_STDERR, said)


def _refuse_bomb(data: bytes, where: str) -> None:
    """Refuse an archive that says it unpacks to too much, or does so in truth: what it says may be a lie."""
    with _archive(data) as archive:
        parts = archive.infolist() if archive else []
        n_bytes = sum(part.file_size for part in parts)
        if archive and _DEFLATES_TO * sum(part.compress_size for part in parts) > _LARGEST >= n_bytes:
            n_bytes = next((n for n in accumulate(_sizes(archive)) if n > _LARGEST), 0)
    if n_bytes > _LARGEST:
        message = f"the workbook unpacks to more than {_LARGEST // 2**30} GB"
        raise UnsafeFileError(message, where=where, hint="export the records as CSV")


def _sizes(archive: zipfile.ZipFile) -> Iterator[int]:
    """Unpack an archive piece by piece; give the size of each."""
    for part in archive.infolist():
        part.file_size = _LARGEST + 1  # or the reading would end at the size that it says
        with archive.open(part) as stream:
            while piece := stream.read(2**16):
                yield len(piece)


def _unmarked(data: bytes) -> set[str]:
    with _archive(data) as archive:
        return unmarked_parts(archive) if archive else set()


@contextmanager
def _archive(data: bytes) -> Iterator[zipfile.ZipFile | None]:
    """Open the archive that a workbook is; None for an .xls, which is none."""
    if not zipfile.is_zipfile(BytesIO(data)):
        yield None
        return
    with zipfile.ZipFile(BytesIO(data)) as archive:
        yield archive


def _choose(book: Any, calamine: Any, sheet: str | None, where: str) -> list[str]:  # noqa: ANN401 - no types of its own
    names: list[str] = list(book.sheet_names)
    if sheet is not None:
        wanted = [name for name in names if name.strip().casefold() == sheet.strip().casefold()]
        if not wanted:
            hint = "its sheets are " + ", ".join(map(repr, names))
            raise SheetError(f"there is no sheet {sheet!r}", where=where, hint=hint)
        return wanted[:1]
    shown = calamine.SheetVisibleEnum.Visible
    visible = [m.name for m in book.sheets_metadata if m.visible == shown and m.typ == calamine.SheetTypeEnum.WorkSheet]
    if not visible:
        raise SheetError("no sheet that is shown holds cells", where=where)
    return visible


def _best(headers: dict[str, HeaderRow | None], where: str) -> tuple[str, HeaderRow]:
    """Choose the sheet whose header names most fields; two with as many are for the person to choose from."""
    most = max((header.score for header in headers.values() if header), default=0)
    names = [name for name, header in headers.items() if most and header and header.score == most]
    if len(names) > 1:
        shown = " and ".join(map(repr, names[:2]))
        raise SheetError(f"two sheets match equally well: {shown}", where=where)
    filled = [name for name, header in headers.items() if header]
    name = (names or filled or list(headers))[0]
    header, where = headers[name], f"{where}, sheet {name}"
    if header is None:
        raise EmptyFileError("there are only blank rows", where=where)
    if not header.score:
        raise HeaderError(f"none of the first {HEADER_WITHIN} rows is a header", where=where)
    return name, header


def _fill_down(raw: list[list[Any]], header: int, merged: Iterable[Range]) -> int:
    """Copy cells merged over several rows into each of them; give how many there were."""
    n_filled = 0
    for (top, left), (bottom, right) in merged:
        if header < top < bottom:
            for row in raw[top + 1 : bottom + 1]:
                row[left : right + 1] = raw[top][left : right + 1]
            n_filled += 1
    return n_filled


def _as_text(rows: list[list[Any]], date_columns: Collection[int], *, is_1904: bool) -> list[list[str]]:
    """Turn every value into text, in its place: all of them twice may be more than there is memory for."""
    epoch = _EPOCH_1904 if is_1904 else _EPOCH
    for row in rows:
        for position in date_columns:
            if type(row[position]) in (int, float):  # a truth value is none
                row[position] = _day_of_serial(row[position], epoch)
        row[:] = texts_of(row)
    return rows


def _day_of_serial(number: float, epoch: date) -> date | float:
    """Turn a serial number into the day it stands for; a number that stands for none stays a number."""
    last = (date.max - epoch).days
    return epoch + timedelta(days=int(number)) if 1 <= number < last + 1 else number
