"""How far two readings of the same records agree beyond chance: Cohen's kappa, and agreement by category.

Takes pairs of codes, returns figures.  Knows nothing of who or what read, of records, files or layout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from cc_categorise.figures import Figure, figure

Pair = tuple[str, str]
_Z = 1.959963984540054
"""Of a normal distribution, 95 per cent lie within so many standard deviations."""


class Agreement(NamedTuple):
    """Two readings, compared.

    Attributes:
        n: Records that both read.
        observed: Share of them, 0 to 1, that both gave one code.
        kappa: Agreement beyond chance, 1 at best; None where chance alone would agree on every record.
        low: Lower end of kappa's 95 per cent interval.
        high: Upper end.
    """

    n: int
    observed: float
    kappa: float | None
    low: float | None
    high: float | None

    def facts(self) -> dict[str, Figure]:
        """Give the figures for a person."""
        shares = {"agreement": self.observed, "kappa": self.kappa, "kappa_low_95": self.low, "kappa_high_95": self.high}
        return {name: figure(share) for name, share in shares.items()}


def agreement(pairs: Sequence[Pair]) -> Agreement:
    """Compare two readings of the same records; without pairs, nothing is known and kappa is None.

    Source:
        J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960),
        pp. 37-46, with the expected agreement held fixed as there; the interval of the observed share is Wilson's,
        which does not close to a point where two readers agree on all of a few records.
    """
    n = len(pairs)
    if not n:
        return Agreement(0, 0.0, None, None, None)
    same = sum(first == second for first, second in pairs)
    one, other = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    chance = sum(one[code] * other[code] for code in one) / n**2
    if chance == 1:
        return Agreement(n, same / n, None, None, None)
    kappa, low, high = ((share - chance) / (1 - chance) for share in (same / n, *share_interval(same, n)))
    return Agreement(n, same / n, kappa, max(low, -1.0), high)


def share_interval(k: int, n: int) -> tuple[float, float]:
    """Give the 95 per cent interval of a share of ``k`` among ``n``; anything from 0 to 1 where ``n`` is 0.

    Source:
        E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
        Statistical Association 22 (1927), pp. 209-212.
    """
    if not n:
        return 0.0, 1.0
    middle = (k + _Z**2 / 2) / (n + _Z**2)
    half = _Z / (n + _Z**2) * sqrt(k * (n - k) / n + _Z**2 / 4)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def by_category(pairs: Sequence[Pair], codes: Sequence[str]) -> list[tuple[str, int, int, int, float | None]]:
    """Give code, records of the first reading, of the second, of both, and the share that both agree on.

    The share is twice the records of both over the sum of each: 1 where the two always go together, None for a code
    that neither gave.
    """
    one, other = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    both = Counter(first for first, second in pairs if first == second)
    totals = {code: one[code] + other[code] for code in codes}
    return [
        (code, one[code], other[code], both[code], 2 * both[code] / total if total else None)
        for code, total in totals.items()
    ]


def confusion(pairs: Sequence[Pair], codes: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Give for each code of the first reading how often the second gave each code, both in the order of ``codes``."""
    counts = Counter(pairs)
    return [(first, [counts[first, second] for second in codes]) for first in codes]
