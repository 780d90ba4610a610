"""Points and weights that stand for a gamma distribution.

Wear and noise multiply rates, so a household's likelihood is a polynomial in each of them times
the tail of its gamma: Gauss's rule with half as many points as there are records is exact.
Severity multiplies exposures that differ from one possible episode to the next, so it is summed
over points at equal steps of its square root, where such a sum converges faster than any power.
"""

from functools import cache

import numpy as np
from scipy.special import roots_genlaguerre

from redflags.analysis.episodes.event_counts import Floats, Ints

LARGEST_ROOT = 2.7
"""Severities beyond the square of this have no weight that could be noticed."""


def exact_points(records: Ints) -> Ints:
    """How many points of Gauss's rule are exact for so many records.

    One where no record depends on the quality: it then changes nothing.
    """
    return 1 + records // 2


@cache
def gamma_points(shape: float, points: int) -> tuple[Floats, Floats]:
    """Points x and weights (sum 1): Σ weight · f(x) is the mean of f under Gamma(shape, scale 1),
    exactly for polynomials of degree 2 · points − 1."""
    x, weight = roots_genlaguerre(points, shape - 1)
    return np.asarray(x), np.asarray(weight / weight.sum())


@cache
def severity_points(shape: float, points: int) -> tuple[Floats, Floats]:
    """Points and weights (sum 1) of Gamma(shape) with mean 1."""
    root = LARGEST_ROOT / points * np.arange(1, points + 1)
    weight = root ** (2 * shape - 1) * np.exp(-shape * root**2)
    return np.asarray(root**2), np.asarray(weight / weight.sum())
