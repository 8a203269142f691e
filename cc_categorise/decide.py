"""After settling: records count in the category that a person decided on, whatever was recorded.

Takes what was settled and changes its counts; returns sentences for a person.  Knows nothing of how a decision was
made, nor of layout.
"""

from __future__ import annotations

from collections.abc import Iterator

from cc_categorise.decisions import CANNOT_TELL, RecordKey
from cc_categorise.findings import FINDINGS
from cc_categorise.model import UNCATEGORISED
from cc_categorise.settle import Place, Settled
from cc_categorise.survey import identities, meanings
from cc_categorise.tally import Counted


def count_as_decided(settled: Settled) -> tuple[str, ...]:
    """Move each record that a decision stands for to the category decided on.

    Reads the exports once more.  A row that is not counted stays so.  A record that nobody could tell the category of
    stays as it was recorded.

    Returns:
        How many records were moved, and how many decisions are about no record that is counted.

    Source:
        docs/counting-rules.md, rule 13.
    """
    decisions = settled.run.decisions
    met: set[RecordKey] = set()
    n_against = 0
    for place, cells, key in _rows_decided_on(settled):
        before = _counted(settled, place, cells)
        if before is None:
            continue
        met.add(key)
        if (code := decisions[key].category) == CANNOT_TELL:
            continue
        after = before._replace(code=code)
        settled.counts.subtract([before])
        settled.counts.update([after])
        settled.changed[place] = after
        settled.decided.add(place)
        n_against += before.code not in (None, code)
    settled.counts = +settled.counts  # what counts nought would be a year of the table
    basis = settled.run.options.basis
    n_uncategorised = sum(n for key, n in settled.counts.items() if UNCATEGORISED in key.codes(basis))
    settled.reconciliation = settled.reconciliation._replace(uncategorised=n_uncategorised)
    moved = f"counted as a person decided: {len(settled.decided):,}, of these against what was recorded: {n_against:,}"
    absent = len(decisions) - len(met)
    return (moved, *([f"decisions about no record that is counted here: {absent:,}"] if absent else []))


def _rows_decided_on(settled: Settled) -> Iterator[tuple[Place, list[str], RecordKey]]:
    for table, plan in enumerate(settled.survey.plans):
        rows_of = plan.filter()
        for block in plan.table.blocks() if plan.reference is not None else ():
            rows = rows_of.rows(block)
            rejected = {position for position, code in rows.faults if FINDINGS[code].effect == "rejected"}
            for i, key in enumerate(zip(*identities(plan, rows.cells), strict=True)):
                if key in settled.run.decisions and i not in rejected:
                    yield (table, rows.numbers[i]), rows.cells[i], key


def _counted(settled: Settled, place: Place, cells: list[str]) -> Counted | None:
    """Give what a row counts as; None where it is rejected, a repeat of another, or out of period."""
    if place in settled.repeats:
        return None
    if place in settled.changed:
        return settled.changed[place]
    (day,), (label,), (further,), bys = meanings(settled.survey.plans[place[0]], [cells])
    said, recorded, others = settled.meaning((day, label, further))
    group = settled.group(tuple(by for (by,) in bys))
    return None if said.period is None else Counted(group, said.period, recorded.code, others.codes)
