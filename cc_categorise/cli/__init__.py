"""The door: what is typed → a call of `pipeline`, and its result → standard output, messages, an exit code.

The only room that knows options, streams and exit codes; it does no arithmetic and lays nothing out.  A command
imports what it needs when it runs, so that ``--help`` stays quick.
"""

from cc_categorise.cli.app import main, program

__all__ = ["main", "program"]
