"""What is built is what is needed: the wheel holds its data, installs, and runs away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA = {
    "cc_categorise/categories.yaml": "categories.yaml",
    "cc_categorise/read/columns.yaml": "cc_categorise/read/columns.yaml",
    "cc_categorise/disclosure/policy.yaml": "cc_categorise/disclosure/policy.yaml",
    "cc_categorise/py.typed": "cc_categorise/py.typed",
    "cc_categorise/render/ods_styles.xml": "cc_categorise/render/ods_styles.xml",
    "cc_categorise/render/page.css": "cc_categorise/render/page.css",
    **{
        f"cc_categorise/categorise/{name}": f"cc_categorise/categorise/{name}"
        for name in ("lexicon.yaml", "model.npz", "phrases.yaml")
    },
    **{
        f"cc_categorise/schemas/{path.name}": f"cc_categorise/schemas/{path.name}"
        for path in (ROOT / "cc_categorise" / "schemas").glob("*.json")
    },
    **{
        f"cc_categorise/{folder}/{path.name}": f"cc_categorise/{folder}/{path.name}"
        for folder in ("profiles", "schemes", "crosswalks")
        for path in (ROOT / "cc_categorise" / folder).glob("*.yaml")
    },
}


def python(*args: object, **how: object) -> str:
    """Run Python; give its standard output."""
    env = {**os.environ, "PYTHONPATH": str(how.get("path", "")), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    command = [sys.executable, *map(str, args)]
    cwd = str(how.get("cwd", ROOT))
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 - Python itself
    assert done.returncode == how.get("code", 0), done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a source distribution, and a wheel from it: so the one holds all that the other needs."""
    folder = tmp_path_factory.mktemp("dist")
    python("-m", "build", "--no-isolation", "--outdir", folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Iterator[zipfile.ZipFile]:
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_the_wheel_holds_every_module_and_all_data_as_they_are(wheel: zipfile.ZipFile) -> None:
    assert len(DATA) >= 5
    for name, original in DATA.items():
        assert wheel.read(name) == (ROOT / original).read_bytes(), name
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "cc_categorise").rglob("*.py")}
    assert {name for name in wheel.namelist() if name.endswith(".py")} == modules


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    others = {name for name in wheel.namelist() if not name.endswith(".py") and ".dist-info/" not in name}
    assert others == set(DATA)
    assert {name.split("/")[0] for name in wheel.namelist() if ".dist-info" not in name} == {"cc_categorise"}


def test_the_wheel_names_its_command_licence_and_typed_interface(wheel: zipfile.ZipFile) -> None:
    texts = {name.split("/", 1)[1]: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name}
    assert "cc-categorise = cc_categorise.__main__:main" in texts["entry_points.txt"]
    assert "Requires-Python: >=3.11" in texts["METADATA"]
    assert "License-Expression: MIT" in texts["METADATA"]
    assert "licenses/LICENSE" in texts


def test_the_source_distribution_holds_what_is_needed_to_test_it(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as opened:
        names = {name.split("/", 1)[1] for name in opened.getnames() if "/" in name}
    for needed in ("categories.yaml", "pyproject.toml", "README.md", "LICENSE", "tests/test_packaging.py"):
        assert needed in names
    assert not any(part in name for name in names for part in ("__pycache__", ".venv", ".git/", ".coverage"))


def test_the_wheel_installs_and_runs_from_anywhere(built: Path, tmp_path: Path) -> None:
    (path,) = built.glob("*.whl")
    target, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    python("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, path)
    where = {"cwd": elsewhere, "path": target}
    place = python("-c", "import cc_categorise as cc; print(cc.__file__); print(cc.load_scheme().sha256)", **where)
    file, sha256 = place.split()
    assert Path(file).is_relative_to(target)
    assert sha256 == python("-c", "import cc_categorise as cc; print(cc.load_scheme().sha256)").strip()

    (elsewhere / "export.csv").write_text("Reference,Date Received,Category\nR1,2023-04-03,Infiltration\n")
    args = ("count", "export.csv", "--as-at", "2024-03-31", "-f", "csv")
    (script,) = (target / "bin" if os.name == "posix" else target / "Scripts").glob("cc-categorise*")
    by_script = python(script, *args, **where) if script.suffix != ".exe" else None
    by_module = python("-m", "cc_categorise", *args, **where)
    assert "2023/24,infiltration,Infiltration,1," in by_module
    assert by_script in (by_module, None)
    for given in (["categories", "list"], ["check", "export.csv"], ["--version"]):
        assert python("-m", "cc_categorise", *given, **where) == python("-m", "cc_categorise", *given, cwd=elsewhere)


def test_running_the_package_is_running_the_program() -> None:
    assert python("-m", "cc_categorise", "--version").startswith("cc-categorise ")
    assert "nosuch" not in python("-m", "cc_categorise", "nosuch", code=2)
