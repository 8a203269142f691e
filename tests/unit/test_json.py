"""JSON as systems write it: arrays, objects around one, lines; what is broken is told by its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from export_builders import cells_of, counted, fates, found, in_memory, rows_of, told_of
from hypothesis import given
from hypothesis import strategies as st

from cc_categorise.errors import EmptyFileError, JsonError
from cc_categorise.options import Basis
from cc_categorise.read.jsontext import open_json

SOUND = {"Ref": "R1", "Received": "2023-04-03", "Category": "Other"}
LINE = json.dumps(SOUND)


def opened(document: Any) -> list[list[str]]:
    """Write a document and read its rows."""
    return rows_of(open_json(in_memory(document if isinstance(document, str) else json.dumps(document))))


def of(**changed: Any) -> dict[str, Any]:
    return SOUND | changed


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    return tmp_path / "export.jsonl"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(f"[{LINE}]", "JSON array", id="array"),
        pytest.param(f'{{"taken": "2024", "n": [1, 2], "records": [{LINE}]}}', "JSON object", id="object"),
        pytest.param(f'{{"empty": [], "records": [{LINE}]}}', "JSON object", id="beside-an-empty-array"),
        pytest.param(LINE, "JSON Lines", id="one-line"),
        pytest.param(f"{LINE}\n", "JSON Lines", id="one-line-ended"),
        pytest.param(f"\ufeff\n {LINE}\n", "JSON Lines", id="marked"),
    ],
)
def test_every_shape_gives_the_records(text: str, told: str) -> None:
    table = open_json(in_memory(text))
    assert (table.header, table.header_row) == (("Ref", "Received", "Category"), 0)
    assert rows_of(table) == [["R1", "2023-04-03", "Other"]]
    assert told in table.found


def test_keys_are_columns_in_the_order_they_come_first_and_may_be_missing() -> None:
    table = open_json(in_memory(json.dumps([{"b": 1}, {"a": 2, "b": 3}, {}])))
    assert table.header == ("b", "a")
    assert rows_of(table) == [["1", ""], ["3", "2"], ["", ""]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "", id="null"),
        pytest.param(True, "TRUE", id="boolean"),
        pytest.param(7, "7", id="whole"),
        pytest.param(7.0, "7", id="whole-float"),
        pytest.param(7.5, "7.5", id="fraction"),
        pytest.param(12345678901234567890, "12345678901234567890", id="long"),
        pytest.param("007", "007", id="leading-zeros"),
        pytest.param("Café 東京 🚔", "Café 東京 🚔", id="unicode"),
        pytest.param(["Other", "Vulnerability"], "Other; Vulnerability", id="list"),
        pytest.param([4, None, True], "4; ; TRUE", id="list-of-mixed"),
        pytest.param([], "", id="empty-list"),
        pytest.param([["a"], "b"], '[["a"], "b"]', id="list-in-list"),
        pytest.param({"a": "é"}, '{"a": "é"}', id="object"),
    ],
)
def test_a_value_is_the_text_a_person_would_read(value: Any, text: str) -> None:
    assert opened([of(Ref=value)])[0][0] == text


def test_half_a_character_is_shown_as_its_escape_and_stays_apart_from_others(tmp_path: Path) -> None:
    text = '[{"Ref": "\\ud800", "\\ud800": 1}, {"Ref": "\\ud801"}]'
    table = open_json(in_memory(text))
    assert table.header == ("Ref", "\\ud800")
    assert [row[0] for row in rows_of(table)] == ["\\ud800", "\\ud801"]
    path = tmp_path / "export.json"
    path.write_text(json.dumps([of(Ref="\ud800"), of(Ref="\ud801")]))
    assert fates(counted(path)) == {"rows_read": 2, "counted": 2}


# --- one row is wrong


def test_a_broken_line_is_rejected_by_its_number_and_the_rest_is_read(lines: Path) -> None:
    lines.write_text(f'{LINE}\n\n{{"Ref": "R2", "Received\n[1]\n"text"\n{json.dumps(of(Ref="R3"))}\n')
    outcome = counted(lines)
    assert fates(outcome) == {"rows_read": 5, "counted": 2, "rejected": 3}
    assert found(outcome) == [(3, "", "not-an-object"), (4, "", "not-an-object"), (5, "", "not-an-object")]


def test_an_item_that_is_no_object_is_rejected_by_its_place(tmp_path: Path) -> None:
    for shape in ("{}", '{{"records": {}}}'):
        path = tmp_path / "export.json"
        path.write_text(shape.format(f'[{LINE}, 5, "text", {json.dumps(of(Ref="R2"))}]'))
        outcome = counted(path)
        assert fates(outcome) == {"rows_read": 4, "counted": 2, "rejected": 2}
        assert [row for row, *_ in found(outcome)] == [2, 3]


def test_a_repeated_key_rejects_its_row(lines: Path) -> None:
    lines.write_text(f'{LINE}\n{LINE[:-1]}, "Category": "Infiltration"}}\n')
    outcome = counted(lines)
    assert fates(outcome) == {"rows_read": 2, "counted": 1, "rejected": 1}
    assert found(outcome) == [(2, "", "repeated-key")]


def test_a_number_of_more_digits_than_python_takes_spoils_one_line_alone(lines: Path) -> None:
    lines.write_text(f'{LINE}\n{{"Ref": {"9" * 5000}}}\n')
    assert told_of(open_json(in_memory(lines.read_bytes()))) == [(2, "not-an-object")]


@pytest.mark.parametrize("day", [45019, 20230403, 1680480000000, 2023.5])
def test_a_number_is_no_day(lines: Path, day: float) -> None:
    lines.write_text(json.dumps(of(Received=day)))
    outcome = counted(lines)
    assert fates(outcome) == {"rows_read": 1, "rejected": 1}
    assert found(outcome) == [(1, "received_on", "number-as-date")]


def test_categories_may_be_numbers_and_lists(lines: Path) -> None:
    wide = of(Category=4, **{"Further Categories": ["Other", "Vulnerability"]})
    lines.write_text(json.dumps(wide))
    outcome = counted(lines, basis=Basis.ALL)
    assert cells_of(outcome) == {
        ("2023/24", "sexual-misconduct"): 1,
        ("2023/24", "vulnerability"): 1,
        ("2023/24", "other"): 1,
    }


# --- the whole file is wrong


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'{{"a": [{LINE}], "b": [{LINE}]}}', id="two-arrays"),
        pytest.param(f'{{"a": [{LINE}], "a": [{LINE}]}}', id="one-array-twice"),
        pytest.param(f"[\n{LINE},\n{LINE}\n", id="array-cut-off"),
        pytest.param(f"[\n{LINE},\n{LINE},\n]", id="comma-at-the-end"),
        pytest.param('{"records": [{"Ref"', id="object-cut-off"),
        pytest.param("5", id="number"),
        pytest.param("[5]", id="array-of-numbers"),
        pytest.param('[["Ref"], ["R1"]]', id="array-of-arrays"),
        pytest.param('"text"', id="text"),
        pytest.param("null", id="null"),
        pytest.param("Ref,Received\nR1,2023-04-03\n", id="csv"),
        pytest.param("[" * 200_000, id="too-deep"),
        pytest.param(f"[{'9' * 5000}]", id="too-many-digits"),
    ],
)
def test_a_document_without_one_array_of_objects_is_an_error(text: str) -> None:
    with pytest.raises(JsonError) as caught:
        open_json(in_memory(text, "export.json"))
    assert (caught.value.code, caught.value.exit_code) == ("json", 4)


def test_the_line_where_json_breaks_is_named_and_not_quoted() -> None:
    with pytest.raises(JsonError) as caught:
        open_json(in_memory('[\n{"Ref": "secret"},\n{"Ref" "secret"}]', "export.json"))
    assert caught.value.where == "export.json:3"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\ufeff", "\ufeff\n"])
def test_nothing_is_an_empty_file(text: str) -> None:
    with pytest.raises(EmptyFileError):
        open_json(in_memory(text))


@pytest.mark.parametrize("text", ["[]", "[ ]", '{"records": []}'])
def test_an_array_without_records_has_no_columns_and_says_so(text: str) -> None:
    with pytest.raises(EmptyFileError, match="no records, and so no names of columns") as caught:
        open_json(in_memory(text))
    assert (caught.value.code, caught.value.exit_code) == ("empty-file", 4)


@pytest.mark.parametrize("text", ['{"records": [], "taken": "2024"}', '[{"Ref": null}]'])
def test_a_name_of_a_column_is_something(text: str) -> None:
    assert len(opened(text)) == 1


# --- any text

TEXT = st.text(st.characters(codec="utf-8"))


@given(st.lists(st.dictionaries(TEXT, TEXT), min_size=1))
def test_lines_and_array_give_back_the_text_that_was_written(objects: list[dict[str, str]]) -> None:
    keys = list(dict.fromkeys(key for made in objects for key in made))
    rows = [[made.get(key, "") for key in keys] for made in objects]
    for text in (json.dumps(objects), "".join(f"{json.dumps(made, ensure_ascii=False)}\n" for made in objects)):
        assert rows_of(open_json(in_memory(text))) == rows or len(objects) == 1
    assert opened(objects) == rows
