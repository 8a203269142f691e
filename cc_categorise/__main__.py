"""The program as it is started: by its name, or by ``python -m cc_categorise``."""

from __future__ import annotations

import gc
import os
import sys

from cc_categorise.errors import EXIT_INTERRUPTED


def main() -> None:
    """Start the program."""
    # Rows hold no cycles and the process is short: without the collector a run is about a twentieth faster.
    gc.disable()
    # Plugins of other packages have no business with records.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    try:
        from cc_categorise.cli import main as run  # noqa: PLC0415 - what it imports is quicker without the collector

        run()
    except KeyboardInterrupt:  # before the door is open
        sys.exit(EXIT_INTERRUPTED)
    finally:
        gc.freeze()  # or Python would look through all that was made once more before it ends: a tenth of a small count


if __name__ == "__main__":
    main()
