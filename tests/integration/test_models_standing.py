"""Who is champion, asked of the database and of MLflow, and what to make of one that is gone."""

import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from builders.registered_models import FEATURES, FITTED, NAME, first_champion, make_tables, model
from redflags.adapters.models import ModelRegistry
from redflags.adapters.models.champion_lookup import (
    CHAMPION,
    RegistryDown,
    Standing,
    standing_by_client,
    standing_in_database,
)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tables(tmp_path_factory.mktemp("tables"))


@pytest.fixture
def empty_home(tables: Path, tmp_path: Path) -> Path:
    """A home without models."""
    return shutil.copytree(tables, tmp_path / "home")


@pytest.fixture
def used(empty_home: Path) -> Path:
    """A home whose champion, version 1, a night has used."""
    first_champion(empty_home)
    ModelRegistry(empty_home).champion(NAME, FEATURES)
    return empty_home


def both_ways(home: Path, name: str = NAME) -> list[Standing]:
    database, client = home / "mlflow" / "mlflow.db", ModelRegistry(home).tracking.client()
    return [standing_in_database(database, name), standing_by_client(client, name)]


def test_both_know_the_champion(used: Path) -> None:
    one, other = both_ways(used)
    assert one == other
    assert one.champion is not None


def test_both_know_none_of_a_model_nobody_made(empty_home: Path) -> None:
    assert both_ways(empty_home, "unknown") == [Standing(None), Standing(None)]


def test_a_version_nobody_promoted_is_no_champion_to_either(empty_home: Path) -> None:
    ModelRegistry(empty_home).register(model(), NAME, {}, FITTED)
    assert both_ways(empty_home) == [Standing(None), Standing(None)]


def test_both_know_that_it_was_retired_until_one_is_promoted_again(used: Path) -> None:
    registry = ModelRegistry(used)
    registry.take_away(NAME, CHAMPION, "not needed")
    assert both_ways(used) == [Standing(None, is_retired=True)] * 2
    registry.promote(NAME, "1")
    assert [standing.is_retired for standing in both_ways(used)] == [False, False]


def test_both_know_that_it_was_deleted_under_its_alias(used: Path) -> None:
    database = used / "mlflow" / "mlflow.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE model_versions SET current_stage = 'Deleted_Internal'")
    client = ModelRegistry(used).tracking.client()
    for ask in (partial(standing_in_database, database), partial(standing_by_client, client)):
        with pytest.raises(RegistryDown, match="deleted"):
            ask(NAME)


def test_one_deleted_with_its_alias_gives_way_to_the_last_good_copy(used: Path) -> None:
    ModelRegistry(used).tracking.client().delete_model_version(NAME, "1")
    registry = ModelRegistry(used)
    assert registry.wants(NAME)
    loaded = registry.champion(NAME, FEATURES)
    assert loaded.version == "1"
    assert "knows no champion" in loaded.note


def test_one_that_people_retired_is_not_missed(used: Path) -> None:
    registry = ModelRegistry(used)
    registry.take_away(NAME, CHAMPION, "not needed")
    assert not registry.wants(NAME)
