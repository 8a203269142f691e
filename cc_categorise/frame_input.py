"""A data frame of any engine → a survey: the engine joins and groups, the rules of every cell are those of a file.

Of each column that is used the distinct values are collected and judged.  Their numbers are joined back, so that the
engine can count rows by what their cells mean.  Rows that need more than that are collected whole and read as a
table of text is: those of a repeated reference, and those that may be blank, a header or a footer.  Takes a frame,
returns a `Survey`.  Knows nothing of what a judge decides, nor of layout.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import takewhile
from typing import Any, NamedTuple, cast

import narwhals.stable.v2 as nw
import pyarrow as pa  # noqa: F401 - what engines give and take small tables in
from narwhals.exceptions import DuplicateError

from cc_categorise.errors import AmbiguousColumnError, MissingColumnError, UsageError
from cc_categorise.model import cell_text
from cc_categorise.plan import Run
from cc_categorise.read.cells import CellTable, cell_of
from cc_categorise.read.table import RowFilter
from cc_categorise.survey import Flag, Position, Survey, TablePlan, force_of, references_of
from cc_categorise.validate import Distinct

Engine = nw.LazyFrame[Any]
Small = nw.DataFrame[Any]

_NAME = "data frame"
_KINDS = "pandas, Polars, PyArrow, DuckDB or PySpark"
_ROW = "row"
_NOT_ITS_OWN_TEXT = "[^ -~]|^ | $|^$"
"""What a reference has that `references_of` may change: any sign but plain ASCII, spaces at its ends, or nothing."""

_FIRST = 3
"""So many columns are looked at for the first filled cell of a row before the whole row is collected."""

_PLAIN, _EMPTY, _HEADER = range(3)
"""What a row may be by its counted date: a record; blank or a footer as well; or a header."""


class OpenFrame(NamedTuple):
    """A data frame, ready to be asked."""

    engine: Engine  # the frame, its columns named by their positions
    names: Sequence[str]  # those names, in order
    order: Sequence[str]  # columns that say which of the rows of one reference is the first
    table: CellTable  # its header; and its rows that were collected, once they are


def open_frame(frame: object, order_by: Sequence[str] = ()) -> OpenFrame:
    """Take a frame of any engine.

    Raises:
        UsageError: The frame is of no kind that can be counted.
        AmbiguousColumnError: Two of its columns have one name.
        MissingColumnError: It has no such column to be put in order by.
    """
    try:
        given: Engine | Small | None = nw.from_native(cast("Any", frame))
    except TypeError:
        raise UsageError("this is no data frame that can be counted", hint=f"give one of {_KINDS}") from None
    except DuplicateError:
        given = None
    header = () if given is None else tuple(map(str, given.columns))
    if given is None or len(set(header)) < len(header):
        raise AmbiguousColumnError("two columns have the same name", where=_NAME, hint="rename one of them")
    if missing := [name for name in order_by if name not in header]:
        raise MissingColumnError(f"no column {missing[0]!r}", where=_NAME, hint="order_by takes names of columns")
    names = [f"c{i}" for i in range(len(header))]
    order = [names[header.index(name)] for name in order_by]
    kind, numbered = given.implementation, dict(zip(given.columns, names, strict=True))
    if isinstance(given, nw.DataFrame):
        engine = _with_simple_cells(given.rename(numbered)).with_row_index(_ROW).lazy()
        order.append(_ROW)
    elif kind.is_polars():
        engine = nw.from_native(given.rename(numbered).to_native().with_row_index(_ROW))
        order.append(_ROW)
    elif kind.is_duckdb():
        engine = given.rename(numbered)
    elif kind.is_pyspark() or kind.is_pyspark_connect():
        engine = nw.from_native(given.to_native().toDF(*names))  # Spark alone would read a dot in a name as a path
    else:
        raise UsageError("this engine's data frames cannot be counted", hint=f"give one of {_KINDS}")
    found = f"{kind.value}, {len(header)} columns"
    return OpenFrame(engine, names, order, CellTable(_NAME, "", header, 0, found, 0, 0, []))


def _with_simple_cells(frame: Small) -> Small:
    """Make text of the columns whose values an engine in memory cannot join on: mixed, nested or unknown types."""
    simple = (nw.String, nw.Boolean, nw.Date, nw.Datetime, nw.Decimal)
    texts = [
        nw.new_series(name, _texts(frame[name]), nw.String, backend=frame.implementation)
        for name, kind in frame.schema.items()
        if not (kind.is_numeric() or isinstance(kind, simple))
    ]
    return frame.with_columns(*texts)


def _texts(values: nw.Series[Any]) -> list[str]:
    """Give the texts of values; what is missing is blank, however the engine says it."""
    pairs = zip(values.to_list(), values.is_null().to_list(), strict=True)
    return [
        "" if is_null or (isinstance(value, float) and math.isnan(value)) else cell_of(value)
        for value, is_null in pairs
    ]


def survey_frame(frame: OpenFrame, run: Run) -> Survey:
    """Count the rows of a frame by what their cells mean; its table gets the rows that are collected."""
    (plan,) = run.plans
    survey = Survey(run.plans)
    engine, keys = _with_meanings(frame, plan)
    apart = (nw.col("look") == _HEADER) | ((nw.col("look") == _EMPTY) & ~nw.col("is_record"))
    if plan.reference is not None:
        engine = _with_repeats(engine, frame, plan)
        keys, apart = [*keys, "is_blank"], apart | nw.col("is_repeated")
    rows = engine.filter(apart)
    if _ROW in frame.order:
        rows = frame.engine.join(rows.select(_ROW), on=_ROW, how="semi")
    frame.table.rows = _in_order(rows.select(*dict.fromkeys([*frame.names, *frame.order])).collect(), frame, plan)
    survey.read(0, frame.table.blocks(), lambda _: None)
    left = engine.select(*keys, apart.alias("is_apart")).filter(~nw.col("is_apart"))
    for row in left.group_by(*keys).agg(nw.len().alias("n_rows")).collect().iter_rows(named=True):
        _add(survey, plan, {key: int(row[key]) for key in keys}, int(row["n_rows"]))
    return survey


def _with_meanings(frame: OpenFrame, plan: TablePlan) -> tuple[Engine, list[str]]:
    """Join on the number of what each cell is read as; give the frame, and the names of the numbers."""
    judges, rows_of, forces = plan.judges, plan.filter(), dict[str, int]()
    read: list[tuple[str, Position, Distinct]] = [
        ("label", plan.dated(plan.category), judges.label),
        ("further", plan.dated(plan.further), judges.further),
        *((f"by {i}", plan.by[i], judge) for i, judge in enumerate(judges.by)),
    ]
    several = {name: (position, judge) for name, position, judge in read if isinstance(position, tuple)}
    wanted: list[tuple[str, int | None, Callable[[str], int]]] = [
        ("day", plan.day[0], judges.day.__getitem__),
        *((name, position, judge.__getitem__) for name, position, judge in read if not isinstance(position, tuple)),
        *((name, position, judges.other_dates[name].__getitem__) for position, name in plan.other_dates),
    ]
    keys = [*(name for name, *_ in wanted), *several]
    wanted.append(("look", plan.day[0], partial(_look, rows_of, cell_text(frame.table.header[plan.day[0]]))))
    if plan.reference is not None:
        wanted.append(("force", plan.force, lambda text: forces.setdefault(force_of(plan, text), len(forces))))
    uses: dict[int, dict[str, Callable[[str], int]]] = defaultdict(dict)
    for name, position, judge in wanted:
        if position is not None:
            uses[position][name] = judge
    apart = {position for positions, _ in several.values() for position in positions}
    used = [frame.names[position] for position in (*uses, *apart, plan.reference) if position is not None]
    # What no engine in memory need carry through the joins can be fetched by the rows' numbers.
    carried = [*used, _ROW] if _ROW in frame.order else [*frame.names, *frame.order]
    absent = [nw.lit(judge("")).alias(name) for name, position, judge in wanted if position is None]
    engine = frame.engine.select(*dict.fromkeys(carried), _is_record(frame, plan).alias("is_record"), *absent)
    for position, judged in uses.items():
        engine = _joined(engine, frame.names[position], engine, judged, nw.Int64())
    return _joined_on_several(engine, frame, several), keys


def _joined_on_several(
    engine: Engine, frame: OpenFrame, several: Mapping[str, tuple[tuple[int, ...], Distinct]]
) -> Engine:
    """Join on the number of what several cells of a row are read as together: a label, and the day it is of."""
    numbers: dict[str, int] = {}
    for position in sorted({position for positions, _ in several.values() for position in positions}):
        number = {f"text {position}": lambda text: numbers.setdefault(text, len(numbers))}
        engine = _joined(engine, frame.names[position], engine, number, nw.Int64())
    texts = list(numbers)
    for name, (positions, judge) in several.items():
        columns = [f"text {position}" for position in positions]
        values = engine.select(*columns).unique().collect()
        made = [judge[tuple(texts[number] for number in row)] for row in values.select(*columns).iter_rows()]
        series = nw.new_series(name, made, nw.Int64(), backend=values.implementation)
        engine = _left_join(engine, values.with_columns(series), columns)
    return engine


def _joined(
    engine: Engine, column: str, among: Engine, uses: Mapping[str, Callable[[str], int | str]], kind: nw.dtypes.DType
) -> Engine:
    """Collect the distinct values of a column among some rows, and join on what each use makes of the text of each."""
    values = among.select(column).drop_nulls().unique().collect()
    blank = {name: make("") for name, make in uses.items()}
    if not len(values):
        return engine.with_columns(*(nw.lit(value).alias(name) for name, value in blank.items()))
    texts = _texts(values[column])
    made = [
        nw.new_series(name, list(map(make, texts)), kind, backend=values.implementation) for name, make in uses.items()
    ]
    joined = _left_join(engine, values.with_columns(*made), [column])
    return joined.with_columns(*(nw.col(name).fill_null(value).cast(kind) for name, value in blank.items()))


def _left_join(engine: Engine, small: Small, on: Sequence[str]) -> Engine:
    """Join a small table on, in the engine that holds the frame."""
    native = engine.to_native()
    if engine.implementation.is_duckdb():
        # Asked through the frame, its own connection sees this variable; relations of two cannot be joined.
        small_table = small.to_arrow()  # noqa: F841
        other = nw.from_native(native.query("cc_categorise", "select * from small_table"))
    elif engine.implementation.is_pyspark() or engine.implementation.is_pyspark_connect():
        other = nw.from_native(native.sparkSession.createDataFrame(small.to_arrow()))
    else:
        other = small.lazy()
    return engine.join(other, on=list(on), how="left")


def _look(rows_of: RowFilter, header: str, text: str) -> int:
    """Say what a row may be besides a record, by its counted date."""
    if not rows_of.is_odd(text):
        return _PLAIN
    return _HEADER if cell_text(text) == header else _EMPTY


def _is_record(frame: OpenFrame, plan: TablePlan) -> nw.Expr:
    """Say of which rows it is plain that they are no blank row and no footer: their first filled cell begins none."""
    kinds = frame.engine.collect_schema()
    footer = plan.filter().footer
    first = takewhile(lambda name: not (kinds[name].is_nested() or kinds[name].is_float()), frame.names[:_FIRST])
    cells = [_text(name, kinds[name]) for name in first]
    if not cells or not footer.isascii():
        return nw.lit(value=False)
    cell = nw.coalesce(*cells)
    is_odd = cell.str.contains(_NOT_ITS_OWN_TEXT) | cell.str.contains(f"(?i)^(?:{footer})")
    return ~(is_odd.fill_null(value=True) | cell.is_null())  # pandas says that nothing contains nothing


def _text(name: str, kind: nw.dtypes.DType) -> nw.Expr:
    """Give a column as the engine writes it, null where it is null."""
    column = nw.col(name)
    return column if isinstance(kind, nw.String) else nw.when(~column.is_null()).then(column.cast(nw.String))


def _with_repeats(engine: Engine, frame: OpenFrame, plan: TablePlan) -> Engine:
    """Say of each row whether its reference is blank, and whether another record of its force has it too."""
    assert plan.reference is not None  # noqa: S101 - asked for only where there are references
    column = frame.names[plan.reference]
    kind = frame.engine.collect_schema()[column]
    among, own = engine, nw.col("own")
    if isinstance(kind, nw.String) or kind.is_integer():
        # There are as many as rows, and most are their own text: only the others are judged.
        text = _text(column, kind)
        is_odd = text.str.contains(_NOT_ITS_OWN_TEXT) | text.str.to_lowercase().is_in(
            ["", *sorted(plan.profile.cell_rules.missing)]
        )
        among = engine.select(column).filter(is_odd)
        own = nw.when(is_odd).then(own).otherwise(text)
    engine = _joined(engine, column, among, {"own": lambda text: references_of(plan, [text])[0]}, nw.String())
    engine = engine.with_columns(own.fill_null("").alias("reference"))
    engine = engine.with_columns((nw.col("reference") == "").cast(nw.Int64).alias("is_blank"))
    on = ["force", "reference"]
    known = engine.select(*on, "day", "is_blank").filter(nw.col("day") >= 0, nw.col("is_blank") == 0)
    alike = known.group_by(*on).agg(nw.len().alias("n_alike")).filter(nw.col("n_alike") > 1).collect()
    if not len(alike):
        return engine.with_columns(nw.lit(value=False).alias("is_repeated"))
    return _left_join(engine, alike, on).with_columns((~nw.col("n_alike").is_null()).alias("is_repeated"))


def _in_order(collected: Small, frame: OpenFrame, plan: TablePlan) -> list[list[str]]:
    """Give rows as texts: in the order asked for, else by period and cells, so that no engine's chance decides."""
    rows = [list(row) for row in zip(*(_texts(collected[name]) for name in frame.names), strict=True)]
    places = zip(*(collected[name].to_list() for name in frame.order), strict=True) if frame.order else [()] * len(rows)
    judge = plan.judges.day

    def place(row: tuple[tuple[Any, ...], list[str]]) -> tuple[Any, ...]:
        period = judge.answer(judge[row[1][plan.day[0]]]).period
        return [(value is not None, value) for value in row[0]], period is None, period, row[1]

    return [cells for _, cells in sorted(zip(places, rows, strict=True), key=place)]


def _add(survey: Survey, plan: TablePlan, key: Mapping[str, int], n: int) -> None:
    """Add rows that are alike in all that is counted or told."""
    judges = plan.judges
    survey.rows_read += n
    survey.counts[(key["day"], key["label"], key["further"], *(key[f"by {i}"] for i in range(len(judges.by))))] += n
    if key["day"] == judges.out_of_period:
        return
    fields = {"day": plan.day[1], "label": "category", "further": "further_categories"}
    fields |= {name: name for _, name in plan.other_dates}
    for name, field in fields.items():
        if key[name] < 0:
            survey.unplaced[Flag(0, field, key[name])] += n
    if key.get("is_blank"):
        survey.unplaced[Flag(0, "reference", code="blank-reference")] += n
