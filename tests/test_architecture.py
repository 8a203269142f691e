"""The rooms of the house: who may import whom, how large a file may be, and what a start may load."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "cc_categorise"
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the top down.  A room imports from the lines below its own; rooms of one line do not know each other.
LINES = (
    ("cli",),
    ("pack",),
    ("compare", "consistency"),
    ("categories",),
    ("api",),
    ("lookup", "guess", "review", "explain", "teach", "release"),
    ("pipeline", "assign"),
    ("settle", "frame_input", "workers"),
    ("plan", "sweep"),
    ("judging",),
    ("survey", "facts"),
    ("read", "validate", "categorise", "tally", "disclosure", "render"),
    ("scheme", "profile", "decisions"),
    ("crosswalk",),
    ("yaml_file",),
    ("model",),
    ("dates", "findings", "figures", "document", "grading"),
    ("options", "processes"),
    ("errors",),
)
LINE_OF = {room: number for number, rooms in enumerate(LINES) for room in rooms}
LONGEST_MODULE = 350
LONGEST_FUNCTION = 60
LARGEST_PACKAGE = 14_540

every_module = pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def room_of(module: Path) -> str:
    """Give the folder or file, directly in the package, that a module belongs to."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(module: Path) -> Iterator[str]:
    """Give the full name of everything that a module imports, wherever in it, for types alone too."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the room"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported(module: Path) -> set[str]:
    own = [name.split(".") for name in imports_of(module) if name.split(".")[0] == "cc_categorise"]
    return {parts[1] for parts in own if parts[1] != "__version__"}


@every_module
def test_imports_point_down_and_steps_do_not_know_each_other(module: Path) -> None:
    own = room_of(module)
    if own in ("__init__", "__main__"):
        pytest.skip("the front doors know every room")
    imported = rooms_imported(module) - {own}
    assert imported <= set(LINE_OF), "a new room needs a line"
    assert {room for room in imported if LINE_OF[room] <= LINE_OF[own]} == set()


def test_every_room_has_a_line_and_every_line_has_rooms() -> None:
    assert {room_of(module) for module in MODULES} - {"__init__", "__main__"} == set(LINE_OF)


def test_files_of_one_room_do_not_import_each_other_in_a_circle() -> None:
    graph = {name_of(module): {part for name in imports_of(module) for part in prefixes(name)} for module in MODULES}
    left = {name: {other for other in others if other in graph and other != name} for name, others in graph.items()}
    del left["cc_categorise"]  # its imports are for types alone
    left = {name: others - {"cc_categorise"} for name, others in left.items()}
    while free := {name for name, others in left.items() if not others}:
        left = {name: others - free for name, others in left.items() if name not in free}
    # A folder's front imports its files and never the other way round, so nothing may be left.
    assert left == {}


def name_of(module: Path) -> str:
    parts = module.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def prefixes(name: str) -> Iterator[str]:
    """Give the longest module that a dotted name can stand for: the name itself, or all but its last part."""
    yield name
    yield name.rpartition(".")[0]


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        pytest.param("typer", {"cli"}, id="typer-in-cli"),
        pytest.param("rich", {"cli/door.py"}, id="rich-for-progress"),
        pytest.param("pandas", {"pipeline.py"}, id="pandas-in-pipeline"),
        pytest.param("textual", {"cli/screen.py"}, id="textual-for-the-screen"),
        pytest.param("narwhals", {"frame_input.py"}, id="narwhals-in-frame-input"),
        pytest.param("yaml", {"yaml_file.py"}, id="yaml-in-yaml-file"),
        pytest.param("rapidfuzz", {"categorise"}, id="rapidfuzz-in-categorise"),
        pytest.param("highspy", {"disclosure/solver.py"}, id="highspy-in-one-file"),
        pytest.param(
            "numpy", {"categorise", "survey.py", "sweep.py", "workers.py", "read/grid.py"}, id="numpy-where-arrays-are"
        ),
        pytest.param("scipy", {"categorise/training.py"}, id="scipy-in-training"),
        pytest.param("onnxruntime", {"categorise/vectors.py"}, id="onnxruntime-in-vectors"),
        pytest.param("resvg_py", {"render/chart.py"}, id="resvg-in-chart"),
        pytest.param("click", set(), id="click-nowhere"),
        pytest.param("pickle", set(), id="pickle-nowhere"),
        pytest.param("random", set(), id="random-nowhere"),
        pytest.param("socket", set(), id="socket-nowhere"),
        pytest.param("urllib.request", set(), id="urllib-request-nowhere"),
        pytest.param("http", set(), id="http-nowhere"),
        pytest.param("subprocess", set(), id="subprocess-nowhere"),
    ],
)
def test_a_library_is_imported_only_where_it_belongs(library: str, allowed: set[str]) -> None:
    users = {
        module.relative_to(PACKAGE).as_posix()
        for module in MODULES
        for name in imports_of(module)
        if f"{name}.".startswith(f"{library}.")
    }
    assert {user for user in users if user not in allowed and user.split("/")[0] not in allowed} == set()
    assert bool(users) is bool(allowed), "the rule is about nothing"


@every_module
def test_nothing_is_caught_unnamed(module: Path) -> None:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"bare except in line {node.lineno}"
            named = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)}
            assert named.isdisjoint({"Exception", "BaseException"}), f"except Exception in line {node.lineno}"


def test_yaml_is_loaded_in_one_place_by_a_loader_of_plain_values() -> None:
    calls = [
        (module.name, ast.unparse(node))
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith("yaml.")
        and "load" in ast.unparse(node.func)
    ]
    assert calls == [("yaml_file.py", "yaml.load(text, Loader=_StrictLoader)")]


@every_module
def test_nothing_runs_text_as_code_or_prints(module: Path) -> None:
    called = {
        node.func.id
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called.isdisjoint({"eval", "exec", "compile", "print", "input", "breakpoint"})


def test_only_the_door_and_the_interface_read_the_clock_or_the_environment() -> None:
    asking = {
        module.relative_to(PACKAGE).as_posix()
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in ("datetime.now", "date.today", "time.time", "os.environ")
    }
    # workers.py gives its processes one seed, where they do not begin as copies.
    assert asking <= {"__main__.py", "api.py", "cli/door.py", "workers.py"}
    assert "api.py" in asking


@every_module
def test_a_module_is_short_and_says_what_it_is_for(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    assert ast.get_docstring(tree_of(module))


@every_module
def test_a_function_is_short(module: Path) -> None:
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(tree_of(module))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}


def test_the_package_is_small() -> None:
    lines = [line for module in MODULES for line in module.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) < LARGEST_PACKAGE


# --- what a start may load

HEAVY = {"highspy", "numpy", "pandas", "pydantic", "rapidfuzz", "rich", "yaml"}
LOADED = """
import atexit, os, sys
os._exit = sys.exit  # which runs what is registered for the end
atexit.register(lambda: print("LOADED", *sorted({name.split(".")[0] for name in sys.modules}), file=sys.stderr))
atexit.register(lambda: print("OWN", *sorted(n for n in sys.modules if n.startswith("cc_categorise")), file=sys.stderr))
"""
MAIN = "from cc_categorise.__main__ import main; main()"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text("Reference,Date Received,Category\nR1,2023-04-03,Infiltration\nR1,2023-04-03,Other\n")
    return path


def told(code: str, *args: object) -> list[list[str]]:
    """Run code in a fresh interpreter; give the words of what it says on standard error, a list a line."""
    command = [sys.executable, "-c", LOADED + code, *map(str, args)]
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=True)  # noqa: S603 - this very program
    return [line.split() for line in done.stderr.splitlines()]


def loaded(code: str, *args: object) -> tuple[set[str], set[str]]:
    """Run code in a fresh interpreter; give the libraries and the package's own modules that were loaded."""
    lines = told(code, *args)
    (libraries,), (own,) = ([set(line[1:]) for line in lines if line[0] == word] for word in ("LOADED", "OWN"))
    return libraries, own


