"""Files and modules that the docs name are there, and hold what the docs look for in them."""

import re
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "redflags"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WHERE = (ROOT / "docs" / "where.md").read_text("utf-8")
ROOMS = sorted(path.stem for path in PACKAGE.iterdir() if not path.name.startswith("_"))

QUOTED = re.compile(r"`([^`\n]+)`")
PLACE = re.compile(r"[\w/.-]+/[\w.-]*(?::\w+)?")
CODE_FILE = re.compile(r"[\w/.-]+/[\w.-]+\.(?:py|md)")
MODULE = re.compile(rf"(?:redflags\.)?(?:{'|'.join(ROOMS)})(?:\.\w+)+")


def place(name: str) -> Path:
    """A file or folder, from the top of the repository, from the package or from the tests."""
    tops = (ROOT, PACKAGE, ROOT / "tests")
    return next((top / name for top in tops if (top / name).exists()), ROOT / name)


def defines(text: str, name: str) -> bool:
    """Whether `name` stands at the beginning of a line of code, as what is defined there."""
    return re.search(rf"^(?:def |class )?{name}\b", text, re.MULTILINE) is not None


def named_in_code(name: str) -> Any:
    """What a dotted name of a page is. Raises when there is no such thing."""
    return resolve_name(f"redflags.{name.removeprefix('redflags.')}")


def changes() -> list[str]:
    """The rows of the tables of docs/where.md."""
    heads = ("| I want", "|---")
    return [line for line in WHERE.splitlines() if line[:1] == "|" and not line.startswith(heads)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = [name for name in QUOTED.findall(page.read_text("utf-8")) if CODE_FILE.fullmatch(name)]
    assert [name for name in named if not place(name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_module_that_a_page_names_is_there(page: Path) -> None:
    for name in QUOTED.findall(page.read_text("utf-8")):
        if MODULE.fullmatch(name) and not name.endswith((".py", ".toml", ".md")):
            named_in_code(name)


def test_the_commonest_changes_are_twenty_five() -> None:
    assert len(changes()) == 25


@pytest.mark.parametrize("row", changes(), ids=lambda row: row.split("|")[1].strip()[:40])
def test_each_change_has_its_place_its_test_and_its_page(row: str) -> None:
    _, _, where, held_by, read, _ = row.split("|")
    for name in QUOTED.findall(where):
        if PLACE.fullmatch(name):
            file, _, wanted = name.partition(":")
            assert place(file).exists(), name
            assert not wanted or defines(place(file).read_text("utf-8"), wanted), name
        else:
            tables = [path for path in QUOTED.findall(where) if path.endswith(".toml")]
            assert any(name in place(path).read_text("utf-8") for path in tables), name
    assert all(
        name.startswith("tests/") and place(name).exists() for name in QUOTED.findall(held_by)
    )
    assert all(name.startswith("docs/") and place(name).exists() for name in QUOTED.findall(read))
    assert QUOTED.findall(where)
    assert QUOTED.findall(held_by)
    assert QUOTED.findall(read)


def test_a_file_or_a_name_that_is_gone_would_be_noticed() -> None:
    assert not place("domain/no_such_file.py").exists()
    assert not defines("OPEN_STATES = ()\n", "CLOSED_STATES")
    with pytest.raises(AttributeError):
        named_in_code("services.night.no_such_module.Night")
