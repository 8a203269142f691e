"""A document → an accessible XLSX workbook.

Takes a document, returns the bytes of the file: cover, contents, notes, then one table a sheet, each marked up as a
table.  Text is written as text: nothing in it becomes a formula or a link.  Knows nothing of files.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from cc_categorise.document import Cell, Document, Sheet, SheetLink
from cc_categorise.render.grid import figures
from cc_categorise.render.text import spreadsheet_safe
from cc_categorise.render.workbook import LANGUAGE, lines_of, n_lines, packed, shown, widths

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Formats = Callable[..., Any]
"""Properties of a format, as XlsxWriter takes them → the format."""

_A4 = 9
_POINTS, _TITLE_POINTS, _LINE = 12, 16, 16


def document_xlsx(document: Document) -> bytes:
    """Lay a document out as a workbook; the same document gives the same bytes."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only a release writes workbooks

    out = io.BytesIO()
    font = {"font_name": "Arial", "font_size": _POINTS}
    book = Workbook(out, {"in_memory": True, "default_format_properties": font})
    day = datetime.combine(document.as_at, time())
    book.set_properties({"title": document.title, "keywords": document.marking, "created": day})
    formats = cache(lambda **looks: book.add_format({**font, **looks}))
    for page in document.pages():
        _write(book.add_worksheet(page.name), page, formats)
    book.close()
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"  # XlsxWriter cannot set the language
    parts[core] = parts[core].replace(b"<cp:keywords>", f"<dc:language>{LANGUAGE}</dc:language><cp:keywords>".encode())
    return packed(parts)


def _write(to: Worksheet, sheet: Sheet, formats: Formats) -> None:
    lines, wide = lines_of(sheet), widths(sheet)
    wraps = {} if sheet.headers else {"text_wrap": True, "valign": "top"}
    for row, line in enumerate(lines):
        title = {} if row else {"bold": True, "font_size": _TITLE_POINTS}
        to.write_string(row, 0, line, formats(**wraps, **title))
        to.set_row(row, _LINE * (1 if sheet.headers else n_lines([line], wide)) + (0 if row else _LINE / 2))
    for column, width in enumerate(wide):
        to.set_column(column, column, width, formats())
    to.set_paper(_A4)
    to.set_landscape()
    to.fit_to_pages(1, 0)
    if not sheet.headers:
        return
    top, sides = len(lines), ["right" if right else "left" for right in figures(sheet)]
    heads = [
        {"header": shown(header), "header_format": formats(bold=True, text_wrap=True, valign="top", align=side)}
        for header, side in zip(sheet.headers, sides, strict=True)
    ]
    table = {"name": f"table_{sheet.name}", "style": None, "autofilter": False, "columns": heads, "title": sheet.title}
    to.add_table(top, 0, top + len(sheet.rows), len(heads) - 1, table)
    to.repeat_rows(top)
    first_total = len(sheet.rows) - sheet.n_totals
    for number, cells in enumerate(sheet.rows):
        to.set_row(top + 1 + number, _LINE * n_lines(cells, wide))
        for column, (cell, side) in enumerate(zip(cells, sides, strict=True)):
            looks = partial(formats, bold=number >= first_total, align=side, valign="top")
            _write_cell(to, (top + 1 + number, column), cell, looks)


def _write_cell(to: Worksheet, place: tuple[int, int], cell: Cell, looks: Formats) -> None:
    text = shown(cell)
    if isinstance(cell, SheetLink):
        to.write_url(*place, f"internal:'{cell}'!A1", looks(font_color="#1d4f91", underline=1), string=text)
    elif isinstance(cell, str):
        is_like_formula = spreadsheet_safe(text) != text  # editing the cell must not make it one
        to.write_string(*place, text, looks(text_wrap=True, quote_prefix=is_like_formula))
    else:
        _, point, decimals = text.partition(".")
        to.write_number(*place, float(cell), looks(num_format=f"#,##0{point}{'0' * len(decimals)}"))
