"""JSON keeps to its schema, and the schema refuses what is broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from render_builders import (
    OTHER,
    SHA256,
    UNREAD,
    found,
    grouped_by,
    render_count,
    render_findings,
    render_listing,
    report,
)

from cc_categorise.figures import CountReport, Reconciliation
from cc_categorise.options import Basis, Format, Layout, YearBasis


def schema(name: str) -> Draft202012Validator:
    text = (files("cc_categorise") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    Draft202012Validator.check_schema(json.loads(text))
    return Draft202012Validator(json.loads(text))


COUNT = schema("count")
FINDINGS = schema("findings")
FOUND = [*found("unknown-label", 4, 9, detail="Did you mean “Other”?"), *found("no-reference-column", None)]


def test_a_count_is_an_object_in_a_fixed_order() -> None:
    some = report(
        {("Avon",): [[7]]},
        by=("force",),
        years=["2023/24"],
        categories=[OTHER],
        markers={"2023/24": "p"},
        reconciliation=Reconciliation(rows_read=9, counted=7, rejected=2),
        findings={"unreadable-date": 1, "missing-date": 1},
    )
    assert render_count(some, Format.JSON) == (
        f"""{{
  "schema_version": 1,
  "scheme": {{
    "id": "national-12",
    "edition": "2022-11",
    "sha256": "{SHA256}"
  }},
  "year_basis": "financial",
  "counted_by": "received",
  "basis": "primary",
  "unit": "intelligence records",
  "as_at": "2024-02-29",
  "rows": [
    {{
      "force": "Avon",
      "year": "2023/24",
      "category_code": "other",
      "category": "Other",
      "count": 7,
      "marker": "p"
    }}
  ],
  "reconciliation": {{
    "rows_read": 9,
    "counted": 7,
    "rejected": 2,
    "duplicate": 0,
    "out_of_period": 0,
    "merged": 0,
    "uncategorised": 0
  }},
  "findings": {{
    "missing-date": 1,
    "unreadable-date": 1
  }}
}}
"""
    )


@pytest.mark.parametrize(
    "some",
    [
        pytest.param(report(), id="plain"),
        pytest.param(report({(): [[], []]}, years=[]), id="no-years"),
        pytest.param(report({}, by=("force",)), id="no-groups"),
        pytest.param(report({(): [[1, 2], [3, 4]]}, categories=[OTHER, UNREAD], basis=Basis.ALL), id="mentions"),
        pytest.param(
            report(years=["2022/23 Q4", "2023/24 Q1"], year_basis=YearBasis.QUARTER, markers={"2023/24 Q1": "p"}),
            id="quarters",
        ),
        pytest.param(report(years=["2023-03", "2023-04"], year_basis=YearBasis.MONTH), id="months"),
        pytest.param(report(findings={"unknown-label": 3}), id="findings"),
        pytest.param(grouped_by("year", '=1+1 "x"', "a\nb\x1b[31m", "é £"), id="awkward-values"),
    ],
)
def test_a_count_keeps_to_its_schema_and_to_the_layout_of_the_json_module(some: CountReport) -> None:
    text = render_count(some, Format.JSON)
    document = json.loads(text)
    COUNT.validate(document)
    assert text == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_the_rows_are_long_whatever_layout_is_asked_for() -> None:
    assert render_count(report(), Format.JSON, Layout.WIDE) == render_count(report(), Format.JSON)


def test_a_value_is_data_and_comes_back_as_it_was() -> None:
    values = ("=1+1", "a\nb\t\x1b[31m\x9b1m\x7f", "£\u2028")
    text = render_count(grouped_by("year", *values), Format.JSON)
    assert [row["by_year"] for row in json.loads(text)["rows"]] == list(values)
    assert not {"\x1b", "\x9b", "\x7f"} & set(text)


def _drop_a_fate(document: dict[str, Any]) -> None:
    del document["reconciliation"]["merged"]


def _add_a_member(document: dict[str, Any]) -> None:
    document["generated_at"] = "now"


def _write_a_count_as_text(document: dict[str, Any]) -> None:
    document["rows"][0]["count"] = "1"


def _bracket_the_marker(document: dict[str, Any]) -> None:
    document["rows"][0]["marker"] = "[p]"


def _give_a_breakdown_a_number(document: dict[str, Any]) -> None:
    document["rows"][0]["force"] = 1


def _cut_the_digest(document: dict[str, Any]) -> None:
    document["scheme"]["sha256"] = "0123"


def _write_the_day_in_words(document: dict[str, Any]) -> None:
    document["as_at"] = "29 February 2024"


@pytest.mark.parametrize(
    "broken",
    [
        _drop_a_fate,
        _add_a_member,
        _write_a_count_as_text,
        _bracket_the_marker,
        _give_a_breakdown_a_number,
        _cut_the_digest,
        _write_the_day_in_words,
    ],
)
def test_the_schema_refuses_a_broken_count(broken: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads(render_count(report(), Format.JSON))
    COUNT.validate(document)
    broken(document)
    with pytest.raises(ValidationError):
        COUNT.validate(document)


def test_the_schema_takes_a_protected_count() -> None:
    document = json.loads(render_count(report(), Format.JSON))
    document["rows"][0] |= {"count": None, "marker": "c p"}
    COUNT.validate(document)


def test_findings_keep_to_their_schema() -> None:
    some = report(findings={"unknown-label": 2, "no-reference-column": 1})
    document = json.loads(render_findings(FOUND, some, Format.JSON))
    FINDINGS.validate(document)
    assert list(document) == ["schema_version", "scheme", "as_at", "reconciliation", "counts", "findings"]
    assert list(document["counts"]) == ["no-reference-column", "unknown-label"]
    assert document["findings"][0] == {
        "file": "export.csv",
        "sheet": "",
        "row": 4,
        "reference": "",
        "field": "",
        "code": "unknown-label",
        "severity": "error",
        "message": "The recorded label is not known to the category scheme. Did you mean “Other”?",
        "hint": FOUND[0].rule.hint,
    }
    assert document["findings"][2]["row"] is None


def _number_a_row_zero(document: dict[str, Any]) -> None:
    document["findings"][0]["row"] = 0


def _invent_a_severity(document: dict[str, Any]) -> None:
    document["findings"][0]["severity"] = "fatal"


def _quote_the_cell(document: dict[str, Any]) -> None:
    document["findings"][0]["value"] = "a cell"


@pytest.mark.parametrize("broken", [_number_a_row_zero, _invent_a_severity, _quote_the_cell, _drop_a_fate])
def test_the_schema_refuses_broken_findings(broken: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads(render_findings(FOUND, report(), Format.JSON))
    FINDINGS.validate(document)
    broken(document)
    with pytest.raises(ValidationError):
        FINDINGS.validate(document)


def test_a_list_is_an_array_of_objects() -> None:
    text = render_listing(("reference", "row"), [("=R1", 2)], Format.JSON)
    assert text == '[\n  {\n    "reference": "=R1",\n    "row": 2\n  }\n]\n'
    assert render_listing(("reference", "row"), [], Format.JSON) == "[]\n"
