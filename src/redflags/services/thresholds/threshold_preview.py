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

from redflags.analysis.replay.adjustable_thresholds import STEP_SIZE, highest_of, is_left_alone
from redflags.analysis.replay.night_facts import KeptNights
from redflags.analysis.replay.threshold_search import (
    OperatingPoint,
    ThresholdSearch,
    TuningGoal,
)
from redflags.analysis.replay.what_if import RuleThresholds, shape_of, thresholds_of
from redflags.analysis.replay.workload_forecast import nights_of
from redflags.configuration.ruleset import RuleSet
from redflags.services.ports import FactFolder

COUNTED_WEEKS = 4
STEPS_EACH_WAY = 4
MOST_RESULTS = 200
WEEK = timedelta(days=7)
ProposedValues = Mapping[tuple[str, str], float]
"""Threshold values by rule and name; what is not there is as it is live."""


@dataclass(frozen=True, slots=True)
class FlaggedCounts:
    """Households flagged on the latest night; new ones in the counted weeks, None when unknown."""

    flagged: int
    new: int | None
    weeks: int


@dataclass(frozen=True, slots=True)
class PreviewedValue:
    """One value a threshold could have, and what comes of it when it alone is changed."""

    value: float
    counts: FlaggedCounts


@dataclass(frozen=True, slots=True)
class AdjustableThreshold:
    """One threshold that can be tried, from `low` (the floor of what is kept) to `high`."""

    rule_id: str
    name: str
    unit: str
    live: float
    value: float
    low: float
    high: float
    step: float
    previews: tuple[PreviewedValue, ...]

    @property
    def is_moved(self) -> bool:
        return self.value != self.live


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """Households one rule flags on the latest night, live and tried, and those it alone flags."""

    rule_id: str
    live: int
    tried: int
    alone: int


@dataclass(frozen=True)
class PreviewResult:
    """What the page shows of one set of thresholds."""

    latest: date
    households: int
    live: FlaggedCounts
    tried: FlaggedCounts
    rules: tuple[RuleCounts, ...]
    adjustable: tuple[AdjustableThreshold, ...]

    @property
    def is_moved(self) -> bool:
        return any(adjustable.is_moved for adjustable in self.adjustable)


