"""One order: total, stable, and made of the weights."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from builders.detection import about, measured, threshold
from redflags.analysis.ordering.ranking import combined_score, total_order
from redflags.analysis.surprise.surprise_scores import Measurements
from redflags.configuration.ruleset import Ranking


def ranking(
    outlier_weight: float = 0.0, windows: dict[int, float] | None = None, **weights: float
) -> Ranking:
    return Ranking.model_validate(
        {
            "about": about(),
            "window_weights": windows or {180: 1.0},
            "outlier_weight": threshold(outlier_weight),
            "weights": weights,
        }
    )


def test_the_score_is_the_weighted_sum() -> None:
    parts = measured(2, lock_change=[2.0, 0.0], tell=[1.0, 3.0], asb_report=[50.0, 50.0])
    weights = ranking(outlier_weight=2.0, lock_change=1.5, tell=1.0)
    score = combined_score(parts, np.array([0.25, 0.0]), weights)
    assert score.tolist() == pytest.approx([2 * 1.5 + 1 + 0.5, 3.0])


def test_each_window_counts_by_its_own_weight() -> None:
    parts = measured(1, lock_change=[2.0])
    quieter = replace(parts.parts["lock_change", 365], surprise=np.array([1.0]))
    parts = Measurements(parts.parts | {("lock_change", 365): quieter})
    weights = ranking(windows={90: 0.5, 365: 0.25}, lock_change=2.0)
    assert combined_score(parts, np.zeros(1), weights).tolist() == pytest.approx([2.5])


def test_the_odder_household_comes_first() -> None:
    assert total_order(np.array([1.0, 3.0, 2.0]), pd.Series(["a", "b", "c"])).tolist() == [3, 1, 2]


def test_equal_scores_are_ordered_by_reference_as_text() -> None:
    refs = pd.Series(["10", "9", "009"])
    assert total_order(np.zeros(3), refs).tolist() == [2, 3, 1]


def test_a_difference_no_computer_agrees_on_is_a_tie() -> None:
    refs = pd.Series(["b", "a"])
    assert total_order(np.array([1.0 + 1e-12, 1.0]), refs).tolist() == [2, 1]


def test_every_household_has_a_rank_of_its_own() -> None:
    score = np.repeat([1.0, 2.0], 50)
    ranks = total_order(score, pd.Series([f"T{n}" for n in range(100)]))
    assert sorted(ranks) == list(range(1, 101))


def test_nobody_to_rank_is_no_fault() -> None:
    assert total_order(np.zeros(0), pd.Series([], dtype=str)).size == 0
