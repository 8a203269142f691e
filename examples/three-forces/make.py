# ruff: noqa: INP001 - a script in a folder of data, not a package
"""Make ``export.csv``: what three invented forces might send an inspector, with every trap that exports hold.

Run it without arguments; the bytes are the same every time.  Everything is invented: no force, person, place or
event is real.  Knows nothing of cc-categorise: `COUNTS` and the fate of each row are what is *meant*, so that a
test can hold the program against them.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

YEARS = ("2021/22", "2022/23", "2023/24")
COUNTS = {
    "infiltration": (31, 34, 39),
    "disclosure-of-information": (322, 347, 361),
    "perverting-the-course-of-justice": (49, 46, 53),
    "sexual-misconduct": (148, 196, 259),
    "controlled-drug-use-and-supply": (118, 125, 137),
    "theft-and-fraud": (90, 83, 96),
    "misusing-force-systems": (241, 270, 279),
    "abuse-of-authority": (71, 76, 67),
    "inappropriate-association": (171, 183, 189),
    "vulnerability": (95, 114, 134),
    "commit-or-assist-crime": (77, 72, 83),
    "other": (51, 46, 39),
    "uncategorised": (24, 27, 30),
}
"""Records that are meant to count, by category and year."""

CRIME = "Commit, incite, aid and abet, or assist an offender in the commission of, a crime"
LABELS = {
    "infiltration": ("Infiltration", "1", "1. Infiltration", "INFILTRATION", "01 - Infiltration", "OCG infiltration"),
    "disclosure-of-information": (
        "Disclosure of information",
        *("2", "2. Disclosure of information", "DISCLOSURE OF INFORMATION", "disclosure of  information"),
        *("Disclosure of info", "Unauthorised disclosure", "Information leakage", "Disclosure of informat"),
    ),
    "perverting-the-course-of-justice": (
        "Perverting the course of justice",
        *("3", "3 - Perverting the course of justice", "PCOJ", "Perverting the course of just"),
    ),
    "sexual-misconduct": (
        "Sexual misconduct",
        *("4", "4. Sexual misconduct", "4 \u2013 Sexual misconduct", "SEXUAL MISCONDUCT", "Sexual\u00a0misconduct"),
        *("APSP", "Abuse of position for a sexual purpose", "Abuse of authority for sexual gain"),
    ),
    "controlled-drug-use-and-supply": (
        "Controlled drug use and supply",
        *(
            "5",
            "Controlled drug use & supply",
            "Controlled Drug Use/Supply",
            "Drug misuse",
            "Controlled drug use and s",
        ),
    ),
    "theft-and-fraud": ("Theft and fraud", "6", "Theft & Fraud", "6. Theft and fraud", "theft/fraud", "Fraud"),
    "misusing-force-systems": (
        "Misusing force systems",
        *("7", "7. Misusing force systems", "Misuse of force systems", "Misuse of Force System", "MISUSE OF SYSTEMS"),
        *("Misuse of the force\u2019s IT systems", "Computer misuse"),
    ),
    "abuse-of-authority": ("Abuse of authority", "8", "8. Abuse of authority", "Abuse of Authority ", "Abuse of power"),
    "inappropriate-association": (
        "Inappropriate association",
        *("9", "9. Inappropriate association", "Inappropriate associations", "Inapp. association"),
        "Notifiable association",
    ),
    "vulnerability": ("Vulnerability", "10", "10. Vulnerability", "Vulnerabilities", "Officer vulnerability"),
    "commit-or-assist-crime": (CRIME, "11", f"11. {CRIME}", CRIME[:60], CRIME.upper(), "Aid & abet"),
    "other": ("Other", "12", "12. Other", "OTHER", "Other corruption"),
}
"""Spellings of each category; half of the records have the first."""

UNREAD = {
    "blank-category": ("", "TBC", "Unknown", "N/A", "not recorded"),
    "ambiguous-label": (
        "Access and/or disclosure of information",
        "Disclosure of Information / Misuse of Force Systems",
    ),
    "unknown-label": ("Sexaul misconduct", "Infultration", "Missuse of force sytems", "Theift and fruad"),
    "number-not-in-scheme": ("13", "99 - Misc"),
    "number-contradicts-title": ("4. Theft and fraud",),
    "label-needs-reading": ("Abuse", "Discreditable conduct", "Financial"),
    "label-out-of-scope": ("Incivility",),
}
"""Labels that are not meant to be read as a category, by the finding that says why."""

BAD_DATES = {
    "missing-date": (*("",) * 8, "TBC", "TBC", "TBC", "unknown", "unknown"),
    "impossible-date": (
        *("31/02/2023", "31/02/2022", "31 Apr 2023", "2022-13-05", "2021-11-31", "29/02/2023", "29/02/2022"),
    ),
    "two-digit-year": (
        *("03/05/22", "11/06/22", "30/09/21", "01/04/23", "17/12/23", "09/01/24", "22/08/21", "14-Jun-22", "2 Mar 24"),
    ),
    "unreadable-date": (
        *("13.05.2022", "02.11.2022", "28.06.2023", "09.10.2021", "Spring 2022", "early June", "2023/05/03"),
    ),
    "number-as-date": ("44937", "45102", "45340", "20220503"),
    "date-after-as-at": ("01/04/2024", "2024-04-02", "2042-05-03", "3 May 2032"),
    "date-too-early": ("01/01/1900", "1900-01-01"),
}
"""Dates that are not meant to be read, by finding."""

HEADER = (
    *("Intel Ref No", "Force", "Date Received", "Date Closed", "Corruption Category", "Further Categories"),
    *("Grade", "RAG", "Status", "Summary"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WHO = ("Anonymous caller says that", "Colleague reports that", "Audit suggests that", "Supervisor reports that")
WHAT = {
    "infiltration": "an applicant may be acting for a crime group.|a contractor was asked to find a way in.",
    "disclosure-of-information": "officer told a friend of a planned search.|officer told a relative who had called.",
    "perverting-the-course-of-justice": "officer altered a statement.|exhibit was lost, perhaps on purpose.",
    "sexual-misconduct": "officer pursued someone met through a case.|officer sent unwanted messages to a colleague.",
    "controlled-drug-use-and-supply": "officer was seen to take cocaine.|member of staff supplies cannabis to friends.",
    "theft-and-fraud": "cash is missing from a property store, about £200.|overtime was claimed for hours not worked.",
    "misusing-force-systems": "officer looked up a neighbour.|member of staff searched for their own record.",
    "abuse-of-authority": "officer showed a warrant card in a private dispute.|officer offered to cancel a penalty.",
    "inappropriate-association": "officer has an offender as a friend, not declared.|officer shares a house with one.",
    "vulnerability": "officer has gambling debts of over £5,000.|officer was approached by a lender and is worried.",
    "commit-or-assist-crime": "officer helped to hide a stolen vehicle.|officer lent a garage to a crime group.",
    "other": "officer runs a business that conflicts with the job.|conduct gives cause for concern, no category fits.",
}
TAILS = (
    *("",) * 8,
    " Nothing else is known.",
    ' Said to have told others: "it will be sorted", then laughed.',
    " \u201cEveryone knows\u201d, the source\u2019s words.",
    "\nReviewed at the weekly meeting.\nNo change.",
    " Graded low, for now; to be looked at again.",
)


@dataclass(slots=True, eq=False)
class Row:
    """One row of the export, and what is meant to become of it.

    Attributes:
        fate: ``counted``, ``rejected`` or ``duplicate``.
        code: Category that is meant, or ``uncategorised``.
        findings: Codes of what is meant to be found.
        shape: How the line is written: ``""`` soundly, else the trap.
    """

    day: date
    force: str
    received: str
    label: str
    code: str
    summary: str
    fate: str = "counted"
    findings: tuple[str, ...] = ()
    reference: str = ""
    closed: str = ""
    further: str = ""
    further_codes: tuple[str, ...] = ()
    grade: str = "2-B-P"
    rag: str = "Green"
    status: str = "Closed"
    shape: str = ""

    @property
    def year(self) -> str:
        """Financial year of the day."""
        return YEARS[self.day.year - (self.day.month < 4) - 2021]  # noqa: PLR2004 - April

    def line(self) -> str:
        """Write the row as a line of the file."""
        cells = [self.reference, self.force, self.received, self.closed, self.label, self.further]
        cells += [self.grade, self.rag, self.status, self.summary]
        match self.shape:
            case "commas at the end":
                return _line([*cells, "", ""])
            case "cut short":
                return _line(cells[:6])
            case "commas without quotes":
                return _line(cells[:9]).rstrip("\r\n") + ",Said he would, if asked, say nothing.\r\n"
            case "stray quote":
                return _line(cells[:8]).rstrip("\r\n") + ',"Open,Caller rang off.\r\n'
            case "stray quote and commas":
                return _line(cells[:8]).rstrip("\r\n") + ',"Open,Caller rang off, then rang back.\r\n'
        return _line(cells)


class Dice:
    """Seeded choices; of `random` only the one method whose numbers never change between versions of Python."""

    def __init__(self) -> None:
        self._random = random.Random(2024)  # noqa: S311 - nothing secret

    def below(self, n: int) -> int:
        """Give a whole number from 0 to n - 1."""
        return int(self._random.random() * n)

    def pick(self, options: tuple[str, ...]) -> str:
        """Give one of the options."""
        return options[self.below(len(options))]


def rows() -> list[Row]:
    """Give every row of the export, in order."""
    dice = Dice()
    made = [*_sound(dice), *_unread(dice), *_with_bad_dates(dice)]
    made.sort(key=lambda row: row.day)  # stable: the order in which they were made decides within a day
    _number(made)
    _set_traps(made)
    return _with_repeats(dice, made)


def _sound(dice: Dice) -> Iterator[Row]:
    """Give the records of `COUNTS` with a readable label: the first of each year on 1 April, the second on 31 March."""
    for code, labels in LABELS.items():
        for year, n in enumerate(COUNTS[code]):
            for i in range(n):
                day = date(2021 + year, 4, 1) if i == 0 else date(2022 + year, 3, 31)
                label = labels[0] if dice.below(2) else dice.pick(labels)
                row = _row(dice, _day(dice, year) if i > 1 else day, code, label)
                if not dice.below(8):
                    _add_further(dice, row)
                yield row


def _unread(dice: Dice) -> Iterator[Row]:
    """Give the records that nobody can put in a category from their label: half of them have none."""
    blank, *others = UNREAD
    n_of = dict.fromkeys(UNREAD, 0)
    for year, n in enumerate(COUNTS["uncategorised"]):
        for i in range(n):
            finding = others[i // 2 % len(others)] if i % 2 else blank
            label = UNREAD[finding][n_of[finding] % len(UNREAD[finding])]
            n_of[finding] += 1
            yield _row(dice, _day(dice, year), "uncategorised", label, finding)


def _with_bad_dates(dice: Dice) -> Iterator[Row]:
    """Give the rows whose date nobody can read; one of them has no category either."""
    for finding, dates in BAD_DATES.items():
        for i, written in enumerate(dates):
            code = dice.pick(tuple(LABELS))
            row = _row(dice, _day(dice, i % 3), code, LABELS[code][0], finding)
            row.received, row.fate = written, "rejected"
            if finding == "missing-date" and i == 0:
                row.label, row.findings = "", (finding, "blank-category")
            yield row


def _row(dice: Dice, day: date, code: str, label: str, *findings: str) -> Row:
    force = dice.pick(("Northshire",) * 9 + ("Westmark",) * 7 + ("Eastmoor",) * 4)
    about = code if code in WHAT else dice.pick(tuple(WHAT))
    row = Row(
        day=day,
        force=force,
        received=_written(dice, day, force),
        label=label,
        code=code,
        summary=f"{dice.pick(WHO)} {dice.pick(tuple(WHAT[about].split('|')))}{dice.pick(TAILS)}",
        findings=findings,
        grade="-".join((dice.pick(("1", "2", "2", "3")), dice.pick(("A", "B", "D", "D", "E")), dice.pick(("P", "C")))),
        rag=dice.pick(("Red", "Amber", "Amber", "Green", "green")),
    )
    closed = day + timedelta(dice.below(400))
    if closed <= date(2024, 3, 31):
        row.closed = _written(dice, closed, force)
    else:
        row.status = "Open"
    return row


def _day(dice: Dice, year: int) -> date:
    first = date(2021 + year, 4, 1)
    return first + timedelta(dice.below((date(2022 + year, 4, 1) - first).days))


def _written(dice: Dice, day: date, force: str) -> str:
    """Write a day as the systems of the three forces do."""
    clock = f"{dice.below(24):02}:{dice.below(60):02}"
    name = MONTHS[day.month - 1]
    forms = {
        "Northshire": (f"{day:%d/%m/%Y} {clock}", f"{day:%d/%m/%Y} {clock}", f"{day:%d/%m/%Y}"),
        "Westmark": (f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}T{clock}:00", f"{day:%d-%m-%Y}"),
        "Eastmoor": (
            f"{day.day} {name} {day.year}",
            f"{day:%d}-{name}-{day.year}",
            f"{day.day}/{day.month}/{day.year}",
        ),
    }
    return dice.pick(forms[force])


def _add_further(dice: Dice, row: Row) -> None:
    """Give a record one or two categories besides its own."""
    others = tuple(code for code in LABELS if code != row.code)
    row.further_codes = tuple(dict.fromkeys(dice.pick(others) for _ in range(1 + dice.below(2))))
    row.further = dice.pick(("; ", " | ", ";")).join(LABELS[code][dice.below(2)] for code in row.further_codes)


def _number(made: list[Row]) -> None:
    """Give references: two of the forces number alike, so a reference of one is found in the other."""
    n_of: dict[tuple[str, str], int] = {}
    for row in made:
        key = row.force, row.year
        n_of[key] = n_of.get(key, 0) + 1
        prefix = "EM" if row.force == "Eastmoor" else "CCI"
        row.reference = f"{prefix}/{row.year[2:4]}-{row.year[5:]}/{n_of[key]:04}"


def _set_traps(made: list[Row]) -> None:
    """Spoil single rows."""
    plain = [row for row in made if row.fate == "counted" and not row.findings]
    spare = iter(plain[40::83])
    for _ in range(6):
        _spoil(next(spare), "blank-reference", reference="")
    for closed in ("13.05.2023", "n/k", "31/09/2022", "05/06/23"):
        _spoil(next(spare), "unreadable-other-date", closed=closed)
    for further in ("Sexaul misconduct", "13"):
        _spoil(next(spare), "unknown-further-label", further=further, further_codes=())
    _spoil(next(spare), "too-few-cells", shape="cut short")
    _spoil(next(spare), "stray-quote", shape="stray quote")
    _spoil(next(spare), shape="commas at the end")
    _spoil(next(spare), force="")
    for _ in range(25):
        row = next(spare)
        row.force = f" {row.force}" if row.day.day % 2 else f"{row.force} "
    # A row that is rejected is no record: the next row of its reference is no duplicate.
    rejected = next(row for row in made if row.fate == "rejected")
    after = next(row for row in made[made.index(rejected) :] if row.force == rejected.force and row.fate == "counted")
    rejected.reference = after.reference
    # Case is kept: "cci/21-22/0001" is not "CCI/21-22/0001".
    one = next(spare)
    one.reference = next(row for row in plain if row.force == one.force).reference.lower()


def _spoil(row: Row, *findings: str, **changes: str | tuple[str, ...]) -> None:
    row.findings = findings
    for name, value in changes.items():
        setattr(row, name, value)


def _with_repeats(dice: Dice, made: list[Row]) -> list[Row]:
    """Repeat some rows further down: 40 as they are, 22 with something changed, and 3 that cannot be read."""
    sound = [row for row in made if row.fate == "counted" and row.reference and not row.findings and not row.shape]
    originals = iter(sound[25::73])
    again = [replace(next(originals), fate="duplicate", findings=("duplicate",)) for _ in range(40)]
    for i in range(22):
        row = replace(next(originals), fate="duplicate", findings=("conflicting-duplicate",))
        change = (
            ("status", "Reopened"),
            ("label", "12"),
            ("received", "1 May 2021"),
            ("reference", f" {row.reference}"),
        )
        setattr(row, *change[i % 4])
        again.append(row)
    again.append(replace(next(originals), received="32/05/2022", fate="rejected", findings=("impossible-date",)))
    for shape, finding in (("commas without quotes", "too-many-cells"), ("stray quote and commas", "unbalanced-quote")):
        again.append(replace(next(originals), shape=shape, fate="rejected", findings=(finding,)))
    place = {(row.force, row.reference): i for i, row in enumerate(made)}
    placed = [(place[row.force, row.reference.strip()] + 0.5 + dice.below(60), row) for row in again]
    ordered = sorted([*enumerate(made), *placed], key=lambda pair: pair[0])
    return [row for _, row in ordered]


def _line(cells: list[str] | tuple[str, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def export() -> bytes:
    """Give the file: titles above the header, a blank row, the header repeated, footers below; Windows-1252."""
    blank = [""] * (len(HEADER) - 1)
    lines = [row.line() for row in rows()]
    titles = [
        "OFFICIAL-SENSITIVE",
        "Regional hub \u2013 intelligence received 1 April 2021 to 31 March 2024 (values in £)",
    ]
    text = [
        *(_line([title, *blank]) for title in titles),
        "\r\n",
        _line(HEADER),
        *lines[:1500],
        _line(["", *blank]),
        *lines[1500:3000],
        _line(HEADER),
        *lines[3000:],
        _line(["Total", "", f"{len(lines):,}", *blank[2:]]),
        _line(["End of report", *blank]),
    ]
    return "".join(text).encode("cp1252")


if __name__ == "__main__":
    Path(__file__).with_name("export.csv").write_bytes(export())
