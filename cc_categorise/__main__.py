"""The program as it is started: by its name, or by ``python -m cc_categorise``."""

from __future__ import annotations

import gc
import os
import sys

from cc_categorise.errors import EXIT_INTERRUPTED


def main() -> None:
    """Start the program, and leave it."""
    # Rows hold no cycles and the process is short: without the collector a run is about a twentieth faster.
    gc.disable()
    # Plugins of other packages have no business with records.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    try:
        from cc_categorise.cli import main as run  # noqa: PLC0415 - what it imports is quicker without the collector

        run()
    except KeyboardInterrupt:  # before the door is open
        _leave(EXIT_INTERRUPTED)
    except SystemExit as leaving:
        if isinstance(leaving.code, int):
            _leave(leaving.code)
        raise


def _leave(code: int) -> None:
    """Leave without taking apart all that was made: that takes 5 ms after a small count, of some 160.

    By now every file is closed; what is printed only has to be passed on.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream and not stream.closed:
            stream.flush()
    if processes := sys.modules.get("multiprocessing"):
        for process in processes.active_children():  # of a run that was stopped
            process.kill()
    os._exit(code)


if __name__ == "__main__":
    main()
