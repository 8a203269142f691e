"""``cc-categorise check``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from cc_categorise.cli import door
from cc_categorise.cli.options import ExportsArgument, gathered
from cc_categorise.errors import EXIT_FINDINGS, OutputError, UsageError
from cc_categorise.options import OutputOptions, RunOptions, TextOptions

if TYPE_CHECKING:
    from cc_categorise.findings import Finding
    from cc_categorise.pipeline import Outcome
    from cc_categorise.render import Thing


class CheckOptions(NamedTuple):
    """What is asked of a check besides the findings; one report of its own at most."""

    listing: Annotated[
        str | None,
        typer.Option(
            "--list",
            metavar="WHAT",
            help="List the rows behind: a category code, uncategorised, rejected, duplicate, out-of-period or merged; "
            "or labels: the recorded labels that cannot be read, as written.",
        ),
    ] = None
    quarantine: Annotated[
        Path | None,
        typer.Option(
            "--quarantine",
            metavar="DIR",
            help="Write whole rows here: NAME.valid.csv, NAME.invalid.csv, NAME.findings.csv.",
        ),
    ] = None
    fail_on: Annotated[
        Literal["error", "warning"],
        typer.Option(
            "--fail-on",
            help="The mildest finding that gives exit code 3: an error is a row rejected or uncategorised, "
            "a warning one worth a look, such as a duplicate.",
        ),
    ] = "error"
    foi: Annotated[
        bool,
        typer.Option("--foi", help="Say how long reading the uncategorised records would take, against section 12."),
    ] = False
    minutes: Annotated[
        float | None, typer.Option("--minutes", min=0.1, max=10_000, help="With --foi: minutes a record; else 10.")
    ] = None
    text: Annotated[
        bool,
        typer.Option("--text", help="Hold recorded categories against the text: agreement, and likely disagreements."),
    ] = False
    quality: Annotated[
        bool,
        typer.Option(
            "--quality",
            help="Say how well the records are categorised: shares of other and uncategorised with 95 % intervals, "
            "categories never used, labels not covered, days from received to recorded.",
        ),
    ] = False

    def wants_report(self) -> bool:
        """Say whether a report is wanted in place of the findings.

        Raises:
            UsageError: Two are, or an option has no report to belong to.
        """
        wanted = sum(map(bool, (self.listing, self.foi, self.quality, self.text)))
        if wanted > 1 or (self.minutes and not self.foi):
            hint = "use one of --list, --foi, --quality and --text; --minutes belongs to --foi"
            raise UsageError("--list, --foi, --quality and --text each give a report of its own", hint=hint)
        return wanted == 1


@gathered
def check(
    options: RunOptions, output: OutputOptions, reading: TextOptions, own: CheckOptions, exports: ExportsArgument = None
) -> None:
    """Check records and their categories; report what is wrong, where, and how to mend it."""
    wants_report = own.wants_report()
    from cc_categorise import api, pipeline  # noqa: PLC0415 - start-up time
    from cc_categorise.render.wording import Findings  # noqa: PLC0415

    with door.progress(output) as on_bytes:
        outcome = api.run(exports or (), options, on_bytes)
    door.refuse_exports(outcome.settled.run.exports, output.output)
    findings = pipeline.findings_of(outcome) if own.quarantine or not wants_report else []
    shown: Thing = Findings(findings, outcome.report)
    is_good = True
    if wants_report:
        shown, is_good = _report(outcome, own, reading, output)
    if own.quarantine:
        _write_quarantine(outcome, findings, own.quarantine, output)
    door.show(shown, output)
    door.say(*door.sentences(outcome, output))
    if not outcome.is_clean or not is_good or (own.fail_on == "warning" and outcome.report.findings):
        raise typer.Exit(EXIT_FINDINGS)


def _report(outcome: Outcome, own: CheckOptions, reading: TextOptions, output: OutputOptions) -> tuple[Thing, bool]:
    """Give the report that is wanted, and whether it finds no fault."""
    from cc_categorise import lookup  # noqa: PLC0415 - start-up time

    if own.quality:
        return lookup.quality(outcome)
    if own.listing:
        return lookup.listing(outcome, own.listing), True
    if own.foi:
        return lookup.reading_effort(outcome, own.minutes), True
    from cc_categorise.consistency import hold_against_text  # noqa: PLC0415 - loads the model

    with door.progress(output, door.TEXTS_WORTH_A_BAR) as on_bytes:
        return hold_against_text(outcome, reading, on_bytes), True


def _write_quarantine(outcome: Outcome, findings: list[Finding], folder: Path, output: OutputOptions) -> None:
    from cc_categorise import lookup  # noqa: PLC0415 - start-up time
    from cc_categorise.render.as_csv import findings_csv  # noqa: PLC0415
    from cc_categorise.render.wording import Findings  # noqa: PLC0415

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise OutputError(f"the folder cannot be made: {err.strerror}", where=folder.as_posix()) from None
    formulas: Counter[str] = Counter()
    for part in lookup.quarantine(outcome, findings, formulas):
        found = findings_csv(Findings(part.findings, outcome.report))
        valid, invalid = map(door.lines_of_csv, (part.valid, part.invalid))
        files = {"valid": valid, "invalid": invalid, "findings": [found]}
        paths = {kind: folder / f"{part.stem}.{kind}.csv" for kind in files}
        door.refuse_exports(outcome.settled.run.exports, *paths.values())
        for kind, pieces in files.items():
            door.write_file(paths[kind], pieces)
    if not output.quiet:
        door.say(f"whole rows were written to {folder.as_posix()}: handle them as you handle the export")
    if n_formulas := formulas.total():
        door.say(
            f"{n_formulas:,} cells in them begin as a formula does (= + - @) and are kept so: open the files as text"
        )
