"""Is the encoding found, told and never lossy?"""

from __future__ import annotations

import codecs

import pytest
from export_builders import in_memory

from cc_categorise.errors import EmptyFileError, EncodingError, UsageError
from cc_categorise.read import encoding
from cc_categorise.read.encoding import EncodedText, find_encoding, text_lines, unmarked

POUND = "Ref,Received\n1,£5 für Zoë\n"


def whole_text(found: EncodedText) -> str:
    with found.export.open() as stream:
        stream.seek(found.start)
        return found.decode(stream.read(), found.start)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(POUND.encode(), "UTF-8 (found)", id="utf-8"),
        pytest.param(b"plain", "UTF-8 (found)", id="ascii"),
        pytest.param(b"x", "UTF-8 (found)", id="one-byte"),
        pytest.param(POUND.encode("utf-8-sig"), "UTF-8 (byte-order mark)", id="utf-8-with-mark"),
        pytest.param(POUND.encode("cp1252"), "Windows-1252 (found)", id="cp1252-with-a-pound-sign-is-not-cp1250"),
        pytest.param(POUND.encode("utf-16"), "UTF-16 (byte-order mark)", id="utf-16"),
        pytest.param(codecs.BOM_UTF16_BE + POUND.encode("utf-16-be"), "UTF-16 (byte-order mark)", id="utf-16-be"),
        pytest.param(POUND.encode("utf-32"), "utf-32-le (byte-order mark)", id="utf-32"),
        pytest.param(codecs.BOM_UTF32_BE + POUND.encode("utf-32-be"), "utf-32-be (byte-order mark)", id="utf-32-be"),
        pytest.param(b"\xc3\xa9 and a cut \xc3", "Windows-1252 (found)", id="cut-character-is-no-utf-8"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2, 3, 2**20])
def test_the_encoding_is_found_wherever_the_file_is_cut(
    monkeypatch: pytest.MonkeyPatch, data: bytes, found: str, chunk: int
) -> None:
    monkeypatch.setattr(encoding, "_CHUNK", chunk)
    text = find_encoding(in_memory(data), None)
    assert text.found == found
    if "cut" not in (expected := data.decode("ascii", "ignore")):
        assert whole_text(text) in (POUND, expected)


@pytest.mark.parametrize(
    ("data", "chosen", "found"),
    [
        pytest.param(POUND.encode("cp850"), "CP850", "cp850 (as given)", id="dos"),
        pytest.param(POUND.encode("utf-16-le"), "utf-16-le", "UTF-16 (as given)", id="utf-16-without-mark"),
        pytest.param(POUND.encode("utf-16"), "utf-16", "utf-16 (as given)", id="utf-16-with-mark"),
        pytest.param(POUND.encode("utf-16"), "utf-16-le", "UTF-16 (as given)", id="utf-16-le-with-mark"),
        pytest.param(POUND.encode("utf-8-sig"), "utf8", "UTF-8 (as given)", id="mark-of-the-same-encoding"),
        pytest.param(POUND.encode("utf-8-sig"), "utf-8-sig", "UTF-8 (as given)", id="named-with-its-mark"),
        pytest.param(POUND.encode("utf-7"), "utf-7", "utf-7 (as given)", id="bytes-that-do-not-show-ascii"),
        pytest.param(POUND.encode("utf-16-be"), "utf-16-be", "UTF-16 (as given)", id="big-endian"),
    ],
)
def test_a_named_encoding_overrides_what_the_bytes_say(data: bytes, chosen: str, found: str) -> None:
    text = find_encoding(in_memory(data), chosen)
    assert (text.found, whole_text(text)) == (found, POUND)


def test_a_named_encoding_overrides_a_mark_of_another() -> None:
    text = find_encoding(in_memory(b"\xef\xbb\xbfRef"), "cp1252")
    assert whole_text(text) == "ï»¿Ref"


@pytest.mark.parametrize("chosen", ["no-such", "rot13", "hex", "undefined", "", "\0", "é"])
def test_an_encoding_that_is_none_of_text_is_refused(chosen: str) -> None:
    with pytest.raises(UsageError, match="--encoding: no such encoding"):
        find_encoding(in_memory("x"), chosen)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \r\n\t\n", b"\0\0", "\ufeff\r\n".encode("utf-16-le")],
    ids=["no-bytes", "utf-8-mark", "utf-16-mark", "blank-lines", "nul", "utf-16-blank-line"],
)
def test_a_file_without_content_is_refused(data: bytes) -> None:
    with pytest.raises(EmptyFileError):
        find_encoding(in_memory(data), None)


