"""A document → an accessible XLSX workbook.

Takes a document, returns the bytes of the file: cover, contents, notes, then one table a sheet, each marked up as a
table.  Text is written as text: nothing in it becomes a formula or a link.  Knows nothing of files.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from cc_categorise.document import Cell, Document, Sheet, SheetLink
from cc_categorise.render.text import spreadsheet_safe
from cc_categorise.render.workbook import (
    FONT,
    LANGUAGE,
    POINTS,
    TITLE_POINTS,
    figures,
    lines_of,
    n_lines,
    packed,
    shown,
    widths,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_A4 = 9
_LINE = 16  # points


def document_xlsx(document: Document) -> bytes:
    """Lay a document out as a workbook; the same document gives the same bytes."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only a release writes workbooks

    out = io.BytesIO()
    font = {"font_name": FONT, "font_size": POINTS}
    book = Workbook(out, {"in_memory": True, "default_format_properties": font})
    day = datetime.combine(document.as_at, time())
    book.set_properties({"title": document.title, "keywords": document.marking, "created": day})
    formats = _Formats(book)
    for page in document.pages():
        _write(book.add_worksheet(page.name), page, formats)
    book.close()
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"  # XlsxWriter cannot set the language
    parts[core] = parts[core].replace(b"<cp:keywords>", f"<dc:language>{LANGUAGE}</dc:language><cp:keywords>".encode())
    return packed(parts)


class _Formats:
    """Formats by what they do, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:  # noqa: ANN401 - as XlsxWriter takes them
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": FONT, "font_size": POINTS, **properties})
        return self._made[key]


def _write(to: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    lines, wide = lines_of(sheet), widths(sheet)
    wraps = {} if sheet.headers else {"text_wrap": True, "valign": "top"}
    for row, line in enumerate(lines):
        title = {} if row else {"bold": True, "font_size": TITLE_POINTS}
        to.write_string(row, 0, line, formats(**wraps, **title))
        to.set_row(row, _LINE * (1 if sheet.headers else n_lines([line], wide)) + (0 if row else _LINE / 2))
    for column, width in enumerate(wide):
        to.set_column(column, column, width, formats())
    to.set_paper(_A4)
    to.set_landscape()
    to.fit_to_pages(1, 0)
    if not sheet.headers:
        return
    top, to_right = len(lines), figures(sheet)
    heads = [
        {"header": header, "header_format": formats(bold=True, text_wrap=True, valign="top", align=_side(right))}
        for header, right in zip(map(shown, sheet.headers), to_right, strict=True)
    ]
    table = {"name": f"table_{sheet.name}", "style": None, "autofilter": False, "columns": heads, "title": sheet.title}
    to.add_table(top, 0, top + len(sheet.rows), len(heads) - 1, table)
    to.repeat_rows(top)
    first_total = len(sheet.rows) - sheet.n_totals
    for number, cells in enumerate(sheet.rows):
        to.set_row(top + 1 + number, _LINE * n_lines(cells, wide))
        for column, (cell, right) in enumerate(zip(cells, to_right, strict=True)):
            looks = {"bold": number >= first_total, "align": _side(right), "valign": "top"}
            _write_cell(to, (top + 1 + number, column), cell, formats, looks)


def _write_cell(to: Worksheet, place: tuple[int, int], cell: Cell, formats: _Formats, looks: dict[str, Any]) -> None:
    if isinstance(cell, SheetLink):
        link = formats(**looks, font_color="#1d4f91", underline=1)
        to.write_url(*place, f"internal:'{cell}'!A1", link, string=str(cell))
    elif isinstance(cell, str):
        text = shown(cell)
        is_like_formula = spreadsheet_safe(text) != text  # editing the cell must not make it one
        to.write_string(*place, text, formats(**looks, text_wrap=True, quote_prefix=is_like_formula))
    else:
        decimals = shown(cell).partition(".")[2]
        pattern = "#,##0" + ("." + "0" * len(decimals) if decimals else "")
        to.write_number(*place, float(cell), formats(**looks, num_format=pattern))


def _side(right: bool) -> str:  # noqa: FBT001 - a value of a list, not a switch
    return "right" if right else "left"
