"""Asking the registry which version is champion: its SQLite database directly, or MLflow's client.

Importing MLflow and opening its store costs two seconds, and an ordinary night asks one question.
A test holds both ways to the same answer, so that an upgrade of MLflow cannot part them unseen.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from redflags.adapters.models.local_copies import Pointer

if TYPE_CHECKING:
    from mlflow import MlflowClient

CHAMPION = "champion"
RETIRED = "retired"
"""Tag of a model whose champion people took away: nights are meant to do without it."""
_CHAMPION_TAGS = """
    SELECT alias.version,
           coalesce(made.current_stage, 'Deleted_Internal') = 'Deleted_Internal',
           tag.key, tag.value
    FROM registered_model_aliases AS alias
    LEFT JOIN model_versions AS made ON made.name = alias.name AND made.version = alias.version
    LEFT JOIN model_version_tags AS tag ON tag.name = alias.name AND tag.version = alias.version
    WHERE alias.name = ? AND alias.alias = ? ORDER BY tag.key
"""
_IS_RETIRED = "SELECT count(*) FROM registered_model_tags WHERE name = ? AND key = ?"
_MISSING = frozenset({"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"})
_MLFLOW_KNOWS_BETTER = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_READONLY})
"""Other tables than we know, and a writer that was killed: MLflow's own way of opening helps."""
_IN_WORDS = {
    sqlite3.SQLITE_BUSY: "is held by another program",
    sqlite3.SQLITE_LOCKED: "is held by another program",
    sqlite3.SQLITE_CORRUPT: "is damaged",
    sqlite3.SQLITE_NOTADB: "is damaged",
}


class RegistryDown(Exception):
    """The registry cannot say; the text is a reason fit for a note."""


class Unreachable(RegistryDown):
    """It says nothing at all: whoever asks again waits again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is champion of a model; nobody is when people retired it, and before the first."""

    champion: Pointer | None
    is_retired: bool = False


def standing_in_database(database: Path, name: str) -> Standing:
    """What the tables say of `name`. Raises sqlite3.Error, RegistryDown."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(_CHAMPION_TAGS, (name, CHAMPION)).fetchall()
        (retired,) = connection.execute(_IS_RETIRED, (name, RETIRED)).fetchone()
    if not rows:
        return Standing(None, bool(retired))
    version, is_deleted = str(rows[0][0]), rows[0][1]
    if is_deleted:
        raise _deleted(name)
    return Standing(_pointer(name, version, {str(key): str(value) for *_, key, value in rows}))


def standing_by_client(client: "MlflowClient", name: str) -> Standing:
    """What MLflow says of `name`. Raises RegistryDown."""
    from mlflow.exceptions import MlflowException

    try:
        found = client.get_model_version_by_alias(name, CHAMPION)
    except MlflowException as error:
        if error.error_code in _MISSING:
            return _without_champion(client, name)
        raise Unreachable("the model registry does not answer") from None
    return Standing(_pointer(name, str(found.version), found.tags))


def in_words(error: sqlite3.Error) -> str | None:
    """What is the matter with the database; None when MLflow should be asked instead."""
    primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if primary in _MLFLOW_KNOWS_BETTER:
        return None
    return f"the database of the model registry {_IN_WORDS.get(primary, 'cannot be opened')}"


def _without_champion(client: "MlflowClient", name: str) -> Standing:
    from mlflow.exceptions import MlflowException

    try:
        model = client.get_registered_model(name)
    except MlflowException as error:
        if error.error_code in _MISSING:
            return Standing(None)
        raise Unreachable("the model registry does not answer") from None
    if CHAMPION in model.aliases:
        raise _deleted(name)
    return Standing(None, RETIRED in model.tags)


def _deleted(name: str) -> RegistryDown:
    return RegistryDown(f"the champion of {name} was deleted from the registry")


def _pointer(name: str, version: str, tags: Mapping[str, str]) -> Pointer:
    try:
        return Pointer(
            version=version,
            sha256=tags["sha256"],
            features_sha256=tags["features_sha256"],
            fitted_as_of=date.fromisoformat(tags["fitted_as_of"]),
        )
    except (KeyError, ValueError):
        raise RegistryDown(
            f"the {CHAMPION} of {name}, version {version}, was not registered by this program "
            "(tags sha256, features_sha256, fitted_as_of)"
        ) from None
