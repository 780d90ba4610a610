"""Where MLflow keeps runs and versions: a database of ours, or a server somewhere."""

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from redflags.adapters.models.champion_lookup import (
    RegistryDown,
    Standing,
    Unreachable,
    in_words,
    standing_by_client,
    standing_in_database,
)
from redflags.adapters.models.create_database import make_whole
from redflags.adapters.models.model_file import FILE_NAME
from redflags.errors import ModelUnavailable

if TYPE_CHECKING:
    from mlflow import MlflowClient

CLIENT_LIMITS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
"""A night has a copy to fall back to, so it does not wait minutes for a registry that is down."""


class Tracking:
    """A SQLite database and its artefacts in `folder`; or what answers at `uri`."""

    def __init__(self, folder: Path, uri: str | None = None) -> None:
        self._folder = folder
        self._database = None if uri else folder / "mlflow.db"
        self.uri = uri or f"sqlite:///{self._database}"
        self._unreachable = ""

    @property
    def is_unmade(self) -> bool:
        """True while nothing was ever registered in our own database."""
        return self._database is not None and not self._database.exists()

    @property
    def is_elsewhere(self) -> bool:
        """True when a server of the landlord's has it."""
        return self._database is None

    @property
    def artefacts(self) -> str | None:
        """URI of the folder new artefacts go to; None leaves it to the server."""
        return None if self._database is None else (self._folder / "artifacts").as_uri()

    def client(self) -> "MlflowClient":
        """MLflow's client, its database made when there is none."""
        for variable, value in CLIENT_LIMITS.items():
            os.environ.setdefault(variable, value)
        from mlflow import MlflowClient

        if self._database is not None and not self._database.exists():
            make_whole(self._database)
        return MlflowClient(self.uri, self.uri)

    def standing(self, name: str) -> Standing:
        """Who is champion of `name`. Raises RegistryDown.

        Once it did not answer it is not asked again: a night asks five times, and would wait five
        times.
        """
        if self._unreachable:
            raise Unreachable(self._unreachable)
        try:
            return self._asked(name)
        except Unreachable as reason:
            self._unreachable = str(reason)
            raise

    def _asked(self, name: str) -> Standing:
        if self._database is not None:
            try:
                return standing_in_database(self._database, name)
            except sqlite3.Error as error:
                reason = in_words(error)
                if reason is not None:
                    raise Unreachable(reason) from None
        try:
            return standing_by_client(self.client(), name)
        except RegistryDown:
            raise
        except Exception as error:
            raise Unreachable(f"the model registry fails ({type(error).__name__})") from None

    def download(self, name: str, version: str, folder: Path) -> Path:
        """Bring the artefact of a version into `folder`. Raises ModelUnavailable."""
        try:
            from mlflow.artifacts import download_artifacts

            source = self.client().get_model_version_download_uri(name, version)
            return Path(
                download_artifacts(
                    artifact_uri=f"{source}/{FILE_NAME}",
                    dst_path=str(folder),
                    tracking_uri=self.uri,
                )
            )
        except Exception as error:
            raise ModelUnavailable(
                f"its file cannot be fetched from the registry ({type(error).__name__})"
            ) from None
