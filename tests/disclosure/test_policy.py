"""The policy file: what it may say, what it means, and what is wrong with one that cannot be used."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tables_made import policy

from cc_categorise.disclosure.policy import SHIPPED, Method, Policy, load_policy
from cc_categorise.disclosure.tables import TOTAL, Rounding
from cc_categorise.errors import PolicyError

WHO = "decided_by: Head of unit\ndecided_on: 2026-11-22\nreason: Small numbers.\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_policy_writes_every_default_out() -> None:
    shipped, sha256 = load_policy()
    least = Policy(decided_by=shipped.decided_by, decided_on=shipped.decided_on, reason=shipped.reason)
    assert shipped == least
    assert sha256 == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    text = SHIPPED.read_text(encoding="utf-8")
    assert all(f"\n{key}:" in text for key in Policy.model_fields)


def test_a_policy_says_who_decided(tmp_path: Path) -> None:
    assert load_policy(written(tmp_path, WHO))[0].decided_by == "Head of unit"
    with pytest.raises(PolicyError, match="missing"):
        load_policy(written(tmp_path, "threshold: 5\n"))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("treshold: 5\n", "threshold", id="misspelt-key"),
        pytest.param("threshold: 1\n", "at least 2", id="threshold-of-one"),
        pytest.param("candidates: 1\n", "at least 2", id="one-candidate"),
        pytest.param("rounding: none\n", "none of the values", id="rounding-by-none"),
        pytest.param("method: hide\n", "none of the values", id="unknown-method"),
        pytest.param("refusals: [{state: withheld, reason: Harm}]\n", "exemption", id="no-exemption"),
        pytest.param("threshold: 5\nthreshold: 6\n", "twice", id="key-twice"),
    ],
)
def test_a_policy_that_cannot_be_used_is_an_error(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_policy(written(tmp_path, WHO + text))
    assert where in str(refused.value)
    assert refused.value.exit_code == 4


def test_what_is_small_is_below_the_threshold_and_not_zero() -> None:
    assert [n for n in range(8) if policy().is_sensitive(n, "other")] == [1, 2, 3, 4]
    assert [n for n in range(8) if policy(threshold=3).is_sensitive(n, TOTAL)] == [1, 2]


def test_a_zero_is_small_where_the_policy_names_its_category() -> None:
    named = policy(sensitive_zeros=("infiltration",))
    assert named.is_sensitive(0, "infiltration")
    assert not named.is_sensitive(0, TOTAL)
    assert policy(sensitive_zeros=("all",)).is_sensitive(0, TOTAL)
    assert (policy().least, named.least, policy(method=Method.ROUND).least) == (1, 0, 0)


def test_rounding_is_nearest_unless_sums_are_to_be_kept(tmp_path: Path) -> None:
    assert load_policy()[0].rounding is Rounding.NEAREST
    assert load_policy(written(tmp_path, f"{WHO}rounding: controlled\n"))[0].rounding is Rounding.CONTROLLED
