"""Both workbooks keep the checklist of accessible spreadsheets; each test is one of its rules, by name.

Source: Government Analysis Function, Releasing statistics in spreadsheets; Making spreadsheets accessible: a brief
checklist of the basics.  What is held here is read with openpyxl and odfdo, which the package does not write with.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import odfdo
import openpyxl
import pytest
from document_builders import document
from lxml import etree

from cc_categorise.document import Sheet
from cc_categorise.render.workbooks import document_ods, document_xlsx

DOCUMENT = document()
PAGES = list(DOCUMENT.pages())
TABLES = [page for page in PAGES if page.headers]
ODF = {
    prefix: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for prefix, name in (("table", "table"), ("text", "text"), ("style", "style"), ("fo", "xsl-fo-compatible"))
}
ODF |= {"office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "xlink": "http://www.w3.org/1999/xlink"}


@dataclass
class Opened:
    """A workbook as another program reads it."""

    kind: str
    content: bytes
    title: str
    language: str
    sheets: dict[str, list[list[Any]]]

    def part(self, name: str) -> Any:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return etree.fromstring(archive.read(name))

    def parts(self) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return archive.namelist()

    def find(self, path: str, name: str = "content.xml") -> list[Any]:
        """Find elements in a part of an ODS workbook."""
        return list(self.part(name).xpath(path, namespaces=ODF))


def open_xlsx(content: bytes) -> Opened:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    return Opened("xlsx", content, str(book.properties.title), str(book.properties.language), sheets)


def plain(cell: Any) -> Any:
    """Undo odfdo's way of writing a link."""
    return re.sub(r"^\[(\w+)\]\(#.*\)$", r"\1", cell) if isinstance(cell, str) else cell


def open_ods(content: bytes) -> Opened:
    book = odfdo.Document(io.BytesIO(content))
    sheets = {
        str(table.name): [[plain(cell) for cell in row] for row in table.get_values()] for table in book.body.tables
    }
    return Opened("ods", content, str(book.meta.title), str(book.meta.language), sheets)


MAKE = {"xlsx": lambda: open_xlsx(document_xlsx(DOCUMENT)), "ods": lambda: open_ods(document_ods(DOCUMENT))}


@pytest.fixture(scope="module", params=["xlsx", "ods"])
def book(request: pytest.FixtureRequest) -> Opened:
    return MAKE[request.param]()


@pytest.fixture(scope="module")
def xlsx() -> Any:
    return openpyxl.load_workbook(io.BytesIO(document_xlsx(DOCUMENT)))


@pytest.fixture(scope="module")
def ods() -> Opened:
    return MAKE["ods"]()


def top(page: Sheet) -> int:
    """Give the number of lines above a table."""
    return 1 + len(page.about)


def cells_of(book: Opened) -> Iterator[tuple[Sheet, list[list[Any]]]]:
    for page in TABLES:
        rows = book.sheets[page.name][top(page) :]
        yield page, [row[: len(page.headers)] for row in rows]


# --- worksheets


def test_cover_contents_and_notes_come_first_in_this_order(book: Opened) -> None:
    assert list(book.sheets) == ["cover", "contents", "notes", "categories", "breakdown"]


def test_sheet_names_are_unique_short_and_without_spaces(book: Opened) -> None:
    assert all(re.fullmatch(r"[a-z0-9_]{1,31}", name) for name in book.sheets)
    assert len(set(book.sheets)) == len(PAGES)


def test_no_sheet_is_blank_or_hidden(book: Opened, xlsx: Any, ods: Opened) -> None:
    assert all(any(cell for row in rows for cell in row) for rows in book.sheets.values())
    assert {sheet.sheet_state for sheet in xlsx} == {"visible"}
    assert ods.find("//@table:display | //@table:visibility") == []


def test_a_title_stands_in_a1_of_every_sheet(book: Opened) -> None:
    assert [rows[0][0] for rows in book.sheets.values()] == [page.title for page in PAGES]


def test_titles_say_subject_place_and_period(book: Opened) -> None:
    assert book.sheets["cover"][0][0] == "Counter-corruption intelligence by category, Northshire, 2021/22 to 2022/23"


def test_titles_are_marked_as_headings(xlsx: Any, ods: Opened) -> None:
    assert all(sheet["A1"].font.b and sheet["A1"].font.sz == 16 for sheet in xlsx)
    styles = ods.find("//table:table/table:table-row[1]/table:table-cell[1]/@table:style-name")
    assert styles == ["Heading_20_1"] * len(PAGES)


