"""How much work thresholds make over replayed nights, from facts alone.

Two counts are told apart. The *load* of a night is the households flagged that no night of the
quiet period before had flagged: it needs no guess of what people decide. What is *raised* takes the
most urgent up to a capacity and leaves the others to the next night, as the queue does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from redflags.analysis.replay.backtest_measures import Episode, Labels
from redflags.analysis.replay.what_if import (
    HOUSEHOLD,
    SCORE,
    SPECIALIST,
    RuleFlags,
    Thresholds,
    flag_rows,
)
from redflags.configuration.ruleset import RuleSet
from redflags.domain.alert import Priority

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Nights:
    """The facts of many nights as one table, each household's nights one after the other.

    `counted_from` is the first night that counts; those before it only tell who is not new. Arrays
    are (rows,): number of the household, day as an ordinal, number of the night.
    """

    facts: pd.DataFrame
    days: tuple[date, ...]
    counted_from: date
    household: Ints
    ordinal: Ints
    night: Ints
    episode: Ints | None = None
    """Number of the labelled episode under way on the row's night, -1 for none; with labels."""
    onset: Ints | None = None
    """First day of each episode as an ordinal, or the first counted night where that is later."""

    @cached_property
    def score(self) -> Floats:
        return self.facts[SCORE].to_numpy(dtype=np.float64)

    @cached_property
    def rarity(self) -> Floats:
        """log₁₀(1 + 10^score): where it is high the score itself, and never below nought."""
        return np.asarray(np.logaddexp(0.0, self.score * np.log(10)) / np.log(10))

    @cached_property
    def specialist(self) -> Flags:
        return self.facts[SPECIALIST].to_numpy(dtype=np.bool_)

    @cached_property
    def counted(self) -> Ints:
        """Numbers of the nights that count."""
        return np.flatnonzero([day >= self.counted_from for day in self.days])


def nights_of(
    facts: Mapping[date, pd.DataFrame], counted_from: date, labels: Labels | None = None
) -> Nights:
    """Put the facts of nights in order; with labels, who had an episode under way on each."""
    days = tuple(sorted(facts))
    table = pd.concat([facts[day].assign(night=n) for n, day in enumerate(days)])
    table = table.sort_values([HOUSEHOLD, "night"], ignore_index=True, kind="stable")
    number = table.pop("night").to_numpy(dtype=np.int64)
    ordinal = np.array([day.toordinal() for day in days], dtype=np.int64)[number]
    code, households = pd.factorize(table[HOUSEHOLD])
    episode = onset = None
    if labels is not None:
        known = labels.within([day for day in days if day >= counted_from])
        begun = [max(e.onset, counted_from).toordinal() for e in known]
        onset = np.array(begun, dtype=np.int64)
        episode = _episodes(known, code, ordinal, households)
    return Nights(
        facts=table,
        days=days,
        counted_from=counted_from,
        household=code.astype(np.int64),
        ordinal=ordinal,
        night=number,
        episode=episode,
        onset=onset,
    )


def _episodes(known: Sequence[Episode], code: Ints, ordinal: Ints, households: pd.Index) -> Ints:
    """The number of the episode under way on each row; rows of a household lie together."""
    numbers = np.full(len(code), -1, dtype=np.int64)
    where = households.get_indexer(pd.Index([e.household for e in known]))
    for number, (e, own) in enumerate(zip(known, where, strict=True)):
        if own < 0:
            continue  # no rule came near it on any night
        rows = slice(*np.searchsorted(code, [own, own + 1]))
        last = date.max if e.end is None else e.end
        during = (ordinal[rows] >= e.onset.toordinal()) & (ordinal[rows] <= last.toordinal())
        numbers[rows][during] = number
    return numbers


@dataclass(frozen=True, slots=True)
class FoundAtCapacity:
    """Labelled episodes alerted while they were under way, of how many, and after how long."""

    found: int
    episodes: int
    median_days: float


def found_at_capacity(nights: Nights, rows: Ints) -> FoundAtCapacity:
    """What the raised `rows` found. Raises ValueError without labels."""
    if nights.episode is None or nights.onset is None:
        raise ValueError("expected nights with labels")
    hits = rows[nights.episode[rows] >= 0]
    numbers, first = np.unique(nights.episode[hits], return_index=True)
    waits = nights.ordinal[hits[first]] - nights.onset[numbers]
    median = float(np.median(waits)) if len(waits) else float("inf")
    return FoundAtCapacity(len(numbers), len(nights.onset), median)


@dataclass(frozen=True, slots=True)
class Workload:
    """New households a night, and how rare and how steady they are.

    `mean_score` is the mean score of those new, `stability` the share of flagged households that
    the next night flags too. `per_night` has one entry for each night that counts.
    """

    per_night: tuple[int, ...]
    mean_score: float
    stability: float

    @property
    def mean(self) -> float:
        return float(np.mean(self.per_night)) if self.per_night else 0.0

    def share_over(self, capacity: int) -> float:
        """Share of the nights with more new households than the capacity."""
        return float(np.mean([count > capacity for count in self.per_night or (0,)]))


