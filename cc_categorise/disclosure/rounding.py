"""Counts → multiples of a base: each by itself, or all together so that sums stay right.

Takes a system of sums with the true counts, returns a rounded number for each.  Knows nothing of tables or readers.
"""

from __future__ import annotations

from collections.abc import Sequence

from cc_categorise.disclosure.solver import Program
from cc_categorise.disclosure.system import System


def round_to_nearest(count: int, base: int) -> int:
    """Round one count, halves up."""
    return (count + base // 2) // base * base


def round_controlled(
    system: System, truth: Sequence[int], base: int, time_limit: float
) -> tuple[list[int], int] | None:
    """Round all counts together: every sum holds, and the changes are as small as they can be in all.

    Returns:
        The numbers, and how far a number can be from its count: less than the base, or less than twice the base
        where no such rounding exists.  None where neither does.

    Raises:
        GaveUpError: The solver reached its time limit.

    Source: L.H. Cox, "A constructive procedure for unbiased controlled rounding", JASA 82 (1987), 520-524; for three
        dimensions and more it need not exist, hence the wider try.
    """
    for slack in (0, 1):
        program = Program(is_integer=True, time_limit=time_limit)
        columns = []
        for count in truth:
            floor, rest = divmod(count, base)
            dear = 2.0 * base  # one step beyond the multiples on either side of the count
            columns.append(
                (
                    program.add_column(0, min(rest, 1), base - 2 * rest),
                    program.add_column(0, slack, dear),
                    program.add_column(-min(slack, floor), 0, -dear),
                )
            )
        for equation in system.equations:
            floors = sum(truth[part] // base for part in equation.parts) - truth[equation.total] // base
            weights = dict.fromkeys(columns[equation.total], -1.0)
            weights |= {column: 1.0 for part in equation.parts for column in columns[part]}
            program.add_row(-floors, -floors, weights)
        values = program.solve()
        if values is not None:
            steps = [round(sum(values[column] for column in three)) for three in columns]
            numbers = [base * (count // base + step) for count, step in zip(truth, steps, strict=True)]
            return numbers, base * (1 + slack) - 1
    return None
