"""A picture as SVG → PNG: painted with a font that comes with the extra, and so alike on every machine.

Takes the text of an SVG file, returns bytes.  Knows nothing of charts or files.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from cc_categorise.errors import MissingExtraError

_FONT = "Source Sans Pro"
_DOTS = 2  # for each pixel of the SVG: sharp on paper at 10 cm across
_HEADER = 33  # the signature, and the first chunk with its size


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
    return png[:_HEADER] + b"".join(_text_chunk(name, text) for name, text in told.items()) + png[_HEADER:]


def _text_chunk(name: str, text: str) -> bytes:
    """Write a text in UTF-8, neither packed nor of a named language."""
    chunk = b"iTXt" + name.encode() + bytes(5) + text.encode()
    return (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
