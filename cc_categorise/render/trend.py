"""Draws a row of numbers as one line of block characters.

Takes counts, returns text of a known width.  Knows nothing of tables or of what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence

_LEVELS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉"
BAR_WIDTH = 20


def sparkline(counts: Sequence[int]) -> str:
    """Draw one character a count, from 0 to the highest of them; only a 0 is drawn at the lowest level."""
    top = max(counts, default=0)
    # Rounded up, so that a single record beside a thousand can be told from none.
    return "".join(_LEVELS[-(-count * (len(_LEVELS) - 1) // top) if top else 0] for count in counts)


def bar(count: int, *, top: int) -> str:
    """Draw a bar that is `BAR_WIDTH` characters long for ``top``; anything above 0 can be seen."""
    eighths = -(-count * BAR_WIDTH * 8 // top) if top else 0
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()
