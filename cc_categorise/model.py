"""The nouns: categories and their scheme, a record, what a label was read as, a tally.

Values only, frozen.  Knows nothing of files, layout or how any of them comes about.
"""

# Not postponed: each annotation would be compiled once more at every start.

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from cc_categorise.dates import BUILT_IN_FORMATS, DateError, read_day
from cc_categorise.findings import FINDINGS
from cc_categorise.options import CountBy

UNCATEGORISED = "uncategorised"
"""Code of the row for records whose category cannot be read.  Never a category of any scheme."""

OTHER = "other"
"""Code of the category of what belongs to no other, where a scheme has it."""

BLANK = "(blank)"
"""Value of a breakdown whose cell is blank."""

CategoryCode = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=60)]
SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Strict(BaseModel):
    """Part of a file: no key that is not known, and no value in an error."""

    # Built when first used: the models within a scheme are built with it and not once more by themselves, and of a
    # record only the rules of the fields that a run's columns hold, see validate.FieldRule.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


class Source(Strict):
    """Where a wording was seen: enough to find it again."""

    title: Text
    date: Text
    url: Text | None = None


class Aliases(Strict):
    """Other wordings of one category, with who uses them."""

    labels: Annotated[tuple[Label, ...], Field(min_length=1)]
    used_by: Text
    source: SourceId


class Subcategory(Strict):
    """A sub-tag of one category: counted by ``--by subcategory``, and never a category.

    Attributes:
        code: Stable; lower case and hyphens; once within its category.
        title: What a table shows.
        source: Key of the scheme's sources.
        labels: Wordings that mean this sub-tag and no other.
    """

    code: CategoryCode
    title: Label
    source: SourceId
    labels: tuple[Label, ...] = ()


class Category(Strict):
    """One category of a scheme.

    Attributes:
        no: Its number in the published list, from 1.
        code: Stable for ever; lower case and hyphens.
        title: Wording of the published list.
        definition: What counts.
        definition_status: ``working`` (this project's wording), ``force`` or ``official``.
        includes: Conduct that counts here.
        excludes: Conduct that counts elsewhere, and where.
        source: Key of the scheme's sources for the title.
        aliases: Other wordings that mean this category and no other.
        subcategories: Sub-tags that its records may have.
    """

    no: Annotated[int, Field(ge=1)]
    code: CategoryCode
    title: Label
    definition: Text
    definition_status: Literal["working", "force", "official"]
    includes: tuple[Text, ...] = ()
    excludes: tuple[Text, ...] = ()
    source: SourceId
    aliases: tuple[Aliases, ...] = ()
    subcategories: tuple[Subcategory, ...] = ()


class UnresolvedLabels(Strict):
    """Labels that are known and deliberately not turned into a category.

    Attributes:
        why: ``joined`` (fits several categories), ``read`` (the record must be read) or ``out-of-scope``.
        candidates: Codes of the categories it may mean; at least one for ``joined``.
        reason: One sentence for a person.
    """

    labels: Annotated[tuple[Label, ...], Field(min_length=1)]
    why: Literal["joined", "read", "out-of-scope"]
    candidates: tuple[CategoryCode, ...] = ()
    reason: Text
    used_by: Text
    source: SourceId


class Succession(Strict):
    """How an edition follows an earlier one.  A code that both have is one category, whatever its title.

    Attributes:
        edition: The earlier edition, of the same id.
        became: For a code of the earlier edition whose records now belong elsewhere too, or only: where they
            belong.
    """

    edition: Text
    became: Mapping[CategoryCode, tuple[CategoryCode, ...]] = Field(default_factory=dict)


