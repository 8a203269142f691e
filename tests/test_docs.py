"""The pages say what the program is: every code, command, option and module is there; every link leads somewhere."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cc_categorise import errors, load_scheme
from cc_categorise.cli import program
from cc_categorise.findings import FINDINGS
from cc_categorise.model import FIELDS
from cc_categorise.profile import Profile

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PACKAGE = ROOT / "cc_categorise"

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def headings(text: str) -> list[str]:
    """Give the headings of a page without their marks; what stands in code blocks is none."""
    return re.findall(
        r"^#{1,6} +(.*?)\s*$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )


def errors_under(kind: type[errors.CategoriseError]) -> Iterator[type[errors.CategoriseError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from errors_under(child)


ERRORS = [kind for kind in errors_under(errors.CategoriseError) if kind.__module__ == "cc_categorise.errors"]


def commands(command: Any = None, name: str = "cc-categorise") -> Iterator[tuple[str, Any]]:
    """Give every command of the program by its full name."""
    command = command or typer.main.get_command(program())
    yield name, command
    for own, child in getattr(command, "commands", {}).items():
        yield from commands(child, f"{name} {own}")


# --- errors and findings


@pytest.mark.parametrize("code", [*FINDINGS, *(kind.code for kind in ERRORS)])
def test_every_code_has_an_entry_with_cause_and_cure(code: str) -> None:
    text = text_of("docs/errors.md")
    assert headings(text).count(code) == 1
    entry = re.split(r"^#{2,3} ", text.split(f"### {code}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    assert re.search(r"\*(error|warning|\w+Error), [^*]+\*", entry)
    assert "Cure: " in entry or code == errors.CategoriseError.code


def test_no_entry_is_about_a_code_that_there_is_not() -> None:
    text = text_of("docs/errors.md")
    entries = set(re.findall(r"^### (\S+)$", text, re.MULTILINE))
    assert entries == {*FINDINGS, *(kind.code for kind in ERRORS)}


def test_codes_are_stable_names_and_no_two_errors_share_one() -> None:
    codes = [*FINDINGS, *(kind.code for kind in ERRORS)]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []


# --- commands and options


@pytest.mark.parametrize(("name", "command"), [pytest.param(name, command, id=name) for name, command in commands()])
def test_every_command_has_help_and_an_entry(name: str, command: Any) -> None:
    assert command.help
    assert name in headings(text_of("docs/cli.md"))


@pytest.mark.parametrize(("name", "command"), [pytest.param(name, command, id=name) for name, command in commands()])
def test_every_option_of_a_command_has_help_and_is_shown(name: str, command: Any) -> None:
    section = text_of("docs/cli.md").split(f"\n## {name}\n")[1].split("\n## ")[0]
    for parameter in command.params:
        assert parameter.help
        for option in parameter.opts:
            assert option in section or not option.startswith("-")


def test_every_environment_variable_stands_beside_its_option() -> None:
    rows = [line for line in text_of("docs/cli.md").splitlines() if line.startswith("| `CC_CATEGORISE_")]
    shown = {tuple(re.findall(r"`([^`]+)`", row)[:2]) for row in rows}
    declared = {(p.envvar, p.opts[0]) for _, command in commands() for p in command.params if p.envvar}
    assert shown == declared
    assert len(declared) >= 11


@pytest.mark.parametrize("code", ["0", "2", "3", "4", "5", "130"])
def test_every_exit_code_is_explained(code: str) -> None:
    assert any(
        re.search(rf"\|[ `]*{code}[ `]*\|", line)
        for page in DOCS.rglob("*.md")
        for line in text_of(str(page)).splitlines()
    )


@pytest.mark.parametrize("key", Profile.model_fields)
def test_every_key_of_a_profile_is_explained(key: str) -> None:
    assert f"`{key}`" in text_of("docs/profiles.md")


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_explained(field: str) -> None:
    assert any(f"`{field}`" in text_of(str(page)) for page in DOCS.rglob("*.md"))


# --- the scheme


def test_every_category_and_every_wording_has_a_source_that_can_be_found_again() -> None:
    scheme = load_scheme().scheme
    assert len(scheme.categories) == 12
    used = {category.source for category in scheme.categories}
    used |= {aliases.source for category in scheme.categories for aliases in category.aliases}
    used |= {entry.source for entry in scheme.unresolved}
    used |= {sub.source for category in scheme.categories for sub in category.subcategories}
    assert used == set(scheme.sources), "a source that nothing uses, or none"
    for source in scheme.sources.values():
        assert re.search(r"\d{4}", source.date) or (source.date == "undated" and source.url), source.title
        assert len(source.title) > 10


# --- pages


def test_the_readme_fits_on_two_screens_and_begins_with_what_it_is() -> None:
    lines = text_of("README.md").splitlines()
    assert len(lines) <= 120
    assert lines[0] == "# cc-categorise"
    assert "cc-categorise count" in text_of("README.md")


LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page, as GitHub makes them of its headings."""
    names = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings(text_of(str(page))))
    return set(names)


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", text_of(str(page)), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for link in LINK.findall(re.sub(r"`[^`\n]*`", "", prose)):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_links_are_looked_for_at_all() -> None:
    assert sum(len(LINK.findall(text_of(str(page)))) for page in PAGES) > 20


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda path: path.relative_to(DOCS).as_posix())
def test_every_page_can_be_reached_from_the_readme(page: Path) -> None:
    seen, left = set(), [ROOT / "README.md"]
    while left:
        here = left.pop()
        seen.add(here)
        places = (link.partition("#")[0] for link in LINK.findall(text_of(str(here))) if not re.match(r"[a-z]+:", link))
        targets = ((here.parent / place).resolve() for place in places if place.endswith(".md"))
        left += [target for target in targets if target.exists() and target not in seen]
    assert page in seen


def test_the_table_of_rooms_lists_every_module_once_and_no_other() -> None:
    rooms = text_of("docs/architecture.md").split("\n## Rooms\n")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `([^`]+\.py)` \|", rooms, re.MULTILINE)
    assert sorted(listed) == sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
    for row in re.findall(r"^\| `.*$", rooms, re.MULTILINE):
        assert len([cell for cell in row.strip("|").split(" | ") if cell.strip()]) == 3, row


def test_the_python_on_its_page_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = text_of("docs/python.md")
    shutil.copy(ROOT / "examples" / "three-forces" / "export.csv", tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    shown = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == len(shown) > 5
    names: dict[str, Any] = {}
    with contextlib.chdir(tmp_path):
        for code, expected in zip(blocks, shown, strict=True):
            exec(compile(code, "docs/python.md", "exec"), names)  # noqa: S102 - the code of our own page
            printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.rstrip().splitlines())
            assert printed == expected.rstrip()
