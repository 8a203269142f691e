"""Workbooks say the same whoever reads them: text stays text, figures stay figures, and the same bytes come twice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from document_builders import FORMULAS, document
from python_calamine import CalamineWorkbook

from cc_categorise.document import Document
from cc_categorise.render.text import one_line
from cc_categorise.render.workbooks import document_ods, document_xlsx

Writer = Callable[[Document], bytes]
every_kind = pytest.mark.parametrize("write", [document_xlsx, document_ods], ids=["xlsx", "ods"])


@every_kind
def test_the_same_document_gives_the_same_bytes(write: Writer) -> None:
    assert write(document(*FORMULAS)) == write(document(*FORMULAS))


@every_kind
def test_parts_are_neither_dated_nor_deflated(write: Writer) -> None:
    with zipfile.ZipFile(io.BytesIO(write(document()))) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.compress_type, entry.create_system) for entry in entries} == {(zipfile.ZIP_STORED, 3)}


def test_an_ods_workbook_begins_with_its_type() -> None:
    assert document_ods(document())[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")


def test_the_day_of_a_workbook_is_that_of_its_figures() -> None:
    book = openpyxl.load_workbook(io.BytesIO(document_xlsx(document())))
    assert (str(book.properties.created), str(book.properties.modified)) == ("2023-03-31 00:00:00",) * 2
    with zipfile.ZipFile(io.BytesIO(document_ods(document()))) as archive:
        assert archive.read("meta.xml").count(b"2023-03-31T00:00:00") == 2


@every_kind
def test_both_kinds_hold_what_the_document_holds(write: Writer) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(write(document(*FORMULAS))))
    pages = list(document(*FORMULAS).pages())
    assert book.sheet_names == [page.name for page in pages]
    for page in pages:
        rows = book.get_sheet_by_name(page.name).to_python()
        assert [row[0] for row in rows[: 1 + len(page.about)]] == [page.title, *page.about]
        table = [page.headers, *page.rows] if page.headers else []
        wanted = [[one_line(cell) if isinstance(cell, str) else float(cell) for cell in row] for row in table]
        assert rows[1 + len(page.about) :] == wanted


@every_kind
def test_text_like_a_formula_or_an_address_is_text(write: Writer) -> None:
    content = write(document(*FORMULAS))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name, text in texts.items() if b"<f>" in text or b"table:formula" in text]
    assert not [name for name, text in texts.items() if b'TargetMode="External"' in text or b'href="http' in text]


def test_editing_a_cell_like_a_formula_does_not_make_it_one() -> None:
    book = openpyxl.load_workbook(io.BytesIO(document_xlsx(document(*FORMULAS))))
    cells = {cell.value: cell for row in book["categories"].iter_rows() for cell in row if isinstance(cell.value, str)}
    assert cells["=1+1"].quotePrefix
    assert not cells["Other"].quotePrefix


@every_kind
def test_what_xml_cannot_hold_is_replaced(write: Writer) -> None:
    content = write(document("bell \x07 & <b> \ud800", 'quotes " and \u202e'))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    labels = [row[0] for row in book.get_sheet_by_name("categories").to_python()]
    assert {"bell \ufffd & <b> \ufffd", 'quotes " and \ufffd'} <= set(labels)


def test_a_table_may_have_more_columns_than_the_alphabet_has_letters() -> None:
    wide = document()
    sheet = wide.sheets[0]
    headers = tuple(f"column {number}" for number in range(30))
    many = Document(
        wide.title, "OFFICIAL", wide.as_at, (), ("n",), (type(sheet)("wide", "T", headers=headers, rows=((1,) * 30,)),)
    )
    with zipfile.ZipFile(io.BytesIO(document_ods(many))) as archive:
        assert b'"wide.A4:wide.AD5"' in archive.read("content.xml")
