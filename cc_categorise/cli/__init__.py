"""The door: what is typed → a call of `pipeline`, and its result → standard output, messages, an exit code.

The only room that knows options, streams and exit codes; it does no arithmetic and lays nothing out.  A command
imports what it needs when it runs, so that ``--help`` stays quick.  Here the commands are gathered into one program.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Annotated

import typer

from cc_categorise import __version__
from cc_categorise.cli.door import OneDoor, give
from cc_categorise.options import OutputOptions

_COMMANDS = {
    "count": ("count", "count"),
    "check": ("check", "check"),
    "assign": ("assign", "assign"),
    "explain": ("learn", "explain"),
    "learn": ("learn", "learn"),
    "evaluate": ("learn", "evaluate"),
    "return": ("release", "make_return"),
    "verify": ("release", "verify"),
    "compare": ("compare", "compare"),
    "pack": ("compare", "pack"),
    "schema": ("profile", "schema"),
    "review": ("review", "review"),
    "categories": ("categories", "group"),
    "profile": ("profile", "profile"),
}
"""Each command, or group of commands: its module in this room, and its name there; groups come last."""


_ABOUT = ("", "-h", "--help", "--version")
"""Words in place of a command for which no command is run."""


def program(wanted: str | None = None) -> typer.Typer:
    """Gather the commands, or only the one that is wanted: a run does not wait for the options of all others."""
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
    app.callback()(_options)
    for name in (wanted,) if wanted in _COMMANDS else _COMMANDS:
        module, function = _COMMANDS[name]
        command = getattr(import_module(f"cc_categorise.cli.{module}"), function)
        is_group = isinstance(command, typer.Typer)
        if wanted in _ABOUT:
            app.command(name, help=command.info.help if is_group else command.__doc__)(lambda: None)  # only shown
        elif is_group:
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        give(f"cc-categorise {__version__}\n", OutputOptions())
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def _import_pydantic() -> None:
    """Import pydantic, which Typer reads the options of a command with, as a program without plugins needs it.

    It looks for plugins with a module that takes as long to import as Python takes to start, even where they are
    switched off, as here.  So one that finds none stands in its place for that moment, and whoever asks later gets the
    real one.
    """
    name = "importlib.metadata"
    if name in sys.modules:
        return
    sys.modules[name] = stand_in = ModuleType(name)
    stand_in.entry_points = lambda **_: ()  # type: ignore[attr-defined]
    try:
        from pydantic import TypeAdapter  # noqa: PLC0415 - start-up time

        TypeAdapter(bool)  # the first rule that is built looks for plugins
    finally:
        del sys.modules[name]


def main() -> None:
    """Run the program."""
    wanted = "".join(sys.argv[1:2])
    if wanted in _COMMANDS:
        _import_pydantic()
    program(wanted)()
