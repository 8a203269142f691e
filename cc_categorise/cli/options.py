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


def _option(*names: str, about: str, metavar: str | None = None, is_set_by_environment: bool = True) -> Any:  # noqa: ANN401 - as Typer takes it
    """Declare an option; the environment can set it too, as CC_CATEGORISE_ and its name, if it takes one value."""
    env = "CC_CATEGORISE_" + names[0].lstrip("-").replace("-", "_").upper() if is_set_by_environment else None
    return typer.Option(*names, help=about, metavar=metavar, envvar=env, show_envvar=False, show_default=False)


def _repeatable(name: str, metavar: str, about: str) -> Any:  # noqa: ANN401 - as Typer takes it
    return _option(name, metavar=metavar, about=f"{about}; repeatable.", is_set_by_environment=False)


ReadingOptions = Annotated[RunOptions, "of these, only what says how exports are read"]
_READING = (
    "scheme",
    "profile",
    "profile_map",
    "columns",
    "encoding",
    "delimiter",
    "sheet",
    "from_db",
    "query",
    "decisions",
)
MeasuringOptions = Annotated[TextOptions, "of these, only what figures depend on"]
LearningOptions = Annotated[TextOptions, "of these, only what a model is learnt from"]
_TAKEN: dict[Any, tuple[str, ...]] = {
    ReadingOptions: _READING,
    MeasuringOptions: ("phrases", "model", "vectors", "review_below"),
    LearningOptions: ("model", "vectors"),
}
ExportsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="EXPORT", help="Files, folders, patterns, or - for standard input.")
]
SchemeOption = Annotated[Path | None, _option("--scheme", metavar="FILE", about="Another category scheme (YAML).")]
ProfileOption = Annotated[Path | None, _option("--profile", metavar="FILE", about="Column profile (YAML).")]
ProfileMapOption = Annotated[
    list[str] | None,
    _repeatable("--profile-map", "FORCE=FILE|FILE", "Profile of exports with FORCE in their name, or a map in YAML"),
]
MapOption = Annotated[list[str] | None, _repeatable("--map", "FIELD=HEADER", "Name the column of a field")]
EncodingOption = Annotated[
    str | None, _option("--encoding", metavar="NAME", about="Encoding; else found: BOM, UTF-8, Windows-1252.")
]
DelimiterOption = Annotated[
    str | None, _option("--delimiter", metavar="CHAR", about="Delimiter; else found in the header line.")
]
SheetOption = Annotated[
    str | None, _option("--sheet", metavar="NAME", about="Sheet of a workbook; else found by its header.")
]
DatabaseOption = Annotated[
    str | None, _option("--from-db", metavar="URL", about="Database: sqlite:///PATH, or an address of SQLAlchemy.")
]
QueryOption = Annotated[
    str | None, _option("--query", metavar="SQL|@FILE", about="What to ask the database; read-only.")
]
DecisionsOption = Annotated[
    Path | None, _option("--decisions", metavar="FILE", about="What people decided about single records (JSON Lines).")
]
CountByOption = Annotated[
    CountBy | None, _option("--count-by", about="Date that decides the year; else received, else recorded.")
]
YearOption = Annotated[YearBasis | None, _option("--year", about="How time is cut; else financial.")]
FromOption = Annotated[str | None, _option("--from", metavar="DATE", about="First day that counts.")]
ToOption = Annotated[str | None, _option("--to", metavar="DATE", about="Last day that counts.")]
PeriodOption = Annotated[
    list[str] | None, _repeatable("--period", "PERIOD", "Only this year, quarter or month, as 2022/23")
]
AsAtOption = Annotated[
    str | None, _option("--as-at", metavar="DATE", about="Day of the export; later dates are rejected. Else today.")
]
ByOption = Annotated[list[str] | None, _repeatable("--by", "COLUMN", "Break down by this column")]
BasisOption = Annotated[
    Basis | None, _option("--basis", about="Count records (primary), or every category of each (all).")
]
AllowOption = Annotated[
    str | None, _option("--allow-rejects", metavar="N|P%", about="Rows that may fail before the exit code is 3.")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="N", help="Processes that read large files; else one a core.")
]
FormatOption = Annotated[Format | None, _option("--format", "-f", about="Layout of the result.")]
LayoutOption = Annotated[Layout | None, _option("--layout", about="One row per count, or one column per year.")]
FileOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here; the ending says the format.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say which columns were used for what.")]
NoProgressOption = Annotated[bool, typer.Option("--no-progress", help="Draw no progress bar.")]


def _svg(path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() != ".svg":
        raise UsageError("--chart writes SVG alone", hint="end the file in .svg: browsers and word processors show it")
    return path


ChartOption = Annotated[
    Path | None,
    typer.Option("--chart", metavar="FILE.svg", callback=_svg, help="Draw the categories over the years here, as SVG."),
]
FolderOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="DIR", help="Write here; DIR.private stays with the force.")
]
YearsBackOption = Annotated[int, typer.Option("--years-back", min=0, max=50, help="Years before the period to show.")]
PolicyOption = Annotated[
    Path | None, _option("--policy", metavar="FILE", about="Disclosure policy (YAML); else suppress, threshold 5.")
]
PublishedOption = Annotated[
    list[Path] | None, _repeatable("--published", "DIR", "An earlier release, whose figures readers know")
]
WorkforceOption = Annotated[
    Path | None, _option("--workforce", metavar="FILE", about="Denominators (CSV): adds rates.")
]
PerOption = Annotated[int, typer.Option("--per", min=1, max=100_000, help="Rates per so many of the workforce.")]
MarkingOption = Annotated[
    str | None, _option("--marking", about="Handling marking; else OFFICIAL, exact counts OFFICIAL-SENSITIVE.")
]
PageMarkingOption = Annotated[
    str, _option("--marking", about="Handling marking of an HTML page; else OFFICIAL-SENSITIVE.")
]