@dataclass
class ThresholdPreview:
    """The nights kept of the live rule set, read again when a newer one is there."""

    folder: FactFolder
    ruleset: RuleSet
    _days: tuple[date, ...] = ()
    _kept: KeptNights | None = None
    _search: ThresholdSearch | None = None
    _results: dict[tuple[RuleThresholds, ...], PreviewResult] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def preview(self, proposed: ProposedValues) -> PreviewResult | None:
        """What the proposed values come to, and each step from there; None without nights.

        Values below the floor, beyond the highest value or of no threshold are brought to what can
        be asked.
        """
        with self._lock:
            self._read()
            if self._search is None or self._kept is None:
                return None
            thresholds = self._proposed_thresholds(proposed)
            key = tuple(thresholds.values())
            if len(self._results) > MOST_RESULTS:
                self._results.clear()
            if key not in self._results:
                self._results[key] = self._evaluate(self._search, self._kept, thresholds)
            return self._results[key]

    def _read(self) -> None:
        shape, quiet = shape_of(self.ruleset), self.ruleset.queue.quiet_days.value
        days = weekly_nights(self.folder.days(shape), quiet // 7 + COUNTED_WEEKS + 1)
        if days == self._days:
            return
        self._days, self._results = days, {}
        self._kept = self.folder.read(shape, days)
        self._search = None
        if self._kept is not None:
            there = sorted(self._kept.facts)
            counted_from = there[max(min(1, len(there) - 1), len(there) - COUNTED_WEEKS)]
            nights = nights_of(self._kept.facts, counted_from)
            self._search = ThresholdSearch(nights, self.ruleset, TuningGoal(1, quiet))

    def _proposed_thresholds(self, proposed: ProposedValues) -> dict[str, RuleThresholds]:
        thresholds = thresholds_of(self.ruleset)
        for rule_id, name, live in self._adjustable():
            value = proposed.get((rule_id, name), live)
            if isfinite(value):
                low, high = self._range(rule_id, name, live)
                thresholds[rule_id] = thresholds[rule_id].changed(name, min(max(value, low), high))
        return thresholds

    def _adjustable(self) -> Sequence[tuple[str, str, float]]:
        live = thresholds_of(self.ruleset)
        return [
            (rule_id, name, value)
            for rule_id, rule in self.ruleset.rules.items()
            if not is_left_alone(rule)
            for name, value in live[rule_id].given().items()
        ]

    def _range(self, rule_id: str, name: str, live: float) -> tuple[float, float]:
        """The lowest step below `live` that can be answered, and the highest value.

        Counted in steps from `live`, or a slider could not stand where the threshold is.
        """
        floor_of = live if self._kept is None else self._kept.floors[rule_id][name]
        low = live - STEP_SIZE[name] * floor((live - floor_of) / STEP_SIZE[name])
        return low, highest_of(self.ruleset.rules[rule_id], name)

    def _evaluate(
        self, search: ThresholdSearch, kept: KeptNights, thresholds: dict[str, RuleThresholds]
    ) -> PreviewResult:
        live, tried = search.point(thresholds_of(self.ruleset)), search.point(thresholds)
        latest = search.nights.night == len(search.nights.days) - 1
        return PreviewResult(
            latest=search.nights.days[-1],
            households=kept.households,
            live=_flagged_counts(live),
            tried=_flagged_counts(tried),
            rules=tuple(
                RuleCounts(
                    rule_id,
                    int((live.rule_flags.by_rule[rule_id] & latest).sum()),
                    int((flags & latest).sum()),
                    _alone(tried, rule_id, latest),
                )
                for rule_id, flags in tried.rule_flags.by_rule.items()
            ),
            adjustable=tuple(
                self._adjustable_threshold(search, thresholds, *movable)
                for movable in self._adjustable()
            ),
        )

    def _adjustable_threshold(
        self,
        search: ThresholdSearch,
        thresholds: dict[str, RuleThresholds],
        rule_id: str,
        name: str,
        live: float,
    ) -> AdjustableThreshold:
        low, high = self._range(rule_id, name, live)
        value, step = thresholds[rule_id].given()[name], STEP_SIZE[name]
        around = (value + step * n for n in range(-STEPS_EACH_WAY, STEPS_EACH_WAY + 1))
        previews = []
        for candidate in around:
            if low <= candidate <= high:
                moved = thresholds | {rule_id: thresholds[rule_id].changed(name, candidate)}
                previews.append(PreviewedValue(candidate, _flagged_counts(search.point(moved))))
        unit = getattr(self.ruleset.rules[rule_id], name).unit
        return AdjustableThreshold(
            rule_id, name, unit, live, value, low, high, step, tuple(previews)
        )


def weekly_nights(days: Sequence[date], most: int) -> tuple[date, ...]:
    """The latest night and those a week apart before it, or the next ones before that; oldest
    first."""
    chosen: list[date] = []
    for day in sorted(days, reverse=True):
        if not chosen or chosen[-1] - day >= WEEK:
            chosen.append(day)
        if len(chosen) == most:
            break
    return tuple(reversed(chosen))


def _flagged_counts(point: OperatingPoint) -> FlaggedCounts:
    nights = point.search.nights
    latest = nights.night == len(nights.days) - 1
    weeks = len(nights.counted) if len(nights.days) > 1 else 0
    new = sum(point.workload.per_night) if weeks else None
    return FlaggedCounts(int((point.rule_flags.any & latest).sum()), new, weeks)


def _alone(
    point: OperatingPoint, rule_id: str, latest: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> int:
    others = [flags for other, flags in point.rule_flags.by_rule.items() if other != rule_id]
    alone = point.rule_flags.by_rule[rule_id] & latest
    return int((alone & ~np.logical_or.reduce(others)).sum()) if others else int(alone.sum())
