"""``cc-categorise review``: people decide about doubtful records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cc_categorise.cli import door
from cc_categorise.cli.options import (
    ExportsArgument,
    FileOption,
    ListOptions,
    ReadingOptions,
    SchemeOption,
    command_group,
    day_of,
    gathered,
)
from cc_categorise.errors import EXIT_FINDINGS, MissingExtraError, UsageError
from cc_categorise.options import OutputOptions, RunOptions, TextOptions

if TYPE_CHECKING:
    from cc_categorise.assign import Assigned, Assigning

review = command_group("Decide about doubtful records: on a sheet, or on the screen; compare two people's decisions.")
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides: name or role.")]
OnOption = Annotated[str | None, typer.Option("--on", metavar="DATE", help="Day of the decisions; else today.")]
NewDecisions = Annotated[
    Path, typer.Option("--decisions", metavar="FILE", help="Where decisions are added (JSON Lines).")
]
PersonsDecisions = Annotated[Path, typer.Argument(metavar="FILE", help="Decisions of one person.")]


@review.command("make")
@gathered
def make_sheet(
    *,
    options: ReadingOptions,
    text: TextOptions,
    exports: ExportsArgument = None,
    output: FileOption = None,
    blind: Annotated[bool, typer.Option("--blind", help="Leave the suggestions out.")] = False,
) -> None:
    """Write the doubtful records to a sheet to fill in: a workbook (.xlsx) or CSV, with their text."""
    if output is None or output.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError("review make writes a file that ends in .xlsx or .csv", hint="--output review.xlsx")
    from cc_categorise.render.as_csv import csv_of  # noqa: PLC0415 - start-up time
    from cc_categorise.render.workbooks import review_book  # noqa: PLC0415
    from cc_categorise.review import choices, sheet  # noqa: PLC0415

    run, records = _doubtful(exports, options, text, output)
    header, rows = sheet(run, records, blind=blind)
    is_csv = output.suffix.lower() == ".csv"
    data = csv_of(header, rows) if is_csv else review_book(header, rows, choices(run.scheme), "cc_decision")
    door.write_file(output, [data])
    written = "whole rows were written: handle the file as the export"
    door.say(*run.notes, f"records to decide about: {len(rows):,}; {written}")


@review.command("apply")
@gathered
def apply_sheet(  # noqa: PLR0913 - one for each option
    *,
    sheet: Annotated[Path, typer.Argument(metavar="SHEET", help="A sheet that was filled in.")],
    decisions: NewDecisions,
    by: ByOption,
    output: ListOptions,
    on: OnOption = None,
    scheme: SchemeOption = None,
) -> None:
    """Read a filled sheet, and add its decisions to the file of decisions; those that stand are not added twice."""
    from cc_categorise.api import today  # noqa: PLC0415 - start-up time
    from cc_categorise.decisions import read_decisions  # noqa: PLC0415
    from cc_categorise.figures import Listing  # noqa: PLC0415
    from cc_categorise.review import read_sheet  # noqa: PLC0415
    from cc_categorise.scheme import load_scheme  # noqa: PLC0415

    _keep(output, sheet, decisions)
    categories = load_scheme(scheme).scheme
    standing = read_decisions(decisions, categories.codes, may_be_absent=True)
    filled = read_sheet(sheet, categories, by=_name(by), on=day_of("--on", on) or today())
    new = standing.new(filled.decisions)
    door.append_lines(decisions, (decision.line for decision in new), torn=standing.torn)
    door.say(f"added {len(new):,}, stood already {len(filled.decisions) - len(new):,}, left blank {filled.n_blank:,}")
    if filled.unread:
        columns = ("row", "reference", "code", "suggestion")
        door.show(Listing(columns, filled.unread), output)
        raise typer.Exit(EXIT_FINDINGS)


@review.command("screen")
@gathered
def on_screen(
    *, options: ReadingOptions, text: TextOptions, by: ByOption, on: OnOption = None, exports: ExportsArgument = None
) -> None:
    """Decide on the screen, one record at a time; each decision is on the disk at once."""
    if options.decisions is None:
        raise UsageError("review screen needs --decisions", hint="--decisions decisions.jsonl; it is made if need be")
    try:
        from cc_categorise.cli.screen import ReviewScreen  # noqa: PLC0415 - loads Textual
    except ModuleNotFoundError:
        hint = "pip install 'cc-categorise[review]'; or review make, which needs nothing"
        raise MissingExtraError("the screen needs the extra [review]", hint=hint) from None

    from cc_categorise.api import today  # noqa: PLC0415 - start-up time

    door.need_terminal()
    run, records = _doubtful(exports, options, text)
    app = ReviewScreen(run, records, options.decisions, by=_name(by), on=day_of("--on", on) or today())
    app.run()
    door.say(*run.notes, f"records decided: {app.n_decided:,} of {len(records):,}")


@review.command("compare")
@gathered
def compare_decisions(
    output: ListOptions, first: PersonsDecisions, second: PersonsDecisions, scheme: SchemeOption = None
) -> None:
    """Compare the decisions of two people on the same records: agreement, kappa, and what is left to settle."""
    from cc_categorise.decisions import read_decisions  # noqa: PLC0415 - start-up time
    from cc_categorise.review import compare  # noqa: PLC0415
    from cc_categorise.scheme import load_scheme  # noqa: PLC0415

    _keep(output, first, second)
    categories = load_scheme(scheme).scheme
    one, other = (read_decisions(path, categories.codes).standing for path in (first, second))
    door.show(compare(one, other, categories), output)


def _keep(output: OutputOptions, *paths: Path) -> None:
    """Make sure that none of these files would be replaced."""
    if output.output and output.output.resolve() in map(Path.resolve, paths):
        raise UsageError("the output would replace a file in use", where=output.output.name, hint="write elsewhere")


def _doubtful(
    exports: list[str] | None, options: RunOptions, text: TextOptions, output: Path | None = None
) -> tuple[Assigning, list[Assigned]]:
    from cc_categorise.assign import Assigning  # noqa: PLC0415 - start-up time
    from cc_categorise.review import doubtful  # noqa: PLC0415

    run = Assigning(exports or (), options, text, new_decisions=True)
    door.refuse_exports(run.exports, output, options.decisions)
    with door.progress(OutputOptions(), door.TEXTS_WORTH_A_BAR) as on_bytes:
        records = doubtful(run, run.rows(on_bytes))
    for fault in ("without reference", "out of shape"):
        if n := run.said[fault]:
            run.notes.append(f"{fault}, and so not to be decided about: {n:,}")
    return run, records


def _name(by: str) -> str:
    if not by.strip():
        raise UsageError("--by has to say who decides")
    return by.strip()
