"""Are rows cut as the csv module cuts them, and is every quote that goes astray told?"""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from export_builders import opened, rows_of, told_of

from cc_categorise import pipeline
from cc_categorise.errors import DelimiterError, EmptyFileError, EncodingError, HeaderError
from cc_categorise.options import RunOptions
from cc_categorise.read import text as reading
from cc_categorise.read.header import HEADER_WITHIN

HEAD = "Ref,Received,Category,Summary\n"


@pytest.mark.parametrize(
    ("sign", "name"),
    [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "pipe")],
    ids=["comma", "semi", "tab", "pipe"],
)
def test_the_delimiter_is_told_from_the_header(sign: str, name: str) -> None:
    table = opened(
        f"Ref{sign}Received{sign}Category\n1{sign}2,5;x|y\tz{sign}3\n".replace(f"{sign}2,5;x|y\tz", f"{sign}2")
    )
    assert (table.header, rows_of(table)) == (("Ref", "Received", "Category"), [["1", "2", "3"]])
    assert table.found == f"encoding UTF-8 (found), delimiter {name} (found)"


def test_the_delimiter_that_gives_most_fields_wins_and_then_the_one_that_gives_most_cells() -> None:
    assert opened("Ref;Received;Category, recorded\n").header == ("Ref", "Received", "Category, recorded")
    assert opened("Ref,a,b;Received,c\n").header == ("Ref", "a", "b;Received", "c")
    assert opened("Ref|a,Received|b|c\n").header == ("Ref", "a,Received", "b", "c")


@pytest.mark.parametrize("given", [";", "semicolon", "SEMICOLON"])
def test_a_delimiter_can_be_given_by_sign_or_name(given: str) -> None:
    table = opened("Ref,x;Received;Category\n", delimiter=given)
    assert table.header == ("Ref,x", "Received", "Category")
    assert table.found == "encoding UTF-8 (found), delimiter semicolon (as given)"


@pytest.mark.parametrize(("given", "sign"), [("tab", "\t"), ("\\t", "\t"), ("^", "^"), (" ", " "), ("~", "~")])
def test_any_single_character_can_be_the_delimiter(given: str, sign: str) -> None:
    assert opened(f"Ref{sign}Received\n1{sign}2\n", delimiter=given).header == ("Ref", "Received")


@pytest.mark.parametrize("given", ["::", '"', "\n", "\r", "\0", "commas"])
def test_what_is_not_one_character_is_no_delimiter(given: str) -> None:
    with pytest.raises(DelimiterError, match="a delimiter is one character"):
        opened(HEAD, delimiter=given)


@pytest.mark.parametrize(
    ("data", "header_row", "n_titles"),
    [
        pytest.param("Ref,Received\n1,2\n", 1, 0, id="first-row"),
        pytest.param("Intelligence 2023\n\n,,\nRef,Received\n1,2\n", 4, 1, id="under-a-title-and-blank-rows"),
        pytest.param('"A title\nof two lines"\nTaken,today\nRef,Received\n1,2\n', 3, 2, id="under-two-titles"),
        pytest.param("Received,by\nRef,Received\n1,2\n", 2, 1, id="most-fields-win"),
        pytest.param("Ref,Received\nRef,Received\n1,2\n", 1, 0, id="the-first-of-equals"),
        pytest.param("\ufeffRef,Received\n1,2\n", 1, 0, id="after-a-mark"),
        pytest.param("\n" * (HEADER_WITHIN - 1) + "Ref,Received\n1,2\n", HEADER_WITHIN, 0, id="as-late-as-is-looked"),
    ],
)
def test_the_header_is_the_row_that_names_most_fields(data: str, header_row: int, n_titles: int) -> None:
    table = opened(data)
    assert (table.header, table.header_row, table.n_titles) == (("Ref", "Received"), header_row, n_titles)
    assert [block.first for block in table.blocks()] == [header_row + 1]
    assert rows_of(table)[-1] == ["1", "2"]


