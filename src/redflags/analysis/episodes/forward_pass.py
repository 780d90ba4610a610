"""Sums over every course of episodes that a household may have had: a forward pass over cells.

With G(t) the logarithm of how much likelier an episode from the first day to t makes the marks, an
episode from i to j is worth exp(G(j) − G(i)). So the worth of all episodes that end in cell j is
one matrix product with the chances of lengths, for each profile.
"""

from dataclasses import dataclass

import numpy as np

from redflags.analysis.episodes.age_grid import Grid, first_onsets
from redflags.analysis.episodes.event_counts import Floats, Homes
from redflags.analysis.episodes.likelihood import Rows
from redflags.analysis.episodes.profiles import Profiles
from redflags.analysis.surprise.household_history import DAYS_A_YEAR
from redflags.configuration.ruleset import Episodes

FARTHEST = 340.0
"""Logarithms of ratios are cut off here: beyond it nothing is any surer."""

SMALLEST_ODDS = 1e-30


@dataclass(frozen=True, slots=True)
class CourseWeights:
    """Of one row each: being in an episode tonight, and having had one that is over; (rows,)."""

    active: Floats
    past: Floats


def log_odds(
    rows: Rows, homes: Homes, grid: Grid, profiles: Profiles, settings: Episodes, episodes: int
) -> Floats:
    """Log of the odds that an episode is under way tonight; (households,). At most `episodes` of
    one household are told apart."""
    first, never = first_onsets(settings, grid, homes.lived_days)
    worth = _summed(rows, first[rows.household], grid, profiles, settings, episodes)
    largest = np.full(len(homes), -np.inf)
    np.maximum.at(largest, rows.household, rows.log_weight)
    belief = np.exp(rows.log_weight - largest[rows.household])
    none = never[rows.household] + worth.past
    active = np.bincount(rows.household, belief * worth.active, len(homes))
    otherwise = np.bincount(rows.household, belief * none, len(homes))
    return np.log(np.maximum(active, SMALLEST_ODDS)) - np.log(np.maximum(otherwise, SMALLEST_ODDS))


def _summed(
    rows: Rows, first: Floats, grid: Grid, profiles: Profiles, settings: Episodes, episodes: int
) -> CourseWeights:
    weight = profiles.weight[:, None]
    begun = np.exp(-np.clip(rows.up_to_middles, -FARTHEST, FARTHEST))
    over = weight / begun
    onset, onsets, past = first, first, np.zeros(len(first))
    for number in range(episodes):
        is_last = number == episodes - 1
        hazard = 0.0 if is_last else settings.returns_per_year.value / DAYS_A_YEAR
        worth = onset[:, None, :] * begun
        ended = ((worth.reshape(-1, len(grid)) @ grid.ends.T).reshape(worth.shape) * over).sum(1)
        free, onset = _free_again(grid, ended, hazard)
        onsets = onsets + onset
        past = past + free
    lasting = (onsets[:, None, :] * begun) @ grid.lasts
    tonight = np.exp(np.clip(rows.up_to_tonight, -FARTHEST, FARTHEST))
    return CourseWeights((lasting * tonight) @ profiles.weight, past)


def _free_again(grid: Grid, ended: Floats, hazard: float) -> tuple[Floats, Floats]:
    """From what ended in each cell (rows, cells): who is free tonight (rows,), and whose next
    episode begins in each cell."""
    edges = grid.age_edges[0] - grid.age_edges
    middles = grid.age_edges[0] - grid.age_middles
    free = np.cumsum(ended * np.exp(hazard * middles), axis=1) * np.exp(-hazard * edges[1:])
    before = np.concatenate([np.zeros_like(free[:, :1]), free[:, :-1]], axis=1)
    return free[:, -1], before + ended - free
