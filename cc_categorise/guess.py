"""What a profile could say of exports, and whether a profile fits them.

Takes exports, and a profile; returns a profile to edit, as text, or sentences.  A guessed profile holds headers and
frequent category labels, never another cell, and what would take a guess stands in it as a comment.  Knows nothing
of terminals, or of how a file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from cc_categorise.categorise.labels import LabelReader, as_written, further_labels
from cc_categorise.dates import BUILT_IN_FORMATS, read_day
from cc_categorise.errors import ProfileError
from cc_categorise.facts import LOOKS, Column, Facts
from cc_categorise.model import FIELDS, cell_text
from cc_categorise.options import RunOptions
from cc_categorise.plan import Run, open_exports, plan_run
from cc_categorise.profile import MISSING_TOKENS, Profile
from cc_categorise.read.columns import HeaderRules
from cc_categorise.read.exports import Export
from cc_categorise.scheme import load_scheme
from cc_categorise.survey import Survey

_OFTEN = 3
_N_LABELS = 30
_DECISION = ("category", "decided_by", "decided_on", "reason")
_LONGEST_LABEL = 60
_READ_ANYWAY = ("%d/%m/%Y", "%d-%m-%Y")


def guess_profile(arguments: Iterable[str | Path], options: RunOptions) -> tuple[str, Sequence[Export]]:
    """Write a profile to edit: what was found in exports, and as comments what a person has to decide.

    Returns:
        The profile, and the exports it was made from.

    Raises:
        CategoriseError: A file, scheme or option cannot be used, or no row of a file is its header.
    """
    scheme = load_scheme(options.scheme).scheme
    missing = Profile().cell_rules.missing
    facts = Facts(LabelReader(scheme, (), missing), missing)
    # Every header is the force's own: where none is known it is the first row, unless that may be a record.
    _, opened, _ = open_exports(arguments, options, any_header=True)
    for one in opened:
        facts.take(one.table, one.columns)
    sections = (
        _about(facts),
        _said_of_columns(facts),
        _said_of_files(facts, options),
        _said_of_dates([column for column in facts.columns.values() if column.forms]),
        _said_of_rows(facts),
        _said_of_labels(facts, {category.title: category.code for category in scheme.categories}),
    )
    texts = ("\n".join(map(_on_one_line, section)) for section in sections)
    return "\n\n".join(filter(None, texts)) + "\n", [one.export for one in opened]


def _on_one_line(text: str) -> str:
    """Keep a comment a comment, whatever a file or sheet is called."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _quoted(text: str) -> str:
    """Write a text for YAML; what cannot be printed, by its number."""
    signs = ("\\" + c if c in '"\\' else c if c.isprintable() else f"\\U{ord(c):08X}" for c in text)
    return f'"{"".join(signs)}"'


