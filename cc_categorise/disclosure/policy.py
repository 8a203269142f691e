"""A policy file → `Policy`: who decided how small numbers are protected, and how.

Takes a YAML file, or the shipped `policy.yaml`, returns a `Policy`.  Knows nothing of tables or solvers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from cc_categorise.disclosure.tables import RefusalState, Rounding
from cc_categorise.errors import PolicyError
from cc_categorise.model import Strict, Text
from cc_categorise.yaml_file import read_yaml_model

SHIPPED = Path(__file__).with_name("policy.yaml")
"""The policy of a release that names none."""

ALL = "all"
"""Says that a zero is sensitive in every category."""


class Method(StrEnum):
    """How small numbers are protected."""

    SUPPRESS = "suppress"
    ROUND = "round"
    NONE = "none"


class RefusedCells(Strict):
    """Cells, or a whole table, that come out without numbers.

    Attributes:
        table: Name of the table; left out, every table.
        where: Value of each dimension named; left out, the table is a refusal as a whole.
        state: ``withheld``, ``not-held`` or ``neither-confirm-nor-deny``.
        exemption: Section of the Act, such as s31(1)(a); needed unless not held.
        reason: One sentence for the reader.
    """

    table: Text | None = None
    where: Mapping[str, Text] = Field(default_factory=dict)
    state: RefusalState
    exemption: Text | None = None
    reason: Text

    @model_validator(mode="after")
    def _names_the_exemption(self) -> Self:
        if self.exemption is None and self.state is not RefusalState.NOT_HELD:
            raise PydanticCustomError("policy", "a refusal needs its exemption, such as s31(1)(a)")
        return self


class Policy(Strict):
    """How small numbers are protected, and who decided it.

    Attributes:
        schema_version: 1.
        method: ``suppress``, ``round``, or ``none`` for exact counts.
        threshold: Counts from 1 up to one less than this are small; 5 makes 1 to 4 small.
        candidates: How many values a reader must be left with, at least, for every suppressed or small count.
        sensitive_zeros: Codes of the categories whose zeros are suppressed too; ``all`` for every cell.
        rounding: With the method ``round``: ``nearest`` rounds each number by itself, so that totals may differ
            from the sum of their parts; ``controlled`` keeps the sums right.
        base: With the method ``round``: printed numbers are multiples of it.
        repair: Suppress further cells where the audit fails; if false, the release is refused.
        accept_published: Do not refuse a release for small counts that earlier releases already give away.
        time_limit: Seconds for one search by the solver; beyond it a good pattern stands in for the best.
        refusals: Cells and tables that come out without numbers.
        decided_by: Name or role.
        decided_on: Day of the decision.
        reason: Why.
    """

    schema_version: Literal[1] = 1
    method: Method = Method.SUPPRESS
    threshold: Annotated[int, Field(ge=2, le=100)] = 5
    candidates: Annotated[int, Field(ge=2, le=20)] = 2
    sensitive_zeros: tuple[Text, ...] = ()
    rounding: Literal[Rounding.NEAREST, Rounding.CONTROLLED] = Rounding.NEAREST
    base: Annotated[int, Field(ge=3, le=100)] = 5
    repair: bool = True
    accept_published: bool = False
    time_limit: Annotated[int, Field(ge=1, le=3600)] = 30
    refusals: tuple[RefusedCells, ...] = ()
    decided_by: Text
    decided_on: date
    reason: Text

    @property
    def least(self) -> int:
        """The smallest count that ``[c]`` can stand for."""
        return 0 if self.sensitive_zeros or self.method is Method.ROUND else 1

    def is_sensitive(self, count: int, category: str) -> bool:
        """Say whether a count may not be known; its category is a code, or `TOTAL` for a margin over categories."""
        if count == 0:
            return ALL in self.sensitive_zeros or category in self.sensitive_zeros
        return 0 < count < self.threshold


def load_policy(path: Path | None = None) -> tuple[Policy, str]:
    """Read a policy, and the SHA-256 of its file; without a path, the shipped one.

    Raises:
        PolicyError: The file cannot be read, or breaks a rule; names file, line and key.
    """
    return read_yaml_model(path or SHIPPED, Policy, PolicyError, "policy")