def test_a_sheet_says_that_it_holds_one_table(book: Opened) -> None:
    assert all("This sheet contains one table." in [row[0] for row in book.sheets[page.name]] for page in TABLES)


def test_there_is_one_table_a_sheet(xlsx: Any, ods: Opened) -> None:
    assert {sheet.title: len(sheet.tables) for sheet in xlsx} == {page.name: bool(page.headers) for page in PAGES}
    ranges = ods.find("//table:database-range/@table:target-range-address")
    assert [address.partition(".")[0] for address in ranges] == [page.name for page in TABLES]


def test_contents_link_to_every_sheet_after_them(xlsx: Any, ods: Opened) -> None:
    wanted = [page.name for page in PAGES[2:]]
    cells = [row[0] for row in xlsx["contents"].iter_rows(min_row=top(PAGES[1]) + 2)]
    assert [cell.value for cell in cells] == wanted
    assert [cell.hyperlink.location for cell in cells] == [f"'{name}'!A1" for name in wanted]
    assert ods.find("//text:a/@xlink:href") == [f"#{name}.A1" for name in wanted]


# --- tables


def test_tables_are_marked_up_with_their_header_row(xlsx: Any, ods: Opened) -> None:
    for page in TABLES:
        (table,) = xlsx[page.name].tables.values()
        last = chr(ord("A") + len(page.headers) - 1)
        where = f"A{top(page) + 1}:{last}{top(page) + 1 + len(page.rows)}"
        assert (table.ref, table.headerRowCount, table.name) == (where, 1, f"table_{page.name}")
        assert [column.name for column in table.tableColumns] == list(page.headers)
        begin, end = where.split(":")
        address = ods.find(f"//table:database-range[@table:name='table_{page.name}']/@table:target-range-address")
        assert address == [f"{page.name}.{begin}:{page.name}.{end}"]
    assert len(ods.find("//table:table-header-rows/table:table-row")) == len(TABLES)


def test_tables_begin_at_the_left_edge_with_nothing_below_or_beside_them(book: Opened) -> None:
    for page in TABLES:
        rows = book.sheets[page.name]
        assert len(rows) == top(page) + 1 + len(page.rows)
        assert {len(row) for row in rows} == {len(page.headers)}


def test_there_is_one_header_row_and_its_names_are_unique(book: Opened) -> None:
    for page, rows in cells_of(book):
        assert rows[0] == list(page.headers)
        assert len(set(rows[0])) == len(rows[0])


def test_no_cell_is_merged_or_split(xlsx: Any, ods: Opened) -> None:
    assert [sheet.merged_cells.ranges for sheet in xlsx] == [set()] * len(PAGES)
    spans = "//@table:number-columns-spanned | //@table:number-rows-spanned | //table:covered-table-cell"
    assert ods.find(spans) == []


def test_no_row_column_or_cell_of_a_table_is_blank(book: Opened) -> None:
    for _, rows in cells_of(book):
        assert all(cell not in (None, "") for row in rows for cell in row)


def test_no_row_above_a_table_is_blank(book: Opened) -> None:
    assert all(row[0] for page in PAGES for row in book.sheets[page.name][: top(page)])


def test_numbers_are_numbers_and_shorthand_is_text(book: Opened) -> None:
    for page, rows in cells_of(book):
        for row, wanted in zip(rows[1:], page.rows, strict=True):
            assert [isinstance(cell, str) for cell in row] == [isinstance(cell, str) for cell in wanted]
            assert [cell if isinstance(cell, str) else float(cell) for cell in row] == [
                str(cell) if isinstance(cell, str) else float(cell) for cell in wanted
            ]


def test_no_shorthand_stands_in_one_cell_with_a_number(book: Opened) -> None:
    cells = [cell for _, rows in cells_of(book) for row in rows[1:] for cell in row if isinstance(cell, str)]
    assert not [cell for cell in cells if re.search(r"\d.*\[|\].*\d", cell)]


def test_shorthand_is_in_square_brackets_and_small_letters(book: Opened) -> None:
    used = {cell for _, rows in cells_of(book) for row in rows for cell in row if str(cell).startswith("[")}
    assert used == {"[c]", "[z]"}


def test_shorthand_is_explained_above_the_table(book: Opened) -> None:
    lines = " ".join(row[0] for row in book.sheets["categories"][: top(TABLES[2])])
    assert "[c] suppressed: 1 or more" in lines
    assert "[z] not applicable" in lines


def test_notes_are_marked_in_titles_with_words_and_stand_on_their_own_sheet(book: Opened) -> None:
    assert book.sheets["categories"][0][0].endswith("[note 1]")
    assert [row[0] for row in book.sheets["notes"][4:]] == ["note 1", "note 2"]


