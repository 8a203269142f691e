"""What a crosswalk covers: its rows held against the scheme, and against the labels of exports.

Takes a crosswalk and exports, returns rows to list.  Shows labels of the exports: it is asked for by name.  Knows
nothing of terminals or layout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from cc_categorise import api
from cc_categorise.categorise.labels import LabelReader, as_written, further_labels
from cc_categorise.crosswalk import load_crosswalk
from cc_categorise.model import Assignment, CategoryScheme, cell_text
from cc_categorise.options import RunOptions
from cc_categorise.pipeline import OnBytes, Outcome
from cc_categorise.ruling import CrosswalkEntry
from cc_categorise.scheme import load_scheme
from cc_categorise.settle import rows_of
from cc_categorise.validate import FieldRule

COLUMNS = ("flag", "label", "relation", "records", "note")
Row = tuple[str | int, ...]


def check_crosswalk(
    name: str, exports: Iterable[str | Path], options: RunOptions, on_bytes: OnBytes | None = None
) -> tuple[list[Row], Outcome | None]:
    """Flag the rows of a crosswalk, and the labels of exports, that need a look.

    Without exports nothing is said of unused rows and unmatched labels.

    Returns:
        Rows of `COLUMNS`, and the count of the exports.  The flag is ``ambiguous`` (the row needs a person, or says
        another category than the scheme does by itself), ``redundant`` (the scheme, or an earlier row, says the
        same), ``unused`` (no record of its dates has the label) or ``unmatched`` (neither the crosswalk nor the
        scheme reads the label).

    Raises:
        CategoriseError: The crosswalk, the scheme or an export cannot be used; two rows contradict each other.
    """
    crosswalk, scheme = load_crosswalk(name), load_scheme(options.scheme).scheme
    alone, reader = LabelReader(scheme), LabelReader(scheme, listed={name: crosswalk.rows_for(scheme)})
    given = list(exports)
    outcome = api.run(given, options, on_bytes) if given or options.from_db else None
    used: Counter[CrosswalkEntry] = Counter()
    unmatched: Counter[str] = Counter()
    for label, ruling, answer in _readings(outcome, reader) if outcome else ():
        if ruling:
            used[ruling] += 1
        elif answer.code is None and answer.finding != "blank-category":
            unmatched[label] += 1
    rows: list[Row] = []
    for number, row in enumerate(crosswalk.rows):
        known = any(as_written(row.label) == as_written(other.label) and row.overlaps(other)
                    for other in crosswalk.rows[:number])  # fmt: skip
        flags = list(_flags(row, alone.assign(row.label), scheme, is_repeated=known))
        flags += [("unused", "no record of its dates has this label")] if outcome and not used[row] else []
        mark = "; wording unverified" if row.wording == "unverified" else ""
        rows += [(flag, row.label, row.relation, used[row], note + mark) for flag, note in flags]
    for label, n in sorted(unmatched.items(), key=lambda pair: (-pair[1], pair[0])):
        rows.append(("unmatched", label, "", n, _candidates(alone.assign(label), scheme)))
    return rows, outcome


def _flags(
    row: CrosswalkEntry, said: Assignment, scheme: CategoryScheme, *, is_repeated: bool
) -> Iterator[tuple[str, str]]:
    if is_repeated:
        yield "redundant", "an earlier row says the same"
    if said.code and said.code != row.category:
        yield "ambiguous", f"the scheme by itself reads it as {scheme.title_of(said.code)}; this row wins"
    elif said.code:
        yield "redundant", "the scheme reads it so by itself"
    if not row.is_decided and row.relation != "out-of-scope":
        titles = " or ".join(map(scheme.title_of, row.candidates)) or "any category"
        yield "ambiguous", f"not applied: the record has to be read; it may be {titles}"


def _candidates(answer: Assignment, scheme: CategoryScheme) -> str:
    titles = " or ".join(map(scheme.title_of, answer.candidates))
    return f"it may be {titles}" if titles else "neither the crosswalk nor the scheme knows it"


def _readings(outcome: Outcome, reader: LabelReader) -> Iterator[tuple[str, CrosswalkEntry | None, Assignment]]:
    """Give every label of the records counted, with the row that decides it and what it is read as."""
    run = outcome.settled.run
    rules = [FieldRule(plan.day[1], plan.profile.cell_rules) for plan in run.plans]
    for row in rows_of(outcome.settled):
        if row.counted is None and row.fate != "merged":
            continue
        day = rules[row.table].read(row.cells[row.plan.day[0]]).value
        further = row.cells[row.plan.further] if row.plan.further is not None else ""
        for label in (row.plan.label(row.cells), *map(cell_text, further_labels(further))):
            ruling = reader.ruling_on(label, day) if label else None
            yield label, ruling[0] if ruling else None, reader.assign(label, day)
