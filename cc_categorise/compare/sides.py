"""What was named on the command line → a table to compare: a release, a count as JSON or CSV, or an export.

Takes a path and the options of a run, returns a `Side`.  Knows nothing of what is made of it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError

from cc_categorise import api
from cc_categorise.categories import diff
from cc_categorise.compare.changes import ROUNDED, Comparison, Side, Where, compare, total_of
from cc_categorise.dates import basis_of
from cc_categorise.disclosure.tables import TOTAL, Published
from cc_categorise.errors import TallyError, UsageError
from cc_categorise.figures import CrosswalkMark
from cc_categorise.options import Basis, CountBy, RunOptions, YearBasis
from cc_categorise.pipeline import OnBytes, Outcome
from cc_categorise.read.exports import Export
from cc_categorise.release.counts import CATEGORIES, TOTAL_TITLE
from cc_categorise.release.manifest import MANIFEST, SchemeMark, load_release
from cc_categorise.render.as_json import count_json
from cc_categorise.render.grid import LONG_COLUMNS
from cc_categorise.render.text import table_cell
from cc_categorise.scheme import load_scheme, shipped_editions
from cc_categorise.settle import rows_of

Row = Mapping[str, int | str | None]
_HEAD = 4096
_ALIKE = ("unchanged", "renamed")


class _CountFile(BaseModel, hide_input_in_errors=True):
    """What `count -f json` writes, as far as it is compared."""

    schema_version: Literal[1]
    scheme: SchemeMark
    year_basis: YearBasis
    counted_by: CountBy
    unit: Literal["intelligence records", "category mentions"]
    as_at: date
    partial: tuple[str, ...] = ()
    crosswalk: tuple[CrosswalkMark, ...] = ()
    rows: tuple[dict[str, Annotated[int, Field(ge=0, lt=10**9)] | str | None], ...]


def compare_files(
    before: str, after: str, options: RunOptions, on_bytes: OnBytes | None = None
) -> tuple[Comparison, list[Outcome], list[Export]]:
    """Give what differs between both sides, the runs of those that are exports, and every file that was read."""
    if options.from_db:
        raise UsageError("two sides are compared, and a query is one", hint="count it first, with -o count.json")
    if before == after == "-":
        raise UsageError("standard input can be read once", hint="name a file for one of the two")
    outcomes: list[Outcome] = []
    first, second = (_read(name, options, on_bytes, outcomes) for name in (before, after))
    inputs = [Export(name, Path(name)) for name in (before, after)]
    inputs += [export for outcome in outcomes for export in outcome.settled.run.exports]
    return compare(first, second, _broken(first, second)), outcomes, inputs


def side_of(outcome: Outcome, name: str = "") -> Side:
    """Take a run for a side: what `count -f json` would write of it."""
    return _of_json(count_json(outcome.report), name)


def _read(name: str, options: RunOptions, on_bytes: OnBytes | None, outcomes: list[Outcome]) -> Side:
    path = Path(name)
    if (path / MANIFEST).is_file():
        return _of_release(path, name)
    head = b""
    if path.is_file():
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    if path.suffix.lower() == ".json" and b'"schema_version"' in head:
        return _of_json(path.read_bytes(), name)
    first_line = head.decode("utf-8-sig", errors="replace").partition("\n")[0].strip()
    if first_line.endswith(",".join(LONG_COLUMNS)):
        return _of_csv(path.read_text(encoding="utf-8-sig"), name)
    outcomes.append(api.run([name], options, on_bytes))
    return replace(side_of(outcomes[-1], name), records=_places(outcomes[-1]))


def _of_release(folder: Path, name: str) -> Side:
    release = load_release(folder)
    manifest = release.manifest
    mark = next((mark for mark in manifest.tables if mark.name == CATEGORIES and not mark.refusal), None)
    if mark is None:
        raise TallyError("the release has no table of categories with numbers", where=name, hint="compare another one")
    facts = {key.replace("_", " "): value for key, value in mark.scope}
    facts |= {"as at": manifest.options.as_at.isoformat(), "unit": "intelligence records"}
    facts |= {ROUNDED: f"multiples of {mark.terms.base}"} if mark.terms.base > 1 else {}
    side = _of_csv(release.files[mark.file].decode(), name, {"scheme": _scheme(manifest.scheme), **facts})
    return replace(side, crosswalk=manifest.crosswalk)


def _of_json(content: str | bytes, name: str) -> Side:
    try:
        count = _CountFile.model_validate_json(content)
    except ValidationError:
        raise TallyError("this is not what count -f json writes", where=name) from None
    by = tuple(key for key in (count.rows[0] if count.rows else ()) if key not in LONG_COLUMNS)
    facts = {"scheme": _scheme(count.scheme), "year basis": count.year_basis, "counted by": count.counted_by}
    facts |= {"unit": count.unit, "as at": count.as_at.isoformat()}
    side = _side(count.rows, by, name, facts)
    return replace(side, crosswalk=count.crosswalk, provisional=side.provisional | {*count.partial})


def _of_csv(text: str, name: str, facts: Mapping[str, str] | None = None) -> Side:
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        cells = [dict(zip(header, row, strict=True)) for row in rows]
        counted = [{**row, "count": _number(row["count"])} for row in cells]
    except (ValueError, csv.Error):
        raise TallyError("this is no table of counts", where=name) from None
    return _side(counted, tuple(header[: -len(LONG_COLUMNS)]), name, facts or {})


def _number(text: str) -> int | None:
    """Read a count as `count` writes it: digits alone."""
    if text and not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError
    return int(text) if text else None


def _places(outcome: Outcome) -> dict[tuple[str, str], Where]:
    """Say where each counted record stands, by force and reference.

    A record without a reference cannot be found again, and is left out; so is one whose reference may be other text.
    """
    places = {}
    for row in rows_of(outcome.settled):
        if row.counted and row.is_sound and row.key[1] and row.key[1] == row.place[-1]:
            places[row.key] = row.year, row.counted.codes(Basis.PRIMARY)[0]
    return places


def _broken(before: Side, after: Side) -> frozenset[str]:
    """Give the codes of categories that the editions do not hold alike: all of them, where an edition is not known."""
    schemes = [side.facts.get("scheme", "") for side in (before, after)]
    if "" in schemes or len(set(schemes)) == 1:
        return frozenset()
    ids, editions = zip(*(scheme.partition(", edition ")[::2] for scheme in schemes), strict=True)
    if len(set(ids)) > 1 or not set(editions) <= shipped_editions().keys():
        return frozenset((*before.titles, *after.titles)) - {TOTAL}
    rows = diff(*(load_scheme(Path(edition)).scheme for edition in editions))
    return frozenset(code for change, *named in rows if change not in _ALIKE for code in named[::2] if code)


def _scheme(mark: SchemeMark) -> str:
    return f"{mark.id}, edition {mark.edition}"


def _side(rows: Iterable[Row], by: tuple[str, ...], name: str, facts: Mapping[str, str]) -> Side:
    """Take the rows of the long layout; totals over years are left out, those over categories are added."""
    cells: dict[tuple[tuple[str, ...], str, str], Published] = {}
    titles: dict[str, str] = {}
    seen, provisional = set(), set()
    try:
        for row in rows:
            year, code, title, count, marker = (row[column] for column in LONG_COLUMNS)
            if isinstance(count, str):
                raise TallyError("this is no table of counts", where=name)
            if year == TOTAL:
                continue
            place = tuple(str(row[each]) for each in by), str(year), str(code)
            if place in seen:
                raise TallyError("the table gives one count twice", where=name)
            seen.add(place)
            place = tuple(map(table_cell, place[0])), *place[1:]  # two groups may be one as they are printed
            marks = [mark for mark in str(marker).split() if mark != "p"]
            cell = Published(count, tuple(marks or ["x"] * (count is None)))
            cells[place] = total_of([cells[place], cell]) if place in cells else cell
            titles[str(code)] = str(title)
            provisional |= {str(year)} if "p" in str(marker).split() else set()
    except KeyError:
        raise TallyError("this is no table of counts", where=name) from None
    titles.pop(TOTAL, None)
    years = tuple(dict.fromkeys(year for _, year, _ in cells))
    bases = [basis_of(year) for year in years]
    if None in bases or len(set(bases)) > 1:
        raise TallyError("this is no table of counts by year, quarter or month", where=name)
    for group, year in product(dict.fromkeys(group for group, _, _ in cells), years):
        lines = [cells[group, year, code] for code in titles if (group, year, code) in cells]
        if lines:
            cells.setdefault((group, year, TOTAL), total_of(lines))
    facts = {**facts, "year basis": str(bases[0])} if bases else facts
    return Side(name, by, years, {**titles, TOTAL: TOTAL_TITLE}, cells, frozenset(provisional), facts)
