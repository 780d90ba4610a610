"""Asking the registry which version is champion: its SQLite database directly, or MLflow's client.

Importing MLflow and opening its store costs two seconds, and an ordinary night asks one question.
A test holds both ways to the same answer, so that an upgrade of MLflow cannot part them unseen.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from redflags.adapters.models.copies import Pointer

if TYPE_CHECKING:
    from mlflow import MlflowClient

CHAMPION = "champion"
_CHAMPION_TAGS = """
    SELECT alias.version, tag.key, tag.value
    FROM registered_model_aliases AS alias
    LEFT JOIN model_version_tags AS tag ON tag.name = alias.name AND tag.version = alias.version
    WHERE alias.name = ? AND alias.alias = ? ORDER BY tag.key
"""
_MISSING = frozenset({"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"})


class RegistryDown(Exception):
    """The registry cannot say; the text is a reason fit for a note."""


def pointer_in_database(database: Path, name: str) -> Pointer | None:
    """The champion of `name`; None without one. Raises sqlite3.Error, RegistryDown."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(_CHAMPION_TAGS, (name, CHAMPION)).fetchall()
    if not rows:
        return None
    return _pointer(str(rows[0][0]), {str(key): str(value) for _, key, value in rows})


def pointer_by_client(client: "MlflowClient", name: str) -> Pointer | None:
    """The champion of `name`; None without one. Raises RegistryDown."""
    from mlflow.exceptions import MlflowException

    try:
        found = client.get_model_version_by_alias(name, CHAMPION)
    except MlflowException as error:
        if error.error_code in _MISSING:
            return None
        raise RegistryDown(f"the model registry does not answer ({error.error_code})") from None
    return _pointer(str(found.version), found.tags)


def _pointer(version: str, tags: Mapping[str, str]) -> Pointer:
    try:
        return Pointer(
            version=version,
            sha256=tags["sha256"],
            features_sha256=tags["features_sha256"],
            fitted_as_of=date.fromisoformat(tags["fitted_as_of"]),
        )
    except (KeyError, ValueError):
        raise RegistryDown(
            f"{CHAMPION} version {version} was not registered by this program (tags sha256, "
            "features_sha256, fitted_as_of)"
        ) from None
