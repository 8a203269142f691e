"""Numbers → SVG: columns, bars, the charts of a report, and a chart as a file, each with a text alternative.

Takes numbers and their names, returns HTML, or the bytes of a file.  A number that is not published is no number here:
nothing is drawn for it, and no scale rests on it.  Knows nothing of tables, or of what is counted.
"""

from __future__ import annotations

import math
import textwrap
import zlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from cc_categorise.document import Chart, Group
from cc_categorise.errors import MissingExtraError
from cc_categorise.render.html_page import Html, element, escaped
from cc_categorise.render.text import one_line

_LAST, _BEFORE = "#1d4f91", "#7a98c2"  # shades; names, and not they, tell bars apart
_WIDTH, _CHARACTERS = 360, 56
_NAMES, _FIGURES = 56, 56
_ACROSS, _PANEL, _HIGH, _TITLE_LINES, _IN_TITLE = 3, 250, 70, 3, 38
_ROOMY = 44  # pixels that a year takes
_EDGE, _HEAD_CHARACTERS = 10, 110  # pixels left free beside the picture of a file, and letters in a line above it
_FONT = "Source Sans Pro"
_DOTS = 2  # for each pixel of the SVG: sharp on paper at 10 cm across
_PNG_HEAD = 33  # the signature, and the first chunk with its size
_FILE_STYLE = "text{font:12px Arial,sans-serif;fill:#111}path{fill:#1d4f91}.m{font-weight:700}"


def columns(title: str, counts: Sequence[int]) -> Html:
    """Draw a column for each count, from 0 to the highest of them."""
    heights = [_scaled(count, 20, max(counts)) for count in counts]
    width = 9 * len(heights) - 2
    path = "".join(f"M{9 * place} 20v-{height}h7v{height}z" for place, height in enumerate(heights))
    return _svg(title, width, 21, _path(f"M0 20h{width}v1H0z{path}"))


def single_bar(title: str, count: int, top: int) -> Html:
    """Draw one bar, on the scale of its table."""
    return _svg(title, 121, 12, _path(f"M0 0h{1 + _scaled(count, 120, top)}v12H0z"))


def bars(chart: Chart) -> Html:
    """Draw groups of bars on one scale, the name of each group above it, its figure behind each bar.

    Bars of numbers below 0 go to the left.  Where there is no number, its marker stands without a bar.
    """
    numbers = [Decimal(bar.value) for group in chart.groups for bar in group.bars if bar.value is not None]
    high, low = max([Decimal(0), *numbers]), min([Decimal(0), *numbers])
    across = _WIDTH - _NAMES - _FIGURES
    origin = _NAMES + _scaled(-low, across, high - low)
    parts: list[Html] = []
    y = 0
    for group in chart.groups:
        for line in textwrap.wrap(group.label, _CHARACTERS):
            y += 15
            parts.append(_text(0, y, line))
        y += 4
        parts.append(_path(f"M{origin - 1} {y}h1v{15 * len(group.bars)}h-1z"))
        for bar in group.bars:
            shade = _LAST if bar is group.bars[-1] else _BEFORE
            value = Decimal(bar.value or 0)
            length = _scaled(abs(value), across, high - low)
            left = origin - 1 - length if value < 0 else origin
            parts += [_text(0, y + 11, bar.name)] if bar.name else []
            parts += [_path(f"M{left} {y + 1}h{length}v13h-{length}z", shade)] if length else []
            parts.append(_text(max(left + length, origin) + 5, y + 11, bar.text))
            y += 15
        y += 5
    picture = _svg(chart.title, _WIDTH, y, Html("".join(parts)), about=chart.description)
    return element("figure", element("figcaption", chart.title), picture)


def drawn(chart: Chart) -> Html:
    """Draw the chart of a page, under its title."""
    if not chart.is_multiple:
        return bars(chart)
    given = f' class="scroll" role="region" aria-label="{escaped(chart.title)}, chart" tabindex="0"'
    picture = element("div", multiples(chart), given=given)
    return element("figure", element("figcaption", chart.title), picture, given=' class="multiples"')


def multiples(chart: Chart) -> Html:
    """Draw a small picture for each group: a column for each bar, its figure above, its name below.

    All have one scale, from 0 to the highest figure, and one colour.  Where there is no number, its marker stands
    without a column.  The text alternative holds every figure.
    """
    inside, height = _panels(chart, 0, 0)
    return _svg(chart.title, _PANEL * _ACROSS, height, inside, about=_told(chart))


