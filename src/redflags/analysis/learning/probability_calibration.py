"""From a model's score to a chance, learned on households that the model had not seen."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, log_expit

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
BINS = 5


@dataclass(frozen=True, slots=True)
class Platt:
    """chance = 1 / (1 + exp(−(slope · score + intercept))); the slope is never negative."""

    slope: float
    intercept: float

    def chance(self, score: Floats) -> Floats:
        return np.asarray(expit(self.slope * score + self.intercept), dtype=np.float64)


def platt(score: Floats, has_need: Flags, weight: Floats) -> Platt:
    """Fit by weighted likelihood, with the soft targets of Platt (1999) against overconfidence.

    A score that says nothing gets slope 0, and everybody the same chance.
    """
    needs, others = float(weight[has_need].sum()), float(weight[~has_need].sum())
    target = np.where(has_need, (needs + 1) / (needs + 2), 1 / (others + 2))

    def loss(at: Floats) -> tuple[float, Floats]:
        logit = at[0] * score + at[1]
        error = weight * (expit(logit) - target)
        likelihood = weight * (target * log_expit(logit) + (1 - target) * log_expit(-logit))
        return -float(likelihood.sum()), np.array([(error * score).sum(), error.sum()])

    start = np.array([1.0, 0.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None), (None, None)])
    return Platt(float(found.x[0]), float(found.x[1]))


def calibration_error(chance: Floats, has_need: Flags, weight: Floats) -> float:
    """Mean difference between what was said and what came true, over bins of equal size.

    0 is perfect; bins are weighted by whom they stand for.
    """
    order = np.argsort(chance, kind="stable")
    total = 0.0
    for part in np.array_split(order, BINS):
        stands_for = weight[part].sum()
        if stands_for > 0:
            gap = ((chance[part] - has_need[part]) * weight[part]).sum()
            total += abs(float(gap))
    return total / float(weight.sum())
