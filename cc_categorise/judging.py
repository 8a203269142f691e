"""Makes the judges of a run: what each distinct cell means, by the rules of the model and the labels of a profile.

Takes profiles, a scheme and the periods, returns `Judges`.  Knows nothing of files, columns, counts or layout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from cc_categorise.categorise.labels import LabelReader
from cc_categorise.crosswalk import load_crosswalk
from cc_categorise.model import BLANK, DATE_FIELDS, FIELDS, Assignment, CategoryScheme, cell_text
from cc_categorise.options import Basis, RunOptions
from cc_categorise.profile import Profile
from cc_categorise.survey import Judges
from cc_categorise.tally import Periods
from cc_categorise.validate import Distinct, FieldRule, Numbering, code_for

SUBCATEGORY = "subcategory"
"""The breakdown, and the field, of sub-tags."""


class DayAnswer(NamedTuple):
    """What a cell of the counted date means: a period; or what is wrong with it; or neither, out of period."""

    period: int | None
    code: str | None


class FurtherAnswer(NamedTuple):
    """What a cell of further categories means: codes where they are counted, and whether one cannot be read."""

    codes: tuple[str, ...]
    has_unread: bool


class Judging:
    """Makes the functions from raw cells to what they mean; each sees a distinct cell once.

    Tables with one profile share them; answers are numbered together for all, so that tables count together.
    ``day_field`` is the field of the date that is counted by.
    """

    def __init__(
        self, scheme: CategoryScheme, as_at: date, periods: Periods, day_field: str, options: RunOptions
    ) -> None:
        self._scheme, self._as_at, self._periods, self._day_field = scheme, as_at, periods, day_field
        self._by, self._counts_further = options.by, options.basis is Basis.ALL
        self._days = Numbering(lambda answer: answer.code is not None)
        self._labels = Numbering(lambda answer: answer.finding is not None)
        self._further = Numbering(lambda answer: answer.has_unread)
        self._values = [Numbering() for _ in options.by]
        self._other_dates = {name: Numbering(lambda code: code is not None) for name in DATE_FIELDS.values()}
        self._made: list[tuple[Profile, LabelReader, Judges]] = []

    def of(self, profile: Profile) -> tuple[LabelReader, Judges]:
        """Give the reader of a profile's labels, and the judges of its cells."""
        for made, reader, judges in self._made:
            if made is profile:
                return reader, judges
        reader = reader_of(profile, self._scheme)
        judges = self._judges(profile, reader)
        self._made.append((profile, reader, judges))
        return reader, judges

    def _judges(self, profile: Profile, reader: LabelReader) -> Judges:
        rule = {field: FieldRule(field, profile.cell_rules) for field in FIELDS}

        def judge_day(cell: object) -> DayAnswer:
            day, code = rule[self._day_field].read(cell)
            code = code or code_for(day, self._as_at, profile.earliest_year)
            return DayAnswer(None if code else self._periods.of(day), code)

        def parted(cell: object) -> tuple[object, date | None]:
            day, own = cell if isinstance(cell, tuple) else (None, cell)
            return own, rule[self._day_field].read(day).value

        def judge_label(cell: object) -> Assignment:
            label, day = parted(cell)
            return reader.assign(rule["category"].read(label).value, day)

        def judge_further(cell: object) -> FurtherAnswer:
            labels, day = parted(cell)
            found = reader.assign_further(rule["further_categories"].read(labels).value, day)
            codes = dict.fromkeys(assignment.code for assignment in found if assignment.code and self._counts_further)
            return FurtherAnswer(tuple(codes), any(assignment.code is None for assignment in found))

        def judge_subcategory(cells: Sequence[object]) -> str:
            (label, day), own = parted((cells[0], cells[1])), "".join(map(cell_text, cells[2:]))
            return reader.subcategory(rule["category"].read(label).value, own, day) or BLANK

        def judge_value(name: str) -> Callable[..., str]:
            if name.strip().casefold() == SUBCATEGORY:
                return judge_subcategory
            blank = (profile.force or BLANK) if name.strip().casefold() == "force" else BLANK
            return lambda cell: cell_text(cell) or blank

        def judge_other_date(name: str) -> Callable[[object], str | None]:
            return lambda cell: rule[name].read(cell).code

        return Judges(
            day=Distinct(judge_day, self._days),
            label=Distinct(judge_label, self._labels),
            further=Distinct(judge_further, self._further),
            by=tuple(map(Distinct, map(judge_value, self._by), self._values)),
            other_dates={name: Distinct(judge_other_date(name), of) for name, of in self._other_dates.items()},
            out_of_period=self._days.number_of(DayAnswer(None, None)),
        )


def reader_of(profile: Profile, scheme: CategoryScheme) -> LabelReader:
    """Give the reader of a profile's labels, with the crosswalks that it names."""
    listed = {name: load_crosswalk(name).rows_for(scheme) for name in profile.crosswalk_files}
    return LabelReader(scheme, profile.decisions, profile.cell_rules.missing, listed)
