"""Writing a model into MLflow: one run, one skops artefact, one version with its hashes as tags."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from redflags.adapters.models.artefact import (
    FILE_NAME,
    TRUSTED_TYPES,
    hash_of_features,
    sha256_of,
)
from redflags.analysis.outliers import OutlierModel

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "redflags"
REQUIREMENTS = ("pyod", "scikit-learn", "skops")
"""Said rather than found out: MLflow needs ten seconds to infer them."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One registered model."""

    name: str
    version: str


def write_version(
    client: "MlflowClient",
    artefacts: str | None,
    model: OutlierModel,
    name: str,
    metadata: Mapping[str, str | int],
    fitted_as_of: date,
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
    client.set_terminated(run.info.run_id)
    _ensure_registered(client, name)
    source = f"{run.info.artifact_uri}/model"
    made = client.create_model_version(name, source, run.info.run_id, tags=tags)
    return ModelVersion(name, str(made.version))


def _save(model: OutlierModel, folder: Path) -> None:
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
