"""Write an export of invented records: generate.py ROWS FILE.  The same rows every time, in any number."""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

HEADER = ("Reference", "Date received", "Force", "Category", "Further categories", "Grade", "Status", "Narrative")
FORCES = tuple(f"{a}{b}" for a in ("North", "South", "East", "West", "Mid") for b in ("shire", "mark", "moor", "vale"))
LABELS = (
    ("Disclosure of information", "disclosure of info", "2", "2. Disclosure of Information"),
    ("Sexual misconduct", "SEXUAL MISCONDUCT", "APSP", "4 - Sexual misconduct"),
    ("Controlled drug use and supply", "Controlled drug use & supply", "Drugs", "Cat 5"),
    ("Misusing force systems", "Misuse of force systems", "misused force systems", "7"),
    ("Theft and fraud", "Fraud and theft", "Theft/fraud", "theft & fraud"),
    ("Inappropriate association", "Inappropriate associations", "Notifiable association", "9"),
    ("Abuse of authority", "abuse of authority", "Abusing their authority", "8"),
    ("Perverting the course of justice", "Perverting the c", "PCOJ", "3"),
    ("Vulnerability", "Vulnerabilities", "vulnerability", "10"),
    ("Infiltration", "infiltration", "INFILTRATION", "1"),
    ("Commit, incite, aid and abet, or assist an offender in the commission of, a crime", "aid and abet", "11", "11."),
    ("Other", "other", "12", "Othr"),
)
SENTENCES = (
    "The officer is said to have looked at a record without a reason",
    "a caller named the same person twice",
    "the source repeated what was said last week, word for word",
    'the note reads "ask again later"',
    "nothing else is known",
    "the matter was seen by a supervisor",
)
JOINS = (", ", ". ", ".\n", "; ")
BAD_DAYS = ("31/02/2023", "", "unknown", "1/4/23", "2023-13-01")
FIRST_DAY = date(2015, 4, 1)
N_DAYS = (date(2026, 3, 31) - FIRST_DAY).days + 1


def rows(n: int) -> Iterator[tuple[str, ...]]:
    """Give ``n`` rows."""
    rng = random.Random(20221102)
    days = [FIRST_DAY + timedelta(i) for i in range(N_DAYS)]
    written = [(f"{day:%d/%m/%Y}", day.isoformat()) for day in days]
    for i in range(n):
        labels = LABELS[min(int(rng.expovariate(0.35)), 11)]
        label = labels[0] if rng.random() < 0.7 else rng.choice(labels)
        day = rng.choice(written)[rng.random() < 0.25]
        further = rng.choice(LABELS)[0] if rng.random() < 0.08 else ""
        reference = f"CC/{(i * 2654435761) % 2**32:010d}"
        text = rng.choice(SENTENCES)
        while rng.random() < 0.7:
            text += rng.choice(JOINS) + rng.choice(SENTENCES)
        if rng.random() < 0.001:
            kind = rng.randrange(3)
            day = rng.choice(BAD_DAYS) if kind == 0 else day
            label = "see log" if kind == 1 else label
            reference = f"CC/{(rng.randrange(i + 1) * 2654435761) % 2**32:010d}" if kind == 2 else reference
        yield reference, day, rng.choice(FORCES), label, further, "2B", "Open", text


def write(n: int, path: Path) -> None:
    """Write an export of ``n`` rows."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows(n))


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
