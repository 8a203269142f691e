"""Are choices read strictly, with the defaults that DESIGN.md calls for?"""

from __future__ import annotations

from pathlib import Path

import pytest

from cc_categorise.errors import UsageError
from cc_categorise.options import FORMAT_OF_SUFFIX, Allowance, Basis, Format, OutputOptions, RunOptions


@pytest.mark.parametrize(
    ("text", "allowance"),
    [
        pytest.param("0", Allowance(0), id="none"),
        pytest.param(" 12 ", Allowance(12), id="rows"),
        pytest.param("0%", Allowance(percent=0), id="no-percent"),
        pytest.param("1.5 %", Allowance(percent=1.5), id="percent"),
        pytest.param("100%", Allowance(percent=100), id="all"),
    ],
)
def test_an_allowance_is_rows_or_a_percentage(text: str, allowance: Allowance) -> None:
    assert Allowance.parse(text) == allowance


@pytest.mark.parametrize("text", ["", "-1", "1.5", "100.1%", "%", "ten", "1,000", "5%%", "٣"])
def test_another_allowance_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Allowance.parse(text)
    assert caught.value.hint == "for example --allow-rejects 20, or --allow-rejects 1.5%"


@pytest.mark.parametrize(
    ("allowance", "n_rows", "of", "covered"),
    [
        pytest.param(Allowance(), 0, 0, True, id="nothing-failed"),
        pytest.param(Allowance(), 1, 100, False, id="one-is-too-many"),
        pytest.param(Allowance(5), 5, 5, True, id="at-the-number"),
        pytest.param(Allowance(5), 6, 1000, False, id="one-above"),
        pytest.param(Allowance(percent=1.5), 3, 200, True, id="at-the-percentage"),
        pytest.param(Allowance(percent=1.5), 4, 200, False, id="above-the-percentage"),
        pytest.param(Allowance(percent=0.57), 57, 10_000, True, id="no-binary-fraction"),
        pytest.param(Allowance(percent=0), 0, 0, True, id="no-rows"),
        pytest.param(Allowance(percent=100), 7, 7, True, id="all-of-them"),
    ],
)
def test_an_allowance_covers_as_many_rows_as_it_says(
    allowance: Allowance, n_rows: int, of: int, *, covered: bool
) -> None:
    assert allowance.covers(n_rows, of=of) is covered


def test_the_defaults_leave_every_choice_to_profile_and_design() -> None:
    assert RunOptions() == RunOptions(columns=(), periods=(), by=(), basis=Basis.PRIMARY, allowance=Allowance())
    nothing = ("scheme", "profile", "encoding", "delimiter", "count_by", "year", "start", "end", "as_at")
    assert [getattr(RunOptions(), name) for name in nothing] == [None] * len(nothing)


@pytest.mark.parametrize(("suffix", "fmt"), FORMAT_OF_SUFFIX.items())
def test_the_format_follows_the_ending_of_the_output_file(suffix: str, fmt: Format) -> None:
    assert OutputOptions(output=Path(f"figures{suffix.upper()}")).format_or(Format.TABLE) is fmt


def test_a_format_that_is_named_wins_and_without_a_file_it_is_the_commands_own() -> None:
    assert OutputOptions(Format.JSON, output=Path("figures.csv")).format_or(Format.TABLE) is Format.JSON
    assert OutputOptions().format_or(Format.CSV) is Format.CSV


@pytest.mark.parametrize("name", ["figures", "figures.doc", "figures.csv.bak"])
def test_an_ending_that_says_no_format_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="the file's ending does not say a format"):
        OutputOptions(output=Path(name)).format_or(Format.CSV)