def test_importing_the_package_loads_nothing() -> None:
    libraries, own = loaded("import cc_categorise")
    assert own == {"cc_categorise"}
    assert libraries.isdisjoint({*HEAVY, "typer"})


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--version"],
        *([name, "--help"] for name in ("count", "check", "assign", "explain", "return", "verify", "compare", "pack")),
        ["review", "screen", "--help"],
    ],
)
def test_help_loads_nothing_heavy(args: list[str]) -> None:
    libraries, own = loaded(MAIN, *args)
    assert "typer" in libraries
    # Typer itself asks pydantic about the defaults of a command's options.
    unavoidable = {"pydantic"} if len(args) > 1 else set()
    assert libraries & HEAVY <= unavoidable
    assert {name.split(".")[1] for name in own - {"cc_categorise"}} <= {"__main__", "cli", "options", "errors"}


def test_a_small_count_as_csv_loads_no_frame_no_table_and_no_fuzzy_matching(small: Path) -> None:
    libraries, own = loaded(MAIN, "count", small, "-f", "csv")
    assert libraries & HEAVY == {"pydantic", "yaml"}
    assert {name for name in own if name.startswith("cc_categorise.render.as_")} == {"cc_categorise.render.as_csv"}
    assert "cc_categorise.document" not in own


def test_a_small_count_as_a_table_loads_no_more(small: Path) -> None:
    libraries, _ = loaded(MAIN, "count", small)
    assert libraries & HEAVY == {"pydantic", "yaml"}


def test_a_command_spares_the_module_that_plugins_are_found_with_and_leaves_the_real_one_to_others(small: Path) -> None:
    libraries, _ = loaded(MAIN, "count", small)
    assert libraries.isdisjoint({"email", "zipfile"}), "importlib.metadata was imported"
    version = importlib.metadata.version("pydantic")
    after = "print('VERSION', importlib.import_module('importlib.metadata').version('pydantic'), file=sys.stderr)"
    lines = told(f"import importlib; atexit.register(lambda: {after}); {MAIN}", "count", small)
    assert ["VERSION", version] in lines


def test_a_frame_is_what_loads_pandas(small: Path) -> None:
    count = f"import cc_categorise as cc; outcome = cc.count({str(small)!r})"
    assert "pandas" not in loaded(count)[0]
    assert "pandas" in loaded(f"{count}; outcome.to_frame()")[0]


def test_the_public_names_are_these_and_each_can_be_had() -> None:
    import cc_categorise  # noqa: PLC0415 - what is tested

    assert set(cc_categorise.__all__) == {
        "Assignment",
        "Basis",
        "CategoriseError",
        "CategoryScheme",
        "CountBy",
        "Counted",
        "FINDINGS",
        "Finding",
        "LabelReader",
        "Outcome",
        "Periods",
        "Profile",
        "Record",
        "ReleaseOptions",
        "RunOptions",
        "Tally",
        "YearBasis",
        "check",
        "count",
        "count_frame",
        "load_profile",
        "load_scheme",
        "make_return",
        "make_tally",
        "to_frame",
        "validate_row",
    }
    for name in cc_categorise.__all__:
        assert getattr(cc_categorise, name) is not None
    with pytest.raises(AttributeError):
        _ = cc_categorise.no_such_name
