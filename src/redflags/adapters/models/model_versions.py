"""Writing a model into MLflow: one run, one skops artefact, one version with its hashes as tags."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from redflags.adapters.models.model_file import (
    FILE_NAME,
    TRUSTED_TYPES,
    hash_of_features,
    sha256_of,
)
from redflags.analysis.learning.model_versions import Model, ModelVersion

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "redflags"
REQUIREMENTS = ("pyod", "scikit-learn", "skops")
"""Said rather than found out: MLflow needs ten seconds to infer them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the run of a training says of it: numbers, and the model's card."""

    params: Mapping[str, str | int | float]
    metrics: Mapping[str, float]
    card: str


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version as the registry lists it."""

    version: str
    aliases: tuple[str, ...]
    tags: Mapping[str, str]


def write_version(
    client: "MlflowClient",
    artefacts: str | None,
    model: Model,
    name: str,
    metadata: Mapping[str, str | int],
    fitted_as_of: date,
    told: "Told | None" = None,
) -> ModelVersion:
    """Register `model`; `artefacts` is the URI of the folder its file goes to."""
    experiment = experiment_id(client, artefacts)
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "model"
        _save(model, folder)
        tags = {key: str(value) for key, value in metadata.items()} | {
            "sha256": sha256_of(folder / FILE_NAME),
            "features_sha256": hash_of_features(model.feature_names_in_),
            "fitted_as_of": fitted_as_of.isoformat(),
        }
        run = client.create_run(experiment, tags=tags)
        client.log_artifacts(run.info.run_id, str(folder), "model")
    if told is not None:
        _tell(client, run.info.run_id, told)
    client.set_terminated(run.info.run_id)
    _ensure_registered(client, name)
    source = f"{run.info.artifact_uri}/model"
    made = client.create_model_version(name, source, run.info.run_id, tags=tags)
    return ModelVersion(name, str(made.version))


def _tell(client: "MlflowClient", run_id: str, told: Told) -> None:
    for key, value in told.params.items():
        client.log_param(run_id, key, value)
    for key, number in told.metrics.items():
        client.log_metric(run_id, key, number)
    client.log_text(run_id, told.card, "card.md")


def known_versions(client: "MlflowClient", name: str) -> list[KnownVersion]:
    """Every version of `name`, newest first."""
    found = client.search_model_versions(f"name = '{name}'", order_by=["version_number DESC"])
    aliases: dict[str, list[str]] = {}
    if found:
        for alias, version in client.get_registered_model(name).aliases.items():
            aliases.setdefault(str(version), []).append(alias)
    return [
        KnownVersion(
            str(made.version), tuple(sorted(aliases.get(str(made.version), []))), dict(made.tags)
        )
        for made in found
    ]


def _save(model: Model, folder: Path) -> None:
    from mlflow.sklearn import save_model

    save_model(
        model,
        str(folder),
        serialization_format="skops",
        skops_trusted_types=list(TRUSTED_TYPES),
        pip_requirements=list(REQUIREMENTS),
    )


def experiment_id(client: "MlflowClient", artefacts: str | None) -> str:
    """The experiment of this program, made when it is not there."""
    known = client.get_experiment_by_name(EXPERIMENT)
    if known is not None:
        return str(known.experiment_id)
    return str(client.create_experiment(EXPERIMENT, artifact_location=artefacts))


def _ensure_registered(client: "MlflowClient", name: str) -> None:
    from mlflow.exceptions import MlflowException

    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
