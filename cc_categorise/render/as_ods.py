"""A document → an accessible ODS workbook.

Takes a document, returns the bytes of the file: cover, contents, notes, then one table a sheet, each marked up as a
database range with its header row.  Knows nothing of files.

The parts are written as text: a workbook of this form needs six, and a library's template would bring its own
language, dates and styles along.

Source:
    OASIS, Open Document Format for Office Applications 1.3, parts 2 and 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from cc_categorise.document import Cell, Document, Sheet, SheetLink
from cc_categorise.render.workbook import (
    FONT,
    LANGUAGE,
    POINTS,
    TITLE_POINTS,
    figures,
    lines_of,
    packed,
    shown,
    widths,
)

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_CENTIMETRES = 0.24  # of a character of 12 points
_SPACES = re.compile("^ | {2,}")
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("meta", "meta"),
        ("config", "config"),
        ("fo", "xsl-fo-compatible"),
        ("manifest", "manifest"),
    )
)
_NAMESPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'


def document_ods(document: Document) -> bytes:
    """Lay a document out as a workbook; the same document gives the same bytes."""
    pages = list(document.pages())
    parts = {
        "content.xml": _content(pages),
        "meta.xml": _part("meta", "meta", _meta(document)),
        "settings.xml": _part("settings", "settings", _settings(pages)),
        "styles.xml": _part("styles", "styles", _STYLES, after=_PAPER),
    }
    entries = [f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_TYPE}"/>']
    entries += [f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in parts]
    manifest = f'{_HEAD}<manifest:manifest {_NAMESPACES} manifest:version="1.3">{"".join(entries)}</manifest:manifest>'
    named = {"mimetype": _TYPE, **parts, "META-INF/manifest.xml": manifest}
    return packed({name: text.encode() for name, text in named.items()})


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _part(name: str, inner: str, inside: str, *, before: str = "", after: str = "") -> str:
    root = f"office:document-{name}"
    body = f"{before}<office:{inner}>{inside}</office:{inner}>{after}"
    return f'{_HEAD}<{root} {_NAMESPACES} office:version="1.3">{body}</{root}>'


def _meta(document: Document) -> str:
    return (
        "<meta:generator>cc-categorise</meta:generator>"
        f"<dc:title>{escape(document.title)}</dc:title><dc:subject>{escape(document.marking)}</dc:subject>"
        f"<meta:creation-date>{document.as_at.isoformat()}T00:00:00</meta:creation-date>"
        f"<dc:date>{document.as_at.isoformat()}T00:00:00</dc:date><dc:language>{LANGUAGE}</dc:language>"
    )


def _settings(pages: Iterable[Sheet]) -> str:
    """Put the cursor into A1 of every sheet, and open the first."""
    names = [page.name for page in pages]
    at = "".join(
        f'<config:config-item config:name="CursorPosition{axis}" config:type="int">0</config:config-item>'
        for axis in "XY"
    )
    tables = "".join(
        f'<config:config-item-map-entry config:name="{n}">{at}</config:config-item-map-entry>' for n in names
    )
    return (
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1'
        '</config:config-item><config:config-item-map-named config:name="Tables">'
        f"{tables}</config:config-item-map-named>"
        f'<config:config-item config:name="ActiveTable" config:type="string">{names[0]}</config:config-item>'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
    )


def _cell_style(name: str, text: str = "", cell: str = "", paragraph: str = "", *, data: str = "") -> str:
    parent = "" if name.startswith("Heading") else ' style:parent-style-name="Default"'
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{parent}{data}>'
        f'<style:table-cell-properties style:vertical-align="top" {cell}/><style:paragraph-properties {paragraph}/>'
        f"<style:text-properties {text}/></style:style>"
    )


_LANGUAGE, _COUNTRY = LANGUAGE.split("-")
_STYLES = (
    f'<style:default-style style:family="table-cell"><style:text-properties fo:font-family="{FONT}"'
    f' fo:font-size="{POINTS}pt" fo:language="{_LANGUAGE}" fo:country="{_COUNTRY}"/></style:default-style>'
    '<style:style style:name="Default" style:family="table-cell"/>'
    + _cell_style("Heading_20_1", f'fo:font-weight="bold" fo:font-size="{TITLE_POINTS}pt"')
)
_PAPER = (
    '<office:automatic-styles><style:page-layout style:name="paper"><style:page-layout-properties'
    ' style:print-orientation="landscape" fo:page-width="29.7cm" fo:page-height="21cm" style:scale-to-X="1"/>'
    "<style:header-style/><style:footer-style/></style:page-layout></office:automatic-styles>"
    '<office:master-styles><style:master-page style:name="Default" style:page-layout-name="paper">'
    '<style:header style:display="false"/><style:footer style:display="false"/></style:master-page>'
    "</office:master-styles>"
)


def _content(pages: list[Sheet]) -> str:
    tables = "".join(map(_table, pages))
    ranges = "".join(_range(page) for page in pages if page.headers)
    spreadsheet = f"{tables}<table:database-ranges>{ranges}</table:database-ranges>"
    styles = f"<office:automatic-styles>{''.join(_automatic_styles(pages))}</office:automatic-styles>"
    body = f"<office:spreadsheet>{spreadsheet}</office:spreadsheet>"
    return _part("content", "body", body, before=styles)


def _automatic_styles(pages: list[Sheet]) -> Iterator[str]:
    for width in sorted({width for page in pages for width in widths(page)}):
        centimetres = f"{width * _CENTIMETRES:.2f}cm"
        yield f'<style:style style:name="w{width}" style:family="table-column">'
        yield f'<style:table-column-properties style:column-width="{centimetres}"/></style:style>'
    yield '<style:style style:name="sheet" style:family="table" style:master-page-name="Default"/>'
    yield '<style:style style:name="row" style:family="table-row">'
    yield '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
    right, wrap, bold = 'fo:text-align="end"', 'fo:wrap-option="wrap"', 'fo:font-weight="bold"'
    yield _cell_style("prose", cell=wrap)
    for side, paragraph in (("l", 'fo:text-align="start"'), ("r", f"{right}")):
        for weight, text in (("n", ""), ("b", bold)):
            yield _cell_style(f"{side}{weight}", text, f'{wrap} style:text-align-source="fix"', paragraph)
    for decimals in sorted(
        {_decimals(cell) for page in pages for row in page.rows for cell in row if _is_figure(cell)}
    ):
        places = f'number:decimal-places="{decimals}" number:min-decimal-places="{decimals}"'
        number = f'<number:number {places} number:min-integer-digits="1" number:grouping="true"/>'
        yield f'<number:number-style style:name="N{decimals}">{number}</number:number-style>'
        for weight, text in (("n", ""), ("b", bold)):
            data = f' style:data-style-name="N{decimals}"'
            yield _cell_style(f"d{decimals}{weight}", text, 'style:text-align-source="fix"', right, data=data)


def _table(sheet: Sheet) -> str:
    title, *about = lines_of(sheet)
    style = "Default" if sheet.headers else "prose"
    rows = [_row(_text(title, "Heading_20_1")), *(_row(_text(line, style)) for line in about)]
    if sheet.headers:
        to_right = figures(sheet)
        heads = (
            _text(header, f"{'r' if right else 'l'}b") for header, right in zip(sheet.headers, to_right, strict=True)
        )
        rows.append(f"<table:table-header-rows>{_row(*heads)}</table:table-header-rows>")
        first_total = len(sheet.rows) - sheet.n_totals
        for number, row in enumerate(sheet.rows):
            weight = "b" if number >= first_total else "n"
            rows.append(_row(*(_cell(cell, right, weight) for cell, right in zip(row, to_right, strict=True))))
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in widths(sheet))
    return f'<table:table table:name="{sheet.name}" table:style-name="sheet">{columns}{"".join(rows)}</table:table>'


def _row(*cells: str) -> str:
    return f'<table:table-row table:style-name="row">{"".join(cells)}</table:table-row>'


def _cell(cell: Cell, right: bool, weight: str) -> str:  # noqa: FBT001 - a value of a list, not a switch
    if isinstance(cell, str):
        return _text(cell, f"{'r' if right else 'l'}{weight}")
    style = f"d{_decimals(cell)}{weight}"
    value = f'office:value-type="float" office:value="{cell}"'
    return f'<table:table-cell table:style-name="{style}" {value}><text:p>{shown(cell)}</text:p></table:table-cell>'


def _text(text: str, style: str) -> str:
    written = _SPACES.sub(lambda match: f'<text:s text:c="{len(match[0])}"/>', escape(shown(text)))
    if isinstance(text, SheetLink):
        written = f'<text:a xlink:type="simple" xlink:href="#{written}.A1">{written}</text:a>'
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{written}</text:p></table:table-cell>"
    )


def _range(sheet: Sheet) -> str:
    top = len(lines_of(sheet)) + 1
    tens, ones = divmod(len(sheet.headers) - 1, 26)
    last = (chr(ord("A") + tens - 1) if tens else "") + chr(ord("A") + ones)
    where = f"{sheet.name}.A{top}:{sheet.name}.{last}{top + len(sheet.rows)}"
    return f'<table:database-range table:name="table_{sheet.name}" table:target-range-address="{where}"/>'


def _is_figure(cell: Cell) -> bool:
    return not isinstance(cell, str)


def _decimals(cell: Cell) -> int:
    return len(shown(cell).partition(".")[2])
