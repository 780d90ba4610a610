"""When an episode may have begun and ended: cells of age, and the prior of every course on them.

Onsets are put at the middle of their cell, and so are ends: of a cell's records, all fall into an
episode that begins in it, and none are taken for those of one that ends in it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc

from redflags.analysis.episodes.event_counts import Floats
from redflags.analysis.surprise.household_history import DAYS_A_YEAR
from redflags.configuration.ruleset import Episodes

BEFORE_DAYS = (1825, 1095, 548)
"""Edges of the cells before the records begin, in days before; only the prior tells of them."""

SHORTEST_DAYS = 30
"""No episode is shorter: what is over in a month left one record, or none."""


@dataclass(frozen=True, slots=True)
class Grid:
    """``age_edges`` (cells + 1,) in days before tonight, descending to 0; ``age_middles`` (cells,).

    ``ends`` (cells, cells): row j, column i: chance that an episode with onset in cell i ends in
    cell j; ``lasts`` (cells,): that it goes on tonight. The first `before` cells have no records.
    """

    age_edges: Floats
    age_middles: Floats
    ends: Floats
    lasts: Floats
    before: int

    def __len__(self) -> int:
        return len(self.age_middles)


def grid_of(settings: Episodes, history_days: int) -> Grid:
    """The grid of a rule set, for records of `history_days`."""
    before = [history_days + days for days in BEFORE_DAYS]
    edges = np.array([*before, history_days, *settings.ages_days[::-1]], dtype=np.float64)
    middles = (edges[1:] + edges[:-1]) / 2
    ended = _ended_within(settings, middles[None, :] - edges[:, None])
    lasts = np.where(middles > 0, 1.0 - ended[-1], 0.0)
    return Grid(edges, middles, np.diff(ended, axis=0), lasts, len(before))


def _ended_within(settings: Episodes, days: Floats) -> Floats:
    """Chance that an episode is over after so many days: gamma, and not before the shortest."""
    shape = settings.length_shape.value
    scale = settings.length_years.value * DAYS_A_YEAR / shape
    over = gammainc(shape, np.maximum(days + 0.5, 0.0) / scale)
    return np.where(days >= SHORTEST_DAYS, over, 0.0)


def first_onsets(settings: Episodes, grid: Grid, lived_days: Floats) -> tuple[Floats, Floats]:
    """Chance that the first episode at this address begins in each cell (households, cells), and
    that none has begun by tonight (households,)."""
    lived = np.maximum(lived_days[:, None] - grid.age_edges, 0.0)
    lived = np.minimum(lived, grid.age_edges[0] - grid.age_edges)
    never = np.exp(-settings.onsets_per_year.value * lived / DAYS_A_YEAR)
    return -np.diff(never, axis=1), never[:, -1]
