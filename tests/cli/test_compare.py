"""`compare` end to end: counts, releases and exports, every format, a chart, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import release_exports
from test_door import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "west-midlands-two-tables"
TYPE, MONTH = EXAMPLE / "by-type.csv", EXAMPLE / "by-month.csv"
YEARS = ("--year", "calendar", "--from", "2010-01-01", "--to", "2014-12-31", "--as-at", "2014-12-31")
SCHEMA = Path(__file__).parents[2] / "cc_categorise" / "schemas" / "compare.schema.json"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def found(*args: Any) -> Any:
    result = run("compare", *args, "-f", "json", "-q")
    assert result.code in (0, 3), result.err
    document = json.loads(result.out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return document


def counted(folder: Path, name: str, *args: Any) -> Path:
    path = folder / name
    assert run("count", *args, "-q", "-o", path).code in (0, 3)
    return path


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return release_exports.export(tmp_path)


def test_the_two_published_tables_disagree_by_three_cases_and_these_are_found() -> None:
    document = found(TYPE, MONTH, *YEARS)
    totals = {f["year"]: (f["before"], f["after"]) for f in document["figures"] if f["category_code"] == "total"}
    assert totals == {"2013": (13, 16), "2014": (3, 0)}
    assert [(r["reference"], r["year_before"], r["year"], r["what"]) for r in document["records"]] == [
        (f"WM-006{n}", "2014", "2013", "year") for n in (3, 4, 5)
    ]


def test_csv_holds_the_figures_or_with_records_the_records() -> None:
    figures = rows_of(run("compare", TYPE, MONTH, *YEARS, "-f", "csv").out)
    assert {row["kind"] for row in figures} == {"revision"}
    records = rows_of(run("compare", TYPE, MONTH, *YEARS, "-f", "csv", "--records").out)
    assert [row["reference"] for row in records] == ["WM-0063", "WM-0064", "WM-0065"]


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_counts_are_compared_as_the_exports_behind_them_are(tmp_path: Path, ending: str) -> None:
    one, other = (counted(tmp_path, f"{path.stem}.{ending}", path, *YEARS) for path in (TYPE, MONTH))
    assert found(one, other)["figures"] == found(TYPE, MONTH, *YEARS)["figures"]
    assert found(one, MONTH, *YEARS)["figures"] == found(TYPE, MONTH, *YEARS)["figures"]
    assert found(one, other)["records"] == []


@pytest.mark.parametrize("by", [(), ("--by", "force")])
def test_anything_compared_with_itself_differs_in_nothing(tmp_path: Path, export: Path, by: tuple[str, ...]) -> None:
    options = (*release_exports.AS_AT, *by)
    things = [export, *(counted(tmp_path, f"count.{ending}", export, *options) for ending in ("json", "csv"))]
    release = tmp_path / "release"
    assert run("return", export, *options, *release_exports.PERIOD, "-o", release).code == 3
    for thing in (*things, release, *release.glob("*.csv")):
        try:
            document = found(thing, thing, *options)
        except AssertionError:
            assert thing.suffix == ".csv"  # changes and shares are no tables of counts
            continue
        assert (document["figures"], document["records"]) == ([], []), thing


def test_a_release_gives_no_change_of_what_it_protects(tmp_path: Path, export: Path) -> None:
    release = tmp_path / "release"
    assert run("return", export, *release_exports.AS_AT, *release_exports.PERIOD, "-o", release).code == 3
    exact = counted(tmp_path, "exact.json", export, *release_exports.AS_AT)
    hidden = [figure for figure in found(release, exact)["figures"] if figure["before"] is None]
    assert hidden
    assert {(f["change"], f["change_percent"], f["p"], f["marker"].split()[-1]) for f in hidden} == {
        (None, None, None, "c")
    }


def test_forces_are_compared_by_force_where_both_are_broken_down(tmp_path: Path, export: Path) -> None:
    one = counted(tmp_path, "one.csv", export, *release_exports.AS_AT, "--by", "force", "--period", "2020/21")
    other = counted(tmp_path, "other.json", export, *release_exports.AS_AT, "--by", "force", "--period", "2021/22")
    totals = [f for f in found(one, other)["figures"] if f["category_code"] == "total"]
    assert [(f["force"], f["before"], f["after"]) for f in totals] == [("Northshire", 69, 65), ("Westmark", 42, 42)]


def test_an_edition_that_changed_breaks_the_series_of_its_new_categories(tmp_path: Path, export: Path) -> None:
    options = (export, *release_exports.AS_AT)
    old = counted(tmp_path, "old.json", *options, "--scheme", "2020-08", "--period", "2020/21")
    new = counted(tmp_path, "new.json", *options, "--period", "2021/22")
    broken = {f["category_code"] for f in found(old, new)["figures"] if "b" in f["marker"].split()}
    assert broken == {"infiltration", "vulnerability", "commit-or-assist-crime", "other"}


@pytest.mark.parametrize("fmt", ["table", "markdown", "html"])
def test_a_page_shows_figures_records_and_the_marking(fmt: str) -> None:
    result = run("compare", TYPE, MONTH, *YEARS, "-f", fmt, "--marking", "OFFICIAL-SENSITIVE POLICE")
    assert "WM-0063" in result.out
    assert "Figures that differ for the same period" in result.out
    assert ("OFFICIAL-SENSITIVE POLICE" in result.out) is (fmt != "table")


def test_a_chart_is_written_with_its_text_alternative(tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    assert run("compare", TYPE, MONTH, *YEARS, "--chart", chart, "-q").code == 3
    root = ET.parse(chart).getroot()  # noqa: S314 - our own file
    desc = root.findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert "Misusing force systems: 2010 19, 2011 13, 2012 6, 2013 [r] 14, 2014 [r] 0." in desc


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param('{"schema_version": 1, "rows": "Zebedee"}', "count.json", id="json"),
        pytest.param('{"schema_version": 1, Zebedee', "count.json", id="broken-json"),
        pytest.param(
            json.dumps(
                {
                    "schema_version": 1,
                    "scheme": {"id": "x", "edition": "1", "sha256": "0" * 64},
                    "year_basis": "calendar",
                    "counted_by": "received",
                    "unit": "intelligence records",
                    "as_at": "2014-12-31",
                    "rows": [
                        {
                            "year": "2013",
                            "category_code": "other",
                            "category": "Other",
                            "count": "Zebedee",
                            "marker": "",
                        }
                    ],
                }
            ),
            "count.json",
            id="json-with-text-for-a-count",
        ),
        pytest.param("year,category_code,category,count,marker\n2023,other,Other,Zebedee,\n", "count.csv", id="csv"),
        pytest.param("year,category_code,category,count,marker\n2023,Zebedee\n", "count.csv", id="short-row"),
    ],
)
def test_a_table_that_is_none_is_refused_without_its_text(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    result = run("compare", tmp_path / name, MONTH, *YEARS)
    assert (result.code, result.out) == (4, "")
    assert "[tally]" in result.err
    assert "Zebedee" not in result.err


def test_a_count_that_stands_twice_is_refused(tmp_path: Path) -> None:
    table = counted(tmp_path, "one.csv", MONTH, *YEARS)
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([*lines, lines[-1]]), encoding="utf-8")
    result = run("compare", table, MONTH, *YEARS)
    assert (result.code, result.out) == (4, "")
    assert "twice" in result.err


@pytest.mark.parametrize("number", ["9999999999", "-5", "1_0", " 7", "\N{ARABIC-INDIC DIGIT FIVE}", "1.0"])
def test_a_number_that_count_does_not_write_is_no_count(tmp_path: Path, number: str) -> None:
    text = f"year,category_code,category,count,marker\n2013,other,Other,{number},\n"
    (tmp_path / "count.csv").write_text(text, encoding="utf-8")
    result = run("compare", tmp_path / "count.csv", MONTH, *YEARS)
    assert (result.code, result.out) == (4, "")


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_table_of_what_are_no_periods_is_refused(tmp_path: Path, ending: str) -> None:
    table = counted(tmp_path, f"one.{ending}", MONTH, *YEARS)
    table.write_text(table.read_text(encoding="utf-8").replace("2012", "Zebedee"), encoding="utf-8")
    result = run("compare", table, MONTH, *YEARS)
    assert (result.code, result.out) == (4, "")
    assert "Zebedee" not in result.err


def test_a_period_that_is_cut_short_is_not_tested(tmp_path: Path, export: Path) -> None:
    cut = (export, *release_exports.AS_AT, "--from", "2021-06-15", "--to", "2022-03-31")
    whole = (export, *release_exports.AS_AT, "--period", "2022/23")
    sides = counted(tmp_path, "cut.json", *cut), counted(tmp_path, "whole.json", *whole)
    count_schema = json.loads(SCHEMA.with_name("count.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(sides[0].read_text(encoding="utf-8")), count_schema)
    for before, after, *options in (sides, (export, sides[1], *cut[1:])):
        figures = found(before, after, *options)["figures"]
        assert {(f["chance"], f["marker"].split()[0]) for f in figures} == {("not tested", "p")}


def test_two_outputs_never_go_to_one_file_and_standard_input_is_read_once(tmp_path: Path) -> None:
    same = ("-f", "csv", "-o", tmp_path / "x.svg", "--chart", tmp_path / "." / "x.svg")
    for command in (("compare", TYPE, MONTH), ("count", MONTH)):
        assert run(*command, *YEARS, *same).code == 2
    assert run("compare", "-", "-", *YEARS).code == 2
    assert run("compare", TYPE, MONTH, *YEARS, "--from-db", "sqlite:///x.db", "--query", "SELECT 1").code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_counts_that_cut_time_differently_are_refused(tmp_path: Path, ending: str) -> None:
    one = counted(tmp_path, f"one.{ending}", MONTH, "--as-at", "2014-12-31")
    result = run("compare", one, MONTH, *YEARS)
    assert (result.code, result.out) == (4, "")
    assert "year basis" in result.err


@pytest.mark.parametrize(
    "args", [pytest.param(("--chart", "chart.jpeg"), id="jpeg"), pytest.param(("-o", "one.json"), id="over-an-input")]
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, args: tuple[str, str]) -> None:
    one = counted(tmp_path, "one.json", MONTH, *YEARS)
    before = one.read_bytes()
    assert run("compare", "one.json", MONTH, *YEARS, *args, cwd=tmp_path).code == 2
    assert one.read_bytes() == before


ENTRY = {"label": "Local label", "category": "other", "decided_by": "X", "decided_on": "2022-01-01", "reason": "R"}


def profile(folder: Path, *entries: dict[str, str]) -> tuple[str, Path]:
    path = folder / "profile.yaml"
    path.write_text(json.dumps({"crosswalk": [ENTRY | entry for entry in entries]}), encoding="utf-8")
    return "--profile", path


def broken(*args: Any) -> list[str]:
    return [f["category_code"] for f in found(*args)["figures"] if "b" in f["marker"].split()]


@pytest.mark.parametrize(
    ("dates", "codes"),
    [
        pytest.param({"valid_from": "2022-07-01"}, ["other"], id="begins-in-between"),
        pytest.param({"valid_to": "2022-07-01"}, ["other"], id="ends-in-between"),
        pytest.param({"valid_from": "2023-07-01"}, [], id="begins-later"),
        pytest.param({"valid_to": "9999-12-31"}, [], id="never-ends"),
    ],
)
def test_a_row_of_a_crosswalk_that_begins_or_ends_in_between_breaks_its_category(
    tmp_path: Path, export: Path, dates: dict[str, str], codes: list[str]
) -> None:
    options = (*release_exports.AS_AT, *profile(tmp_path, dates))
    sides = [counted(tmp_path, f"{n}.json", export, *options, "--period", f"202{n}/2{n + 1}") for n in (1, 2)]
    count_schema = json.loads(SCHEMA.with_name("count.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(sides[0].read_text(encoding="utf-8")), count_schema)
    assert broken(*sides) == codes
    assert broken(sides[0], export, *options, "--period", "2022/23") == codes


def test_a_row_that_leaves_records_uncategorised_breaks_their_series(tmp_path: Path, export: Path) -> None:
    row = {**ENTRY, "relation": "out-of-scope", "valid_from": "2022-07-01"}
    path = tmp_path / "profile.yaml"
    path.write_text(json.dumps({"crosswalk": [{key: row[key] for key in row if key != "category"}]}), encoding="utf-8")
    before = counted(tmp_path, "1.json", export, *release_exports.AS_AT, "--profile", path, "--period", "2021/22")
    after = counted(tmp_path, "2.json", export, *release_exports.AS_AT, "--profile", path, "--period", "2022/23")
    assert broken(before, after) == ["uncategorised"]


def test_a_row_that_applies_to_no_year_shown_breaks_nothing(tmp_path: Path, export: Path) -> None:
    before = counted(tmp_path, "before.json", export, *release_exports.AS_AT, "--period", "2021/22")
    later = profile(tmp_path, {"valid_from": "2023-07-01"})
    assert broken(before, export, *release_exports.AS_AT, "--period", "2022/23", *later) == []


def test_releases_tell_of_their_crosswalks_too(tmp_path: Path, export: Path) -> None:
    options = (*release_exports.AS_AT, *profile(tmp_path, {"valid_from": "2022-07-01"}))
    for n in (1, 2):
        command = ("return", export, *options, "--period", f"202{n}/2{n + 1}", "--years-back", 0, "-q")
        assert run(*command, "-o", tmp_path / f"release-{n}").code in (0, 3)
    assert broken(tmp_path / "release-1", tmp_path / "release-2") == ["other"]


def test_another_crosswalk_breaks_the_categories_that_it_is_about(tmp_path: Path, export: Path) -> None:
    def side(n: int, *entries: dict[str, str]) -> Path:
        options = (*release_exports.AS_AT, *profile(tmp_path, *entries))
        return counted(tmp_path, f"{n}.json", export, *options, "--period", f"202{n}/2{n + 1}")

    theft = {"label": "Local thing", "category": "theft-and-fraud"}
    one, other = side(1, {}), side(2, {"reason": "Better said.", "label": "LOCAL LABEL"}, theft)
    assert broken(one, other) == ["theft-and-fraud"]
    assert broken(one, counted(tmp_path, "2.json", export, *release_exports.AS_AT, "--period", "2022/23")) == ["other"]
    table = counted(tmp_path, "2.csv", export, *release_exports.AS_AT, "--period", "2022/23")
    assert broken(one, table) == []  # it does not say how labels were read


def test_count_draws_a_chart_beside_its_table_and_never_over_the_export(tmp_path: Path, export: Path) -> None:
    chart = tmp_path / "chart.svg"
    assert run("count", export, *release_exports.AS_AT, "-q", "--chart", chart).code == 3
    told = "Vulnerability: 2020/21 15, 2021/22 11, 2022/23 11."
    assert told in chart.read_text(encoding="utf-8")
    picture = tmp_path / "chart.PNG"
    assert run("count", export, *release_exports.AS_AT, "-q", "--chart", picture).code == 3
    assert told.encode() in picture.read_bytes()
    odd = export.rename(tmp_path / "export.svg")
    before = odd.read_bytes()
    assert run("count", odd, *release_exports.AS_AT, "-q", "--chart", odd).code in (2, 4)
    assert odd.read_bytes() == before


def test_groups_that_are_one_as_they_are_printed_are_added_up(tmp_path: Path) -> None:
    rows = "1,2023-05-01,Other,North East\n2,2023-05-01,Other,North East\n"
    alike = rows.replace("2,2023-05-01,Other,North East", '2,2023-05-01,Other,"North\nEast"')
    for name, text in (("before.csv", rows), ("after.csv", alike)):
        (tmp_path / name).write_text("Ref,Date received,Category,Unit\n" + text, encoding="utf-8")
    paths = tmp_path / "before.csv", tmp_path / "after.csv"
    revised = [
        row for row in found(*paths, "--by", "unit", "--as-at", "2024-03-31")["figures"] if row["kind"] == "revision"
    ]
    assert revised == []
