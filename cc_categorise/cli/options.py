"""Every shared option, declared once, and how typed text becomes `RunOptions`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial, wraps
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import typer

from cc_categorise.errors import DelimiterError, UsageError
from cc_categorise.options import (
    SENSITIVE,
    Allowance,
    Basis,
    CountBy,
    Format,
    Layout,
    OutputOptions,
    ReleaseOptions,
    RunOptions,
    TextOptions,
    YearBasis,
    marking_of,
)


def _option(names: str, about: str, metavar: str | None = None) -> Any:  # noqa: ANN401 - as Typer takes it
    """Declare an option of one value; the environment can set it too, as CC_CATEGORISE_ and its name."""
    first, *others = names.split()
    env = "CC_CATEGORISE_" + first.lstrip("-").replace("-", "_").upper()
    return typer.Option(first, *others, help=about, metavar=metavar, envvar=env, show_envvar=False, show_default=False)


def _repeatable(name: str, about: str, metavar: str) -> Any:  # noqa: ANN401 - as Typer takes it
    return typer.Option(name, help=f"{about}; repeatable.", metavar=metavar, show_default=False)


def _picture(path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in (".svg", ".png"):
        raise UsageError("--chart writes SVG or PNG", hint="end the file in .svg or .png")
    return path


# --- options that commands take by themselves too

ExportsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="EXPORT", help="Files, folders, patterns, or - for standard input.")
]
SchemeOption = Annotated[Path | None, _option("--scheme", "Another category scheme (YAML).", "FILE")]
FormatOption = Annotated[Format | None, _option("--format -f", "Layout of the result.")]
FileOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here; the ending says the format.")
]
ChartOption = Annotated[
    Path | None,
    typer.Option(
        "--chart", metavar="FILE", callback=_picture, help="Draw the categories over the years, as .svg or .png."
    ),
]


# --- options that are gathered into one value


class _Run:
    """What can be typed for `RunOptions`, by its names; what is left out stays as it is there."""

    scheme: SchemeOption = None
    profile: Annotated[Path | None, _option("--profile", "Column profile (YAML).", "FILE")] = None
    profile_map: Annotated[
        list[str] | None,
        _repeatable(
            "--profile-map", "Profile of exports with FORCE in their name, or a map in YAML", "FORCE=FILE|FILE"
        ),
    ] = None
    columns: Annotated[list[str] | None, _repeatable("--map", "Name the column of a field", "FIELD=HEADER")] = None
    encoding: Annotated[
        str | None, _option("--encoding", "Encoding; else found: BOM, UTF-8, Windows-1252.", "NAME")
    ] = None
    delimiter: Annotated[str | None, _option("--delimiter", "Delimiter; else found in the header line.", "CHAR")] = None
    sheet: Annotated[str | None, _option("--sheet", "Sheet of a workbook; else found by its header.", "NAME")] = None
    from_db: Annotated[
        str | None, _option("--from-db", "Database: sqlite:///PATH, or an address of SQLAlchemy.", "URL")
    ] = None
    query: Annotated[str | None, _option("--query", "What to ask the database; read-only.", "SQL|@FILE")] = None
    decisions: Annotated[
        Path | None, _option("--decisions", "What people decided about single records (JSON Lines).", "FILE")
    ] = None
    count_by: Annotated[
        CountBy | None, _option("--count-by", "Date that decides the year; else received, else recorded.")
    ] = None
    year: Annotated[YearBasis | None, _option("--year", "How time is cut; else financial.")] = None
    start: Annotated[str | None, _option("--from", "First day that counts.", "DATE")] = None
    end: Annotated[str | None, _option("--to", "Last day that counts.", "DATE")] = None
    periods: Annotated[
        list[str] | None, _repeatable("--period", "Only this year, quarter or month, as 2022/23", "PERIOD")
    ] = None
    as_at: Annotated[
        str | None, _option("--as-at", "Day of the export; later dates are rejected. Else today.", "DATE")
    ] = None
    by: Annotated[list[str] | None, _repeatable("--by", "Break down by this column", "COLUMN")] = None
    basis: Annotated[Basis | None, _option("--basis", "Count records (primary), or every category of each (all).")] = (
        None
    )
    allowance: Annotated[
        str | None, _option("--allow-rejects", "Rows that may fail before the exit code is 3.", "N|P%")
    ] = None
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, metavar="N", help="Processes that read large files; else one a core."),
    ] = None


def _run_options(typed: Mapping[str, Any]) -> RunOptions:
    read = {name: _READ.get(name, _value)(value) for name, value in typed.items() if value is not None}
    return RunOptions(**{"workers": None, **read})


def _value(value: Any) -> Any:  # noqa: ANN401 - of any option
    return tuple(value) if isinstance(value, list) else value


def _field_and_header(text: str) -> tuple[str, str]:
    field, equals, header = text.partition("=")
    if not equals or not field.strip() or not header.strip():
        raise UsageError("--map takes a field and a header", hint="for example --map received_on='Date in'")
    return field.strip().casefold().replace(" ", "_").replace("-", "_"), header.strip()


def _delimiter(text: str) -> str:
    from cc_categorise.read.header import as_delimiter  # noqa: PLC0415 - start-up time

    try:
        as_delimiter(text)
    except DelimiterError as err:
        raise UsageError(f"--delimiter: {err.message}", hint=err.hint) from None
    return text


def day_of(option: str, text: str | None) -> date | None:
    """Read the day that an option gives.

    Raises:
        UsageError: It gives none.
    """
    if text is None:
        return None
    from cc_categorise.dates import DateError, read_day  # noqa: PLC0415 - start-up time

    try:
        return read_day(text)
    except DateError:
        raise UsageError(f"{option} does not give a day", hint="write 2023-04-01 or 01/04/2023") from None


_READ: dict[str, Callable[[Any], Any]] = {
    "columns": lambda texts: tuple(map(_field_and_header, texts)),
    "delimiter": _delimiter,
    "start": partial(day_of, "--from"),
    "end": partial(day_of, "--to"),
    "as_at": partial(day_of, "--as-at"),
    "allowance": Allowance.parse,
}


class _Text:
    phrases: Annotated[Path | None, _option("--phrases", "More indicator phrases, of your own (YAML).", "FILE")] = None
    model: Annotated[Path | None, _option("--model", "A model that learn has saved.", "FILE")] = None
    vectors: Annotated[
        bool | None,
        typer.Option("--vectors/--no-vectors", help="Sentence vectors; else used if installed.", show_default=False),
    ] = None
    review_below: Annotated[
        float | None,
        typer.Option(
            "--review-below",
            metavar="P",
            min=0,
            max=1,
            help="Confidence below which a person has to look.",
            show_default=False,
        ),
    ] = None
    show_text: Annotated[bool, typer.Option("--show-text", help="Let record text into the output.")] = False


class _Output:
    ctx: typer.Context
    format: FormatOption = None
    layout: Annotated[Layout | None, _option("--layout", "One row per count, or one column per year.")] = None
    output: FileOption = None
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say which columns were used for what.")] = False
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Draw no progress bar.")] = False
    marking: Annotated[str, _option("--marking", "Handling marking of an HTML page; else OFFICIAL-SENSITIVE.")] = (
        SENSITIVE
    )


def _output_options(typed: dict[str, Any]) -> OutputOptions:
    context = typed.pop("ctx", None)
    source = context and context.get_parameter_source("format")
    if source is not None and source.name == "ENVIRONMENT":
        typed["preset"] = typed.pop("format")
    if "marking" in typed:
        typed["marking"] = marking_of(typed["marking"])
    return OutputOptions(**typed)


class _Release:
    years_back: Annotated[int, typer.Option("--years-back", min=0, max=50, help="Years before the period to show.")] = 4
    policy: Annotated[
        Path | None, _option("--policy", "Disclosure policy (YAML); else suppress, threshold 5.", "FILE")
    ] = None
    published: Annotated[
        list[Path] | None, _repeatable("--published", "An earlier release, whose figures readers know", "DIR")
    ] = None
    workforce: Annotated[Path | None, _option("--workforce", "Denominators (CSV): adds rates.", "FILE")] = None
    per: Annotated[int, typer.Option("--per", min=1, max=100_000, help="Rates per so many of the workforce.")] = 1000
    marking: Annotated[
        str | None, _option("--marking", "Handling marking; else OFFICIAL, exact counts OFFICIAL-SENSITIVE.")
    ] = None
    no_repair: Annotated[bool, typer.Option("--no-repair", help="Refuse rather than suppress further cells.")] = False


def _release_options(typed: dict[str, Any]) -> ReleaseOptions:
    given = {name: _value(value) for name, value in typed.items() if value is not None}
    repair = not given.pop("no_repair", False)
    if "marking" in given:
        given["marking"] = marking_of(given["marking"])
    return ReleaseOptions(**given, repair=repair)


_GATHERED: dict[Any, tuple[type, Callable[[dict[str, Any]], Any]]] = {
    RunOptions: (_Run, _run_options),
    TextOptions: (_Text, lambda typed: TextOptions(**typed)),
    OutputOptions: (_Output, _output_options),
    ReleaseOptions: (_Release, _release_options),
}
_FILES = ("encoding", "delimiter", "sheet", "from_db", "query")
ReadingOptions = Annotated[RunOptions, "scheme", "profile", "profile_map", "columns", *_FILES, "decisions"]
"""Of all options of a run, those that say how exports are read."""
MeasuringOptions = Annotated[TextOptions, "phrases", "model", "vectors", "review_below"]
LearningOptions = Annotated[TextOptions, "model", "vectors"]
"""Of those that say how texts are read, what figures depend on; and what a model is learnt from."""


def command_group(about: str) -> typer.Typer:
    """Make a command of commands."""
    return typer.Typer(help=about, rich_markup_mode=None, no_args_is_help=True, add_completion=False)


def gathered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options above in place of one parameter each; names in an annotation say which of them.

    A named tuple of a command's own options is gathered too.
    """
    hints = get_type_hints(command, include_extras=True)
    parameters: list[inspect.Parameter] = []
    built: dict[str, tuple[Callable[..., Any], list[str]]] = {}
    for parameter in inspect.signature(command).parameters.values():
        value, *names = get_args(hints[parameter.name]) or (hints[parameter.name],)
        if value not in _GATHERED and not hasattr(value, "_fields"):
            kind = inspect.Parameter.KEYWORD_ONLY
            parameters.append(parameter.replace(annotation=hints[parameter.name], kind=kind))
            continue
        declared, build = _GATHERED.get(value, (value, lambda typed, of=value: of(**typed)))
        taken = [option for option in _declared_by(declared) if not names or option.name in names]
        built[parameter.name] = build, [option.name for option in taken]
        parameters += taken

    @wraps(command)
    def gathering(**typed: Any) -> None:  # noqa: ANN401 - as Typer hands them over
        for name, (build, taken) in built.items():
            typed = {name: build({key: typed.pop(key) for key in taken}), **typed}
        command(**typed)

    gathering.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    gathering.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del gathering.__wrapped__  # or Typer would read the signature behind it
    return gathering


@cache
def _declared_by(options: type) -> tuple[inspect.Parameter, ...]:
    hints = get_type_hints(options, include_extras=True)
    defaults = getattr(options, "_field_defaults", vars(options))
    kind, none = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.empty
    return tuple(
        inspect.Parameter(name, kind, default=defaults.get(name, none), annotation=hint) for name, hint in hints.items()
    )