@pytest.mark.parametrize(("codec", "data"), [(c, POUND.encode(c)) for c in ("utf-16-le", "utf-16-be")])
def test_utf_16_without_a_mark_is_recognised_and_not_guessed(codec: str, data: bytes) -> None:
    with pytest.raises(EncodingError) as caught:
        find_encoding(in_memory(data), None)
    assert caught.value.hint == f"try --encoding {codec}"


@pytest.mark.parametrize(
    ("data", "chosen", "message"),
    [
        pytest.param(b"ab\xff", "utf-8", "byte 3 is not valid UTF-8", id="utf-8"),
        pytest.param(b"\xef\xbb\xbfab\xff", "utf-8", "byte 6 is not valid UTF-8", id="after-a-mark"),
        pytest.param(b"xn--a.b", "idna", "byte 1 is not valid idna", id="codec-that-does-not-say-where"),
        pytest.param(b"\xe9\n\x81", None, "byte 3 is not valid Windows-1252", id="cp1252-has-holes"),
    ],
)
def test_bytes_that_cannot_be_decoded_are_told_by_place_and_never_replaced(
    data: bytes, chosen: str | None, message: str
) -> None:
    text = find_encoding(in_memory(data), chosen)
    with pytest.raises(EncodingError, match=message):
        whole_text(text)


@pytest.mark.parametrize("chunk", [1, 3, 2**20])
@pytest.mark.parametrize(
    ("data", "chosen", "message"),
    [
        pytest.param(b"\xff\xfea\0\0\xdcb\0", None, "byte 5 is not valid UTF-16", id="half-a-pair"),
        pytest.param(b"\xff\xfea\0b", None, "byte 5 is not valid UTF-16", id="cut-off"),
        pytest.param(b"a\0b\0\0\xd8c\0", "utf-16-le", "byte 5 is not valid UTF-16", id="as-given"),
    ],
)
def test_bytes_that_cannot_be_copied_are_told_by_place(
    monkeypatch: pytest.MonkeyPatch, data: bytes, chosen: str | None, message: str, chunk: int
) -> None:
    monkeypatch.setattr(encoding, "_CHUNK", chunk)
    with pytest.raises(EncodingError, match=message):
        find_encoding(in_memory(data), chosen)


def test_text_that_utf_8_cannot_hold_is_refused() -> None:
    with pytest.raises(EncodingError, match="byte 1 is not valid raw-unicode-escape"):
        find_encoding(in_memory(rb"Ref \ud800"), "raw_unicode_escape")


@pytest.mark.parametrize(
    ("codec", "data", "n"),
    [
        pytest.param("utf-8", "né".encode()[:-1], 1, id="cut-in-two"),
        pytest.param("utf-8", "né".encode(), 3, id="whole"),
        pytest.param("utf-8", "a€".encode()[:-1], 1, id="two-of-three-bytes"),
        pytest.param("utf-8", b"\xff\xc3", 2, id="not-decodable-is-left-to-decoding"),
        pytest.param("cp1252", b"n\xc3", 2, id="one-byte-codec"),
        pytest.param("shift_jis", "日".encode("shift_jis")[:1], 0, id="two-byte-codec"),
        pytest.param("utf-8", b"", 0, id="nothing"),
    ],
)
def test_a_piece_is_cut_at_a_whole_character(codec: str, data: bytes, n: int) -> None:
    assert EncodedText(in_memory(""), codec, 0, "").n_whole(data) == n


def test_lines_end_where_the_csv_module_ends_them() -> None:
    assert text_lines("a\nb\rc\r\nd\x0be\u2028f") == ["a\n", "b\r", "c\r\n", "d\x0be\u2028f"]
    assert text_lines("") == []


def test_one_mark_is_taken_from_the_head_of_a_line() -> None:
    assert [unmarked(line) for line in ("\ufeffRef", "\ufeff\ufeffRef", "Ref\ufeff")] == [
        "Ref",
        "\ufeffRef",
        "Ref\ufeff",
    ]
