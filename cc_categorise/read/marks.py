"""What calamine does not tell of a sheet: error cells, hidden rows, formulas without values, the date system.

Takes the archive that a workbook is, returns `Marks`; of an .ods its merged cells too.  Tags are found as text: a sheet
without marks, which is nearly every sheet, is searched once, piece by piece, and never held.  Knows nothing of fields,
or of what the cells say.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from typing import NamedTuple

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last place of merged cells: row and column, from 0."""

_ROW_OF = re.compile("[A-Z]*([0-9]+)")
_ODS_1904 = b'<table:null-date table:date-value="1904-01-01"'
_ODS_MARKS = (b' table:visibility="', b' calcext:value-type="error"', b' table:number-rows-spanned="', _ODS_1904)
# [MS-XLS] 2.1.7.20.3: the record Date1904 stands just before CalcPrecision, and both hold one number.
_XLS_1904 = bytes.fromhex("2200 0200 0100 0e00 0200")
_XLSX_MARKS = (b't="e"', b'hidden="', b"<f", b":f")  # an error, a hidden row, a formula
_LONGEST_MARK = len(_ODS_1904)
_UNSAVED = rb"<P?c\b([^<>]*)>\s*<P?f\b[^<>]*(?:/>|>[^<]*</P?f>)\s*(?:<P?v\s*/>|<P?v>\s*</P?v>)?\s*</P?c>"


class Marks(NamedTuple):
    """Marks of one sheet."""

    errors: set[int]  # row numbers of error cells, from 1
    hidden: set[int]  # row numbers of hidden rows
    merged: list[Range]  # merged cells, where calamine gives none
    is_1904: bool = False  # whether serial numbers of days count from 1904
    n_unsaved: int = 0  # formulas without a value, where the file is an .xlsx


def unmarked_parts(archive: zipfile.ZipFile) -> set[str]:
    """Name the parts of an .xlsx, .xlsm or .ods that hold sheets and no mark anywhere."""
    sheets = {part: _XLSX_MARKS for part in archive.namelist() if part.startswith("xl/worksheets/")}
    if "content.xml" in archive.namelist():
        sheets["content.xml"] = _ODS_MARKS
    return {part for part, marks in sheets.items() if not _is_marked(archive, part, marks)}


def marks_of(archive: zipfile.ZipFile, sheet: str, n_rows: int, unmarked: Collection[str]) -> Marks:
    """Find the marks of a sheet of .xlsx, .xlsm or .ods, as far as its row ``n_rows``; see `unmarked_parts`."""
    parts = {*archive.namelist()}.difference(unmarked)
    if "xl/workbook.xml" in parts:
        book = archive.read("xl/workbook.xml")
        path = _path_of(archive, book, sheet)
        content = archive.read(path) if path in parts else b""
        is_1904 = re.search(rb'date1904="(?:1|true)"', book) is not None
        hidden = {_row_of(row) for row in _tags(content, "row", b'hidden="') if row["hidden"] in ("1", "true")}
        return Marks(
            {_row_of(cell) for cell in _tags(content, "c", b't="e"')},
            {row for row in hidden if row <= n_rows},
            [],
            is_1904,
            _n_unsaved(content),
        )
    marks = Marks(set(), set(), [])
    if "content.xml" in parts:
        settings, *tables = re.split(rb"<table:table(?=\s)", archive.read("content.xml"))
        marks = marks._replace(is_1904=_ODS_1904 in settings)
        for table in tables:
            head, _, rows = table.partition(b">")
            if _attributes(head).get("table:name") == sheet:
                _mark_rows(rows.partition(b"</table:table>")[0], n_rows, marks)
    return marks


def _n_unsaved(content: bytes) -> int:
    """Count the formulas that were saved without a value, as programs do that are no spreadsheet.

    A text that is empty is a value: its cell says that it holds text.
    """
    if b"<f" not in content and b":f" not in content:  # many times faster than the pattern
        return 0
    cells = re.findall(_UNSAVED.replace(b"P?", rb"(?:\w+:)?"), content)
    return sum(b't="str"' not in attributes for attributes in cells)


def marks_of_xls(data: bytes) -> Marks:
    """Find the date system of an .xls; its other marks are not told."""
    return Marks(set(), set(), [], _XLS_1904 in data)


def _is_marked(archive: zipfile.ZipFile, part: str, marks: Iterable[bytes]) -> bool:
    """Say whether a part has a mark anywhere, without holding all of it at once."""
    before = b""
    with archive.open(part) as stream:
        while piece := stream.read(2**16):
            if _has_mark(before + piece, marks):
                return True
            before = piece[-_LONGEST_MARK:]
    return False


def _has_mark(xml: bytes, marks: Iterable[bytes]) -> bool:
    return any(mark in xml for mark in marks)  # many times faster than one pattern of all


def _mark_rows(rows: bytes, n_rows: int, marks: Marks) -> None:
    """Go through the rows of a sheet of .ods, of which one may stand for many, and one cell for many."""
    top = 0
    for row in re.split(rb"<table:table-row\b", rows)[1:]:
        head, _, cells = row.partition(b">")
        attributes = _attributes(head)
        numbers = range(top + 1, min(top + int(attributes.get("table:number-rows-repeated", 1)), n_rows) + 1)
        if attributes.get("table:visibility") in ("collapse", "filter"):
            marks.hidden.update(numbers)
        left = 0
        for cell in _tags(cells, "(?:covered-)?table-cell") if _has_mark(cells, _ODS_MARKS) else ():
            if cell.get("calcext:value-type") == "error":
                marks.errors.update(numbers)
            height = int(cell.get("table:number-rows-spanned", 1))
            width = int(cell.get("table:number-columns-spanned", 1))
            if height > 1:
                marks.merged.append(((top, left), (top + height - 1, left + width - 1)))
            left += int(cell.get("table:number-columns-repeated", 1))
        top = numbers.stop - 1


def _path_of(archive: zipfile.ZipFile, book: bytes, sheet: str) -> str | None:
    """Find the part of an .xlsx archive that holds a sheet, through its relationship."""
    relations = archive.read("xl/_rels/workbook.xml.rels")
    target = {link.get("Id"): link.get("Target", "") for link in _tags(relations, "Relationship")}
    for tag in _tags(book, "sheet"):
        if tag.get("name") == sheet:
            path = target.get(tag.get("r:id"), "")
            return path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return None


def _row_of(tag: dict[str, str]) -> int:
    place = _ROW_OF.fullmatch(tag.get("r", ""))
    return int(place[1]) if place else 0


def _tags(xml: bytes, name: str, attribute: bytes = b"") -> Iterator[dict[str, str]]:
    """Give the attributes of the tags of one name, or of those among them that have an attribute so written."""
    if attribute not in xml:  # many times faster than the pattern
        return
    wanted = rb"[^<>]*?\s" + attribute if attribute else b""
    for tag in re.finditer(rb"<(?:\w+:)?" + name.encode() + rb"(?=[\s/>])" + wanted + b"[^<>]*>", xml):
        yield _attributes(tag[0])


def _attributes(tag: bytes) -> dict[str, str]:
    text = tag.decode("utf-8", "replace")
    return {key: unescape(value) for key, value in re.findall(r'([\w:-]+)="([^"]*)"', text)}
