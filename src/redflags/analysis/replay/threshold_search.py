"""Thresholds that fill a capacity: which to move, and in what order.

Only `min_count`, `min_surprise` and `min_score` move, one step at a time. Left
alone are rules that go beyond capacity, rules of the first priority, and rules that one record is
enough for: their thresholds are policy, not dose.

*Without labels* nothing is known of the truth, so thresholds are moved so as to give up the least
and take in the most of what is rare and steady. From the live thresholds, a step up is chosen whose
dropped households have the lowest worth, a step down whose added households have the highest; worth
is the mean rarity times the share that is still flagged a night later. Both ways make the trade-off
curve. Proposed is the fullest point that fits: on average no more new households a night than the
capacity, and more than that on at most a quarter of the nights. What room is left is then filled by
steps down that still fit.

*With labels* the queue is simulated at the capacity (most urgent first, the rest wait), and every
single step up or down that fits is tried from the live thresholds and from the proposal without
labels; the one that finds most episodes is taken, of equals the one with the fewest days to the
alert, as long as there is a better one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from redflags.analysis.replay.adjustable_thresholds import candidate_values, is_left_alone
from redflags.analysis.replay.what_if import (
    RuleFlags,
    RuleThresholds,
    combine_flags,
    flag_rows_of_rule,
    floors_of,
    thresholds_of,
)
from redflags.analysis.replay.workload_forecast import (
    Flags,
    FoundAtCapacity,
    Nights,
    Workload,
    found_at_capacity,
    raised_rows,
    stays_flagged,
    those_that_need_capacity,
    workload_of,
)
from redflags.configuration.ruleset import RuleSet

MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class TuningGoal:
    """`capacity` is new households a night; `over` the share of nights that may bring more."""

    capacity: int
    quiet_days: int
    over: float = 0.25

    def fits(self, workload: Workload) -> bool:
        return workload.mean <= self.capacity and workload.share_over(self.capacity) <= self.over


@dataclass(frozen=True, slots=True)
class Step:
    """One threshold moved."""

    rule_id: str
    name: str
    was: float
    becomes: float


@dataclass(frozen=True)
class OperatingPoint:
    """Thresholds and what they come to, worked out when asked; `found` only with labels."""

    search: "ThresholdSearch"
    thresholds: dict[str, RuleThresholds]
    rule_flags: RuleFlags
    step: Step | None

    @cached_property
    def workload(self) -> Workload:
        search = self.search
        needs = those_that_need_capacity(search.nights, search.ruleset, self.rule_flags)
        return workload_of(search.nights, self.rule_flags, needs, search.goal.quiet_days)

    @cached_property
    def found(self) -> FoundAtCapacity | None:
        search, goal = self.search, self.search.goal
        if search.nights.episode is None:
            return None
        rows = raised_rows(
            search.nights, search.ruleset, self.rule_flags, goal.capacity, goal.quiet_days
        )
        return found_at_capacity(search.nights, rows)


@dataclass(frozen=True)
class Proposal:
    """Where tuning began, where it ended, and the curve between lenient and strict."""

    goal: TuningGoal
    live: OperatingPoint
    best: OperatingPoint
    curve: list[OperatingPoint]

    @property
    def changes(self) -> list[Step]:
        """Every threshold that is to be another."""
        return [
            Step(rule_id, name, was, becomes)
            for rule_id, own in self.live.thresholds.items()
            for name, was in own.given().items()
            if (becomes := self.best.thresholds[rule_id].given()[name]) != was
        ]


def propose(nights: Nights, ruleset: RuleSet, goal: TuningGoal) -> Proposal:
    """The thresholds that fill the goal's capacity best; see the module."""
    search = ThresholdSearch(nights, ruleset, goal)
    live = search.point(thresholds_of(ruleset))
    curve = [*reversed(list(search.towards_lenient(live))), live, *search.towards_strict(live)]
    fitting = [point for point in curve if goal.fits(point.workload)]
    best = search.filled(max(fitting, key=lambda point: point.workload.mean, default=curve[-1]))
    if nights.episode is not None:
        ends = (best, search.climbed(live), search.climbed(best))
        best = max(ends, key=lambda point: (*_overflow(point, goal), *_finds(point)))
    return Proposal(goal, live, best, curve)


