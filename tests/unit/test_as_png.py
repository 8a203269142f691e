"""A chart as PNG: the picture of the SVG, the same bytes everywhere, with its text alternative."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator

import pytest

from cc_categorise.document import Bar, Chart, Group
from cc_categorise.errors import MissingExtraError
from cc_categorise.render.chart import chart_file, png_of


def chart(value: int | None, text: str = "[c]", label: str = "G") -> Chart:
    bars = (Bar("2022/23", 9, "9"), Bar("2023/24", value, text))
    return Chart("Records – “£”", "D.", (Group(label, bars),), is_multiple=True)


def png(of: Chart) -> bytes:
    return chart_file(of, "OFFICIAL", ".png")


def chunks(content: bytes) -> Iterator[tuple[str, bytes]]:
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + body).to_bytes(4, "big") == content[at + 8 + size : at + 12 + size]
        yield kind.decode(), body
        at += 12 + size


def test_a_file_is_whole_and_tells_its_figures_in_words() -> None:
    found = list(chunks(png(chart(None))))
    assert [kind for kind, _ in found if kind != "IDAT"] == ["IHDR", "iTXt", "iTXt", "IEND"]
    told = dict(body.split(bytes(5)) for kind, body in found if kind == "iTXt")
    assert {name.decode(): text.decode() for name, text in told.items()} == {
        "Title": "Records – “£”",
        "Description": "D. G: 2022/23 9, 2023/24 [c].",
    }


def test_a_picture_is_painted_at_twice_the_size_of_its_svg() -> None:
    svg = chart_file(chart(5), "OFFICIAL", ".svg").decode()
    (_, header), *_ = chunks(png(chart(5)))
    width, height = (int.from_bytes(header[at : at + 4], "big") for at in (0, 4))
    assert f'width="{width // 2}" height="{height // 2}"' in svg


def test_a_figure_that_is_not_shown_is_painted_like_a_nought() -> None:
    assert png(chart(None)) == png(chart(0))
    assert png(chart(None)) != png(chart(1))


def test_letters_are_painted_whether_or_not_the_machine_has_fonts() -> None:
    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"><text y="15">{}</text></svg>'
    pictures = {png_of(frame.format(text)) for text in ("", "a", "£", "–", "é", "ŵ", "…")}
    assert len(pictures) == 7


def test_text_beyond_the_font_is_no_error() -> None:
    assert png(chart(5, label="情報 \x00 معلومات")).endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize("module", ["resvg_py", "font_source_sans_pro"])
def test_without_the_extra_it_is_named(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match="missing-extra") as raised:
        png(chart(5))
    assert raised.value.hint == "pip install 'cc-categorise[charts]'"
    assert chart_file(chart(5), "OFFICIAL", ".svg").startswith(b"<?xml")
