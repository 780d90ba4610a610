"""When episodes come over a household, how long they last, and whether the tenant flees."""

from dataclasses import dataclass, fields

import numpy as np

from redflags.simulation.process import EpisodeCourse
from redflags.simulation.span import DAYS_PER_YEAR, Flags, Floats, Ints

MOST_EPISODES = 3
"""No household is given more episodes than this."""


@dataclass(frozen=True)
class Episodes:
    """One value per episode: active on days from `onset` up to, not including, `stop`.

    `flight` is the day on which the tenant leaves everything behind, infinite when never.
    """

    household: Ints
    kind: Ints
    onset: Floats
    stop: Floats
    severity: Floats
    flight: Floats

    def __len__(self) -> int:
        return len(self.household)

    def only(self, which: Flags | Ints) -> "Episodes":
        return Episodes(*(getattr(self, field.name)[which] for field in fields(self)))


def joined_episodes(parts: list[Episodes]) -> Episodes:
    """All parts, one after the other."""
    return Episodes(
        *(np.concatenate([getattr(part, name.name) for part in parts]) for name in fields(Episodes))
    )


def draw_episodes(
    course: EpisodeCourse, start: Floats, is_sheltered: Flags, rng: np.random.Generator
) -> Episodes:
    """The episodes of households that moved in on the days `start`, were they to stay for ever."""
    scale = np.where(is_sheltered, course.sheltered, 1.0)
    free_from, parts = start, []
    for turn in range(MOST_EPISODES):
        hazard = course.onsets_per_year if turn == 0 else course.returns_per_year
        wait = rng.exponential(1.0, len(start)) * DAYS_PER_YEAR / (hazard * scale)
        episodes = _one_each(course, np.floor(free_from + wait), rng)
        parts.append(episodes)
        free_from = episodes.stop
    return joined_episodes(parts)


def _one_each(course: EpisodeCourse, onset: Floats, rng: np.random.Generator) -> Episodes:
    size = len(onset)
    kind = rng.choice(len(course.shapes), size=size, p=[shape.share for shape in course.shapes])
    mean_days = course.length_mean_years * DAYS_PER_YEAR / course.length_shape
    length = np.floor(rng.gamma(course.length_shape, mean_days, size))
    stop = onset + np.maximum(length, course.shortest_days)
    leaves = np.array([shape.leaves_per_year for shape in course.shapes])[kind]
    # leaving has no memory: those still there on day 0 wait from day 0 anew
    waits = rng.exponential(1.0, size) * DAYS_PER_YEAR / leaves
    flight = np.floor(np.maximum(onset, 0) + waits)
    return Episodes(
        household=np.arange(size),
        kind=kind,
        onset=onset,
        stop=stop,
        severity=rng.gamma(course.severity_shape, 1 / course.severity_shape, size),
        flight=np.where(flight < stop, flight, np.inf),
    )
