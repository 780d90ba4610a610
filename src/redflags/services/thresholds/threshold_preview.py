"""Other thresholds tried on the nights that are kept, for a page that shows sums only.

Nights are taken a week apart: a household is new in a week when the nights kept of the quiet period
before it do not have it. What is counted here is held back on the page where it is small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import floor, isfinite
from threading import Lock

import numpy as np

from redflags.analysis.replay.night_facts import KeptNights
from redflags.analysis.replay.threshold_search import (
    RUNG,
    Bench,
    Goal,
    Point,
    highest_of,
    is_left_alone,
)
from redflags.analysis.replay.what_if import RuleThresholds, shape_of, thresholds_of
from redflags.analysis.replay.workload_forecast import nights_of
from redflags.configuration.ruleset import RuleSet
from redflags.services.ports import FactFolder

COUNTED_WEEKS = 4
RUNGS_EACH_WAY = 4
MOST_ANSWERS = 200
WEEK = timedelta(days=7)
Wishes = Mapping[tuple[str, str], float]
"""Threshold values by rule and name; what is not there is as it is live."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Households flagged on the latest night; new ones in the counted weeks, None when unknown."""

    flagged: int
    new: int | None
    weeks: int


@dataclass(frozen=True, slots=True)
class Rung:
    """One value a threshold could have, and what comes of it when it alone is changed."""

    value: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class Slider:
    """One threshold that can be tried, from `low` (the floor of what is kept) to `high`."""

    rule_id: str
    name: str
    unit: str
    live: float
    value: float
    low: float
    high: float
    step: float
    rungs: tuple[Rung, ...]

    @property
    def is_moved(self) -> bool:
        return self.value != self.live


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """Households one rule flags on the latest night, live and tried, and those it alone flags."""

    rule_id: str
    live: int
    tried: int
    alone: int


@dataclass(frozen=True)
class TriedOut:
    """What the page shows of one set of thresholds."""

    latest: date
    households: int
    live: Answer
    tried: Answer
    rules: tuple[RuleAnswer, ...]
    sliders: tuple[Slider, ...]

    @property
    def is_moved(self) -> bool:
        return any(slider.is_moved for slider in self.sliders)


@dataclass
class TryRoom:
    """The nights kept of the live rule set, read again when a newer one is there."""

    folder: FactFolder
    ruleset: RuleSet
    _days: tuple[date, ...] = ()
    _kept: KeptNights | None = None
    _bench: Bench | None = None
    _answers: dict[tuple[RuleThresholds, ...], TriedOut] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def tried(self, wishes: Wishes) -> TriedOut | None:
        """What comes of the wishes together, and of each step from there; None without nights.

        Wishes below the floor, beyond the highest value or of no threshold are brought to what can
        be asked.
        """
        with self._lock:
            self._read()
            if self._bench is None or self._kept is None:
                return None
            thresholds = self._wished(wishes)
            key = tuple(thresholds.values())
            if len(self._answers) > MOST_ANSWERS:
                self._answers.clear()
            if key not in self._answers:
                self._answers[key] = self._worked_out(self._bench, self._kept, thresholds)
            return self._answers[key]

    def _read(self) -> None:
        shape, quiet = shape_of(self.ruleset), self.ruleset.queue.quiet_days.value
        days = weekly(self.folder.days(shape), quiet // 7 + COUNTED_WEEKS + 1)
        if days == self._days:
            return
        self._days, self._answers = days, {}
        self._kept = self.folder.read(shape, days)
        self._bench = None
        if self._kept is not None:
            there = sorted(self._kept.facts)
            counted_from = there[max(min(1, len(there) - 1), len(there) - COUNTED_WEEKS)]
            nights = nights_of(self._kept.facts, counted_from)
            self._bench = Bench(nights, self.ruleset, Goal(1, quiet))

    def _wished(self, wishes: Wishes) -> dict[str, RuleThresholds]:
        wished = thresholds_of(self.ruleset)
        for rule_id, name, live in self._movable():
            value = wishes.get((rule_id, name), live)
            if isfinite(value):
                low, high = self._ends(rule_id, name, live)
                wished[rule_id] = wished[rule_id].changed(name, min(max(value, low), high))
        return wished

    def _movable(self) -> Sequence[tuple[str, str, float]]:
        live = thresholds_of(self.ruleset)
        return [
            (rule_id, name, value)
            for rule_id, rule in self.ruleset.rules.items()
            if not is_left_alone(rule)
            for name, value in live[rule_id].given().items()
        ]

    def _ends(self, rule_id: str, name: str, live: float) -> tuple[float, float]:
        """The lowest rung below `live` that can be answered, and the highest value.

        Counted in rungs from `live`, or a slider could not stand where the threshold is.
        """
        floor_of = live if self._kept is None else self._kept.floors[rule_id][name]
        low = live - RUNG[name] * floor((live - floor_of) / RUNG[name])
        return low, highest_of(self.ruleset.rules[rule_id], name)

    def _worked_out(
        self, bench: Bench, kept: KeptNights, thresholds: dict[str, RuleThresholds]
    ) -> TriedOut:
        live, tried = bench.point(thresholds_of(self.ruleset)), bench.point(thresholds)
        latest = bench.nights.night == len(bench.nights.days) - 1
        return TriedOut(
            latest=bench.nights.days[-1],
            households=kept.households,
            live=_answer(live),
            tried=_answer(tried),
            rules=tuple(
                RuleAnswer(
                    rule_id,
                    int((live.said.by_rule[rule_id] & latest).sum()),
                    int((flags & latest).sum()),
                    _alone(tried, rule_id, latest),
                )
                for rule_id, flags in tried.said.by_rule.items()
            ),
            sliders=tuple(self._slider(bench, thresholds, *movable) for movable in self._movable()),
        )

    def _slider(
        self,
        bench: Bench,
        thresholds: dict[str, RuleThresholds],
        rule_id: str,
        name: str,
        live: float,
    ) -> Slider:
        low, high = self._ends(rule_id, name, live)
        value, step = thresholds[rule_id].given()[name], RUNG[name]
        around = (value + step * n for n in range(-RUNGS_EACH_WAY, RUNGS_EACH_WAY + 1))
        rungs = []
        for rung in around:
            if low <= rung <= high:
                moved = thresholds | {rule_id: thresholds[rule_id].changed(name, rung)}
                rungs.append(Rung(rung, _answer(bench.point(moved))))
        unit = getattr(self.ruleset.rules[rule_id], name).unit
        return Slider(rule_id, name, unit, live, value, low, high, step, tuple(rungs))


def weekly(days: Sequence[date], most: int) -> tuple[date, ...]:
    """The latest night and those a week apart before it, or the next ones before that; oldest
    first."""
    chosen: list[date] = []
    for day in sorted(days, reverse=True):
        if not chosen or chosen[-1] - day >= WEEK:
            chosen.append(day)
        if len(chosen) == most:
            break
    return tuple(reversed(chosen))


def _answer(point: Point) -> Answer:
    nights = point.bench.nights
    latest = nights.night == len(nights.days) - 1
    weeks = len(nights.counted) if len(nights.days) > 1 else 0
    new = sum(point.load.per_night) if weeks else None
    return Answer(int((point.said.any & latest).sum()), new, weeks)


def _alone(point: Point, rule_id: str, latest: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> int:
    others = [flags for other, flags in point.said.by_rule.items() if other != rule_id]
    alone = point.said.by_rule[rule_id] & latest
    return int((alone & ~np.logical_or.reduce(others)).sum()) if others else int(alone.sum())
