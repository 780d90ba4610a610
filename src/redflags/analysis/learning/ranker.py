"""An order learned from outcomes: a logistic model that starts from the order there is.

    logit P(need) = a + Σ βⱼ xⱼ,   βⱼ ≥ 0

x are the recency-weighted surprises of each stream (`ranking.recent_surprise`; tells are a stream)
and the pattern over time (`episodes`), where the rule set asks for one.
No coefficient is negative: more of a sign never lowers a household. A few hundred outcomes cannot
teach thirteen coefficients from nothing, so the model is pulled towards the order there is: it
minimises

    Σ vᵢ · loss(yᵢ, a + βxᵢ) + λ · Σ τⱼ² (βⱼ − s·wⱼ)²

over a, s ≥ 0 and β ≥ 0, with w the weights of the rule set, τⱼ the spread of xⱼ and v what each
outcome counts (`outcome_labels`). λ is chosen by cross-validation in which a household is never on
both sides: the strongest that is within one standard error of the best. With λ without bound the
order is the one there is. Bounds are kept by L-BFGS-B (Byrd and others 1995). The chance is
calibrated on predictions for households that were left out.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit, log_expit
from sklearn.base import BaseEstimator

from redflags.analysis.learning.probability_calibration import Platt, platt
from redflags.analysis.ordering.ranking import recent_surprise
from redflags.analysis.surprise.household_history import STREAMS
from redflags.analysis.surprise.surprise_scores import Measurements
from redflags.configuration.ruleset import Episodes, Ranking

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
PULLS = (3000.0, 1000.0, 300.0, 100.0, 30.0, 10.0)
"""λ tried, strongest first."""
FOLDS = 5
SMALLEST_SPREAD = 0.05


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was found, row by row: features ``x`` (rows, features), need, weight, household, night.

    ``order`` is the score of the order there was on that night; ``is_below_line`` tells who was
    drawn by chance.
    """

    x: pd.DataFrame
    has_need: Flags
    weight: Floats
    household: npt.NDArray[np.str_]
    night: npt.NDArray[np.datetime64]
    order: Floats
    is_below_line: Flags

    def __len__(self) -> int:
        return len(self.has_need)

    def where(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "Outcomes":
        return Outcomes(
            self.x.iloc[np.flatnonzero(chosen) if chosen.dtype == bool else chosen],
            self.has_need[chosen],
            self.weight[chosen],
            self.household[chosen],
            self.night[chosen],
            self.order[chosen],
            self.is_below_line[chosen],
        )


PATTERN = "pattern"


def pattern_name(episodes: Episodes) -> str:
    """Name of the feature of the pattern over time: what is assumed of episodes is part of it."""
    told = episodes.model_dump_json(exclude={"about"})
    return f"{PATTERN} {hashlib.sha256(told.encode()).hexdigest()[:8]}"


def features_of(ranking: Ranking, episodes: Episodes | None = None) -> tuple[str, ...]:
    """Names of the features. They tell how windows are weighted: another weighting is another
    feature, and a model fitted on it does not fit."""
    windows = "+".join(
        f"{weight:g}x{days}d" for days, weight in sorted(ranking.window_weights.items())
    )
    streams = tuple(f"{stream} {windows}" for stream in STREAMS)
    return streams if episodes is None else (*streams, pattern_name(episodes))


def feature_matrix(measurements: Measurements, ranking: Ranking) -> pd.DataFrame:
    """Features of every household, (households, features), in the order of `features_of`."""
    columns = [recent_surprise(measurements, stream, ranking) for stream in STREAMS]
    names = list(features_of(ranking))
    if measurements.pattern is not None:
        columns.append(measurements.pattern.to_numpy(np.float64))
        names.append(str(measurements.pattern.name))
    return pd.DataFrame(np.column_stack(columns), columns=names)


def stream_of(feature: str) -> str:
    return feature.partition(" ")[0]


class RankerModel(BaseEstimator):  # type: ignore[misc]
    """A logistic model with coefficients that are not negative, pulled towards known weights.

    Args:
        prior: weight of each feature in the order there is.
        pulls: strengths of the pull that are tried.
        folds: parts of the cross-validation.
        random_state: seed of the parts.

    After `fit`: ``feature_names_in_`` (tuple), ``coef_`` (features,), ``intercept_``, ``pull_``,
    ``slope_`` and ``offset_`` of the calibration. No row is kept.
    """

    def __init__(
        self,
        prior: tuple[float, ...] = (),
        pulls: tuple[float, ...] = PULLS,
        folds: int = FOLDS,
        random_state: int = 0,
    ) -> None:
        self.prior = prior
        self.pulls = pulls
        self.folds = folds
        self.random_state = random_state

    def fit(self, outcomes: Outcomes) -> "RankerModel":
        """Learn from `outcomes`. Raises ValueError unless some had a need and some had none."""
        if outcomes.has_need.all() or not outcomes.has_need.any():
            raise ValueError("expected outcomes with a need and without, got one kind alone")
        self.feature_names_in_ = tuple(str(name) for name in outcomes.x.columns)
        parts = household_folds(outcomes.household, self.folds, self.random_state)
        left_out = {pull: self._left_out(outcomes, parts, pull) for pull in self.pulls}
        self.pull_ = _strongest_of_the_best(left_out, outcomes)
        calibrated = platt(left_out[self.pull_], outcomes.has_need, outcomes.weight)
        self.slope_, self.offset_ = calibrated.slope, calibrated.intercept
        self.coef_, self.intercept_ = self._solve(outcomes, self.pull_)
        return self

    def score(self, rows: pd.DataFrame) -> Floats:
        """Log-odds of a need before calibration, (rows,). Raises ValueError for other features."""
        if tuple(rows.columns) != self.feature_names_in_:
            raise ValueError(
                f"expected the {len(self.feature_names_in_)} features the model was fitted on, "
                f"but {len(rows.columns)} others came; train again"
            )
        logit = rows.to_numpy(dtype=np.float64) @ self.coef_ + self.intercept_
        return np.asarray(logit, dtype=np.float64)

    def chance(self, rows: pd.DataFrame) -> Floats:
        """Calibrated chance of a need, (rows,): never shown to reviewers, used in comparisons."""
        return Platt(self.slope_, self.offset_).chance(self.score(rows))

    def contributions(self, rows: pd.DataFrame) -> pd.DataFrame:
        """What each feature adds to the log-odds of each row."""
        return rows * self.coef_

    def _left_out(self, outcomes: Outcomes, parts: npt.NDArray[np.int64], pull: float) -> Floats:
        logit = np.zeros(len(outcomes))
        for part in np.unique(parts):
            coef, intercept = self._solve(outcomes.where(parts != part), pull)
            held_out = outcomes.x.to_numpy(dtype=np.float64)[parts == part]
            logit[parts == part] = held_out @ coef + intercept
        return logit

    def _solve(self, outcomes: Outcomes, pull: float) -> tuple[Floats, float]:
        x = outcomes.x.to_numpy(dtype=np.float64)
        count = outcomes.weight * (len(outcomes) / outcomes.weight.sum())
        prior, spread = np.asarray(self.prior), np.maximum(x.std(axis=0), SMALLEST_SPREAD)
        sign = np.where(outcomes.has_need, 1.0, -1.0)

        def objective(at: Floats) -> tuple[float, Floats]:
            intercept, scale, coef = at[0], at[1], at[2:]
            # not by BLAS: its threads wait longer for each other than so small a sum takes
            logit = np.einsum("ij,j->i", x, coef) + intercept
            away = spread**2 * (coef - scale * prior)
            error = -count * sign * expit(-sign * logit)
            loss = -(count * log_expit(sign * logit)).sum()
            loss += pull * (away * (coef - scale * prior)).sum()
            by_coef = np.einsum("ij,i->j", x, error) + 2 * pull * away
            slope = [error.sum(), -2 * pull * (away * prior).sum(), *by_coef]
            return float(loss), np.array(slope)

        start = np.concatenate([[-1.0, 0.3], 0.3 * prior])
        bounds = [(None, None), *[(0.0, None)] * (1 + x.shape[1])]
        found = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds)
        return np.asarray(found.x[2:], dtype=np.float64), float(found.x[0])


def household_folds(
    household: npt.NDArray[np.str_], folds: int, random_state: int
) -> npt.NDArray[np.int64]:
    """The part of each row; rows of one household are in one part."""
    names, number = np.unique(household, return_inverse=True)
    parts = np.random.default_rng(random_state).permutation(len(names)) % folds
    return np.asarray(parts[number], dtype=np.int64)


def _strongest_of_the_best(left_out: dict[float, Floats], outcomes: Outcomes) -> float:
    """The strongest pull that is no worse than the best by more than a standard error."""
    sign = np.where(outcomes.has_need, 1.0, -1.0)
    losses = {
        pull: -outcomes.weight * np.asarray(log_expit(sign * logit))
        for pull, logit in left_out.items()
    }
    best = min(losses.values(), key=lambda loss: float(loss.sum()))

    def is_as_good(loss: Floats) -> bool:
        worse = loss - best
        return bool(worse.sum() <= worse.std() * len(worse) ** 0.5)

    return max(pull for pull, loss in losses.items() if is_as_good(loss))
