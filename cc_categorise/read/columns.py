"""Which column of an export holds which field: headers matched through synonyms, or named by the person.

Takes a header row, returns positions.  Knows nothing of the values below the header.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cc_categorise.errors import AmbiguousColumnError, MissingColumnError, UsageError
from cc_categorise.model import DATE_FIELDS, FIELDS
from cc_categorise.yaml_file import parse_yaml


def fold(header: str) -> str:
    """Reduce a header to what is compared: letters and digits in one case, or its signs where it has none."""
    return "".join(filter(str.isalnum, header.casefold())) or header.strip()


@cache
def _synonyms() -> Mapping[str, frozenset[str]]:
    """Folded headers of each field, from columns.yaml."""
    text = Path(__file__).with_name("columns.yaml").read_text(encoding="utf-8")
    listed = parse_yaml(text, "columns.yaml")
    return {field: frozenset({fold(field), *map(fold, listed.get(field, ()))}) for field in FIELDS}


class HeaderRules:
    """How headers are matched to fields in one run.

    Args:
        named: Pairs of field and header from the profile, then from options; a field that is named is matched
            by its names alone, and a header that is named belongs to that field alone.

    Raises:
        UsageError: A field that does not exist is named.
    """

    def __init__(self, named: Iterable[tuple[str, str]] = ()) -> None:
        self.named: dict[str, str] = {}
        for field, header in named:
            if field not in FIELDS:
                near = difflib.get_close_matches(field, FIELDS, n=1)
                hint = f"did you mean {near[0]!r}?" if near else "fields: " + ", ".join(FIELDS)
                raise UsageError("--map names a field that does not exist", hint=hint)
            self.named[field] = header
        claimed = {fold(header) for header in self.named.values()}
        self._fields_of: dict[str, list[str]] = {}
        for field, synonyms in _synonyms().items():
            for key in {fold(self.named[field])} if field in self.named else synonyms - claimed:
                self._fields_of.setdefault(key, []).append(field)

    def match(self, header: Sequence[str]) -> dict[str, list[int]]:
        """Give, for each field that any column matches, the positions of those columns."""
        found: dict[str, list[int]] = {}
        for position, key in enumerate(map(fold, header)):
            for field in self._fields_of.get(key, ()):
                found.setdefault(field, []).append(position)
        return {field: found[field] for field in FIELDS if field in found}


class Opening(NamedTuple):
    """How an export is to be opened; None where it is found out."""

    rules: HeaderRules
    encoding: str | None = None
    delimiter: str | None = None  # one character, or its name
    sheet: str | None = None
    header_row: int | None = None
    workers: int | None = 1  # the most processes; None is one a core

    def score(self, cells: Sequence[str]) -> int:
        """Say of how many fields a row would be the header."""
        return len(self.rules.match(cells))

    def date_columns(self, header: Sequence[str]) -> set[int]:
        """Give the positions of columns that hold dates."""
        matched = self.rules.match(header)
        return {position for field in DATE_FIELDS.values() for position in matched.get(field, ())}


class Columns(NamedTuple):
    """The columns of one table, whose name stands in messages."""

    where: str
    header: tuple[str, ...]
    rules: HeaderRules

    def find(self, field: str) -> int | None:
        """Give the position of a field's column; None if no column matches it.

        Raises:
            AmbiguousColumnError: Two columns match.
            MissingColumnError: The person named a header for the field and it is not there.
        """
        positions = self.rules.match(self.header).get(field, [])
        if not positions and field in self.rules.named:
            raise self._missing(f"no column {self.rules.named[field]!r}, which was named for {field}")
        return self._only(field, positions)

    def need(self, *fields: str) -> int:
        """Give the position of the first of the fields that a column matches.

        Raises:
            MissingColumnError: None of them is matched.
            AmbiguousColumnError: Two columns match the field that is.
        """
        for field in fields:
            if (position := self.find(field)) is not None:
                return position
        raise self._missing(f"no column for {' or '.join(fields)}", fields[0])

    def breakdown(self, name: str) -> int | None:
        """Give the position of a column named by field or by header; None for a field without a column.

        Raises:
            MissingColumnError: No header is that name.
            AmbiguousColumnError: Two are.
        """
        field = name.strip().casefold()
        if field in FIELDS:
            return self.find(field)
        positions = [i for i, cell in enumerate(self.header) if fold(cell) == fold(name)]
        if not positions:
            raise self._missing(f"no column {name!r}")
        return self._only(name, positions)

    def _only(self, field: str, positions: Sequence[int]) -> int | None:
        if len(positions) > 1:
            names = " and ".join(f"{self.header[i].strip()!r} (column {i + 1})" for i in positions[:2])
            is_same = len({fold(self.header[i]) for i in positions}) == 1
            hint = "rename one of them in the export" if is_same else f"choose one: --map {field}=Header"
            raise AmbiguousColumnError(f"two columns match {field}: {names}", where=self.where, hint=hint)
        return positions[0] if positions else None

    def _missing(self, message: str, field: str = "field") -> MissingColumnError:
        hint = f"name it with --map {field}=Header"
        # One known word may be chance: without a header, the first row holds record text, and is not shown.
        if len(self.rules.match(self.header)) > 1:
            hint += "; the columns are " + ", ".join(repr(cell.strip()) for cell in self.header if cell.strip())
        else:
            hint += f"; the row taken for the header has {len(self.header)} cells, of which one names a field at most"
        return MissingColumnError(message, where=self.where, hint=hint)
