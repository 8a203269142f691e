"""A release read back from its folder, every file held against the manifest.

Takes a folder, returns what it holds; reads nothing that the manifest does not name.  Knows nothing of how a release is
made or audited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from cc_categorise.disclosure.tables import ProtectedTable
from cc_categorise.errors import ReleaseError
from cc_categorise.release.counts import cells_of_csv
from cc_categorise.release.manifest import MANIFEST, Manifest, digest


@dataclass(frozen=True, slots=True)
class Published:
    """A release that was read: what it says of itself, the digest of that, its other files, its tables of counts."""

    manifest: Manifest
    sha256: str
    files: Mapping[str, bytes]
    tables: tuple[ProtectedTable, ...]


def load_releases(folders: Iterable[Path]) -> list[Published]:
    """Read releases, oldest first.

    Raises:
        ReleaseError: One of them cannot be used.
    """
    return sorted(map(load_release, folders), key=lambda release: (release.manifest.options.as_at, release.sha256))


def load_release(folder: Path) -> Published:
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
        raise ReleaseError("\n".join(faults), where=folder.as_posix(), hint="take the release from where it was signed")
    tables = []
    for mark in manifest.tables:
        text = files.get(mark.file, b"").decode(errors="replace")
        cells = {} if mark.refusal else cells_of_csv(text, len(mark.dimensions), mark.file)
        tables.append(mark.table(cells))
    return Published(manifest, digest(content), files, tuple(tables))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        hint = "name the folder of a release"
        raise ReleaseError(f"cannot be read: {err.strerror}", where=path.as_posix(), hint=hint) from None
