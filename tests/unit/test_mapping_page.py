"""The page about the mapping language says what the models say, and its examples are read."""

import re
from pathlib import Path

import pytest

from builders.mapping_page import PAGE, every_key, key_tables, meaning, write, written_block
from redflags.adapters.sources import load_sources

EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
KINDS = ("canonical", "delimited", "fixed_width", "spreadsheet", "sql", "json")
ENVIRONMENT = {
    "HOUSING_DATABASE_URL": "postgresql+psycopg://nobody@localhost/none",
    "REPAIRS_API_URL": "https://localhost/api",
    "REPAIRS_API_TOKEN": "a token for tests",
}


def test_the_page_has_the_keys_as_the_models_have_them() -> None:
    page = PAGE.read_text("utf-8")

    assert written_block(page) == key_tables()
    assert write(page) == page


def test_every_key_says_what_it_means() -> None:
    silent = [f"{model.__name__}.{name}" for model, name in every_key() if not meaning(model, name)]

    assert silent == []


def test_there_is_an_example_of_each_kind() -> None:
    kinds = {
        kind for text in EXAMPLES for kind in re.findall(r'^kind = "(\w+)"', text, re.MULTILINE)
    }

    assert kinds == set(KINDS)


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_without_fault(text: str, tmp_path: Path) -> None:
    (tmp_path / "example.toml").write_text(text, encoding="utf-8")

    (source,) = load_sources(tmp_path, tmp_path, ENVIRONMENT)

    assert source.name == "example"
