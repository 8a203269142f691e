"""The catalogue of findings: everything that can be wrong with a row, each with a stable code.

A finding is data.  Takes nothing, returns rules; docs/errors.md is printed from here.  Knows nothing of how
a finding is found or shown.  No sentence here quotes a cell.
"""

# Not postponed: each annotation would be compiled once more at every start.

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """What a finding does to a run's exit code."""

    ERROR = "error"
    """The row is rejected, or its record is uncategorised: the program exits with 3."""
    WARNING = "warning"
    """Worth a look; the exit code stays as it is."""


class FindingRule(NamedTuple):
    """One kind of finding."""

    code: str  # stable name, in files and scripts
    severity: Severity  # see `Severity`
    effect: str  # what becomes of the row: ``rejected``, ``uncategorised``, ``duplicate`` or ``kept``
    message: str  # what is wrong, as a sentence without the cell's text
    hint: str  # how to mend it


def _rules(effect: str, catalogue: str) -> dict[str, FindingRule]:
    """Make the rules of one effect: three lines each, for code, message and hint."""
    severity = Severity.ERROR if effect in ("rejected", "uncategorised") else Severity.WARNING
    lines = [line.strip() for line in catalogue.strip().splitlines()]
    rules = zip(lines[::3], lines[1::3], lines[2::3], strict=True)
    return {code: FindingRule(code, severity, effect, message, hint) for code, message, hint in rules}


_REJECTED = """
too-many-cells
    The row has more filled cells than the header, so its values may stand in the wrong columns.
    Put quotes around a cell that holds the delimiter, or remove the extra cells.
unbalanced-quote
    A quote is opened and never closed, so the row's cells cannot be told apart.
    Close the quote, or double it if it belongs to the text.
not-an-object
    The line or item is not a JSON object, so it has no fields.
    Look at the line; it may have been cut off.
repeated-key
    The JSON object has one key twice, so one of its values would be lost.
    Keep one of the two.
missing-date
    The date that is counted by is blank.
    Fill it in, or count by another date with --count-by.
unreadable-date
    The date is not written in a form that can be read without guessing.
    Unless a profile names other forms, write 2023-04-03, 03/04/2023 or 3 Apr 2023.
impossible-date
    The date is well formed, but there is no such day or time.
    Look the day up in the case system and correct it.
two-digit-year
    The year has two digits, so its century would be a guess.
    Write the year with four digits, or name the format in a profile.
number-as-date
    A bare number stands where a date belongs.
    Format the column as a date before exporting it.
date-after-as-at
    The date lies after the as-at date of this run.
    Correct the date, or give the day of the export with --as-at.
date-too-early
    The date lies before the earliest year that is expected.
    Correct the date, or set earliest_year in a profile.
"""
_UNCATEGORISED = """
blank-category
    No category is recorded.
    Record one of the categories; leave nothing to a guess.
unknown-label
    The recorded label is not known to the category scheme.
    Correct the label, or map it in the crosswalk of a profile. List the labels: check --list labels.
ambiguous-label
    The recorded label fits more than one category, so no machine can choose.
    Read the record, or let a named person decide in the crosswalk of a profile.
label-needs-reading
    The recorded label is known and does not say which category: the record has to be read.
    Read the record and record a category.
label-out-of-scope
    The recorded label is known and is not corruption intelligence by itself.
    Check that the record belongs in this export; read it if it does.
number-not-in-scheme
    The recorded label is or begins with a number that no category has.
    Correct the number.
number-contradicts-title
    The number at the head of the label belongs to another category than its words.
    Correct one or the other.
"""
_DUPLICATE = """
duplicate
    The row repeats an earlier row of the same reference, cell for cell, and is not counted again.
    Nothing to do; remove it from the export if it should not be there.
conflicting-duplicate
    The row has the reference of an earlier row and differs from it; the first is counted.
    Find out which is right. If rows of one reference are one record, say rows_per_record: many.
"""
_KEPT = """
blank-reference
    The row has no reference, so it cannot be recognised if it comes twice.
    Fill in the reference.
no-reference-column
    No column holds references, so duplicates cannot be found.
    Name the column with --map reference=Header.
too-few-cells
    The row has fewer cells than the header; the missing ones are taken as blank.
    Look for a line break in the middle of the row.
stray-quote
    A quote that is never closed was taken as part of the text, and the row has the right number of cells.
    Double the quote if it belongs to the text, or remove it.
row-within-quotes
    A quoted cell holds a whole line that looks like a row of its own; it is not counted as one.
    If a quote was left open here, close it: a row may be hidden inside this one.
error-cell
    A cell of the workbook shows an error such as #N/A; it is taken as blank.
    Mend the formula, or write the value in.
nul-character
    A cell holds NUL characters; they are ignored.
    Export the file again; it may have been damaged.
unreadable-other-date
    A date that is not counted by cannot be read.
    Correct it; the count does not depend on it.
unknown-further-label
    A further category cannot be read and is left out.
    Correct the label, or map it in the crosswalk of a profile.
dates-differ-within-record
    Rows of one record give dates in different periods; the first row's date is counted.
    Correct the date of the later rows.
duplicate-header
    Two columns have the same header.
    Rename one of them, so that each can be named.
same-file-twice
    The same file, byte for byte, was given before in this run.
    Leave one out: its rows are counted as duplicates where they have references, and twice where not.
"""

FINDINGS: dict[str, FindingRule] = {
    **_rules("rejected", _REJECTED),
    **_rules("uncategorised", _UNCATEGORISED),
    **_rules("duplicate", _DUPLICATE),
    **_rules("kept", _KEPT),
}

OF_A_CELL = frozenset({"error-cell", "nul-character"})
"""Codes of rows whose cells stand in their places; where a row's shape is wrong, a reference may be other text."""


class Finding(NamedTuple):
    """One thing that is wrong with one row, without the row's text.

    Attributes:
        file: Name of the export, as it was given.
        sheet: Sheet of a workbook, else empty.
        row: Row number as a spreadsheet shows it, the header counted; None where the whole file is meant.
        reference: The record's own reference, else empty.
        field: Name of the field, else empty.
        code: Key of `FINDINGS`.
        detail: Candidates or the near miss among the scheme's titles; never text of the export.
    """

    file: str
    row: int | None
    code: str
    sheet: str = ""
    reference: str = ""
    field: str = ""
    detail: str = ""

    @property
    def rule(self) -> FindingRule:
        """The catalogue's entry."""
        return FINDINGS[self.code]
