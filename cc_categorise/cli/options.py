"""Every shared option, declared once, and how typed text becomes `RunOptions`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial, wraps
from operator import not_
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from cc_categorise.errors import DelimiterError, UsageError
from cc_categorise.options import (
    SENSITIVE,
    Allowance,
    Format,
    OutputOptions,
    ReleaseOptions,
    RunOptions,
    TextOptions,
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


# --- what can be typed for the options of each kind, by name; their types and defaults stand in `cc_categorise.options`

_TYPED: dict[Any, dict[str, Any]] = {
    RunOptions: {
        "scheme": _option("--scheme", "Another category scheme (YAML).", "FILE"),
        "profile": _option("--profile", "Column profile (YAML).", "FILE"),
        "profile_map": _repeatable(
            "--profile-map", "Profile of exports with FORCE in their name, or a map in YAML", "FORCE=FILE|FILE"
        ),
        "columns": _repeatable("--map", "Name the column of a field", "FIELD=HEADER"),
        "encoding": _option("--encoding", "Encoding; else found: BOM, UTF-8, Windows-1252.", "NAME"),
        "delimiter": _option("--delimiter", "Delimiter; else found in the header line.", "CHAR"),
        "sheet": _option("--sheet", "Sheet of a workbook; else found by its header.", "NAME"),
        "from_db": _option("--from-db", "Database: sqlite:///PATH, or an address of SQLAlchemy.", "URL"),
        "query": _option("--query", "What to ask the database; read-only.", "SQL|@FILE"),
        "decisions": _option("--decisions", "What people decided about single records (JSON Lines).", "FILE"),
        "count_by": _option("--count-by", "Date that decides the year; else received, else recorded."),
        "year": _option("--year", "How time is cut; else financial."),
        "start": _option("--from", "First day that counts.", "DATE"),
        "end": _option("--to", "Last day that counts.", "DATE"),
        "periods": _repeatable("--period", "Only this year, quarter or month, as 2022/23", "PERIOD"),
        "as_at": _option("--as-at", "Day of the export; later dates are rejected. Else today.", "DATE"),
        "by": _repeatable("--by", "Break down by this column", "COLUMN"),
        "basis": _option("--basis", "Count records (primary), or every category of each (all)."),
        "allowance": _option("--allow-rejects", "Rows that may fail before the exit code is 3.", "N|P%"),
        "workers": typer.Option(
            "--workers", min=1, metavar="N", help="Processes that read large files; else one a core."
        ),
    },
    TextOptions: {
        "phrases": _option("--phrases", "More indicator phrases, of your own (YAML).", "FILE"),
        "model": _option("--model", "A model that learn has saved.", "FILE"),
        "vectors": typer.Option(
            "--vectors/--no-vectors", help="Sentence vectors; else used if installed.", show_default=False
        ),
        "review_below": typer.Option(
            "--review-below", metavar="P", min=0, max=1, help="Confidence below which a person has to look."
        ),
        "show_text": typer.Option("--show-text", help="Let record text into the output."),
    },
    OutputOptions: {
        "format": _option("--format -f", "Layout of the result."),
        "layout": _option("--layout", "One row per count, or one column per year."),
        "output": typer.Option("--output", "-o", metavar="FILE", help="Write here; the ending says the format."),
        "quiet": typer.Option("--quiet", "-q", help="Say nothing but errors."),
        "verbose": typer.Option("--verbose", "-v", help="Say which columns were used for what."),
        "no_progress": typer.Option("--no-progress", help="Draw no progress bar."),
        "marking": _option("--marking", "Handling marking of an HTML page or workbook; else OFFICIAL-SENSITIVE."),
    },
    ReleaseOptions: {
        "years_back": typer.Option("--years-back", min=0, max=50, help="Years before the period to show."),
        "policy": _option("--policy", "Disclosure policy (YAML); else suppress, threshold 5.", "FILE"),
        "published": _repeatable("--published", "An earlier release, whose figures readers know", "DIR"),
        "workforce": _option("--workforce", "Denominators (CSV): adds rates.", "FILE"),
        "per": typer.Option("--per", min=1, max=100_000, help="Rates per so many of the workforce."),
        "marking": _option("--marking", "Handling marking; else OFFICIAL, exact counts OFFICIAL-SENSITIVE."),
        "repair": typer.Option("--no-repair", help="Refuse rather than suppress further cells."),
    },
}
_UNLESS_TYPED = {
    (RunOptions, "workers"): None,
    (OutputOptions, "marking"): SENSITIVE,
    (ReleaseOptions, "repair"): False,
}
"""Defaults of what is typed, where they are not those of the value."""

# --- options that commands take by themselves too

ExportsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="EXPORT", help="Files, folders, patterns, or - for standard input.")
]
SchemeOption = Annotated[Path | None, _TYPED[RunOptions]["scheme"]]
FileOption = Annotated[Path | None, _TYPED[OutputOptions]["output"]]
ChartOption = Annotated[
    Path | None,
    typer.Option(
        "--chart", metavar="FILE", callback=_picture, help="Draw the categories over the years, as .svg or .png."
    ),
]
_FILES = ("encoding", "delimiter", "sheet", "from_db", "query")
ReadingOptions = Annotated[RunOptions, "scheme", "profile", "profile_map", "columns", *_FILES, "decisions"]
"""Of all options of a run, those that say how exports are read."""
ListOptions = Annotated[OutputOptions, "format", "output"]
"""Of those that say how a result is given, what a small list needs."""
MeasuringOptions = Annotated[TextOptions, "phrases", "model", "vectors", "review_below"]
LearningOptions = Annotated[TextOptions, "model", "vectors"]
"""Of those that say how texts are read, what figures depend on; and what a model is learnt from."""


# --- typed text becomes values


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
    "marking": marking_of,
    "repair": not_,
}


def _value(value: Any) -> Any:  # noqa: ANN401 - of any option
    return tuple(value) if isinstance(value, list) else value


def _built(options: Any, typed: Mapping[str, Any], ctx: typer.Context) -> Any:  # noqa: ANN401 - any named tuple of options
    """Build options from what was typed; what was not stays at its default."""
    read = {name: _READ.get(name, _value)(value) for name, value in typed.items() if value is not None}
    if options is RunOptions:
        read = {"workers": None, **read}  # one a core, for commands without the option too
    built = options(**read)
    if options is OutputOptions and "format" in typed:
        source = ctx.get_parameter_source("format")
        if built.output and source is not None and source.name == "ENVIRONMENT":
            built = built._replace(format=None)  # the ending of the file goes first
        built.format_or(Format.TABLE)  # before anything is read
    return built


def command_group(about: str) -> typer.Typer:
    """Make a command of commands."""
    return typer.Typer(help=about, rich_markup_mode=None, no_args_is_help=True, add_completion=False)


def gathered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options above in place of one parameter each; names in an annotation say which of them.

    A named tuple of a command's own options is gathered too.
    """
    hints = get_type_hints(command, include_extras=True)
    parameters = [inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    gathers: dict[str, tuple[Any, list[str]]] = {}
    for parameter in inspect.signature(command).parameters.values():
        hint = hints[parameter.name]
        options, *names = get_args(hint) or (hint,)
        if hasattr(options, "_fields"):
            taken = [option for option in _declared_by(options) if not names or option.name in names]
            gathers[parameter.name] = options, [option.name for option in taken]
            parameters += taken
        else:
            parameters.append(parameter.replace(annotation=hint, kind=inspect.Parameter.KEYWORD_ONLY))

    @wraps(command)
    def gathering(ctx: typer.Context, **typed: Any) -> None:  # noqa: ANN401 - as Typer hands them over
        for name, (options, taken) in gathers.items():
            typed = {name: _built(options, {key: typed.pop(key) for key in taken}, ctx), **typed}
        command(**typed)

    gathering.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    gathering.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del gathering.__wrapped__  # or Typer would read the signature behind it
    return gathering


@cache
def _declared_by(options: Any) -> tuple[inspect.Parameter, ...]:  # noqa: ANN401 - any named tuple of options
    """Give a parameter for each option that can be typed; a command's own options say in their types how."""
    hints = get_type_hints(options, localns={"Path": Path, "date": date}, include_extras=True)
    declared = _TYPED.get(options, dict.fromkeys(hints))
    parameters = []
    for name, option in declared.items():
        hint, default = _as_typed(hints[name]), options._field_defaults.get(name)
        parameters.append(
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=_UNLESS_TYPED.get((options, name), default if hint == hints[name] else None),
                annotation=Annotated[hint, option] if option else hint,
            )
        )
    return tuple(parameters)


def _as_typed(hint: Any) -> Any:  # noqa: ANN401 - any type
    """Give the type that is typed for one: an option is repeated for a tuple, a day or an allowance is a text."""
    if get_origin(hint) is tuple:
        return list[Path] | None if Path in get_args(hint) else list[str] | None
    return str | None if hint in (date | None, Allowance) else hint
