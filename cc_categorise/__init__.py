"""Per-year figures in the 12 national counter-corruption categories, from a police force's export.

    >>> import cc_categorise as cc
    >>> outcome = cc.count("export.csv")
    >>> outcome.to_frame()

The names below are the whole public interface; docs/python.md shows each at work.  They are loaded when first
used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cc_categorise.api import check, count, count_frame, make_return
    from cc_categorise.categorise.labels import LabelReader
    from cc_categorise.errors import CategoriseError
    from cc_categorise.figures import Tally
    from cc_categorise.findings import FINDINGS, Finding
    from cc_categorise.model import Assignment, CategoryScheme, Record
    from cc_categorise.options import Basis, CountBy, ReleaseOptions, RunOptions, YearBasis
    from cc_categorise.pipeline import Outcome, to_frame
    from cc_categorise.profile import Profile, load_profile
    from cc_categorise.scheme import load_scheme
    from cc_categorise.tally import Counted, Periods, make_tally
    from cc_categorise.validate import validate_row

__version__ = "0.1.0"

_HOME = {
    "api": ("check", "count", "count_frame", "make_return"),
    "categorise.labels": ("LabelReader",),
    "errors": ("CategoriseError",),
    "findings": ("FINDINGS", "Finding"),
    "figures": ("Tally",),
    "model": ("Assignment", "CategoryScheme", "Record"),
    "options": ("Basis", "CountBy", "ReleaseOptions", "RunOptions", "YearBasis"),
    "pipeline": ("Outcome", "to_frame"),
    "profile": ("Profile", "load_profile"),
    "scheme": ("load_scheme",),
    "tally": ("Counted", "Periods", "make_tally"),
    "validate": ("validate_row",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "FINDINGS", "Assignment", "Basis", "CategoriseError", "CategoryScheme", "CountBy", "Counted", "Finding",
    "LabelReader", "Outcome", "Periods", "Profile", "Record", "ReleaseOptions", "RunOptions", "Tally", "YearBasis",
    "check", "count", "count_frame", "load_profile", "load_scheme", "make_return", "make_tally", "to_frame",
    "validate_row",
]  # fmt: skip


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    if name not in _MODULE_OF:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
