"""The model registry (MLflow) and the verified copies that a night can fall back to."""

from redflags.adapters.models.experiment_runs import RunRecord
from redflags.adapters.models.model_aliases import WAS_CHAMPION
from redflags.adapters.models.model_registry import LoadedModel, ModelRegistry
from redflags.adapters.models.model_versions import KnownVersion, ModelVersion, Told

__all__ = [
    "WAS_CHAMPION",
    "KnownVersion",
    "LoadedModel",
    "ModelRegistry",
    "ModelVersion",
    "RunRecord",
    "Told",
]
