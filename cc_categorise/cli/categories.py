"""``cc-categorise categories``: the scheme itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cc_categorise.cli.door import give, say
from cc_categorise.cli.options import FileOption, FormatOption, SchemeOption
from cc_categorise.options import Format, OutputOptions

categories = typer.Typer(
    help="Show and check the category scheme.", rich_markup_mode=None, no_args_is_help=True, add_completion=False
)


@categories.command("list")
def list_categories(fmt: FormatOption = None, output: FileOption = None, scheme: SchemeOption = None) -> None:
    """List the categories: number, code, title."""
    from cc_categorise import render  # noqa: PLC0415 - start-up time
    from cc_categorise.scheme import load_scheme  # noqa: PLC0415

    rows = [(category.no, category.code, category.title) for category in load_scheme(scheme).scheme.categories]
    chosen = OutputOptions(fmt, output=output)
    give(render.render_listing(("no", "category_code", "category"), rows, chosen.format_or(Format.TABLE)), chosen)


@categories.command("show")
def show_category(
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="Code, number or title.")],
    fmt: FormatOption = None,
    output: FileOption = None,
    scheme: SchemeOption = None,
) -> None:
    """Show one category: definition, what it includes and excludes, other wordings, sources."""
    from cc_categorise import pipeline, render  # noqa: PLC0415 - start-up time

    rows = pipeline.describe_category(scheme, category)
    chosen = OutputOptions(fmt, output=output)
    give(render.render_listing(("what", "text", "source"), rows, chosen.format_or(Format.TABLE)), chosen)


@categories.command("check")
def check_scheme(
    scheme: Annotated[Path, typer.Argument(metavar="FILE", help="Category scheme (YAML).")],
) -> None:
    """Check an edited scheme: every broken rule is named with its line."""
    from cc_categorise import pipeline  # noqa: PLC0415 - start-up time

    say(pipeline.check_scheme(scheme))
