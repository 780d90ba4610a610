"""What is usual: how often each kind of mark comes where nothing is under way.

Measured on the landlord's own records, leaving out the share of households that look most as if
something were under way: otherwise what is looked for would pass for usual. A home's usual rate is

    rate(kind) × season(kind, cell) × like homes × block

where the three factors are shrunk means (gamma prior with mean 1, worth so many records): of a
period against all periods, of like homes against all homes, and of the block's other homes against
all homes, for what is broken from outside.

A period in which everybody has many more records than any season brings (a new contractor, a new
way of recording) says nothing of any one home: beyond that each record counts for so much less.
"""

from dataclasses import dataclass, replace

import numpy as np

from redflags.analysis.episodes.age_grid import Grid
from redflags.analysis.episodes.event_counts import (
    KINDS,
    NOISY,
    OUTSIDE,
    WORN,
    Flags,
    Floats,
    Homes,
    Ints,
    Marks,
)
from redflags.analysis.surprise.household_history import DAYS_A_YEAR
from redflags.configuration.ruleset import Episodes

SEASON_AGES_DAYS = (0, 30, 90, 180, 365, 730)
"""Lower edges of the periods that are compared with one another."""

BUSIEST_SEASON = 1.25
"""A winter may bring a quarter more than the year; what is beyond it is no season."""

PRIOR_RATE = 0.02
"""Marks a year of a kind that was never seen; worth half a mark."""

MOST_OF_ONE_HOME = 2.0
"""Marks of one home that say something of its block; more say something of the home."""


@dataclass(frozen=True, slots=True)
class Background:
    """``per_year`` (KINDS, cells), and ``worth`` (KINDS, cells): what a record counts for there,
    less than 1 where everybody has more than usual. ``worn``, ``noisy`` and ``outside``
    (households,) are factors: of like homes for wear and for noise, and of the block for what is
    broken from outside."""

    per_year: Floats
    worth: Floats
    worn: Floats
    noisy: Floats
    outside: Floats

    def only(self, rows: Ints) -> "Background":
        return replace(
            self, worn=self.worn[rows], noisy=self.noisy[rows], outside=self.outside[rows]
        )

    def rate_of(self, marks: Marks) -> Floats:
        """Usual rate a year of each mark, at a home of ordinary wear and noise; (marks,)."""
        rate = self.per_year[marks.kind, marks.cell]
        home = marks.household
        rate = np.where(OUTSIDE[marks.kind], rate * self.outside[home], rate)
        rate = np.where(WORN[marks.kind], rate * self.worn[home], rate)
        return np.where(NOISY[marks.kind], rate * self.noisy[home], rate)

    def expected_worn(self, homes: Homes) -> Floats:
        """Marks of wear to be expected of each home of ordinary wear, while it was watched."""
        rate, years = self.per_year.mean(axis=1), homes.years
        inside = years[:, WORN & ~OUTSIDE] @ rate[WORN & ~OUTSIDE]
        outside = years[:, OUTSIDE] @ rate[OUTSIDE] * self.outside
        return np.asarray((inside + outside) * self.worn)

    def expected_noisy(self, homes: Homes) -> Floats:
        """The same of noise."""
        usual = homes.years[:, NOISY] @ self.per_year.mean(axis=1)[NOISY]
        return np.asarray(usual * self.noisy)


def background(
    marks: Marks, homes: Homes, grid: Grid, settings: Episodes, left_out: Flags
) -> Background:
    """What is usual, without the households `left_out` and those that shape no baseline."""
    weight = (homes.in_baseline & ~left_out).astype(np.float64)
    years = homes.years
    watched = weight @ years
    seen = np.bincount(marks.kind, marks.n * weight[marks.household], KINDS)
    rate = (seen + 0.5) / (watched + 0.5 / PRIOR_RATE)
    expected_worn, expected_noisy = years[:, WORN] @ rate[WORN], years[:, NOISY] @ rate[NOISY]
    prior = settings.cohort_prior.value
    season = _seasons(marks, homes, grid, settings.season_prior.value)
    return Background(
        per_year=rate[:, None] * np.minimum(season, BUSIEST_SEASON),
        worth=BUSIEST_SEASON / np.maximum(season, BUSIEST_SEASON),
        worn=_of_like_homes(marks.counted(WORN, len(homes)), expected_worn, homes, weight, prior),
        noisy=_of_like_homes(
            marks.counted(NOISY, len(homes)), expected_noisy, homes, weight, prior
        ),
        outside=_of_blocks(marks, years[:, OUTSIDE] @ rate[OUTSIDE], homes, weight, settings),
    )


def _of_like_homes(
    counted: Floats, expected: Floats, homes: Homes, weight: Floats, prior: float
) -> Floats:
    """How many more marks like homes have than all homes; (households,)."""
    seen = np.bincount(homes.cohort, counted * weight)
    usual = np.bincount(homes.cohort, expected * weight)
    return np.asarray(((seen + prior) / (usual + prior))[homes.cohort])


def _of_blocks(
    marks: Marks, expected: Floats, homes: Homes, weight: Floats, settings: Episodes
) -> Floats:
    """The same of the other homes of the block, never below 1: quiet neighbours prove nothing."""
    prior = settings.block_prior.value
    counted = np.minimum(marks.counted(OUTSIDE, len(homes)), MOST_OF_ONE_HOME) * weight
    usual = expected * weight
    place = homes.block + 1  # 0 is no block
    others = np.bincount(place, counted)[place] - counted
    expected_of_others = np.bincount(place, usual)[place] - usual
    factor = (others + prior) / (expected_of_others + prior)
    return np.where(homes.block < 0, 1.0, np.maximum(factor, 1.0))


def _seasons(marks: Marks, homes: Homes, grid: Grid, prior: float) -> Floats:
    """How busy each cell's period was against all; (KINDS, cells). Of everybody: leaving out who
    looks odd tonight would make the newest period look quiet."""
    weight = homes.in_baseline.astype(np.float64)
    ages = np.array(SEASON_AGES_DAYS)
    period = np.searchsorted(ages, grid.age_edges[1:], side="right") - 1
    factors = np.ones((KINDS, len(grid)))
    for group in (WORN, NOISY, ~(WORN | NOISY)):
        years = _years_in_cells(homes, grid, group, weight)
        chosen = group[marks.kind]
        n = marks.n[chosen] * weight[marks.household[chosen]]
        seen = np.bincount(period[marks.cell[chosen]], n, len(ages))
        share = np.bincount(period, years, len(ages)) / max(float(years.sum()), 1e-9)
        factors[group] = ((seen + prior) / (seen.sum() * share + prior))[period]
    return factors


def _years_in_cells(homes: Homes, grid: Grid, group: Flags, weight: Floats) -> Floats:
    """Household-years watched in each cell; kinds of a group are watched alike or nearly so."""
    watched = homes.watched_days[:, group[::2]].mean(axis=1)
    newer, older = grid.age_edges[1:], grid.age_edges[:-1]
    order = np.sort(watched[weight > 0])
    total = np.concatenate([[0.0], np.cumsum(order)])

    def days_within(age: Floats) -> Floats:
        below = np.searchsorted(order, age)
        return np.asarray(total[below] + (len(order) - below) * age)

    return (days_within(older) - days_within(newer)) / DAYS_A_YEAR
