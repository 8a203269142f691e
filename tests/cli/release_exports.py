"""An invented export of two forces and three years, with small counts in it, and releases made from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from test_door import Ran, run

AS_AT = ("--as-at", "2023-03-31")
PERIOD = ("--period", "2022/23")
CATEGORIES = ("Infiltration", "Theft and fraud", "Vulnerability", "Other", "Disclosure of information")
COUNTS = {
    ("Northshire", 2020): (1, 12, 7, 9, 40),
    ("Northshire", 2021): (0, 14, 2, 11, 38),
    ("Northshire", 2022): (3, 9, 6, 8, 51),
    ("Westmark", 2020): (2, 6, 8, 4, 22),
    ("Westmark", 2021): (1, 7, 9, 6, 19),
    ("Westmark", 2022): (0, 13, 5, 7, 30),
}
"""Counts by force and financial year, in the order of `CATEGORIES`; 6 of them are small."""

UNCATEGORISED = 8


def _rows() -> Iterator[str]:
    number = 0
    for (force, year), counts in COUNTS.items():
        for category, count in zip(CATEGORIES, counts, strict=True):
            for _ in range(count):
                number += 1
                yield f"R{number},{force},{1 + number % 28:02d}/06/{year},{category}"
    for place in range(UNCATEGORISED):
        yield f"U{place},Northshire,05/07/2022,"


def export(folder: Path, name: str = "export.csv", forces: dict[str, str] | None = None) -> Path:
    """Write the export, with other names for forces if wanted."""
    folder.mkdir(exist_ok=True)
    text = "\n".join(["Reference,Force,Date Received,Category", *_rows()])
    for force, other in (forces or {}).items():
        text = text.replace(f",{force},", f",{other},")
    path = folder / name
    path.write_text(text + "\n", encoding="utf-8")
    return path


def policy(folder: Path, **keys: Any) -> Path:
    """Write a policy that differs from the shipped one by these keys."""
    decided = {"decided_by": "Head of unit", "decided_on": "2023-04-15", "reason": "A canary: Quuxreason."}
    path = folder / "policy.yaml"
    lines = [
        f"{key}: {value if key == 'decided_on' else json.dumps(value)}" for key, value in {**decided, **keys}.items()
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def make(folder: Path, *args: object, name: str = "release") -> tuple[Path, Ran]:
    """Make a release of the export; give its folder and what the program said."""
    path = folder / "export.csv"
    source = path if path.exists() else export(folder)
    target = folder / name
    given = PERIOD if "--period" not in args else ()
    return target, run("return", source, *given, *AS_AT, *args, "-o", target)


def files_of(release: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(release.iterdir())}


def manifest_of(release: Path) -> Any:
    return json.loads((release / "manifest.json").read_text(encoding="utf-8"))
