"""How far two readings of the same records agree beyond chance: Cohen's kappa, and agreement by category.

Takes pairs of codes, returns figures.  Knows nothing of who or what read, of records, files or layout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from typing import NamedTuple

from cc_categorise.figures import Figure, figure

Pair = tuple[str, str]
_Z = 1.959963984540054
"""Of a normal distribution, 95 per cent lie within so many standard deviations."""


class Agreement(NamedTuple):
    """Two readings, compared."""

    n: int  # records that both read
    observed: float  # share of them, 0 to 1, that both gave one code
    kappa: float | None  # agreement beyond chance, 1 at best; None where chance alone would agree on every record
    low: float | None  # lower end of kappa's 95 per cent interval
    high: float | None  # upper end

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
    return middle - half if k else 0.0, middle + half if k < n else 1.0


class OfCategory(NamedTuple):
    """One category in two readings."""

    code: str
    first: int  # records that the first reading gave it
    second: int  # records that the second gave it
    both: int  # records that both gave it
    # twice these over the sum of the two before, which is F1: 1 where the readings always go together; None for a
    # category that neither gave
    share: float | None = None
    low: float | None = None  # lower end of its 95 per cent interval
    high: float | None = None  # upper end


def by_category(pairs: Sequence[Pair], codes: Sequence[str]) -> Iterator[OfCategory]:
    """Compare two readings category by category.

    With J the share of both among either, F1 is 2J / (1 + J), and so are the ends of its interval from those of J.
    """
    one, other = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    both = Counter(first for first, second in pairs if first == second)
    for code in codes:
        found = OfCategory(code, one[code], other[code], both[code])
        if either := found.first + found.second - found.both:
            shares = (found.both / either, *share_interval(found.both, either))
            share, low, high = (2 * j / (1 + j) for j in shares)
            found = found._replace(share=share, low=low, high=high)
        yield found


def confusion(pairs: Sequence[Pair], codes: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Give for each code of the first reading how often the second gave each code, both in the order of ``codes``."""
    counts = Counter(pairs)
    return [(first, [counts[first, second] for second in codes]) for first in codes]
