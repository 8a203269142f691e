"""The column profile: what one force's export looks like, written down once.

Takes a YAML file, or the name of one that is shipped, returns a `Profile`.  Knows nothing of any export's content.
"""

# Not postponed: each annotation would be compiled once more at every start.

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Literal, cast

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator, field_validator
from pydantic_core import PydanticCustomError

from cc_categorise.crosswalk import CrosswalkEntry
from cc_categorise.dates import BUILT_IN_FORMATS
from cc_categorise.errors import ProfileError
from cc_categorise.model import FIELDS, CellRules, Strict, Text
from cc_categorise.options import CountBy, YearBasis
from cc_categorise.yaml_file import file_or_shipped, read_yaml_model, shipped_files

MISSING_TOKENS = ("n/a", "na", "null", "none", "nil", "-", "--", "tbc", "tba", "unknown", "not known", "not recorded")
"""Cells that mean blank, in any case, unless a profile gives its own list."""

Percent = Annotated[float, Field(ge=0, le=100)]


def _file_or_entry(value: object, entry: ValidatorFunctionWrapHandler) -> str | CrosswalkEntry:
    return value if isinstance(value, str) and value.strip() else cast("CrosswalkEntry", entry(value))


if TYPE_CHECKING:
    FileOrEntry = CrosswalkEntry | str
else:  # told apart here, so that an error names the key within the entry
    FileOrEntry = Annotated[
        CrosswalkEntry,
        WrapValidator(_file_or_entry, json_schema_input_type=Annotated[str, Field(min_length=1)] | CrosswalkEntry),
    ]


class QualityLimits(Strict):
    """Shares in per cent; prompts to look, and no standard.

    Attributes:
        other: Records in the category other.
        uncategorised: Records without a readable category.
        undated: Rows without a usable date.
    """

    other: Percent = 10.0
    uncategorised: Percent = 5.0
    undated: Percent = 1.0


