"""MLflow's registry says which model is champion; a night keeps a verified copy of it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from redflags.adapters.models import model_aliases
from redflags.adapters.models.champion_lookup import CHAMPION, RegistryDown
from redflags.adapters.models.experiment_runs import RunRecord, write_run
from redflags.adapters.models.local_copies import LocalCopies, Pointer, locked
from redflags.adapters.models.model_file import hash_of_features, read_model, verify
from redflags.adapters.models.model_versions import (
    KnownVersion,
    Told,
    known_versions,
    write_version,
)
from redflags.adapters.models.tracking_server import Tracking
from redflags.analysis.learning.model_versions import LoadedModel, Model, ModelVersion
from redflags.errors import ModelUnavailable


class ModelRegistry:
    """The registry in ``home/mlflow`` (or at `tracking_uri`) and the copies in ``home/models``."""

    def __init__(self, home: Path, tracking_uri: str | None = None) -> None:
        self._folder = (home / "mlflow").absolute()
        self.tracking = Tracking(self._folder, tracking_uri)
        self._copies_folder = (home / "models").absolute()

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

    def is_unfit(self, name: str, features: tuple[str, ...]) -> bool:
        """True when there is a champion and the registry says it was fitted on other features."""
        try:
            pointer = self._pointer(name)
        except RegistryDown:
            return False
        return pointer is not None and pointer.features_sha256 != hash_of_features(features)

    def champion(self, name: str, features: tuple[str, ...]) -> LoadedModel:
        """The champion if it is sound and was fitted on `features`, else the last that was.

        Raises:
            ModelUnavailable: there is no champion, or neither it nor a copy can be used.
        """
        try:
            pointer = self._pointer(name)
            if pointer is not None:
                return self._champion(name, pointer, features)
        except (RegistryDown, ModelUnavailable) as reason:
            return self._last_good(name, features, str(reason))
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
                return write_run(self.tracking.client(), self.tracking.artefacts, run)
            except Exception as error:
                raise ModelUnavailable(
                    f"the run could not be kept ({type(error).__name__}); look at MLflow's database"
                ) from error

    def promote(self, name: str, version: str, alias: str = CHAMPION, because: str = "") -> None:
        """Make `version` the champion. Raises ModelUnavailable when there is no such version."""
        model_aliases.give(self.tracking.client(), name, version, alias, because)

    def take_away(self, name: str, alias: str, because: str) -> None:
        """Nobody has `alias` from here on. Raises ModelUnavailable when nobody had it."""
        model_aliases.take_away(self.tracking.client(), name, alias, because)

    def versions(self, name: str) -> list[KnownVersion]:
        """Every version of `name`, newest first; none without a registry.

        Raises:
            ModelUnavailable: the registry does not answer.
        """
        if self.tracking.is_unmade:
            return []
        try:
            return known_versions(self.tracking.client(), name)
        except Exception as error:
            raise ModelUnavailable(
                f"the model registry does not answer ({type(error).__name__})"
            ) from None

    def _champion(self, name: str, pointer: Pointer, features: tuple[str, ...]) -> LoadedModel:
        try:
            model = self._sound(name, pointer, features)
        except (ModelUnavailable, OSError) as error:
            why = str(error) if isinstance(error, ModelUnavailable) else "no copy can be written"
            raise ModelUnavailable(
                f"the {CHAMPION} of {name}, version {pointer.version}, cannot be used: {why}"
            ) from None
        return LoadedModel(model, name, pointer.version, pointer.fitted_as_of)

    def _sound(self, name: str, pointer: Pointer, features: tuple[str, ...]) -> Model:
        if pointer.features_sha256 != hash_of_features(features):
            raise ModelUnavailable("it was fitted on other features")
        copies = self._copies(name)
        try:
            model = read_model(copies.path_of(pointer), pointer)
        except ModelUnavailable:
            model = read_model(self._fetched(name, pointer), pointer)
        copies.remember(pointer)
        return model

    def _last_good(self, name: str, features: tuple[str, ...], reason: str) -> LoadedModel:
        wanted = hash_of_features(features)
        copies = self._copies(name)
        for pointer in copies.used():
            if pointer.features_sha256 != wanted:
                continue
            try:
                model = read_model(copies.path_of(pointer), pointer)
            except ModelUnavailable:
                continue
            note = f"{reason}; the last good copy of {name}, version {pointer.version}, was used"
            return LoadedModel(model, name, pointer.version, pointer.fitted_as_of, note)
        raise ModelUnavailable(f"{reason}; there is no good copy of {name}")

    def _fetched(self, name: str, pointer: Pointer) -> Path:
        """Bring the artefact from the registry; it becomes a copy only when it is the right one."""
        with TemporaryDirectory() as folder:
            brought = self.tracking.download(name, pointer.version, Path(folder))
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
            client, artefacts = self.tracking.client(), self.tracking.artefacts
            return write_version(client, artefacts, model, name, metadata, fitted_as_of, told)
        except Exception as error:
            raise ModelUnavailable(
                f"{name} could not be registered ({type(error).__name__}); "
                "look at MLflow's database"
            ) from error

    def _pointer(self, name: str) -> Pointer | None:
        """What the registry says of the champion; None without one. Raises RegistryDown."""
        was_used = bool(self._copies(name).used())
        if self.tracking.is_unmade:
            if was_used:
                raise RegistryDown("the database of the model registry is gone")
            return None
        standing = self.tracking.standing(name)
        if standing.champion is None and was_used and not standing.is_retired:
            raise RegistryDown(f"the model registry knows no champion of {name} any more")
        return standing.champion

    def _copies(self, name: str) -> LocalCopies:
        return LocalCopies(self._copies_folder / name)
