"""Every row gets one fate: rejected, duplicate, out of period, merged or counted.

Takes a survey, returns counts by meaning, the reconciliation, and which rows are not counted by themselves; and, for
who reads them once more, every row with its fate.  Counts records as a person decided.  Knows nothing of files, layout,
or how a decision was made.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from typing import NamedTuple

from cc_categorise.dates import label_of
from cc_categorise.figures import Reconciliation
from cc_categorise.findings import FINDINGS, OF_A_CELL
from cc_categorise.judging import DayAnswer, FurtherAnswer
from cc_categorise.model import FIELDS, UNCATEGORISED, Assignment
from cc_categorise.plan import Run
from cc_categorise.survey import Flag, Survey, TablePlan, identities, meanings
from cc_categorise.tally import Counted
from cc_categorise.validate import PlacedRow, judge_duplicates

Place = tuple[int, int]
"""A table's number in the run, and a row number in it."""


@dataclass(repr=False, eq=False, slots=True)
class Settled:
    """What became of the rows."""

    run: Run  # what was decided before reading
    survey: Survey  # what was read
    counts: Counter[Counted] = field(default_factory=Counter)  # records by meaning
    reconciliation: Reconciliation = field(default_factory=Reconciliation)  # rows by fate
    # rows of a reference seen before: the code of the finding, else ``merged`` or ``out-of-period``; and the row
    # that is kept
    repeats: dict[Place, tuple[str, Place]] = field(default_factory=dict)
    # rows whose record took in others, and what it counts as
    changed: dict[Place, Counted] = field(default_factory=dict)
    disagreeing: list[Place] = field(default_factory=list)  # merged rows whose date is not that of the record
    decided: set[Place] = field(default_factory=set)  # rows whose record counts as a person decided

    def meaning(self, key: tuple[int, ...]) -> tuple[DayAnswer, Assignment, FurtherAnswer]:
        """Turn the numbers that a row's day, label and further categories are read as back into what they mean."""
        judges = self.run.judges
        return judges.day.answer(key[0]), judges.label.answer(key[1]), judges.further.answer(key[2])

    def group(self, by: tuple[int, ...]) -> tuple[str, ...]:
        """Turn the numbers that the cells of its breakdowns are read as back into values."""
        return tuple(judge.answer(number) for judge, number in zip(self.run.judges.by, by, strict=True))

    def flags(self) -> Iterator[tuple[Flag, str, list[int]]]:
        """Give the codes of findings with the numbers of the rows they stand for.

        A repeat has no finding besides that; a merged row keeps its own, its category being a further one.
        """
        for flag, numbers in sorted(self.survey.flagged.items(), key=_place_in_row):
            code = self._code_of(flag)
            fate = {number: self.repeats.get((flag.table, number), ("", None))[0] for number in numbers}
            is_further = flag.field == "category"
            told = [n for n in numbers if not (is_further and (flag.table, n) in self.decided)]
            yield flag, code, [n for n in told if not fate[n] or (fate[n] == "merged" and not is_further)]
            merged = [n for n in numbers if fate[n] == "merged"]
            if merged and is_further and code != "blank-category":
                yield flag, "unknown-further-label", merged
        of_records: dict[tuple[Flag, str], list[int]] = defaultdict(list)
        for table, number in self.disagreeing:
            of_records[Flag(table, self.survey.plans[table].day[1]), "dates-differ-within-record"].append(number)
        for (table, number), (code, _) in self.repeats.items():
            if code in FINDINGS:
                of_records[Flag(table, "reference"), code].append(number)
        for (flag, code), rows in of_records.items():
            yield flag, code, sorted(rows)

    def _code_of(self, flag: Flag) -> str:
        judges = self.run.judges
        if flag.answer is None:
            return flag.code
        if flag.field == "category":
            return str(judges.label.answer(flag.answer).finding)
        if flag.field == "further_categories":
            return "unknown-further-label"
        if flag.field == self.survey.plans[flag.table].day[1]:
            return str(judges.day.answer(flag.answer).code)
        return "unreadable-other-date"

    def n_findings(self) -> dict[str, int]:
        """Count the findings of each code, by code."""
        counts = Counter(finding.code for finding in self.run.findings)
        for _, code, numbers in self.flags():
            counts[code] += len(numbers)
        for flag, n in self.survey.unplaced.items():
            counts[self._code_of(flag)] += n
        return {code: n for code, n in sorted(counts.items()) if n}


