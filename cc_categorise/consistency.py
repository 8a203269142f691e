"""Recorded categories held against the text of the same records: how far they agree, and where they hardly can.

Takes a run that was counted, reads its rows once more with their text, returns `Listings`.  Knows nothing of layout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cc_categorise.assign import categoriser_of
from cc_categorise.categorise.agreement import Pair, agreement, confusion
from cc_categorise.categorise.suggestion import Suggestion, evidence_of
from cc_categorise.figures import Listing, Listings, figure
from cc_categorise.model import BLANK, cell_text
from cc_categorise.options import TextOptions
from cc_categorise.pipeline import OnBytes, Outcome
from cc_categorise.settle import rows_of

if TYPE_CHECKING:
    from cc_categorise.categorise.text import TextCategoriser

Cells = tuple[str | int, ...]

_COLUMNS = ("file", "sheet", "row", "reference", "unit", "year", "recorded", "suggested", "confidence", "evidence")
_GROUP_COLUMNS = ("unit", "year", "records", "differing", "kappa", "from", "to")


class Held(NamedTuple):
    """One record, the codes recorded and suggested, and its text where it may be shown.

    The heads are file, sheet, row and reference, then unit and label of its period.
    """

    heads: tuple[str, str, int, str, str, str]
    pair: Pair
    suggestion: Suggestion
    text: str | None


def hold_against_text(outcome: Outcome, text: TextOptions, on_bytes: OnBytes | None = None) -> Listings:
    """Compare the recorded category of every counted record with what its text suggests.

    Records without a category, or without text that can be read, are left out.  A disagreement is likely where the
    text is read with enough confidence to need no review.

    Returns:
        Agreement in figures; by unit and year; recorded categories against suggested ones; and the likely
        disagreements, the most confident first.

    Raises:
        MissingColumnError: An export has no column of text.
    """
    scheme = outcome.settled.run.scheme.scheme
    categoriser = categoriser_of(scheme, text)
    held = []
    n_records, n_bytes = max(outcome.reconciliation.counted, 1), outcome.settled.run.n_bytes
    for one in _read(outcome, categoriser, show_text=text.show_text):
        if one.suggestion.code is not None:
            held.append(one)
        if on_bytes:
            on_bytes(n_bytes // n_records, n_bytes)
    differing = [one for one in held if one.pair[0] != one.pair[1]]
    likely = [one for one in differing if one.suggestion.confidence >= categoriser.review_below]
    likely.sort(key=lambda one: -one.suggestion.confidence)
    pairs = [one.pair for one in held]
    facts: dict[str, str | int] = {"text_read_by": categoriser.kind, "records_compared": len(held)}
    facts |= {"differing": len(differing), "likely_disagreements": len(likely), **agreement(pairs).facts()}
    numbers = map(str, range(1, len(scheme.codes) + 1))
    table: list[Cells] = [(code, *counts) for code, counts in confusion(pairs, scheme.codes) if any(counts)]
    lists = (
        Listing(_GROUP_COLUMNS, [*_by_group(held)], "By unit and year", "by_unit_and_year"),
        Listing(("recorded", *numbers), table, "Recorded against suggested", "confusion"),
        Listing(_COLUMNS, [*map(_cells, likely)], "Likely disagreements", "disagreements"),
    )
    return Listings("Recorded categories against the text", facts, lists)


def _cells(one: Held) -> Cells:
    evidence = evidence_of(one.suggestion, one.text)
    return (*one.heads, *one.pair, figure(one.suggestion.confidence), evidence)


def _by_group(held: list[Held]) -> Iterator[Cells]:
    groups: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for one in held:
        groups[one.heads[-2:]].append(one.pair)
    for group, pairs in sorted(groups.items()):
        found = agreement(pairs)
        differing = sum(first != second for first, second in pairs)
        yield *group, len(pairs), differing, figure(found.kappa), figure(found.low), figure(found.high)


def _read(outcome: Outcome, categoriser: TextCategoriser, *, show_text: bool) -> Iterator[Held]:
    """Read the texts of records that have a category."""
    settled = outcome.settled
    narrative = [plan.columns.need("narrative") for plan in settled.run.plans]
    unit = [plan.columns.find("unit") for plan in settled.run.plans]
    for row in rows_of(settled):
        if row.counted is None or row.counted.code is None:
            continue
        text, at = row.cells[narrative[row.table]], unit[row.table]
        own_unit = (cell_text(row.cells[at]) if at is not None and row.is_sound else "") or BLANK
        suggestion = categoriser.suggest(text)
        pair = row.counted.code, str(suggestion.code)
        yield Held((*row.place, own_unit, row.year), pair, suggestion, text if show_text else None)
