"""The category scheme: YAML to `CategoryScheme`, with the fingerprint of the file it came from.

Takes a path, or nothing for the scheme that is shipped.  Knows nothing of records, labels as read, or counts.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from cc_categorise.errors import SchemeError
from cc_categorise.model import CategoryScheme
from cc_categorise.yaml_file import read_yaml_model

FILE_NAME = "categories.yaml"


class LoadedScheme(NamedTuple):
    """A category scheme, and which file it is.

    Attributes:
        scheme: The scheme.
        sha256: Of the file's bytes, in hexadecimal: says whether two runs used the same file.
    """

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


def load_scheme(path: Path | None = None) -> LoadedScheme:
    """Read a category scheme; without a path, the one that is shipped.

    Raises:
        SchemeError: The file cannot be read, or breaks a rule of the format; names file, line and key.
    """
    return LoadedScheme(*read_yaml_model(path or shipped_scheme(), CategoryScheme, SchemeError, "category scheme"))
