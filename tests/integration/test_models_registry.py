"""The registry of outlier models: who is champion, what a night falls back to, and what is kept."""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from builders.registered_models import (
    FEATURES,
    FITTED,
    NAME,
    copy_of_version,
    file_of_version,
    first_champion,
    make_tables,
    model,
    rows,
)
from redflags.adapters.models import ModelRegistry
from redflags.adapters.models.champion_lookup import standing_in_database
from redflags.analysis.learning.model_versions import ModelVersion
from redflags.errors import ModelUnavailable

KILLED_WHILE_WRITING = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN IMMEDIATE")
for number in range(3000):
    row = (f"key-{number}", "x" * 4000)
    database.execute("INSERT INTO experiment_tags SELECT ?, ?, experiment_id FROM experiments", row)
os._exit(9)
"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which MLflow has made its tables, which takes it two seconds."""
    return make_tables(tmp_path_factory.mktemp("tables"))


@pytest.fixture
def empty_home(tables: Path, tmp_path: Path) -> Path:
    """A home without models."""
    return shutil.copytree(tables, tmp_path / "home")


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with champion 1 and a newer version 2, both used once; copy before you break it."""
    home = tmp_path_factory.mktemp("registered")
    first_champion(home)
    registry = ModelRegistry(home)
    registry.register(model(seed=2), NAME, {}, FITTED)
    registry.champion(NAME, FEATURES)
    registry.promote(NAME, "2")
    registry.champion(NAME, FEATURES)
    return home


@pytest.fixture
def home(registered: Path) -> Iterator[Path]:
    """The same home, mended after the test has broken it."""
    files = [path for path in registered.rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in files}
    yield registered
    for path, content in before.items():
        path.write_bytes(content)


def test_the_champion_scores_as_the_model_that_was_registered(home: Path) -> None:
    loaded = ModelRegistry(home).champion(NAME, FEATURES)
    tonight = rows(seed=9)
    assert (loaded.version, loaded.fitted_as_of, loaded.note) == ("2", FITTED, "")
    np.testing.assert_array_equal(loaded.model.surprise(tonight), model(2).surprise(tonight))


def test_a_registered_model_waits_to_be_promoted(empty_home: Path) -> None:
    first_champion(empty_home)
    registry = ModelRegistry(empty_home)
    assert registry.register(model(1), NAME, {}, FITTED) == ModelVersion(NAME, "2")
    assert registry.champion(NAME, FEATURES).version == "1"


def test_nothing_registered_is_unavailable_and_leaves_no_database(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path)
    with pytest.raises(ModelUnavailable, match="no version"):
        registry.champion(NAME, FEATURES)
    assert not registry.has_any(NAME)
    assert not (tmp_path / "mlflow").exists()


def test_the_first_champion_stays_when_a_second_first_comes(empty_home: Path) -> None:
    assert first_champion(empty_home).version == "1"
    assert first_champion(empty_home, seed=1).version == "1"


def test_a_version_that_does_not_exist_cannot_be_promoted(home: Path) -> None:
    with pytest.raises(ModelUnavailable, match="expected version 77"):
        ModelRegistry(home).promote(NAME, "77")


def test_an_ordinary_night_does_not_need_the_artefact(home: Path) -> None:
    file_of_version(home, "2").write_bytes(b"")
    assert ModelRegistry(home).champion(NAME, FEATURES).note == ""


def test_a_damaged_copy_is_fetched_again(home: Path) -> None:
    copy_of_version(home, "2").write_bytes(b"not a model")
    loaded = ModelRegistry(home).champion(NAME, FEATURES)
    assert (loaded.version, loaded.note) == ("2", "")


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 truncated", b"poisoned" * 100])
def test_a_poisoned_artefact_gives_way_to_the_last_good_copy(home: Path, damage: bytes) -> None:
    file_of_version(home, "2").write_bytes(damage)
    copy_of_version(home, "2").write_bytes(damage)
    loaded = ModelRegistry(home).champion(NAME, FEATURES)
    assert loaded.version == "1"
    assert "sha256 differs" in loaded.note
    assert "version 1" in loaded.note


def test_a_lost_registry_gives_way_to_the_last_good_copy(home: Path) -> None:
    (home / "mlflow" / "mlflow.db").unlink()
    registry = ModelRegistry(home)
    loaded = registry.champion(NAME, FEATURES)
    assert (loaded.version, registry.has_any(NAME)) == ("2", True)
    assert "gone" in loaded.note


def test_a_broken_registry_gives_way_to_the_last_good_copy(home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(home, tmp_path / "copied")  # MLflow keeps connections to the first open
    (home / "mlflow" / "mlflow.db").write_bytes(b"this is no database" * 99)
    loaded = ModelRegistry(home).champion(NAME, FEATURES)
    assert loaded.version == "2"
    assert "the model registry" in loaded.note


def test_a_registry_elsewhere_that_is_down_is_not_waited_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    loaded = ModelRegistry(home, "http://127.0.0.1:9").champion(NAME, FEATURES)
    assert loaded.version == "2"
    assert "the model registry does not answer" in loaded.note


def test_a_held_database_is_waited_for_once(home: Path) -> None:
    registry = ModelRegistry(home)
    holder = sqlite3.connect(home / "mlflow" / "mlflow.db", isolation_level=None)
    with closing(holder):
        holder.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        loaded = [registry.champion(NAME, FEATURES) for _ in range(3)]
        waited = time.monotonic() - began
    assert {model.version for model in loaded} == {"2"}
    assert "held by another program" in loaded[0].note
    assert waited < 10  # SQLite waits five seconds


def test_a_database_nobody_can_open_is_not_tried_again_and_again(
    home: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(home, tmp_path / "copied")
    (home / "mlflow" / "mlflow.db").unlink()
    (home / "mlflow" / "mlflow.db").mkdir()
    began = time.monotonic()
    loaded = ModelRegistry(home).champion(NAME, FEATURES)
    assert loaded.version == "2"
    assert "cannot be opened" in loaded.note
    assert time.monotonic() - began < 5  # MLflow would try for more than a minute


def test_a_registry_whose_writer_was_killed_is_mended(home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(home, tmp_path / "copied")
    database = home / "mlflow" / "mlflow.db"
    subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, str(database)], check=False)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        standing_in_database(database, NAME)
    assert ModelRegistry(home).champion(NAME, FEATURES).note == ""


def test_without_any_good_copy_there_is_no_model(home: Path) -> None:
    for version in ("1", "2"):
        file_of_version(home, version).write_bytes(b"")
        copy_of_version(home, version).write_bytes(b"")
    with pytest.raises(ModelUnavailable, match="no good copy"):
        ModelRegistry(home).champion(NAME, FEATURES)


@pytest.mark.parametrize("features", [FEATURES[::-1], FEATURES[:1], (*FEATURES, "asb_report:90")])
def test_other_features_find_no_model(home: Path, features: tuple[str, ...]) -> None:
    with pytest.raises(ModelUnavailable, match="other features"):
        ModelRegistry(home).champion(NAME, features)


def test_a_champion_on_other_features_gives_way_to_the_last_that_fits(empty_home: Path) -> None:
    first_champion(empty_home)
    registry = ModelRegistry(empty_home)
    registry.champion(NAME, FEATURES)
    wider = (*FEATURES, "asb_report:90")
    newer = registry.register(model(1, wider), NAME, {}, FITTED)
    registry.promote(NAME, newer.version)
    loaded = registry.champion(NAME, FEATURES)
    assert (loaded.version, registry.champion(NAME, wider).version) == ("1", "2")
    assert "other features" in loaded.note


def test_a_first_night_killed_before_promoting_is_made_good(empty_home: Path) -> None:
    registry = ModelRegistry(empty_home)
    registry.register(model(), NAME, {}, FITTED)
    assert not registry.has_any(NAME)
    assert first_champion(empty_home).version == "2"
    assert registry.has_any(NAME)


def test_two_first_nights_at_once_end_with_one_champion(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as nights:
        versions = list(nights.map(partial(first_champion, tmp_path), [0, 1]))
    assert {made.version for made in versions} == {"1"}
    assert ModelRegistry(tmp_path).champion(NAME, FEATURES).version == "1"


@pytest.mark.skipif(sys.platform != "linux", reason="the interpreter's modules are looked at")
def test_loading_the_champion_does_not_import_mlflow(home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from redflags.adapters.models import ModelRegistry;"
        f"ModelRegistry(Path({str(home)!r})).champion({NAME!r}, {FEATURES!r});"
        "sys.exit('mlflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_artefact_holds_no_row_it_was_fitted_on(home: Path) -> None:
    from zipfile import ZipFile

    reference = rows(seed=2)
    with ZipFile(file_of_version(home, "2")) as artefact:
        arrays = [
            np.load(artefact.open(name)) for name in artefact.namelist() if name.endswith(".npy")
        ]
    lengths = {axis for array in arrays for axis in array.shape}
    assert len(reference) not in lengths
