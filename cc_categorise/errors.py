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
        hint: What to do next; the cure of its kind, where nothing better is known of this one.
        code: Stable name of the kind of error, with an entry in docs/errors.md.
        cure: What mends an error of this kind.
        exit_code: What the program exits with.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = EXIT_INPUT
    cure: ClassVar[str] = ""

    def __init_subclass__(cls, *, code: str = "", exit_code: int = 0) -> None:
        """Take the code and the exit code of a kind of error from the head of its class; else they are inherited."""
        super().__init_subclass__()
        cls.code, cls.exit_code = code or cls.code, exit_code or cls.exit_code

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message, self.where, self.hint = message, where, hint or self.cure
        super().__init__(message)

    def __str__(self) -> str:
        """Two lines: where and what with the code, then the hint."""
        text = f"{self.where}: {self.message}" if self.where else self.message
        text += f" [{self.code}]"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class UsageError(CategoriseError, code="usage", exit_code=EXIT_USAGE):
    """An option is given a value it cannot take, or options contradict each other."""

    cure = "see the command's --help"


class SchemeError(CategoriseError, code="scheme"):
    """The category scheme file is not valid YAML, has a duplicate key, or breaks a rule of the format."""

    cure = "mend the named line, then run cc-categorise categories check FILE"


class ProfileError(CategoriseError, code="profile"):
    """The column profile is not valid YAML, has a duplicate key, or breaks a rule of the format."""

    cure = "mend the named line; docs/profiles.md lists every key"


class CrosswalkError(CategoriseError, code="crosswalk"):
    """The crosswalk is not valid YAML, breaks a rule of the format, or is for another scheme."""

    cure = "mend the named line, then run cc-categorise categories crosswalk check FILE"


class PolicyError(CategoriseError, code="policy"):
    """The disclosure policy is not valid YAML, has a duplicate key, or breaks a rule of the format."""

    cure = "mend the named line; docs/disclosure.md lists every key"


class ReadError(CategoriseError, code="unreadable-file"):
    """The operating system would not let the export be read."""

    cure = "close it in other programs, check its permissions, or copy it elsewhere"


class MissingFileError(ReadError, code="missing-file"):
    """No file stands at the path, or a folder or pattern holds no export."""

    cure = "check the spelling; put quotes around a path with spaces"


class EmptyFileError(ReadError, code="empty-file"):
    """The export holds no bytes, or nothing but blank lines."""

    cure = "export it again; an export without records still has its header row"


class UnknownFormatError(ReadError, code="unknown-format"):
    """The file's ending is not one that can be read."""

    cure = "save the export as CSV"


class EncodingError(ReadError, code="encoding"):
    """The export's bytes cannot be turned into text without losing some."""

    cure = "name the encoding with --encoding, or export it again as UTF-8"


class DelimiterError(ReadError, code="delimiter"):
    """The delimiter of a profile is not one single character; that of ``--delimiter`` is an error of usage."""

    cure = "give one character, such as ';', or tab"


class HeaderError(ReadError, code="no-header"):
    """No row near the top of the export holds the header of any field."""

    cure = "add a header row, name its columns with --map field=Header, or give header_row in a profile"


class SheetError(ReadError, code="sheet"):
    """The sheet named is not in the workbook, or two sheets look equally like the export."""

    cure = "name one with --sheet"


class WorkbookError(ReadError, code="workbook"):
    """The workbook is damaged, protected by a password, or no workbook."""

    cure = "open it, take the password off if it has one, and save it again as .xlsx; or export it as CSV"


class JsonError(ReadError, code="json"):
    """The file is not JSON, or holds no one array of objects."""

    cure = "export an array of objects, an object holding one array of objects, or JSON Lines"


class ParquetError(ReadError, code="parquet"):
    """The file is damaged or not Parquet."""

    cure = "export it again"


class DatabaseError(ReadError, code="database"):
    """The database cannot be reached, or refuses the query."""

    cure = "try the query in the database's own program; the reading is read-only"


class UnsafeFileError(ReadError, code="unsafe-file"):
    """The file would unpack to far more than any real export."""

    cure = "unpack it by hand, look at it, and give the unpacked file"


class ColumnError(CategoriseError, code="columns"):
    """The export's columns do not give the fields that are needed."""

    cure = "name the column with --map field=Header, or in a profile"


class MissingColumnError(ColumnError, code="missing-column"):
    """No column matches a field that is needed, or a header that was named is not there."""

    cure = "name the column with --map field=Header; header matching ignores case, spaces and punctuation"


class AmbiguousColumnError(ColumnError, code="ambiguous-column"):
    """Two columns match one field that is used."""

    cure = "say which with --map field=Header, or rename one of two columns of the same name"


class WorkforceError(CategoriseError, code="workforce"):
    """The file of workforce figures cannot be read, lacks a column, or has a row that cannot be used."""

    cure = "give CSV, UTF-8: year, workforce, measure (FTE or headcount), as_at, and force where a row is of one"


class TallyError(CategoriseError, code="tally"):
    """A file to compare is not what ``count`` writes, or the two are not counts of one kind."""

    cure = "give what count -f json or -f csv wrote, a release, or an export: two with the same --year and --basis"


class ReleaseError(CategoriseError, code="release"):
    """A folder holds no release, a file in it is not what the manifest says, or the exports give another one."""

    cure = "take the release from where it was signed off; or make it again, and compare"


class DecisionsError(CategoriseError, code="decisions"):
    """A file of decisions cannot be read, or a line of it is no decision about a record."""

    cure = "mend or remove the named line; cc-categorise schema decision says what a line holds"


class PhrasesError(CategoriseError, code="phrases"):
    """A file of indicator phrases is not valid YAML, or breaks a rule of the format."""

    cure = "mend the named line; docs/how-to/learn.md shows the format"


class ModelError(CategoriseError, code="model"):
    """The model file is no model, was damaged, or was made for another version of the program."""

    cure = "learn it again with cc-categorise learn, or leave --model out"


class LearnError(CategoriseError, code="too-few-records"):
    """There are too few records with a category and a text to learn from, or to measure by."""

    cure = "give more exports; the message says how many records are missing, and in which categories"


class MissingExtraError(CategoriseError, code="missing-extra"):
    """A part of the program that this needs is not installed."""

    cure = "install the extra that the message names: pip install 'cc-categorise[NAME]'"

    @classmethod
    def named(cls, extra: str, *, where: str) -> MissingExtraError:
        """Name the extra, and how it is installed."""
        return cls(f"this needs the extra [{extra}]", where=where, hint=f"pip install 'cc-categorise[{extra}]'")


class DisclosureError(CategoriseError, code="disclosure", exit_code=EXIT_OUTPUT):
    """A reader of the release could tell a small count, so nothing was written."""

    cure = "allow repair, merge years or categories, or leave out a table; --explore lists what each costs"


class WorkerError(CategoriseError, code="worker"):
    """A process that read a part of a large file ended before its work was done."""

    cure = "free memory, or let one process read it all with --workers 1"


class OutputError(CategoriseError, code="output", exit_code=EXIT_OUTPUT):
    """A result could not be written; nothing is left half written."""

    cure = "check the folder, its permissions and the free space"
