"""A document → an accessible ODS workbook.

Takes a document, returns the bytes of the file: cover, contents, notes, then one table a sheet, each marked up as a
database range with its header row.  How cells look stands in `ods_styles.xml`.  Knows nothing of files.

The parts are written as text: a workbook of this form needs five, and a library's template would bring its own
language, dates and styles along.

Source:
    OASIS, Open Document Format for Office Applications 1.3, parts 2 and 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from cc_categorise.document import Cell, Document, Sheet, SheetLink
from cc_categorise.render.grid import figures
from cc_categorise.render.workbook import LANGUAGE, lines_of, packed, shown, widths

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
