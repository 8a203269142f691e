"""What a person may choose for a run: enums, and the one frozen object that carries the choices.

Takes nothing and imports nothing heavy, so that ``--help`` stays quick.  Knows nothing of records, files,
or how a choice is typed on a command line.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cc_categorise.errors import UsageError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


OFFICIAL, SENSITIVE = "OFFICIAL", "OFFICIAL-SENSITIVE"
"""Handling markings: of what may be published, and of anything exact or about single records."""


def marking_of(text: str) -> str:
    """Check a handling marking, which has to stand in pages and, shortened, in the names of files.

    Raises:
        UsageError: It holds a character that one of them cannot, or is too long.

    Source:
        Government Security Classifications Policy, 2024: OFFICIAL, and the marking -SENSITIVE within it.
    """
    marking = text.strip()
    if not re.fullmatch(r"(?=.*[A-Za-z0-9])[\w ,.:/()-]{1,60}", marking, re.ASCII):
        raise UsageError("--marking takes letters, digits and - / : , . ( ) up to 60", hint=f"for example {SENSITIVE}")
    return marking


class YearBasis(StrEnum):
    """How time is cut into the columns of a table."""

    FINANCIAL = "financial"
    CALENDAR = "calendar"
    QUARTER = "quarter"
    MONTH = "month"


class CountBy(StrEnum):
    """Which date decides the year a record counts in."""

    RECEIVED = "received"
    RECORDED = "recorded"
    OCCURRED = "occurred"
    CLOSED = "closed"


class Basis(StrEnum):
    """What is counted: each record once, or each category that a record has."""

    PRIMARY = "primary"
    ALL = "all"


class Format(StrEnum):
    """How a result is laid out."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    XLSX = "xlsx"
    ODS = "ods"


class Layout(StrEnum):
    """One row per count, or one column per year."""

    LONG = "long"
    WIDE = "wide"


class Allowance(NamedTuple):
    """How many rows may be rejected or uncategorised before a run exits with findings."""

    rows: int = 0
    percent: float | None = None

    @classmethod
    def parse(cls, text: str) -> Allowance:
        """Read ``12`` or ``1.5%``.

        Raises:
            UsageError: The text is neither a whole number nor a percentage from 0 to 100.
        """
        match = re.fullmatch(r"(?:([0-9]+)|([0-9]+(?:\.[0-9]+)?) ?%)", text.strip())
        if match is None or (match[2] and float(match[2]) > 100):  # noqa: PLR2004 - a per cent
            hint = "for example --allow-rejects 20, or --allow-rejects 1.5%"
            raise UsageError("--allow-rejects takes a whole number of rows, or a percentage", hint=hint)
        return cls(rows=int(match[1])) if match[1] else cls(percent=float(match[2]))

    def covers(self, n_rows: int, *, of: int) -> bool:
        """Say whether ``n_rows`` rows, out of ``of`` read, are still allowed."""
        if self.percent is None:
            return n_rows <= self.rows
        from fractions import Fraction  # noqa: PLC0415 - start-up time

        # repr gives the percentage as it was typed: in binary, 0.57 of 10,000 is a little under 57.
        return Fraction(n_rows * 100) <= Fraction(repr(self.percent)) * of


class RunOptions(NamedTuple):
    """Every choice of one run, made once at the door.

    A choice left at None is made by the profile, else by the default that DESIGN calls for.
    """

    scheme: Path | None = None  # category scheme file; None is the one that is shipped
    profile: Path | None = None  # column profile file
    profile_map: tuple[str, ...] = ()  # profiles of single exports, see `profile.load_profile_map`
    columns: tuple[tuple[str, str], ...] = ()  # pairs of field and header that replace the field's synonyms
    encoding: str | None = None  # codec of text exports; None is found out from the bytes
    delimiter: str | None = None  # cell separator of text exports; None is told from the header line
    sheet: str | None = None  # sheet of a workbook; None is the one whose header matches
    from_db: str | None = None  # address of a database to query, besides any files
    query: str | None = None  # SQL, or ``@`` and the name of a file that holds it
    decisions: Path | None = None  # file of what people decided about single records, see `decisions`
    count_by: CountBy | None = None  # the date that decides the year; None is received, else recorded
    year: YearBasis | None = None  # how time is cut into columns; None is financial
    start: date | None = None  # first day that counts
    end: date | None = None  # last day that counts
    periods: tuple[str, ...] = ()  # names of the only years, quarters or months that count
    as_at: date | None = None  # the day the export was taken; dates after it are rejected
    by: tuple[str, ...] = ()  # further breakdowns, field names or headers, in order
    basis: Basis = Basis.PRIMARY  # count records, or every category of each record
    allowance: Allowance = Allowance()  # rows that may fail before the run exits with findings
    workers: int | None = 1  # the most processes that may read large files; None is one a core


class ReleaseOptions(NamedTuple):
    """What a release is made of, besides a run."""

    years_back: int = 4  # years before the period that are shown too, as far back as the export holds records
    policy: Path | None = None  # disclosure policy file; None is the one that is shipped
    published: tuple[Path, ...] = ()  # folders of earlier releases
    workforce: Path | None = None  # file of denominators; None gives no rates
    per: int = 1000  # rates are for each so many of the workforce
    marking: str | None = None  # handling marking; None is OFFICIAL, and OFFICIAL-SENSITIVE for exact counts
    repair: bool = True  # suppress further cells where the audit fails, if the policy does not forbid it


class TextOptions(NamedTuple):
    """How the text of records is read, and what of it may be shown."""

    phrases: Path | None = None  # indicator phrases of a force's own, besides those that are shipped
    model: Path | None = None  # a model learnt from a force's own records, in place of the one that is shipped
    vectors: bool | None = None  # whether sentence vectors are used; None is whenever they are installed
    review_below: float | None = None  # confidence below which a person has to look; None is what the model calls for
    show_text: bool = False  # whether record text may be in the output


class OutputOptions(NamedTuple):
    """How a result is given to the person."""

    format: Format | None = None  # layout of the result; None follows the ending of ``output``, else the command
    layout: Layout | None = None  # long or wide; None is each format's own default
    output: Path | None = None  # file to write; None is standard output
    quiet: bool = False  # say nothing on standard error but errors
    verbose: bool = False  # say more on standard error
    no_progress: bool = False  # draw no progress bar
    marking: str = ""  # handling marking of an HTML page; empty for none

    def format_or(self, default: Format) -> Format:
        """Give the format asked for, else that of the output file's ending, else the default.

        Raises:
            UsageError: The ending is none that says a format, or a workbook is to go to standard output.
        """
        if self.format is not None or self.output is None:
            chosen = self.format or default
            if chosen in WORKBOOKS and self.output is None:
                raise UsageError("a workbook goes to a file", hint=f"name it with --output FILE.{chosen}")
            return chosen
        suffix = self.output.suffix.lower()
        if suffix not in FORMAT_OF_SUFFIX:
            hint = "end it in " + ", ".join(FORMAT_OF_SUFFIX) + ", or give --format"
            raise UsageError("--output: the file's ending does not say a format", hint=hint)
        return FORMAT_OF_SUFFIX[suffix]


WORKBOOKS = (Format.XLSX, Format.ODS)

FORMAT_OF_SUFFIX = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".md": Format.MARKDOWN,
    ".html": Format.HTML,
    ".txt": Format.TABLE,
    ".xlsx": Format.XLSX,
    ".ods": Format.ODS,
}
