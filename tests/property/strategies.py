"""Exports as forces might have written them: awkward cells, every dialect, blank lines and footers in between."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from cc_categorise.model import cell_text

AS_AT = date(2024, 6, 30)
HEADERS = {
    "reference": "Ref No",
    "received_on": "Date received",
    "recorded_on": "Date recorded",
    "category": "Category",
    "further_categories": "Further categories",
    "force": "Force",
    "narrative": "Summary",
}
FIELDS = tuple(HEADERS)
HEADER = tuple(HEADERS.values())

SOUND_DATES = (
    *("2023-04-01", "31/03/2023", "29/02/2024", "1-4-2022", "30 Jun 2024", " 2022-12-31 ", "05/04/2023 23:59"),
    *("3 September 2021", "2020-02-29T10:00:00+01:00"),
)
SOUND_DAYS = (date(2023, 4, 1), date(2023, 3, 31), date(2024, 2, 29))
BAD_DATES = (
    *("", " ", "N/A", "tbc", "86400", "45017", "31/02/2023", "2023-13-01", "1/4/23", "soon", "01/07/2024"),
    *("1969-12-31", "2023/04/01", "\0", "3 Mai 2023"),
)
LABELS = (
    *("Infiltration", "disclosure of information", "6", "12 - Other", "Theft & Fraud", "vulnerability", "  OTHER "),
    *("", "TBC", "n/a", "Abuse", "13", "Banana", "access and/or disclosure of information", "3 - Vulnerability"),
)
FURTHER = ("", "Other", "Theft and fraud; Vulnerability", "banana|Other", "Infiltration\nOther", "N/A")

AWKWARD = "aZ19 ,;|\t\n\r\"'=-.£€\u2013½ü"
"""What delimited text trips over, and letters whose Windows-1252 bytes are never UTF-8."""
PROSE = st.text(st.sampled_from(AWKWARD), max_size=12)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\0"), max_size=8)


@dataclass(frozen=True)
class Dialect:
    """How an export is written down."""

    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"
    quoting: int = csv.QUOTE_MINIMAL


@dataclass(frozen=True)
class Written:
    """An export: rows under a header, with the titles, blank lines and footers around them."""

    rows: Sequence[Sequence[str]]
    header: Sequence[str] = HEADER
    titles: Sequence[Sequence[str]] = ()
    dialect: Dialect = field(default_factory=Dialect)

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.text.encode(self.dialect.encoding)

    @property
    def text(self) -> str:
        """The file's text, by the csv module's own writer."""
        everything = [*self.titles, self.header, *self.rows]
        how = self.dialect
        # Before Python 3.13 the writer left a carriage return unquoted where lines end in line feeds, and the reverse.
        is_split = any({"\r", "\n"} & set(cell) for row in everything for cell in row) and how.line_end != "\r\n"
        quoting = csv.QUOTE_ALL if is_split else how.quoting
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=how.delimiter, lineterminator=how.line_end, quoting=quoting)  # type: ignore[arg-type]
        for row in everything:
            writer.writerow(row)
        return out.getvalue()

    def with_rows(self, rows: Sequence[Sequence[str]]) -> Written:
        """Give the same export with other rows."""
        return replace(self, rows=rows)


dialects = st.builds(
    Dialect,
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)


def records(references: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """Rows of records, most of them sound."""
    return st.tuples(
        references,
        st.sampled_from(SOUND_DATES * 3 + BAD_DATES),
        st.sampled_from(SOUND_DATES + BAD_DATES),
        st.sampled_from(LABELS),
        st.sampled_from(FURTHER),
        st.sampled_from(["Avon", "Avon", " Avon ", "Kent", ""]),
        PROSE,
    ).map(list)


few_references = st.sampled_from(["A1", "A1", "A2", " A1", "a1", "\xa0", "N/A", ""])
"""So few that many rows share one."""
ragged = st.lists(st.sampled_from(["", "x", "2023-05-01", "Other", "Total"]), max_size=len(HEADER) + 2)
_ASIDES: list[list[str]] = [
    [],
    [""] * len(HEADER),
    [" ", "\t", "", "", "", "", "\xa0"],
    ["Total", "", "", "12", "", "", ""],
    ["Total records: 12"],
    ["", "", "", "End of report", "", "", ""],
    ["Records", "1,234", "", "", "", "", ""],
    list(HEADER),
]
asides = st.sampled_from(_ASIDES)
messy_rows = st.lists(st.one_of(records(few_references), records(few_references), asides, ragged), max_size=12)
titles = st.lists(st.sampled_from([["Intelligence export"], [], ["Taken on", "30/06/2024"]]), max_size=2)


@st.composite
def exports(draw: st.DrawFn) -> Written:
    """Exports with everything that real ones have."""
    return Written(draw(messy_rows), titles=draw(titles), dialect=draw(dialects))


@st.composite
def agreeing_exports(draw: st.DrawFn) -> Written:
    """Exports in which rows of one reference are the same row."""
    rows = draw(st.lists(records(st.just("")), max_size=10))
    named = [[f"R{number}", *cells[1:]] if number % 3 else cells for number, cells in enumerate(rows)]
    repeated = draw(st.lists(st.sampled_from(named), max_size=4)) if named else []
    return Written([*named, *repeated], dialect=draw(dialects))


_LONG = "CC/23/0123456789"  # longer than any word for "blank"
_REFERENCES = (
    *("R1", " R1", 'R"1', "-", "n/a", "", "R\n1", "é" * 3, "not recorded", "Not known ", "R" * 70, "R" * 71),
    *(_LONG, _LONG, f" {_LONG}", f"{_LONG} ", f"{_LONG}\u00a0", f"\u00a0{_LONG}", f"{_LONG}\t", f"{_LONG[:-1]}8"),
    *(f'{_LONG}"', f'"{_LONG}', 'CC/23/01234"56789', 'CC/23/01234""56789', f"{_LONG}é", f"{_LONG}\n1", _LONG.lower()),
)
_WORDINGS = (
    *LABELS,
    "Infiltration" + " " * 60,
    "Other" + " " * 59,
    "Oth\ner",
    "Théft",
    "Banana 1",
    "Banana 2",
    '"Other"',
)
_FORCES = ("A", "A", "A", "A ", "B", "Ångström", "B" * 66, "", "A,B")
tidy_exports = st.builds(
    lambda rows, *dialect: Written(rows, dialect=Dialect(*dialect)),
    st.lists(
        st.sampled_from([row for row in _ASIDES if len(row) == len(HEADER)])
        | st.tuples(
            st.sampled_from(_REFERENCES),
            st.sampled_from((*SOUND_DATES, *SOUND_DATES, *BAD_DATES[:6], "Totals", HEADERS["received_on"], "12")),
            st.sampled_from(("01/02/2023", "soon", "")),
            st.sampled_from((*LABELS, *_WORDINGS)),
            st.sampled_from(FURTHER),
            st.sampled_from(_FORCES),
            st.sampled_from(
                ("", "plain", "two\nlines", 'said ""no"", and left', "a, b, c, d, e, f, g, h\ni, j, k, l, m, n, o, p")
            ),
        ),
        min_size=6,
        max_size=30,
    ),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "cp1252"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
"""Exports in which all but the cells is as it should be."""


def is_blank(row: Sequence[str]) -> bool:
    """Say whether a row holds nothing."""
    return not any(map(cell_text, row))


_PIECES = st.one_of(
    st.sampled_from([b'"', b'""', b",", b"\n", b"\r", b"\n\n", b"\0", b"\xef\xbb\xbf", b" ", b"\xc3", b"\xa3", b"\t"]),
    st.sampled_from([b"R1", b"2023-04-01", b"Other", b"31/02/2023", b',"', b'",', b'"\n', b'\n"', "é€".encode()]),
    st.sampled_from([b"R1,2023-04-01,Other\n", b'R2,2023-04-01,"Other"\n', b'R3,"2023-04-01\nR4,2024-01-01,6"\n']),
    st.binary(max_size=3),
)
awkward_bytes = st.builds(
    lambda pieces, end: b"".join(pieces).replace(b"\n", end),
    st.lists(_PIECES, max_size=25),
    st.sampled_from([b"\r\n", b"\n", b"\r"]),
)
"""What is left of an export after an accident."""


def _damaged(export: Written, pieces: Sequence[tuple[float, bytes]]) -> bytes:
    data = export.data
    start = data.index(b"\n") + 1
    for place, piece in pieces:
        at = start + int((len(data) - start) * place)
        data = data[:at] + piece + data[at:]
    return data


damaged_bytes = st.builds(_damaged, tidy_exports, st.lists(st.tuples(st.floats(0, 1), _PIECES), max_size=3))
"""Exports in which all is as it should be but for the cells and a few bytes."""


@contextmanager
def on_disk(*contents: bytes) -> Iterator[list[Path]]:
    """Write files, and take them away again."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"export-{number}.csv" for number, _ in enumerate(contents, 1)]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        yield paths