def chart_file(chart: Chart, marking: str, ending: str) -> bytes:
    """Write a chart of small multiples as a file: marking, title and description above, on white, nothing fetched.

    The ending is ``.svg`` or ``.png``, in capitals or not.

    Raises:
        MissingExtraError: A PNG is asked for, and the extra [charts] is not installed.
    """
    heads = [line for text in (chart.title, chart.description) for line in textwrap.wrap(text, _HEAD_CHARACTERS)]
    inside, height = _panels(chart, _EDGE, 45 + 15 * len(heads))
    above = [
        element("style", Html(_FILE_STYLE)),
        Html('<rect width="100%" height="100%" fill="#fff"/>'),
        Html(f'<text class="m" x="{_EDGE}" y="24">{escaped(marking)}</text>'),
        *(_text(_EDGE, 42 + 15 * place, line) for place, line in enumerate(heads)),
    ]
    width = _PANEL * _ACROSS + 2 * _EDGE
    picture = _svg(chart.title, width, height, Html("".join((*above, inside))), about=_told(chart))
    # Within a page the name space goes without saying.
    svg = picture.replace("<svg", '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg"', 1)
    if ending.lower() == ".svg":
        return f"{svg}\n".encode()
    return png_of(svg, Title=one_line(chart.title), Description=one_line(_told(chart)))


def _panels(chart: Chart, left: int, top: int) -> tuple[Html, int]:
    """Draw the groups of a chart from a place on; give where they end, too."""
    highest = max([Decimal(bar.value) for group in chart.groups for bar in group.bars if bar.value], default=Decimal(0))
    tall = 15 * _TITLE_LINES + 20 + _HIGH + 35
    parts: list[Html] = []
    for number, group in enumerate(chart.groups):
        x, y = left + _PANEL * (number % _ACROSS), top + tall * (number // _ACROSS)
        lines = textwrap.wrap(group.label, _IN_TITLE, max_lines=_TITLE_LINES, placeholder=" …")
        parts += [_text(x, y + 15 * place, line) for place, line in enumerate(lines, 1)]
        parts.append(_columns(group, x, y + 15 * _TITLE_LINES + 20 + _HIGH, highest))
    return Html("".join(parts)), top + tall * -(-len(chart.groups) // _ACROSS)


def _told(chart: Chart) -> str:
    """Tell a chart in words, with every figure."""
    figures = [f"{group.label}: {', '.join(f'{bar.name} {bar.text}' for bar in group.bars)}." for group in chart.groups]
    return " ".join([chart.description, *figures])


def _columns(group: Group, left: int, base: int, highest: Decimal) -> Html:
    """Draw the columns of a group; where there is no room, only the first and last are named."""
    n = len(group.bars)
    span = (_PANEL - 20) * n // max(n, 4)
    step = span // n if n else 0
    is_roomy = step >= _ROOMY
    parts = [_path(f"M{left} {base}h{span}v1h-{span}z")]
    for place, bar in enumerate(group.bars):
        x, height = left + span * place // n, _scaled(bar.value or 0, _HIGH, highest)
        parts += [_path(f"M{x + 2} {base}v-{height}h{max(step - 6, 1)}v{height}z")] if height else []
        if is_roomy or place in (0, n - 1):
            at, anchor = (x + 2, "") if is_roomy or place == 0 else (x + step - 4, "end")
            parts.append(_text(at, base - height - 4, bar.text, anchor))
            parts += [_text(at, base + 14 + 13 * line, word, anchor) for line, word in enumerate(bar.name.split(" "))]
    return Html("".join(parts))


def _scaled(count: int | Decimal, length: int, top: int | Decimal) -> int:
    """Give a length rounded up, so that anything above 0 can be seen."""
    return math.ceil(Decimal(count) * length / Decimal(top)) if top else 0


def _text(x: int, y: int, text: str, anchor: str = "") -> Html:
    given = f' text-anchor="{anchor}"' if anchor else ""
    return Html(f'<text x="{x}" y="{y}"{given}>{escaped(text)}</text>')


def _path(path: str, shade: str = "") -> Html:
    fill = f' fill="{shade}"' if shade else ""
    return Html(f'<path d="{path}"{fill}/>')


def _svg(title: str, width: int, height: int, inside: Html, *, about: str = "") -> Html:
    size = f' role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    told = [element("title", title), *([element("desc", about)] if about else [])]
    return element("svg", *told, inside, given=size)


def png_of(svg: str, **told: str) -> bytes:
    """Paint a picture, with texts about it such as ``Description``.

    Raises:
        MissingExtraError: The extra [charts] is not installed.

    Source:
        W3C, Portable Network Graphics (PNG) Specification, third edition, 2025, 11.3.3: textual information.
    """
    try:
        import font_source_sans_pro  # noqa: PLC0415 - an extra
        import resvg_py  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError.named("charts", where="--chart") from None
    files = Path(font_source_sans_pro.__file__).parent / "files"
    png: bytes = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=_DOTS,
        skip_system_fonts=True,
        font_files=[str(files / f"SourceSansPro-{weight}.ttf") for weight in ("Regular", "Bold")],
        font_family=_FONT,
        sans_serif_family=_FONT,
    )
    return png[:_PNG_HEAD] + b"".join(_text_chunk(name, text) for name, text in told.items()) + png[_PNG_HEAD:]


def _text_chunk(name: str, text: str) -> bytes:
    """Write a text in UTF-8, neither packed nor of a named language."""
    chunk = b"iTXt" + name.encode() + bytes(5) + text.encode()
    return (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
