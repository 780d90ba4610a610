"""One order out of the pattern over time, surprises, tells and the outlier score.

    score = pattern + Σ weight(stream) · Σ weight(window) · surprise(stream, window)
            + weight · outlier surprise

The pattern is a weight of evidence in powers of ten (`episodes`); a rule set that does not say what
an episode looks like has none. The surprises of a household are negative logarithms of tail
probabilities, so their sum is what Fisher's method would add up; the weights say how much each
stream is believed. Ties are broken by the household's reference, so the order is total.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from redflags.analysis.surprise.household_history import STREAMS
from redflags.analysis.surprise.surprise_scores import Measurements
from redflags.configuration.ruleset import Ranking

Floats = npt.NDArray[np.float64]


def combined_score(measurements: Measurements, outlier: Floats, ranking: Ranking) -> Floats:
    """Score of every household, shape (households,); higher is odder."""
    score = ranking.outlier_weight.value * outlier
    if measurements.pattern is not None:
        score = score + measurements.pattern.to_numpy(np.float64)
    for stream in STREAMS:
        weight = ranking.weights.get(stream, 0.0)
        score = score + weight * recent_surprise(measurements, stream, ranking)
    return np.asarray(score, dtype=np.float64)


def recent_surprise(measurements: Measurements, stream: str, ranking: Ranking) -> Floats:
    """One stream's surprise over all windows, each as much as it counts; shape (households,)."""
    parts = [
        weight * measurements.parts[stream, window].surprise
        for window, weight in ranking.window_weights.items()
    ]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)


def total_order(score: Floats, refs: pd.Series) -> npt.NDArray[np.int64]:
    """Rank of every household from 1 (oddest); equal scores are ordered by reference."""
    order = np.lexsort((refs.to_numpy(dtype=str), -np.round(score, 9)))
    rank = np.empty(len(score), dtype=np.int64)
    rank[order] = np.arange(1, len(score) + 1)
    return rank
