"""Sums over every course of episodes that a household may have had: a forward pass over days.

With G(t) the log of the ratio that an episode active from the first day to t would give the
records, an episode from i to j is worth exp(G(j) − G(i)). So the worth of all episodes that end in
cell j is one matrix product with the chances of lengths, for each kind and severity.
"""

from dataclasses import dataclass

import numpy as np

from redflags.analysis.episodes.gamma_quadrature import gamma_points
from redflags.simulation.episodes import MOST_EPISODES
from redflags.simulation.process import Latents
from redflags.simulation.span import Floats, Ints
from yardstick.posterior_course import CourseGrid, Onsets, cells_of
from yardstick.posterior_likelihood import Likelihood

FARTHEST = 340.0
"""Logarithms of ratios are cut off here: beyond it nothing is any surer."""

MOST_GAINED = 200.0
"""All records of a household together are worth at most e to this; where they would be worth more,
each is worth less in proportion, or the sums over three episodes overflow."""


@dataclass(frozen=True)
class Course:
    """What is summed over: the grid with its prior, severities and their weight (kinds, points)."""

    grid: CourseGrid
    onsets: Onsets
    severity: Floats
    weight: Floats
    latents: Latents
    nights: int


def active_chances(
    course: Course, likelihood: Likelihood, rows: Ints, points: tuple[int, int]
) -> Floats:
    """Posterior chance of an active episode; (households, nights). `rows` are the places of the
    households of `likelihood` among the course's onsets; `points` are of wear and noise."""
    wear, noise, log_weight = _qualities(course.latents, likelihood, points)
    background = _background(likelihood, wear, noise)
    at_middles, at_edges = _log_ratios(course, likelihood, background)
    active, past = _sums(course, rows, at_middles, at_edges)
    never = course.onsets.never[rows, None, -course.nights :]
    believed = _belief(course, likelihood, background, wear, noise) + log_weight[:, :, None]
    belief = np.exp(believed - believed.max(axis=1, keepdims=True))
    everything = (belief * (never + active + past)).sum(axis=1)
    return np.asarray((belief * active).sum(axis=1) / everything)


def _qualities(
    latents: Latents, likelihood: Likelihood, points: tuple[int, int]
) -> tuple[Floats, Floats, Floats]:
    """Every pair of wear and noise tried for each household, with the log of its prior weight times
    exp(−exposure): three arrays (households, pairs)."""
    until = np.array([float(likelihood.span.days)])
    busy = likelihood.busy_years(until)[:, 0]
    wear_x, wear_weight = gamma_points(latents.wear_shape, points[0])
    noise_x, noise_weight = gamma_points(latents.noise_shape, points[1])
    wear = wear_x / (latents.wear_shape + likelihood.wear_per_busy_year * busy)[:, None]
    noise = noise_x / (latents.noise_shape + likelihood.noise_per_busy_year * busy)[:, None]
    pairs = np.log(np.outer(wear_weight, noise_weight)).ravel()
    return (
        np.repeat(wear, points[1], axis=1),
        np.tile(noise, (1, points[0])),
        np.broadcast_to(pairs, (len(wear), len(pairs))),
    )


def _background(likelihood: Likelihood, wear: Floats, noise: Floats) -> Floats:
    """Rate of each record outside episodes, at each pair of qualities; (records, pairs)."""
    who = likelihood.household
    worn = likelihood.wear[:, None] * wear[who]
    return np.asarray(likelihood.chance[:, None] + worn + likelihood.noise[:, None] * noise[who])


def _log_ratios(
    course: Course, likelihood: Likelihood, background: Floats
) -> tuple[Floats, Floats]:
    """G at the middles of all cells and at the last edges; (households, pairs, kinds × severities,
    times)."""
    suffered = likelihood.suffered[:, None, :, None] * course.severity
    marked = (suffered + likelihood.leaving[:, None, :, None]) / background[:, :, None, None]
    gained = np.log1p(marked).reshape(*background.shape, course.weight.size)
    total = _added_up(gained, likelihood, course.grid)
    total = total * (MOST_GAINED / np.maximum(total[..., -1:], MOST_GAINED))
    per_year = likelihood.suffered_per_year[:, None] * course.severity
    drain = (per_year + likelihood.leaves_per_year[:, None]).reshape(-1, 1)
    edges = course.grid.edges[-course.nights :]
    return (
        _drained(total[..., 0::2], drain, likelihood.years_watched(course.grid.middles)),
        _drained(total[..., 1::2][..., -course.nights :], drain, likelihood.years_watched(edges)),
    )


