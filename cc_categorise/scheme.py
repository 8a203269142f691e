"""The category scheme: YAML to `CategoryScheme`, with the fingerprint of the file it came from.

Takes a path or the name of a shipped edition, or nothing for the newest.  Knows nothing of records,
labels as read, or counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cc_categorise.errors import SchemeError
from cc_categorise.model import CategoryScheme
from cc_categorise.yaml_file import file_or_shipped, read_yaml_model, shipped_files

FILE_NAME = "categories.yaml"
NEWEST = "2022-11"
"""Edition of the scheme in `FILE_NAME`; older ones stand in ``schemes/``, each in a file named after its edition."""


class LoadedScheme(NamedTuple):
    """A category scheme and the SHA-256 of its file, which says whether two runs used the same."""

    scheme: CategoryScheme
    sha256: str


def shipped_scheme() -> Path:
    """Find the scheme that is shipped: in the installed package, or beside it in a checkout.

    Raises:
        SchemeError: It is in neither place.
    """
    package = Path(__file__).parent
    for folder in (package, package.parent):
        if (path := folder / FILE_NAME).is_file():
            return path
    hint = "install the package again, or name a scheme with --scheme"
    raise SchemeError("the category scheme that belongs to the package is missing", where=FILE_NAME, hint=hint)


def shipped_editions() -> Mapping[str, Path]:
    """Give the editions that belong to the package, oldest first."""
    return {**shipped_files("schemes"), NEWEST: shipped_scheme()}


def load_scheme(path: Path | None = None) -> LoadedScheme:
    """Read a category scheme: a file, or else the shipped edition of that name; without a path, the newest.

    Raises:
        SchemeError: The file cannot be read, or breaks a rule of the format; names file, line and key.
    """
    what = "category scheme"
    file = shipped_scheme() if path is None else file_or_shipped(path, shipped_editions(), SchemeError, what)
    return LoadedScheme(*read_yaml_model(file, CategoryScheme, SchemeError, what))
