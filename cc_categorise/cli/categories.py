"""``cc-categorise categories``: the scheme itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import give, say
from cc_categorise.cli.options import gathered
from cc_categorise.options import Format, OutputOptions

categories = typer.Typer(
    help="Show and check the category scheme.", rich_markup_mode=None, no_args_is_help=True, add_completion=False
)
SchemeOption = Annotated[
    Path | None,
    typer.Option("--scheme", metavar="FILE", envvar="CC_CATEGORISE_SCHEME", show_envvar=False, help="Another scheme."),
]


@categories.command("list")
@gathered
def list_categories(output: OutputOptions, scheme: SchemeOption = None) -> None:
    """List the categories: number, code, title."""
    from cc_categorise import render  # noqa: PLC0415 - start-up time
    from cc_categorise.scheme import load_scheme  # noqa: PLC0415

    rows = [(category.no, category.code, category.title) for category in load_scheme(scheme).scheme.categories]
    fmt = output.format_or(Format.TABLE)
    give(render.render_listing(("no", "category_code", "category"), rows, fmt), output)


@categories.command("show")
@gathered
def show_category(
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="Code, number or title.")],
    output: OutputOptions,
    scheme: SchemeOption = None,
) -> None:
    """Show one category: definition, what it includes and excludes, other wordings, sources."""
    from cc_categorise import pipeline, render  # noqa: PLC0415 - start-up time

    rows = pipeline.describe_category(scheme, category)
    fmt = output.format_or(Format.TABLE)
    give(render.render_listing(("what", "text", "source"), rows, fmt), output)


@categories.command("check")
def check_scheme(
    scheme: Annotated[Path, typer.Argument(metavar="FILE", help="Category scheme (YAML).")],
) -> None:
    """Check an edited scheme: every broken rule is named with its line."""
    from cc_categorise import pipeline  # noqa: PLC0415 - start-up time

    say(pipeline.check_scheme(scheme))