def release_options(  # noqa: PLR0913 - this is the list of all options of a release
    *,
    years_back: YearsBackOption = 4,
    policy: PolicyOption = None,
    published: PublishedOption = None,
    workforce: WorkforceOption = None,
    per: PerOption = 1000,
    marking: MarkingOption = None,
    no_repair: Annotated[bool, typer.Option("--no-repair", help="Refuse rather than suppress further cells.")] = False,
) -> ReleaseOptions:
    """Gather the options of a release."""
    marked = None if marking is None else marking_of(marking)
    return ReleaseOptions(years_back, policy, tuple(published or ()), workforce, per, marked, repair=not no_repair)


def run_options(  # noqa: PLR0913 - this is the list of all shared options
    *,
    scheme: SchemeOption = None,
    profile: ProfileOption = None,
    profile_map: ProfileMapOption = None,
    columns: MapOption = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    sheet: SheetOption = None,
    from_db: DatabaseOption = None,
    query: QueryOption = None,
    decisions: DecisionsOption = None,
    count_by: CountByOption = None,
    year: YearOption = None,
    start: FromOption = None,
    end: ToOption = None,
    periods: PeriodOption = None,
    as_at: AsAtOption = None,
    by: ByOption = None,
    basis: BasisOption = None,
    allow_rejects: AllowOption = None,
    workers: WorkersOption = None,
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
        decisions=decisions,
        count_by=count_by,
        year=year,
        start=day_of("--from", start),
        end=day_of("--to", end),
        periods=tuple(periods or ()),
        as_at=day_of("--as-at", as_at),
        by=tuple(by or ()),
        basis=basis or Basis.PRIMARY,
        allowance=Allowance.parse(allow_rejects) if allow_rejects else Allowance(),
        workers=workers,
    )


def text_options(
    *,
    phrases: Annotated[
        Path | None, _option("--phrases", metavar="FILE", about="More indicator phrases, of your own (YAML).")
    ] = None,
    model: Annotated[Path | None, _option("--model", metavar="FILE", about="A model that learn has saved.")] = None,
    vectors: Annotated[
        bool | None,
        typer.Option("--vectors/--no-vectors", help="Sentence vectors; else used if installed.", show_default=False),
    ] = None,
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
    ] = None,
    show_text: Annotated[bool, typer.Option("--show-text", help="Let record text into the output.")] = False,
) -> TextOptions:
    """Gather the options that say how record text is read."""
    return TextOptions(phrases, model, vectors, review_below, show_text)


def output_options(  # noqa: PLR0913 - this is the list of all shared options
    *,
    ctx: typer.Context,
    format: FormatOption = None,  # noqa: A002
    layout: LayoutOption = None,
    output: FileOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_progress: NoProgressOption = False,
    marking: PageMarkingOption = SENSITIVE,
) -> OutputOptions:
    """Gather the options of an output."""
    source = ctx.get_parameter_source("format")
    preset = format if source is not None and source.name == "ENVIRONMENT" else None
    marked = marking_of(marking)
    return OutputOptions(None if preset else format, layout, output, quiet, verbose, no_progress, preset, marked)


def gathered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the parameters of the functions above in place of one parameter each."""
    builders: dict[Any, Callable[..., Any]] = {
        RunOptions: run_options,
        ReadingOptions: run_options,
        TextOptions: text_options,
        MeasuringOptions: text_options,
        LearningOptions: text_options,
        OutputOptions: output_options,
        ReleaseOptions: release_options,
    }
    hints = get_type_hints(command, include_extras=True)
    parameters: list[inspect.Parameter] = []
    built: dict[str, tuple[Callable[..., Any], list[str]]] = {}
    for parameter in inspect.signature(command).parameters.values():
        builder = builders.get(hints[parameter.name])
        if builder is None:
            kind = inspect.Parameter.KEYWORD_ONLY
            parameters.append(parameter.replace(annotation=hints[parameter.name], kind=kind))
            continue
        taken = [p for p in _parameters_of(builder) if _is_taken(p.name, hints[parameter.name])]
        built[parameter.name] = builder, [p.name for p in taken]
        parameters += taken

    @functools.wraps(command)
    def gathering(**typed: Any) -> None:  # noqa: ANN401 - as Typer hands them over
        for name, (builder, taken) in built.items():
            typed = {name: builder(**{key: typed.pop(key) for key in taken}), **typed}
        command(**typed)

    gathering.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    gathering.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del gathering.__wrapped__  # or Typer would read the signature behind it
    return gathering


@functools.cache
def _parameters_of(builder: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    own = get_type_hints(builder, include_extras=True)
    return tuple(p.replace(annotation=own[p.name]) for p in inspect.signature(builder).parameters.values())


def _is_taken(name: str, hint: object) -> bool:
    return name in _TAKEN.get(hint, (name,))


def _field_and_header(text: str) -> tuple[str, str]:
    field, equals, header = text.partition("=")
    if not equals or not field.strip() or not header.strip():
        raise UsageError("--map takes a field and a header", hint="for example --map received_on='Date in'")
    return field.strip().casefold().replace(" ", "_").replace("-", "_"), header.strip()


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
