"""How much more likely marks are while an episode is under way: running sums over the cells.

A mark of kind k in a home whose usual rate of it is b comes at the rate b + a while an episode of a
look with rate a is under way; so each mark is worth log(1 + a / b), and each year watched costs the
a marks that were to be expected.

The usual rate of what is worn depends on how hard the household is on its home, and that of noise
on how loud it is: qualities nobody records, gamma over households. They are summed over points and
weights of Gauss's rule, as many as make the sum exact, up to a limit (`gamma_quadrature`).
"""

from dataclasses import dataclass, replace

import numpy as np

from redflags.analysis.episodes.age_grid import Grid
from redflags.analysis.episodes.baseline_rates import Background
from redflags.analysis.episodes.event_counts import NOISY, WORN, Flags, Floats, Homes, Ints, Marks
from redflags.analysis.episodes.gamma_quadrature import exact_points, gamma_points
from redflags.analysis.episodes.profiles import Profiles
from redflags.analysis.surprise.household_history import DAYS_A_YEAR

MOST_GAINED = 150.0
"""All marks together are worth at most e to this: nothing is surer, and nothing overflows."""

SMALLEST_WEIGHT = 1e-4
"""A point believed less than this beside the best, with an episode and without, is left out."""


@dataclass(frozen=True, slots=True)
class Points:
    """One quality of some households; arrays (households, points): its value, the log of its weight
    times the background's likelihood, and whether it is worth trying."""

    value: Floats
    log_weight: Floats
    is_tried: Flags

    @property
    def row(self) -> Ints:
        """Number of each point that is tried, in order; -1 elsewhere."""
        numbers = np.full(self.is_tried.shape, -1)
        numbers[self.is_tried] = np.arange(self.is_tried.sum())
        return numbers


def points_of(shape: float, marks: Floats, expected: Floats, most: int) -> Points:
    """Points for households with so many `marks` of the quality, where `expected` were usual."""
    count = np.minimum(exact_points(marks.astype(np.int64)), most)
    value = np.ones((len(count), int(count.max(initial=1))))
    log_prior = np.full(value.shape, -np.inf)
    for points in np.unique(count):
        rows = np.ix_(count == points, np.arange(points))
        x, weight = gamma_points(shape, int(points))
        value[rows] = x / (shape + expected[count == points])[:, None]
        log_prior[rows] = np.log(weight)
    believed = log_prior + marks[:, None] * np.log(value)
    largest = np.maximum(_beside_best(log_prior), _beside_best(believed))
    return Points(value, believed, largest > np.log(SMALLEST_WEIGHT))


def _beside_best(logs: Floats) -> Floats:
    return np.asarray(logs - logs.max(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Rows:
    """One row a household and pair of its qualities, in order of household.

    ``household`` (rows,), ``log_weight`` (rows,) of the pair, and the logarithm of how much
    likelier an episode from the first day on makes the marks: ``up_to_middles``
    (rows, profiles, cells) and ``up_to_tonight`` (rows, profiles).
    """

    household: Ints
    log_weight: Floats
    up_to_middles: Floats
    up_to_tonight: Floats


@dataclass(frozen=True, slots=True)
class Shapes:
    """Shapes of the gammas of wear and noise, and how many points each is summed over at most."""

    wear: float
    noise: float
    most_points: int


def rows_of(
    marks: Marks, homes: Homes, usual: Background, grid: Grid, profiles: Profiles, shapes: Shapes
) -> Rows:
    """The rows of all of `homes`, whose marks and usual rates the others are."""
    size = len(homes)
    marks = replace(marks, n=marks.n * usual.worth[marks.kind, marks.cell])
    worn = points_of(
        shapes.wear, marks.counted(WORN, size), usual.expected_worn(homes), shapes.most_points
    )
    noisy = points_of(
        shapes.noise, marks.counted(NOISY, size), usual.expected_noisy(homes), shapes.most_points
    )
    alone = Points(np.ones((size, 1)), np.zeros((size, 1)), np.ones((size, 1), dtype=np.bool_))
    who, i, j = np.nonzero(worn.is_tried[:, :, None] & noisy.is_tried[:, None, :])
    rate = usual.rate_of(marks)
    gained = (
        _gained(marks, rate, ~(WORN | NOISY), alone, grid, profiles)[who]
        + _gained(marks, rate, WORN, worn, grid, profiles)[worn.row[who, i]]
        + _gained(marks, rate, NOISY, noisy, grid, profiles)[noisy.row[who, j]]
    )
    total = np.cumsum(_at_most(MOST_GAINED, gained), axis=2)
    before = np.concatenate([np.zeros_like(total[..., :1]), total[..., :-1]], axis=2)
    up_to_middles = before - _expected(homes, grid.age_middles, profiles)[who]
    up_to_tonight = total[..., -1] - _expected(homes, np.zeros(1), profiles)[who, :, 0]
    log_weight = worn.log_weight[who, i] + noisy.log_weight[who, j]
    return Rows(who, log_weight, up_to_middles, up_to_tonight)


def _at_most(most: float, gained: Floats) -> Floats:
    """`gained` (rows, profiles, cells): of each row and profile no more than `most` together."""
    total = gained.sum(axis=2, keepdims=True)
    return np.asarray(gained * (most / np.maximum(total, most)))


def _gained(
    marks: Marks, rate: Floats, of: Flags, points: Points, grid: Grid, profiles: Profiles
) -> Floats:
    """What the marks of the kinds `of` are worth at each point tried; (points, profiles, cells)."""
    size = int(points.is_tried.sum())
    gained = np.zeros((size * len(grid), len(profiles)))
    chosen = np.flatnonzero(of[marks.kind])
    if len(chosen):
        row = points.row[marks.household[chosen]]
        which, point = np.nonzero(row >= 0)
        mark = chosen[which]
        usual = rate[mark] * points.value[marks.household[mark], point]
        worth = np.log1p(profiles.per_year[:, marks.kind[mark]] / usual) * marks.n[mark]
        place = row[which, point] * len(grid) + marks.cell[mark]
        order = np.argsort(place, kind="stable")
        place = place[order]
        first = np.flatnonzero(np.append(True, place[1:] != place[:-1]))
        gained[place[first]] = np.add.reduceat(worth.T[order], first, axis=0)
    return np.swapaxes(gained.reshape(size, len(grid), len(profiles)), 1, 2)


def _expected(homes: Homes, ages: Floats, profiles: Profiles) -> Floats:
    """Marks that an episode from the first day on would have left up to each of `ages`;
    (households, profiles, ages)."""
    years = np.maximum(homes.watched_days[:, None, :] - ages[:, None], 0.0) / DAYS_A_YEAR
    per_mark = profiles.per_year.reshape(len(profiles), -1, 2).sum(axis=2)
    return np.swapaxes(years @ per_mark.T, 1, 2)
