"""`pack`: the page of a threat assessment, held against plain counts of the same export."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from test_door import run

EXPORT = Path(__file__).parents[2] / "examples" / "threat-assessment" / "export.csv"
AS_AT = ("--as-at", "2024-03-31")
HEADER = "Ref,Date Received,Category,Source,Grade,RAG"


def tables(text: str) -> dict[str, list[list[str]]]:
    """Give the rows of each table of a markdown page, by its heading."""
    found: dict[str, list[list[str]]] = {}
    for section in text.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        found[title] = [line.strip("| ").split(" | ") for line in body.splitlines() if line.startswith("| ")][2:]
    return found


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "export.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def page(*args: object) -> str:
    result = run("pack", *args, "-q")
    assert result.code in (0, 3), result.err
    return result.out


def plain_sums(column: str) -> dict[tuple[str, str], int]:
    result = run("count", EXPORT, *AS_AT, "--by", column, "--from", "2019-04-01", "-f", "csv", "-q")
    sums: dict[tuple[str, str], int] = {}
    for row in csv.DictReader(io.StringIO(result.out)):
        key = row[column], row["year"]
        sums[key] = sums.get(key, 0) + int(row["count"])
    return sums


def test_the_last_five_years_are_shown_and_add_up_to_plain_counts() -> None:
    text = page(EXPORT, *AS_AT)
    assert "| Category | 2019/20 | 2020/21 | 2021/22 | 2022/23 | 2023/24 | Total |" in text
    *lines, total = tables(text)["Intelligence records by category and year"]
    columns = zip(*(map(int, line[1:]) for line in lines), strict=True)
    assert [sum(column) for column in columns] == list(map(int, total[1:]))
    sums = plain_sums("source")
    for value, *counts in tables(text)["Source of intelligence by year"][:3]:
        years = [sums.get((value, f"{2019 + n}/{20 + n}"), 0) for n in range(5)]
        assert list(map(int, counts[:5])) == years


def test_grades_of_both_schemes_stand_apart_and_none_is_converted() -> None:
    rows = tables(page(EXPORT, *AS_AT))["Grades of source and information by year"]
    names = [row[0] for row in rows]
    assert {name.split()[0] for name in names} == {"3x5x2", "5x5x5", "Not", "(blank)", "Total"}
    assert names[-3:] == ["Not recognised", "(blank)", "Total"]
    assert sum(int(row[-2]) for row in rows[:-1]) == int(rows[-1][-2])


def test_a_grade_or_source_that_may_be_text_is_never_shown(tmp_path: Path) -> None:
    canary = "Zebedee Quux told the officer on the phone that his neighbour had been paid"
    path = written(tmp_path, f"1,2023-04-03,Other,{canary},Zebedee,Zebedee", "2,2023-04-04,Other,Caller,1AP,Red")
    text = page(path, *AS_AT)
    assert "Zebedee" not in text
    assert [row[0] for row in tables(text)["Source of intelligence by year"]] == ["Caller", "Further values", "Total"]


def test_changes_are_between_whole_years_and_say_whether_they_are_chance() -> None:
    text = page(EXPORT, "--as-at", "2023-12-31")
    titles = [title for title in tables(text) if title.startswith("Change")]
    assert titles == ["Change from 2021/22 to 2022/23", "Change from 2019/20 to 2022/23"]
    assert "2023/24 was not over" in text
    assert {row[-2] for title in titles for row in tables(text)[title]} <= {"more than chance", "within chance"}


def test_a_year_that_is_cut_short_is_left_out_of_the_changes() -> None:
    text = page(EXPORT, *AS_AT, "--from", "2020-07-01")
    assert [title for title in tables(text) if title.startswith("Change")] == [
        "Change from 2022/23 to 2023/24",
        "Change from 2021/22 to 2023/24",
    ]
    assert "Of 2020/21 only a part was counted; left out of the changes." in text


def test_a_column_that_is_not_there_and_too_few_years_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "1,2023-04-03,Other", header="Ref,Date Received,Category")
    text = page(path, *AS_AT)
    assert "no column for" not in text
    assert "Not every export has a column for source, grade, rag" in text
    assert "Only 1 year: too few for a trend." in text
    assert [title for title in tables(text) if title.startswith("Change")] == []


def test_a_column_that_was_named_and_is_not_there_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, "1,2023-04-03,Other", header="Ref,Date Received,Category")
    assert run("pack", path, *AS_AT, "--map", "source=Nowhere").code == 4


@pytest.mark.parametrize("fmt", ["markdown", "html", "table"])
def test_a_page_can_be_had_for_every_reader(fmt: str) -> None:
    text = page(EXPORT, *AS_AT, "-f", fmt)
    for part in ("Source of intelligence", "Red, amber, green", "Share of records", "not for publication"):
        assert part in text
    assert ("<svg" in text) is (fmt == "html")


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(("-f", "csv"), id="csv"),
        pytest.param(("-f", "json"), id="json"),
        pytest.param(("--by", "force"), id="by"),
        pytest.param(("--basis", "all"), id="mentions"),
        pytest.param(("--year", "month"), id="months"),
    ],
)
def test_what_is_no_pack_is_refused(args: tuple[str, str]) -> None:
    result = run("pack", EXPORT, *AS_AT, *args)
    assert (result.code, result.out) == (2, "")


def test_standard_input_is_refused_because_it_can_be_read_only_once() -> None:
    assert run("pack", "-", *AS_AT).code == 2


def test_every_record_is_once_in_each_mix() -> None:
    text = page(EXPORT, *AS_AT)
    totals = {rows[-1][-2] for title, rows in tables(text).items() if title.endswith("by year")}
    shown = tables(text)["Intelligence records by category and year"][-1][-1]
    assert totals == {shown}
    assert re.search(rf"= {shown} counted", text)


def test_count_says_what_the_grades_of_a_breakdown_are(tmp_path: Path) -> None:
    rows = ("1,2023-04-03,Other,Caller,1AP,Red", "2,2023-04-04,Other,Caller,B24,Blue", "3,2023-04-05,Other,Caller,?,G")
    result = run("count", written(tmp_path, *rows), *AS_AT, "--by", "grade", "--by", "rag", "-f", "csv")
    assert "grades: 1 in 3x5x2, 1 in 5x5x5, 1 in neither; the two are kept apart and never converted" in result.err
    assert "rag: 2 red, amber or green, 1 none of them" in result.err
    assert "1AP,Red,2023/24" in result.out, "as written"
