"""Nights with a learned order: used when people chose it, and done without when it is broken."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from builders.broken_models import a_ranker
from builders.extracts import AS_OF, quiet_estate, three_lock_changes, with_rows, write_extracts
from builders.nights import ROOT, Installation, NightEnded
from redflags.adapters.models import ModelRegistry
from redflags.analysis.learning.ranker import RankerModel, features_of
from redflags.analysis.ordering.score_contributions import RULE
from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import load_ruleset
from redflags.services.models.model_choice import RANKER

LOCKS = with_rows(quiet_estate(), lock_changes=three_lock_changes(9))
FITTED = AS_OF - timedelta(days=1)


def make_champion(home: Path, model: RankerModel) -> None:
    registry = ModelRegistry(home)
    registry.promote(RANKER, registry.register(model, RANKER, {}, FITTED).version)


@pytest.fixture(scope="module")
def features() -> tuple[str, ...]:
    ruleset = load_ruleset(ROOT / "config" / "ruleset.toml", COUNTED_SIGNALS)
    return features_of(ruleset.ranking, ruleset.episodes)


@pytest.fixture(scope="module")
def with_champion(tmp_path_factory: pytest.TempPathFactory, features: tuple[str, ...]) -> Path:
    """A home with a learned order nobody has used yet, and an outlier model."""
    folder = tmp_path_factory.mktemp("learned")
    write_extracts(folder / "extracts", LOCKS)
    first = Installation(folder / "home", folder / "extracts").night(FITTED)
    assert str(first.summary.outcome) == "done"
    make_champion(folder / "home", a_ranker(features))
    return folder


@pytest.fixture
def installation(with_champion: Path, tmp_path: Path) -> Installation:
    """A copy, whose registry looks for its artefacts in the copy."""
    home = tmp_path / "home"
    shutil.copytree(with_champion / "home", home)
    with closing(sqlite3.connect(home / "mlflow" / "mlflow.db")) as registry, registry:
        for table, column in (("model_versions", "source"), ("runs", "artifact_uri")):
            moved = f"replace({column}, '{with_champion / 'home'}', '{home}')"
            registry.execute(f"UPDATE {table} SET {column} = {moved}")
        registry.execute(
            "UPDATE model_versions SET storage_location = "
            f"replace(storage_location, '{with_champion / 'home'}', '{home}')"
        )
    return Installation(home, with_champion / "extracts")


def artefact(home: Path) -> Path:
    with closing(sqlite3.connect(home / "mlflow" / "mlflow.db")) as connection:
        query = "SELECT source FROM model_versions WHERE name = ?"
        (source,) = connection.execute(query, (RANKER,)).fetchone()
    return Path(urlsplit(source).path) / "model.skops"


def flip_a_byte(home: Path) -> None:
    path = artefact(home)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(home: Path) -> None:
    path = artefact(home)
    path.write_bytes(path.read_bytes()[:-100])


def take_away_the_registry(home: Path) -> None:
    (home / "mlflow" / "mlflow.db").write_bytes(b"this is no database" * 99)


def sentences(installation: Installation) -> list[str]:
    return [
        str(reason["sentence"])
        for alert in installation.alerts()
        for reason in alert["reasons"]
        if reason["rule_id"] == RULE
    ]


def assert_went_on_without(night: NightEnded, installation: Installation, said: str) -> None:
    assert str(night.summary.outcome) == "partial"  # which the command ends with 3
    assert RANKER not in night.summary.model_version
    assert any(said in note for note in night.summary.notes)


def test_the_order_people_chose_is_used_and_named(installation: Installation) -> None:
    night = installation.night()
    assert str(night.summary.outcome) == "done"
    assert night.summary.model_version == f"redflags-outliers/1+{RANKER}/1"


def test_an_alert_raised_in_it_says_what_weighed_most(
    with_champion: Path, tmp_path: Path, features: tuple[str, ...]
) -> None:
    fresh = Installation(tmp_path / "home", with_champion / "extracts")
    make_champion(fresh.home, a_ranker(features))
    fresh.night()
    assert sentences(fresh)
    assert all(words.startswith("What weighed most: lock changes") for words in sentences(fresh))


@pytest.mark.parametrize("breaking", [flip_a_byte, truncate])
def test_a_broken_artefact_leaves_the_order_there_was(
    installation: Installation, breaking: Callable[[Path], None]
) -> None:
    breaking(installation.home)
    assert_went_on_without(installation.night(), installation, "sha256 differs")


def test_a_broken_artefact_gives_way_to_the_copy_nights_have_used(
    installation: Installation,
) -> None:
    installation.night()
    flip_a_byte(installation.home)
    again = installation.night()
    assert str(again.summary.outcome) == "done"
    assert again.summary.model_version.endswith(f"+{RANKER}/1")


def test_a_registry_that_is_down_gives_way_to_the_last_good_copy(
    installation: Installation,
) -> None:
    installation.night()
    take_away_the_registry(installation.home)
    night = installation.night()
    assert str(night.summary.outcome) == "partial"
    assert night.summary.model_version.endswith(f"+{RANKER}/1")


def test_a_registry_that_is_down_from_the_first_leaves_the_order_there_was(
    installation: Installation,
) -> None:
    take_away_the_registry(installation.home)
    assert_went_on_without(installation.night(), installation, "registry")


def test_a_champion_trained_on_other_features_is_not_used(
    installation: Installation, features: tuple[str, ...]
) -> None:
    make_champion(installation.home, a_ranker(tuple(f"{name} of old" for name in features)))
    assert_went_on_without(installation.night(), installation, "other features")


def test_a_night_made_up_for_does_not_look_ahead(installation: Installation) -> None:
    night = installation.night(FITTED - timedelta(days=3))
    assert RANKER not in night.summary.model_version