def test_the_header_row_can_be_named_whatever_it_holds() -> None:
    table = opened("Ref,Received\nfoo,bar\n1,2\n", header_row=2)
    assert (table.header, table.header_row, rows_of(table)) == (("foo", "bar"), 2, [["1", "2"]])


@pytest.mark.parametrize(
    ("data", "how", "message"),
    [
        pytest.param("foo,bar\n1,2\n", {}, "none of the first 50 rows is a header", id="no-field"),
        pytest.param("\n" * 50 + HEAD, {}, "none of the first 50 rows is a header", id="too-late"),
        pytest.param(HEAD, {"header_row": 2}, "row 2 is not a header", id="beyond-the-end"),
        pytest.param("\n" + HEAD, {"header_row": 1}, "row 1 is not a header", id="blank"),
    ],
)
def test_without_a_header_nothing_is_read(data: str, how: dict[str, int], message: str) -> None:
    with pytest.raises(HeaderError, match=message):
        opened(data, **how)


@pytest.mark.parametrize("data", ["\n\n \r\n", " " * 5000 + "\n", "\ufeff\n\n"], ids=["lines", "spaces", "mark"])
def test_blank_lines_alone_are_an_empty_file(data: str) -> None:
    with pytest.raises(EmptyFileError):
        opened(data)


@pytest.mark.parametrize("data", [HEAD, HEAD.strip(), "\ufeff" + HEAD], ids=["line", "no-line-end", "mark"])
def test_a_header_alone_is_a_table_without_rows(data: str) -> None:
    table = opened(data)
    assert (list(table.blocks()), table.header) == ([], ("Ref", "Received", "Category", "Summary"))


def test_a_header_of_several_lines_is_read_whole() -> None:
    table = opened('Title\n"Ref\nNo","Date\r\nreceived",Category\n1,2,3\n')
    assert table.header == ("Ref\nNo", "Date\r\nreceived", "Category")
    assert [(block.first, block.rows) for block in table.blocks()] == [(3, [["1", "2", "3"]])]


@pytest.mark.parametrize(
    ("data", "header", "row"),
    [
        pytest.param('Ref, Received\n1, "a, b"\n', ("Ref", "Received"), ["1", "a, b"], id="plain"),
        pytest.param('Ref, "Received"\n1, "a, b"\n', ("Ref", "Received"), ["1", "a, b"], id="quoted"),
        pytest.param('Ref, "Received, late"\n1, "a"\n', ("Ref", "Received, late"), ["1", "a"], id="with-the-delimiter"),
        pytest.param('Ref, "Date\nreceived"\n1, "a, b"\n', ("Ref", "Date\nreceived"), ["1", "a, b"], id="two-lines"),
        pytest.param('Ref,Received\n1, "a"\n', ("Ref", "Received"), ["1", ' "a"'], id="only-where-the-header-has-them"),
    ],
)
def test_spaces_after_delimiters_are_no_part_of_cells(data: str, header: tuple[str, ...], row: list[str]) -> None:
    table = opened(data)
    assert (table.header, rows_of(table)) == (header, [row])


def test_a_header_beyond_the_head_is_not_found_rather_than_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_HEAD", 20)
    with pytest.raises(HeaderError):
        opened("A title\nRef,Received,Category\n")