def _place_in_row(flagged: tuple[Flag, object]) -> tuple[int, int, str]:
    """Order findings as the fields stand in a record, those of the whole row first: never by what was met first."""
    flag, _ = flagged
    return flag.table, FIELDS.index(flag.field) if flag.field else -1, flag.code


def settle(run: Run, survey: Survey) -> Settled:
    """Decide the fate of every row of a survey.

    Source:
        docs/counting-rules.md, rules 4 and 10: rejected, duplicate, out of period, merged, counted, in that order.
    """
    settled = Settled(run, survey)
    left = Counter(survey.counts)
    fates: Counter[str] = Counter()
    for rows in survey.rows_of_repeated_references():
        if survey.plans[rows[0].table].profile.rows_per_record == "many":
            _merge(settled, rows, left, fates)
            continue
        for row, code in judge_duplicates(rows):
            settled.repeats[row.table, row.number] = code, (rows[0].table, rows[0].number)
            left[_key(settled, row)] -= 1
            fates["duplicate"] += 1
    fates["rejected"] = survey.n_misshapen
    meaning_of = cache(settled.meaning)  # there are many more combinations of all cells than of these
    group_of = cache(settled.group)
    for key, n in left.items():
        day, label, further = meaning_of(key[:3])
        if day.code:
            fates["rejected"] += n
        elif day.period is None:
            fates["out_of_period"] += n
        elif n:
            settled.counts[Counted(group_of(key[3:]), day.period, label.code, further.codes)] += n
    uncategorised = n_uncategorised(settled)
    settled.reconciliation = Reconciliation(
        survey.rows_read, settled.counts.total(), uncategorised=uncategorised, **fates
    )
    return settled


def n_uncategorised(settled: Settled) -> int:
    """Count the records without a category."""
    basis = settled.run.options.basis
    return sum(n for key, n in settled.counts.items() if UNCATEGORISED in key.codes(basis))


def _key(settled: Settled, row: PlacedRow) -> tuple[int, ...]:
    plan = settled.survey.plans[row.table]
    days, labels, furthers, bys = meanings(plan, [row.cells])
    return days[0], labels[0], furthers[0], *(numbers[0] for numbers in bys)


def _merge(settled: Settled, rows: list[PlacedRow], left: Counter[tuple[int, ...]], fates: Counter[str]) -> None:
    """Make one record of the rows of one reference: the first row's date and category, the others' further."""
    first, *later = rows
    key = _key(settled, first)
    day, label, further = settled.meaning(key[:3])
    codes = dict.fromkeys(further.codes)
    for row in later:
        row_key = _key(settled, row)
        left[row_key] -= 1
        if day.period is None:
            fates["out_of_period"] += 1
        else:
            row_day, row_label, row_further = settled.meaning(row_key[:3])
            codes.update(dict.fromkeys(code for code in (row_label.code, *row_further.codes) if code))
            fates["merged"] += 1
            if row_day != day:
                settled.disagreeing.append((row.table, row.number))
        fate = "out-of-period" if day.period is None else "merged"
        settled.repeats[row.table, row.number] = fate, (first.table, first.number)
    if day.period is not None:
        left[key] -= 1
        counted = Counted(settled.group(key[3:]), day.period, label.code, tuple(codes))
        settled.counts[counted] += 1
        settled.changed[first.table, first.number] = counted


