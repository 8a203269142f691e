"""A release held against its manifest, against a reader who would undo it, and against its exports.

Takes a folder and what it was made from, returns sentences.  Knows nothing of terminals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from cc_categorise import __version__, pipeline
from cc_categorise.disclosure.policy import Policy
from cc_categorise.errors import ReleaseError
from cc_categorise.options import ReleaseOptions, RunOptions
from cc_categorise.release.bundle import make
from cc_categorise.release.manifest import MANIFEST, RECORD, Released, RunRecord, load_release, load_releases


def verify(folder: Path, exports: Sequence[str | Path], run: RunOptions, choices: ReleaseOptions) -> Iterator[str]:
    """Check a release, and say what holds.

    It is made again from its exports, where they are given with the files that its run and itself were made with.

    Raises:
        ReleaseError: A file is not what the manifest says, or the exports give another release.
        DisclosureError: A suppressed count can be told.
    """
    release = load_release(folder)
    manifest = release.manifest
    yield f"{manifest.title}; {manifest.marking}"
    yield f"files: all {len(release.files)} are as the manifest says; its own SHA-256 is {release.sha256}"
    _hold_against_record(folder, release)
    yield from _audit(release, load_releases(choices.published))
    if exports or run.from_db:
        _make_again(folder, release, exports, run, choices)
        yield "made again from the exports: every file is the same, byte for byte"


def _hold_against_record(folder: Path, release: Released) -> None:
    """Hold the manifest itself against what the force kept, where that is at hand."""
    path = folder.resolve().with_name(f"{folder.resolve().name}.private") / RECORD
    if not path.exists():
        return
    try:
        known = RunRecord.model_validate_json(path.read_bytes()).manifest
    except (OSError, ValidationError):
        raise ReleaseError("the record of the run cannot be read", where=path.as_posix()) from None
    if known != release.sha256:
        hint = "the release, or the record beside it, was changed"
        raise ReleaseError(f"{MANIFEST} is not that of the run", where=folder.as_posix(), hint=hint)


def _audit(release: Released, earlier: Sequence[Released]) -> Iterator[str]:
    """Let the reader try again; what was known when it was published has to be given."""
    from cc_categorise.disclosure.protection import audit_published  # noqa: PLC0415 - loads the solver

    mark = release.manifest.policy
    if missing := set(release.manifest.audit.earlier) - {each.sha256 for each in earlier}:
        yield f"note: {len(missing)} earlier releases that it was protected against are not given with --published"
    decision = {"decided_by": "as in the manifest", "reason": "as in the manifest"}
    policy = Policy(**mark.model_dump(exclude={"sha256"}), **decision, decided_on=release.manifest.options.as_at)
    audit = audit_published(release.tables, policy, earlier=[each.tables for each in earlier])
    yield str(audit) if mark.method != "none" else "exact counts: nothing is protected, and nothing audited"


def _make_again(
    folder: Path, release: Released, exports: Sequence[str | Path], run: RunOptions, choices: ReleaseOptions
) -> None:
    manifest = release.manifest
    unnamed = ("scheme", "profile", "profile_map", "decisions", "from_db", "query")  # no release says where these lie
    options = manifest.options.run_options(**{name: getattr(run, name) for name in unnamed})
    outcome = pipeline.count(exports, options, as_at=manifest.options.as_at)
    wanted = choices._replace(per=manifest.options.per, marking=manifest.marking, repair=manifest.options.repair)
    files = make(outcome, wanted).files
    there = {**release.files, MANIFEST: (folder / MANIFEST).read_bytes()}
    if different := sorted(name for name in {*files, *there} if files.get(name) != there.get(name)):
        made_with = manifest.program.removeprefix("cc-categorise ")
        hint = "give the same exports, scheme, profile, decisions, policy, workforce and earlier releases"
        if made_with != __version__:
            hint = f"it was made by version {made_with}, and this is {__version__}"
        raise ReleaseError(f"made again, these differ: {', '.join(different)}", where=folder.as_posix(), hint=hint)