def test_a_long_head_is_cut_between_lines_and_never_in_a_character(monkeypatch: pytest.MonkeyPatch) -> None:
    data = "\ufeffRef,Received,Zoë\né€,2,3\n"
    for size in range(20, len(data.encode()) + 2):
        monkeypatch.setattr(reading, "_HEAD", size)
        table = opened(data)
        assert (table.header, rows_of(table)) == (("Ref", "Received", "Zoë"), [["é€", "2", "3"]])


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        pytest.param('1,"a,b","c""d",\n', [["1", "a,b", 'c"d', ""]], id="quotes"),
        pytest.param('1,2,3,"a\n\nb"\n4,5,6,7\n', [["1", "2", "3", "a\n\nb"], ["4", "5", "6", "7"]], id="line-break"),
        pytest.param('1,2,3,"a\r\nb"\r\n4,5,6,7', [["1", "2", "3", "a\r\nb"], ["4", "5", "6", "7"]], id="crlf"),
        pytest.param("1,2,3,4\r5,6,7,8\r", [["1", "2", "3", "4"], ["5", "6", "7", "8"]], id="cr-alone"),
        pytest.param("1,2,3,4\n\n5,6,7,8\n", [["1", "2", "3", "4"], [], ["5", "6", "7", "8"]], id="blank-line"),
        pytest.param("1,2\n1,2,3,4,5\n", [["1", "2"], ["1", "2", "3", "4", "5"]], id="ragged"),
        pytest.param("1,2,3,a\x0bb\u2028c\n", [["1", "2", "3", "a\x0bb\u2028c"]], id="other-line-ends-are-text"),
        pytest.param("1,2,3,4\n\ufeff5,6,7,8\n", [["1", "2", "3", "4"], ["5", "6", "7", "8"]], id="glued-files"),
        pytest.param('1,2,3,5" disc\n', [["1", "2", "3", '5" disc']], id="quote-within-a-cell"),
    ],
)
def test_rows_are_those_of_the_csv_module(body: str, rows: list[list[str]]) -> None:
    table = opened(HEAD + body)
    assert (rows_of(table), told_of(table)) == (rows, [])
    assert rows == [*csv.reader(io.StringIO(body.replace("\ufeff", ""), newline=""))]


@pytest.mark.parametrize(
    ("body", "rows", "told"),
    [
        pytest.param(
            '1,2,3,"open\n4,5,6,7\n',
            [["1", "2", "3", '"open'], ["4", "5", "6", "7"]],
            [(2, "stray-quote")],
            id="open-quote-in-the-last-cell",
        ),
        pytest.param(
            '1,"open,3,4\n4,5,6,7\n',
            [["1", '"open', "3", "4"], ["4", "5", "6", "7"]],
            [(2, "stray-quote")],
            id="open-quote-with-the-right-number-of-cells",
        ),
        pytest.param(
            '1,"open, and more,3,4\n4,5,6,7\n',
            [["1", '"open', " and more", "3", "4"], ["4", "5", "6", "7"]],
            [(2, "unbalanced-quote")],
            id="open-quote-with-another-number-of-cells",
        ),
        pytest.param(
            '1,2,3,"open\n4,5,6,7\n8,9,10,"shut"\n',
            [["1", "2", "3", '"open'], ["4", "5", "6", "7"], ["8", "9", "10", "shut"]],
            [(2, "stray-quote")],
            id="open-quote-above-a-quoted-cell",
        ),
        pytest.param(
            '1,"open,3,4\n5,6,7,size 2"\n',
            [["1", '"open', "3", "4"], ["5", "6", "7", 'size 2"']],
            [(2, "stray-quote")],
            id="open-quote-that-another-stray-one-shuts",
        ),
        pytest.param(
            '1,2,3,"open\n5,6,7,size 2"\n',
            [["1", "2", "3", "open\n5,6,7,size 2"]],
            [(2, "row-within-quotes")],
            id="row-that-may-be-hidden",
        ),
        pytest.param(
            '1,2,3,"Said: yes,\nno, perhaps, later, never"\n',
            [["1", "2", "3", "Said: yes,\nno, perhaps, later, never"]],
            [],
            id="prose-with-as-many-commas-is-no-row",
        ),
        pytest.param('1,2,3,"a"b\n', [["1", "2", "3", "ab"]], [], id="text-after-a-closing-quote"),
        pytest.param('1,"a""b",3,"\n', [["1", 'a"b', "3", '"']], [(2, "stray-quote")], id="other-quotes-are-read"),
        pytest.param(
            "1,2,3,a\0b\n4,5,6,7\n", [["1", "2", "3", "a\0b"], ["4", "5", "6", "7"]], [(2, "nul-character")], id="nul"
        ),
        pytest.param(
            '1,2,3,"a\0b\n', [["1", "2", "3", '"a\0b']], [(2, "nul-character"), (2, "stray-quote")], id="nul-and-quote"
        ),
    ],
)
def test_a_quote_astray_costs_its_own_row_and_is_told(
    body: str, rows: list[list[str]], told: list[tuple[int, str]]
) -> None:
    table = opened(HEAD + body)
    assert (rows_of(table), told_of(table)) == (rows, told)


