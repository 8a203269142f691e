"""Every shared option does what its help says, alone and against the profile and the environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from test_door import AS_AT, HEADER, SOUND, UNREAD, counts, export, run
from typer.testing import CliRunner

from cc_categorise.cli import program
from cc_categorise.cli.options import ReadingOptions, gathered

# One record in each of two days that every option about time parts differently.
TWO_DATES = f"{HEADER},Date Recorded,Date Occurred,Date Closed,Force"
DATED = "R1,2022-03-31,Infiltration,2022-04-01,2021-12-31,2023-06-30,North"


def counted(*args: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> dict[tuple[str, ...], int]:
    """Count as CSV, and give the counts above nought."""
    result = run("count", *args, *AS_AT, "-f", "csv", cwd=cwd, env=env)
    assert result.code in (0, 3), result.err
    return counts(result.out)


def profile(folder: Path, text: str) -> Path:
    path = folder / "profile.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def dated(tmp_path: Path) -> Path:
    return export(tmp_path, DATED, header=TWO_DATES)


def shared_parameters() -> dict[str, typer.core.TyperOption]:
    command = typer.main.get_command(program())
    assert isinstance(command, typer.core.TyperGroup)
    return {
        name: parameter
        for parameter in command.commands["count"].params
        if isinstance(parameter, typer.core.TyperOption)
        for name in parameter.opts
    }


def test_a_command_that_takes_some_of_the_options_may_use_every_core() -> None:
    app, seen = typer.Typer(), []

    @app.command()
    @gathered
    def read(options: ReadingOptions) -> None:
        seen.append(options.workers)

    assert CliRunner().invoke(app, []).exit_code == 0
    assert seen == [None]


# --- time


@pytest.mark.parametrize(
    ("given", "year"),
    [
        pytest.param([], "2021/22", id="default-is-received"),
        pytest.param(["--count-by", "received"], "2021/22", id="received"),
        pytest.param(["--count-by", "recorded"], "2022/23", id="recorded"),
        pytest.param(["--count-by", "occurred"], "2021/22", id="occurred"),
        pytest.param(["--count-by", "closed"], "2023/24", id="closed"),
        pytest.param(["--year", "financial"], "2021/22", id="financial"),
        pytest.param(["--year", "calendar"], "2022", id="calendar"),
        pytest.param(["--year", "quarter"], "2021/22 Q4", id="quarter"),
        pytest.param(["--year", "month"], "2022-03", id="month"),
        pytest.param(["--year", "calendar", "--count-by", "occurred"], "2021", id="both"),
    ],
)
def test_the_year_is_that_of_the_date_and_basis_asked_for(dated: Path, given: list[str], year: str) -> None:
    assert counted(dated, *given) == {(year, "infiltration"): 1}


def test_recorded_is_counted_by_where_nothing_was_received(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2022-04-01,Other", header="Reference,Date Recorded,Category")
    assert counted(path) == {("2022/23", "other"): 1}
    assert "counted by the recorded date" in run("count", path).err


@pytest.mark.parametrize(
    ("given", "days"),
    [
        pytest.param([], ["31", "01", "30"], id="all"),
        pytest.param(["--from", "2023-04-01"], ["01", "30"], id="from"),
        pytest.param(["--from", "01/04/2023"], ["01", "30"], id="from-written-day-first"),
        pytest.param(["--to", "2023-04-01"], ["31", "01"], id="to"),
        pytest.param(["--from", "2023-04-01", "--to", "2023-04-01"], ["01"], id="one-day"),
        pytest.param(["--period", "2022/23"], ["31"], id="period"),
        pytest.param(["--period", "2023/24"], ["01", "30"], id="other-period"),
        pytest.param(["--period", "2022/23", "--period", "2023/24"], ["31", "01", "30"], id="two-periods"),
        pytest.param(["--year", "month", "--period", "2023-04"], ["01", "30"], id="month"),
        pytest.param(["--year", "quarter", "--period", "2022/23 Q4"], ["31"], id="quarter"),
        pytest.param(["--year", "month", "--period", "2022/23"], ["31"], id="months-of-a-year"),
    ],
)
def test_only_days_asked_for_are_counted_and_the_others_are_out_of_period(
    tmp_path: Path, given: list[str], days: list[str]
) -> None:
    rows = ["R1,2023-03-31,Other", "R2,2023-04-01,Other", "R3,2023-04-30,Other"]
    result = run("count", export(tmp_path, *rows), *AS_AT, "-f", "json", *given)
    found = json.loads(result.out)["reconciliation"]
    assert result.code == 0
    assert (found["rows_read"], found["counted"], found["out_of_period"]) == (3, len(days), 3 - len(days))


def test_periods_asked_for_are_shown_in_order_even_where_nothing_is_counted(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2022-04-01,Other")
    args = ("--period", "2023/24", "--period", "2021/22", "-f", "csv", "--layout", "wide")
    heading = run("count", path, *AS_AT, *args).out.splitlines()[0]
    assert heading == "category_code,category,2021/22,2023/24,total"


def test_a_period_cut_by_from_or_to_says_so(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2023-06-01,Other")
    result = run("count", path, *AS_AT, "--from", "2023-05-01", "--to", "2023-06-30")
    note = "2023/24 holds only 1 May 2023 to 30 June 2023."
    assert f"Note: {note}" in result.out
    assert note in result.err


def test_a_date_after_the_as_at_date_is_rejected_and_a_period_not_over_is_marked(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2023-06-01,Other", "R2,2023-06-02,Other")
    result = run("count", path, "--as-at", "2023-06-01", "-f", "json")
    found = json.loads(result.out)
    assert (result.code, found["as_at"]) == (3, "2023-06-01")
    assert found["findings"] == {"date-after-as-at": 1}
    assert {row["marker"] for row in found["rows"]} == {"p"}
    whole = json.loads(run("count", path, "--as-at", "2024-03-31", "-f", "json").out)
    assert (whole["findings"], {row["marker"] for row in whole["rows"]}) == ({}, {""})


# --- what is counted


@pytest.fixture
def further(tmp_path: Path) -> Path:
    header = f"{HEADER},Further Categories"
    return export(tmp_path, "R1,2023-04-03,Infiltration,Other; Vulnerability", "R2,2023-04-03,,", header=header)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param([], {"infiltration": 1, "uncategorised": 1}, id="default-is-primary"),
        pytest.param(["--basis", "primary"], {"infiltration": 1, "uncategorised": 1}, id="primary"),
        pytest.param(
            ["--basis", "all"], {"infiltration": 1, "vulnerability": 1, "other": 1, "uncategorised": 1}, id="all"
        ),
    ],
)
def test_basis_counts_records_or_every_category_of_each(
    further: Path, given: list[str], expected: dict[str, int]
) -> None:
    assert counted(further, *given) == {("2023/24", code): n for code, n in expected.items()}


def test_by_breaks_down_by_columns_in_the_order_given(tmp_path: Path) -> None:
    rows = ("R1,2023-04-03,Other,North,A", "R2,2023-04-03,Other,South,A", "R3,2023-04-03,Other,,A")
    path = export(tmp_path, *rows, header=f"{HEADER},Police Force,Desk no.")
    assert counted(path, "--by", "force") == {
        ("North", "2023/24", "other"): 1,
        ("South", "2023/24", "other"): 1,
        ("(blank)", "2023/24", "other"): 1,
    }
    assert counted(path, "--by", "desk NO", "--by", "Force")[("A", "North", "2023/24", "other")] == 1
    heading = run("count", path, *AS_AT, "-f", "csv", "--by", "desk NO", "--by", "Force").out.splitlines()[0]
    assert heading == "desk NO,Force,year,category_code,category,count,marker"


def test_by_names_a_column_that_is_there(dated: Path) -> None:
    result = run("count", dated, "--by", "Desk")
    assert (result.code, result.out) == (4, "")
    assert "no column 'Desk'" in result.err


@pytest.mark.parametrize(
    ("n_bad", "of", "allowed", "code"),
    [
        pytest.param(0, 4, "0", 0, id="none-bad"),
        pytest.param(1, 4, "0", 3, id="none-allowed"),
        pytest.param(2, 4, "2", 0, id="as-many-as-allowed"),
        pytest.param(3, 4, "2", 3, id="one-more-than-allowed"),
        pytest.param(1, 4, "25%", 0, id="as-large-a-part-as-allowed"),
        pytest.param(2, 4, "25%", 3, id="a-larger-part"),
        pytest.param(1, 4, "24.9%", 3, id="a-fraction-of-a-percent"),
        pytest.param(4, 4, "100%", 0, id="all"),
        pytest.param(0, 0, "0%", 0, id="no-rows"),
    ],
)
def test_allow_rejects_lets_so_many_rows_fail(tmp_path: Path, n_bad: int, of: int, allowed: str, code: int) -> None:
    bad = [f"R{n},never,Other" if n % 2 else f"R{n},2023-04-03,Banana" for n in range(n_bad)]
    good = [f"R{n},2023-04-03,Other" for n in range(n_bad, of)]
    path = export(tmp_path, *bad, *good)
    assert run("count", path, *AS_AT, "--allow-rejects", allowed).code == code
    assert run("check", path, *AS_AT, "--allow-rejects", allowed).code == code


# --- columns, encoding, delimiter


def test_map_is_repeatable_and_folds_case_spaces_and_punctuation(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2023-04-03,Other", header="Key,Day (in),Sort of  case")
    given = ("--map", "Received-On=DAY IN", "--map", "category=sort of case", "--map", "reference=key")
    assert counted(path, *given) == {("2023/24", "other"): 1}
    assert "no-reference-column" not in run("count", path, *AS_AT, *given).err


def test_map_replaces_the_synonyms_of_its_field_and_the_last_one_counts(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2023-04-03,Other,Infiltration,Vulnerability", header=f"{HEADER},Second,Third")
    assert counted(path, "--map", "category=Second") == {("2023/24", "infiltration"): 1}
    assert counted(path, "--map", "category=Second", "--map", "category=Third") == {("2023/24", "vulnerability"): 1}


def test_map_names_a_header_that_is_there(dated: Path) -> None:
    result = run("count", dated, "--map", "category=Sort")
    assert (result.code, result.out) == (4, "")
    assert "no column 'Sort', which was named for category" in result.err


def test_map_gives_the_near_miss_of_a_field_that_does_not_exist(dated: Path) -> None:
    result = run("count", dated, "--map", "catagory=Sort")
    assert result.code == 2
    assert "did you mean 'category'?" in result.err


def test_map_chooses_between_two_columns_of_one_field(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2023-04-03,2022-04-03,Other", header="Ref,Received,Date Received,Category")
    assert "'Received' (column 2) and 'Date Received' (column 3)" in run("count", path).err
    assert counted(path, "--map", "received_on=Date Received") == {("2022/23", "other"): 1}


@pytest.mark.parametrize(
    ("given", "force"),
    [
        pytest.param([], "Zürich", id="found"),
        pytest.param(["--encoding", "cp1252"], "Zürich", id="the-same"),
        pytest.param(["--encoding", "iso8859-5"], "Zќrich", id="another"),
    ],
)
def test_encoding_overrides_what_is_found(tmp_path: Path, given: list[str], force: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(f"{HEADER},Force\n{SOUND},Zürich\n".encode("cp1252"))
    assert counted(path, *given, "--by", "force") == {(force, "2023/24", "infiltration"): 1}


@pytest.mark.parametrize(
    ("sign", "given"),
    [
        pytest.param(",", [], id="comma-found"),
        pytest.param(";", [], id="semicolon-found"),
        pytest.param("\t", [], id="tab-found"),
        pytest.param("|", [], id="pipe-found"),
        pytest.param(";", ["--delimiter", ";"], id="semicolon"),
        pytest.param("\t", ["--delimiter", "tab"], id="tab"),
        pytest.param("~", ["--delimiter", "~"], id="any-sign"),
    ],
)
def test_delimiter_is_found_or_given(tmp_path: Path, sign: str, given: list[str]) -> None:
    path = export(tmp_path, SOUND.replace(",", sign), header=HEADER.replace(",", sign))
    assert counted(path, *given) == {("2023/24", "infiltration"): 1}


@pytest.mark.parametrize("given", [["--delimiter", "::"], []], ids=["typed", "environment"])
def test_a_delimiter_is_one_character(dated: Path, given: list[str]) -> None:
    result = run("count", dated, *given, env={} if given else {"CC_CATEGORISE_DELIMITER": "::"})
    assert (result.code, result.out) == (2, "")
    assert "error: --delimiter: a delimiter is one character [usage]" in result.err


def test_a_profile_whose_delimiter_is_no_character_cannot_be_used(tmp_path: Path, dated: Path) -> None:
    result = run("count", dated, "--profile", profile(tmp_path, "delimiter: '::'\n"))
    assert (result.code, "[delimiter]" in result.err) == (4, True)


def test_a_choice_that_no_export_has_a_use_for_is_told(tmp_path: Path) -> None:
    path = export(tmp_path, SOUND)
    (tmp_path / "export.json").write_text(json.dumps([dict(zip(HEADER.split(","), SOUND.split(","), strict=True))]))
    result = run("count", path, *AS_AT, "--sheet", "2023", "--encoding", "utf-8", "--delimiter", ",")
    assert (result.code, result.err.count("is not used")) == (0, 1)
    assert "--sheet is not used: no export is a workbook\n" in result.err
    told = run("count", tmp_path / "export.json", *AS_AT, "--delimiter", ";").err
    assert "--delimiter is not used: no export is delimited text\n" in told
    assert "is not used" not in run("count", path, tmp_path / "export.json", *AS_AT, "--delimiter", ",").err


def test_scheme_is_another_category_scheme(dated: Path) -> None:
    own = (Path(__file__).parents[2] / "categories.yaml").read_text(encoding="utf-8")
    path = dated.parent / "own.yaml"
    path.write_text(own.replace("title: Infiltration", "title: Infiltration by criminals", 1), encoding="utf-8")
    assert "Infiltration by criminals" in run("count", dated, "--scheme", path).out
    assert "Infiltration by criminals" not in run("count", dated).out


def test_profile_says_what_an_export_looks_like(tmp_path: Path) -> None:
    path = export(tmp_path, "R1;04.05.2023;Sleaze", "TOTAL;1;", header="No.;Day;Sort")
    text = """
