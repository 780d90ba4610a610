"""Models by name and version, as the registry gives them to score with."""

from dataclasses import dataclass
from datetime import date

from redflags.analysis.learning.ranker import RankerModel
from redflags.analysis.ordering.outliers import OutlierModel

Model = OutlierModel | RankerModel


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One registered model."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model to score with; `note` says so when it is not the champion, and why."""

    model: Model
    name: str
    version: str
    fitted_as_of: date
    note: str = ""
