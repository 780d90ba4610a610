"""What the episodes' model looks at: marks of each household by age, and how long it was watched.

A mark is a signal, or one of the weak marks of the rule set; each is told apart by whether its
record speaks of force, fear or a partner. So kinds are numbered 2 · mark + told.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from redflags.analysis.schemas import SIGNALS
from redflags.analysis.surprise.household_history import DAYS_A_YEAR, History
from redflags.configuration.ruleset.episode_assumptions import WEAK_MARKS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MARKS = (*SIGNALS, *WEAK_MARKS)
KINDS = 2 * len(MARKS)
WATCHED_AS = {
    "boarding": "window_damage",
    "lost_key": "lock_change",
    "missed_visit": "repair_count",
    "unsignalled": "tell",
}
"""The stream of the history whose tables tell of a weak mark."""

WORN_MARKS = ("lock_change", "door_damage", "window_damage", "internal_damage", "boarding")
NOISY_MARKS = ("noise_disturbance", "asb_report")
OUTSIDE_MARKS = ("lock_change", "door_damage", "window_damage", "boarding")


def kinds_of(marks: tuple[str, ...]) -> Flags:
    """Which kinds are of these marks; (KINDS,)."""
    return np.repeat([mark in marks for mark in MARKS], 2)


WORN, NOISY, OUTSIDE = kinds_of(WORN_MARKS), kinds_of(NOISY_MARKS), kinds_of(OUTSIDE_MARKS)


@dataclass(frozen=True, slots=True)
class Marks:
    """Counts `n` by household (its row), kind and cell of the grid, in this order."""

    household: Ints
    kind: Ints
    cell: Ints
    n: Floats

    def counted(self, of: Flags, households: int, weight: Floats | None = None) -> Floats:
        """How many marks of the kinds `of` each household has, times its weight; (households,)."""
        chosen = of[self.kind]
        n = self.n[chosen]
        if weight is not None:
            n = n * weight[self.household[chosen]]
        return np.bincount(self.household[chosen], n, households).astype(np.float64)

    def only(self, households: Ints) -> "Marks":
        """Those of some households, numbered anew; `households` ascends."""
        first = np.searchsorted(self.household, households)
        last = np.searchsorted(self.household, households, side="right")
        count = last - first
        begin = np.cumsum(count) - count
        rows = np.arange(count.sum()) + np.repeat(first - begin, count)
        place = np.repeat(np.arange(len(households)), count)
        return Marks(place, self.kind[rows], self.cell[rows], self.n[rows])


@dataclass(frozen=True, slots=True)
class Homes:
    """``lived_days`` (households,), infinite where not known; ``watched_days`` (households, marks):
    days that the records cover; ``cohort`` of like homes; ``block``, -1 where there is none;
    ``in_baseline``: False for who must not shape what is usual."""

    lived_days: Floats
    watched_days: Floats
    cohort: Ints
    block: Ints
    in_baseline: Flags

    def __len__(self) -> int:
        return len(self.lived_days)

    def only(self, rows: Ints) -> "Homes":
        return Homes(
            self.lived_days[rows],
            self.watched_days[rows],
            self.cohort[rows],
            self.block[rows],
            self.in_baseline[rows],
        )

    @property
    def years(self) -> Floats:
        """Years each kind was watched at each household; (households, KINDS)."""
        return np.repeat(self.watched_days / DAYS_A_YEAR, 2, axis=1)


def marks_of(counted: pd.DataFrame, cells: int) -> Marks:
    """Arrange long counts: ``household`` (row), ``mark``, ``told``, ``bucket`` (position among the
    ages, newest first) and ``n``. The newest bucket is the last of the grid's `cells`."""
    numbers = {mark: 2 * number for number, mark in enumerate(MARKS)}
    kind = counted["mark"].astype(object).map(numbers).to_numpy(np.int64)
    kind = kind + counted["told"].to_numpy(np.int64)
    household = counted["household"].to_numpy(np.int64)
    cell = cells - 1 - counted["bucket"].to_numpy(np.int64)
    order = np.lexsort((cell, kind, household))
    n = counted["n"].to_numpy(np.float64)
    return Marks(household[order], kind[order], cell[order], n[order])


def homes_of(history: History, households: pd.DataFrame, as_of: pd.Timestamp) -> Homes:
    """The homes of `households`, as `history` has watched them."""
    lived = (as_of - pd.to_datetime(households["since"])).dt.days.to_numpy(np.float64) + 1
    watched = [history.watched_days[WATCHED_AS.get(mark, mark)] for mark in MARKS]
    return Homes(
        lived_days=np.where(np.isnan(lived), np.inf, lived),
        watched_days=np.column_stack(watched),
        cohort=history.cohort,
        block=pd.factorize(households["block_ref"])[0].astype(np.int64),
        in_baseline=history.in_baseline,
    )
