"""A document → an accessible workbook, XLSX or ODS; a review sheet → a workbook to fill in.

Takes a document, or rows and choices, returns the bytes of the file, the same for the same values.  A document gives
cover, contents, notes, then one table a sheet, each marked up as a table.  Text is written as text: nothing in it
becomes a formula or a link.  Knows nothing of files, or of records.

The parts of an ODS are written as text, how cells look in `ods_styles.xml`: a workbook of this form needs five, and a
library's template would bring its own language, dates and styles along.

Source:
    Government Analysis Function, Releasing statistics in spreadsheets; tests/unit/test_accessible_workbooks.py holds
    each rule of its checklist.  OASIS, Open Document Format for Office Applications 1.3, parts 2 and 3.
"""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from functools import cache, partial
from html import escape
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cc_categorise.document import Cell, Document, Sheet, SheetLink
from cc_categorise.errors import OutputError
from cc_categorise.render.grid import figures
from cc_categorise.render.text import one_line, spreadsheet_safe

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LANGUAGE = "en-GB"
PROSE_WIDTH = 90
_NARROWEST, _WIDEST = 11, 45


def lines_of(sheet: Sheet) -> tuple[str, ...]:
    """Give the lines above a table, the title first: each stands in a row of its own, in the first column."""
    return tuple(map(one_line, (sheet.title, *sheet.about)))


def shown(cell: Cell) -> str:
    """Write a cell as a reader sees it."""
    return one_line(cell) if isinstance(cell, str) else f"{cell:,}"


def widths(sheet: Sheet) -> list[int]:
    """Give the width of each column in characters, so that headers and figures fit and longer text wraps."""
    if not sheet.headers:
        return [PROSE_WIDTH]
    widest = PROSE_WIDTH if len(sheet.headers) == 2 else _WIDEST  # noqa: PLR2004 - a word and a text
    columns = zip(sheet.headers, *sheet.rows, strict=True)
    return [min(max(_NARROWEST, 2 + max(len(shown(cell)) for cell in column)), widest) for column in columns]


def n_lines(row: Sequence[Cell], wide: Sequence[int]) -> int:
    """Give the number of lines that a row needs when its text is wrapped to the widths of its columns."""
    texts = zip(map(shown, row), wide, strict=True)
    return max(1 if len(text) <= width else len(textwrap.wrap(text, width)) for text, width in texts)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack the parts of a workbook: same parts, same bytes, whatever the day, system or zlib."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)  # dated 1 January 1980
            entry.create_system = 3
            archive.writestr(entry, content)  # stored: deflated bytes differ between builds of zlib
    return out.getvalue()


# --- XLSX

Formats = Callable[..., Any]
"""Properties of a format, as XlsxWriter takes them → the format."""

_A4 = 9
_MOST_ROWS, _LONGEST = 2**20, 2**15 - 1
_POINTS, _TITLE_POINTS, _LINE = 12, 16, 16


