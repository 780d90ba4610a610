"""A home whose champions nobody has used yet, beside last good ones; and what can befall them."""

import pickle
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from builders.extracts import AS_OF, quiet_estate, three_lock_changes, write_extracts, write_table
from builders.model_homes import database_of
from builders.nights import ROOT, Installation
from builders.outcomes import outcomes
from redflags.adapters.models import ModelRegistry
from redflags.adapters.models.model_file import FILE_NAME, TRUSTED_TYPES, sha256_of
from redflags.analysis.learning.ranker import RankerModel, features_of
from redflags.analysis.ordering.outliers import OutlierModel
from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import load_ruleset
from redflags.services.models.model_choice import OUTLIERS, RANKER

BOTH = (OUTLIERS, RANKER)
LAST_GOOD, CHAMPION, ON_OTHER_FEATURES = "1", "2", "3"
QUIET_NIGHT = AS_OF - timedelta(days=1)
HOMES_WITH_NEW_LOCKS = (9, 10, 11)


def write_landlord_with_models(folder: Path) -> None:
    """``home`` after a quiet night with versions 1 of both models, and ``extracts`` with news.

    Versions 2 are champion since; versions 3 are on other features.
    """
    home, extracts = folder / "home", write_extracts(folder / "extracts", quiet_estate())
    ruleset = load_ruleset(ROOT / "config" / "ruleset.toml", COUNTED_SIGNALS)
    features = features_of(ruleset.ranking, ruleset.episodes)
    registry = ModelRegistry(home)
    registry.promote(RANKER, _registered(registry, a_ranker(features), RANKER))
    night = Installation(home, extracts).night(QUIET_NIGHT)
    assert night.summary.model_version == f"{OUTLIERS}/1+{RANKER}/1"
    columns = _features_of(artefact_of(home, OUTLIERS, LAST_GOOD))
    for ending in ("", " of old"):
        _registered(registry, an_outlier_model(*(f"{name}{ending}" for name in columns)), OUTLIERS)
        _registered(registry, a_ranker([f"{name}{ending}" for name in features], 1), RANKER)
    for name in BOTH:
        registry.promote(name, CHAMPION)
    locks = [row for number in HOMES_WITH_NEW_LOCKS for row in three_lock_changes(number)]
    write_table(extracts / "lock_changes.csv", locks)


def a_ranker(features: Sequence[str], seed: int = 0) -> RankerModel:
    known = outcomes(seed=seed)
    values = np.random.default_rng(seed).exponential(1.0, (len(known), len(features)))
    x = pd.DataFrame(values, columns=list(features))
    return RankerModel((1.0,) * len(features), pulls=(300.0,)).fit(replace(known, x=x))


def an_outlier_model(*features: str) -> OutlierModel:
    values = np.random.default_rng(5).gamma(1.0, 1.0, (80, len(features)))
    return OutlierModel(random_state=5).fit(pd.DataFrame(values, columns=list(features)))


def artefact_of(home: Path, name: str, version: str = CHAMPION) -> Path:
    with closing(sqlite3.connect(database_of(home))) as registry:
        query = "SELECT source FROM model_versions WHERE name = ? AND version = ?"
        (source,) = registry.execute(query, (name, version)).fetchone()
    return Path(urlsplit(source).path) / FILE_NAME


# ---------------------------------------------------------------- what befalls a champion


def cut_in_half(home: Path, name: str) -> None:
    path = artefact_of(home, name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def turn_bytes_over(home: Path, name: str) -> None:
    path = artefact_of(home, name)
    content = bytearray(path.read_bytes())
    content[1000:1100] = bytes(byte ^ 0xFF for byte in content[1000:1100])
    path.write_bytes(content)


def put_in_place(home: Path, name: str, content: bytes) -> None:
    """Replace the artefact as somebody would who can also change what the registry says of it."""
    path = artefact_of(home, name)
    path.write_bytes(content)
    _change(
        home,
        "UPDATE model_version_tags SET value = ? WHERE name = ? AND version = ? AND key = 'sha256'",
        (sha256_of(path), name, CHAMPION),
    )


def choose(home: Path, version: str, *names: str) -> None:
    """Make `version` the champion of `names`; of both models when none is named."""
    for name in names or BOTH:
        _change(
            home,
            "UPDATE registered_model_aliases SET version = ? WHERE name = ? AND alias = 'champion'",
            (version, name),
        )


def delete_with_mlflow(home: Path, name: str) -> None:
    """MLflow takes the alias away as well."""
    ModelRegistry(home).tracking.client().delete_model_version(name, CHAMPION)


def delete_but_for_the_alias(home: Path, name: str) -> None:
    for table in ("model_version_tags", "model_versions"):
        _change(home, f"DELETE FROM {table} WHERE name = ? AND version = ?", (name, CHAMPION))


@dataclass(frozen=True)
class Trap:
    """Pickled, it makes the file `path` when it is loaded."""

    path: Path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)

    def as_pickle(self) -> bytes:
        return pickle.dumps(self)

    def as_skops(self) -> bytes:
        """A sound file of a type that nobody agreed on."""
        from skops.io import dumps

        content: bytes = dumps({"model": partial(Path.touch, self.path)})
        return content


def _registered(registry: ModelRegistry, model: OutlierModel | RankerModel, name: str) -> str:
    return registry.register(model, name, {}, QUIET_NIGHT).version


def _features_of(artefact: Path) -> tuple[str, ...]:
    from skops.io import load

    return tuple(load(artefact, trusted=list(TRUSTED_TYPES)).feature_names_in_)


def _change(home: Path, statement: str, values: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(database_of(home))) as registry, registry:
        assert registry.execute(statement, values).rowcount > 0
