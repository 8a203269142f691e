"""What holds of editions and crosswalks whatever the exports are: totals are kept, and a preview is the recount."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import AS_AT, SOUND_DAYS, Written, exports, on_disk

from cc_categorise import pipeline
from cc_categorise.categories import diff, impact, successors
from cc_categorise.categorise.labels import LabelReader
from cc_categorise.crosswalk import CrosswalkEntry
from cc_categorise.model import UNCATEGORISED
from cc_categorise.options import Basis, RunOptions
from cc_categorise.scheme import load_scheme

EDITIONS = {name: load_scheme(Path(name)).scheme for name in ("2020-08", "2022-11")}
SCHEME = EDITIONS["2022-11"]
names = st.sampled_from(sorted(EDITIONS))


@settings(max_examples=25, deadline=None)
@given(exports(), names, names, st.sampled_from(Basis), st.sampled_from([(), ("force",)]))
def test_the_impact_of_an_edition_is_the_real_recount(
    export: Written, before: str, after: str, basis: Basis, by: tuple[str, ...]
) -> None:
    with on_disk(export.data) as paths:
        options = RunOptions(basis=basis, by=by, as_at=AS_AT)
        rows, _ = impact(Path(before), Path(after), paths, options)
        for place, edition in ((0, before), (1, after)):
            tally = pipeline.count(paths, RunOptions(scheme=Path(edition), basis=basis), as_at=AS_AT).tally
            counted = {(year, code): n for (_, year, code), n in tally.counts.items() if n}
            assert {(year, code): n[place] for year, code, _, *n in rows if n[place]} == counted
    for *_, old, new, came, went in rows:
        assert int(old) + int(came) - int(went) == new
    if basis is Basis.PRIMARY:
        assert sum(int(row[-2]) for row in rows) == sum(int(row[-1]) for row in rows)
    if before == after:
        assert not any(row[-1] or row[-2] for row in rows)


@given(names, names)
def test_a_step_there_and_back_brings_every_category_home(one: str, other: str) -> None:
    there, back = (successors(EDITIONS[a], EDITIONS[b]) for a, b in ((one, other), (other, one)))
    for code, news in there.items():
        assert all(code in back[new] for new in news)
    pairs = {(old, new) for _, old, _, new, _ in diff(EDITIONS[one], EDITIONS[other])}
    assert {(new, old) for old, new in pairs} == {(a, b) for _, a, _, b, _ in diff(EDITIONS[other], EDITIONS[one])}


labels = st.text(st.sampled_from("abcdefgh"), min_size=3, max_size=6).map(lambda text: f"zz {text}")
days = st.one_of(st.none(), st.dates(date(2020, 1, 1), AS_AT))


@st.composite
def rulings(draw: st.DrawFn) -> CrosswalkEntry:
    first, last = draw(st.tuples(days, days).filter(lambda pair: not (pair[0] and pair[1] and pair[0] > pair[1])))
    relation = draw(st.sampled_from(["exact", "narrow", "broad", "split-needs-reading", "out-of-scope"]))
    codes = draw(st.lists(st.sampled_from(SCHEME.codes), min_size=2, max_size=4, unique=True))
    said = {"category": codes[0]} if relation in ("exact", "narrow") else {"candidates": tuple(codes)}
    rest = {"decided_by": "X", "decided_on": AS_AT, "reason": "R", "valid_from": first, "valid_to": last}
    return CrosswalkEntry.model_validate({"label": draw(labels), "relation": relation, **said, **rest})


records = st.lists(st.tuples(labels, st.one_of(st.dates(date(2020, 1, 1), AS_AT), st.sampled_from(SOUND_DAYS))))


@given(st.lists(rulings(), max_size=6, unique_by=lambda ruling: ruling.label), records)
def test_a_crosswalk_applied_then_inverted_keeps_totals(
    rows: list[CrosswalkEntry], some: list[tuple[str, date]]
) -> None:
    reader = LabelReader(SCHEME, listed={"mine.yaml": rows})
    answers = [(label, reader.assign(label, day)) for label, day in some]
    applied = Counter(answer.code or UNCATEGORISED for _, answer in answers)
    assert applied.total() == len(some)
    by_row = {(row.label, row.category) for row in rows if row.is_decided}
    inverted: Counter[str] = Counter()
    for (label, answer), (_, day) in zip(answers, some, strict=True):
        inverted[label] += 1
        row = next((row for row in rows if row.label == label and row.holds_on(day)), None)
        assert (answer.basis == "crosswalk") is (row is not None and row.is_decided)
        assert answer.code is None or (label, answer.code) in by_row
    assert inverted == Counter(label for label, _ in some)
    for code in SCHEME.codes:  # what a category holds is what the rows that lead to it held, within their days
        own = [row for row in rows if row.category == code]
        assert applied[code] == sum(row.label == label and row.holds_on(day) for row in own for label, day in some)
