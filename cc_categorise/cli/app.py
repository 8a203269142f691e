"""The commands, gathered into one program."""

from __future__ import annotations

from typing import Annotated

import typer

from cc_categorise import __version__
from cc_categorise.cli.assign import assign
from cc_categorise.cli.categories import categories
from cc_categorise.cli.check import check
from cc_categorise.cli.compare import compare
from cc_categorise.cli.count import count
from cc_categorise.cli.door import OneDoor, give
from cc_categorise.cli.evaluate import evaluate
from cc_categorise.cli.explain import explain
from cc_categorise.cli.learn import learn
from cc_categorise.cli.pack import pack
from cc_categorise.cli.profile import profile
from cc_categorise.cli.release import make_return, verify
from cc_categorise.cli.review import review
from cc_categorise.cli.schema import schema
from cc_categorise.options import OutputOptions

app = typer.Typer(
    cls=OneDoor,
    name="cc-categorise",
    help=(
        "Counts counter-corruption intelligence records in the 12 national categories, by year.\n\n"
        "Results go to standard output; everything said to a person goes to standard error. Record text is never "
        "printed. Nothing is sent over a network."
    ),
    epilog="Exit codes: 0 clean, 2 usage, 3 findings, 4 unusable input, 5 cannot write, 130 interrupted.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(count)
app.command()(check)
app.command()(assign)
app.command()(explain)
app.add_typer(review, name="review")
app.command()(learn)
app.command()(evaluate)
app.command("return")(make_return)
app.command()(verify)
app.command()(compare)
app.command()(pack)
app.add_typer(categories, name="categories")
app.add_typer(profile, name="profile")
app.command()(schema)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        give(f"cc-categorise {__version__}\n", OutputOptions())
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the program."""
    app()
