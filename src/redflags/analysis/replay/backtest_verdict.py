"""Rule sets replayed and measured, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from redflags.analysis.monitoring.confidence_intervals import Share
from redflags.analysis.replay.backtest_measures import (
    Found,
    Labels,
    RuleYield,
    alerts_of,
    found,
    overlap,
    repeat_share,
    rule_yields,
    weeks,
)
from redflags.analysis.replay.simulated_queue import (
    BacktestPlan,
    NightResult,
    ReplayedAlert,
    ReplayedNight,
)
from redflags.configuration.ruleset import RuleSet


@dataclass(frozen=True)
class Verdict:
    """One rule set's replay, measured; `name` is the file it came from."""

    name: str
    ruleset: RuleSet
    nights: list[ReplayedNight]
    weeks: pd.DataFrame
    repeats: Share
    yields: list[RuleYield]
    overlap: pd.DataFrame
    found: Found | None
    households: int

    @property
    def alerts(self) -> list[ReplayedAlert]:
        return alerts_of(self.nights)


@dataclass(frozen=True)
class BacktestReport:
    """All rule sets side by side; the first is what the others are compared with."""

    plan: BacktestPlan
    verdicts: list[Verdict]
    set_aside: tuple[str, ...]
    is_labelled: bool


def measured(
    name: str, ruleset: RuleSet, results: Sequence[NightResult], labels: Labels | None
) -> Verdict:
    """Everything there is to say of one rule set's nights."""
    nights = [result.night for result in results]
    rules = list(ruleset.rules)
    by_night = {
        r.night.as_of: r.average_precision for r in results if r.average_precision is not None
    }
    return Verdict(
        name=name,
        ruleset=ruleset,
        nights=nights,
        weeks=weeks(nights),
        repeats=repeat_share(nights),
        yields=rule_yields(nights, rules, labels),
        overlap=overlap(nights, rules),
        found=None if labels is None else found(nights, labels, by_night),
        households=max((result.households for result in results), default=0),
    )