def document_xlsx(document: Document) -> bytes:
    """Lay a document out as a workbook; the same document gives the same bytes."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only a release writes workbooks

    out = io.BytesIO()
    font = {"font_name": "Arial", "font_size": _POINTS}
    book = Workbook(out, {"in_memory": True, "default_format_properties": font})
    day = datetime.combine(document.as_at, time())
    book.set_properties({"title": document.title, "keywords": document.marking or document.title, "created": day})
    formats = cache(lambda **looks: book.add_format({**font, **looks}))
    for page in document.pages():
        _refuse_too_much(page)
        _write(book.add_worksheet(page.name), page, formats)
    book.close()
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"  # XlsxWriter cannot set the language
    parts[core] = parts[core].replace(b"<cp:keywords>", f"<dc:language>{LANGUAGE}</dc:language><cp:keywords>".encode())
    return packed(parts)


def _refuse_too_much(sheet: Sheet) -> None:
    """Make sure that nothing is left out: the library would only warn of rows, and say nothing of text."""
    lines = lines_of(sheet)
    longest = max(map(len, (*lines, *map(shown, chain.from_iterable(sheet.rows)))))
    if len(lines) + 1 + len(sheet.rows) > _MOST_ROWS or longest > _LONGEST:
        limits = f"{_MOST_ROWS:,} rows, and {_LONGEST:,} characters a cell"
        raise OutputError(f"an .xlsx holds no more than {limits}", hint="write .ods or .csv")


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


# --- ODS

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_STYLES = Path(__file__).with_name("ods_styles.xml")
_CENTIMETRES = 0.24  # of a character of 12 points
_MOST_DECIMALS = 3
_SPACES = re.compile("^ | {2,}")
_PREFIXES = ("office", "table", "text", "style", "meta", "manifest")
_NAMESPACES = " ".join(
    [
        *(f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in _PREFIXES),
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"',
    ]
)


def document_ods(document: Document) -> bytes:
    """Lay a document out as a workbook; the same document gives the same bytes."""
    parts = {
        "content.xml": _content(list(document.pages())),
        "meta.xml": _root("office:document-meta", f"<office:meta>{_meta(document)}</office:meta>"),
        "styles.xml": _STYLES.read_text(encoding="utf-8"),
    }
    types = {"/": _TYPE, **dict.fromkeys(parts, "text/xml")}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in types.items()
    )
    texts = {"mimetype": _TYPE, **parts, "META-INF/manifest.xml": _root("manifest:manifest", entries)}
    return packed({name: text.encode() for name, text in texts.items()})


def _root(name: str, inside: str) -> str:
    head, prefix = '<?xml version="1.0" encoding="UTF-8"?>', name.partition(":")[0]
    return f'{head}\n<{name} {_NAMESPACES} {prefix}:version="1.3">{inside}</{name}>'


def _meta(document: Document) -> str:
    day = f"{document.as_at.isoformat()}T00:00:00"
    return (
        f"<meta:generator>cc-categorise</meta:generator><dc:title>{escape(document.title)}</dc:title>"
        f"<dc:subject>{escape(document.marking)}</dc:subject><meta:creation-date>{day}</meta:creation-date>"
        f"<dc:date>{day}</dc:date><dc:language>{LANGUAGE}</dc:language>"
    )


def _content(pages: Iterable[Sheet]) -> str:
    sizes = sorted({width for page in pages for width in widths(page)})
    columns = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * _CENTIMETRES:.2f}cm"/></style:style>'
        for width in sizes
    )
    sheet = '<style:style style:name="sheet" style:family="table" style:master-page-name="Default"/>'
    styles = f"<office:automatic-styles>{sheet}{columns}</office:automatic-styles>"
    ranges = "".join(_range(page) for page in pages if page.headers)
    tables = f"{''.join(map(_table, pages))}<table:database-ranges>{ranges}</table:database-ranges>"
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return _root("office:document-content", styles + body)


def _table(sheet: Sheet) -> str:
    title, *about = lines_of(sheet)
    style = "Default" if sheet.headers else "left"  # wrapped where no table stands below
    rows = [_row([_text(title, "Heading_20_1")]), *(_row([_text(line, style)]) for line in about)]
    sides = ["right" if right else "left" for right in figures(sheet)]
    if sheet.headers:
        heads = _row(_text(header, f"{side}-b") for header, side in zip(sheet.headers, sides, strict=True))
        rows.append(f"<table:table-header-rows>{heads}</table:table-header-rows>")
    first_total = len(sheet.rows) - sheet.n_totals
    for number, row in enumerate(sheet.rows):
        bold = "-b" if number >= first_total else ""
        rows.append(_row(_cell(cell, side, bold) for cell, side in zip(row, sides, strict=True)))
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in widths(sheet))
    return f'<table:table table:name="{sheet.name}" table:style-name="sheet">{columns}{"".join(rows)}</table:table>'


def _row(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(cell: Cell, side: str, bold: str) -> str:
    if isinstance(cell, str):
        return _text(cell, f"{side}{bold}")
    decimals = min(len(shown(cell).partition(".")[2]), _MOST_DECIMALS)
    given = f'table:style-name="decimals{decimals}{bold}" office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell {given}><text:p>{shown(cell)}</text:p></table:table-cell>"


def _text(text: str, style: str) -> str:
    written = _SPACES.sub(lambda match: f'<text:s text:c="{len(match[0])}"/>', escape(shown(text)))
    if isinstance(text, SheetLink):
        written = f'<text:a xlink:type="simple" xlink:href="#{written}.A1">{written}</text:a>'
    given = f'table:style-name="{style}" office:value-type="string"'
    return f"<table:table-cell {given}><text:p>{written}</text:p></table:table-cell>"


def _range(sheet: Sheet) -> str:
    top = len(lines_of(sheet)) + 1
    tens, ones = divmod(len(sheet.headers) - 1, 26)
    last = (chr(ord("A") + tens - 1) if tens else "") + chr(ord("A") + ones)
    where = f"{sheet.name}.A{top}:{sheet.name}.{last}{top + len(sheet.rows)}"
    return f'<table:database-range table:name="table_{sheet.name}" table:target-range-address="{where}"/>'


# --- a sheet to fill in

_WIDTHS = {"cc_decision": 34, "cc_reason": 40, "cc_suggested": 30, "cc_runner_up": 30}
_TEXT_WIDTH = 60
_LONG = 40


def review_book(header: Sequence[str], rows: Sequence[Sequence[str]], choices: Sequence[str], filled_in: str) -> bytes:
    """Write a sheet of text, so that 007 stays 007.

    What may be chosen in the column ``filled_in`` stands on a sheet of its own.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - only a review sheet needs it

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": "Records for review", "created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the same bytes every time
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "valign": "top", "text_wrap": True, "bottom": 1})
        sheet, listed = book.add_worksheet("Review"), book.add_worksheet("Categories")
        for column, name in enumerate(header):
            longest = max((len(row[column]) for row in rows), default=0)
            width = _WIDTHS.get(name, _TEXT_WIDTH if longest > _LONG else max(longest, len(name)) + 2)
            sheet.set_column(column, column, width, wrapped)
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell, wrapped)
        listed.set_column(0, 0, _TEXT_WIDTH)
        listed.write_string(0, 0, "Category", head)
        for number, choice in enumerate(choices, 1):
            listed.write_string(number, 0, choice)
        column = header.index(filled_in)
        rule = {
            "validate": "list",
            "source": f"=Categories!$A$2:$A${len(choices) + 1}",
            "error_title": "Not a category",
            "error_message": "Choose from the list.",
        }
        if rows:
            sheet.data_validation(1, column, len(rows), column, rule)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(header) - 1)
    return out.getvalue()