@dataclass
class ThresholdSearch:
    """Nights on which thresholds are tried; a point is measured once."""

    nights: Nights
    ruleset: RuleSet
    goal: TuningGoal
    _known: dict[tuple[RuleThresholds, ...], OperatingPoint] = field(default_factory=dict)
    _flags: dict[tuple[str, RuleThresholds], Flags] = field(default_factory=dict)

    def point(
        self, thresholds: dict[str, RuleThresholds], step: Step | None = None
    ) -> OperatingPoint:
        key = tuple(thresholds.values())
        if key not in self._known:
            rule_flags = combine_flags(
                {rule: self._flag_rows_of_rule(rule, own) for rule, own in thresholds.items()}
            )
            self._known[key] = OperatingPoint(self, thresholds, rule_flags, step)
        return self._known[key]

    def _flag_rows_of_rule(self, rule_id: str, own: RuleThresholds) -> Flags:
        key = (rule_id, own)
        if key not in self._flags:
            self._flags[key] = flag_rows_of_rule(self.nights.facts, rule_id, own)
        return self._flags[key]

    def towards_strict(self, point: OperatingPoint) -> Iterator[OperatingPoint]:
        """Steps up that give up the least, until half the capacity is left empty."""
        for _ in range(MOST_STEPS):
            steps = list(self._steps(point, up=True))
            if not steps or point.workload.mean <= self.goal.capacity / 2:
                return
            point = min(steps, key=lambda other: self._worth(point, other))
            yield point

    def towards_lenient(self, point: OperatingPoint) -> Iterator[OperatingPoint]:
        """Steps down that take in the most, until there is work for two capacities."""
        for _ in range(MOST_STEPS):
            steps = list(self._steps(point, up=False))
            if not steps or point.workload.mean >= self.goal.capacity * 2:
                return
            point = max(steps, key=lambda other: self._worth(other, point))
            yield point

    def filled(self, point: OperatingPoint) -> OperatingPoint:
        """Steps down for as long as one fits."""
        while fitting := [p for p in self._steps(point, up=False) if self.goal.fits(p.workload)]:
            point = max(fitting, key=lambda other: self._worth(other, point))
        return point

    def climbed(self, point: OperatingPoint) -> OperatingPoint:
        """The best neighbour, again and again, until none is better."""
        for _ in range(MOST_STEPS):
            neighbours = [
                other
                for other in (*self._steps(point, up=True), *self._steps(point, up=False))
                if self.goal.fits(other.workload) or other.workload.mean < point.workload.mean
            ]
            best = max(neighbours, key=_finds, default=point)
            if _finds(best) <= _finds(point):
                return point
            point = best
        return point

    def _worth(self, wide: OperatingPoint, narrow: OperatingPoint) -> float:
        """How rare and steady the households are that only `wide` flags."""
        rows = wide.rule_flags.any & ~narrow.rule_flags.any
        stays = stays_flagged(self.nights, wide.rule_flags.any)[rows]
        return float(self.nights.rarity[rows].mean() * stays.mean())

    def _steps(self, point: OperatingPoint, *, up: bool) -> Iterator[OperatingPoint]:
        """For each threshold, the nearest value that changes who is flagged."""
        floors = floors_of(self.ruleset)
        for rule_id, rule in self.ruleset.rules.items():
            if is_left_alone(rule):
                continue
            for name, value in point.thresholds[rule_id].given().items():
                floor_of = floors[rule_id].given()[name]
                for candidate in candidate_values(name, value, floor_of, up=up, rule=rule):
                    moved = point.thresholds[rule_id].changed(name, candidate)
                    step = Step(rule_id, name, value, candidate)
                    other = self.point({**point.thresholds, rule_id: moved}, step)
                    if not np.array_equal(other.rule_flags.any, point.rule_flags.any):
                        yield other
                        break


def _overflow(point: OperatingPoint, goal: TuningGoal) -> tuple[bool, float]:
    """What fits is better than what does not; of those that do not, less work is."""
    fits = goal.fits(point.workload)
    return fits, 0.0 if fits else -point.workload.mean


def _finds(point: OperatingPoint) -> tuple[float, float]:
    """More episodes found is better, then fewer days."""
    found = point.found
    return (0.0, 0.0) if found is None else (float(found.found), -found.median_days)