def _n(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s'[: number != 1]}"


def _about(facts: Facts) -> Iterator[str]:
    yield "# yaml-language-server: $schema=profile.schema.json"
    yield "# (for editors that check as you type: cc-categorise schema profile -o profile.schema.json)"
    yield "#"
    yield f"# A profile to edit, guessed from {_n(facts.n_rows, 'row')}. Nothing behind a # is in force."
    for table in facts.tables:
        header = f", header in row {table.header_row}" if table.header_row else ""
        yield f"#   {table.name}: {table.found}{header}"
    yield "schema_version: 1"
    yield "# name: what these exports are"
    yield "# force: the force, where no column says so"


def _said_of_columns(facts: Facts) -> Iterator[str]:
    columns = [*facts.columns.values()]
    matched = [column.field_name for column in columns if column.field_name]
    lines = []
    for column in sorted((c for c in columns if c.field_name), key=lambda column: FIELDS.index(column.field_name)):
        doubt = ""
        if len(column.tables) < len(facts.tables):
            doubt = "not in every export"
        elif column.is_twice:
            doubt = "two columns have this header: rename one"
        elif matched.count(column.field_name) > 1:
            doubt = "choose one header"
        mark, remark = ("# ", f"  # {doubt}") if doubt else ("", "")
        lines.append(f"  {mark}{column.field_name}: {_quoted(column.header)}{remark}")
    yield "columns:" if any(not line.startswith("  #") for line in lines) else "# columns:"
    yield from lines
    others = [column for column in columns if not column.field_name]
    if others:
        yield "  # not matched to any field; docs/profiles.md lists the fields:"
    for column in others:
        name = column.looks if column.looks not in matched else ""
        looks = column.looks and f"  # looks like {LOOKS[column.looks]}"
        yield f"  # {name or 'FIELD'}: {_quoted(column.header)}{looks}"


def _said_of_files(facts: Facts, options: RunOptions) -> Iterator[str]:
    chosen = {"sheet": options.sheet, "encoding": options.encoding, "delimiter": options.delimiter}
    yield from (f"{key}: {_quoted(value)}" for key, value in chosen.items() if value)
    rows = {table.header_row for table in facts.tables}
    if len(rows) == 1 and max(rows) > 1:
        yield f"header_row: {max(rows)}"


def _said_of_dates(columns: list[Column]) -> Iterator[str]:
    if columns:
        yield "# Dates, by the form they are written in:"
    for column in columns:
        forms = sorted(column.forms.items(), key=lambda item: (-item[1], item[0]))
        name = f"{column.field_name} = " if column.field_name else ""
        yield f"#   {name}{_quoted(column.header)}: {', '.join(f'{n:,} {form}' for form, n in forms)}"
    month_first = [column for column in columns if column.n_first("month") > column.n_first("day")]
    day_first = {
        order.pattern.format("%d", "%m") for column in columns for order in column.orders if order.first == "day"
    }
    for column in month_first:
        month, day = _n(column.n_first("month"), "date"), column.n_first("day") or "none"
        told = f"in {month} a number from 13 to 31 stands in the month place, in {day} in the day place"
        yield f"# {_quoted(column.header)} looks month-first: {told}."
    if month_first and any(column.n_first("day") > column.n_first("month") for column in columns):
        yield "# Another column is day-first, and no list of formats reads both: ask for dates written as 2023-04-03."
    elif month_first:
        patterns = sorted({o.pattern.format("%m", "%d") for column in month_first for o in column.orders})
        yield "# If the case system writes the month first, all dates have to be read so:"
        yield f"# date_formats: [{', '.join(map(_quoted, patterns))}]"
    elif more := sorted(pattern for pattern in day_first if not pattern.startswith(_READ_ANYWAY)):
        yield "# Some dates that are not read are written day first; to read them too:"
        yield f"# date_formats: [{', '.join(map(_quoted, [BUILT_IN_FORMATS, *more]))}]"


def _said_of_rows(facts: Facts) -> Iterator[str]:
    if tokens := sorted(facts.tokens.items(), key=lambda item: (-item[1], item[0])):
        yield "# Cells that may mean blank: " + ", ".join(f"{n:,} {_quoted(token)}" for token, n in tokens)
        if more := [token for token, _ in tokens if token not in MISSING_TOKENS]:
            yield "# To take them all as blank:"
            yield f"# missing: [{', '.join(map(_quoted, (*MISSING_TOKENS, *more)))}]"
    if len(facts.differing) >= max(_OFTEN, len(facts.references) // 10):
        yield f"# {len(facts.differing):,} of {_n(len(facts.references), 'reference')} have rows that differ."
        yield "# If a record has one row for each allegation or person:"
        yield "# rows_per_record: many"


def _said_of_labels(facts: Facts, code_of: dict[str, str]) -> Iterator[str]:
    by_number = sorted(facts.labels.items(), key=lambda item: (-item[1], item[0]))
    answers = ((label, n, facts.reader.assign(label)) for label, n in by_number)
    unread = [(label, n, answer) for label, n, answer in answers if answer.finding not in (None, "blank-category")]
    shown: list[tuple[str, int, Sequence[str]]] = []
    for label, n, answer in unread:
        # Short, and often there or nearly a wording: a word of a list, and no text of a record.
        is_short = len(label) <= _LONGEST_LABEL and label.isprintable() and not re.search("[0-9]{4}", label)
        if len(shown) < _N_LABELS and is_short:
            near = facts.reader.suggest(label)
            if near or n >= _OFTEN:
                shown.append((label, n, answer.candidates or [code_of[title] for title in [near] if title]))
    if shown:
        yield "# Labels that give no category. For a person to decide, one by one; codes: cc-categorise categories list"
        yield "# crosswalk:"
    for label, n, codes in shown:
        nearest = f"; nearest: {' or '.join(codes)}" if codes else ""
        yield f"#   - label: {_quoted(label)}  # {_n(n, 'row')}{nearest}"
        yield from (f"#     {key}:" for key in _DECISION)
    if n_more := len(unread) - len(shown):
        n_rows = sum(n for _, n, _ in unread) - sum(n for _, n, _ in shown)
        more = _n(n_more, "further label" if shown else "unread label")
        yield f"# {more}, {_n(n_rows, 'row')}: list them with cc-categorise check --list labels"


def check_profile(arguments: Iterable[str | Path], options: RunOptions) -> tuple[list[str], list[str]]:
    """Hold a profile against exports; say what it gives, and what needs a look.

    Raises:
        CategoriseError: A count with this profile could not begin, or would read none of the dates.
    """
    run = plan_run(arguments, options, as_at=date.max)
    survey = Survey(run.plans)
    survey.run(lambda _: None)
    given, doubts = [], []
    for plan in run.plans:
        rules = HeaderRules(run.profile.columns.items())
        fields = rules.match(plan.table.header)
        pairs = (f"{name} = {plan.table.header[i]!r}" for name, positions in fields.items() for i in positions)
        sheet = plan.table.sheet and f", sheet {plan.table.sheet}"
        given.append(f"{plan.table.name}{sheet}: {', '.join(pairs)}")
        absent = [name for name in rules.named if name not in fields]
        doubts += [f"{plan.table.name}: no column {rules.named[name]!r}, which is named for {name}" for name in absent]
    n_days = sum(n for (day, *_), n in survey.counts.items() if run.judges.day.answer(day).code is None)
    n_labels = sum(n for (_, label, *_), n in survey.counts.items() if run.judges.label.answer(label).code)
    given.append(f"{_n(survey.rows_read, 'row')}: the date of {n_days:,} and the category of {n_labels:,} are read")
    return given, [*doubts, *_doubts_about_dates(run, n_days), *_doubts_about_labels(run)]


def _doubts_about_dates(run: Run, n_days: int) -> Iterator[str]:
    judges = [run.judges.day, *run.judges.other_dates.values()]
    cells = {cell_text(cell) for judge in judges for cell in judge} - {""}
    if not n_days and any(run.judges.day.answer(n).code not in (None, "missing-date") for n in run.judges.day.values()):
        message = f"none of the dates in {run.plans[0].day[1]} can be counted"
        hint = "see their forms with: cc-categorise profile guess EXPORT"
        raise ProfileError(message, where=str(run.options.profile), hint=hint)
    for pattern in run.profile.date_formats:
        if cells and not any(_reads(cell, pattern) for cell in cells):
            yield f"date_formats: {pattern!r} reads no date of these exports"


def _reads(cell: str, pattern: str) -> bool:
    """Say whether one form alone reads a cell; `read_day` takes ISO 8601 beside most of them."""
    try:
        if pattern == BUILT_IN_FORMATS:
            read_day(cell)
        else:
            datetime.strptime(" ".join(cell.split()), pattern)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return True


def _doubts_about_labels(run: Run) -> Iterator[str]:
    scheme = LabelReader(run.scheme.scheme)
    cells = (cell[-1] if isinstance(cell, tuple) else cell for cell in run.judges.further)
    further = (label for cell in cells for label in further_labels(cell_text(cell)))
    labels = (cell[-1] if isinstance(cell, tuple) else cell for cell in run.judges.label)
    heard = set(map(as_written, [*map(cell_text, labels), *further]))
    for entry in run.profile.decisions:
        code = scheme.assign(entry.label).code
        if as_written(entry.label) not in heard:
            yield f"crosswalk: {entry.label!r} is not a label of these exports"
        if code == entry.category:
            yield f"crosswalk: {entry.label!r} need not stand there, the scheme reads it as {code} by itself"
        elif code:
            yield f"crosswalk: {entry.label!r} is {entry.category} there, and the scheme reads it as {code} by itself"
