"""`redflags tune`: from facts to a rule set that somebody else may approve."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

import pandas as pd

from redflags.analysis.replay.adjustable_thresholds import STEP_SIZE
from redflags.analysis.replay.backtest_measures import Labels
from redflags.analysis.replay.night_facts import NightFacts
from redflags.analysis.replay.threshold_search import (
    OperatingPoint,
    Proposal,
    Step,
    TuningGoal,
    propose,
)
from redflags.analysis.replay.what_if import floors_of
from redflags.analysis.replay.workload_forecast import Nights, days_before, nights_of
from redflags.configuration.ruleset import RuleSet
from redflags.services.thresholds.rewrite_ruleset import Change, rewritten


@dataclass(frozen=True, slots=True)
class TuningRequest:
    """What was asked for. `capacity` is new households a replayed night."""

    capacity: int
    first: date
    last: date
    every: timedelta

    @property
    def nights(self) -> list[date]:
        count = (self.last - self.first) // self.every + 1
        return [self.first + number * self.every for number in range(count)]


@dataclass(frozen=True)
class TuningResult:
    """A proposal and the nights it was tried on."""

    request: TuningRequest
    proposal: Proposal
    nights: Nights
    households: int

    @property
    def is_labelled(self) -> bool:
        return self.nights.episode is not None


def tune(
    ruleset: RuleSet,
    request: TuningRequest,
    facts_on: Callable[[Sequence[date]], Iterable[NightFacts]],
    labels: Labels | None = None,
) -> TuningResult:
    """Count each night once, those of the quiet period before too, and propose thresholds."""
    quiet = ruleset.queue.quiet_days.value
    days = [*days_before(request.first, quiet, request.every.days), *request.nights]
    kept = {facts.as_of: facts for facts in facts_on(days)}
    nights = nights_of({day: facts.table for day, facts in kept.items()}, request.first, labels)
    proposal = propose(nights, ruleset, TuningGoal(request.capacity, quiet))
    return TuningResult(request, proposal, nights, max(facts.households for facts in kept.values()))


def proposed_text(
    text: str, tuned: TuningResult, ruleset: RuleSet, author: str, reason: str, today: date
) -> str:
    """The rule set's text with the proposed thresholds and a head of its own.

    Raises:
        UsageError: the text cannot be changed line by line.
    """
    goal = tuned.proposal.goal
    why = f"tuned to {goal.capacity} new households a night of {tuned.request.every.days} days"
    changes = [
        Change(step.rule_id, step.name, step.becomes, why, author, today)
        for step in tuned.proposal.changes
    ]
    head: Mapping[str, str | date] = {
        "version": f"{today:%Y.%m.%d}-tuned-{goal.capacity}",
        "author": author,
        "reason": reason or why,
        "date": today,
        "parent": ruleset.hash,
    }
    return rewritten(text, head, changes)


def curve_table(proposal: Proposal) -> pd.DataFrame:
    """The trade-off from lenient to strict, the live thresholds and the proposal among them."""
    points = [("", point) for point in proposal.curve if point is not proposal.live]
    points += [("live", proposal.live), ("proposed", proposal.best)]
    rows = [_row(which, point, proposal.goal.capacity) for which, point in points]
    return pd.DataFrame(rows).sort_values(["new_a_night", "which"], ascending=[False, True])


def _row(which: str, point: OperatingPoint, capacity: int) -> dict[str, object]:
    row: dict[str, object] = {
        "which": which,
        "step": "" if point.step is None else in_words(point.step),
        "new_a_night": round(point.workload.mean, 3),
        "nights_over_capacity": round(point.workload.share_over(capacity), 3),
        "mean_score": round(point.workload.mean_score, 3),
        "stability": round(point.workload.stability, 4),
    }
    if point.found is not None:
        row |= {"found": point.found.found, "episodes": point.found.episodes}
        row["median_days"] = point.found.median_days
    return row


def in_words(step: Step) -> str:
    return f"{step.rule_id} {step.name} {step.was:g} to {step.becomes:g}"


def metrics(tuned: TuningResult) -> dict[str, float]:
    """Numbers of a tuning for an MLflow run, the live thresholds' beside the proposed ones'."""
    told: dict[str, float] = {}
    for which, point in (("live", tuned.proposal.live), ("proposed", tuned.proposal.best)):
        row = _row("", point, tuned.proposal.goal.capacity)
        numbers = {k: float(v) for k, v in row.items() if isinstance(v, int | float)}
        told |= {f"{which}_{k}": v for k, v in numbers.items() if isfinite(v)}
    return told


def lines(tuned: TuningResult) -> Sequence[str]:
    """What tuning says on the terminal."""
    proposal, goal = tuned.proposal, tuned.proposal.goal
    told = [
        f"{len(tuned.nights.counted)} nights, {tuned.households:,} households, "
        f"capacity {goal.capacity} new households a night"
    ]
    told += [
        f"  {_told(name, p, goal)}"
        for name, p in (("now", proposal.live), ("proposed", proposal.best))
    ]
    told += [f"  {in_words(step)}" for step in proposal.changes]
    if not proposal.changes:
        told.append("  no threshold need change")
    if 2 * (lowest := _lowest(proposal)) > len(proposal.changes):
        told.append(
            f"  as low as can be tried: {lowest} of {len(proposal.changes)}; the capacity is more "
            "than the records have to say"
        )
    if not goal.fits(proposal.best.workload) and not tuned.is_labelled:
        told.append("  even the strictest thresholds tried exceed the capacity regularly")
    if not tuned.is_labelled:
        told.append(
            "without labels this fits work to people; it does not say who is right to visit"
        )
    return told


def _lowest(proposal: Proposal) -> int:
    """How many of the changes go down as far as can be tried."""
    floors = floors_of(proposal.live.search.ruleset)
    return sum(
        step.becomes - STEP_SIZE[step.name] < floors[step.rule_id].given()[step.name]
        for step in proposal.changes
    )


def _told(name: str, point: OperatingPoint, goal: TuningGoal) -> str:
    workload = point.workload
    told = (
        f"{name}: {workload.mean:.1f} new households a night, more than {goal.capacity} on "
        f"{workload.share_over(goal.capacity):.0%} of the nights; mean score "
        f"{workload.mean_score:.2f}, {workload.stability:.0%} flagged again a night later"
    )
    if point.found is None:
        return told
    found = point.found
    wait = f"median {found.median_days:.0f} days to the alert"
    return f"{told}; {found.found} of {found.episodes} episodes found, {wait}"
