"""`assign` and `explain`: every row comes back in its place, with a category that says what it rests on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_door import Ran, export, run

from cc_categorise.assign import ADDED, Assigning
from cc_categorise.options import RunOptions, TextOptions

HEADER = "Ref,Received,Category,Narrative,Unit"
ROWS = (
    'R1,03/04/2023,Infiltration,"He told a friend of it, and passed a list",North',
    'R2,soon,Notifiable association,"Owes money, much debt there",North',
    'R3,04/04/2023,,"She searched the system for a neighbour, told nobody",South',
    'R4,04/04/2023,banana,"Found with cocaine in the locker",South',
    "R5,05/04/2023,,see log,South",
    "R6,05/04/2023,TBC,,South",
    'R3,04/04/2023,,"She searched the system for a neighbour, told nobody",South',
)
DECIDED = '{"reference":"%s","category":"%s","by":"A reviewer","on":"2024-03-31"}\n'

pytestmark = pytest.mark.usefixtures("few_words")


def table(result: Ran) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.out, newline="")))


def assigned(folder: Path, *rows: str, header: str = HEADER, more: tuple[str, ...] = ()) -> list[dict[str, str]]:
    export(folder, *rows, header=header)
    result = run("assign", "export.csv", *more, cwd=folder)
    assert result.code in (0, 3), result.err
    return table(result)


def added(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[f"cc_{name}"] for name in ("category_code", "basis", "confidence", "evidence", "review"))


# --- what a category rests on


def test_a_crosswalk_with_dates_goes_by_the_day_of_each_record() -> None:
    folder = Path(__file__).parents[2] / "examples" / "crosswalk-dated"
    rows = table(run("assign", "export.csv", "--profile", "profile.yaml", cwd=folder))
    found = {row["Date Received"]: row["cc_category_code"] for row in rows if row["Category"] == "Integrity"}
    assert found == {"30/03/2023": "theft-and-fraud", "31/03/2023": "theft-and-fraud", "01/04/2023": ""}


def test_each_row_gets_its_category_from_the_label_else_from_the_text(tmp_path: Path) -> None:
    rows = assigned(tmp_path, *ROWS)
    assert [row["Ref"] for row in rows] == ["R1", "R2", "R3", "R4", "R5", "R6", "R3"]
    assert list(map(added, rows)) == [
        ("infiltration", "recorded", "", "", "no"),
        ("inappropriate-association", "alias", "", "", "no"),
        ("misusing-force-systems", "text", "0.57", "4-12 word; 17-23 word", "no"),
        ("controlled-drug-use-and-supply", "text", "0.66", "11-18 word", "no"),
        ("", "none", "", "too-few-words", "yes"),
        ("", "none", "", "no-text", "yes"),
        ("misusing-force-systems", "text", "0.57", "4-12 word; 17-23 word", "no"),
    ]
    assert rows[2]["cc_category"] == "Misusing force systems"
    assert rows[2]["cc_further"] == "disclosure-of-information"


def test_a_decision_wins_over_what_was_recorded_and_over_the_text(tmp_path: Path) -> None:
    lines = [DECIDED % pair for pair in (("R1", "other"), ("R4", "vulnerability"), ("R3", "cannot-tell"))]
    (tmp_path / "decided.jsonl").write_text("".join(lines))
    rows = assigned(tmp_path, *ROWS, more=("--decisions", "decided.jsonl"))
    assert [row["cc_basis"] for row in rows] == [
        "decision", "alias", "decision", "decision", "none", "none", "decision",
    ]  # fmt: skip
    assert added(rows[0]) == ("other", "decision", "", "", "no")
    assert added(rows[2]) == ("", "decision", "", "", "no")


def test_a_crosswalk_decides_for_a_label_before_the_text_is_asked(tmp_path: Path) -> None:
    entry = "{label: Banana, category: other, decided_by: A reviewer, decided_on: 2024-01-01, reason: agreed}"
    (tmp_path / "profile.yaml").write_text(f"schema_version: 1\ncrosswalk: [{entry}]\n")
    rows = assigned(tmp_path, *ROWS, more=("--profile", "profile.yaml"))
    assert added(rows[3]) == ("other", "crosswalk", "", "", "no")


def test_doubt_is_said_by_the_review_column_alone(tmp_path: Path) -> None:
    rows = assigned(tmp_path, *ROWS, more=("--review-below", "0.6"))
    assert added(rows[2])[:2] == ("misusing-force-systems", "text")
    assert [row["cc_review"] for row in rows] == ["no", "no", "yes", "no", "yes", "yes", "yes"]


def test_review_is_asked_for_below_the_threshold_and_not_at_it(tmp_path: Path) -> None:
    export(tmp_path, *ROWS, header=HEADER)
    at = [str(tmp_path / "export.csv")]
    one = list(Assigning(at, RunOptions(), TextOptions()).rows())[2]
    assert one.confidence is not None
    for below, expected in ((one.confidence, False), (one.confidence + 1e-9, True)):
        assert Assigning(at, RunOptions(), TextOptions(review_below=below)).needs_review(one) is expected


def test_equal_texts_are_read_once_and_texts_that_decide_nothing_not_at_all(tmp_path: Path) -> None:
    export(tmp_path, *ROWS, header=HEADER)
    run_ = Assigning([str(tmp_path / "export.csv")], RunOptions(), TextOptions())
    assert len(list(run_.rows())) == 7
    asked = run_.categoriser.asked  # type: ignore[attr-defined]
    assert [text.split()[0] for text in asked] == ["She", "Found", "see"]


def test_further_categories_are_the_recorded_ones_where_there_are_any(tmp_path: Path) -> None:
    rows = assigned(tmp_path, "R1,Other,Vulnerability; Other; banana", header="Ref,Category,Further Categories")
    assert rows[0]["cc_further"] == "vulnerability"


# --- rows, columns, exit codes


def test_an_export_needs_a_category_or_a_text_and_nothing_else(tmp_path: Path) -> None:
    assert added(assigned(tmp_path, "Found with cocaine here", header="Narrative")[0])[1] == "text"
    assert added(assigned(tmp_path, "Other", header="Category")[0])[1] == "recorded"
    export(tmp_path, "R1,03/04/2023", header="Ref,Received")
    result = run("assign", "export.csv", cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert "no column for category or narrative" in result.err


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        pytest.param(ROWS[:4], 0, id="all-have-a-code"),
        pytest.param(ROWS[:5], 3, id="one-has-none"),
        pytest.param((), 0, id="header-only"),
    ],
)
def test_the_exit_code_says_whether_all_have_a_category(tmp_path: Path, rows: tuple[str, ...], code: int) -> None:
    export(tmp_path, *rows, header=HEADER)
    result = run("assign", "export.csv", cwd=tmp_path)
    assert result.code == code
    assert result.out.splitlines()[0] == ",".join(("Ref", "Received", "Category", "Unit", *ADDED))


def test_what_is_said_adds_up(tmp_path: Path) -> None:
    export(tmp_path, *ROWS, header=HEADER)
    said = run("assign", "export.csv", cwd=tmp_path).err
    assert "rows 7 = 1 recorded + 1 alias + 0 crosswalk + 0 decision + 3 text + 2 none" in said
    assert "text was read by a few words" in said
    assert "for review: 2," in said
    assert run("assign", "export.csv", "-q", cwd=tmp_path).err == ""
    export(tmp_path, ROWS[4], header=HEADER)
    assert "for review: 1, without a category\n" in run("assign", "export.csv", cwd=tmp_path).err


def test_nothing_is_written_over(tmp_path: Path) -> None:
    export(tmp_path, "R1,x", header="Category,CC_Review")
    result = run("assign", "export.csv", cwd=tmp_path)
    assert (result.code, result.out) == (4, "")
    assert "'CC_Review'" in result.err
    assert run("assign", "export.csv", "-o", "export.csv", cwd=tmp_path).code == 2


def test_two_columns_of_one_name_both_come_back(tmp_path: Path) -> None:
    rows = assigned(tmp_path, "R1,Other,a,b", header="Ref,Category,Note,Note")
    assert (rows[0]["Note"], rows[0]["Note (2)"]) == ("a", "b")


def test_exports_with_other_columns_share_one_table(tmp_path: Path) -> None:
    export(tmp_path, "R1,Other,x", header="Ref,Category,Unit", name="a.csv")
    export(tmp_path, "Vulnerability,R2,y", header="Category,Ref,Desk", name="b.csv")
    rows = table(run("assign", "a.csv", "b.csv", cwd=tmp_path))
    assert [list(row.values())[:5] for row in rows] == [
        ["R1", "Other", "x", "", "other"],
        ["R2", "Vulnerability", "", "y", "vulnerability"],
    ]


def test_blank_rows_and_footers_are_no_records_and_are_told(tmp_path: Path) -> None:
    export(tmp_path, ROWS[0], "", "Total,1", header=HEADER)
    result = run("assign", "export.csv", cwd=tmp_path)
    assert len(table(result)) == 1
    assert "set aside 1 blank row (row 3), 1 footer row (row 4)" in result.err


def test_labels_alone_load_no_reader_of_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_words: type) -> None:
    monkeypatch.setattr(few_words, "load", None)
    assert added(assigned(tmp_path, *ROWS[:2], "R9,,,,", header=HEADER)[2])[1:4] == ("none", "", "no-text")


def test_the_formats_hold_the_same_cells(tmp_path: Path) -> None:
    export(tmp_path, *ROWS, header=HEADER)
    as_csv = table(run("assign", "export.csv", cwd=tmp_path))
    assert json.loads(run("assign", "export.csv", "-f", "json", cwd=tmp_path).out) == as_csv
    for fmt in ("table", "markdown", "html"):
        assert run("assign", "export.csv", "-f", fmt, cwd=tmp_path).out.count("too-few-words") == 1
    assert run("assign", "export.csv", "-o", "out.csv", cwd=tmp_path).out == ""
    assert table(Ran(0, (tmp_path / "out.csv").read_bytes().decode(), "")) == as_csv


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.lists(st.tuples(CELL, CELL, st.sampled_from(["", "told a tale here", "=1+1 in cocaine"])), max_size=5))
def test_rows_and_their_cells_come_back_in_order(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    given_ = [(f"R{number}", *row) for number, row in enumerate(rows)]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("Ref", "Category", "Desk", "Narrative"), *given_])
    (tmp_path / "export.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
    result = run("assign", "export.csv", "--show-text", cwd=tmp_path)
    got = [tuple(row[name] for name in ("Ref", "Category", "Desk", "Narrative")) for row in table(result)]
    assert got == [tuple(cell.replace("\r\n", "\n") for cell in row) for row in given_]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_line_ends_of_the_platform_change_nothing(tmp_path: Path, end: str) -> None:
    text = end.join([HEADER, *ROWS, ""])
    (tmp_path / "export.csv").write_text(text, encoding="utf-8", newline="")
    (tmp_path / "other.csv").write_text("\n".join([HEADER, *ROWS, ""]), encoding="utf-8", newline="")
    assert run("assign", "export.csv", cwd=tmp_path).out == run("assign", "other.csv", cwd=tmp_path).out


# --- record text


def test_text_comes_out_only_if_it_is_asked_for_and_then_with_the_words_of_the_evidence(tmp_path: Path) -> None:
    export(tmp_path, *ROWS, header=HEADER)
    silent = run("assign", "export.csv", cwd=tmp_path)
    assert "neighbour" not in silent.out + silent.err
    asked = run("assign", "export.csv", "--show-text", cwd=tmp_path)
    row = table(asked)[2]
    assert row["Narrative"] == "She searched the system for a neighbour, told nobody"
    assert row["cc_evidence"] == "4-12 word: searched; 17-23 word: system"
    assert "record text is in this output" in asked.err


@pytest.mark.parametrize("columns", ["Summary,Details", "Details,Summary"])
def test_every_column_that_is_known_for_text_is_left_out(tmp_path: Path, columns: str) -> None:
    export(tmp_path, "R1,Other,Zebedee one,Zebedee two", header=f"Ref,Category,{columns}")
    result = run("assign", "export.csv", "--map", "narrative=Summary", cwd=tmp_path)
    assert result.code == 0
    assert "Zebedee" not in result.out + result.err


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("R1,03/04/2023,Other,He said, Zebedee Quux,North", id="too-many-cells"),
        pytest.param("Zebedee Quux second half", id="too-few-cells"),
        pytest.param('R1,03/04/2023,Other,"Zebedee Quux', id="unbalanced-quote"),
    ],
)
def test_a_row_out_of_shape_keeps_its_place_and_shows_no_cell(tmp_path: Path, row: str) -> None:
    export(tmp_path, ROWS[0], row, header=HEADER)
    result = run("assign", "export.csv", cwd=tmp_path)
    first, second = table(result)
    assert (first["Ref"], set(list(second.values())[:4]), second["cc_review"]) == ("R1", {""}, "yes")
    assert "Zebedee" not in result.out + result.err
    assert "out of shape, and given without their cells: 1" in result.err
    assert "Zebedee" in run("assign", "export.csv", "--show-text", cwd=tmp_path).out


@pytest.mark.parametrize("command", [("assign",), ("explain", "--row", "2"), ("evaluate", "--no-vectors")])
@pytest.mark.parametrize(
    ("given", "marking"),
    [
        pytest.param((), "OFFICIAL-SENSITIVE", id="its-own"),
        pytest.param(("--marking", "OFFICIAL"), "OFFICIAL", id="another"),
    ],
)
def test_a_page_has_its_marking_above_and_below(
    tmp_path: Path, command: tuple[str, ...], given: tuple[str, ...], marking: str
) -> None:
    export(tmp_path, *ROWS, header=HEADER)
    page = run(*command, "export.csv", "-f", "html", *given, cwd=tmp_path).out
    assert page.count(f'<p class="marking">{marking}</p>') == 2


# --- explain


def test_explain_shows_evidence_weights_and_why_the_runner_up_lost(tmp_path: Path) -> None:
    export(tmp_path, *ROWS, header=HEADER)
    found = json.loads(run("explain", "export.csv", "--row", "4", "-f", "json", cwd=tmp_path).out)
    assert found["recorded"] == "not read: blank-category"
    assert (found["category_code"], found["confidence"], found["review_below"]) == ("misusing-force-systems", 0.57, 0.5)
    assert found["runner_up"] == "disclosure-of-information"
    assert found["why_it_lost"] == "it scores 2.00 less; its heaviest words weigh +2.00, not +2.00"
    assert [row["category_code"] for row in found["ranked"]][:2] == [
        "misusing-force-systems",
        "disclosure-of-information",
    ]
    assert len(found["ranked"]) == 12
    assert found["evidence"][0] == {
        "start": 4, "end": 12, "category_code": "misusing-force-systems", "rule": "word", "weight": "+2.00",
    }  # fmt: skip


def test_explain_reads_the_text_of_a_row_whose_label_was_read(tmp_path: Path) -> None:
    export(tmp_path, *ROWS, header=HEADER)
    said = run("explain", "export.csv", "--row", "2", cwd=tmp_path).out
    assert "recorded: read as infiltration (recorded)" in said
    assert "suggested: disclosure-of-information" in said
    assert "friend" not in said
    assert "passed" in run("explain", "export.csv", "--row", "2", "--show-text", cwd=tmp_path).out


def test_explain_takes_a_text_by_itself(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_bytes("\ufeffFound with cocaine".encode())
    one = run("explain", "--text", "text.txt", cwd=tmp_path)
    other = run("explain", "--text", "-", stdin=b"Found with cocaine")
    assert one == other
    assert "suggested: controlled-drug-use-and-supply" in one.out
    assert "text: not read: too-few-words" in run("explain", "--text", "-", stdin=b"see log").out


@pytest.mark.parametrize(
    "args",
    [
        pytest.param((), id="nothing"),
        pytest.param(("export.csv",), id="no-row"),
        pytest.param(("export.csv", "--row", "1"), id="header"),
        pytest.param(("export.csv", "--row", "99"), id="no-such-row"),
        pytest.param(("export.csv", "--row", "2", "--text", "-"), id="both"),
    ],
)
def test_explain_says_what_it_takes(tmp_path: Path, args: tuple[str, ...]) -> None:
    export(tmp_path, *ROWS, header=HEADER)
    result = run("explain", *args, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert "error: " in result.err


def test_a_text_that_is_not_there_is_an_input_that_cannot_be_used() -> None:
    assert run("explain", "--text", "nosuch.txt").code == 4
