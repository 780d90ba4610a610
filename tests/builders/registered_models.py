"""Outlier models on two features and homes whose registry holds them."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from redflags.adapters.models import ModelRegistry
from redflags.analysis.learning.model_versions import ModelVersion
from redflags.analysis.ordering.outliers import OutlierModel

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


def make_tables(home: Path) -> Path:
    """MLflow makes its tables under `home`, which takes it two seconds."""
    (home / "mlflow").mkdir()
    ModelRegistry(home).tracking.client().search_registered_models()
    return home
