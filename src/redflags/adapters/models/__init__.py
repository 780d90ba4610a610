"""The model registry (MLflow) and the verified copies that a night can fall back to."""

from redflags.adapters.models.registry import LoadedModel, ModelRegistry
from redflags.adapters.models.runs import RunRecord
from redflags.adapters.models.versions import ModelVersion

__all__ = ["LoadedModel", "ModelRegistry", "ModelVersion", "RunRecord"]
