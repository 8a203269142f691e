"""What a run will do, decided before the first record is read: tables, columns, date, judges.

Takes arguments and options, returns a `Run`.  Knows nothing of counts or layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cc_categorise.errors import HeaderError, MissingColumnError, UsageError
from cc_categorise.findings import Finding
from cc_categorise.judging import SUBCATEGORY, Judging
from cc_categorise.model import DATE_FIELDS
from cc_categorise.options import CountBy, RunOptions, YearBasis
from cc_categorise.profile import Profile, load_profile, load_profile_map
from cc_categorise.read.columns import Columns, HeaderRules, Opening
from cc_categorise.read.exports import Export, find_exports, find_repeated
from cc_categorise.read.opening import open_table, unused_choices
from cc_categorise.read.table import Table
from cc_categorise.scheme import LoadedScheme, load_scheme
from cc_categorise.survey import Judges, Position, TablePlan
from cc_categorise.tally import Periods

if TYPE_CHECKING:
    from cc_categorise.decisions import Decision, RecordKey

Choice = TypeVar("Choice", CountBy, YearBasis)


@dataclass(repr=False, eq=False, frozen=True, slots=True)
class Run:
    """One run, ready to read."""

    options: RunOptions  # the choices of the person
    as_at: date  # the day the exports were taken
    scheme: LoadedScheme  # the category scheme and its digest
    profile: Profile  # what the exports look like, unless a profile of their own says so
    periods: Periods  # which days count, and in which periods
    counted_by: CountBy  # the date that is counted by
    plans: list[TablePlan]  # what each table's columns are used for
    judges: Judges  # what the answers of all judges mean
    decisions: Mapping[RecordKey, Decision]  # what people decided about single records
    findings: Sequence[Finding]  # what is wrong with whole files
    notes: Sequence[str]  # sentences for a person about what was found out

    @property
    def exports(self) -> list[Export]:
        """The files, one for each plan."""
        return [plan.export for plan in self.plans]

    @property
    def n_bytes(self) -> int:
        """Bytes to read, for progress."""
        return sum(plan.table.size for plan in self.plans)


def plan_run(arguments: Iterable[str | Path], options: RunOptions, *, as_at: date, frame: Table | None = None) -> Run:
    """Open the exports and decide what every column is used for.

    Exports are files, folders, patterns or ``-``; a data frame is given as its table.

    Raises:
        CategoriseError: A file, scheme, profile, column or option cannot be used; see the subclasses.
    """
    scheme = load_scheme(options.scheme)
    common, opened, notes = open_exports(arguments, options, frame)
    decisions: Mapping[RecordKey, Decision] = {}
    if options.decisions:
        from cc_categorise.decisions import read_decisions  # noqa: PLC0415 - few runs have any

        decisions = read_decisions(options.decisions, scheme.scheme.codes).standing
    profiles = [common, *(one.profile for one in opened)]
    basis = options.year or _agreed("year", [profile.year for profile in profiles]) or YearBasis.FINANCIAL
    periods = Periods.chosen(basis, options.periods, options.start, options.end)
    chosen = options.count_by or _agreed("count_by", [profile.count_by for profile in profiles])
    counted_by = _counted_by(chosen, [one.columns for one in opened])
    judging = Judging(scheme.scheme, as_at, periods, DATE_FIELDS[counted_by], options)
    may_lack = options.decisions is not None
    plans = [_plan(one, counted_by, options.by, judging, may_lack_category=may_lack) for one in opened]
    judges, findings = plans[0].judges, _file_findings(plans)
    return Run(options, as_at, scheme, common, periods, counted_by, plans, judges, decisions, findings, notes)


def open_exports(
    arguments: Iterable[str | Path], options: RunOptions, frame: Table | None = None, *, any_header: bool = False
) -> tuple[Profile, list[Opened], list[str]]:
    """Open the exports, each by its own profile; with any header, the first row is one where none is known.

    Returns:
        The profile that all exports have in common; each export with its table; and sentences for a person about them.
    """
    common = load_profile(options.profile)
    profile_of = load_profile_map(options.profile_map, common)
    exports, notes = find_exports(arguments)
    opened = [_open(export, profile_of(export.name), options, any_header=any_header) for export in exports]
    if options.from_db or options.query:
        from cc_categorise.read.database import open_query  # noqa: PLC0415 - only databases need it

        table = open_query(options.from_db, options.query, options.workers)
        opened.append(_open(Export(table.name), common, options, table))
    if frame is not None:
        opened.append(_open(Export(frame.name), common, options, frame))
    if not opened:
        raise UsageError("no export was given", hint="name a file, a folder, - for standard input, or --from-db")
    unused = unused_choices(options, [one.export for one in opened])
    return common, opened, [*notes, *unused, *(_about(one.table) for one in opened)]


class Opened(NamedTuple):
    """An export, its table with its columns, and the profile that says what they look like."""

    export: Export
    table: Table
    columns: Columns
    profile: Profile


def _open(
    export: Export, profile: Profile, options: RunOptions, table: Table | None = None, *, any_header: bool = False
) -> Opened:
    """Match the columns of an export; a query or a data frame is a table already."""
    rules = HeaderRules([*profile.columns.items(), *options.columns])
    if table is None:
        chosen = {name: getattr(options, name) or getattr(profile, name) for name in ("encoding", "delimiter", "sheet")}
        opening = Opening(rules, header_row=profile.header_row, workers=options.workers, **chosen)
        try:
            table = open_table(export, opening)
        except HeaderError:
            if not any_header:
                raise
            table = open_table(export, opening._replace(header_row=1))
    return Opened(export, table, Columns(table.name, table.header, rules), profile)


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
    hint = "count them apart, or name one column for both with --map received_on=Header"
    raise MissingColumnError("some exports have only a received date and others only a recorded one", hint=hint)


def _plan(
    opened: Opened, counted_by: CountBy, by: Sequence[str], judging: Judging, *, may_lack_category: bool
) -> TablePlan:
    _, _, columns, profile = opened
    reader, judges = judging.of(profile)
    field = DATE_FIELDS[counted_by]
    category = columns.find("category") if may_lack_category else columns.need("category")
    breakdowns = [_breakdown(columns, name, columns.need(field), category) for name in by]
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
        *opened,
        reader,
        day=(columns.need(field), field),
        category=category,
        further=columns.find("further_categories"),
        reference=columns.find("reference"),
        force=columns.find("force"),
        by=tuple(breakdowns),
        other_dates=tuple((position, name) for position, name in others if name != field),
        judges=judges,
    )


def _breakdown(columns: Columns, name: str, day: int, category: int | None) -> Position:
    """Give the column of a breakdown; a sub-tag is told from the record's date and label, and its own column if any."""
    if name.strip().casefold() != SUBCATEGORY:
        return columns.breakdown(name)
    own = columns.find(SUBCATEGORY)
    label = columns.need("category") if category is None else category
    return (day, label) if own is None else (day, label, own)


def _file_findings(plans: Sequence[TablePlan]) -> list[Finding]:
    files = [plan.export for plan in plans if plan.export.path or plan.export.spool]
    findings = [Finding(export.name, None, "same-file-twice") for export in find_repeated(files)]
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
