"""``cc-categorise categories``: the scheme itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import progress, refuse_exports, say, sentences, show
from cc_categorise.cli.options import ExportsArgument, ListOptions, SchemeOption, command_group, gathered
from cc_categorise.errors import EXIT_FINDINGS, UsageError
from cc_categorise.options import OutputOptions, RunOptions

group = command_group("Show, check and compare category schemes and crosswalks.")
crosswalk = command_group("Check crosswalks: what local labels mean.")
group.add_typer(crosswalk, name="crosswalk")


@group.command("list")
@gathered
def list_categories(output: ListOptions, scheme: SchemeOption = None) -> None:
    """List the categories: number, code, title."""
    from cc_categorise.figures import Listing  # noqa: PLC0415 - start-up time
    from cc_categorise.scheme import load_scheme  # noqa: PLC0415

    rows = [(category.no, category.code, category.title) for category in load_scheme(scheme).scheme.categories]
    show(Listing(("no", "category_code", "category"), rows), output)


@group.command("show")
@gathered
def show_category(
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="Code, number or title.")],
    output: ListOptions,
    scheme: SchemeOption = None,
) -> None:
    """Show one category: definition, what it includes and excludes, other wordings, sources."""
    from cc_categorise import categories  # noqa: PLC0415 - start-up time

    show(categories.describe_category(scheme, category), output)


@group.command("check")
def check_scheme(scheme: Annotated[Path, typer.Argument(metavar="FILE", help="Category scheme (YAML).")]) -> None:
    """Check an edited scheme: every broken rule is named with its line."""
    from cc_categorise import categories  # noqa: PLC0415 - start-up time

    say(categories.check_scheme(scheme))


EditionArgument = typer.Argument(metavar="EDITION", help="Edition that is shipped, such as 2020-08, or a file.")


@group.command("diff")
@gathered
def diff_editions(  # noqa: PLR0913 - two of these are gathered from many
    *,
    options: RunOptions,
    output: OutputOptions,
    before: Annotated[Path, EditionArgument],
    after: Annotated[Path, EditionArgument],
    exports: ExportsArgument = None,
    impact: Annotated[bool, typer.Option("--impact", help="Count EXPORT by both: what moves.")] = False,
) -> None:
    """Compare two editions of the scheme; with --impact, say what the change does to the counts of exports."""
    if options.scheme or impact is not bool(exports or options.from_db):
        raise UsageError("the two schemes are named first; --impact needs exports, and they need --impact")
    from cc_categorise import categories  # noqa: PLC0415 - start-up time
    from cc_categorise.figures import Listing  # noqa: PLC0415
    from cc_categorise.scheme import load_scheme  # noqa: PLC0415

    pair = load_scheme(before).scheme, load_scheme(after).scheme
    if not impact:
        show(Listing(categories.DIFF_COLUMNS, categories.diff(*pair)), output)
        return
    with progress(output) as on_bytes:
        rows, (_, outcome) = categories.impact(before, after, exports or (), options, on_bytes)
    refuse_exports(outcome.settled.run.exports, output.output)
    show(Listing(categories.IMPACT_COLUMNS, rows), output)
    say(*sentences(outcome, output), *(() if output.quiet else categories.doubts(*pair)))


@crosswalk.command("check")
@gathered
def check_crosswalk(
    *,
    options: RunOptions,
    output: OutputOptions,
    name: Annotated[
        str, typer.Argument(metavar="CROSSWALK", help="Crosswalk file (YAML), or the name of a shipped one.")
    ],
    exports: ExportsArgument = None,
) -> None:
    """Flag rows of a crosswalk, and labels of exports, that are ambiguous, redundant, unused or unmatched."""
    from cc_categorise import categories  # noqa: PLC0415 - start-up time
    from cc_categorise.figures import Listing  # noqa: PLC0415

    with progress(output) as on_bytes:
        rows, outcome = categories.check_crosswalk(name, exports or (), options, on_bytes)
    if outcome:
        refuse_exports(outcome.settled.run.exports, output.output)
    show(Listing(categories.CHECK_COLUMNS, rows), output)
    if outcome:
        said = ["labels of the exports may stand in this list: handle it as you handle them"] * (not output.quiet)
        say(*sentences(outcome, output), *said)
    if rows:
        raise typer.Exit(EXIT_FINDINGS)
