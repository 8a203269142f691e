"""Makes text from an export safe to show: in a terminal, in a spreadsheet, in a markdown document.

Takes and returns single strings.  Knows nothing of tables, counts or findings.

What is replaced, where: a line break or tab becomes a space where text has to stay on one line (table, markdown)
and is kept in CSV, with carriage returns turned into line feeds.  Any other control character, and half of a
surrogate pair (no encoding can write one), becomes U+FFFD.  Characters that reverse the direction of writing
become U+FFFD in tables and markdown too: they could make a terminal show digits in another order.
"""

from __future__ import annotations

import re

BOLD, DIM, RED, YELLOW = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m"
_PLAIN = "\x1b[0m"

_BREAKS = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CARRIAGE_RETURN = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_REPLACEMENT = "\ufffd"

# The full-width forms are taken for formulas by spreadsheets set up for East Asian languages.  Spaces in front do
# not protect everywhere.
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")

# An underscore between letters is no emphasis, and `](` is the middle of a link or image.
_MARKDOWN = re.compile(r"[\\|`*~]|(?<!\w)_|_(?!\w)|(?<=\])\(")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def one_line(text: str) -> str:
    """Make text fit for one line of a terminal: nothing in it moves the cursor or sets a colour."""
    return _DIRECTION.sub(_REPLACEMENT, _CONTROL.sub(_REPLACEMENT, _BREAKS.sub(" ", text)))


def spreadsheet_safe(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula.

    A plain number such as ``-5`` and a single character such as ``-`` are no formulas and stay as they are.

    Source:
        OWASP, CSV Injection.
    """
    if len(text) > 1 and _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def table_cell(text: str) -> str:
    """Make text fit for a cell of a terminal table."""
    return spreadsheet_safe(one_line(text))


def csv_cell(text: str) -> str:
    """Make text fit for a cell of a CSV file; line feeds and tabs are kept."""
    return spreadsheet_safe(_CONTROL.sub(_REPLACEMENT, _CARRIAGE_RETURN.sub("\n", text)))


def markdown(text: str) -> str:
    """Make one line of text show in markdown as it is: no markup, links, HTML or cell borders."""
    escaped = _MARKDOWN.sub(r"\\\g<0>", _ENTITY.sub("&amp;", one_line(text)))
    return escaped.replace("<", "&lt;")


def markdown_cell(text: str) -> str:
    """Make text fit for a cell of a markdown table."""
    return markdown(table_cell(text))


def painted(text: str, paint: str) -> str:
    """Give text in a colour, if there is any text."""
    return f"{paint}{text}{_PLAIN}" if text else text


def unpainted(text: str) -> str:
    """Take the colours away again; text that was made safe holds no others."""
    for paint in (BOLD, DIM, RED, YELLOW, _PLAIN):
        text = text.replace(paint, "")
    return text
