"""`schema` prints the JSON Schemas; those of what is read are made from the models, and these files are current."""

from __future__ import annotations

import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel
from test_door import run

from cc_categorise import model, profile
from cc_categorise.crosswalk import Crosswalk
from cc_categorise.decisions import Decision
from cc_categorise.disclosure.policy import SHIPPED, Policy
from cc_categorise.model import CategoryScheme
from cc_categorise.profile import Profile, ProfileMap
from cc_categorise.release.manifest import Manifest, RunRecord
from cc_categorise.scheme import shipped_editions
from cc_categorise.yaml_file import parse_yaml, shipped_files

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "cc_categorise" / "schemas"
NAMES = ["compare", "count", "crosswalk", "decision", "findings"]
NAMES += ["manifest", "policy", "profile-map", "profile", "run", "scheme"]
MAP = ROOT / "examples" / "several-forces" / "forces.yaml"
PROFILES = sorted([*shipped_files("profiles").values(), *ROOT.glob("examples/*/profile.yaml")])
SCHEMES = list(shipped_editions().values())
CROSSWALKS = list(shipped_files("crosswalks").values())
MADE = [
    pytest.param("manifest", Manifest, "Manifest of a release of cc-categorise", id="manifest"),
    pytest.param("run", RunRecord, "Record of the run behind a release of cc-categorise", id="run"),
    pytest.param("policy", Policy, "Disclosure policy of cc-categorise", id="policy"),
    pytest.param("crosswalk", Crosswalk, "Crosswalk of cc-categorise", id="crosswalk"),
    pytest.param("profile", Profile, "Column profile of cc-categorise", id="profile"),
    pytest.param("profile-map", ProfileMap, "Profile map of cc-categorise", id="profile-map"),
    pytest.param("decision", Decision, "Decision of cc-categorise: one line of a file of decisions", id="decision"),
    pytest.param("scheme", CategoryScheme, "Category scheme of cc-categorise", id="scheme"),
]


def made(name: str, root: type[BaseModel], title: str) -> str:
    """Make the schema of a model, with what its docstrings say of every key: editors show that."""
    schema = root.model_json_schema()
    _explain(schema, root)
    for own, definition in schema.get("$defs", {}).items():
        kinds = (getattr(module, own, None) for module in (sys.modules[root.__module__], model, profile))
        if kind := next(filter(None, kinds), None):
            _explain(definition, kind)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:cc-categorise:schema:{name}:1",
        "title": title,
    }
    return json.dumps(head | {key: schema[key] for key in schema if key != "title"}, indent=2) + "\n"


def _explain(definition: dict[str, Any], kind: type) -> None:
    doc = inspect.getdoc(kind) or ""
    definition["description"] = " ".join(doc.partition("\n\n")[0].split())
    told = dict(re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", doc, re.MULTILINE))
    for name, member in definition.get("properties", {}).items():
        member.pop("title", None)
        if name in told:
            member["description"] = " ".join(told[name].split()).replace("``", "`")


def document_of(path: Path) -> Any:
    """Give a YAML file as an editor sees it: dates are text there."""
    return json.loads(json.dumps(parse_yaml(path.read_text(encoding="utf-8"), path.name), default=str))


def schema_of(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


def faults(document: Any, name: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema_of(name), format_checker=jsonschema.FormatChecker())
    return [error.message for error in validator.iter_errors(document)]


@pytest.mark.parametrize(("name", "root", "title"), MADE)
def test_the_schema_of_what_is_read_is_that_of_its_model(
    name: str, root: type[BaseModel], title: str, request: pytest.FixtureRequest
) -> None:
    path = SCHEMAS / f"{name}.schema.json"
    if request.config.getoption("--update-examples"):
        path.write_text(made(name, root, title), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == made(name, root, title), "run this test with --update-examples"


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_printed_as_it_is_and_says_which_it_is(name: str) -> None:
    result = run("schema", name)
    assert (result.code, result.err) == (0, "")
    assert result.out == (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    schema = json.loads(result.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:cc-categorise:schema:{name}:1"
    assert schema["title"]


def test_without_a_name_the_schemas_are_listed() -> None:
    assert run("schema") == (0, "".join(f"{name}\n" for name in NAMES), "")


def test_an_unknown_name_is_a_usage_error_that_lists_them() -> None:
    result = run("schema", "banana")
    assert (result.code, result.out) == (2, "")
    assert ", ".join(NAMES) in result.err


def test_a_schema_can_be_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "profile.schema.json"
    assert run("schema", "profile", "-o", path) == (0, "", "")
    assert path.read_text(encoding="utf-8") == run("schema", "profile").out


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_sound_profile_fits_the_schema(path: Path) -> None:
    assert faults(document_of(path), "profile") == []


def test_the_shipped_policy_fits_the_schema_and_another_key_does_not() -> None:
    shipped = document_of(SHIPPED)
    assert faults(shipped, "policy") == []
    assert faults(shipped | {"treshold": 5}, "policy")
    assert faults(shipped | {"rounding": "none"}, "policy")


def test_a_sound_map_of_profiles_fits_the_schema_and_a_mistaken_one_does_not() -> None:
    assert faults(document_of(MAP), "profile-map") == []
    assert faults({"exports": [{"profile": "north.yaml"}]}, "profile-map") != []


@pytest.mark.parametrize("edition", shipped_editions())
def test_a_shipped_scheme_fits_the_schema(edition: str) -> None:
    assert faults(document_of(shipped_editions()[edition]), "scheme") == []


@pytest.mark.parametrize("name", shipped_files("crosswalks"))
def test_a_shipped_crosswalk_fits_the_schema_and_a_mistaken_one_does_not(name: str) -> None:
    shipped = document_of(shipped_files("crosswalks")[name])
    assert faults(shipped, "crosswalk") == []
    assert faults(shipped | {"rows": []}, "crosswalk")
    assert faults(shipped | {"rows": [shipped["rows"][0] | {"relation": "alike"}]}, "crosswalk")


def test_a_profile_may_name_crosswalk_files_beside_entries() -> None:
    entry = {"label": "A", "category": "other", "decided_by": "X", "decided_on": "2024-04-02", "reason": "R"}
    assert faults({"crosswalk": ["west-midlands", entry]}, "profile") == []
    assert faults({"crosswalk": [""]}, "profile") != []


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"forse": "North"}, id="unknown-key"),
        pytest.param({"columns": {"colour": "Header"}}, id="unknown-field"),
        pytest.param({"header_row": 0}, id="row-zero"),
        pytest.param({"rows_per_record": "some"}, id="choice"),
        pytest.param({"crosswalk": [{"label": "A", "category": "other"}]}, id="nobody-decided"),
    ],
)
def test_a_mistaken_profile_does_not_fit_the_schema(document: dict[str, Any]) -> None:
    assert faults(document, "profile") != []
    assert faults({"schema_version": 1}, "profile") == []


@pytest.mark.parametrize("path", [*PROFILES, MAP, *SCHEMES, *CROSSWALKS], ids=lambda path: "-".join(path.parts[-2:]))
def test_editors_find_the_schema_named_on_the_first_line(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match
    kinds = {MAP: "profile-map", **dict.fromkeys(SCHEMES, "scheme"), **dict.fromkeys(CROSSWALKS, "crosswalk")}
    name = kinds.get(path, "profile")
    assert (path.parent / match[1]).resolve() == SCHEMAS / f"{name}.schema.json"
