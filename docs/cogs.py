# ruff: noqa: INP001 - the pages' own helper, not a package
"""What `make docs` prints into README.md and the pages of docs/, so that no page can drift from the program.

Takes a page and commands, or the catalogues of the package, and returns markdown.  The package knows nothing of it.
"""

from __future__ import annotations

import contextlib
import difflib
import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from cc_categorise import errors
from cc_categorise.disclosure.policy import Policy, RefusedCells
from cc_categorise.findings import FINDINGS, Severity
from cc_categorise.model import FIELDS
from cc_categorise.profile import Profile
from cc_categorise.render.wording import _SHORTHAND

HOME = Path(__file__).resolve().parent.parent
NAMED_BLOCK = re.compile(r"^```[a-z]+ (?P<name>[\w.-]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON_BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
PREFIX = "CC_CATEGORISE_"


def block(text: str, language: str = "console") -> str:
    """Fence a text, without the spaces at the ends of its lines."""
    lines = "\n".join(line.rstrip() for line in text.rstrip().splitlines())
    return f"```{language}\n{lines}\n```\n"


def example(name: str) -> str:
    """Show an example's command and what it prints; tests/cli/test_examples.py holds the example to the program."""
    folder = HOME / "examples" / name
    command, result = ((folder / file).read_text(encoding="utf-8") for file in ("cmd.txt", "stdout.txt"))
    return block(f"$ {command.strip()}\n{result}")


class Desk:
    """A folder for one page: files the page shows under a name lie in it, and the page's commands are run in it.

    Args:
        page: The page, as cog names it.
        copies: Files of the repository that lie in the folder too.
    """

    def __init__(self, page: str, *copies: str) -> None:
        self._page = (HOME / page).read_text(encoding="utf-8")
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name)
        self._names: dict[str, Any] = {}
        self._n_run = 0
        for match in NAMED_BLOCK.finditer(self._page):
            (self._path / match["name"]).write_text(match["text"], encoding="utf-8")
        for copy in copies:
            shutil.copy(HOME / copy, self._path)

    def run(self, command: str, *, exit_code: int = 0, tell_exit_code: bool = False) -> str:
        """Show a command and all that a terminal would show of it.

        Raises:
            RuntimeError: It exits with another code than the page says.
        """
        programs = str(Path(sys.executable).parent)
        clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        done = subprocess.run(  # noqa: S603 - commands of our own pages
            ["sh", "-c", command],  # noqa: S607
            cwd=self._path,
            env={**clean, "PATH": programs + os.pathsep + os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode != exit_code or b"Traceback" in done.stdout:
            msg = f"{command}: exit {done.returncode}, not {exit_code}\n{done.stdout.decode()}"
            raise RuntimeError(msg)
        told = f"$ echo $?\n{exit_code}\n" if tell_exit_code else ""
        typed = "".join(f"$ {line}\n" for line in command.splitlines())
        return block(f"{typed}{done.stdout.decode()}{told}")

    def edit(self, name: str, *changes: tuple[str, str]) -> str:
        """Change a file as the page tells the reader to, and show the difference."""
        path = self._path / name
        before = path.read_text(encoding="utf-8")
        after = before
        for old, new in changes:
            if old not in after:
                msg = f"{name} does not hold {old!r}"
                raise RuntimeError(msg)
            after = after.replace(old, new)
        path.write_text(after, encoding="utf-8")
        lines = difflib.ndiff(before.splitlines(), after.splitlines())
        return block("\n".join(line for line in lines if line[0] in "+-"), "diff")

    def show(self, name: str, language: str = "csv") -> str:
        """Show a file that a command wrote."""
        return block((self._path / name).read_text(encoding="utf-8"), language)

    def python(self, line: int) -> str:
        """Run the page's Python up to a line, and show what the part not run before prints."""
        before = "\n".join(self._page.splitlines()[: line - 1])
        printed = io.StringIO()
        codes = [match["code"] for match in PYTHON_BLOCK.finditer(before)]
        with contextlib.chdir(self._path), contextlib.redirect_stdout(printed):
            for code in codes[self._n_run :]:
                exec(compile(code, "page", "exec"), self._names)  # noqa: S102 - the code of our own pages
        self._n_run = len(codes)
        return block(printed.getvalue(), "text")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a markdown table."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def commands() -> list[tuple[str, Any]]:
    """Give the full name of every command, the program itself first, and what Typer makes of it."""
    import typer.main  # noqa: PLC0415, TID251 - asks the program what it takes

    from cc_categorise.cli import program  # noqa: PLC0415

    return [*_commands_under(typer.main.get_command(program()), "cc-categorise")]


def _commands_under(command: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Typer's own types are private
    yield name, command
    for own, child in getattr(command, "commands", {}).items():
        yield from _commands_under(child, f"{name} {own}")


def environment() -> str:
    """List the environment variables, with the option and the commands that each stands for."""
    taken: dict[str, tuple[str, list[str]]] = {}
    for name, command in commands():
        for parameter in command.params:
            if parameter.envvar:
                of = taken.setdefault(parameter.envvar, (parameter.opts[0], []))[1]
                of.append(name.removeprefix("cc-categorise "))
    rows = [(f"`{name}`", f"`{option}`", ", ".join(commands)) for name, (option, commands) in taken.items()]
    return table(("variable", "stands for", "of"), rows)


EFFECTS = {
    "rejected": "Rows that are rejected",
    "uncategorised": "Records that stay uncategorised",
    "duplicate": "Rows that are not counted again",
    "kept": "Rows that are counted all the same",
}


def findings_catalogue() -> str:
    """Print every finding under its code, by what becomes of the row."""
    parts = []
    for effect, title in EFFECTS.items():
        parts.append(f"## {title}\n")
        for rule in FINDINGS.values():
            if rule.effect == effect:
                weight = "exit 3" if rule.severity is Severity.ERROR else "the exit code stays as it is"
                heading = f"### {rule.code}\n\n*{rule.severity}, {weight}.*"
                parts.append(f"{heading} {rule.message}\n\nCure: {rule.hint}\n")
    return "\n".join(parts)


def errors_catalogue() -> str:
    """Print every error under its code, with its class, the exit code and the cure."""
    parts = []
    for kind in _errors_under(errors.CategoriseError):
        meaning = " ".join((inspect.getdoc(kind) or "").partition("\nAttributes:")[0].split())
        text = f"### {kind.code}\n\n*{kind.__name__}, exit {kind.exit_code}.* {meaning}\n"
        cure = re.sub(r"--[a-z]+( field=Header| [0-9])?", r"`\g<0>`", kind.cure)
        parts.append(text + (f"\nCure: {cure}.\n" if cure else ""))
    return "\n".join(parts).replace("``", "`")


def _errors_under(kind: type[errors.CategoriseError]) -> Iterator[type[errors.CategoriseError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _errors_under(child)


def fields() -> str:
    """List the fields with the headers that are known for each."""
    text = (HOME / "cc_categorise/read/columns.yaml").read_text(encoding="utf-8")
    known = yaml.safe_load(text)
    rows = [(f"`{field}`", ", ".join(known.get(field, []))) for field in FIELDS]
    return table(("field", "headers known for it"), rows)


def profile_keys() -> str:
    """List every key of a profile with its default and what it says."""
    return _keys(Profile)


def policy_keys() -> str:
    """List every key of a disclosure policy, and of its refusals."""
    return f"{_keys(Policy)}\nEach of `refusals`:\n\n{_keys(RefusedCells)}"


def _keys(model: type[BaseModel]) -> str:
    told = dict(re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", inspect.getdoc(model) or "", re.MULTILINE))
    rows = []
    for name, info in model.model_fields.items():
        default = "" if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
        shown = f"`{json.dumps(_plain(default))}`" if default != "" else "needed"
        rows.append((f"`{name}`", shown, " ".join(told[name].split()).replace("``", "`")))
    return table(("key", "default", "what it says"), rows)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump()
    return list(value) if isinstance(value, tuple) else value


def members(schema: str, *path: str, **meanings: str) -> str:
    """List the members of an object in one of the JSON Schemas.

    Args:
        schema: Name of the schema.
        path: Keys down to the object.
        meanings: What those members mean that the schema does not explain.
    """
    node = json.loads((HOME / "cc_categorise/schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    definitions = node["$defs"]
    for part in path:
        node = node[part]
    rows = []
    for name, member in node["properties"].items():
        told = {**definitions.get(member.get("$ref", "").removeprefix("#/$defs/"), {}), **member}
        kind = told.get("type", "one of" if "enum" in told else "exactly")
        kinds = " or ".join(kind) if isinstance(kind, list) else kind
        values = ", ".join(f"`{value}`" for value in told.get("enum", [told["const"]] if "const" in told else []))
        meaning = told.get("description") or meanings.pop(name)
        rows.append((f"`{name}`", f"{kinds} {values}".strip(), meaning))
    if meanings:
        msg = f"{schema} does not need or have these explained: {', '.join(meanings)}"
        raise RuntimeError(msg)
    return table(("member", "holds", "meaning"), rows)


def markers() -> str:
    """List the shorthand of tables."""
    words = {"period": "period", "as_at": "the as-at date"}
    return table(("marker", "meaning"), [(f"`{key}`", text.format(**words)) for key, text in _SHORTHAND.items()])
