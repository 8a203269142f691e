"""What a run will do, decided before the first record is read: tables, columns, date, judges.

Takes arguments and options, returns a `Run`.  Knows nothing of counts or layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from cc_categorise.categorise.labels import LabelReader
from cc_categorise.errors import MissingColumnError, UsageError
from cc_categorise.findings import Finding
from cc_categorise.model import BLANK, DATE_FIELDS, FIELDS, Assignment, CategoryScheme, cell_text
from cc_categorise.options import CountBy, RunOptions, YearBasis
from cc_categorise.profile import Profile, load_profile, load_profile_map
from cc_categorise.read.columns import Columns, HeaderRules
from cc_categorise.read.exports import Export, find_exports, find_repeated
from cc_categorise.read.opening import Opening, open_table
from cc_categorise.read.table import Table
from cc_categorise.ruling import CrosswalkEntry
from cc_categorise.scheme import LoadedScheme, load_scheme
from cc_categorise.survey import Judges, Position, TablePlan
from cc_categorise.tally import Periods
from cc_categorise.validate import DateWindow, Distinct, FieldRule

SUBCATEGORY = "subcategory"
"""The breakdown, and the field, of sub-tags."""

Choice = TypeVar("Choice", CountBy, YearBasis)


class DayAnswer(NamedTuple):
    """What a cell of the counted date means: a period; or what is wrong with it; or neither, out of period."""

    period: int | None
    code: str | None


class FurtherAnswer(NamedTuple):
    """What a cell of further categories means."""

    codes: tuple[str, ...]
    has_unread: bool


@dataclass(repr=False, frozen=True, slots=True)
class Run:
    """One run, ready to read.

    Attributes:
        options: The choices of the person.
        as_at: The day the exports were taken.
        scheme: The category scheme and its digest.
        profile: What the exports look like, unless a profile of their own says so.
        profiles: What each of them looks like, one for each plan.
        labels: Reads recorded labels, one reader for each plan.
        periods: Which days count, and in which periods.
        counted_by: The date that is counted by.
        exports: The files, one for each plan.
        plans: What each table's columns are used for.
        judges: What the answers of all judges mean.
        findings: What is wrong with whole files.
        notes: Sentences for a person about what was found out.
    """

    options: RunOptions
    as_at: date
    scheme: LoadedScheme
    profile: Profile
    profiles: Sequence[Profile]
    labels: Sequence[LabelReader]
    periods: Periods
    counted_by: CountBy
    exports: Sequence[Export]
    plans: list[TablePlan]
    judges: Judges
    findings: Sequence[Finding]
    notes: Sequence[str]

    @property
    def n_bytes(self) -> int:
        """Bytes to read, for progress."""
        return sum(plan.table.size for plan in self.plans)


def plan_run(arguments: Iterable[str | Path], options: RunOptions, *, as_at: date) -> Run:
    """Open the exports and decide what every column is used for.

    Raises:
        CategoriseError: A file, scheme, profile, column or option cannot be used; see the subclasses.
    """
    scheme = load_scheme(options.scheme)
    common = load_profile(options.profile)
    profile_of = load_profile_map(options.profile_map, common)
    exports, notes = find_exports(arguments)
    repeated = find_repeated(exports)
    opened = [_open(export, profile_of(export.name), options) for export in exports]
    if options.from_db or options.query:
        opened.append(_query(common, options))
        exports.append(Export(opened[-1].table.name))
    if not opened:
        raise UsageError("no export was given", hint="name a file, a folder, - for standard input, or --from-db")
    profiles = [common, *(one.profile for one in opened)]
    basis = options.year or _agreed("year", [profile.year for profile in profiles]) or YearBasis.FINANCIAL
    periods = Periods.chosen(basis, options.periods, options.start, options.end)
    chosen = options.count_by or _agreed("count_by", [profile.count_by for profile in profiles])
    counted_by = _counted_by(chosen, [one.columns for one in opened])
    judging = Judging(scheme.scheme, as_at, periods, DATE_FIELDS[counted_by], options.by)
    plans = [_plan(one, counted_by, options.by, judging) for one in opened]
    return Run(
        options=options,
        as_at=as_at,
        scheme=scheme,
        profile=common,
        profiles=[one.profile for one in opened],
        labels=[judging.reader(one.profile) for one in opened],
        periods=periods,
        counted_by=counted_by,
        exports=exports,
        plans=plans,
        judges=plans[0].judges,
        findings=_file_findings(repeated, plans),
        notes=[*notes, *(_about(plan.table) for plan in plans)],
    )


class _Opened(NamedTuple):
    """A table, its columns, and the profile that says what they look like."""

    table: Table
    columns: Columns
    profile: Profile


def _open(export: Export, profile: Profile, options: RunOptions) -> _Opened:
    rules = HeaderRules([*profile.columns.items(), *options.columns])
    opening = Opening(
        rules,
        tuple(DATE_FIELDS.values()),
        encoding=options.encoding or profile.encoding,
        delimiter=options.delimiter or profile.delimiter,
        header_row=profile.header_row,
        sheet=options.sheet or profile.sheet,
    )
    table = open_table(export, opening)
    return _Opened(table, Columns(table.name, table.header, rules), profile)


def _query(profile: Profile, options: RunOptions) -> _Opened:
    from cc_categorise.read.database import open_query  # noqa: PLC0415 - only databases need it

    table = open_query(options.from_db, options.query)
    rules = HeaderRules([*profile.columns.items(), *options.columns])
    return _Opened(table, Columns(table.name, table.header, rules), profile)


def _agreed(what: str, choices: Sequence[Choice | None]) -> Choice | None:
    """Give the one choice of all profiles that make one: tables that are counted together share it.

    Raises:
        UsageError: Two profiles choose differently.
    """
    made = {choice for choice in choices if choice is not None}
    if len(made) > 1:
        option = f"--{what.replace('_', '-')}"
        raise UsageError(f"the profiles do not agree on {what}", hint=f"choose one with {option}")
    return made.pop() if made else None


def _counted_by(chosen: CountBy | None, columns: Sequence[Columns]) -> CountBy:
    """Choose the date once for the run: received if every table has it, else recorded."""
    if chosen is not None:
        return chosen
    for candidate in (CountBy.RECEIVED, CountBy.RECORDED):
        if all(c.find(DATE_FIELDS[candidate]) is not None for c in columns):
            return candidate
    for c in columns:
        c.need(DATE_FIELDS[CountBy.RECEIVED], DATE_FIELDS[CountBy.RECORDED])
    raise MissingColumnError(
        "some exports have only a received date and others only a recorded one",
        hint="count them apart, or name one column for both with --map received_on=Header",
    )


def _plan(opened: _Opened, counted_by: CountBy, by: Sequence[str], judging: Judging) -> TablePlan:
    table, columns, profile = opened
    field = DATE_FIELDS[counted_by]
    category = columns.need("category")
    breakdowns = [_breakdown(columns, name, (columns.need(field), category)) for name in by]
    matched = columns.rules.match(columns.header)
    texts = {*matched.get("narrative", ()), *matched.get("further_categories", ())}
    for name, position in zip(by, breakdowns, strict=True):
        if position in texts or name.strip().casefold() in ("narrative", "further_categories"):
            raise UsageError(f"--by {name} would break the table down by free text")
        if position is None and not (name.strip().casefold() == "force" and profile.force):
            columns.need(name.strip().casefold())
    others = (
        (positions[0], name) for name in DATE_FIELDS.values() for positions in [matched.get(name, [])] if positions
    )
    return TablePlan(
        table=table,
        day=(columns.need(field), field),
        category=category,
        further=columns.find("further_categories"),
        reference=columns.find("reference"),
        force=columns.find("force"),
        by=tuple(breakdowns),
        other_dates=tuple((position, name) for position, name in others if name != field),
        default_force=profile.force or "",
        footers=profile.footers,
        judges=judging.judges(profile),
        is_many=profile.rows_per_record == "many",
        missing=profile.cell_rules.missing,
        is_dated=judging.reader(profile).is_dated,
    )


def _breakdown(columns: Columns, name: str, label: tuple[int, int]) -> Position:
    """Give the column of a breakdown; a sub-tag is told from the record's date and label, and its own column if any."""
    if name.strip().casefold() != SUBCATEGORY:
        return columns.breakdown(name)
    own = columns.find(SUBCATEGORY)
    return label if own is None else (*label, own)


