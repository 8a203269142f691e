"""Category schemes and crosswalks looked at by themselves: what they say, how two editions differ, what a list covers.

Takes schemes, crosswalks, and exports for what a change does to counts and which labels are covered; returns rows to
list.  What became of a category is data of the scheme (`model.Succession`), never told from titles.  Labels of exports
are shown where a crosswalk is checked: it is asked for by name.  Knows nothing of terminals or layout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cc_categorise import api
from cc_categorise.categorise.labels import LabelReader, as_written, further_labels
from cc_categorise.crosswalk import CrosswalkEntry, load_crosswalk
from cc_categorise.errors import UsageError
from cc_categorise.figures import Listing
from cc_categorise.model import UNCATEGORISED, Assignment, CategoryScheme, cell_text
from cc_categorise.options import RunOptions
from cc_categorise.pipeline import OnBytes, Outcome
from cc_categorise.scheme import load_scheme
from cc_categorise.settle import rows_of
from cc_categorise.validate import FieldRule

DIFF_COLUMNS = ("change", "code_before", "title_before", "code_after", "title_after")
IMPACT_COLUMNS = ("year", "category_code", "category", "before", "after", "moved_in", "moved_out")
CHECK_COLUMNS = ("flag", "label", "relation", "records", "note")
Row = tuple[str | int, ...]


def check_scheme(path: Path) -> str:
    """Read an edited scheme; say what it is.

    Raises:
        SchemeError: It breaks a rule of the format, or two of its categories share a wording.
    """
    scheme = load_scheme(path).scheme
    LabelReader(scheme)
    n_aliases = sum(len(aliases.labels) for category in scheme.categories for aliases in category.aliases)
    n_unresolved = sum(len(entry.labels) for entry in scheme.unresolved)
    return (
        f"{path.as_posix()}: {scheme.title}, edition {scheme.edition}: {scheme.n_categories} categories, "
        f"{n_aliases} other wordings, {n_unresolved} labels kept for a person to read"
    )


def describe_category(path: Path | None, name: str) -> Listing:
    """Give everything the scheme says of one category, as rows of what, text and source.

    Raises:
        SchemeError: The scheme cannot be used.
        UsageError: No category has that code, number or wording.
    """
    scheme = load_scheme(path).scheme
    code = LabelReader(scheme).assign(name).code
    if code is None:
        raise UsageError("no such category", hint="codes: " + ", ".join(scheme.codes))
    category = next(category for category in scheme.categories if category.code == code)
    rows = [
        ("title", category.title, scheme.sources[category.source].title),
        ("code", category.code, ""),
        ("number", str(category.no), ""),
        (f"definition ({category.definition_status})", category.definition, ""),
        *(("includes", text, "") for text in category.includes),
        *(("excludes", text, "") for text in category.excludes),
    ]
    for aliases in category.aliases:
        source = f"{aliases.used_by}; {scheme.sources[aliases.source].title}"
        rows += [("also written", label, source) for label in aliases.labels]
    return Listing(("what", "text", "source"), rows)


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


def check_crosswalk(
    name: str, exports: Iterable[str | Path], options: RunOptions, on_bytes: OnBytes | None = None
) -> tuple[list[Row], Outcome | None]:
    """Flag the rows of a crosswalk, and the labels of exports, that need a look.

    Without exports nothing is said of unused rows and unmatched labels.

    Returns:
        Rows of `CHECK_COLUMNS`, and the count of the exports.  The flag is ``ambiguous`` (the row needs a person, or
        says another category than the scheme does by itself), ``redundant`` (the scheme, or an earlier row, says the
        same), ``unused`` (no record of its dates has the label) or ``unmatched`` (neither the crosswalk nor the scheme
        reads the label).

    Raises:
        CategoriseError: The crosswalk, the scheme or an export cannot be used; two rows contradict each other.
    """
    crosswalk, scheme = load_crosswalk(name), load_scheme(options.scheme).scheme
    alone, reader = LabelReader(scheme), LabelReader(scheme, listed={name: crosswalk.rows_for(scheme)})
    given = list(exports)
    outcome = api.run(given, options, on_bytes) if given or options.from_db else None
    used: Counter[CrosswalkEntry] = Counter()
    unmatched: Counter[str] = Counter()
    for label, ruling, answer in _readings(outcome, reader) if outcome else ():
        if ruling:
            used[ruling] += 1
        elif answer.code is None and answer.finding != "blank-category":
            unmatched[label] += 1
    rows: list[Row] = []
    for number, row in enumerate(crosswalk.rows):
        known = any(as_written(row.label) == as_written(other.label) and row.overlaps(other)
                    for other in crosswalk.rows[:number])  # fmt: skip
        flags = list(_flags(row, alone.assign(row.label), scheme, is_repeated=known))
        flags += [("unused", "no record of its dates has this label")] if outcome and not used[row] else []
        mark = "; wording unverified" if row.wording == "unverified" else ""
        rows += [(flag, row.label, row.relation, used[row], note + mark) for flag, note in flags]
    for label, n in sorted(unmatched.items(), key=lambda pair: (-pair[1], pair[0])):
        rows.append(("unmatched", label, "", n, _candidates(alone.assign(label), scheme)))
    return rows, outcome


def _flags(
    row: CrosswalkEntry, said: Assignment, scheme: CategoryScheme, *, is_repeated: bool
) -> Iterator[tuple[str, str]]:
    if is_repeated:
        yield "redundant", "an earlier row says the same"
    if said.code and said.code != row.category:
        yield "ambiguous", f"the scheme by itself reads it as {scheme.title_of(said.code)}; this row wins"
    elif said.code:
        yield "redundant", "the scheme reads it so by itself"
    if not row.is_decided and row.relation != "out-of-scope":
        titles = " or ".join(map(scheme.title_of, row.candidates)) or "any category"
        yield "ambiguous", f"not applied: the record has to be read; it may be {titles}"


def _candidates(answer: Assignment, scheme: CategoryScheme) -> str:
    titles = " or ".join(map(scheme.title_of, answer.candidates))
    return f"it may be {titles}" if titles else "neither the crosswalk nor the scheme knows it"


def _readings(outcome: Outcome, reader: LabelReader) -> Iterator[tuple[str, CrosswalkEntry | None, Assignment]]:
    """Give every label of the records counted, with the row that decides it and what it is read as."""
    run = outcome.settled.run
    rules = [FieldRule(plan.day[1], plan.profile.cell_rules) for plan in run.plans]
    for row in rows_of(outcome.settled):
        if row.counted is None and row.fate != "merged":
            continue
        day = rules[row.table].read(row.cells[row.plan.day[0]]).value
        further = row.cells[row.plan.further] if row.plan.further is not None else ""
        for label in (row.plan.label(row.cells), *map(cell_text, further_labels(further))):
            ruling = reader.ruling_on(label, day) if label else None
            yield label, ruling[0] if ruling else None, reader.assign(label, day)
