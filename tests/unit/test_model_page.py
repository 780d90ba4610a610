"""Every name, key and value of docs/model.md is as it stands in the code and the rule set."""

import re
import tomllib
from collections.abc import Iterator
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "redflags"
PAGE = (ROOT / "docs" / "model.md").read_text("utf-8")
RULESET = tomllib.loads((ROOT / "config" / "ruleset.toml").read_text("utf-8"))
DESCRIBED = ("surprise", "innocent", "outliers", "episodes", "ranking", "queue")
"""The tables of the rule set of which the page names every key."""

NAMED = re.compile(r"`([a-z_]+(?:\.[A-Za-z_]+)+)`")
FILES = (".md", ".py", ".toml")


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def modules_named(stem: str) -> list[str]:
    found = (path.relative_to(PACKAGE.parent) for path in PACKAGE.rglob(f"{stem}.py"))
    return [".".join(path.with_suffix("").parts) for path in found]


def in_code(name: str) -> Any:
    """What `module.name` is, where exactly one module of the package has that name."""
    stem, *attributes = name.split(".")
    (module,) = modules_named(stem)
    return reduce(getattr, attributes, import_module(module))


def in_ruleset(key: str) -> Any:
    """What stands under `table.key` in config/ruleset.toml; of a threshold, its value."""
    found = reduce(lambda table, part: table[part], key.split("."), RULESET)
    return found.get("value", found) if isinstance(found, dict) else found


def is_of_the_ruleset(name: str) -> bool:
    try:
        in_ruleset(name)
    except KeyError:
        return False
    return True


def is_of_the_code(name: str) -> bool:
    try:
        in_code(name)
    except (AttributeError, ValueError):
        return False
    return True


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, list | tuple):
        yield from (one for one in value if isinstance(one, int | float))


def symbols() -> list[tuple[list[str], list[str], list[float]]]:
    """Code, keys and values of each row of the table."""
    rows = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| ")]
    return [
        (quoted(code), quoted(key), [float(n) for n in re.findall(r"[\d.]+", value)])
        for _, _, code, key, value in rows[1:]
    ]


def test_every_name_in_a_sentence_is_of_the_code_or_of_the_rule_set() -> None:
    names = [name for name in NAMED.findall(PAGE) if not name.endswith(FILES)]
    assert len(names) > 50
    assert [n for n in names if not is_of_the_code(n) and not is_of_the_ruleset(n)] == []


def test_every_file_it_names_is_there() -> None:
    named = [name for name in quoted(PAGE) if "/" in name or name.endswith(FILES)]
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(("code", "keys", "values"), symbols())
def test_a_row_of_the_table_says_what_stands_there(
    code: list[str], keys: list[str], values: list[float]
) -> None:
    there = [*map(in_code, code), *map(in_ruleset, keys)]
    assert there
    assert [n for value in there for n in numbers(value)] == values


@pytest.mark.parametrize("table", DESCRIBED)
def test_every_key_that_shapes_detection_is_named(table: str) -> None:
    keys = {f"{table}.{key}" for key in RULESET[table] if key != "about"}
    assert keys - set(quoted(PAGE)) == set()


def test_a_name_that_is_gone_would_be_noticed() -> None:
    assert not is_of_the_code("surprise_scores.no_such_function")
    assert not is_of_the_code("no_such_module.measure")
    assert not is_of_the_ruleset("surprise.no_such_key")
