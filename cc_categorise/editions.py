"""Editions of a category scheme: how two of them stand to each other, and what the change does to past counts.

Takes two schemes, and exports for the impact; returns rows to list.  What became of a category is data of the
scheme (`model.Succession`), never told from titles.  Knows nothing of terminals or layout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cc_categorise import api
from cc_categorise.errors import UsageError
from cc_categorise.lookup import rows_of
from cc_categorise.model import UNCATEGORISED, CategoryScheme
from cc_categorise.options import RunOptions
from cc_categorise.pipeline import OnBytes, Outcome

DIFF_COLUMNS = ("change", "code_before", "title_before", "code_after", "title_after")
IMPACT_COLUMNS = ("year", "category_code", "category", "before", "after", "moved_in", "moved_out")


def successors(before: CategoryScheme, after: CategoryScheme) -> Mapping[str, tuple[str, ...]]:
    """Say for each code of one edition which codes of another its records belong to.

    A code that both have is one category, unless the later edition's `succeeds` says more.  The step from a later
    edition to the one that it succeeds is the same step, read backwards.
    """
    if _follows(before, after):
        back = successors(after, before)
        return {code: tuple(old for old in after.codes if code in back[old]) for code in before.codes}
    listed = after.succeeds.became if after.succeeds and _follows(after, before) else {}
    return {code: listed.get(code, (code,) if code in after.codes else ()) for code in before.codes}


def _follows(later: CategoryScheme, earlier: CategoryScheme) -> bool:
    return later.id == earlier.id and later.succeeds is not None and later.succeeds.edition == earlier.edition


def diff(before: CategoryScheme, after: CategoryScheme) -> list[tuple[str, ...]]:
    """List every pair of categories of two editions that share records, and those that have no partner.

    Returns:
        Rows of `DIFF_COLUMNS`, in the order of the later list, the removed ones last.  ``change`` is ``unchanged``, or
        one or more of ``split`` (its records belong to several), ``merged`` (it takes the records of several),
        ``added``, ``removed`` and ``renamed``.
    """
    to = successors(before, after)
    origins = {code: [old for old in before.codes if code in to[old]] for code in after.codes}
    pairs: list[tuple[str, str]] = [(old, new) for new in after.codes for old in origins[new] or [""]]
    pairs += [(old, "") for old in before.codes if not to[old]]

    def changes(old: str, new: str) -> Iterator[str]:
        is_split, is_merged = len(to.get(old, ())) > 1, len(origins.get(new, ())) > 1
        same = old == new or not (is_split or is_merged)
        yield from ["split"] * is_split + ["merged"] * is_merged
        yield from ["added"] * (not old or (is_split and new not in before.codes))
        yield from ["removed"] * (not new or (is_merged and old not in after.codes))
        if old and new and same and _title(before, old).casefold() != _title(after, new).casefold():
            yield "renamed"

    return [
        (", ".join(changes(old, new)) or "unchanged", old, _title(before, old), new, _title(after, new))
        for old, new in pairs
    ]


def _title(scheme: CategoryScheme, code: str) -> str:
    return scheme.title_of(code) if code else ""


def impact(
    before: Path, after: Path, exports: Iterable[str | Path], options: RunOptions, on_bytes: OnBytes | None = None
) -> tuple[list[tuple[str | int, ...]], tuple[Outcome, Outcome]]:
    """Count exports by two editions, and say how many records move.

    Returns:
        Rows of `IMPACT_COLUMNS`, one for each year and each category of either edition, in the order of the later
        one; and the two counts.
        ``before`` + ``moved_in`` - ``moved_out`` = ``after``.

    Raises:
        CategoriseError: A file, scheme, profile, column or option cannot be used.
    """
    given = list(exports)
    if "-" in map(str, given):
        raise UsageError("standard input can be read once, and the impact needs two counts", hint="name a file")
    runs = [api.run(given, options._replace(scheme=scheme), on_bytes) for scheme in (before, after)]
    old, new, came, went = (Counter[tuple[str, str]]() for _ in range(4))
    for one, other in zip(*(rows_of(run.settled) for run in runs), strict=True):
        if one.counted is None or other.counted is None:
            continue
        codes, later = (set(row.codes(options.basis)) for row in (one.counted, other.counted))
        for counter, found in ((old, codes), (new, later), (came, later - codes), (went, codes - later)):
            counter.update((one.year, code) for code in found)
    titles = dict(runs[1].tally.categories)
    titles |= {code: title for code, title in runs[0].tally.categories if code not in titles}
    in_order = [code for code in titles if code != UNCATEGORISED] + [UNCATEGORISED] * (UNCATEGORISED in titles)
    rows: list[tuple[str | int, ...]] = [
        (year, code, titles[code], *(counter[year, code] for counter in (old, new, came, went)))
        for year in runs[0].tally.years
        for code in in_order
    ]
    return rows, (runs[0], runs[1])


def doubts(before: CategoryScheme, after: CategoryScheme) -> list[str]:
    """Say which categories no label can be moved out of: their records have to be read."""
    to = successors(before, after)
    return [
        f"{before.title_of(code)}: a record with this label counts by its label alone; it may belong to "
        + " or ".join(after.title_of(new) for new in news)
        for code, news in to.items()
        if len(news) > 1
    ]