def workload_of(
    nights: Nights, rule_flags: RuleFlags, needs_capacity: Flags, quiet_days: int
) -> Workload:
    """Measure what the rules said; `needs_capacity` as `those_that_need_capacity` tells it."""
    new = new_rows(nights, rule_flags.any, quiet_days) & needs_capacity
    counts = np.bincount(nights.night[new], minlength=len(nights.days))[nights.counted]
    new &= nights.night >= len(nights.days) - len(nights.counted)
    scores = nights.score[new]
    return Workload(
        tuple(int(count) for count in counts),
        float(scores.mean()) if len(scores) else 0.0,
        _stability(nights, rule_flags.any),
    )


def new_rows(nights: Nights, flagged: Flags, quiet_days: int) -> Flags:
    """Rows flagged of households that no night within `quiet_days` before had flagged."""
    rows = np.flatnonzero(flagged)
    new = np.zeros(len(flagged), dtype=np.bool_)
    household, day = nights.household[rows], nights.ordinal[rows]
    first = np.ones(len(rows), dtype=np.bool_)
    first[1:] = (household[1:] != household[:-1]) | (day[1:] - day[:-1] >= quiet_days)
    new[rows[first]] = True
    return new


def _stability(nights: Nights, flagged: Flags) -> float:
    """Share of flagged rows whose household the next night flags too; the last night has none."""
    stays = stays_flagged(nights, flagged)
    workload_at = flagged & (nights.night < len(nights.days) - 1)
    return float(stays[workload_at].mean()) if workload_at.any() else 1.0


def stays_flagged(nights: Nights, flagged: Flags) -> Flags:
    """Rows flagged on their night and on the next one."""
    stays = np.zeros(len(flagged), dtype=np.bool_)
    same = (nights.household[1:] == nights.household[:-1]) & (
        nights.night[1:] == nights.night[:-1] + 1
    )
    stays[:-1] = flagged[:-1] & flagged[1:] & same
    return stays


def those_that_need_capacity(nights: Nights, ruleset: RuleSet, rule_flags: RuleFlags) -> Flags:
    """Not the specialist's alone, and not spoken of by a rule that goes beyond capacity."""
    free = nights.specialist.copy()
    for rule_id, flags in rule_flags.by_rule.items():
        if ruleset.rules[rule_id].beyond_capacity:
            free |= flags
    needs: Flags = ~free
    return needs


def gravest_priority(ruleset: RuleSet, rule_flags: RuleFlags) -> Floats:
    """Priority of the gravest rule that spoke, for each row; 0 where none did."""
    gravest = np.zeros(len(rule_flags.any))
    for rule_id, flags in rule_flags.by_rule.items():
        priority = float(Priority[ruleset.rules[rule_id].priority.upper()])
        gravest = np.maximum(gravest, np.where(flags, priority, 0.0))
    return gravest


def raised_rows(
    nights: Nights, ruleset: RuleSet, rule_flags: RuleFlags, capacity: int, quiet_days: int
) -> Ints:
    """Rows that would have been raised: the most urgent of each night up to its capacity."""
    needs = those_that_need_capacity(nights, ruleset, rule_flags)
    up = np.flatnonzero(rule_flags.any)
    grave = gravest_priority(ruleset, rule_flags)[up]
    order = up[np.lexsort((nights.household[up], -nights.score[up], -grave, nights.night[up]))]
    last = np.full(int(nights.household.max(initial=0)) + 1, -(10**6), dtype=np.int64)
    raised: list[Ints] = []
    for rows in np.split(order, np.flatnonzero(np.diff(nights.night[order])) + 1):
        up = rows[nights.ordinal[rows] - last[nights.household[rows]] >= quiet_days]
        chosen = up[~needs[up] | (np.cumsum(needs[up]) <= capacity)]
        last[nights.household[chosen]] = nights.ordinal[chosen]
        raised.append(chosen)
    everyone = np.concatenate(raised)
    counts: Flags = nights.night[everyone] >= len(nights.days) - len(nights.counted)
    return everyone[counts]


def workload_at(
    nights: Nights, ruleset: RuleSet, thresholds: Thresholds, quiet_days: int
) -> Workload:
    """The load that thresholds would have made."""
    rule_flags = flag_rows(nights.facts, thresholds)
    return workload_of(
        nights, rule_flags, those_that_need_capacity(nights, ruleset, rule_flags), quiet_days
    )


def days_before(first: date, quiet_days: int, every_days: int) -> Sequence[date]:
    """Nights before the first, over its quiet period: they tell who is not new on it."""
    count = -(-quiet_days // every_days)
    return [date.fromordinal(first.toordinal() - every_days * n) for n in range(count, 0, -1)]
