"""Workbooks as people keep them: the right sheet, the right header, every cell as it is read on the screen."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from export_builders import cells_of, counted, fates, found, rows_of, told_of
from hypothesis import given, settings
from hypothesis import strategies as st
from odfdo import Cell, Document, Row, Table
from openpyxl.chart import BarChart

from cc_categorise.errors import EmptyFileError, HeaderError, SheetError, UnsafeFileError, WorkbookError
from cc_categorise.lookup import rows_behind
from cc_categorise.pipeline import findings_of
from cc_categorise.read import marks, workbook
from cc_categorise.read.columns import HeaderRules, Opening
from cc_categorise.read.exports import Export, Kind
from cc_categorise.read.opening import open_table
from cc_categorise.read.table import Table as ReadTable

HEADER = ("Ref", "Received", "Category")
DAY = date(2023, 4, 3)
SOUND = ("R1", DAY, "Other")

Rows = Iterable[Sequence[Any]]


def book_of(path: Path, sheets: dict[str, Rows], shape: Callable[[openpyxl.Workbook], None] | None = None) -> Path:
    """Write a workbook, and do to it what openpyxl calls by other names than cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if shape:
        shape(book)
    book.save(path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export.xlsx"


def opened(path: Path | bytes, sheet: str | None = None, header_row: int | None = None) -> ReadTable:
    """Open a workbook by the usual synonyms."""
    opening = Opening(HeaderRules(), sheet=sheet, header_row=header_row)
    if isinstance(path, bytes):
        return open_table(Export("export.xlsx", spool=io.BytesIO(path), kind=Kind.WORKBOOK), opening)
    return open_table(Export(path.name, path, kind=Kind.WORKBOOK), opening)


def column(path: Path, *cells: Any, at: int = 0, shape: Callable[[openpyxl.Workbook], None] | None = None) -> list[str]:
    """Write cells into one column of sound rows; read them again."""
    rows = [(*SOUND[:at], cell, *SOUND[at + 1 :]) for cell in cells]
    return [row[at] for row in rows_of(opened(book_of(path, {"Export": [HEADER, *rows]}, shape)))]


def remade(path: Path | bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Change one part of an archive."""
    made = io.BytesIO()
    source = io.BytesIO(path) if isinstance(path, bytes) else path
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            changed = change(text.decode()).encode() if name == part else text
            assert name != part or changed != text, "the change found nothing to change"
            new.writestr(name, changed)
    return made.getvalue()


# --- which sheet


def test_the_sheet_is_found_by_its_header_past_a_cover(path: Path) -> None:
    cover = [("Counter-corruption unit",), ("Category of document", "Restricted")]
    table = opened(book_of(path, {"Cover": cover, "Blank": [], "Export": [HEADER, SOUND]}))
    assert (table.sheet, table.header, table.header_row) == ("Export", HEADER, 1)
    assert rows_of(table) == [["R1", "2023-04-03", "Other"]]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_passed_over_until_it_is_named(path: Path, state: str) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["Old"].sheet_state = state

    old = [HEADER, ("R9", DAY, "Infiltration")]
    book_of(path, {"Old": old, "Export": [HEADER, SOUND]}, hide)
    assert opened(path).sheet == "Export"
    assert rows_of(opened(path, sheet="Old"))[0][0] == "R9"


def test_a_sheet_is_named_in_any_case_and_with_spaces_around(path: Path) -> None:
    book_of(path, {"2022": [HEADER, SOUND], "Year 2023": [HEADER, ("R9", DAY, "Other")]})
    assert rows_of(opened(path, sheet=" year 2023"))[0][0] == "R9"


def test_two_sheets_that_match_equally_are_both_named(path: Path) -> None:
    book_of(path, {"2022": [HEADER, SOUND], "2023": [HEADER, SOUND], "Notes": [("Category",)]})
    with pytest.raises(SheetError, match="'2022' and '2023'"):
        opened(path)


def test_a_sheet_that_is_not_there_is_an_error_that_names_those_that_are(path: Path) -> None:
    book_of(path, {"Records": [HEADER, SOUND], "Notes": []})
    with pytest.raises(SheetError, match="'Records', 'Notes'"):
        opened(path, sheet="Export")


def test_a_workbook_of_charts_alone_is_no_export(path: Path) -> None:
    def draw(book: openpyxl.Workbook) -> None:
        book.create_chartsheet("Chart").add_chart(BarChart())
        book["Export"].sheet_state = "hidden"

    with pytest.raises(SheetError, match="no sheet that is shown"):
        opened(book_of(path, {"Export": [HEADER]}, draw))


def test_an_empty_sheet_is_an_empty_file(path: Path) -> None:
    with pytest.raises(EmptyFileError):
        opened(book_of(path, {"Export": []}))


def test_a_sheet_without_a_header_is_told_and_a_blank_one_before_it_is_not(path: Path) -> None:
    with pytest.raises(HeaderError, match="sheet Export"):
        opened(book_of(path, {"Blank": [], "Export": [("one", "two"), ("three", "four")]}))


def test_a_header_alone_is_a_table_of_zeros(path: Path) -> None:
    outcome = counted(book_of(path, {"Export": [HEADER]}))
    assert (fates(outcome), cells_of(outcome), outcome.is_clean) == ({}, {}, True)


# --- which row


def test_a_header_under_titles_leaves_row_numbers_as_the_spreadsheet_shows_them(path: Path) -> None:
    rows = [("Intelligence records",), (), ("Year 2023",), HEADER, SOUND, (), ("R2", "soon", "Other")]
    table = opened(book_of(path, {"Export": rows}))
    assert (table.header_row, table.n_titles) == (4, 2)
    assert found(counted(path)) == [(7, "received_on", "unreadable-date")]


def test_a_table_that_begins_away_from_the_corner_keeps_its_row_numbers(path: Path) -> None:
    def place(book: openpyxl.Workbook) -> None:
        for number, row in enumerate((HEADER, SOUND, ("R2", None, "Other")), 5):
            for position, cell in enumerate(row, 3):
                book["Export"].cell(number, position, cell)

    assert found(counted(book_of(path, {"Export": []}, place))) == [(7, "received_on", "missing-date")]


def test_the_header_row_that_was_given_is_taken(path: Path) -> None:
    book_of(path, {"Export": [HEADER, ("No", "Date", "Kind"), SOUND]})
    assert opened(path, header_row=2).header == ("No", "Date", "Kind")


# --- what a cell says


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(DAY, "2023-04-03", id="date"),
        pytest.param(datetime(2023, 4, 3, 23, 59, 59), "2023-04-03 23:59:59", id="datetime"),  # noqa: DTZ001
        pytest.param(45019, "2023-04-03", id="serial"),
        pytest.param(45019.99, "2023-04-03", id="serial-with-time"),
        pytest.param(2958465, "9999-12-31", id="last-serial"),
        pytest.param(2958466, "2958466", id="past-the-last-serial"),
        pytest.param(0, "0", id="no-serial"),
        pytest.param(-3, "-3", id="negative"),
        pytest.param(True, "TRUE", id="boolean"),
        pytest.param("03/04/2023", "03/04/2023", id="text-day-first"),
        pytest.param("45019", "45019", id="text-number"),
        pytest.param(None, "", id="blank"),
    ],
)
def test_a_cell_of_a_date_column(path: Path, cell: Any, text: str) -> None:
    assert column(path, cell, at=1) == [text]


def test_serials_count_from_1904_where_the_workbook_says_so(path: Path) -> None:
    def since_1904(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    cells = column(path, DAY, 45019 - 1462, 2957003, 2958465, at=1, shape=since_1904)
    assert cells == ["2023-04-03", "2023-04-03", "9999-12-31", "2958465"]


@pytest.mark.parametrize("number", ["NaN", "INF", "1E+300"])
def test_a_number_that_is_no_day_stays_what_it_is(path: Path, number: str) -> None:
    book_of(path, {"Export": [HEADER, ("R1", 45019, "Other")]})
    data = remade(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("<v>45019</v>", f"<v>{number}</v>"))
    path.write_bytes(data)
    outcome = counted(path)
    assert fates(outcome) == {"rows_read": 1, "rejected": 1}
    assert found(outcome)[0][1] == "received_on"


def test_a_number_outside_a_date_column_is_no_day(path: Path) -> None:
    assert column(path, 45019, 45019.5) == ["45019", "45019.5"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(1234, "1234", id="whole"),
        pytest.param(1234.0, "1234", id="whole-float"),
        pytest.param(12345678901, "12345678901", id="long"),
        pytest.param("000123", "000123", id="leading-zeros"),
        pytest.param("1.0", "1.0", id="text-with-point"),
        pytest.param("2E10", "2E10", id="text-like-a-power"),
        pytest.param("CC/23–é £", "CC/23–é £", id="unicode"),
        pytest.param("two\nlines", "two\nlines", id="line-break"),
    ],
)
def test_a_cell_of_a_reference_column(path: Path, cell: Any, text: str) -> None:
    assert column(path, cell) == [text]


def test_categories_may_be_numbers(path: Path) -> None:
    rows = [("R1", DAY, 3.0), ("R2", DAY, 4), ("R3", DAY, "4"), ("R4", DAY, 4.5), ("R5", DAY, 13), ("R6", DAY, True)]
    outcome = counted(book_of(path, {"Export": [HEADER, *rows]}))
    assert cells_of(outcome) == {
        ("2023/24", "perverting-the-course-of-justice"): 1,
        ("2023/24", "sexual-misconduct"): 2,
        ("2023/24", "uncategorised"): 3,
    }
    assert [row for row, *_ in found(outcome)] == [5, 6, 7]


# --- merged, hidden and broken cells


def merge(*ranges: str) -> Callable[[openpyxl.Workbook], None]:
    def shape(book: openpyxl.Workbook) -> None:
        for cells in ranges:
            book["Export"].merge_cells(cells)

    return shape


def test_merged_cells_are_filled_downwards_and_told(path: Path) -> None:
    rows = [("R1", DAY, "Other"), ("R2", None, "Vulnerability"), ("R3", None, "Infiltration"), ("R4", None, "Other")]
    table = opened(book_of(path, {"Export": [HEADER, *rows]}, merge("B2:B4")))
    assert [row[1] for row in rows_of(table)] == ["2023-04-03", "2023-04-03", "2023-04-03", ""]
    assert "1 merged cell was filled downwards" in table.found
    assert fates(counted(path)) == {"rows_read": 4, "counted": 3, "rejected": 1}


def test_merged_titles_and_headers_are_not_filled_into_records(path: Path) -> None:
    rows = [("Records", None, None), HEADER, ("R1", None, "Other"), SOUND]
    table = opened(book_of(path, {"Export": rows}, merge("A1:C1", "B2:B3")))
    assert [row[1] for row in rows_of(table)] == ["", "2023-04-03"]
    assert "merged" not in table.found


def test_hidden_rows_are_counted_and_told(path: Path) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        for number in (1, 3, 4, 900):
            book["Export"].row_dimensions[number].hidden = True

    rows = [("title",), HEADER, SOUND, ("R2", DAY, "Other"), ("R3", DAY, "Other")]
    table = opened(book_of(path, {"Export": rows}, hide))
    assert "2 hidden rows are counted" in table.found
    assert fates(counted(path)) == {"rows_read": 3, "counted": 3}


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?"])
def test_an_error_in_a_cell_is_a_finding_with_its_row(path: Path, error: str) -> None:
    rows = [("Title", None, None), HEADER, SOUND, ("R2", DAY, error), SOUND, ("R3", error, "Other")]
    outcome = counted(book_of(path, {"Export": rows}))
    assert [(row, code) for row, _, code in found(outcome) if code == "error-cell"] == [
        (4, "error-cell"),
        (6, "error-cell"),
    ]
    assert {(4, "category", "blank-category"), (6, "received_on", "missing-date")} <= set(found(outcome))
    assert {finding.reference for finding in findings_of(outcome) if finding.row in (4, 6)} == {"R2", "R3"}
    assert [row.reference for row in rows_behind(outcome, "uncategorised")] == ["R2"]


def test_an_error_is_found_wherever_its_sheet_is_kept(path: Path) -> None:
    book_of(path, {"Export": [HEADER, ("R1", DAY, "#REF!")]})
    moved = path.read_bytes().replace(b"xl/worksheets/sheet1.xml", b"xl/otherplace/sheet1.xml")
    moved = remade(moved, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace("worksheets/sheet", "otherplace/sheet"))
    assert told_of(opened(moved)) == [(2, "error-cell")]


@pytest.mark.parametrize("mark", [*marks._XLSX_MARKS, *marks._ODS_MARKS])
@given(st.integers(-60, 60), st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_a_mark_is_seen_wherever_it_stands_in_a_large_sheet(mark: bytes, place: int, nth: int) -> None:
    part = "xl/worksheets/sheet1.xml" if mark in marks._XLSX_MARKS else "content.xml"
    before = b"x" * (nth * 2**16 + place)

    def unmarked(content: bytes) -> set[str]:
        with zipfile.ZipFile(io.BytesIO(), "w") as archive:
            archive.writestr(part, content)
            return marks.unmarked_parts(archive)

    assert unmarked(before + mark + before) == set()
    assert unmarked(before + mark[:-1] + b"x" + before) == {part}


def test_an_error_on_another_sheet_is_no_finding(path: Path) -> None:
    book_of(path, {"Sums": [("#REF!",)], "Export & more": [HEADER, SOUND]})
    assert told_of(opened(path)) == []
    assert opened(path).sheet == "Export & more"


def test_a_formula_that_was_saved_without_a_value_is_blank_and_told(path: Path) -> None:
    rows = [HEADER, SOUND, ("R2", DAY, '="Oth"&"er"'), ("=A2&A3", DAY, "=C2")]
    table = opened(book_of(path, {"Export": rows, "Notes": [("=1+1",)]}))
    assert [row[2] for row in rows_of(table)] == ["Other", "", ""]
    assert "formulas without a saved value, read as blank: 3" in table.found


def test_a_formula_that_gives_empty_text_is_none_without_a_value(path: Path) -> None:
    book_of(path, {"Export": [HEADER, ("R1", DAY, '=""'), ("R2", DAY, "=1")]})
    part = "xl/worksheets/sheet1.xml"
    empty_text = remade(path, part, lambda xml: xml.replace('<c r="C2">', '<c r="C2" t="str">'))
    assert "formulas without a saved value, read as blank: 1" in opened(empty_text).found


def test_formulas_are_read_by_the_values_they_were_saved_with(path: Path) -> None:
    book_of(path, {"Export": [HEADER, ("R1", 45019, "=A1")]})
    saved = ('<c r="C2"><f>A1</f><v></v>', '<c r="C2" t="str"><f>A1</f><v>Other</v>')
    data = remade(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("<v />", "<v></v>").replace(*saved))
    assert rows_of(opened(data)) == [["R1", "2023-04-03", "Other"]]


# --- what is no workbook


def ole(*names: str) -> bytes:
    """Make a compound file of Microsoft's with these entries, as a workbook under a password is one."""
    free, end = b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff"
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff09000600") + bytes(6)
    head += bytes(4) + b"\1\0\0\0" + b"\1\0\0\0" + bytes(4) + b"\0\x10\0\0" + end + bytes(4) + end + bytes(4)
    head += bytes(4) + free * 108
    table = b"\xfd\xff\xff\xff" + end + free * 126
    entries = b""
    for name, kind in (("Root Entry", 5), *((name, 2) for name in names)):
        text = name.encode("utf-16-le")
        entries += text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + bytes([kind, 1]) + free * 3
        entries += bytes(36) + end + bytes(8)
    return head + table + entries.ljust(512, b"\0")


def whole(tmp_path: Path) -> bytes:
    return book_of(tmp_path / "whole.xlsx", {"Export": [HEADER, *[SOUND] * 50]}).read_bytes()


def test_a_password_is_told_and_how_to_take_it_off() -> None:
    with pytest.raises(WorkbookError, match="take the password off") as caught:
        opened(ole("EncryptedPackage", "EncryptionInfo"))
    assert caught.value.exit_code == 4


def test_a_password_of_an_opendocument_workbook_is_told_too(tmp_path: Path) -> None:
    names = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    data = '<manifest:encryption-data manifest:checksum="x"/>'
    entry = f'<manifest:file-entry manifest:full-path="content.xml" manifest:size="9">{data}</manifest:file-entry>'
    with zipfile.ZipFile(tmp_path / "export.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", bytes(range(256)))
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{names}">{entry}</manifest:manifest>'
        )
    with pytest.raises(WorkbookError, match="protected by a password"):
        opened(tmp_path / "export.ods")


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda data: data[: len(data) // 2], id="cut-in-half"),
        pytest.param(lambda data: data[:-1], id="last-byte-missing"),
        pytest.param(lambda data: data[:4], id="first-bytes"),
        pytest.param(lambda _: b"Ref,Received,Category\n", id="text"),
        pytest.param(lambda _: b"<html><table><tr><td>Ref</td></tr></table></html>", id="page"),
        pytest.param(lambda _: b"\0" * 5000, id="zeros"),
        pytest.param(lambda _: b"", id="nothing"),
        pytest.param(lambda _: ole("Nothing"), id="other-compound-file"),
        pytest.param(lambda _: ole("Workbook")[:1100] + bytes(7), id="compound-file-cut-off"),
        pytest.param(lambda data: data.replace(b"xl/worksheets", b"xl/worksheetz"), id="sheet-missing"),
        pytest.param(lambda data: data.replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"), id="zip-version"),
    ],
)
def test_a_damaged_workbook_is_one_clear_error(
    tmp_path: Path, damaged: Callable[[bytes], bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    data = whole(tmp_path)
    assert damaged(data) != data
    with pytest.raises(WorkbookError) as caught:
        opened(damaged(data))
    assert (caught.value.code, caught.value.exit_code, caught.value.where) == ("workbook", 4, "export.xlsx")
    assert capfd.readouterr().err == ""


def test_only_a_panic_is_kept_off_standard_error(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with workbook._silence():
        os.write(2, b"thread 'main' panicked at src/lib.rs: R1\n")
    with workbook._silence():
        os.write(2, b"other words\n")
    assert opened(book_of(path, {"Export": [HEADER, SOUND]})).header == HEADER
    assert capfd.readouterr().err == "other words\n"


def test_any_changed_byte_of_a_sheet_is_noticed(tmp_path: Path) -> None:
    data = bytearray(whole(tmp_path))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    start = info.header_offset + 30 + len(info.filename)
    for place in range(start, start + info.compress_size, 7):
        changed = bytearray(data)
        changed[place] ^= 0x10
        with pytest.raises(WorkbookError):
            opened(bytes(changed))


def test_a_workbook_that_says_it_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    data = bytearray(whole(tmp_path))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (2**31 + 1).to_bytes(4, "little")
    with pytest.raises(UnsafeFileError) as caught:
        opened(bytes(data))
    assert (caught.value.code, caught.value.exit_code) == ("unsafe-file", 4)


def test_the_limit_is_on_all_parts_together(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book_of(path, {"Export": [HEADER, *[SOUND] * 1000]})
    with zipfile.ZipFile(path) as archive:
        size = sum(item.file_size for item in archive.infolist())
    monkeypatch.setattr(workbook, "_LARGEST", size)
    assert len(rows_of(opened(path))) == 1000
    monkeypatch.setattr(workbook, "_LARGEST", size - 1)
    with pytest.raises(UnsafeFileError):
        opened(path)


def test_a_workbook_that_says_less_than_it_unpacks_to_is_found_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(book_of(path, {"Export": [HEADER, *[SOUND] * 1000]}).read_bytes())
    with zipfile.ZipFile(path) as archive:
        sizes = [item.file_size for item in archive.infolist()]
    entry = 0
    for _ in sizes:
        entry = data.index(b"PK\x01\x02", entry) + 24
        data[entry : entry + 4] = (1).to_bytes(4, "little")
    monkeypatch.setattr(workbook, "_LARGEST", sum(sizes) - 1)
    with pytest.raises(UnsafeFileError):
        opened(bytes(data))


# --- OpenDocument and .xls, as LibreOffice writes them


def by_libreoffice(path: Path, ending: str) -> Path:
    """Open a workbook in LibreOffice, which works its formulas out, and save it in another format."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("LibreOffice is needed: apt-get install libreoffice-calc")
        pytest.skip("LibreOffice is needed: apt-get install libreoffice-calc")
    command = [program, f"-env:UserInstallation=file://{path.parent}/office", "--headless", "--convert-to", ending]
    done = subprocess.run(  # noqa: S603 - found above
        [*command, "--outdir", str(path.parent / "made"), str(path)], capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return path.parent / "made" / path.with_suffix(f".{ending}").name


@pytest.mark.parametrize("ending", ["ods", "xlsx", "xls"])
def test_what_is_merged_hidden_or_broken_is_told_of_every_kind_of_workbook(path: Path, ending: str) -> None:
    def shape(book: openpyxl.Workbook) -> None:
        sheet = book["Ex & <port>"]
        for number in (1, 4, 5, 6, 40):  # rows 4 to 6 are alike: .ods writes them as one, and cells that are alike too
            sheet.row_dimensions[number].hidden = True
        sheet["C3"], sheet["B8"], sheet["E9"] = "=NA()", "=1/0", "=VLOOKUP(7,A1:A2,9)"
        sheet.merge_cells("C10:C12")
        sheet.merge_cells("D10:E11")
        sheet.merge_cells("A1:C1")

    alike = ("R", DAY, "Other", "same", "same")
    rows = [("Title",), (*HEADER, "Unit", "Source"), alike, *[alike] * 4, *[alike] * 2, *[(*alike[:4], "x")] * 3]
    table = opened(by_libreoffice(book_of(path, {"Notes": [("#REF!",)], "Ex & <port>": rows}, shape), ending))
    assert (table.sheet, table.n_titles, len(rows_of(table))) == ("Ex & <port>", 1, 10)
    assert "2 merged cells were filled downwards" in table.found
    assert [row[2:] for row in rows_of(table)][7:] == [["Other", "same", ""]] * 2 + [["Other", "same", "x"]]
    told = "hidden rows and error cells of an .xls are not told" if ending == "xls" else "3 hidden rows are counted"
    assert told in table.found
    assert told_of(table) == ([] if ending == "xls" else [(n, "error-cell") for n in (3, 8, 9)])


@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_serials_count_from_1904_in_every_kind_of_workbook(path: Path, ending: str) -> None:
    def since_1904(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    rows = [HEADER, ("R1", DAY, "Other"), ("R2", 45019 - 1462, "Other")]
    table = opened(by_libreoffice(book_of(path, {"Export": rows}, since_1904), ending))
    assert [row[1] for row in rows_of(table)] == ["2023-04-03", "2023-04-03"]


def test_hidden_rows_of_an_opendocument_sheet_are_counted_as_far_as_it_is_filled(tmp_path: Path) -> None:
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("Export")
    rows: Sequence[Sequence[Any]] = (HEADER, SOUND, SOUND, SOUND, ())
    for number, values in enumerate(rows):
        row = Row()
        for value in values:
            row.append_cell(Cell(value))
        if number in (2, 4):
            row.set_attribute("table:visibility", "filter" if number == 2 else "collapse")
        row.repeated = 1_000_000 if number == 4 else None
        table.append_row(row)
    document.body.append(table)
    document.save(tmp_path / "export.ods")
    assert "1 hidden row is counted" in opened(tmp_path / "export.ods").found


# --- OpenDocument


def test_an_opendocument_sheet_is_read_as_any_other(tmp_path: Path) -> None:
    document = Document("spreadsheet")
    document.body.clear()
    for name, cells in (("Cover", [("Records",)]), ("Export", [("title",), HEADER, ("007", DAY, 3.0), (8, "soon", 4)])):
        table = Table(name)
        for values in cells:
            row = Row()
            for value in values:
                row.append_cell(Cell(value))
            table.append_row(row)
        document.body.append(table)
    document.save(tmp_path / "export.ods")
    table_read = opened(tmp_path / "export.ods")
    assert (table_read.sheet, table_read.header_row) == ("Export", 2)
    assert rows_of(table_read) == [["007", "2023-04-03", "3"], ["8", "soon", "4"]]


# --- any text


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_text_that_was_written_is_what_is_read(pairs: list[tuple[str, str]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    sheet.append([*HEADER, "Unit"])
    for reference, unit in pairs:
        cells = [openpyxl.cell.WriteOnlyCell(sheet, text) for text in (reference, "2023-04-03", "Other", unit)]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    assert [(row[0], row[3]) for row in rows_of(opened(stream.getvalue()))] == pairs
