"""What a release says of itself, and what stays with the force; a release read back and held against that.

The forms of manifest.json and run.json; and what a folder holds, of which nothing is read that the manifest does not
name.  Knows nothing of how a release is made or audited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, ValidationError

from cc_categorise.disclosure.tables import ProtectedTable, Refusal, Terms
from cc_categorise.errors import ReleaseError
from cc_categorise.figures import CrosswalkMark
from cc_categorise.model import Strict
from cc_categorise.options import CountBy, RunOptions, YearBasis
from cc_categorise.release.counts import cells_of_csv

MANIFEST, RECORD = "manifest.json", "run.json"

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+\.[a-z]+$", max_length=120)]
Text = Annotated[str, StringConstraints(min_length=1)]


def digest(content: bytes) -> str:
    """Give the SHA-256 of bytes, in 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


class SchemeMark(Strict):
    """Which category scheme was used."""

    id: Text
    edition: Text
    sha256: Sha256


class PolicyMark(Strict):
    """What a reader may know of the disclosure policy.

    Attributes:
        sha256: Digest of the policy file.
        method: suppress, round or none.
        threshold: Counts from 1 up to one less are small.
        candidates: How many values a reader is left with, at least, for every suppressed or small count.
        accept_published: Whether counts that earlier releases give away are left out of that.
    """

    sha256: Sha256
    method: Literal["suppress", "round", "none"]
    threshold: int
    candidates: int
    accept_published: bool = False


class Choices(Strict):
    """The options that the release was made with; names of files are left out.

    Attributes:
        periods: Names of the periods shown.
        as_at: The day the export was taken.
        year: How time is cut.
        count_by: The date that decides the year; None: the profile's, else received, else recorded.
        start: First day that counts.
        end: Last day that counts.
        by: Breakdowns.
        columns: Pairs of field and header.
        encoding: Codec of text exports.
        delimiter: Cell separator of text exports.
        sheet: Sheet of a workbook.
        per: Rates are for each so many of the workforce.
        repair: Whether further cells might be suppressed.
    """

    periods: tuple[str, ...]
    as_at: date
    year: YearBasis | None = None
    count_by: CountBy | None = None
    start: date | None = None
    end: date | None = None
    by: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    per: int
    repair: bool

    @classmethod
    def of(cls, options: RunOptions, **others: object) -> Self:
        """Take the options of a run."""
        return cls.model_validate({**_shared(options), **others})

    def run_options(self, **files: Any) -> RunOptions:  # noqa: ANN401 - attributes of RunOptions
        """Give the options of the same run, with the files named that it needs."""
        return RunOptions(**_shared(self), **files)


def _shared(options: RunOptions | Choices) -> dict[str, Any]:
    """Give what a run and its manifest both hold."""
    return {name: getattr(options, name) for name in Choices.model_fields.keys() & {*RunOptions._fields}}


class TableMark(Strict):
    """One protected table.

    Attributes:
        name: Its name.
        file: The CSV file that holds it.
        dimensions: Breakdowns, year and category.
        scope: What holds for the whole table.
        terms: What the legend tells.
        refusal: Why it comes out without numbers; None where it has them.
    """

    name: Text
    file: FileName
    dimensions: tuple[str, ...]
    scope: tuple[tuple[str, str], ...]
    terms: Terms
    refusal: Refusal | None = None

    @classmethod
    def of(cls, table: ProtectedTable, file: str) -> Self:
        """Describe a table."""
        shared = cls.model_fields.keys() - {"file"}
        return cls(file=file, **{name: getattr(table, name) for name in shared})


class AuditMark(Strict):
    """What the audit found; every figure can be counted in the tables.

    Attributes:
        passed: Whether every suppressed cell keeps as many values as the policy asks.
        cells: Cells of all tables.
        suppressed: How many of them are suppressed.
        earlier: Digests of the manifests of the earlier releases that were taken into account.
    """

    passed: bool
    cells: int
    suppressed: int
    earlier: tuple[Sha256, ...] = ()


