"""The public Python interface: what the commands do, as functions that return values.

Takes paths and keyword options, returns outcomes.  The one place besides the command line that may read the
clock, for the as-at date.  Knows nothing of terminals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cc_categorise import pipeline
from cc_categorise.findings import Finding
from cc_categorise.options import ReleaseOptions, RunOptions
from cc_categorise.pipeline import OnBytes, Outcome

if TYPE_CHECKING:
    from cc_categorise.release.bundle import Release

Exports = str | PathLike[str] | Iterable[str | PathLike[str]]


def run(exports: Iterable[str | Path], options: RunOptions, on_bytes: OnBytes | None = None) -> Outcome:
    """Run `pipeline.count`, as at today unless the options say another day."""
    return pipeline.count(exports, options, as_at=as_at_of(options), on_bytes=on_bytes)


def as_at_of(options: RunOptions) -> date:
    """Give the day the exports were taken: that of the options, else today."""
    return options.as_at or today()


def today() -> date:
    """Give the day by the clock, here."""
    return datetime.now(tz=UTC).astimezone().date()


def count(exports: Exports, **options: Any) -> Outcome:  # noqa: ANN401 - the attributes of RunOptions
    """Count the records of exports by period and category.

    Args:
        exports: A file, folder or pattern, or several.
        options: Attributes of `options.RunOptions`, such as ``by=("force",)`` or ``as_at=date(2024, 4, 1)``.

    Returns:
        The outcome: ``.to_frame()`` is the table, ``.report.reconciliation`` says where every row went, and
        ``.is_clean`` whether any row failed.

    Raises:
        CategoriseError: A file, scheme, profile, column or option cannot be used.
    """
    return run(_paths(exports), RunOptions(**options))


def _paths(exports: Exports) -> list[str]:
    return [str(path) for path in ([exports] if isinstance(exports, (str, PathLike)) else exports)]


def count_frame(frame: object, *, order_by: str | Sequence[str] = (), **options: Any) -> Outcome:  # noqa: ANN401 - as above
    """Count the records of a data frame, by the same rules and with the same answer as `count` (extra ``frames``).

    The engine that holds the frame joins and groups; what is collected are the distinct values of the columns
    that are used, the rows whose reference comes more than once, and the counts.

    Args:
        frame: A pandas or Polars frame, a Polars lazy frame, a DuckDB relation, a PyArrow table or a PySpark frame.
        order_by: Columns that say which of the rows of one reference is the first.  Without any it is the first
            row; where the engine's rows have no order (DuckDB, PySpark), the one of the earliest period, and of
            those the one whose cells come first as text.
        options: Attributes of `options.RunOptions`, but for those about files.

    Returns:
        The outcome, as of `count`.

    Raises:
        UsageError: The frame is of no kind that can be counted, or an option is about files.
        MissingExtraError: The extra ``frames`` is not installed.
        CategoriseError: A scheme, profile, column or option cannot be used.
    """
    chosen = RunOptions(**options)
    columns = (order_by,) if isinstance(order_by, str) else tuple(order_by)
    return pipeline.count_frame(frame, chosen, as_at=as_at_of(chosen), order_by=columns)


def make_return(
    exports: Exports,
    folder: str | PathLike[str],
    *,
    period: str,
    release: ReleaseOptions | None = None,
    **options: Any,  # noqa: ANN401 - as above
) -> Release:
    """Make the annual return as ``cc-categorise return`` does, and write it: protected tables with a manifest.

    Args:
        exports: As of `count`.
        folder: Where the release is written; what stays with the force goes beside it, into FOLDER.private.
        period: The year that the return is for, such as ``2022/23``.
        release: Policy, earlier releases, workforce and marking; None is the shipped policy.
        options: Attributes of `options.RunOptions`.

    Returns:
        The release: ``.files`` by name, and ``.notes`` on what the protection cost, which may not be published.

    Raises:
        DisclosureError: A small number could be told from what would be published; nothing is written.
        CategoriseError: An input cannot be used, or the folder cannot be written.
    """
    from cc_categorise.release import bundle  # noqa: PLC0415 - start-up time

    choices = release or ReleaseOptions()
    chosen = bundle.with_years_before(RunOptions(periods=(period,), **options), choices.years_back)
    made = bundle.make(run(_paths(exports), chosen), choices)
    bundle.write(made, Path(folder))
    return made


def check(exports: Exports, **options: Any) -> list[Finding]:  # noqa: ANN401 - the attributes of RunOptions
    """Give every finding of exports, by file and row; takes what `count` takes."""
    return pipeline.findings_of(count(exports, **options))
