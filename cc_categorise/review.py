"""Doubtful records → a sheet for a person to fill, and the filled sheet → decisions; and how far two people agree.

Takes rows that were assigned, or a sheet that was filled in, returns rows or decisions.  Knows nothing of screens, of
how a sheet is written, or of where decisions are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cc_categorise.assign import Assigned, Assigning, Shown
from cc_categorise.categorise.agreement import agreement, by_category
from cc_categorise.categorise.labels import LabelReader
from cc_categorise.decisions import CANNOT_TELL, Decision, RecordKey
from cc_categorise.figures import Listing, Listings, figure
from cc_categorise.model import CategoryScheme, cell_text
from cc_categorise.read.columns import Columns, HeaderRules, Opening
from cc_categorise.read.exports import find_exports
from cc_categorise.read.opening import open_table
from cc_categorise.read.table import RowFilter

SHEET = (
    "cc_force", "cc_reference", "cc_file", "cc_row", "cc_suggested", "cc_confidence", "cc_runner_up",
    "cc_decision", "cc_reason",
)  # fmt: skip
"""Columns of a sheet, before those of the export."""

CANNOT_TELL_LABEL = "Cannot tell"
_NAMED = {"force": "cc_force", "reference": "cc_reference", "category": "cc_decision"}
_OTHERS = ("cc_suggested", "cc_reason")


def doubtful(run: Assigning, rows: Iterable[Assigned]) -> list[Assigned]:
    """Choose the records that a person has to look at, those that are worth most first.

    Each record once; records without a reference cannot be decided on and are left out, and so are those of whose shape
    something is wrong.

    Returns:
        By doubt times frequency, from the highest; then as read.  Doubt is what is missing from a confidence of 1.
        Frequency is the number of chosen records with the same recorded label, suggestion and runner-up: the doubt that
        is met most often comes first.
    """
    chosen: dict[RecordKey, Assigned] = {}
    for one in rows:
        if run.needs_review(one) and one.key[1] and not one.faults:
            chosen.setdefault(one.key, one)
    frequency = Counter(map(_kind_of_doubt, chosen.values()))
    return sorted(chosen.values(), key=lambda one: -(1 - (one.confidence or 0)) * frequency[_kind_of_doubt(one)])


def _kind_of_doubt(one: Assigned) -> tuple[str, tuple[str, ...]]:
    return one.recorded.casefold(), ranked(one, 2)


def ranked(one: Assigned, n: int) -> tuple[str, ...]:
    """Give the codes that its text suggests most, best first."""
    return tuple(code for code, _ in one.suggestion.ranked[:n]) if one.suggestion else ()


def choices(scheme: CategoryScheme) -> tuple[str, ...]:
    """Give what a person may choose: every category with its number, and that nobody could tell."""
    return (*(f"{category.no}. {category.title}" for category in scheme.categories), CANNOT_TELL_LABEL)


def sheet(run: Assigning, records: Sequence[Assigned], *, blind: bool) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Lay out the header and rows of a sheet: who, what is suggested, room for a decision, and the whole row.

    A blind one leaves the suggestion out, so that it cannot sway the person.
    """
    shown = Shown(run.sources, show_text=True)
    title_of = dict(zip(run.scheme.codes, choices(run.scheme), strict=False))
    rows = []
    for one in records:
        first, second = (*(title_of[code] for code in ranked(one, 2) if not blind), "", "")[:2]
        confidence = figure(one.confidence) if first else ""
        place = (one.source.table.name, str(one.number))
        rows.append((*one.key, *place, first, confidence, second, "", "", *shown.cells(one)))
    return (*SHEET, *shown.header), rows


class Filled(NamedTuple):
    """What a filled sheet says."""

    decisions: list[Decision]  # in the order of the sheet
    # row number, reference, code of a finding and near miss of each decision that cannot be read
    unread: list[tuple[int, str, str, str]]
    n_blank: int  # rows without a decision


def read_sheet(path: Path, scheme: CategoryScheme, *, by: str, on: date) -> Filled:
    """Read a sheet that a person has filled in, in any kind of file that an export may be.

    A decision is the title, number or code of a category, or any wording that means one.

    Raises:
        CategoriseError: The file cannot be read, or has not the columns of a sheet.
    """
    exports, _ = find_exports([path])
    rules = HeaderRules(_NAMED.items())
    table = open_table(exports[0], Opening(rules, header_row=1))
    columns = Columns(table.name, table.header, rules)
    at = {name: columns.need(field) for field, name in _NAMED.items()}
    at |= {name: place for name in _OTHERS if (place := columns.breakdown(name)) is not None}
    reader = LabelReader(scheme)
    decisions, unread, n_blank = [], [], 0
    for rows in map(RowFilter(table.header, at["cc_reference"]).rows, table.blocks()):
        for number, cells in zip(rows.numbers, rows.cells, strict=True):
            told = {name: _as_made(cell_text(cells[place])) for name, place in at.items()}
            label, reference = told["cc_decision"], told["cc_reference"]
            answer = reader.assign(label)
            code = CANNOT_TELL if label.casefold() == CANNOT_TELL_LABEL.casefold() else answer.code
            if not label:
                n_blank += 1
            elif code and reference:
                suggested = reader.assign(told["cc_suggested"]).code
                given = {"force": told["cc_force"], "reference": reference, "reason": told["cc_reason"]}
                decisions.append(Decision(**given, category=code, suggested=suggested, by=by, on=on))
            else:
                near = " or ".join(map(scheme.title_of, answer.candidates)) or reader.suggest(label) or ""
                unread.append((number, reference[:64], "blank-reference" if code else str(answer.finding), near))
    return Filled(decisions, unread, n_blank)


def _as_made(cell: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from running a cell as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in tuple("=+-@") else cell


def compare(
    first: Mapping[RecordKey, Decision], second: Mapping[RecordKey, Decision], scheme: CategoryScheme
) -> Listings:
    """Say how far two people agree on the records that both decided, and list those left to settle.

    To have said that nobody could tell counts as an answer of its own.
    """
    both = [key for key in first if key in second]
    pairs = [(first[key].category, second[key].category) for key in both]
    codes = (*scheme.codes, CANNOT_TELL)
    by_code = [(*one[:4], figure(one.share)) for one in by_category(pairs, codes)]
    settle = [(*key, *pair) for key, pair in zip(both, pairs, strict=True) if pair[0] != pair[1]]
    n = len(both)
    facts = {"decided_by_both": n, "by_first_alone": len(first) - n, "by_second_alone": len(second) - n}
    columns = ("category_code", "first", "second", "both", "agreement")
    lists = (
        Listing(columns, by_code, "By category", "by_category"),
        Listing(("force", "reference", "first", "second"), settle, "To settle", "to_settle"),
    )
    return Listings("Two people, the same records", {**facts, **agreement(pairs).facts()}, lists)
