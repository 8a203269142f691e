"""A review sheet → a workbook: the choices are a list to pick from, long text is wrapped, and no cell is a formula.

Takes a header, rows and choices, returns bytes; the same values give the same bytes.  Knows nothing of records.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

_WIDTHS = {"cc_decision": 34, "cc_reason": 40, "cc_suggested": 30, "cc_runner_up": 30}
_TEXT_WIDTH = 60
_LONG = 40


def workbook(header: Sequence[str], rows: Sequence[Sequence[str]], choices: Sequence[str], filled_in: str) -> bytes:
    """Write a sheet of text, so that 007 stays 007.

    What may be chosen in the column ``filled_in`` stands on a sheet of its own.
    """
    import xlsxwriter  # noqa: PLC0415 - only a review sheet needs it

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": "Records for review", "created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the same bytes every time
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "valign": "top", "text_wrap": True, "bottom": 1})
        sheet, listed = book.add_worksheet("Review"), book.add_worksheet("Categories")
        for column, name in enumerate(header):
            longest = max((len(row[column]) for row in rows), default=0)
            width = _WIDTHS.get(name, _TEXT_WIDTH if longest > _LONG else max(longest, len(name)) + 2)
            sheet.set_column(column, column, width, wrapped)
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell, wrapped)
        listed.set_column(0, 0, _TEXT_WIDTH)
        listed.write_string(0, 0, "Category", head)
        for number, choice in enumerate(choices, 1):
            listed.write_string(number, 0, choice)
        column = header.index(filled_in)
        rule = {
            "validate": "list",
            "source": f"=Categories!$A$2:$A${len(choices) + 1}",
            "error_title": "Not a category",
            "error_message": "Choose from the list.",
        }
        if rows:
            sheet.data_validation(1, column, len(rows), column, rule)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(header) - 1)
    return out.getvalue()