force: North
columns: {reference: No., received_on: Day, category: Sort}
date_formats: ["%d.%m.%Y"]
delimiter: ";"
crosswalk:
  - {label: Sleaze, category: other, decided_by: A. Person, decided_on: 2024-01-31, reason: Written so in the guide.}
"""
    expected = {("North", "2023/24", "other"): 1}
    assert counted(path, "--profile", profile(tmp_path, text), "--by", "force") == expected


# --- output


def test_layout_is_long_or_wide(dated: Path) -> None:
    long, wide = (
        run("count", dated, *AS_AT, "-f", "csv", "--layout", layout).out.splitlines() for layout in ("long", "wide")
    )
    assert long[:2] == ["year,category_code,category,count,marker", "2021/22,infiltration,Infiltration,1,"]
    assert wide[:2] == ["category_code,category,2021/22,total", "infiltration,Infiltration,1,1"]
    assert run("count", dated, *AS_AT, "-f", "csv").out.splitlines() == long
    shown = {layout: run("count", dated, *AS_AT, "--layout", layout).out for layout in ("long", "wide")}
    assert shown["long"] != shown["wide"] == run("count", dated, *AS_AT).out


def test_quiet_says_nothing_but_errors(tmp_path: Path) -> None:
    path = export(tmp_path, SOUND, UNREAD)
    assert run("count", path, *AS_AT, "-q").err == ""
    assert run("count", path, *AS_AT, "--quiet", "--verbose").err == ""
    assert run("check", path, *AS_AT, "-q", "--quarantine", tmp_path / "out").err == ""
    assert run("count", tmp_path / "no.csv", "-q").err.startswith("error: ")


def test_verbose_says_which_columns_are_used_for_what(dated: Path) -> None:
    said = run("count", "export.csv", *AS_AT, "-v", "--count-by", "closed", cwd=dated.parent).err
    line = "export.csv: reference = 'Reference', closed_on = 'Date Closed', category = 'Category', force = 'Force'"
    assert line in said.splitlines()
    assert line not in run("count", "export.csv", *AS_AT, "--count-by", "closed", cwd=dated.parent).err


# --- default < profile < environment < option

CHOICES = [
    pytest.param("count_by", "--count-by", ["recorded", "occurred", "closed"], id="count-by"),
    pytest.param("year", "--year", ["calendar", "quarter", "month"], id="year"),
]


@pytest.mark.parametrize(("key", "option", "values"), CHOICES)
def test_profile_beats_default_environment_beats_profile_and_option_beats_all(
    dated: Path, key: str, option: str, values: list[str]
) -> None:
    alone = {value: counted(dated, option, value) for value in values}
    default = counted(dated)
    assert len({str(table) for table in [default, *alone.values()]}) >= 3
    given = ["--profile", profile(dated.parent, f"{key}: {values[0]}\n")]
    env = {"CC_CATEGORISE_" + key.upper(): values[1]}
    assert counted(dated, *given) == alone[values[0]]
    assert counted(dated, *given, env=env) == alone[values[1]]
    assert counted(dated, *given, option, values[2], env=env) == alone[values[2]]


def test_encoding_takes_the_same_order(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(f"{HEADER},Force\n{SOUND},Zürich\n".encode("cp1252"))

    def force(*args: object, env: dict[str, str] | None = None) -> str:
        ((found, _, _),) = counted(path, "--by", "force", *args, env=env)
        return found

    given = ("--profile", profile(tmp_path, "encoding: iso8859-5\n"))
    env = {"CC_CATEGORISE_ENCODING": "koi8-r"}
    read = [force(), force(*given), force(*given, env=env), force(*given, "--encoding", "cp437", env=env)]
    assert read == [b"Z\xfcrich".decode(codec) for codec in ("cp1252", "iso8859-5", "koi8-r", "cp437")]


def test_delimiter_takes_the_same_order(tmp_path: Path) -> None:
    # Each sign finds a date and a category of its own.
    header = ";Received;Category;~Received~Category~!Received!Category!"
    path = export(tmp_path, ";2020-05-01;Other;~2021-05-01~Other~!2022-05-01!Other!", header=header)
    given = ("--profile", profile(tmp_path, "delimiter: ';'\n"))
    env = {"CC_CATEGORISE_DELIMITER": "~"}
    assert counted(path, *given) == {("2020/21", "other"): 1}
    assert counted(path, *given, env=env) == {("2021/22", "other"): 1}
    assert counted(path, *given, "--delimiter", "!", env=env) == {("2022/23", "other"): 1}


def test_map_beats_the_columns_of_a_profile(tmp_path: Path) -> None:
    path = export(tmp_path, "R1,2023-04-03,Other,Infiltration,Vulnerability", header=f"{HEADER},Second,Third")
    given = ["--profile", profile(tmp_path, "columns: {category: Second}\n")]
    assert counted(path, *given) == {("2023/24", "infiltration"): 1}
    assert counted(path, *given, "--map", "category=Third") == {("2023/24", "vulnerability"): 1}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        pytest.param("--as-at", "2023-01-01", id="as-at"),
        pytest.param("--allow-rejects", "1", id="allow-rejects"),
        pytest.param("--basis", "all", id="basis"),
        pytest.param("--count-by", "recorded", id="count-by"),
        pytest.param("--delimiter", "tab", id="delimiter"),
        pytest.param("--encoding", "iso8859-5", id="encoding"),
        pytest.param("--format", "json", id="format"),
        pytest.param("--layout", "long", id="layout"),
        pytest.param("--profile", "profile.yaml", id="profile"),
        pytest.param("--scheme", "own.yaml", id="scheme"),
        pytest.param("--year", "month", id="year"),
    ],
)
def test_an_option_can_be_given_in_the_environment(tmp_path: Path, option: str, value: str) -> None:
    header = "\t".join(f"{HEADER},Date Recorded,Further Category,Force,Colour".split(","))
    rows = ["\t".join(row.split(",")) for row in (f"{SOUND},2022-04-03,Other,Zürich,x", "R2,soon,Other,,,,")]
    export(tmp_path, *rows, header=header)
    profile(tmp_path, "columns: {category: Further Category}\n")
    own = (Path(__file__).parents[2] / "categories.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(own.replace("title: Infiltration", "title: Inside job", 1), encoding="utf-8")
    args = ("count", "export.csv", "--by", "force")
    typed = run(*args, option, value, cwd=tmp_path)
    name = "CC_CATEGORISE_" + option.removeprefix("--").replace("-", "_").upper()
    assert run(*args, cwd=tmp_path, env={name: value}) == typed
    assert shared_parameters()[option].envvar == name
    if option != "--delimiter":  # that one is found all the same
        assert typed != run(*args, cwd=tmp_path)


def test_an_option_in_the_environment_is_checked_like_one_typed(dated: Path) -> None:
    result = run("count", dated, env={"CC_CATEGORISE_YEAR": "decade"})
    assert (result.code, result.out) == (2, "")


def test_an_empty_environment_variable_is_none(dated: Path) -> None:
    assert run("count", dated, *AS_AT, env={"CC_CATEGORISE_YEAR": ""}) == run("count", dated, *AS_AT)


CHECKS = {"--fail-on", "--foi", "--list", "--minutes", "--quality", "--quarantine", "--text"}
CHECKS |= {"--phrases", "--model", "--vectors", "--review-below", "--show-text"}


@pytest.mark.parametrize("command", ["count", "check"])
def test_both_commands_take_the_same_shared_options(command: str) -> None:
    commands = typer.main.get_command(program())
    assert isinstance(commands, typer.core.TyperGroup)
    shared = {name for parameter in commands.commands["count"].params for name in parameter.opts} - {"--chart"}
    own = {name for parameter in commands.commands[command].params for name in parameter.opts} - shared
    assert own == (CHECKS if command == "check" else {"--chart"})
    text = run(command, "--help").out
    for name in shared - {"exports"}:
        assert name in text


@pytest.mark.parametrize("wanted", ["", "--help", "-h"])
def test_help_without_the_options_of_any_command_is_the_help_of_all(wanted: str) -> None:
    whole, told = (CliRunner().invoke(app, ["--help"]).output for app in (program(), program(wanted)))
    assert told == whole
    assert "  schema " in whole
    assert "  profile " in whole


def test_a_command_is_the_same_alone_as_among_all_others() -> None:
    whole, alone = (CliRunner().invoke(app, ["count", "--help"]).output for app in (program(), program("count")))
    assert alone == whole


def test_a_page_of_exact_figures_is_sensitive_unless_another_marking_is_given(tmp_path: Path) -> None:
    path = export(tmp_path, SOUND)
    for command in (("count",), ("check",), ("check", "--list", "infiltration")):
        assert '<p class="marking">OFFICIAL-SENSITIVE</p>' in run(*command, path, *AS_AT, "-f", "html").out
        other = run(*command, path, *AS_AT, "-f", "html", "--marking", "OFFICIAL: unit").out
        assert '<p class="marking">OFFICIAL: unit</p>' in other
        assert run(*command, path, *AS_AT, "--marking", "<b>").code == 2
