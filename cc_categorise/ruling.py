"""The noun of a decision: what a named person says that one local label means, and on which days.

A value only, frozen; it stands in profiles and in crosswalk files.  Knows nothing of either, nor of how labels are
compared.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from cc_categorise.model import CategoryCode, Label, Strict, Text


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
