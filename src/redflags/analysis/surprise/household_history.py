"""What each household has been through, as arrays: counts and costs by age, and time watched."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from redflags.analysis.schemas import SIGNALS, UNSIGNALLED

Floats = npt.NDArray[np.float64]
COUNT_STREAMS = (*SIGNALS, "repair_count", "tell")
COST = "repair_cost"
STREAMS = (*COUNT_STREAMS, COST)
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class History:
    """Counts and costs of every household, bucketed by age, and how long each was watched.

    ``counts[stream]``, ``tell_counts[signal]`` and ``cost_gbp`` are float arrays (households,
    buckets); ``watched_days[stream]`` is (households,): days at the address that the records
    cover, at most the history. ``counts["tell"]`` is the sum of all tell counts.
    """

    edges_days: tuple[int, ...]
    counts: dict[str, Floats]
    tell_counts: dict[str, Floats]
    cost_gbp: Floats
    watched_days: dict[str, Floats]
    cohort: npt.NDArray[np.int64]
    in_baseline: npt.NDArray[np.bool_]

    def within(self, stream: str, window_days: int) -> Floats:
        """Count of `stream` in the last `window_days`, shape (households,)."""
        return self._recent(self.counts[stream], window_days)

    def tells_within(self, signal: str, window_days: int) -> Floats:
        """Count of the signal's records that carry a tell."""
        return self._recent(self.tell_counts[signal], window_days)

    def cost_within(self, window_days: int) -> Floats:
        return self._recent(self.cost_gbp, window_days)

    def before(self, stream: str, window_days: int) -> Floats:
        """Count of `stream` older than `window_days`."""
        total = np.asarray(self.counts[stream].sum(axis=1), dtype=np.float64)
        return total - self.within(stream, window_days)

    def years_within(self, stream: str, window_days: int) -> Floats:
        return np.minimum(self.watched_days[stream], window_days) / DAYS_A_YEAR

    def years_before(self, stream: str, window_days: int) -> Floats:
        return np.maximum(self.watched_days[stream] - window_days, 0) / DAYS_A_YEAR

    def _recent(self, values: Floats, window_days: int) -> Floats:
        upto = self.edges_days.index(window_days)
        return np.asarray(values[:, :upto].sum(axis=1), dtype=np.float64)


def household_history(
    households: pd.DataFrame,
    cells: pd.DataFrame,
    edges_days: tuple[int, ...],
    first_day: dict[str, date],
    as_of: date,
    in_baseline: npt.NDArray[np.bool_],
) -> History:
    """Arrange long cells as arrays.

    Args:
        households: one row a household: ``since`` (date or missing), ``property_type``,
            ``bedrooms``, ``build_year``.
        cells: ``household`` (row position), ``stream``, ``bucket``, ``n``, ``cost_gbp``.
        edges_days: lower edge of each bucket.
        first_day: first day each input table tells of.
        as_of: last day that counts.
        in_baseline: (households,) False for those who must not shape what is usual.
    """
    shape = (len(households), len(edges_days))
    counts = {stream: np.zeros(shape) for stream in (*SIGNALS, "repair_count")}
    tells = {signal: np.zeros(shape) for signal in (*SIGNALS, UNSIGNALLED)}
    cost = np.zeros(shape)
    for stream, part in cells.groupby("stream", observed=True):
        where = (part["household"].to_numpy(), part["bucket"].to_numpy())
        kind, _, signal = str(stream).partition(":")
        (tells[signal] if signal else counts[kind])[where] = part["n"].to_numpy()
        if kind == "repair_count":
            cost[where] = part["cost_gbp"].to_numpy()
    return History(
        edges_days,
        counts | {"tell": np.sum(list(tells.values()), axis=0)},
        tells,
        cost,
        _watched_days(households, edges_days[-1], first_day, as_of),
        like_homes(households),
        in_baseline,
    )


STREAM_TABLES = {
    **dict.fromkeys((*SIGNALS, "repair_count", COST), ("repairs",)),
    "lock_change": ("repairs", "lock_changes"),
    "tell": ("repairs", "lock_changes", "asb"),
    "noise_disturbance": ("asb",),
    "asb_report": ("asb",),
    "homeless_presentation": ("homelessness",),
    "staff_concern": ("concerns",),
}
"""The tables that tell of a stream: it is watched since the first day of any of them."""


def _watched_days(
    households: pd.DataFrame, history_days: int, first_day: dict[str, date], as_of: date
) -> dict[str, Floats]:
    since = pd.to_datetime(households["since"])
    lived = (pd.Timestamp(as_of) - since).dt.days.to_numpy(dtype=np.float64) + 1
    lived = np.where(np.isnan(lived), history_days, lived)
    earliest = min(first_day.values(), default=as_of)
    covered = {
        stream: (as_of - _first_day(tables, first_day, earliest)).days + 1
        for stream, tables in STREAM_TABLES.items()
    }
    return {
        stream: np.clip(np.minimum(lived, days), 1, history_days).astype(np.float64)
        for stream, days in covered.items()
    }


def _first_day(tables: tuple[str, ...], first_day: dict[str, date], earliest: date) -> date:
    """A table that never came is taken to be silent, not unknown: since records began."""
    return min((first_day[table] for table in tables if table in first_day), default=earliest)


def like_homes(households: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Number of the cohort of each household: type, size and age of the home; shape (n,)."""
    size = pd.to_numeric(households["bedrooms"], errors="coerce").clip(0, 4).fillna(-1)
    age = pd.to_numeric(households["build_year"], errors="coerce")
    era = pd.cut(age, [0, 1918, 1945, 1964, 1980, 2000, 3000], labels=False).fillna(-1)
    _, kind_of = np.unique(
        households["property_type"].fillna("unknown").to_numpy(dtype=str), return_inverse=True
    )
    number = (kind_of * 10 + size.to_numpy(dtype=int) + 1) * 10 + era.to_numpy(dtype=int) + 1
    _, cohort = np.unique(number, return_inverse=True)
    return cohort.astype(np.int64)
