"""How odd a household's whole row of surprises is, against a reference that does not move.

The detector is fitted once on a sample of the landlord's households and kept; a household's score
is then a function of its own row alone, whoever else is in tonight's batch. ECOD and COPOD are not
used because they join the new rows to the training rows when scoring (PyOD issues 401, 408, 426).
The raw score becomes a tail of the reference, on the same scale as the surprises.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator

if TYPE_CHECKING:
    from pyod.models.base import BaseDetector

Floats = npt.NDArray[np.float64]
GRID = 501
SHARPEST = 1e-4


class OutlierModel(BaseEstimator):  # type: ignore[misc]
    """A PyOD isolation forest over surprises.

    One detector only: principal components, LODA and histograms were tried beside it and either
    lowered the precision or cost seconds of compiling at every start (docs/adr/0006-detection.md).

    Args:
        contamination: share PyOD would label; its labels are not used, only its scores.
        random_state: seed of the forest.
        n_estimators: trees.
        max_samples: households a tree is grown on, at most.

    After `fit`: ``feature_names_in_`` (tuple), ``detector_`` and ``quantiles_`` (array (GRID,)):
    quantiles of the reference's raw scores, evenly spaced.
    """

    def __init__(
        self,
        contamination: float = 0.02,
        random_state: int = 0,
        n_estimators: int = 100,
        max_samples: int = 256,
    ) -> None:
        self.contamination = contamination
        self.random_state = random_state
        self.n_estimators = n_estimators
        self.max_samples = max_samples

    def fit(self, reference: pd.DataFrame) -> "OutlierModel":
        """Learn what is usual from `reference` (households, features); rows are not kept."""
        from pyod.models.iforest import IForest

        self.feature_names_in_ = tuple(str(name) for name in reference.columns)
        values = reference.to_numpy(dtype=np.float64)
        self.detector_ = IForest(
            n_estimators=self.n_estimators,
            max_samples=min(self.max_samples, len(values)),
            contamination=self.contamination,
            random_state=self.random_state,
        ).fit(values)
        raw = self.detector_.decision_function(values)
        self.quantiles_ = np.quantile(raw, np.linspace(0.0, 1.0, GRID))
        self.reference_rows_ = len(values)
        _forget_training_rows(self.detector_)
        return self

    def surprise(self, rows: pd.DataFrame) -> Floats:
        """−log₁₀ of the share of the reference that is odder; shape (rows,).

        Beyond the reference's largest score the tail goes on at the slope of its last tenth, so
        that the oddest homes are still told apart.

        Raises:
            ValueError: the columns are not those of the reference.
        """
        if tuple(rows.columns) != self.feature_names_in_:
            raise ValueError(
                f"expected the {len(self.feature_names_in_)} features the model was fitted on, "
                f"but {len(rows.columns)} others came; fit a new reference"
            )
        raw = self.detector_.decision_function(rows.to_numpy(dtype=np.float64))
        share_below = np.interp(raw, self.quantiles_, np.linspace(0.0, 1.0, GRID))
        least = 1.0 / (self.reference_rows_ + 1)
        tail = -np.log10(np.maximum(1.0 - share_below, least))
        spread = self.quantiles_[-1] - self.quantiles_[int(GRID * 0.9)]
        beyond = np.maximum(raw - self.quantiles_[-1], 0.0) / max(float(spread), SHARPEST)
        result: Floats = tail + beyond
        return result


def _forget_training_rows(detector: "BaseDetector") -> None:
    """PyOD keeps the scores and labels of the training rows; nobody needs them afterwards."""
    for name in ("decision_scores_", "labels_", "_scores"):
        if hasattr(detector, name):
            setattr(detector, name, np.zeros(0))


def reference_sample(
    matrix: pd.DataFrame, eligible: npt.NDArray[np.bool_], rows: int, random_state: int
) -> pd.DataFrame:
    """At most `rows` of the eligible households, drawn once with a seed; order is kept."""
    candidates = np.flatnonzero(eligible)
    if len(candidates) > rows:
        generator = np.random.default_rng(random_state)
        candidates = np.sort(generator.choice(candidates, rows, replace=False))
    return matrix.iloc[candidates]
