"""Outcomes whose truth is known: a need follows some features and not others."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from redflags.analysis.learning.ranker import Floats, Outcomes, features_of
from redflags.analysis.surprise.household_history import STREAMS
from redflags.configuration.ruleset import Ranking

FIRST_NIGHT = date(2026, 1, 5)
ABOUT = {"unit": "points", "reason": "test", "owner": "test", "date": FIRST_NIGHT}
WINDOWS = {90: 0.5, 180: 0.25, 365: 0.25}


def a_ranking(**weights: float) -> Ranking:
    return Ranking.model_validate(
        {
            "about": ABOUT,
            "outlier_weight": {"value": 0.0, **ABOUT},
            "window_weights": WINDOWS,
            "weights": weights or dict.fromkeys(STREAMS, 1.0),
        }
    )


FEATURES = features_of(a_ranking())
EVEN = (1.0,) * len(FEATURES)


def outcomes(
    rows: int = 400,
    seed: int = 0,
    truth: Floats | None = None,
    order: Floats | None = None,
    rows_a_household: int = 1,
) -> Outcomes:
    """Two outcomes a night; the chance of a need is logistic in `truth` · features.

    Without `truth` only tells and lock changes matter; `order` weighs all features alike.
    """
    generator = np.random.default_rng(seed)
    x = pd.DataFrame(generator.exponential(1.0, (rows, len(FEATURES))), columns=list(FEATURES))
    values = x.to_numpy()
    if truth is None:
        truth = np.array([1.5 if s in {"tell", "lock_change"} else 0.0 for s in STREAMS])
    logit = values @ truth
    chance = 1 / (1 + np.exp(-(logit - np.median(logit))))
    nights = [FIRST_NIGHT + timedelta(days=number // 2) for number in range(rows)]
    return Outcomes(
        x=x,
        has_need=generator.random(rows) < chance,
        weight=np.ones(rows),
        household=np.array([f"H{number // rows_a_household:05}" for number in range(rows)]),
        night=np.array(nights, dtype="datetime64[D]"),
        order=values.sum(axis=1) if order is None else values @ order,
        is_below_line=np.zeros(rows, dtype=np.bool_),
    )
