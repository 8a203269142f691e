"""A run → every file of a release, in memory; and onto the disk, whole or not at all.

Takes an `Outcome` and choices, returns a `Release`.  Knows nothing of terminals.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from cc_categorise import __version__
from cc_categorise.dates import label_of, periods_named
from cc_categorise.disclosure.audit import Audit
from cc_categorise.disclosure.policy import Method, Policy, load_policy
from cc_categorise.disclosure.tables import ExactTable
from cc_categorise.document import Document
from cc_categorise.errors import OutputError, PolicyError, UsageError
from cc_categorise.figures import CountReport, Listing, Reconciliation
from cc_categorise.options import OFFICIAL, SENSITIVE, Basis, ReleaseOptions, RunOptions, YearBasis
from cc_categorise.pipeline import Outcome
from cc_categorise.read.exports import Export
from cc_categorise.read.table import Table
from cc_categorise.release import manifest as forms
from cc_categorise.release.counts import BREAKDOWN, CATEGORIES, exact_tables
from cc_categorise.release.derived import Workforce, load_workforce
from cc_categorise.release.paper import Facts, make_document, span_of
from cc_categorise.render.as_csv import csv_of
from cc_categorise.render.as_html import document_html
from cc_categorise.render.workbooks import document_ods, document_xlsx


@dataclass(frozen=True, slots=True)
class Release:
    """Every file of a release."""

    files: Mapping[str, bytes]  # the release itself, by name
    record: bytes  # run.json, which stays with the force
    notes: tuple[str, ...]  # sentences for the person who makes it


def with_years_before(options: RunOptions, years_back: int) -> RunOptions:
    """Take the years before the period into a run.

    Raises:
        UsageError: It is not one year that is asked for, or category mentions.
    """
    if options.basis is Basis.ALL:
        raise UsageError("a return counts each record once", hint="leave --basis out, or use count for mentions")
    if len(options.periods) != 1:
        raise UsageError("a return is for one year", hint="name it, for example --period 2022/23")
    (name,) = options.periods
    basis = options.year or (YearBasis.FINANCIAL if "/" in name else YearBasis.CALENDAR)
    if basis not in (YearBasis.FINANCIAL, YearBasis.CALENDAR):
        raise UsageError("a return is by financial or calendar year", hint="use count for quarters and months")
    last = periods_named(name, basis)[0]
    first = max(last - years_back, 1)
    return options._replace(year=basis, periods=tuple(label_of(number, basis) for number in range(first, last + 1)))


def make(outcome: Outcome, choices: ReleaseOptions) -> Release:
    """Protect the figures of a run, and lay out every file.

    Raises:
        DisclosureError: A small number could be told from what would be published.
    """
    from cc_categorise.disclosure.protection import protect  # noqa: PLC0415 - loads the solver

    run = outcome.settled.run
    policy, policy_sha256 = load_policy(choices.policy)
    policy = policy if choices.repair else policy.model_copy(update={"repair": False})
    report, notes = _without_empty_years(outcome.report, policy)
    workforce = load_workforce(choices.workforce) if choices.workforce else Workforce()
    marking = choices.marking or (SENSITIVE if policy.method is Method.NONE else OFFICIAL)
    earlier = forms.load_releases(choices.published)
    exact = exact_tables(report.tally)
    _check_refusals(policy, exact)
    protection = protect(exact, policy, earlier=[release.tables for release in earlier])
    force = run.profile.force or ""
    tables = tuple(table for table in protection.tables if table.cells or table.refusal)
    notes += _cost_of(protection.audit)
    facts = Facts(_names_alone(report), tables, policy, protection.legend, workforce, choices.per, force, marking)
    document = make_document(facts)
    inputs = {plan.export.name: _digest_of(plan.export, plan.table) for plan in run.plans}
    files = _laid_out(document, span_of(report.tally))
    manifest = forms.Manifest(
        title=document.title,
        marking=marking,
        program=f"cc-categorise {__version__}",
        scheme=forms.SchemeMark(id=report.scheme_id, edition=report.scheme_edition, sha256=report.scheme_sha256),
        crosswalk=report.crosswalk,
        policy=forms.PolicyMark(sha256=policy_sha256, **policy.model_dump(include={*forms.PolicyMark.model_fields})),
        options=forms.Choices.of(run.options, as_at=report.as_at, per=choices.per, repair=choices.repair),
        inputs=tuple(sorted(inputs.values())),
        workforce=workforce.sha256 or None,
        audit=forms.AuditMark(
            passed=True,
            cells=protection.audit.n_cells,
            suppressed=protection.audit.n_suppressed,
            earlier=tuple(sorted(release.sha256 for release in earlier)),
        ),
        tables=tuple(forms.TableMark.of(table, _file(table.name, marking, "csv")) for table in tables),
        files={name: forms.digest(content) for name, content in files.items()},
    )
    files[forms.MANIFEST] = f"{manifest.model_dump_json(indent=2)}\n".encode()
    record = forms.RunRecord(
        marking=SENSITIVE,
        manifest=forms.digest(files[forms.MANIFEST]),
        inputs=inputs,
        policy=forms.Decision(**policy.model_dump(include={*forms.Decision.model_fields})),
        reconciliation=report.reconciliation._asdict(),
        findings=report.findings,
        audit=_cost_of(protection.audit),
    )
    return Release(files, f"{record.model_dump_json(indent=2)}\n".encode(), notes)


def costs(outcome: Outcome, choices: ReleaseOptions) -> Listing:
    """List what each way of protecting would cost; nothing of it may be published."""
    from cc_categorise.disclosure.explore import explore  # noqa: PLC0415 - loads the solver

    policy, _ = load_policy(choices.policy)
    tables = exact_tables(_without_empty_years(outcome.report, policy)[0].tally)
    found = explore(tables, policy, [release.tables for release in forms.load_releases(choices.published)])
    headers = ("way", "cells", "merged", "suppressed", "rounded", "can be published")
    return Listing(headers, [(*cost[:5], "no" if cost.is_refused else "yes") for cost in found])


def _check_refusals(policy: Policy, tables: Sequence[ExactTable]) -> None:
    """Make sure that whatever the policy refuses is there: a misspelt name would be published.

    Raises:
        PolicyError: No table, or no cell, is the one that is meant.
    """
    for refused in policy.refusals:
        if refused.table not in (None, CATEGORIES, BREAKDOWN):
            hint = f"tables: {CATEGORIES}, {BREAKDOWN}"
            raise PolicyError(f"a refusal names a table that no release has: {refused.table}", hint=hint)
        meant = [table for table in tables if refused.table in (None, table.name)]
        cells = (dict(zip(table.dimensions, at, strict=True)) for table in meant for at in table.cells)
        if refused.where and meant and not any(refused.where.items() <= cell.items() for cell in cells):
            where = ", ".join(f"{name}: {value}" for name, value in refused.where.items())
            hint = "years as printed, codes of categories, groups as in the export"
            raise PolicyError(f"a refusal names cells that the release does not have: {where}", hint=hint)


def _cost_of(audit: Audit) -> tuple[str, ...]:
    """Say what the protection cost, to the person who makes the release alone."""
    if not audit.n_suppressed:
        return ()
    parts = f"{audit.n_primary} must not be known, {audit.n_secondary} would give them away"
    return f"{audit.n_suppressed} of {audit.n_cells} cells are suppressed: {parts}", *audit.notes


def _without_empty_years(report: CountReport, policy: Policy) -> tuple[CountReport, tuple[str, ...]]:
    """Leave out the years before the first record: a 0 would say that there was nothing, not that nothing is held.

    Where years are refused they all stay, or the first one shown would tell of which years records are held.
    """
    tally = report.tally
    held = {year for (_, year, _), count in tally.counts.items() if count}
    years = list(tally.years)
    while len(years) > 1 and years[0] not in held:
        del years[0]
    if len(years) == len(tally.years) or any(not cells.where or "year" in cells.where for cells in policy.refusals):
        return report, ()
    left_out = tally.years[: -len(years)]
    note = f"not in the release, because the exports hold no record of them: {', '.join(left_out)}"
    return report._replace(tally=replace(tally, years=tuple(years))), (note,)


def _names_alone(report: CountReport) -> CountReport:
    """Take every exact figure out of a report: what comes after protection cannot print what it does not have."""
    return report._replace(
        tally=replace(report.tally, counts={}), reconciliation=Reconciliation(), findings={}, decided=()
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def _file(name: str, marking: str, ending: str) -> str:
    return f"{_slug(name)}-{_slug(marking)}.{ending}"


def _laid_out(document: Document, span: str) -> dict[str, bytes]:
    name = f"annual-return-{span}"
    files = {
        _file(name, document.marking, "html"): document_html(document).encode(),
        _file(name, document.marking, "ods"): document_ods(document),
        _file(name, document.marking, "xlsx"): document_xlsx(document),
    }
    for sheet in document.sheets:
        header, *rows = sheet.tidy
        files[_file(sheet.name, document.marking, "csv")] = csv_of([*map(str, header)], rows).encode()
    return files


def _digest_of(export: Export, table: Table) -> str:
    """Give the SHA-256 of a file's bytes; of the answer of a database, that of its rows."""
    if export.path or export.spool:
        with export.path.open("rb") if export.path else export.open() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    lines = ("\x1f".join(row) for block in table.blocks() for row in block.rows)
    return forms.digest("\n".join(lines).encode("utf-8", "replace"))