def test_there_are_no_symbols_or_superscripts_as_marks(book: Opened) -> None:
    texts = [cell for rows in book.sheets.values() for row in rows for cell in row if isinstance(cell, str)]
    assert not [text for text in texts if re.search(r"[*†‡¹²³\u2070-\u209f]", text)]


# --- looks


def test_text_is_at_least_12_points_and_sans_serif(xlsx: Any, ods: Opened) -> None:
    fonts = {
        (cell.font.name, cell.font.sz) for sheet in xlsx for row in sheet.iter_rows() for cell in row if cell.value
    }
    assert fonts == {("Arial", 12), ("Arial", 16)}
    assert set(ods.find("//@fo:font-size", "styles.xml")) == {"12pt", "16pt"}
    assert ods.find("//@fo:*") == [], "sheets have no looks of their own"
    assert set(ods.find("//@fo:font-family", "styles.xml")) == {"Arial"}


def test_text_in_tables_is_wrapped_and_columns_fit_their_headers(xlsx: Any, ods: Opened) -> None:
    for page in TABLES:
        sheet = xlsx[page.name]
        for row in sheet.iter_rows(min_row=top(page) + 1):
            assert all(cell.alignment.wrap_text for cell in row if isinstance(cell.value, str) and not cell.hyperlink)
        widths = [sheet.column_dimensions[chr(ord("A") + place)].width for place in range(len(page.headers))]
        assert all(width > len(header) for width, header in zip(widths, page.headers, strict=True))
    wrapped = ods.find("//style:style[@style:name='left']/style:table-cell-properties/@fo:wrap-option", "styles.xml")
    assert wrapped == ["wrap"]
    assert len(ods.find("//table:table-column/@table:style-name")) == sum(max(1, len(page.headers)) for page in PAGES)


def test_numbers_stand_to_the_right_with_commas_in_thousands(xlsx: Any, ods: Opened) -> None:
    cell = next(cell for row in xlsx["categories"].iter_rows() for cell in row if cell.value == 1240)
    assert (cell.alignment.horizontal, cell.number_format) == ("right", "#,##0")
    shown = ods.find("//table:table-cell[@office:value='1240']")[0]
    assert "".join(shown.itertext()) == "1,240"
    style = shown.get(f"{{{ODF['table']}}}style-name")
    side = f"//style:style[@style:name='{style}']/style:paragraph-properties/@fo:text-align"
    assert ods.find(side, "styles.xml") == ["end"]


def test_nothing_is_told_by_colour(xlsx: Any, ods: Opened) -> None:
    """No fill at all; links are underlined besides being blue."""
    cells = [cell for sheet in xlsx for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.fill.fill_type for cell in cells} == {None}
    assert {cell.font.u for cell in cells if cell.hyperlink} == {"single"}
    assert not [cell for cell in cells if cell.font.color and cell.font.color.type == "rgb" and not cell.hyperlink]
    assert ods.find("//@fo:background-color | //@fo:color", "styles.xml") == []


def test_there_are_no_filters_frozen_panes_formulas_images_macros_or_headers(
    xlsx: Any, book: Opened, ods: Opened
) -> None:
    for sheet in xlsx:
        assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.oddHeader.center.text) == (None, None, None)
        assert all(table.autoFilter is None for table in sheet.tables.values())
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert ods.find("//@table:formula | //@table:display-filter-buttons | //table:shapes") == []
    assert set(ods.find("//style:header/@style:display | //style:footer/@style:display", "styles.xml")) == {"false"}
    assert not [name for name in book.parts() if re.search("(?i)media|drawing|vba|basic|thumbnail|script", name)]


# --- the document


def test_the_document_has_a_title_and_a_language(book: Opened) -> None:
    assert (book.title, book.language) == (DOCUMENT.title, "en-GB")


def test_the_language_of_the_text_is_set(ods: Opened) -> None:
    assert ods.find("//@fo:language", "styles.xml") == ["en"]
    assert ods.find("//@fo:country", "styles.xml") == ["GB"]


def test_it_opens_on_the_first_sheet_with_the_cursor_in_a1(xlsx: Any, ods: Opened) -> None:
    assert xlsx.active.title == "cover"
    assert {sheet.sheet_view.selection[0].activeCell for sheet in xlsx} == {"A1"}
    assert "settings.xml" not in ods.parts(), "nothing moves the cursor away"


def test_the_marking_stands_on_every_sheet(book: Opened) -> None:
    assert all(rows[1][0] == "Handling marking: OFFICIAL" for rows in book.sheets.values())
