"""A year of weekly nights at a fixed capacity: how soon after its onset an episode is alerted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from redflags.simulation import History

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
WEEKS = 52
WEEK_DAYS = 7
QUIET_DAYS = 90
ALERTS_PER_1000_HOMES = 1.0
FOLLOWED_DAYS = 91
"""Episodes that began in the last quarter are not counted: most had no time to be found."""


@dataclass(frozen=True)
class Night:
    """Scores of the households that may be alerted on a night; `day` is the span's day on whose
    morning the night has seen everything before."""

    day: float
    household: Ints
    score: Floats


@dataclass(frozen=True)
class Year:
    """Who was alerted when: a household and a day for each alert."""

    household: Ints
    day: Floats


def nights_of(history: History) -> Floats:
    """The days of a year of weekly nights; the last one is the end of the span."""
    return history.span.days - WEEK_DAYS * np.arange(WEEKS - 1, -1, -1, dtype=np.float64)


def alerted_year(nights: Sequence[Night], homes: int) -> Year:
    """Take the oddest each week, as many as the capacity, none twice within the quiet period."""
    capacity = max(1, round(homes * ALERTS_PER_1000_HOMES / 1000))
    last: dict[int, float] = {}
    alerts = list(_alerts(nights, capacity, last))
    household, day = zip(*alerts, strict=True) if alerts else ((), ())
    return Year(np.array(household, dtype=np.int64), np.array(day, dtype=np.float64))


def _alerts(
    nights: Sequence[Night], capacity: int, last: dict[int, float]
) -> Iterator[tuple[int, float]]:
    for night in nights:
        left = capacity
        for place in np.argsort(-night.score, kind="stable"):
            household = int(night.household[place])
            if night.day - last.get(household, -np.inf) < QUIET_DAYS:
                continue
            last[household] = night.day
            yield household, night.day
            left -= 1
            if not left:
                break


def days_to_alert(history: History, year: Year) -> Floats:
    """Days from onset to the first alert while active, infinite when never; one value for each
    episode that began in the year and was followed long enough."""
    first, last = nights_of(history)[[0, -1]]
    episodes = history.episodes
    counted = np.flatnonzero((episodes.onset >= first) & (episodes.onset < last - FOLLOWED_DAYS))
    days = np.full(len(counted), np.inf)
    for number, episode in enumerate(counted):
        onset, stop = episodes.onset[episode], episodes.stop[episode]
        mine = year.day[year.household == episodes.household[episode]]
        during = mine[(mine > onset) & (mine <= stop)]
        if len(during):
            days[number] = during.min() - onset
    return days


def told(history: History, year: Year, days: Floats, best: Floats) -> dict[str, float]:
    """What a year of nights came to; `best` are the posterior's days to alert."""
    found, both = np.isfinite(days), np.isfinite(days) & np.isfinite(best)
    per_week = len(year.day) / WEEKS / len(history.estate) * 1000
    repeated = len(year.household) - len(np.unique(year.household))
    return {
        "episodes that began": float(len(days)),
        "share alerted while active": float(found.mean()),
        "median days to alert, of those alerted": float(np.median(days[found])),
        "median days later than the posterior, where both alert": float(
            np.median(days[both] - best[both])
        ),
        "alerts per 1,000 homes a week": per_week,
        "share of alerts that repeat": repeated / max(len(year.household), 1),
    }
