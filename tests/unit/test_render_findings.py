"""Findings are grouped for a person, and one a row for a program."""

from __future__ import annotations

import pytest
from render_builders import TEXTS, found, render_findings, report

from cc_categorise.figures import Reconciliation
from cc_categorise.findings import Finding
from cc_categorise.options import Format
from cc_categorise.render.wording import reconciliation_line

FATES = Reconciliation(rows_read=20, counted=17, rejected=2, duplicate=1, uncategorised=7)
LINE = (
    "rows read 20 = 17 counted + 2 rejected + 1 duplicate + 0 out of period + 0 merged;"
    " 7 of those counted are uncategorised"
)
SCOPE = "Category scheme national-12, edition 2022-11; as at 29 February 2024"
FOUND = [
    *found("duplicate", 30),
    *found("missing-date", 2, 3, file="b.xlsx", sheet="Data"),
    *found("unknown-label", 12, 15, 19, detail="Did you mean “Other”?"),
    *found("unknown-label", 22, 23),
    *found("unknown-label", 24, file="b.csv", detail="Did you mean “Vulnerability”?"),
    *found("unreadable-other-date", 5, 5),
    *found("no-reference-column", None),
]


def test_a_person_sees_each_kind_of_finding_once_errors_first() -> None:
    assert render_findings(FOUND, report(reconciliation=FATES), Format.TABLE) == (
        f"""\
Findings: 2 kinds of error, 3 kinds of warning.
{SCOPE}

error unknown-label: 6 rows
  where      export.csv row 12, 15, 19, 22, 23 …
  meaning    The recorded label is not known to the category scheme.
  most often Did you mean “Other”? (3 times); Did you mean “Vulnerability”?
  to mend    Correct the label, or map it in the crosswalk of a profile. List the labels: check
             --list labels.

error missing-date: 2 rows
  where      b.xlsx, sheet Data, row 2, 3
  meaning    The date that is counted by is blank.
  to mend    Fill it in, or count by another date with --count-by.

warning unreadable-other-date: 1 row, 2 findings
  where      export.csv row 5
  meaning    A date that is not counted by cannot be read.
  to mend    Correct it; the count does not depend on it.

warning duplicate: 1 row
  where      export.csv row 30
  meaning    The row repeats an earlier row of the same reference, cell for cell, and is not counted
             again.
  to mend    Nothing to do; remove it from the export if it should not be there.

warning no-reference-column: 1 file
  where      export.csv
  meaning    No column holds references, so duplicates cannot be found.
  to mend    Name the column with --map reference=Header.

{LINE}
"""
    )


def test_markdown_has_the_same_groups_as_a_table() -> None:
    text = render_findings(found("missing-date", 2, file="a|b.csv"), report(reconciliation=FATES), Format.MARKDOWN)
    assert text == (
        f"""\
**Findings: 1 kind of error, 0 kinds of warning.**

{SCOPE}

| Severity | Code | How many | Where | What it means | How to mend it |
| --- | --- | --- | --- | --- | --- |
| error | missing-date | 1 row | a\\|b.csv row 2 | The date that is counted by is blank."""
        f""" | Fill it in, or count by another date with --count-by. |

{LINE}
"""
    )


@pytest.mark.parametrize("fmt", [Format.TABLE, Format.MARKDOWN])
def test_that_nothing_was_found_is_said(fmt: Format) -> None:
    text = render_findings([], report(reconciliation=FATES), fmt)
    assert "No findings: nothing is wrong with any row." in text
    assert text.endswith(f"\n\n{LINE}\n")
    assert "---" not in text


def test_csv_has_one_row_a_finding_with_the_near_miss_in_the_message() -> None:
    some = [
        Finding("=a.csv", 4, "missing-date", reference="-R1", field="received_on"),
        *found("no-reference-column", None, detail="Did you mean “Ref”?"),
    ]
    assert render_findings(some, report(), Format.CSV) == (
        "file,sheet,row,reference,field,code,severity,message,hint\n"
        "'=a.csv,,4,'-R1,received_on,missing-date,error,The date that is counted by is blank.,"
        '"Fill it in, or count by another date with --count-by."\n'
        "export.csv,,,,,no-reference-column,warning,"
        '"No column holds references, so duplicates cannot be found. Did you mean “Ref”?",'
        "Name the column with --map reference=Header.\n"
    )


def test_only_the_most_frequent_details_are_shown() -> None:
    some = [finding for n in range(5) for finding in found("unknown-label", *range(2, 8 - n), detail=f"near {n}")]
    text = render_findings(some, report(), Format.TABLE)
    assert "most often near 0 (6 times); near 1 (5 times); near 2 (4 times); and 2 more\n" in text


def test_a_file_name_cannot_steer_the_terminal_and_colour_is_only_for_a_table() -> None:
    some = found("missing-date", 2, file="a\x1b[2J.csv")
    for fmt in TEXTS:
        assert "\x1b" not in render_findings(some, report(), fmt)
        assert ("\x1b[1m\x1b[31merror\x1b[0m" in render_findings(some, report(), fmt, colour=True)) == (
            fmt is Format.TABLE
        )


@pytest.mark.parametrize(("n", "verb"), [(0, "are"), (1, "is"), (2, "are")])
def test_where_every_row_went_is_one_sentence_in_english(n: int, verb: str) -> None:
    line = reconciliation_line(Reconciliation(rows_read=5000, counted=4990, merged=10, uncategorised=n))
    assert line == (
        "rows read 5,000 = 4,990 counted + 0 rejected + 0 duplicate + 0 out of period + 10 merged;"
        f" {n} of those counted {verb} uncategorised"
    )
