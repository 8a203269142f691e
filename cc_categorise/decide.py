"""After settling: records count in the category that a person decided on, whatever was recorded.

Takes what was settled and changes its counts; returns sentences for a person.  Knows nothing of how a decision was
made, nor of layout.
"""

from __future__ import annotations

from dataclasses import replace

from cc_categorise.decisions import CANNOT_TELL, RecordKey
from cc_categorise.settle import Settled, n_uncategorised, rows_of


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
    for row in rows_of(settled):
        if row.counted is None or row.key not in decisions:
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
    settled.reconciliation = replace(settled.reconciliation, uncategorised=n_uncategorised(settled))
    moved = f"counted as a person decided: {len(settled.decided):,}, of these against what was recorded: {n_against:,}"
    absent = len(decisions) - len(met)
    return (moved, *([f"decisions about no record that is counted here: {absent:,}"] if absent else []))
