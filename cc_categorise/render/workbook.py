"""What every kind of workbook has in common: how wide a column is, how parts are packed.

Takes a sheet or parts, returns numbers or bytes.  Knows nothing of any kind of workbook.

Source:
    Government Analysis Function, Releasing statistics in spreadsheets; tests/unit/test_accessible_workbooks.py holds
    each rule of its checklist.
"""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Mapping, Sequence

from cc_categorise.document import Cell, Sheet
from cc_categorise.render.text import one_line

LANGUAGE = "en-GB"
PROSE_WIDTH = 90
_NARROWEST, _WIDEST = 11, 45


def lines_of(sheet: Sheet) -> tuple[str, ...]:
    """Give the lines above a table, the title first: each stands in a row of its own, in the first column."""
    return tuple(map(one_line, (sheet.title, *sheet.about)))


def shown(cell: Cell) -> str:
    """Write a cell as a reader sees it."""
    return one_line(cell) if isinstance(cell, str) else f"{cell:,}"


def widths(sheet: Sheet) -> list[int]:
    """Give the width of each column in characters, so that headers and figures fit and longer text wraps."""
    if not sheet.headers:
        return [PROSE_WIDTH]
    widest = PROSE_WIDTH if len(sheet.headers) == 2 else _WIDEST  # noqa: PLR2004 - a word and a text
    columns = zip(sheet.headers, *sheet.rows, strict=True)
    return [min(max(_NARROWEST, 2 + max(len(shown(cell)) for cell in column)), widest) for column in columns]


def n_lines(row: Sequence[Cell], wide: Sequence[int]) -> int:
    """Give the number of lines that a row needs when its text is wrapped to the widths of its columns."""
    return max(len(textwrap.wrap(shown(cell), width)) or 1 for cell, width in zip(row, wide, strict=True))


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack the parts of a workbook: same parts, same bytes, whatever the day, system or zlib."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)  # dated 1 January 1980
            entry.create_system = 3
            archive.writestr(entry, content)  # stored: deflated bytes differ between builds of zlib
    return out.getvalue()
