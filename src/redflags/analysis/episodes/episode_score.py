"""The weight of evidence of every household: how much its records raise the odds of an episode.

    score = log₁₀ (odds that an episode is under way tonight / odds before looking at any record)

The usual rates are measured twice: first on all homes, for a rough look at who is left out of them,
then without those. Scores say order and strength, no chance: how many episodes there are, and what
they look like, is assumed.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from redflags.analysis.episodes.age_grid import Grid, grid_of
from redflags.analysis.episodes.baseline_rates import Background, background
from redflags.analysis.episodes.event_counts import Flags, Floats, Homes, Ints, Marks
from redflags.analysis.episodes.forward_pass import log_odds
from redflags.analysis.episodes.likelihood import Shapes, rows_of
from redflags.analysis.episodes.profiles import profiles_of
from redflags.configuration.ruleset import Episodes

LOOKED_AT_CLOSELY = 0.2
"""Share of the homes whose score is worked out finely; nobody looks so far down the list."""

HOUSEHOLDS_AT_ONCE = 400
"""What fits the processor's cache is quickest."""

MOST_THREADS = 4
"""NumPy works beside itself; more threads than this wait for memory."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Points of severity, of wear and noise at most, and episodes of one household told apart;
    and whether the mean of the pictures stands for all of them."""

    severities: int
    most_points: int
    episodes: int
    is_mean: bool = False


ROUGH = Resolution(severities=4, most_points=4, episodes=3, is_mean=True)
FINE = Resolution(severities=6, most_points=8, episodes=3)


def episode_score(marks: Marks, homes: Homes, settings: Episodes, history_days: int) -> Floats:
    """Weight of evidence in powers of ten; (households,)."""
    grid = grid_of(settings, history_days)
    nobody = np.zeros(len(homes), dtype=np.bool_)
    usual = background(marks, homes, grid, settings, nobody)
    rough = _log_odds(marks, homes, usual, grid, settings, ROUGH)
    left_out = _most_likely(rough, settings.left_out_share.value, homes.in_baseline)
    usual = background(marks, homes, grid, settings, left_out)
    found = rough.copy()
    closer = np.flatnonzero(_most_likely(rough, LOOKED_AT_CLOSELY, homes.in_baseline))
    found[closer] = _log_odds(
        marks.only(closer), homes.only(closer), usual.only(closer), grid, settings, FINE
    )
    share = settings.onsets_per_year.value * settings.length_years.value
    return np.asarray((found - np.log(share / max(1.0 - share, share))) / np.log(10))


def _most_likely(log_odds_of: Floats, share: float, among: Flags) -> Flags:
    """Who is above the share of `among` with the highest odds: who shapes no baseline, as the
    canary, moves no line either."""
    known = np.sort(log_odds_of[among])
    highest = int(share * len(known))
    if highest == 0:
        return np.zeros(len(log_odds_of), dtype=np.bool_)
    return np.asarray(log_odds_of > known[-highest - 1])


def _log_odds(
    marks: Marks,
    homes: Homes,
    usual: Background,
    grid: Grid,
    settings: Episodes,
    resolution: Resolution,
) -> Floats:
    """Of every household; those without a mark that lived there equally long are equal."""
    profiles = profiles_of(settings, resolution.severities, resolution.is_mean)
    shapes = Shapes(settings.wear_shape.value, settings.noise_shape.value, resolution.most_points)

    def of(chosen: Ints) -> Floats:
        some = homes.only(chosen)
        rows = rows_of(marks.only(chosen), some, usual.only(chosen), grid, profiles, shapes)
        return log_odds(rows, some, grid, profiles, settings, resolution.episodes)

    marked = np.unique(marks.household)
    found = np.empty(len(homes))
    parts = [
        marked[begin : begin + HOUSEHOLDS_AT_ONCE]
        for begin in range(0, len(marked), HOUSEHOLDS_AT_ONCE)
    ]
    # each of the threads asking for threads of its own would wait for the others: half the time
    alone = threadpool_limits(1, user_api="blas")
    with alone, ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as threads:
        for part, values in zip(parts, threads.map(of, parts), strict=True):
            found[part] = values
    silent = np.setdiff1d(np.arange(len(homes)), marked)
    like, place = _alike(homes, grid, silent)
    found[silent] = of(like)[place]
    return found


def _alike(homes: Homes, grid: Grid, silent: Ints) -> tuple[Ints, Ints]:
    """One of each kind of silent household, in order, and which of them each one is like."""
    lived = np.minimum(homes.lived_days[silent], grid.age_edges[0])
    known = np.column_stack([lived, homes.watched_days[silent]])
    _, first, place = np.unique(known, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(silent[first])
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    return silent[first][order], number[place.ravel()]
