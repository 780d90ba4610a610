"""Backtests, tunings and trainings as MLflow runs: numbers, hashes and plots, never a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from redflags.adapters.models.model_versions import experiment_id

if TYPE_CHECKING:
    from mlflow import MlflowClient

Plain = str | int | float


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run; `kind` is backtest, tuning or training, `files` are plots and aggregate tables."""

    kind: str
    params: Mapping[str, Plain]
    metrics: Mapping[str, float]
    tags: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Path] = ()


def write_run(client: "MlflowClient", artefacts: str | None, record: RunRecord) -> str:
    """Write a finished run; its id."""
    tags = {"kind": record.kind, **record.tags}
    run = client.create_run(experiment_id(client, artefacts), tags=tags, run_name=record.kind)
    run_id = str(run.info.run_id)
    for key, value in record.params.items():
        client.log_param(run_id, key, value)
    for key, number in record.metrics.items():
        client.log_metric(run_id, key, number)
    for path in record.files:
        client.log_artifact(run_id, str(path))
    client.set_terminated(run_id)
    return run_id
