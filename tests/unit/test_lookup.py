"""Do the rows behind a figure add up to it, and does mending what was set apart lose nothing?"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from export_builders import cells_of, counted, fates, profile_of, written

from cc_categorise import lookup, pipeline
from cc_categorise.errors import UsageError
from cc_categorise.options import Basis
from cc_categorise.pipeline import Outcome

HEADER = "Ref,Received,Category,Further categories"
ROWS = (
    "A,2023-03-31,Infiltration,Other",
    "A,2023-03-31,Infiltration,Other",
    "A,2023-04-01,Vulnerability,",
    "B,soon,Other,",
    "C,2023-04-01,Banana,Other",
    'D,2023-04-01,Other,x,"too many"',
    "E,2020-04-01,Other,",
    "F,2023-04-01,,",
)


def behind(outcome: Outcome, what: str) -> list[tuple[int, str, str, str]]:
    """Give row, reference, year and code of what is listed."""
    return [(r.row, r.reference, r.year, r.category_code) for r in lookup.rows_behind(outcome, what)]


def sorted_out(folder: Path, **options: Any) -> Outcome:
    return counted(written(folder, *ROWS, header=HEADER), **{"periods": ("2022/23", "2023/24"), **options})


@pytest.mark.parametrize(
    ("what", "rows"),
    [
        ("infiltration", [(2, "A", "2022/23", "infiltration")]),
        ("other", []),
        ("uncategorised", [(6, "C", "2023/24", "uncategorised"), (9, "F", "2023/24", "uncategorised")]),
        ("rejected", [(5, "B", "", ""), (7, "", "", "")]),
        ("duplicate", [(3, "A", "", ""), (4, "A", "", "")]),
        ("out-of-period", [(8, "E", "", "")]),
        ("merged", []),
    ],
    ids=lambda what: what if isinstance(what, str) else "",
)
def test_the_rows_behind_a_figure_are_listed(tmp_path: Path, what: str, rows: list[tuple[int, str, str, str]]) -> None:
    assert behind(sorted_out(tmp_path), what) == rows


def test_the_rows_behind_mentions_are_those_of_every_category(tmp_path: Path) -> None:
    outcome = sorted_out(tmp_path, basis=Basis.ALL)
    assert behind(outcome, "other") == [(2, "A", "2022/23", "other"), (6, "C", "2023/24", "other")]
    assert behind(outcome, "uncategorised") == [(9, "F", "2023/24", "uncategorised")]


def test_the_rows_behind_merged_records_are_the_first_ones(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, "rows_per_record: many")
    outcome = sorted_out(tmp_path, basis=Basis.ALL, profile=profile)
    assert behind(outcome, "vulnerability") == [(2, "A", "2022/23", "vulnerability")]
    assert behind(outcome, "merged") == [(3, "A", "", ""), (4, "A", "", "")]


def test_listed_rows_add_up_to_the_table_and_the_reconciliation(tmp_path: Path) -> None:
    outcome = sorted_out(tmp_path)
    codes = [*outcome.settled.run.scheme.scheme.codes, "uncategorised"]
    for code in codes:
        assert len(behind(outcome, code)) == sum(n for (*_, c), n in cells_of(outcome).items() if c == code)
    rows = outcome.report.reconciliation
    numbers = [rows.rejected, rows.duplicate, rows.out_of_period, rows.merged]
    assert [len(behind(outcome, fate)) for fate in lookup.FATES] == numbers


def test_what_cannot_be_listed_is_refused_with_what_can(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--list cannot list 'bananas'") as caught:
        lookup.listing(counted(written(tmp_path)), "bananas")
    assert caught.value.hint == "it lists labels, rejected, duplicate, out-of-period, merged, uncategorised or a code"


def test_a_listing_of_nothing_has_its_headers(tmp_path: Path) -> None:
    outcome = counted(written(tmp_path))
    headers = ("file", "sheet", "row", "reference", "year", "category_code")
    assert lookup.listing(outcome, "other") == (headers, [], "", "")
    assert lookup.listing(outcome, "labels") == (("label", "records", "code", "suggestion"), [], "", "")


def test_labels_that_give_no_category_are_listed_with_the_most_frequent_first(tmp_path: Path) -> None:
    labels = ["Banana", "", "Infiltraton", " Banana ", "access and/or disclosure of information", "Other", "13"]
    path = written(tmp_path, *(f"{i},2023-04-01,{label}" for i, label in enumerate(labels)), "x,soon,Banana")
    rows = lookup.listing(counted(path), "labels").rows
    assert rows == [
        ("Banana", 2, "unknown-label", ""),
        ("(blank)", 1, "blank-category", ""),
        ("13", 1, "number-not-in-scheme", ""),
        ("Infiltraton", 1, "unknown-label", "Infiltration"),
        (
            "access and/or disclosure of information",
            1,
            "ambiguous-label",
            "Disclosure of information or Misusing force systems",
        ),
    ]


def parted(outcome: Outcome) -> list[tuple[str, list[Sequence[str]], list[Sequence[str]], list[str]]]:
    parts = lookup.quarantine(outcome, pipeline.findings_of(outcome), Counter())
    return [(p.stem, list(p.valid), list(p.invalid), [f.code for f in p.findings]) for p in parts]


def test_rows_are_parted_into_sound_ones_and_those_to_mend_with_their_reasons(tmp_path: Path) -> None:
    ((stem, valid, invalid, codes),) = parted(sorted_out(tmp_path))
    header = HEADER.split(",")
    assert stem == "export"
    assert valid == [
        tuple(header),
        ["A", "2023-03-31", "Infiltration", "Other"],
        ["A", "2023-03-31", "Infiltration", "Other"],
        ["A", "2023-04-01", "Vulnerability", ""],
        ["E", "2020-04-01", "Other", ""],
    ]
    assert invalid == [
        ("cc_row", "cc_reasons", *header),
        ("5", "unreadable-date", "B", "soon", "Other", ""),
        ("6", "unknown-label", "C", "2023-04-01", "Banana", "Other"),
        ("7", "too-many-cells", "D", "2023-04-01", "Other", "x", "too many"),
        ("9", "blank-category", "F", "2023-04-01", "", ""),
    ]
    assert codes == [
        "duplicate",
        "conflicting-duplicate",
        "unreadable-date",
        "unknown-label",
        "too-many-cells",
        "blank-category",
    ]


def test_a_repeat_goes_where_the_row_goes_that_it_repeats(tmp_path: Path) -> None:
    rows = ["A,2023-04-01,Banana", "A,2023-04-01,Other", "B,2023-04-01,Other", "B,2023-04-01,Banana"]
    ((_, valid, invalid, _),) = parted(counted(written(tmp_path, *rows)))
    assert [row[0] for row in valid] == ["Ref", "B", "B"]
    assert [row[:3] for row in invalid[1:]] == [("2", "unknown-label", "A"), ("3", "conflicting-duplicate", "A")]


def test_every_row_goes_into_one_of_the_files_and_blank_ones_and_footers_into_none(tmp_path: Path) -> None:
    path = written(tmp_path, *ROWS, "", "Total,,8,", HEADER, header=f"A title\n{HEADER}")
    ((_, valid, invalid, _),) = parted(counted(path))
    assert len(valid) + len(invalid) == len(ROWS) + 2


def test_each_export_has_its_own_files_even_where_names_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    first = written(tmp_path, "A,soon,Other", "B,2023-04-01,Other")
    second = written(tmp_path / "b", "C,2023-04-01,Other", "D,soon,Other", name="EXPORT.csv")
    third = written(tmp_path, "E,2023-04-01,Other", name="export-2.csv")
    parts = parted(counted([first, second, third, first]))
    assert [stem for stem, *_ in parts] == ["export", "EXPORT-2", "export-2-2", "export-3"]
    assert [[row[0] for row in valid[1:]] for _, valid, _, _ in parts] == [["B"], ["C"], ["E"], ["B"]]
    assert [[row[2] for row in invalid[1:]] for _, _, invalid, _ in parts] == [["A"], ["D"], [], ["A"]]


def read_cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_cells(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize("many", ["one", "many"])
def test_what_was_set_apart_and_mended_counts_like_the_mended_whole(tmp_path: Path, many: str) -> None:
    profile = profile_of(tmp_path, f"rows_per_record: {many}")
    mend = {"soon": "2023-03-31", "Banana": "Theft and fraud", "": "Other"}

    def mended(rows: Sequence[Sequence[str]], *, of: int) -> list[list[str]]:
        """Put right the date and category of rows, and take off what was too many."""
        header, *others = rows
        start = len(header) - of
        cells = [
            [*row[:start], row[start], *(mend.get(c, c) for c in row[start + 1 : start + 3]), row[start + 3]]
            for row in others
        ]
        return [list(header), *cells]

    ((_, valid, invalid, _),) = parted(sorted_out(tmp_path, profile=profile))
    whole = write_cells(tmp_path / "whole.csv", mended(read_cells(tmp_path / "export.csv"), of=4))
    parts = [write_cells(tmp_path / "valid.csv", valid), write_cells(tmp_path / "invalid.csv", mended(invalid, of=4))]
    together, expected = counted(parts, profile=profile), counted(whole, profile=profile)
    assert fates(together) == fates(expected)
    assert cells_of(together) == cells_of(expected)
    assert fates(expected)["rows_read"] == len(ROWS)
    assert "rejected" not in fates(expected)


def test_what_was_set_apart_and_not_mended_still_counts_like_the_whole(tmp_path: Path) -> None:
    outcome = sorted_out(tmp_path)
    ((_, valid, invalid, _),) = parted(outcome)
    parts = [write_cells(tmp_path / "valid.csv", valid), write_cells(tmp_path / "invalid.csv", invalid)]
    together = counted(parts, periods=("2022/23", "2023/24"))
    assert (fates(together), cells_of(together)) == (fates(outcome), cells_of(outcome))