class CategoryScheme(Strict):
    """A list of categories in one edition, with every wording known for them.

    Attributes:
        is_numbered: Whether a number at the head of a label means the category of that number; false for a list
            that was published without numbers.
        succeeds: How it follows the edition before it.
    """

    schema_version: Literal[1]
    id: SourceId
    title: Text
    edition: Text
    valid_from: date
    valid_to: date | None = None
    n_categories: Annotated[int, Field(ge=1)]
    is_numbered: bool = True
    succeeds: Succession | None = None
    sources: Mapping[SourceId, Source]
    categories: tuple[Category, ...]
    unresolved: tuple[UnresolvedLabels, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if len(self.categories) != self.n_categories:
            numbers = {"said": self.n_categories, "found": len(self.categories)}
            raise PydanticCustomError("scheme", "n_categories says {said}, and {found} are listed", numbers)
        if [category.no for category in self.categories] != list(range(1, self.n_categories + 1)):
            raise PydanticCustomError("scheme", "categories are not numbered 1, 2, 3 … in order")
        for what, values in (("code", self.codes), ("title", tuple(c.title.casefold() for c in self.categories))):
            if len(set(values)) != len(values):
                raise PydanticCustomError("scheme", "two categories have the same {what}", {"what": what})
        if UNCATEGORISED in self.codes:
            raise PydanticCustomError("scheme", "'uncategorised' cannot be the code of a category")
        self._check_references()
        return self

    def _check_references(self) -> None:
        used = {category.source for category in self.categories}
        used |= {aliases.source for category in self.categories for aliases in category.aliases}
        used |= {entry.source for entry in self.unresolved}
        used |= {sub.source for category in self.categories for sub in category.subcategories}
        for source in sorted(used - set(self.sources)):
            raise PydanticCustomError("scheme", "source '{source}' is not among the sources", {"source": source})
        for entry in self.unresolved:
            for code in sorted(set(entry.candidates) - set(self.codes)):
                raise PydanticCustomError("scheme", "candidate '{code}' is not a category", {"code": code})
        for category in self.categories:
            tags = [{w.casefold() for w in (sub.code, sub.title, *sub.labels)} for sub in category.subcategories]
            if sum(map(len, tags)) > len(set().union(*tags)):
                message = "two subcategories of {code} share a wording"
                raise PydanticCustomError("scheme", message, {"code": category.code})
        became = self.succeeds.became.values() if self.succeeds else ()
        for code in sorted({code for codes in became for code in codes} - set(self.codes)):
            raise PydanticCustomError("scheme", "'{code}' in succeeds is not a category", {"code": code})

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in the order of the list."""
        return tuple(category.code for category in self.categories)

    def title_of(self, code: str) -> str:
        """Give the title of a category, or of `UNCATEGORISED`."""
        if code == UNCATEGORISED:
            return "Uncategorised"
        return next(category.title for category in self.categories if category.code == code)


class CellRules(NamedTuple):
    """What a profile says about cells; handed to every field's validator."""

    missing: frozenset[str] = frozenset()  # tokens that mean blank, in `str.casefold`
    date_formats: tuple[str, ...] = (BUILT_IN_FORMATS,)  # see `dates.read_day`


def cell_text(value: object) -> str:
    """Text of a cell as a person would read it: NUL and byte-order marks gone, ends trimmed."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).replace("\0", "").replace("\ufeff", "").strip()


def _present(value: object, info: ValidationInfo) -> str | None:
    text = cell_text(value)
    rules = info.context or CellRules()
    return None if not text or text.casefold() in rules.missing else text


def _day(value: object, info: ValidationInfo) -> date | None:
    if isinstance(value, str) or value is None:
        value = _present(value, info)
        if value is None:
            return None
    rules = info.context or CellRules()
    try:
        return read_day(value, rules.date_formats)
    except DateError as problem:
        raise PydanticCustomError(problem.code, FINDINGS[problem.code].message) from None


Day = Annotated[date | None, BeforeValidator(_day)]


def _verbatim_unless_missing(value: object, info: ValidationInfo) -> str:
    return _present(value, info) or ""


Reference = Annotated[str, BeforeValidator(_verbatim_unless_missing)]
Verbatim = Annotated[str, BeforeValidator(cell_text)]
Optional = Annotated[str | None, BeforeValidator(_present)]


class Record(Strict):
    """One intelligence record as the force supplied it: the rule book of every field.

    Validation is silent about text: an error carries a code of `findings.FINDINGS` and never the cell.

    Attributes:
        reference: The force's own id, trimmed, case kept; unique within a force; empty where blank.
        received_on: Day the intelligence was received.
        recorded_on: Day it was put on the system.
        occurred_on: Day of the conduct.
        closed_on: Day the record was closed.
        category: Label that the force recorded, or None.
        further_categories: Further labels in one cell, or None.
        subcategory: Sub-tag of the category, as written.
        force: Force that holds the record.
        unit: Unit that holds it.
        source: Where the intelligence came from.
        grade: Grading of source and information, as written.
        rag: Red, amber or green, as written.
        status: State of the record, as written.
        narrative: Free text.  Never printed, logged or put in an error.
    """

    reference: Reference = ""
    received_on: Day = None
    recorded_on: Day = None
    occurred_on: Day = None
    closed_on: Day = None
    category: Optional = None
    further_categories: Optional = None
    subcategory: Verbatim = ""
    force: Verbatim = ""
    unit: Verbatim = ""
    source: Verbatim = ""
    grade: Verbatim = ""
    rag: Verbatim = ""
    status: Verbatim = ""
    narrative: Annotated[Optional, Field(repr=False)] = None


DATE_FIELDS = {kind: f"{kind}_on" for kind in CountBy}
FIELDS = tuple(Record.model_fields)
"""Names of a record's fields, in the order of docs and profiles."""


class Assignment(NamedTuple):
    """What one recorded label was read as.

    Attributes:
        code: Category code, or None where no category can be read.
        basis: ``recorded``, ``alias``, ``crosswalk``, or ``none`` where code is None.
        finding: Key of `findings.FINDINGS` saying why code is None, else None.
        candidates: Codes it may mean, in scheme order.
    """

    code: str | None
    basis: Literal["recorded", "alias", "crosswalk", "none"]
    finding: str | None = None
    candidates: tuple[str, ...] = ()