def write(release: Release, folder: Path) -> None:
    """Write a release, and beside it what stays with the force; a folder that is there is never changed.

    Raises:
        OutputError: Something else stands there, or the operating system refuses.
    """
    place = folder.resolve()
    private = place.parent / f"{place.name}.private"
    wanted = ((private, {forms.RECORD: release.record}, 0o700), (place, release.files, 0o777))
    try:
        missing = [each for each in wanted if not _holds(*each[:2])]
        with ExitStack() as undo:
            for path, files, mode in missing:
                _write_folder(path, files, mode)
                undo.callback(shutil.rmtree, path, ignore_errors=True)
            undo.pop_all()
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise OutputError(f"cannot be written: {reason}", where=folder.as_posix(), hint="nothing was written") from None


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Say whether a folder holds these very files already; a new or empty one does not.

    Raises:
        OutputError: Something else stands there.
    """
    there = set(folder.iterdir()) if folder.is_dir() else {folder} if folder.exists() else set()
    is_same = all(path.is_file() and path.read_bytes() == files.get(path.name) for path in there)
    if there and not (is_same and len(there) == len(files)):
        hint = "a release is never replaced: name another folder, or remove this one"
        raise OutputError("something else stands here", where=folder.as_posix(), hint=hint)
    return bool(there)


def _write_folder(place: Path, files: Mapping[str, bytes], mode: int) -> None:
    """Write a folder beside its place and move it there, so that it is whole or not there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name[:100]}.") as beside:
        made = Path(beside) / "made"
        made.mkdir(mode)
        for name, content in files.items():
            (made / name).write_bytes(content)
        if place.exists():
            place.rmdir()  # not every system puts a folder in the place of an empty one
        made.rename(place)
