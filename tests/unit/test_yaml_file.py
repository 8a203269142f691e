"""Is a YAML file read strictly, and is every fault named by file, line and key?"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from cc_categorise import yaml_file
from cc_categorise.errors import CategoriseError, ProfileError, SchemeError
from cc_categorise.yaml_file import parse_yaml, read_yaml_model


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=9)]
    kind: Literal["one", "two"] = "one"


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str
    since: date | None = None
    rank: Annotated[int, Field(ge=1, le=9)] = 1
    labels: tuple[Annotated[str, Field(pattern="^[a-z]+$")], ...] = ()
    parts: tuple[Part, ...] = ()


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes) -> CategoriseError:
    with pytest.raises(ProfileError) as caught:
        read_yaml_model(written(folder, text), Whole, ProfileError, "profile")
    return caught.value


def test_a_good_file_gives_the_model_and_the_fingerprint_of_its_bytes(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfname: na\xc3\xafve\r\nlabels: [a, b]\r\n"
    model, sha256 = read_yaml_model(written(tmp_path, content), Whole, SchemeError, "scheme")
    assert (model.name, model.labels) == ("naïve", ("a", "b"))
    assert sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("no", "no", id="no"),
        pytest.param("Yes", "Yes", id="yes"),
        pytest.param("off", "off", id="off"),
        pytest.param("true", True, id="true"),
        pytest.param("010", "010", id="leading-zero"),
        pytest.param("1:30", "1:30", id="clock"),
        pytest.param("-12", -12, id="whole-number"),
        pytest.param("1_000", "1_000", id="underscore"),
        pytest.param("2022-11-02", date(2022, 11, 2), id="date"),
        pytest.param("2022-11", "2022-11", id="year-and-month"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_words_stay_words_and_only_plain_numbers_are_numbers(value: str, expected: object) -> None:
    assert parse_yaml(f"key: {value}", "f") == {"key": expected}


def test_no_is_a_key_like_any_other() -> None:
    assert parse_yaml("no: 4\nyes: 5", "f") == {"no": 4, "yes": 5}


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        pytest.param("a: 1\nb: 2\na: 3", "f:3", "the key 'a' stands twice, first on line 1", id="duplicate"),
        pytest.param("a:\n  - {b: 1, c: 2, b: 3}", "f:2", "the key 'b' stands twice, first on line 2", id="deep"),
        pytest.param("a: 1\nb: [1, 2\nc: 3", "f:3", "not valid YAML", id="bracket"),
        pytest.param("a: 1\nb:\n\t- 1", "f:3", "cannot start any token", id="tab"),
        pytest.param("a: b: c", "f:1", "not valid YAML", id="colon"),
        pytest.param('a: "b', "f:1", "not valid YAML", id="quote"),
        pytest.param("a: 1\n---\nb: 2", "f:2", "not valid YAML", id="two-documents"),
        pytest.param("a: *secret", "f:1", "not valid YAML", id="anchor"),
        pytest.param("a: !secret x", "f:1", "not valid YAML", id="tag"),
        pytest.param("? [a]\n: 1", "f:1", "not valid YAML", id="list-as-key"),
        pytest.param("a: 1\nb: \x07", "f:2", "a character stands here that YAML does not allow", id="bell"),
        pytest.param("a: 2022-02-30", "f", "a value is not what its form or tag says", id="no-such-day"),
        pytest.param("a: !!int many", "f", "a value is not what its form or tag says", id="no-such-number"),
        pytest.param("", "f", "and nothing was found", id="empty"),
        pytest.param("- a\n- b", "f", "and something else was found", id="list"),
        pytest.param("Reference,Received\nA1,2024", "f", "and something else was found", id="an-export"),
        pytest.param("[" * 200_000, "f", "nested too deep", id="deep-brackets"),
        pytest.param("a: " + "[b, {c: " * 100_000, "f", "nested too deep", id="deep-lists-and-keys"),
        pytest.param("- " * 200_000, "f", "nested too deep", id="deep-items"),
    ],
)
def test_a_file_that_is_no_yaml_of_keys_is_refused_by_line(text: str, where: str, message: str) -> None:
    with pytest.raises(SchemeError) as caught:
        parse_yaml(text, "f")
    assert caught.value.where.startswith(where)
    assert message in caught.value.message
    assert "secret" not in str(caught.value)
    assert caught.value.hint


def test_many_lists_side_by_side_are_not_nested_deep() -> None:
    assert len(parse_yaml("a: [" + "[b], " * 1000 + "]", "f")["a"]) == 1000


@pytest.mark.parametrize(
    ("text", "where", "message", "hint"),
    [
        pytest.param("name: a\nlabel: []", "2: label", "there is no such key", "did you mean 'labels'?", id="near-key"),
        pytest.param("name: a\nzzz: 1", "2: zzz", "there is no such key", "keys: name, since, rank,", id="strange-key"),
        pytest.param("name: a\n1: x", "2: 1", "a key must be text", "put it in quotes", id="number-as-key"),
        pytest.param("rank: 2", "1: name", "this key is missing", "", id="missing"),
        pytest.param("name: 2022-11-02", "1: name", "YAML reads this as a date", "put it in quotes", id="date"),
        pytest.param("name: true", "1: name", "YAML reads this as true or false", "put it in quotes", id="bool"),
        pytest.param("name: 12", "1: name", "YAML reads this as a number", "put it in quotes", id="number"),
        pytest.param("name: 1.5", "1: name", "YAML reads this as a number", "put it in quotes", id="fraction"),
        pytest.param("name:", "1: name", "text is needed, and this is empty", "fill it in", id="empty"),
        pytest.param(
            "name: [a]", "1: name", "and this is a list or keys", "on one line, in quotes", id="list-for-text"
        ),
        pytest.param("name: a\nlabels: a", "2: labels", "a list is needed", "write [one, two]", id="text-for-list"),
        pytest.param("name: a\nlabels: [a,\n B2]", "3: labels[2]", "not in the form of a code", "small", id="pattern"),
        pytest.param("name: a\nparts: [x]", "2: parts[1]", "keys and values are needed", "title", id="text-for-keys"),
        pytest.param(
            "name: a\nparts:\n- title: x\n- title: y\n  kind: three",
            "5: parts[2].kind",
            "none of the values that are allowed",
            "write 'one' or 'two'",
            id="choice",
        ),
        pytest.param(
            "name: a\nparts:\n- titel: x",
            "3: parts[1].titel",
            "there is no such key",
            "did you mean 'title'?",
            id="deep",
        ),
        pytest.param("name: a\nparts: [{title: ''}]", "2: parts[1].title", "must not be empty", "", id="short"),
        pytest.param(
            "name: a\nparts: [{title: 0123456789a}]", "2: parts[1].title", "longer than 9 characters", "", id="long"
        ),
        pytest.param("name: a\nsince: soon", "2: since", "a date is needed", "write it as 2022-11-02", id="no-date"),
        pytest.param("name: a\nrank: x", "2: rank", "a whole number is needed", "", id="no-number"),
        pytest.param("name: a\nrank: 0", "2: rank", "at least 1", "", id="small"),
        pytest.param("name: a\nrank: 10", "2: rank", "at most 9", "", id="big"),
    ],
)
def test_a_broken_rule_is_named_by_line_and_key(tmp_path: Path, text: str, where: str, message: str, hint: str) -> None:
    error = refused(tmp_path, text)
    assert error.where.startswith(f"{tmp_path / 'file.yaml'}:{where}")
    assert message in error.message
    assert hint in error.hint


def test_every_broken_rule_is_listed_and_values_never_are(tmp_path: Path) -> None:
    error = refused(tmp_path, "name: 12\nrank: secret\nparts:\n- {title: a, kind: secret}\n- {}\n")
    path = tmp_path / "file.yaml"
    assert error.where == f"{path}:1: name"
    assert error.message.splitlines() == [
        "text is needed, and YAML reads this as a number",
        f"{path}:2: rank: a whole number is needed",
        f"{path}:4: parts[1].kind: this is none of the values that are allowed",
        f"{path}:5: parts[2].title: this key is missing",
    ]
    assert "secret" not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_ten_broken_rules_are_shown_and_the_rest_are_counted(tmp_path: Path) -> None:
    error = refused(tmp_path, "name: a\nlabels: [" + ", ".join("ABCDEFGHIJKL") + "]")
    assert len(error.message.splitlines()) == 11
    assert error.message.endswith("\nand 2 more")
    assert error.hint.count("small letters") == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("name: £".encode("cp1252"), "the profile is not UTF-8 text", id="windows-1252"),
        pytest.param("name: a".encode("utf-16"), "the profile is not UTF-8 text", id="utf-16"),
    ],
)
def test_a_file_in_another_encoding_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    error = refused(tmp_path, content)
    assert (error.message, error.hint) == (message, "save it as UTF-8 text")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="there is no such scheme file"):
        read_yaml_model(tmp_path / "none.yaml", Whole, SchemeError, "scheme")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="a folder stands where the scheme file belongs"):
        read_yaml_model(tmp_path, Whole, SchemeError, "scheme")


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_bytes(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with pytest.raises(SchemeError, match="the scheme cannot be read: Permission denied"):
        read_yaml_model(tmp_path / "file.yaml", Whole, SchemeError, "scheme")


def test_the_loader_is_the_quick_one_where_there_is_one() -> None:
    assert issubclass(yaml_file._StrictLoader, yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
