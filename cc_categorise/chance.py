"""Two counts → how likely a difference like theirs is by chance alone; many such answers → adjusted for their number.

Takes whole numbers, returns probabilities.  Knows nothing of what is counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

LEVEL = 0.05
"""A difference is said to be more than chance where its adjusted probability is below this."""


_EXACT = 10_000  # beyond it whole numbers take seconds, and logarithms are right to ten digits


def p_value(before: int, after: int) -> float:
    """Give the two-sided probability of two counts as far apart as these, if both have the same rate.

    Given their sum n, the first is then binomial with n trials and probability 1/2: the test is exact, and twice the
    smaller tail.  There is no mid-p: a difference that is chance is taken for more in at most 5 of 100 cases, never
    in 6.  Both counts are of stretches of time of one length; a leap day is neglected.

    Source:
        Przyborowski and Wilenski, Homogeneity of results in testing samples from Poisson series, Biometrika 31, 1940.
    """
    if before == after:
        return 1.0
    n, k = before + after, min(before, after)
    if n <= _EXACT:
        term = math.comb(n, k) / 2**n  # whole numbers: the division alone rounds
    else:
        term = math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2))
    tail = 0.0
    while k >= 0 and term > tail * 1e-17:
        tail += term
        term *= k / (n - k + 1)
        k -= 1
    return min(1.0, 2 * tail)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust probabilities for how many there are, in the order given.

    Source:
        Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979.
    """
    adjusted = [0.0] * len(p_values)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted
