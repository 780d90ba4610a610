"""The model registry (MLflow) and the verified copies that a night can fall back to."""

from redflags.adapters.models.experiment_runs import RunRecord
from redflags.adapters.models.model_aliases import WAS_CHAMPION
from redflags.adapters.models.model_registry import ModelRegistry
from redflags.adapters.models.model_versions import KnownVersion, Told

__all__ = [
    "WAS_CHAMPION",
    "KnownVersion",
    "ModelRegistry",
    "RunRecord",
    "Told",
]
