"""Draws a row of numbers as one line of block characters.

Takes counts, returns text of a known width.  Knows nothing of tables or of what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence

_LEVELS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉"
BAR_WIDTH = 20


def sparkline(counts: Sequence[int | None]) -> str:
    """Draw one character a count, from 0 to the highest; only a 0 is at the lowest level, and None is left blank."""
    top = max(filter(None, counts), default=0)
    # Rounded up, so that a single record beside a thousand can be told from none.
    levels = (None if count is None else -(-count * (len(_LEVELS) - 1) // (top or 1)) for count in counts)
    return "".join(" " if level is None else _LEVELS[level] for level in levels)


def bar(count: int, *, top: int) -> str:
    """Draw a bar that is `BAR_WIDTH` characters long for ``top``; anything above 0 can be seen."""
    eighths = -(-count * BAR_WIDTH * 8 // top) if top else 0
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()