class Manifest(Strict):
    """manifest.json: what a release is, how it was made, and the digest of every file.

    Attributes:
        schema_version: Form of this object.
        title: Title of the release.
        marking: Handling marking of every part.
        program: Name and version of the program.
        scheme: Category scheme.
        crosswalk: What labels were read by besides the scheme; breaks of series are found by it.
        policy: Disclosure policy.
        options: Options of the run.
        inputs: SHA-256 of each export as read, sorted.
        workforce: SHA-256 of the file of denominators, or null.
        audit: Result of the disclosure audit.
        tables: The tables of counts.
        files: SHA-256 of every file but this one, by name.
    """

    schema_version: Literal[1] = 1
    title: Text
    marking: Text
    program: Text
    scheme: SchemeMark
    crosswalk: tuple[CrosswalkMark, ...] = ()
    policy: PolicyMark
    options: Choices
    inputs: tuple[Sha256, ...]
    workforce: Sha256 | None = None
    audit: AuditMark
    tables: tuple[TableMark, ...]
    files: Mapping[FileName, Sha256] = Field(min_length=1)


class Decision(Strict):
    """Who answers for the policy."""

    decided_by: str
    decided_on: date
    reason: str


class RunRecord(Strict):
    """run.json, beside a release and never part of it: what only the force may see.

    Attributes:
        schema_version: Form of this object.
        marking: Handling marking.
        manifest: SHA-256 of the release's manifest.json.
        inputs: SHA-256 of each export, by name.
        policy: Who decided how small numbers are protected, when and why.
        reconciliation: Where every row went.
        findings: How many findings there are of each code.
        audit: What the audit did, in sentences.
    """

    schema_version: Literal[1] = 1
    marking: Text
    manifest: Sha256
    inputs: Mapping[str, Sha256]
    policy: Decision
    reconciliation: Mapping[str, int]
    findings: Mapping[str, int]
    audit: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """A release that was read: what it says of itself, the digest of that, its other files, its tables of counts."""

    manifest: Manifest
    sha256: str
    files: Mapping[str, bytes]
    tables: tuple[ProtectedTable, ...]


def load_releases(folders: Iterable[Path]) -> list[Released]:
    """Read releases, oldest first.

    Raises:
        ReleaseError: One of them cannot be used.
    """
    return sorted(map(load_release, folders), key=lambda release: (release.manifest.options.as_at, release.sha256))


def load_release(folder: Path) -> Released:
    """Read a release, and hold every file against its manifest.

    Raises:
        ReleaseError: There is no release, or a file is missing, changed or not in the manifest.
    """
    content = _bytes_of(folder / MANIFEST)
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError:
        hint = "a release stands in a folder of its own, with the manifest.json that was made with it"
        raise ReleaseError("manifest.json is not that of a release", where=folder.as_posix(), hint=hint) from None
    there = {path.name for path in folder.iterdir()} - {MANIFEST}
    files = {name: _bytes_of(folder / name) for name in manifest.files if name in there}
    changed = {name for name, known in files.items() if digest(known) != manifest.files[name]}
    faults = [
        *(f"{name} is missing" for name in sorted(set(manifest.files) - there)),
        *(f"{name} is not in the manifest" for name in sorted(there - set(manifest.files))),
        *(f"{name} was changed" for name in sorted(changed)),
    ]
    if faults:
        raise ReleaseError("\n".join(faults), where=folder.as_posix())
    return Released(manifest, digest(content), files, tuple(_table_of(mark, files) for mark in manifest.tables))


def _table_of(mark: TableMark, files: Mapping[str, bytes]) -> ProtectedTable:
    text = files.get(mark.file, b"").decode(errors="replace")
    cells = {} if mark.refusal else cells_of_csv(text, len(mark.dimensions), mark.file)
    return ProtectedTable(mark.name, mark.dimensions, cells, mark.scope, mark.terms, mark.refusal)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        hint = "name the folder of a release"
        raise ReleaseError(f"cannot be read: {err.strerror}", where=path.as_posix(), hint=hint) from None