def _drained(gained: Floats, drain: Floats, years: Floats) -> Floats:
    """Less what an episode would have been expected to show by then."""
    return np.clip(gained - drain * years[:, None, None, :], -FARTHEST, FARTHEST)


def _added_up(values: Floats, likelihood: Likelihood, grid: CourseGrid) -> Floats:
    """Running sums of the records' values (records, ...); (households, ..., half cells)."""
    halves = 2 * len(grid)
    total = np.zeros((len(likelihood.watched_from) * halves, *values.shape[1:]))
    if len(values):
        place = likelihood.household * halves + cells_of(grid, likelihood.day)
        first = np.flatnonzero(np.append(True, place[1:] != place[:-1]))
        total[place[first]] = np.add.reduceat(values, first, axis=0)
    shaped = np.moveaxis(total.reshape(-1, halves, *values.shape[1:]), 1, -1)
    return np.cumsum(shaped, axis=-1)


def _sums(
    course: Course, rows: Ints, at_middles: Floats, at_edges: Floats
) -> tuple[Floats, Floats]:
    """Worth of being in an episode, and of being past one, on each night; (households, pairs,
    nights)."""
    grid, weight = course.grid, course.weight.reshape(-1, 1)
    again = course.onsets.again_per_day[rows, None, None]
    begun = np.exp(-at_middles)
    over = weight / begun
    onset = course.onsets.first[rows, None, :]
    onsets, past = onset, np.zeros(1)
    for turn in range(MOST_EPISODES):
        ended = (_through(grid.ends, onset, begun) * over).sum(axis=2)
        is_last = turn == MOST_EPISODES - 1
        free, onset = _free_again(grid, ended, 0.0 * again if is_last else again)
        onsets = onsets + onset
        past = past + free[..., -course.nights :]
    lasting = _through(grid.lasts[-course.nights :], onsets, begun)
    return (lasting * np.exp(at_edges) * weight).sum(axis=2), past


def _through(chances: Floats, onset: Floats, begun: Floats) -> Floats:
    """Sum over the cells of onset; (households, pairs, kinds × severities, times)."""
    worth = onset[:, :, None, :] * begun
    flat = worth.reshape(-1, worth.shape[-1]) @ chances.T
    return flat.reshape(*worth.shape[:-1], len(chances))


def _free_again(grid: CourseGrid, ended: Floats, hazard: Floats) -> tuple[Floats, Floats]:
    """From what ended in each cell: who is free at each later edge, and whose next episode begins
    in each cell."""
    edges, middles = grid.edges - grid.edges[0], grid.middles - grid.edges[0]
    free = np.cumsum(ended * np.exp(hazard * middles), axis=-1) * np.exp(-hazard * edges[1:])
    before = np.concatenate([np.zeros_like(free[..., :1]), free[..., :-1]], axis=-1)
    return free, before + ended - free


def _belief(
    course: Course, likelihood: Likelihood, background: Floats, wear: Floats, noise: Floats
) -> Floats:
    """Log of how likely each pair of qualities makes the records up to each night, apart from the
    exposures up to the last night; (households, pairs, nights)."""
    nights = course.grid.edges[-course.nights :]
    told = _added_up(np.log(background), likelihood, course.grid)[..., 1::2]
    busy = likelihood.busy_years(np.append(nights, likelihood.span.days))
    to_come = (busy[:, -1:] - busy[:, :-1])[:, None, :]
    per_year = (
        likelihood.wear_per_busy_year[:, None] * wear
        + likelihood.noise_per_busy_year[:, None] * noise
    )
    return np.asarray(told[..., -course.nights :] + to_come * per_year[:, :, None])
