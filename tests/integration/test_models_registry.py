"""The registry of outlier models: who is champion, what a night falls back to, and what is kept."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pytest

from redflags.adapters.models import ModelRegistry, ModelVersion
from redflags.adapters.models.pointers import pointer_by_client, pointer_in_database
from redflags.analysis.outliers import OutlierModel
from redflags.errors import ModelUnavailable

NAME = "redflags-outliers"
FEATURES = ("lock_change:90", "repair_count:365")
FITTED = date(2026, 11, 20)


def rows(seed: int, count: int = 60, features: tuple[str, ...] = FEATURES) -> pd.DataFrame:
    values = np.random.default_rng(seed).gamma(1.0, 1.0, (count, len(features)))
    return pd.DataFrame(values, columns=list(features))


def model(seed: int = 0, features: tuple[str, ...] = FEATURES) -> OutlierModel:
    return OutlierModel(random_state=seed).fit(rows(seed, features=features))


def first_champion(home: Path, seed: int = 0) -> ModelVersion:
    registry = ModelRegistry(home)
    return registry.register_first(model(seed), NAME, {"reference_homes": 60}, FITTED)


def file_of_version(home: Path, version: str) -> Path:
    """The artefact as MLflow keeps it."""
    with closing(sqlite3.connect(home / "mlflow" / "mlflow.db")) as connection:
        query = "SELECT source FROM model_versions WHERE version = ?"
        (source,) = connection.execute(query, (version,)).fetchone()
    return Path(urlsplit(source).path) / "model.skops"


def copy_of_version(home: Path, version: str) -> Path:
    return next(home.glob(f"models/{NAME}/{version}-*.skops"))


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which MLflow has made its tables, which takes it two seconds."""
    home = tmp_path_factory.mktemp("tables")
    (home / "mlflow").mkdir()
    ModelRegistry(home)._client().search_registered_models()
    return home


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
    assert "registry" in loaded.note


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


def test_a_type_that_was_not_agreed_on_is_not_loaded(tmp_path: Path) -> None:
    from skops.io import dump

    from redflags.adapters.models.artefact import read_model, sha256_of

    dump({"innocent": partial(print, "never")}, tmp_path / "odd.skops")
    with pytest.raises(ModelUnavailable, match="Untrusted"):
        read_model(tmp_path / "odd.skops", sha256_of(tmp_path / "odd.skops"))


def test_the_database_and_mlflow_agree_on_the_champion(home: Path) -> None:
    database = home / "mlflow" / "mlflow.db"
    client = ModelRegistry(home)._client()
    assert pointer_in_database(database, NAME) == pointer_by_client(client, NAME)
    assert pointer_in_database(database, "unknown") is None
    assert pointer_by_client(client, "unknown") is None


def test_a_model_without_a_champion_is_none_both_ways(empty_home: Path) -> None:
    registry = ModelRegistry(empty_home)
    registry.register(model(), NAME, {}, FITTED)
    assert pointer_in_database(empty_home / "mlflow" / "mlflow.db", NAME) is None
    assert pointer_by_client(registry._client(), NAME) is None


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


def test_the_artefact_holds_no_row_it_was_fitted_on(home: Path) -> None:
    from zipfile import ZipFile

    reference = rows(seed=2)
    with ZipFile(file_of_version(home, "2")) as artefact:
        arrays = [
            np.load(artefact.open(name)) for name in artefact.namelist() if name.endswith(".npy")
        ]
    lengths = {axis for array in arrays for axis in array.shape}
    assert len(reference) not in lengths


@pytest.mark.skipif(sys.platform != "linux", reason="the interpreter's modules are looked at")
def test_loading_the_champion_does_not_import_mlflow(home: Path) -> None:
    import subprocess

    script = (
        "import sys; from pathlib import Path; from redflags.adapters.models import ModelRegistry;"
        f"ModelRegistry(Path({str(home)!r})).champion({NAME!r}, {FEATURES!r});"
        "sys.exit('mlflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
