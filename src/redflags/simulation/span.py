"""The simulated period, counted in days from its first day, and its busy and quiet months."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

DAYS_PER_YEAR = 365.25

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Span:
    """Days 0 (`since`) to `days` (exclusive); day `days` - 1 is `until`.

    `month_starts` (k + 1 days, the last one `days`) and `month_factors` (k, mean 1 over the span)
    give the season: how busy each month is.
    """

    since: date
    until: date
    month_starts: Floats
    month_factors: Floats

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    def busy_time(self, day: Floats | Ints) -> Floats:
        """Years of average business from day 0 to `day`; days outside the span are clipped."""
        months = np.diff(self.month_starts) * self.month_factors / DAYS_PER_YEAR
        passed = np.concatenate([[0.0], np.cumsum(months)])
        return np.asarray(np.interp(day, self.month_starts, passed), dtype=np.float64)

    def day_of(self, busy_time: Floats) -> Floats:
        """The day at which that much `busy_time` has passed: the inverse of `busy_time`."""
        passed = self.busy_time(self.month_starts)
        return np.asarray(np.interp(busy_time, passed, self.month_starts), dtype=np.float64)


def span_of(years: float, until: date, swing: float, rng: np.random.Generator) -> Span:
    """The `years` that end with the day `until`; months deviate by at most `swing` from 1."""
    days = max(1, round(years * DAYS_PER_YEAR))
    since = until - timedelta(days=days - 1)
    starts = _month_starts(since, until)
    winter = np.cos(2 * np.pi * (np.array([start.month for start in starts]) - 1) / 12)
    factors = 1 + swing * (0.55 * winter + 0.45 * rng.uniform(-1, 1, len(starts)))
    edges = np.array([*((start - since).days for start in starts), days], dtype=np.float64)
    return Span(since, until, edges, factors * days / (factors @ np.diff(edges)))


def _month_starts(since: date, until: date) -> list[date]:
    starts = [since]
    while (following := (starts[-1].replace(day=1) + timedelta(days=32)).replace(day=1)) <= until:
        starts.append(following)
    return starts
