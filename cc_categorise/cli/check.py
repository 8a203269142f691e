"""``cc-categorise check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cc_categorise.cli.assign import WORTH_A_BAR
from cc_categorise.cli.door import colour_wanted, give, lines_of_csv, progress, refuse_exports, say, write_file
from cc_categorise.cli.options import ExportsArgument, gathered
from cc_categorise.cli.said import sentences
from cc_categorise.errors import EXIT_FINDINGS, OutputError, UsageError
from cc_categorise.options import Format, OutputOptions, RunOptions, TextOptions

if TYPE_CHECKING:
    from cc_categorise.findings import Finding
    from cc_categorise.pipeline import Outcome

ListOption = Annotated[
    str | None,
    typer.Option(
        "--list",
        metavar="WHAT",
        help="List the rows behind: a category code, uncategorised, rejected, duplicate, out-of-period or merged; "
        "or labels: the recorded labels that cannot be read, as written.",
    ),
]
QuarantineOption = Annotated[
    Path | None,
    typer.Option(
        "--quarantine",
        metavar="DIR",
        help="Write whole rows here: NAME.valid.csv, NAME.invalid.csv, NAME.findings.csv.",
    ),
]
FoiOption = Annotated[
    bool, typer.Option("--foi", help="Say how long reading the uncategorised records would take, against section 12.")
]
QualityOption = Annotated[
    bool,
    typer.Option(
        "--quality",
        help="Say how well the records are categorised: shares of other and uncategorised with 95 % intervals, "
        "categories never used, labels not covered, days from received to recorded.",
    ),
]
MinutesOption = Annotated[
    float | None, typer.Option("--minutes", min=0.1, max=10_000, help="With --foi: minutes a record; else 10.")
]


TextOption = Annotated[
    bool,
    typer.Option("--text", help="Hold recorded categories against the text: agreement, and likely disagreements."),
]

FailOnOption = Annotated[
    Literal["error", "warning"],
    typer.Option(
        "--fail-on",
        help="The mildest finding that gives exit code 3: an error is a row rejected or uncategorised, "
        "a warning one worth a look, such as a duplicate.",
    ),
]


@gathered
def check(  # noqa: PLR0913 - three of these are gathered from many, five are its own
    *,
    options: RunOptions,
    output: OutputOptions,
    reading: TextOptions,
    exports: ExportsArgument = None,
    listing: ListOption = None,
    quarantine: QuarantineOption = None,
    fail_on: FailOnOption = "error",
    foi: FoiOption = False,
    minutes: MinutesOption = None,
    text: TextOption = False,
    quality: QualityOption = False,
) -> None:
    """Check records and their categories; report what is wrong, where, and how to mend it."""
    special = sum(map(bool, (listing, foi, quality, text)))
    if special > 1 or (minutes and not foi):
        hint = "use one of --list, --foi, --quality and --text; --minutes belongs to --foi"
        raise UsageError("--list, --foi, --quality and --text each give a report of its own", hint=hint)
    fmt = output.format_or(Format.TABLE)
    from cc_categorise import api, pipeline, render  # noqa: PLC0415 - start-up time

    with progress(output) as on_bytes:
        outcome = api.run(exports or (), options, on_bytes)
    refuse_exports(filter(None, [output.output]), outcome.settled.run.exports)
    colour, marking = colour_wanted(output), output.marking
    findings = pipeline.findings_of(outcome) if not special or quarantine else []
    is_good = True
    if text:
        from cc_categorise.consistency import hold_against_text  # noqa: PLC0415 - loads the model

        with progress(output, WORTH_A_BAR) as on_bytes:
            listings = hold_against_text(outcome, reading, on_bytes)
        shown = render.render_listings(listings, fmt, marking=marking)
    elif special:
        headers, rows, is_good = _report(outcome, listing, minutes, quality=quality)
        shown = render.render_listing(headers, rows, fmt, marking=marking)
    else:
        shown = render.render_findings(findings, outcome.report, fmt, colour=colour, marking=marking)
    if quarantine is not None:
        _write_quarantine(outcome, findings, quarantine, output)
    give(shown, output)
    say(*sentences(outcome, output))
    if not outcome.is_clean or not is_good or (fail_on == "warning" and outcome.report.findings):
        raise typer.Exit(EXIT_FINDINGS)


def _report(
    outcome: Outcome, listing: str | None, minutes: float | None, *, quality: bool
) -> tuple[tuple[str, ...], list[tuple[str | int, ...]], bool]:
    """Give headers and rows of the report asked for, and whether it finds no fault."""
    from cc_categorise import lookup  # noqa: PLC0415 - start-up time
    from cc_categorise import quality as measured  # noqa: PLC0415

    if quality:
        return measured.COLUMNS, *measured.report(outcome)
    return *(lookup.listing(outcome, listing) if listing else lookup.reading_effort(outcome, minutes)), True


def _write_quarantine(outcome: Outcome, findings: list[Finding], folder: Path, output: OutputOptions) -> None:
    from cc_categorise import lookup, render  # noqa: PLC0415 - start-up time

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise OutputError(f"the folder cannot be made: {err.strerror}", where=folder.as_posix()) from None
    n_formulas = 0
    for part in lookup.quarantine(outcome, findings):
        found = render.render_findings(part.findings, outcome.report, Format.CSV)
        files = {"valid": lines_of_csv(part.valid), "invalid": lines_of_csv(part.invalid), "findings": [found]}
        paths = {kind: folder / f"{part.stem}.{kind}.csv" for kind in files}
        refuse_exports(paths.values(), outcome.settled.run.exports)
        for kind, pieces in files.items():
            write_file(paths[kind], pieces)
        n_formulas += part.n_formulas()
    if not output.quiet:
        say(f"whole rows were written to {folder.as_posix()}: handle them as you handle the export")
    if n_formulas:
        say(f"{n_formulas:,} cells in them begin as a formula does (= + - @) and are kept so: open the files as text")
