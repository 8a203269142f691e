"""JSON → a table of text: an array of objects, an object that holds one such array, or JSON Lines.

Takes an export, returns a `CellTable` with the keys of all objects as its header, in the order they first come.
Knows nothing of fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cc_categorise.errors import EmptyFileError, JsonError
from cc_categorise.read.cells import CellTable, cell_of
from cc_categorise.read.encoding import find_encoding, text_lines
from cc_categorise.read.exports import Export


class _Repeated(dict[str, Any]):
    """An object that has one key twice."""


def open_json(export: Export, *, encoding: str | None = None) -> CellTable:
    """Open a JSON export; a row's number is that of its line (JSON Lines) or its place in the array, from 1.

    Raises:
        JsonError: It is not JSON, or holds no one array of objects.
        EmptyFileError: It holds nothing, or an array without records.
        EncodingError: It cannot be decoded.
    """
    text = find_encoding(export, encoding)
    with text.export.open() as stream:
        stream.seek(text.start)
        found, items = _items(text.decode(stream.read(), text.start), export)
    keys = dict.fromkeys(key for item in items if isinstance(item, dict) for key in item)
    if not items:
        hint = "export it again; without records only a CSV or a workbook, which has a header row, gives zeros"
        raise EmptyFileError("the array holds no records, and so no names of columns", where=export.name, hint=hint)
    if not any(isinstance(item, dict) for item in items):
        raise JsonError("this JSON holds no objects", where=export.name)
    rows, faults = [], {}
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            rows.append([""] * len(keys))
            if item is not None:
                faults[number] = ["not-an-object"]
        else:
            rows.append([_text_of(item.get(key)) for key in keys])
            if isinstance(item, _Repeated):
                faults[number] = ["repeated-key"]
    header = tuple(map(_text_of, keys))
    return CellTable(export.name, "", header, 0, f"{found}, encoding {text.found}", 0, export.size, rows, faults)


def _text_of(value: object) -> str:
    """Give the text of a value; half a character, which only JSON can hold and nothing can print, as its escape."""
    text = cell_of(value)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _items(content: str, export: Export) -> tuple[str, list[Any]]:
    """Give the objects of a document; None for a blank line."""
    if not content.strip("\ufeff \t\r\n"):
        raise EmptyFileError("the file holds nothing to read", where=export.name)
    try:
        document = json.loads(content.lstrip("\ufeff"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as err:
        is_array = content.lstrip("\ufeff \t\r\n").startswith("[")  # cut off: its lines are not those of JSON Lines
        lines = [] if is_array else list(_parsed(text_lines(content)))
        if not any(isinstance(item, dict) for item in lines):
            line = f":{err.lineno}" if isinstance(err, json.JSONDecodeError) else ""
            raise JsonError("this is not JSON", where=f"{export.name}{line}") from None
        return "JSON Lines", lines
    if isinstance(document, dict):
        if list(document.values()) == [[]]:
            return "JSON object", []
        arrays = [v for v in document.values() if isinstance(v, list) and any(isinstance(i, dict) for i in v)]
        if len(arrays) > 1 or (arrays and isinstance(document, _Repeated)):
            raise JsonError("the object holds more than one array of objects", where=export.name)
        # An object without an array is one line of JSON Lines.
        return ("JSON object", arrays[0]) if arrays else ("JSON Lines", [document])
    if isinstance(document, list):
        return "JSON array", document
    raise JsonError("this JSON holds no objects", where=export.name)


def _parsed(lines: list[str]) -> Iterator[Any]:
    for line in lines:
        if not line.strip():
            yield None
            continue
        try:
            yield json.loads(line, object_pairs_hook=_object)
        except (ValueError, RecursionError):
            yield line  # whatever it is, it is no object


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Repeated(made)
