"""MLflow's registry says which model is champion; a night keeps a verified copy of it."""

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from redflags.adapters.models import aliases
from redflags.adapters.models.artefact import (
    FILE_NAME,
    Model,
    hash_of_features,
    read_model,
    verify,
)
from redflags.adapters.models.copies import LocalCopies, Pointer, locked
from redflags.adapters.models.making import make_whole
from redflags.adapters.models.pointers import (
    CHAMPION,
    RegistryDown,
    pointer_by_client,
    pointer_in_database,
)
from redflags.adapters.models.runs import RunRecord, write_run
from redflags.adapters.models.versions import (
    KnownVersion,
    ModelVersion,
    Told,
    known_versions,
    write_version,
)
from redflags.errors import ModelUnavailable

if TYPE_CHECKING:
    from mlflow import MlflowClient

CLIENT_LIMITS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
}
"""A night has a copy to fall back to, so it does not wait minutes for a registry that is down."""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model to score with; `note` says so when it is not the champion, and why."""

    model: Model
    name: str
    version: str
    fitted_as_of: date
    note: str = ""


class ModelRegistry:
    """The registry in ``home/mlflow`` (or at `tracking_uri`) and the copies in ``home/models``."""

    def __init__(self, home: Path, tracking_uri: str | None = None) -> None:
        self._folder = (home / "mlflow").absolute()
        self._copies_folder = (home / "models").absolute()
        self._database = None if tracking_uri else self._folder / "mlflow.db"
        self._uri = tracking_uri or f"sqlite:///{self._database}"

    def has_any(self, name: str) -> bool:
        """True when there ever was a champion here; a version nobody promoted does not count."""
        if self._copies(name).used():
            return True
        try:
            return self._pointer(name) is not None
        except RegistryDown:
            return True

    def wants(self, name: str) -> bool:
        """True when there is a champion now, and when the registry cannot say."""
        try:
            return self._pointer(name) is not None
        except RegistryDown:
            return True

    def champion(self, name: str, features: tuple[str, ...]) -> LoadedModel:
        """The champion if it is sound and was fitted on `features`, else the last that was.

        Raises:
            ModelUnavailable: there is no champion, or neither it nor a copy can be used.
        """
        try:
            pointer = self._pointer(name)
            if pointer is not None:
                return self._champion(name, pointer, features)
        except RegistryDown as reason:
            return self._last_good(name, features, str(reason))
        except ModelUnavailable as reason:
            return self._last_good(name, features, f"{CHAMPION} {name}: {reason}")
        raise ModelUnavailable(f"no version of {name} is {CHAMPION}; register and promote one")

    def register(
        self,
        model: Model,
        name: str,
        metadata: Mapping[str, str | int],
        fitted_as_of: date,
        told: Told | None = None,
    ) -> ModelVersion:
        """Keep `model` as a new version; it is not champion until somebody promotes it.

        `metadata` holds hashes, counts and dates, and never a record or a reference.

        Raises:
            ModelUnavailable: the registry did not take it.
        """
        with locked(self._folder):
            return self._write(model, name, metadata, fitted_as_of, told)

    def register_first(
        self,
        model: Model,
        name: str,
        metadata: Mapping[str, str | int],
        fitted_as_of: date,
    ) -> ModelVersion:
        """Register `model` as champion, unless there is one by now: then that is the answer.

        Raises:
            ModelUnavailable: the registry does not answer.
        """
        with locked(self._folder):
            try:
                pointer = self._pointer(name)
            except RegistryDown as reason:
                raise ModelUnavailable(f"{name} was not registered: {reason}") from None
            if pointer is not None:
                return ModelVersion(name, pointer.version)
            first = self._write(model, name, metadata, fitted_as_of)
            self.promote(name, first.version)
            return first

    def record(self, run: RunRecord) -> str:
        """Keep the numbers of a backtest, tuning or training; the id of its run.

        Raises:
            ModelUnavailable: the registry did not take it.
        """
        with locked(self._folder):
            try:
                return write_run(self._client(), self._artefacts, run)
            except Exception as error:
                raise ModelUnavailable(
                    f"the run could not be kept ({type(error).__name__}); look at {self._folder}"
                ) from error

    @property
    def _artefacts(self) -> str | None:
        return None if self._database is None else (self._folder / "artifacts").as_uri()

    def promote(self, name: str, version: str, alias: str = CHAMPION, because: str = "") -> None:
        """Make `version` the champion. Raises ModelUnavailable when there is no such version."""
        aliases.give(self._client(), name, version, alias, because)

    def take_away(self, name: str, alias: str, because: str) -> None:
        """Nobody has `alias` from here on. Raises ModelUnavailable when nobody had it."""
        aliases.take_away(self._client(), name, alias, because)

    def versions(self, name: str) -> list[KnownVersion]:
        """Every version of `name`, newest first; none without a registry.

        Raises:
            ModelUnavailable: the registry does not answer.
        """
        if self._database is not None and not self._database.exists():
            return []
        try:
            return known_versions(self._client(), name)
        except Exception as error:
            raise ModelUnavailable(
                f"the model registry does not answer ({type(error).__name__})"
            ) from None

    @property
    def uri(self) -> str:
        """Where MLflow finds it."""
        return self._uri

    def _champion(self, name: str, pointer: Pointer, features: tuple[str, ...]) -> LoadedModel:
        if pointer.features_sha256 != hash_of_features(features):
            raise ModelUnavailable(f"version {pointer.version} was fitted on other features")
        copies = self._copies(name)
        try:
            model = read_model(copies.path_of(pointer), pointer.sha256)
        except ModelUnavailable:
            model = read_model(self._fetched(name, pointer), pointer.sha256)
        copies.remember(pointer)
        return LoadedModel(model, name, pointer.version, pointer.fitted_as_of)

    def _last_good(self, name: str, features: tuple[str, ...], reason: str) -> LoadedModel:
        wanted = hash_of_features(features)
        copies = self._copies(name)
        for pointer in copies.used():
            if pointer.features_sha256 != wanted:
                continue
            try:
                model = read_model(copies.path_of(pointer), pointer.sha256)
            except ModelUnavailable:
                continue
            note = f"{reason}; the last good copy, version {pointer.version}, was used"
            return LoadedModel(model, name, pointer.version, pointer.fitted_as_of, note)
        raise ModelUnavailable(f"{reason}; there is no good copy to use instead")

    def _fetched(self, name: str, pointer: Pointer) -> Path:
        """Bring the artefact from the registry; it becomes a copy only when it is the right one."""
        with TemporaryDirectory() as folder:
            try:
                from mlflow.artifacts import download_artifacts

                source = self._client().get_model_version_download_uri(name, pointer.version)
                brought = Path(
                    download_artifacts(
                        artifact_uri=f"{source}/{FILE_NAME}",
                        dst_path=folder,
                        tracking_uri=self._uri,
                    )
                )
            except Exception as error:
                raise ModelUnavailable(
                    f"version {pointer.version} cannot be fetched ({type(error).__name__})"
                ) from None
            verify(brought, pointer.sha256)
            return self._copies(name).add(pointer, brought)

    def _write(
        self,
        model: Model,
        name: str,
        metadata: Mapping[str, str | int],
        fitted_as_of: date,
        told: Told | None = None,
    ) -> ModelVersion:
        try:
            return write_version(
                self._client(), self._artefacts, model, name, metadata, fitted_as_of, told
            )
        except Exception as error:
            raise ModelUnavailable(
                f"{name} could not be registered ({type(error).__name__}); look at {self._folder}"
            ) from error

    def _pointer(self, name: str) -> Pointer | None:
        if self._database is not None:
            if not self._database.exists():
                if self._copies(name).used():
                    raise RegistryDown("the model registry's database is gone")
                return None
            try:
                return pointer_in_database(self._database, name)
            except sqlite3.Error:
                pass  # not the tables we know; MLflow itself may know better
        try:
            return pointer_by_client(self._client(), name)
        except RegistryDown:
            raise
        except Exception as error:
            raise RegistryDown(f"the model registry fails ({type(error).__name__})") from None

    def _client(self) -> "MlflowClient":
        for variable, value in CLIENT_LIMITS.items():
            os.environ.setdefault(variable, value)
        from mlflow import MlflowClient

        if self._database is not None and not self._database.exists():
            make_whole(self._database)
        return MlflowClient(self._uri, self._uri)

    def _copies(self, name: str) -> LocalCopies:
        return LocalCopies(self._copies_folder / name)
