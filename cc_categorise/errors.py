"""Every error this package raises on purpose, and the number each leaves the program with.

Each is in docs/errors.md, with what mends it.  Knows nothing of anything else in the package.  A record that fails a
check is not an error: it is a `findings.Finding`, and the run goes on.  No message ever quotes a cell of an export.
"""

from __future__ import annotations

from typing import ClassVar

EXIT_CLEAN = 0
EXIT_USAGE = 2
EXIT_FINDINGS = 3
EXIT_INPUT = 4
EXIT_OUTPUT = 5
EXIT_INTERRUPTED = 130


class CategoriseError(Exception):
    """A run cannot go on, for a reason that a person can mend.

    Attributes:
        message: What is wrong, in one sentence.
        where: File, line, row or key, as far as known; else empty.
        hint: What to do next; else empty.
        code: Stable name of the kind of error, with an entry in docs/errors.md.
        exit_code: What the program exits with.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = EXIT_INPUT

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message = message
        self.where = where
        self.hint = hint
        super().__init__(message)

    def __str__(self) -> str:
        """Two lines: where and what with the code, then the hint."""
        text = f"{self.where}: {self.message}" if self.where else self.message
        text += f" [{self.code}]"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class UsageError(CategoriseError):
    """An option is given a value it cannot take, or options contradict each other.

    Cure: read the hint, or the command's ``--help``.
    """

    code = "usage"
    exit_code = EXIT_USAGE


class SchemeError(CategoriseError):
    """The category scheme file is not valid YAML, has a duplicate key, or breaks a rule of the format.

    Cure: mend the named line, then run ``cc-categorise categories check FILE``.
    """

    code = "scheme"


class ProfileError(CategoriseError):
    """The column profile is not valid YAML, has a duplicate key, or breaks a rule of the format.

    Cure: mend the named line; docs/profiles.md lists every key.
    """

    code = "profile"


class CrosswalkError(CategoriseError):
    """The crosswalk is not valid YAML, breaks a rule of the format, or is for another scheme.

    Cure: mend the named line, then run ``cc-categorise categories crosswalk check FILE``.
    """

    code = "crosswalk"


class PolicyError(CategoriseError):
    """The disclosure policy is not valid YAML, has a duplicate key, or breaks a rule of the format.

    Cure: mend the named line; docs/disclosure.md lists every key.
    """

    code = "policy"


class ReadError(CategoriseError):
    """The operating system would not let the export be read.

    Cure: close it in other programs, check its permissions, or copy it elsewhere.
    """

    code = "unreadable-file"


class MissingFileError(ReadError):
    """No file stands at the path, or a folder or pattern holds no export.

    Cure: check the spelling; put quotes around a path with spaces.
    """

    code = "missing-file"


class EmptyFileError(ReadError):
    """The export holds no bytes, or nothing but blank lines.

    Cure: export it again; an export without records still has its header row.
    """

    code = "empty-file"


class UnknownFormatError(ReadError):
    """The file's ending is not one that can be read.

    Cure: save the export as CSV.
    """

    code = "unknown-format"


class EncodingError(ReadError):
    """The export's bytes cannot be turned into text without losing some.

    Cure: name the encoding with ``--encoding``, or export it again as UTF-8.
    """

    code = "encoding"


class DelimiterError(ReadError):
    """The delimiter of a profile is not one single character; that of ``--delimiter`` is an error of usage.

    Cure: ``delimiter: ';'``, or ``delimiter: tab``.
    """

    code = "delimiter"


class HeaderError(ReadError):
    """No row near the top of the export holds the header of any field.

    Cure: add a header row, name the columns with ``--map``, or give ``header_row`` in a profile.
    """

    code = "no-header"


class SheetError(ReadError):
    """The sheet named is not in the workbook, or two sheets look equally like the export.

    Cure: name one with ``--sheet``; the message lists them.
    """

    code = "sheet"


class WorkbookError(ReadError):
    """The workbook is damaged, protected by a password, or no workbook.

    Cure: open it, take the password off, and save it again as .xlsx; or export it as CSV.
    """

    code = "workbook"


class JsonError(ReadError):
    """The file is not JSON, or holds no one array of objects.

    Cure: export an array of objects, an object that holds one, or JSON Lines.
    """

    code = "json"


class ParquetError(ReadError):
    """The file is damaged or not Parquet.

    Cure: export it again.
    """

    code = "parquet"


class DatabaseError(ReadError):
    """The database cannot be reached, or refuses the query.

    Cure: try the query in the database's own program; the reading is read-only.
    """

    code = "database"


class UnsafeFileError(ReadError):
    """The file would unpack to far more than any real export.

    Cure: unpack it by hand, look at it, and give the unpacked file.
    """

    code = "unsafe-file"


class ColumnError(CategoriseError):
    """The export's columns do not give the fields that are needed.

    Cure: name the column with ``--map field=Header``, or in a profile.
    """

    code = "columns"


class MissingColumnError(ColumnError):
    """No column matches a field that is needed, or a header that was named is not there.

    Cure: name the column with ``--map field=Header``; header matching ignores case, spaces and punctuation.
    """

    code = "missing-column"


class AmbiguousColumnError(ColumnError):
    """Two columns match one field that is used.

    Cure: say which with ``--map field=Header``, or rename one of two columns of the same name.
    """

    code = "ambiguous-column"


class WorkforceError(CategoriseError):
    """The file of workforce figures cannot be read, lacks a column, or has a row that cannot be used.

    Cure: give a CSV file with year, workforce, measure and as_at; and force, where a row is of one force.
    """

    code = "workforce"


class TallyError(CategoriseError):
    """A file to compare is not what ``count`` writes, or the two are not counts of one kind.

    Cure: give two counts with the same ``--year`` and ``--basis``, as JSON or CSV, two releases, or two exports.
    """

    code = "tally"


class ReleaseError(CategoriseError):
    """A folder holds no release, a file in it is not what the manifest says, or the exports give another one.

    Cure: take the release from where it was signed off; or make it again, and compare.
    """

    code = "release"


class DecisionsError(CategoriseError):
    """A file of decisions cannot be read, or a line of it is no decision about a record.

    Cure: mend or remove the named line; ``cc-categorise schema decision`` says what a line holds.
    """

    code = "decisions"


class PhrasesError(CategoriseError):
    """A file of indicator phrases is not valid YAML, or breaks a rule of the format.

    Cure: mend the named line; docs/how-to/learn.md shows the format.
    """

    code = "phrases"


class ModelError(CategoriseError):
    """The model file is no model, was damaged, or was made for another version of the program.

    Cure: learn it again with ``cc-categorise learn``, or leave ``--model`` out.
    """

    code = "model"


class LearnError(CategoriseError):
    """There are too few records with a category and a text to learn from, or to measure by.

    Cure: give more exports; the message says how many records are missing, and in which categories.
    """

    code = "too-few-records"


class MissingExtraError(CategoriseError):
    """A part of the program that this needs is not installed.

    Cure: run the install command that the hint gives.
    """

    code = "missing-extra"

    @classmethod
    def named(cls, extra: str, *, where: str) -> MissingExtraError:
        """Name the extra, and how it is installed."""
        return cls(f"this needs the extra [{extra}]", where=where, hint=f"pip install 'cc-categorise[{extra}]'")


class DisclosureError(CategoriseError):
    """A reader of the release could tell a small count, so nothing was written.

    Cure: allow repair in the policy, leave out the table that links the cells, or merge years or categories.
    """

    code = "disclosure"
    exit_code = EXIT_OUTPUT


class WorkerError(CategoriseError):
    """A process that read a part of a large file ended before its work was done.

    Cure: free memory, or let one process read it all with ``--workers 1``.
    """

    code = "worker"


class OutputError(CategoriseError):
    """A result could not be written; nothing is left half written.

    Cure: check the folder, its permissions and the free space.
    """

    code = "output"
    exit_code = EXIT_OUTPUT
