"""Does every error say what, where and what next, under a code and an exit number that stay?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cc_categorise import errors
from cc_categorise.errors import CategoriseError


def tree(root: type[CategoriseError]) -> Iterator[type[CategoriseError]]:
    yield root
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child)


def test_an_error_shows_place_message_code_and_hint() -> None:
    error = errors.HeaderError("no header", where="export.csv", hint="add one")
    assert str(error) == "export.csv: no header [no-header]\n  hint: add one"
    assert (error.message, error.where, error.hint) == ("no header", "export.csv", "add one")


def test_place_may_be_unknown_and_the_hint_is_then_the_cure_of_the_class() -> None:
    assert str(errors.ParquetError("not so")) == "not so [parquet]\n  hint: export it again"
    assert str(errors.ParquetError("not so", hint="so")) == "not so [parquet]\n  hint: so"
    assert str(CategoriseError("not so")) == "not so [error]"
    assert str(CategoriseError("not so", hint="so")) == "not so [error]\n  hint: so"


def test_codes_are_unique_and_every_class_says_what_it_is_and_its_cure() -> None:
    classes = list(tree(CategoriseError))
    assert len({kind.code for kind in classes}) == len(classes)
    for kind in classes[1:]:
        assert "code" in vars(kind)
        if not kind.__subclasses__() or kind is errors.ReadError:
            assert vars(kind)["cure"]


def test_an_error_of_ones_own_inherits_what_it_does_not_say() -> None:
    class Own(errors.UsageError):
        pass

    assert (Own.code, Own.exit_code) == ("usage", 2)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (CategoriseError, 4),
        (errors.UsageError, 2),
        (errors.SchemeError, 4),
        (errors.ProfileError, 4),
        (errors.EmptyFileError, 4),
        (errors.MissingColumnError, 4),
        (errors.OutputError, 5),
    ],
)
def test_exit_numbers_are_those_of_the_contract(kind: type[CategoriseError], number: int) -> None:
    assert kind.exit_code == number


def test_no_exit_number_is_pythons_own() -> None:
    numbers = {name: value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    assert numbers == {
        "EXIT_CLEAN": 0,
        "EXIT_USAGE": 2,
        "EXIT_FINDINGS": 3,
        "EXIT_INPUT": 4,
        "EXIT_OUTPUT": 5,
        "EXIT_INTERRUPTED": 130,
    }
