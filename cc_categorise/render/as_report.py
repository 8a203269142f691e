"""A document → one self-contained HTML report: figures as tables, and as charts.

Takes a document, returns the whole text, in the frame of `html_page`.  Knows nothing of files, or of how a number was
protected.
"""

from __future__ import annotations

from cc_categorise.document import Document, Sheet
from cc_categorise.render.chart import drawn
from cc_categorise.render.html_page import Html, element, page, table
from cc_categorise.render.workbook import figures


def document_html(document: Document) -> str:
    """Write title, cover, contents, a section for each table, and the notes, with the marking above and below."""
    places = [(sheet.name, sheet.plain_title) for sheet in document.sheets] + [("notes", "Notes")]
    links = (element("li", element("a", title, given=f' href="#{name}"')) for name, title in places)
    parts = [element("p", line) for line in document.cover]
    parts += [element("nav", element("h2", "Contents"), element("ul", *links), given=' aria-label="Contents"')]
    for number, sheet in enumerate(document.sheets, 1):
        parts += _section(sheet, f"Table {number}")
    notes = (element("li", text) for text in document.notes)
    parts += [element("h2", "Notes", given=' id="notes"'), element("ol", *notes)]
    return page(document.title, parts, document.marking)


def _section(sheet: Sheet, caption: str) -> list[Html]:
    first_total = len(sheet.rows) - sheet.n_totals
    rows = sheet.rows[:first_total]
    bodies = [rows] if sheet.n_heads == 1 else [[row for row in rows if row[0] == head] for head in _heads(sheet)]
    return [
        element("h2", sheet.title, given=f' id="{sheet.name}"'),
        *(element("p", line) for line in sheet.about),
        *([drawn(sheet.chart)] if sheet.chart else []),
        table(caption, sheet.headers, figures(sheet), bodies, sheet.rows[first_total:], n_heads=sheet.n_heads),
    ]


def _heads(sheet: Sheet) -> dict[object, None]:
    """Give the groups of rows, in order."""
    return dict.fromkeys(row[0] for row in sheet.rows)
