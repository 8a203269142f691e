"""Crosswalks: a local or foreign list of labels, and what each means in a category scheme.

Takes a YAML file, or the name of one that is shipped, returns a `Crosswalk`.  Knows nothing of profiles, records or
how labels are compared.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from cc_categorise.errors import CrosswalkError
from cc_categorise.figures import CrosswalkMark
from cc_categorise.model import UNCATEGORISED, CategoryScheme, SourceId, Strict, Text
from cc_categorise.ruling import CrosswalkEntry
from cc_categorise.yaml_file import file_or_shipped, read_yaml_model, shipped_files


class Crosswalk(Strict):
    """A list of labels of one origin, row by row.

    Attributes:
        schema_version: 1.
        id: Name of the crosswalk.
        title: Whose labels they are, and of which time.
        scheme: Id of the category scheme that the codes belong to.
        edition: Edition of the scheme that the decisions were made for.
        valid_from: First day the list was in use, for a person; a row says itself what it applies to.
        valid_to: Last one.
        rows: The labels.
    """

    schema_version: Literal[1]
    id: SourceId
    title: Text
    scheme: SourceId
    edition: Text
    valid_from: date | None = None
    valid_to: date | None = None
    rows: Annotated[tuple[CrosswalkEntry, ...], Field(min_length=1)]

    def rows_for(self, scheme: CategoryScheme) -> tuple[CrosswalkEntry, ...]:
        """Give the rows for use with a scheme.

        Raises:
            CrosswalkError: It is for another scheme, or this edition has not all of its categories.
        """
        if self.scheme != scheme.id:
            hint = f"it is for {self.scheme}, and the categories are those of {scheme.id}"
            raise CrosswalkError("the crosswalk is for another category scheme", where=self.id, hint=hint)
        for number, row in enumerate(self.rows, 1):
            if not {row.category or scheme.codes[0], *row.candidates} <= set(scheme.codes):
                where, hint = f"{self.id}: rows[{number}]", "codes: " + ", ".join(scheme.codes)
                raise CrosswalkError("a category of the crosswalk is not in the scheme", where=where, hint=hint)
        return self.rows


def load_crosswalk(name: str | Path) -> Crosswalk:
    """Read a crosswalk: a file, or else the shipped one of that name.

    Raises:
        CrosswalkError: The file cannot be read, or breaks a rule; names file, line and key.
    """
    path = file_or_shipped(name, shipped_files("crosswalks"), CrosswalkError, "crosswalk")
    return read_yaml_model(path, Crosswalk, CrosswalkError, "crosswalk")[0]


def marks_of(rows: Iterable[CrosswalkEntry]) -> tuple[CrosswalkMark, ...]:
    """Sum rows up for a count that later ones are compared with: which categories they are about, and on which days.

    A row that is not applied leaves its records uncategorised, and so is about these too.
    """
    about: dict[tuple[str, date | None, date | None], set[str]] = defaultdict(set)
    for row in rows:
        ruling = (row.label.casefold(), row.relation, row.category, row.candidates)
        for code in {*row.candidates, row.category or UNCATEGORISED}:
            about[code, row.valid_from, row.valid_to].add(json.dumps(ruling))
    in_order = sorted(about.items(), key=lambda pair: [str(part or "") for part in pair[0]])
    return tuple(
        CrosswalkMark(*place, hashlib.sha256("\n".join(sorted(rulings)).encode()).hexdigest())
        for place, rulings in in_order
    )
