"""To count with decisions is to count the export in which a person has put the decided category into each record."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from strategies import AS_AT, HEADER, HEADERS, Written, exports, on_disk

from cc_categorise import pipeline
from cc_categorise.decisions import CANNOT_TELL, Decision
from cc_categorise.findings import FINDINGS
from cc_categorise.model import cell_text
from cc_categorise.options import Basis, RunOptions
from cc_categorise.pipeline import Outcome
from cc_categorise.profile import MISSING_TOKENS
from cc_categorise.scheme import load_scheme

SCHEME = load_scheme().scheme
REFERENCE, CATEGORY, FORCE = (HEADER.index(HEADERS[name]) for name in ("reference", "category", "force"))

KEYS = list(product(["Avon", "Kent", ""], ["A1", "A2", "a1"]))
categories = st.sampled_from([*SCHEME.codes, CANNOT_TELL])
decided = st.fixed_dictionaries(dict.fromkeys(KEYS, st.one_of(categories, st.none()))).map(
    lambda chosen: {key: code for key, code in chosen.items() if code}
)


def counted(export: Written, options: RunOptions, decisions: dict[tuple[str, str], str] | None = None) -> Outcome:
    with TemporaryDirectory() as folder, on_disk(export.data) as paths:
        if decisions is not None:
            path = Path(folder) / "decisions.jsonl"
            made = (
                Decision(force=force, reference=reference, category=category, by="A", on=date(2024, 1, 1))
                for (force, reference), category in decisions.items()
            )
            path.write_text("".join(one.line for one in made), encoding="utf-8")
            options = options._replace(decisions=path)
        return pipeline.count(paths, options, as_at=AS_AT)


def by_hand(export: Written, decisions: dict[tuple[str, str], str]) -> Written:
    """Put the title of the decided category into every row of the record."""
    rows = []
    for row in export.rows:
        cells = list(row)
        if len(cells) > max(FORCE, CATEGORY, REFERENCE):
            reference = cell_text(cells[REFERENCE])
            key = (cell_text(cells[FORCE]), "" if reference.casefold() in MISSING_TOKENS else reference)
            if decisions.get(key, CANNOT_TELL) != CANNOT_TELL:
                cells[CATEGORY] = SCHEME.title_of(decisions[key])
        rows.append(cells)
    return export.with_rows(rows)


@given(exports(), decided, st.sampled_from([(), ("force",)]), st.sampled_from(Basis))
def test_counting_with_decisions_is_counting_the_mended_export(
    export: Written, decisions: dict[tuple[str, str], str], by: tuple[str, ...], basis: Basis
) -> None:
    options = RunOptions(by=by, basis=basis)
    honoured, mended = counted(export, options, decisions), counted(by_hand(export, decisions), options)
    assert honoured.tally == mended.tally
    assert honoured.reconciliation == mended.reconciliation
    assert honoured.reconciliation.is_balanced


@given(exports(), decided)
def test_a_decision_moves_a_record_and_neither_makes_nor_loses_one(
    export: Written, decisions: dict[tuple[str, str], str]
) -> None:
    before, after = counted(export, RunOptions()), counted(export, RunOptions(), decisions)
    assert after.reconciliation._replace(uncategorised=0) == before.reconciliation._replace(uncategorised=0)
    assert after.reconciliation.uncategorised <= before.reconciliation.uncategorised
    assert n_unread(after) <= n_unread(before)


def n_unread(outcome: Outcome) -> int:
    return sum(n for code, n in outcome.report.findings.items() if FINDINGS[code].effect == "uncategorised")


@given(exports())
def test_a_file_without_decisions_changes_nothing(export: Written) -> None:
    assert counted(export, RunOptions(), {}).tally == counted(export, RunOptions()).tally