class Row(NamedTuple):
    """One row, read once more."""

    table: int  # number of its table
    plan: TablePlan  # what the table's columns are used for
    number: int  # its row number
    cells: list[str]  # as many as the header has
    key: tuple[str, str]  # force and reference of its record; the reference is empty where there is none
    is_sound: bool  # whether nothing is wrong with its shape
    fate: str  # ``rejected``, ``duplicate``, ``out-of-period`` or ``merged``; empty where the row is counted
    label: Assignment  # what its label was read as
    counted: Counted | None  # what its record counts as, where it is counted
    year: str  # label of the period it counts in; empty where it is not counted

    @property
    def place(self) -> tuple[str, str, int, str]:
        """File, sheet, row number and reference; no reference where the shape of the row is wrong."""
        reference = self.plan.shown_reference(self.cells) if self.is_sound else ""
        return self.plan.table.name, self.plan.table.sheet, self.number, reference


def rows_of(settled: Settled, among: Container[tuple[str, str]] | None = None) -> Iterator[Row]:
    """Read every row once more, or those among some records: by table, then in order."""
    year_of = cache(partial(label_of, basis=settled.run.periods.basis))
    meaning_of, group_of = cache(settled.meaning), cache(settled.group)
    for table, plan in enumerate(settled.survey.plans):
        for rows in map(plan.filter().rows, plan.table.blocks()):
            misshapen = {position for position, code in rows.faults if code not in OF_A_CELL}
            rejected = {position for position, code in rows.faults if FINDINGS[code].effect == "rejected"}
            days, labels, furthers, bys = meanings(plan, rows.cells)
            keys = [("", "")] * len(rows.cells)
            if plan.reference is not None:
                keys = list(zip(*identities(plan, rows.cells), strict=True))
            for i, key in enumerate(zip(days, labels, furthers, *bys, strict=True)):
                if among is not None and keys[i] not in among:
                    continue
                number = rows.numbers[i]
                (day, label, further), group = meaning_of(key[:3]), group_of(key[3:])
                repeat = settled.repeats.get((table, number))
                fate, counted = "", settled.changed.get((table, number))
                if i in rejected or day.code:
                    fate = "rejected"
                elif repeat:
                    fate = "duplicate" if repeat[0] in FINDINGS else repeat[0]
                elif day.period is None:
                    fate = "out-of-period"
                elif counted is None:
                    counted = Counted(group, day.period, label.code, further.codes)
                year = year_of(counted.period) if counted else ""
                yield Row(table, plan, number, rows.cells[i], keys[i], i not in misshapen, fate, label, counted, year)


def count_as_decided(settled: Settled) -> tuple[str, ...]:
    """Move each record that a decision stands for to the category decided on.

    Reads the exports once more.  A row that is not counted stays so.  A record that nobody could tell the category of
    stays as it was recorded.

    Returns:
        How many records were moved, and how many decisions are about no record that is counted.

    Source:
        docs/counting-rules.md, rule 13.
    """
    from cc_categorise.decisions import CANNOT_TELL, RecordKey  # noqa: PLC0415 - few runs have any

    decisions = settled.run.decisions
    met: set[RecordKey] = set()
    n_against = 0
    for row in rows_of(settled, decisions):
        if row.counted is None:
            continue
        met.add(row.key)
        if (code := decisions[row.key].category) == CANNOT_TELL:
            continue
        after = row.counted._replace(code=code)
        settled.counts.subtract([row.counted])
        settled.counts.update([after])
        settled.changed[row.table, row.number] = after
        settled.decided.add((row.table, row.number))
        n_against += row.counted.code not in (None, code)
    settled.counts = +settled.counts  # what counts nought would be a year of the table
    settled.reconciliation = settled.reconciliation._replace(uncategorised=n_uncategorised(settled))
    moved = f"counted as a person decided: {len(settled.decided):,}, of these against what was recorded: {n_against:,}"
    absent = len(decisions) - len(met)
    return (moved, *([f"decisions about no record that is counted here: {absent:,}"] if absent else []))
