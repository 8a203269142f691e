"""A tally → a pandas frame, for notebooks and scripts.

The one place that imports pandas, and only when a frame is asked for.  Knows nothing of files or publication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cc_categorise.figures import Tally
from cc_categorise.render.grid import LONG_COLUMNS, by_columns, long_rows

if TYPE_CHECKING:
    import pandas as pd  # noqa: TID251 - for the signature alone


def to_frame(tally: Tally) -> pd.DataFrame:
    """Turn a tally into a pandas frame.

    Returns:
        One row a count, zeros included, by group, period and category; columns: the breakdowns (str), ``year``
        (str), ``category_code`` (str), ``category`` (str), ``count`` (int64, records or mentions) and
        ``marker`` (str).  No group: no rows.
    """
    import pandas as pd  # noqa: PLC0415, TID251 - the one place that makes a frame

    names = [*by_columns(tally), *LONG_COLUMNS]
    frame = pd.DataFrame(list(long_rows(tally)), columns=names)
    return frame.astype({name: "int64" if name == "count" else "str" for name in names})