class Judging:
    """Makes the functions from raw cells to what they mean; each sees a distinct cell once.

    Tables with one profile share them; answers are numbered together for all, so that tables count together.

    Args:
        scheme: The categories.
        as_at: The day the exports were taken.
        periods: Which days count.
        day_field: Field of the date that is counted by.
        by: Names of the breakdowns.
    """

    def __init__(
        self, scheme: CategoryScheme, as_at: date, periods: Periods, day_field: str, by: Sequence[str]
    ) -> None:
        self._scheme, self._as_at, self._periods, self._day_field, self._by = scheme, as_at, periods, day_field, by
        self._made: list[tuple[Profile, LabelReader, Judges]] = []

    def reader(self, profile: Profile) -> LabelReader:
        """Give the reader of a profile's labels."""
        return self._for(profile)[0]

    def judges(self, profile: Profile) -> Judges:
        """Give the judges of a profile's cells."""
        return self._for(profile)[1]

    def _for(self, profile: Profile) -> tuple[LabelReader, Judges]:
        for made, reader, judges in self._made:
            if made is profile:
                return reader, judges
        rows = [row for name in profile.crosswalk_files for row in _rows_of(name, self._scheme)]
        reader = LabelReader(self._scheme, profile.decisions, profile.cell_rules.missing, rows)
        like = self._made[0][2] if self._made else None
        judges = self._judges(profile, reader, like)
        self._made.append((profile, reader, judges))
        return reader, judges

    def _judges(self, profile: Profile, reader: LabelReader, like: Judges | None) -> Judges:
        rule = {field: FieldRule(field, profile.cell_rules) for field in FIELDS}
        window = DateWindow(self._as_at, profile.earliest_year)

        def judge_day(cell: object) -> DayAnswer:
            day, code = rule[self._day_field].read(cell)
            code = code or window.code_for(day)
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
            codes = dict.fromkeys(assignment.code for assignment in found if assignment.code)
            return FurtherAnswer(tuple(codes), any(assignment.code is None for assignment in found))

        def judge_subcategory(cells: Sequence[object]) -> str:
            (label, day), own = parted((cells[0], cells[1])), "".join(map(cell_text, cells[2:]))
            return reader.subcategory(rule["category"].read(label).value, own, day) or BLANK

        def judge_value(place: int, name: str) -> Distinct:
            blank = (profile.force or BLANK) if name.strip().casefold() == "force" else BLANK
            other = like.by[place] if like else None
            if name.strip().casefold() == SUBCATEGORY:
                return Distinct(judge_subcategory, lambda _: False, other)
            return Distinct(lambda cell: cell_text(cell) or blank, lambda _: False, other)

        def judge_other_date(name: str) -> Distinct:
            other = like.other_dates[name] if like else None
            return Distinct(lambda cell: rule[name].read(cell).code, lambda code: code is not None, other)

        day = Distinct(judge_day, lambda answer: answer.code is not None, like.day if like else None)
        return Judges(
            day=day,
            label=Distinct(judge_label, lambda answer: answer.finding is not None, like.label if like else None),
            further=Distinct(judge_further, lambda answer: answer.has_unread, like.further if like else None),
            by=tuple(judge_value(place, name) for place, name in enumerate(self._by)),
            other_dates={name: judge_other_date(name) for name in DATE_FIELDS.values()},
            out_of_period=day.number_of(DayAnswer(None, None)),
        )


def _rows_of(name: str, scheme: CategoryScheme) -> Sequence[CrosswalkEntry]:
    from cc_categorise.crosswalk import load_crosswalk  # noqa: PLC0415 - few runs have one

    return load_crosswalk(name).rows_for(scheme)


def _file_findings(repeated: Sequence[Export], plans: Sequence[TablePlan]) -> list[Finding]:
    findings = [Finding(export.name, None, "same-file-twice") for export in repeated]
    for plan in plans:
        table = plan.table
        if plan.reference is None:
            findings.append(Finding(table.name, None, "no-reference-column", sheet=table.sheet, field="reference"))
        names = [name.casefold() for name in table.header if name]
        if len(set(names)) < len(names):
            findings.append(Finding(table.name, table.header_row, "duplicate-header", sheet=table.sheet))
    return findings


def _about(table: Table) -> str:
    titles = f" under {table.n_titles} title row{'s'[: table.n_titles > 1]}" if table.n_titles else ""
    header = f", header in row {table.header_row}{titles}" if table.header_row else ""
    return f"{table.name}: {table.found}{header}"
