"""Crosswalks: a local or foreign list of labels, and what a named person decided that each means, and on which days.

Takes a YAML file, or the name of one that is shipped, returns a `Crosswalk`.  Knows nothing of profiles, whose own
entries are of the same form, of records, or of how labels are compared.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from cc_categorise.errors import CrosswalkError
from cc_categorise.figures import CrosswalkMark
from cc_categorise.model import UNCATEGORISED, CategoryCode, CategoryScheme, Label, SourceId, Strict, Text
from cc_categorise.yaml_file import file_or_shipped, read_yaml_model, shipped_files


class CrosswalkEntry(Strict):
    """One local label and what a named person decided it means.

    Attributes:
        label: As the force writes it; case, spaces and punctuation do not matter.
        relation: How the label stands to the scheme: ``exact`` or ``narrow`` (the same as, or a part of, one
            category), ``broad`` (more than any one of its candidates), ``split-needs-reading`` (several
            categories, which only the record can tell) or ``out-of-scope``.
        category: Code of the scheme, where the label is exact or narrow; only these are applied.
        candidates: Codes that it may mean, where it is neither; none for a broad one that may mean any.
        valid_from: First counted date of the records that it applies to.
        valid_to: Last one.
        source: Where the wording was seen.
        wording: ``unverified`` where the source's own text was not seen.
        decided_by: Name or role.
        decided_on: Day of the decision.
        reason: Why.
    """

    label: Label
    relation: Literal["exact", "narrow", "broad", "split-needs-reading", "out-of-scope"] = "exact"
    category: CategoryCode | None = None
    candidates: tuple[CategoryCode, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: Text | None = None
    wording: Literal["verified", "unverified"] = "verified"
    decided_by: Text
    decided_on: date
    reason: Text

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        fewest = 2 if self.relation == "split-needs-reading" else 0
        if self.is_decided and (self.category is None or self.candidates):
            raise PydanticCustomError("crosswalk", "an exact or narrow label needs a category, and no candidates")
        if not self.is_decided and (self.category or len(set(self.candidates)) < fewest):
            message = "a label of this relation takes no category, and {fewest} candidates at least"
            raise PydanticCustomError("crosswalk", message, {"fewest": fewest})
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise PydanticCustomError("crosswalk", "valid_from is a later day than valid_to")
        return self

    @property
    def is_decided(self) -> bool:
        """Say whether the label is turned into one category."""
        return self.relation in ("exact", "narrow")

    def holds_on(self, day: date | None) -> bool:
        """Say whether it applies to a record counted on a day; without a day, only if it has no dates."""
        if day is None:
            return self.valid_from is None and self.valid_to is None
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def overlaps(self, other: CrosswalkEntry) -> bool:
        """Say whether there is a day on which both apply."""
        first = max(self.valid_from or date.min, other.valid_from or date.min)
        return first <= min(self.valid_to or date.max, other.valid_to or date.max)


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


def marks_of(rows: Sequence[CrosswalkEntry]) -> tuple[CrosswalkMark, ...]:
    """Sum rows up for a count that later ones are compared with: which categories they are about, and on which days.

    A row that is not applied leaves its records uncategorised, and so is about these too.
    """
    if not rows:
        return ()
    import json  # noqa: PLC0415 - few runs have a crosswalk

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