def test_a_table_of_one_column_hides_no_rows() -> None:
    assert told_of(opened('Ref\n"a\nb\nc"\n')) == []


def test_blocks_say_where_they_stand_and_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_BLOCK", 12)
    table = opened(HEAD + "1,2,3,4\n5,6,7,8\n" + '9,10,11,"twelve\nthirteen"\n' + "14,15,16,17\n")
    blocks = list(table.blocks())
    assert [(b.first, len(b.rows), b.size) for b in blocks] == [(2, 1, 8), (3, 1, 8), (4, 1, 26), (5, 1, 12)]
    assert list(table.blocks_with([5, 2, 4, 3])) == blocks
    assert list(table.blocks_with([2, 4])) == [blocks[0], blocks[2]]
    assert list(table.blocks_with([])) == []


def test_two_readings_at_once_do_not_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_BLOCK", 1)
    table = opened(HEAD + "1,2,3,4\n5,6,7,8\n9,10,11,12\n")
    expected = list(table.blocks())
    pairs = list(zip(table.blocks(), table.blocks(), strict=True))
    assert pairs == list(zip(expected, expected, strict=True))
    assert list(table.blocks_with([2, 3, 4])) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_a_quote_left_open_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    monkeypatch.setattr(reading, "_BLOCK", 16)
    monkeypatch.setattr(reading, "LONGEST_RECORD", 64)
    lines = [HEAD.strip(), '1,2,3,"open', *(f"{n},2,3,4" for n in range(2, 40)), '40,2,3,"shut"']
    table = opened("".join(line + end for line in lines))
    rows = [["1", "2", "3", '"open'], *([f"{n}", "2", "3", "4"] for n in range(2, 40)), ["40", "2", "3", "shut"]]
    assert (rows_of(table), told_of(table)) == (rows, [(2, "stray-quote")])
    assert len(list(table.blocks())) > 3


def test_a_sound_record_at_the_end_of_what_was_waited_for_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_BLOCK", 8)
    monkeypatch.setattr(reading, "LONGEST_RECORD", 40)
    table = opened(HEAD + '1,2,3,"open\n2,2,3,4\n3,2,3,4\n4,2,3,"line\nlonger line"\n5,2,3,4\n')
    assert told_of(table) == [(2, "stray-quote")]
    assert rows_of(table)[3:] == [["4", "2", "3", "line\nlonger line"], ["5", "2", "3", "4"]]


def test_a_line_without_end_is_cut_between_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_BLOCK", 5)
    monkeypatch.setattr(reading, "LONGEST_RECORD", 5)
    assert "".join("".join(row) for row in rows_of(opened(HEAD + "€" * 20))) == "€" * 20


def test_bytes_that_cannot_be_decoded_stop_the_reading_with_their_place() -> None:
    with pytest.raises(EncodingError, match="byte 32 is not valid UTF-8"):
        rows_of(opened(HEAD.encode() + b"1\xff,2,3,4\n", encoding="utf-8"))


def test_bytes_that_the_encoding_named_does_not_have_are_told_of_large_files_too(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    sound = b"Ref,Date received,Category\n" + b"R1,2023-04-01,Other\n" * 15_000  # more than is looked at for the header
    path.write_bytes(sound + b"R2,2023-04-01,\xa3\n")
    told = []
    for worth in (0, 2**25):
        with mock.patch.object(pipeline, "WORTH_SHARING", worth), pytest.raises(EncodingError) as caught:
            pipeline.count([path], RunOptions(encoding="utf-8", workers=1), as_at=date(2024, 6, 30))
        told.append(str(caught.value))
    assert told[0] == told[1]
    assert f"byte {len(sound) + 15:,} is not valid UTF-8" in told[0]
