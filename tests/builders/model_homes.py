"""Homes whose model registry is there already, made once a process: a registry takes seconds."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

PLACES = (
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
    ("runs", "artifact_uri"),
)


def database_of(home: Path) -> Path:
    return home / "mlflow" / "mlflow.db"


def copied_home(home: Path, copy: Path) -> Path:
    """A copy of `home`, whose registry looks for its artefacts in the copy."""
    shutil.copytree(home, copy)
    move_registry(copy, home)
    return copy


def give_models(home: Path, giver: Path) -> None:
    """Give `home` the registry and the models of another home, and nothing else of it."""
    for part in ("mlflow", "models"):
        shutil.copytree(giver / part, home / part)
    move_registry(home, giver)


def move_registry(home: Path, from_home: Path) -> None:
    with closing(sqlite3.connect(database_of(home))) as registry, registry:
        for table, column in PLACES:
            moved = f"replace({column}, '{from_home}', '{home}')"
            registry.execute(f"UPDATE {table} SET {column} = {moved}")