class Profile(Strict):
    """What one force's export looks like; every key may be left out.

    Attributes:
        schema_version: 1.
        name: What the profile is for.
        force: Force that holds the records, where no column or cell says so.
        columns: Header of each field.
        encoding: Codec of text exports.
        delimiter: Cell separator of text exports.
        sheet: Sheet of a workbook.
        header_row: Row number of the header, from 1.
        footers: Beginnings of the first filled cell of rows that are totals or remarks, not records.
        missing: Cells that mean blank, in any case.
        date_formats: Patterns of Python's strptime; ``default`` stands for the forms read without a profile.
        earliest_year: Dates before 1 January of this year are findings.
        rows_per_record: ``many`` where a record has one row per allegation or person.
        count_by: The date that decides the year.
        year: How time is cut.
        quality: Shares, in per cent, above which ``check --quality`` finds fault.
        crosswalk: Local labels, and the category each means; or names of crosswalk files.
    """

    schema_version: Literal[1] = 1
    name: Text | None = None
    force: Text | None = None
    columns: Mapping[str, Text] = Field(default_factory=dict, json_schema_extra={"propertyNames": {"enum": [*FIELDS]}})
    encoding: Text | None = None
    delimiter: Text | None = None
    sheet: Text | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None
    footers: tuple[Text, ...] = ()
    missing: tuple[str, ...] = MISSING_TOKENS
    date_formats: Annotated[tuple[Text, ...], Field(min_length=1)] = (BUILT_IN_FORMATS,)
    earliest_year: Annotated[int, Field(ge=1, le=9999)] = 1970
    rows_per_record: Literal["one", "many"] = "one"
    count_by: CountBy | None = None
    year: YearBasis | None = None
    quality: QualityLimits = Field(default_factory=QualityLimits.model_construct)
    crosswalk: tuple[FileOrEntry, ...] = ()

    @field_validator("columns")
    @classmethod
    def _are_fields(cls, columns: Mapping[str, str]) -> Mapping[str, str]:
        for field in columns:
            if field not in FIELDS:
                names = {"field": field, "known": ", ".join(FIELDS)}
                raise PydanticCustomError("profile", "{field} is not a field: {known}", names)
        return columns

    @field_validator("date_formats")
    @classmethod
    def _do_not_guess(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        """Each format must give a whole day, and no two may read one text as two days."""
        day = datetime(2001, 2, 3)  # noqa: DTZ001 - a day whose parts all differ
        patterns = [pattern for pattern in formats if pattern != BUILT_IN_FORMATS]
        for pattern in patterns:
            try:
                is_whole = datetime.strptime(day.strftime(pattern), pattern).date() == day.date()  # noqa: DTZ007
            except (ValueError, re.error):
                is_whole = False
            if not is_whole:
                raise PydanticCustomError("profile", "a format must give day, month and year, once each")
        swapped = [f for f in patterns if re.search("%m.*%d" if not re.match("%[yY]", f) else "%d.*%m", f)]
        if swapped and len(formats) > len(swapped):
            message = "a format that swaps day and month cannot stand beside others: no date is guessed"
            raise PydanticCustomError("profile", message)
        return formats

    @property
    def decisions(self) -> tuple[CrosswalkEntry, ...]:
        """The entries of the crosswalk that stand in the profile itself."""
        return tuple(entry for entry in self.crosswalk if isinstance(entry, CrosswalkEntry))

    @property
    def crosswalk_files(self) -> tuple[str, ...]:
        """The crosswalk's files, by path or by the name of one that is shipped."""
        return tuple(entry for entry in self.crosswalk if isinstance(entry, str))

    @cached_property
    def cell_rules(self) -> CellRules:
        """What the profile says about cells."""
        return CellRules(frozenset(token.strip().casefold() for token in self.missing), self.date_formats)


def load_profile(path: Path | None) -> Profile:
    """Read a profile: a file, or else the shipped one of that name; without a path, the one that changes nothing.

    Raises:
        ProfileError: The file cannot be read, or breaks a rule; names file, line and key.
    """
    if path is None:
        return Profile.model_construct()  # the defaults as they stand: most runs never build the rules
    path = file_or_shipped(path, shipped_files("profiles"), ProfileError, "profile")
    profile, _ = read_yaml_model(path, Profile, ProfileError, "profile")
    if not profile.crosswalk_files:
        return profile
    entries = (entry if isinstance(entry, CrosswalkEntry) else _beside(path, entry) for entry in profile.crosswalk)
    return profile.model_copy(update={"crosswalk": tuple(entries)})


def _beside(profile: Path, name: str) -> str:
    """Give the path of a crosswalk that lies beside a profile; any other name may be one that is shipped."""
    beside = profile.parent / name
    return str(beside) if beside.is_file() else name


class MappedProfile(Strict):
    """Which exports a profile is for.

    Attributes:
        file: Name, or pattern of names, of exports; the folder counts only if it is given.
        force: Force that holds their records.
        profile: Profile file, seen from the folder of the map; none says that only the force is set.
    """

    file: Text
    force: Text | None = None
    profile: Text | None = None


class ProfileMap(Strict):
    """Profiles of exports that are counted together.

    Attributes:
        schema_version: 1.
        exports: Which export has which profile; the first that fits counts.
    """

    schema_version: Literal[1] = 1
    exports: tuple[MappedProfile, ...]


def load_profile_map(entries: Sequence[str], common: Profile) -> Callable[[str], Profile]:
    """Say which profile an export has, by its name; the common one where no entry is about it.

    An entry is ``FORCE=PROFILE``, for exports with the force in their name or folder, or a YAML file of `ProfileMap`.

    Raises:
        ProfileError: A map or profile cannot be used.
    """
    rules: list[tuple[Callable[[str], bool], Profile]] = []
    for entry in entries:
        force, equals, file = entry.partition("=")
        if equals:
            rules.append((_holds(force), _for_force(load_profile(Path(file)), force.strip())))
            continue
        mapped, _ = read_yaml_model(Path(entry), ProfileMap, ProfileError, "profile map")
        for one in mapped.exports:
            profile = load_profile(Path(entry).parent / one.profile) if one.profile else common
            rules.append((_matches(one.file), _for_force(profile, one.force)))

    def profile_of(name: str) -> Profile:
        return next((profile for fits, profile in rules if fits(name)), common)

    return profile_of


def _holds(force: str) -> Callable[[str], bool]:
    wanted = "".join(filter(str.isalnum, force.casefold()))
    return lambda name: wanted in "".join(filter(str.isalnum, "".join(Path(name).parts[-2:]).casefold()))


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda name: PurePath(name.casefold()).match(pattern.casefold())


def _for_force(profile: Profile, force: str | None) -> Profile:
    return profile if profile.force or not force else profile.model_copy(update={"force": force})
