"""Numbers → inline SVG: columns, bars, and the bar chart of a report, each with a text alternative.

Takes numbers and their names, returns HTML.  A number that is not published is no number here: nothing is drawn for
it, and no scale rests on it.  Knows nothing of tables, or of what is counted.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from decimal import Decimal

from cc_categorise.document import Chart
from cc_categorise.render.html_page import Html, element, escaped

_SHADES = ("#1d4f91", "#7a98c2", "#a9bdd9", "#c9d5e7", "#dde5f0")
_WIDTH, _CHARACTERS = 360, 56
_NAMES, _FIGURES = 56, 56


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
        for shade, bar in zip(_shades(len(group.bars)), group.bars, strict=True):
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


def _shades(n: int) -> list[str]:
    """Give one shade a bar, the darkest for the last; names, not shades, tell the bars apart."""
    return [_SHADES[min(n - 1 - place, len(_SHADES) - 1)] for place in range(n)]


def _scaled(count: int | Decimal, length: int, top: int | Decimal) -> int:
    """Give a length rounded up, so that anything above 0 can be seen."""
    return math.ceil(Decimal(count) * length / Decimal(top)) if top else 0


def _text(x: int, y: int, text: str) -> Html:
    return Html(f'<text x="{x}" y="{y}">{escaped(text)}</text>')


def _path(path: str, shade: str = "") -> Html:
    fill = f' fill="{shade}"' if shade else ""
    return Html(f'<path d="{path}"{fill}/>')


def _svg(title: str, width: int, height: int, inside: Html, *, about: str = "") -> Html:
    size = f' role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    told = [element("title", title), *([element("desc", about)] if about else [])]
    return element("svg", *told, inside, given=size)
