"""When episodes may have come and gone: a grid of days, and the prior of every course on it.

Onsets and ends of one cell are put at its middle, so that no course is favoured; days of judgement
are the edges between cells, where each course is either before, in or after an episode.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc

from redflags.simulation.households import BURN_IN_DAYS
from redflags.simulation.process import EpisodeCourse
from redflags.simulation.span import DAYS_PER_YEAR, Floats, Ints

BEFORE_THE_SPAN = (-BURN_IN_DAYS, -1278, -913, -730, -548, -396, -304, -213, -152, -91, -45)
"""Edges of the cells before the records begin: coarse, as only the prior tells of them."""

WIDENING = 0.2
"""A cell is at most this share of its distance from the end of the span."""


@dataclass(frozen=True)
class CourseGrid:
    """`edges` (cells + 1,) in days from the first of the span; `middles` (cells,).

    `ends` (cells, cells): row j, column i: chance that an episode with onset in cell i ends in
    cell j. `lasts` (cells, cells): row t, column i: chance that it goes on at edge t + 1.
    """

    edges: Floats
    middles: Floats
    ends: Floats
    lasts: Floats

    def __len__(self) -> int:
        return len(self.middles)

    def edge_at(self, day: float) -> int:
        """Number of the edge that stands at `day`."""
        return int(np.flatnonzero(np.isclose(self.edges, day))[0])


def course_grid(
    course: EpisodeCourse, days: int, step_days: float, last_step_days: float
) -> CourseGrid:
    """A grid whose edges are `last_step_days` apart at the end of the span and, counted back from
    there, further and further apart, at most `step_days`."""
    back = [0.0]
    while back[-1] < days:
        back.append(back[-1] + min(max(back[-1] * WIDENING, last_step_days), step_days))
    inside = days - np.array(back[-2::-1])
    edges = np.concatenate([BEFORE_THE_SPAN, [0.0], inside])
    middles = (edges[1:] + edges[:-1]) / 2
    ended = _ended_within(course, edges[:, None] - middles[None, :])
    return CourseGrid(edges, middles, np.diff(ended, axis=0), _lasting(edges, middles, ended))


def _lasting(edges: Floats, middles: Floats, ended: Floats) -> Floats:
    """One minus `ended` at the later edges, nothing where the onset is still to come."""
    return np.where(edges[1:, None] > middles[None, :], 1.0 - ended[1:], 0.0)


def _ended_within(course: EpisodeCourse, days: Floats) -> Floats:
    """Chance that an episode is over after so many days: a gamma of whole days with a least one."""
    scale = course.length_mean_years * DAYS_PER_YEAR / course.length_shape
    over = gammainc(course.length_shape, np.maximum(days + 0.5, 0) / scale)
    return np.where(days >= course.shortest_days, over, 0.0)


@dataclass(frozen=True)
class Onsets:
    """Prior of households that became free of episodes on a day of their own.

    `first` (households, cells): chance that the first episode begins in the cell; `never`
    (households, cells + 1): that none has begun by the edge; `again_per_day` (households,).
    """

    first: Floats
    never: Floats
    again_per_day: Floats


def onsets_of(course: EpisodeCourse, grid: CourseGrid, moved_in: Floats, scale: Floats) -> Onsets:
    """Onsets of households that moved in on the day `moved_in`, with hazards times `scale`."""
    since = np.maximum(grid.edges[None, :] - moved_in[:, None], 0.0) / DAYS_PER_YEAR
    never = np.exp(-course.onsets_per_year * scale[:, None] * since)
    again = course.returns_per_year * scale / DAYS_PER_YEAR
    return Onsets(-np.diff(never, axis=1), never, again)


def cells_of(grid: CourseGrid, day: Floats) -> Ints:
    """Half cell of each day: 2c in the first half of cell c, 2c + 1 in its second half."""
    halves = np.sort(np.concatenate([grid.edges, grid.middles]))
    place = np.searchsorted(halves, day, side="right") - 1
    return np.clip(place, 0, 2 * len(grid) - 1)
