"""The reader finds exactly what trying every world finds, and the attacker of the tests does too."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from attacker import Attacker
from tables_made import grid

from cc_categorise.disclosure.reader import Contradiction, Reader
from cc_categorise.disclosure.system import Equation, Key, Range, System, link
from cc_categorise.disclosure.tables import PLAIN, TOTAL, ExactTable, ProtectedTable, Published, Rounding, Terms


def shown(exact: ExactTable, chance: random.Random, terms: Terms) -> ProtectedTable:
    cells = {}
    for at, count in exact.cells.items():
        value = (count + terms.base // 2) // terms.base * terms.base
        is_hidden = (count >= terms.least) and chance.random() < 0.6
        low = ("low",) if terms.rounding is Rounding.NEAREST and value == 0 < count else ()
        cells[at] = Published(None, ("c",)) if is_hidden else Published(value, low)
    return ProtectedTable(exact.name, exact.dimensions, cells, terms=terms)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize(
    "terms",
    [
        pytest.param(PLAIN, id="exact"),
        pytest.param(replace(PLAIN, least=0), id="zeros-hidden-too"),
        pytest.param(Terms(0, Rounding.NEAREST, 3, 1), id="rounded"),
    ],
)
def test_the_reader_knows_what_trying_every_world_tells(terms: Terms, seed: int) -> None:
    chance = random.Random(seed)
    exact = grid(*([chance.choice((0, 0, 1, 1, 2)) for _ in range(3)] for _ in range(2)))
    published = shown(exact, chance, terms)
    # He is told the grand total, so that the worlds to try have an end.
    grand = exact.cells[TOTAL, TOTAL]
    attacker = Attacker([[published]])
    attacker.spans[frozenset()] = (grand, grand)
    worlds = attacker.all_worlds(grand)

    system = link([published])
    ranges = [told if key.pairs else Range(grand, grand) for key, told in zip(system.keys, system.shown, strict=True)]
    reader = Reader(system, ranges, 10)
    enough = 100
    by_programs = attacker.possible(attacker.spans, enough)
    for variable in range(len(system.keys)):
        name = system.keys[variable].pairs
        values = {world[name] for world in worlds}
        possible = reader.possible(variable, enough)
        assert (possible.low, possible.high, possible.n_values) == (min(values), max(values), len(values))
        assert by_programs[name] == values


def test_two_suppressed_counts_with_a_sum_of_two_are_one_each() -> None:
    system = link([grid([10, 3, 1, 1]).printed()])
    hidden = [Range(1, None) if told.low == 1 else told for told in system.shown]
    reader = Reader(system, hidden, 10)
    ones = [v for v, told in enumerate(hidden) if not told.is_point]
    assert ones
    assert all(reader.possible(v, 2) == (1, 1, 1) for v in ones)


def test_a_range_is_not_enough_where_a_sum_must_be_even() -> None:
    """Of a + b = 3 and b + c = 3 follows a = c, so a + c is 2 or 4, though bounds leave 3 as well."""
    system = System()
    a, b, c, three, sum_of_two = (system.number(Key(frozenset({("cell", name)}))) for name in "abc3s")
    system.equations = [Equation(three, (a, b)), Equation(three, (b, c)), Equation(sum_of_two, (a, c))]
    reader = Reader(system, [Range(1, None), Range(1, None), Range(1, None), Range(3, 3), Range(0, None)], 10)
    assert reader.possible(sum_of_two, 3) == (2, 4, 2)


def test_numbers_that_contradict_each_other_are_said_to() -> None:
    system = link([grid([1, 2], [3, 4]).printed()])
    ranges = [told if key.pairs else Range(11, 11) for key, told in zip(system.keys, system.shown, strict=True)]
    with pytest.raises(Contradiction):
        Reader(system, ranges, 10)


def test_a_count_without_limit_has_no_largest_value() -> None:
    system = link([grid([1, 2]).printed()])
    reader = Reader(system, [Range(1, None)] * len(system.keys), 10)
    assert reader.possible(0, 2)[:2] == (1, None)
