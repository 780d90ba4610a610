"""Replay history night by night, for one or several rule sets side by side.

Each replayed night counts, scores and asks every rule exactly as the night of that day would have
done, from records dated before its end. What people would have decided is assumed (`replay`).
Everything that leaves here names households by pseudonym.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

import pandas as pd

from redflags.analysis.ordering.detection import (
    Detection,
    FittedModel,
    Flags,
    detect,
    fit_reference,
)
from redflags.analysis.ordering.queueing import Candidate
from redflags.analysis.replay.backtest_measures import Labels, average_precision
from redflags.analysis.replay.night_facts import NightFacts, night_facts
from redflags.analysis.replay.simulated_queue import (
    BacktestPlan,
    Checkpoint,
    HasNeed,
    NightResult,
    ReplayedNight,
    SimulatedQueue,
)
from redflags.configuration.ruleset import Queue, RuleSet
from redflags.services.night.alert_candidates import Protections, candidates, specialists_alone
from redflags.services.ports import CountedNight, Records
from redflags.services.thresholds.prefetch_counts import counted_ahead

Pseudonym = Callable[[str], str]


class Progress(Protocol):
    """Where a replay keeps what it has done, so that one that was killed goes on."""

    def done(self, ruleset_hash: str) -> Mapping[date, Checkpoint]: ...
    def keep(self, ruleset_hash: str, checkpoint: Checkpoint) -> None: ...


@dataclass
class ReplayRun:
    """One rule set on its way through the nights."""

    ruleset: RuleSet
    queue: SimulatedQueue
    results: list[NightResult] = field(default_factory=list)
    model: FittedModel | None = None

    @property
    def nights(self) -> list[ReplayedNight]:
        return [result.night for result in self.results]

    def find_model(self, matrix: pd.DataFrame, eligible: Flags) -> FittedModel:
        """The reference the first replayed night would have fitted, kept from then on."""
        if self.model is None:
            self.model = FittedModel(fit_reference(matrix, eligible, self.ruleset), "replay")
        return self.model


def replay(
    records: Records,
    rulesets: Sequence[RuleSet],
    plan: BacktestPlan,
    canary_patch: str,
    pseudonym: Pseudonym,
    labels: Labels | None,
    progress: Progress,
    keep: Callable[[NightFacts], object] = lambda _facts: None,
) -> list[ReplayRun]:
    """Replay every night of `plan`; one run a rule set, in the order given.

    Args:
        pseudonym: what a household or a record is called from here on; labels use it too.
        progress: what an earlier replay of the same plan has done already.
        keep: given what each replayed night compared, for other thresholds to be tried on.
    """
    runs = [_new_run(ruleset, plan, labels) for ruleset in rulesets]
    for run in runs:
        _take_over_done_nights(run, progress)
    nights = list(_nights_to_replay(runs, plan.days))
    wanted = [(night.day, night.alike[0].ruleset) for night in nights]
    with closing(counted_ahead(records, wanted)) as counts:
        for wanted_night, night in zip(nights, counts, strict=True):
            refs = night.counted.households["household_ref"].map(pseudonym)
            protections = records.protections(wanted_night.day)
            counted = ReplayedCount(night, protections, refs, wanted_night.day, canary_patch)
            _replay_night(wanted_night, counted, pseudonym, labels, keep)
            for run in wanted_night.waiting:
                progress.keep(run.ruleset.hash, _checkpoint(run))
    return runs


@dataclass(frozen=True, slots=True)
class NightToReplay:
    """One day for the runs that count `alike`; those that are not `waiting` only fit."""

    day: date
    alike: Sequence[ReplayRun]
    waiting: Sequence[ReplayRun]


def _nights_to_replay(runs: Sequence[ReplayRun], days: Sequence[date]) -> Iterator[NightToReplay]:
    """What is left to do, in order. One that goes on where it was killed takes part in the first
    night again, which fits its reference."""
    begun_at = {id(run): len(run.results) for run in runs}
    unfinished = [c for c in runs if begun_at[id(c)] < len(days)]
    for number, day in enumerate(days):
        waiting = [c for c in unfinished if begun_at[id(c)] <= number]
        for alike in _counting_alike(unfinished if number == 0 else waiting):
            yield NightToReplay(day, alike, [c for c in alike if c in waiting])


def _new_run(ruleset: RuleSet, plan: BacktestPlan, labels: Labels | None) -> ReplayRun:
    threshold = ruleset.queue.capacity_per_night.model_copy(update={"value": plan.capacity})
    settings: Queue = ruleset.queue.model_copy(update={"capacity_per_night": threshold})
    has_need: HasNeed = (lambda _ref, _day: False) if labels is None else labels.is_active
    return ReplayRun(ruleset, SimulatedQueue(settings, plan.review_after, has_need))


def _take_over_done_nights(run: ReplayRun, progress: Progress) -> None:
    """Take over the nights an earlier replay did, without a gap."""
    done = progress.done(run.ruleset.hash)
    for day in sorted(done):
        run.results.append(done[day].result)
        run.queue.content = done[day].queue


def _checkpoint(run: ReplayRun) -> Checkpoint:
    return Checkpoint(run.results[-1], run.queue.content)


def _replay_night(
    night: NightToReplay,
    counted: "ReplayedCount",
    pseudonym: Pseudonym,
    labels: Labels | None,
    keep: Callable[[NightFacts], object],
) -> None:
    day, canary_patch = counted.day, counted.canary_patch
    alone = specialists_alone(counted.protections)
    protected = {pseudonym(ref) for ref in alone}
    for run in night.alike:
        if run not in night.waiting:
            _detected(run, counted)
            continue
        run.queue.review(day)
        detection = _detected(run, counted)
        keep(night_facts(detection, run.ruleset, day, alone, canary_patch, pseudonym))
        people = [
            _renamed(candidate, pseudonym)
            for candidate in candidates(
                detection, run.ruleset, counted.night, counted.protections, day
            )
            if candidate.patch != canary_patch
        ]
        replayed = run.queue.night(day, people, protected)
        run.results.append(_result(replayed, detection, counted.refs, canary_patch, labels))


@dataclass(frozen=True, slots=True)
class ReplayedCount:
    """What one night counted, and who was protected; `refs` are the pseudonyms of its households,
    in their order."""

    night: CountedNight
    protections: Protections
    refs: pd.Series
    day: date
    canary_patch: str


def _detected(run: ReplayRun, counted: ReplayedCount) -> Detection:
    """Households are pseudonyms in the queue, and refs in the records."""
    households = counted.night.counted.households["household_ref"]
    confirmed = households[counted.refs.isin(run.queue.confirmed)]
    return detect(
        counted.night.counted,
        run.ruleset,
        counted.day,
        frozenset(confirmed),
        counted.canary_patch,
        run.find_model,
    )


def _counting_alike(runs: Sequence[ReplayRun]) -> Iterator[list[ReplayRun]]:
    """Rule sets whose cells are the same are counted together."""
    groups: dict[str, list[ReplayRun]] = {}
    for run in runs:
        ruleset = run.ruleset
        settings = (
            ruleset.age_edges_days,
            ruleset.surprise.history_days.value,
            ruleset.surprise.dear_job_quantile.value,
            ruleset.innocent.model_dump_json(),
            ruleset.episodes and ruleset.episodes.model_dump_json(),
        )
        groups.setdefault(repr(settings), []).append(run)
    return iter(groups.values())


def _renamed(candidate: Candidate, pseudonym: Pseudonym) -> Candidate:
    """The same candidate with pseudonyms for the household and for each record behind it."""
    reasons = tuple(
        replace(
            reason,
            evidence=tuple(
                replace(item, ref=pseudonym(f"{item.table}/{item.source}/{item.ref}"), source="")
                for item in reason.evidence
            ),
        )
        for reason in candidate.reasons
    )
    return replace(
        candidate,
        tenancy_ref=pseudonym(candidate.tenancy_ref),
        property_ref="",
        patch="",
        reasons=reasons,
    )


def _result(
    night: ReplayedNight,
    detection: Detection,
    refs: pd.Series,
    canary_patch: str,
    labels: Labels | None,
) -> NightResult:
    people = (detection.households["patch"] != canary_patch).to_numpy(dtype=bool)
    value = None
    if labels is not None:
        active = refs.isin(labels.active_on(night.as_of)).to_numpy(dtype=bool) & people
        value = average_precision(active[people], detection.score[people])
    return NightResult(night, value, int(people.sum()))
