"""The model registry (MLflow) and the verified copies that a night can fall back to."""

from redflags.adapters.models.aliases import WAS_CHAMPION
from redflags.adapters.models.registry import LoadedModel, ModelRegistry
from redflags.adapters.models.runs import RunRecord
from redflags.adapters.models.versions import KnownVersion, ModelVersion, Told

__all__ = [
    "WAS_CHAMPION",
    "KnownVersion",
    "LoadedModel",
    "ModelRegistry",
    "ModelVersion",
    "RunRecord",
    "Told",
]
