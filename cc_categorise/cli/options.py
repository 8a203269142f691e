"""Every shared option, declared once, and how typed text becomes `RunOptions`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from cc_categorise.errors import UsageError
from cc_categorise.options import (
    Allowance,
    Basis,
    CountBy,
    Format,
    Layout,
    OutputOptions,
    RunOptions,
    YearBasis,
)

ExportsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="EXPORT", help="Files, folders, patterns, or - for standard input.")
]


def _option(*names: str, help: str, metavar: str | None = None) -> Any:  # noqa: A002, ANN401 - as Typer calls it
    """Declare an option that the environment can set too, as CC_CATEGORISE_ and its name."""
    env = "CC_CATEGORISE_" + names[0].lstrip("-").replace("-", "_").upper()
    return typer.Option(*names, help=help, metavar=metavar, envvar=env, show_envvar=False, show_default=False)


def run_options(  # noqa: PLR0913 - this is the list of all shared options
    *,
    scheme: Annotated[Path | None, _option("--scheme", metavar="FILE", help="Another category scheme (YAML).")] = None,
    profile: Annotated[Path | None, _option("--profile", metavar="FILE", help="Column profile (YAML).")] = None,
    profile_map: Annotated[
        list[str] | None,
        typer.Option(
            "--profile-map",
            metavar="FORCE=FILE|FILE",
            help="Profile of the exports with FORCE in their name, or a YAML map of files to profiles; repeatable.",
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=HEADER", help="Name the column of a field; repeatable."),
    ] = None,
    encoding: Annotated[
        str | None, _option("--encoding", metavar="NAME", help="Encoding; else found: BOM, UTF-8, Windows-1252.")
    ] = None,
    delimiter: Annotated[
        str | None, _option("--delimiter", metavar="CHAR", help="Delimiter; else found in the header line.")
    ] = None,
    sheet: Annotated[
        str | None, _option("--sheet", metavar="NAME", help="Sheet of a workbook; else found by its header.")
    ] = None,
    from_db: Annotated[
        str | None,
        _option("--from-db", metavar="URL", help="Database to query: sqlite:///PATH, or an address of SQLAlchemy."),
    ] = None,
    query: Annotated[
        str | None, typer.Option("--query", metavar="SQL|@FILE", help="What to ask the database; read-only.")
    ] = None,
    count_by: Annotated[
        CountBy | None, _option("--count-by", help="Date that decides the year; else received, else recorded.")
    ] = None,
    year: Annotated[YearBasis | None, _option("--year", help="How time is cut; else financial.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day that counts.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day that counts.")] = None,
    periods: Annotated[
        list[str] | None,
        typer.Option("--period", metavar="PERIOD", help="Only this year, quarter or month, as 2022/23; repeatable."),
    ] = None,
    as_at: Annotated[
        str | None,
        _option("--as-at", metavar="DATE", help="Day the export was taken; later dates are rejected. Else today."),
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="COLUMN", help="Break down by this column; repeatable.")
    ] = None,
    basis: Annotated[
        Basis | None, _option("--basis", help="Count records (primary), or every category of each (all).")
    ] = None,
    allow_rejects: Annotated[
        str | None,
        _option("--allow-rejects", metavar="N|P%", help="Rows that may fail before the exit code is 3."),
    ] = None,
) -> RunOptions:
    """Gather the options of a run.

    Raises:
        UsageError: An option's text cannot be read.
    """
    return RunOptions(
        scheme=scheme,
        profile=profile,
        profile_map=tuple(profile_map or ()),
        columns=tuple(map(_field_and_header, columns or ())),
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        from_db=from_db,
        query=query,
        count_by=count_by,
        year=year,
        start=_day("--from", start),
        end=_day("--to", end),
        periods=tuple(periods or ()),
        as_at=_day("--as-at", as_at),
        by=tuple(by or ()),
        basis=basis or Basis.PRIMARY,
        allowance=Allowance.parse(allow_rejects) if allow_rejects else Allowance(),
    )


def output_options(  # noqa: PLR0913 - this is the list of all shared options
    *,
    format: Annotated[Format | None, _option("--format", "-f", help="Layout of the result.")] = None,  # noqa: A002
    layout: Annotated[Layout | None, _option("--layout", help="One row per count, or one column per year.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here; the ending says the format."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say which columns were used for what.")] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Draw no progress bar.")] = False,
) -> OutputOptions:
    """Gather the options of an output."""
    return OutputOptions(format, layout, output, quiet, verbose, no_progress)


def gathered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the parameters of `run_options` and `output_options` in place of one parameter each."""
    builders: dict[Any, Callable[..., Any]] = {RunOptions: run_options, OutputOptions: output_options}
    hints = get_type_hints(command, include_extras=True)
    parameters: list[inspect.Parameter] = []
    built: dict[str, Callable[..., Any]] = {}
    for parameter in inspect.signature(command).parameters.values():
        builder = builders.get(hints[parameter.name])
        if builder is None:
            kind = inspect.Parameter.KEYWORD_ONLY
            parameters.append(parameter.replace(annotation=hints[parameter.name], kind=kind))
            continue
        built[parameter.name] = builder
        own = get_type_hints(builder, include_extras=True)
        parameters += [p.replace(annotation=own[p.name]) for p in inspect.signature(builder).parameters.values()]

    @functools.wraps(command)
    def gathering(**typed: Any) -> None:  # noqa: ANN401 - as Typer hands them over
        for name, builder in built.items():
            taken = inspect.signature(builder).parameters
            typed = {name: builder(**{key: typed.pop(key) for key in taken}), **typed}
        command(**typed)

    gathering.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    gathering.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del gathering.__wrapped__  # or Typer would read the signature behind it
    return gathering


def _field_and_header(text: str) -> tuple[str, str]:
    field, equals, header = text.partition("=")
    if not equals or not field.strip() or not header.strip():
        raise UsageError("--map takes a field and a header", hint="for example --map received_on='Date in'")
    return field.strip().casefold().replace(" ", "_").replace("-", "_"), header.strip()


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    from cc_categorise.dates import DateError, read_day  # noqa: PLC0415 - start-up time

    try:
        return read_day(text)
    except DateError:
        raise UsageError(f"{option} does not give a day", hint="write 2023-04-01 or 01/04/2023") from None
