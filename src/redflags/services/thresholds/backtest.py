"""Replay history night by night, for one or several rule sets side by side.

Each replayed night counts, scores and asks every rule exactly as the night of that day would have
done, from records dated before its end. What people would have decided is assumed (`replay`).
Everything that leaves here names households by pseudonym.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

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
from redflags.analysis.replay.simulated_queue import (
    BacktestPlan,
    Checkpoint,
    HasNeed,
    NightResult,
    ReplayedNight,
    SimulatedQueue,
)
from redflags.configuration.ruleset import Queue, RuleSet
from redflags.services.night.alert_candidates import candidates, specialists_alone
from redflags.services.thresholds.prefetch_counts import counted_ahead
from redflags.services.thresholds.threshold_facts import NightFacts, night_facts

if TYPE_CHECKING:
    from redflags.adapters.records import Counted, RecordStore

Pseudonym = Callable[[str], str]


class Progress(Protocol):
    """Where a replay keeps what it has done, so that one that was killed goes on."""

    def done(self, ruleset_hash: str) -> Mapping[date, Checkpoint]: ...
    def keep(self, ruleset_hash: str, checkpoint: Checkpoint) -> None: ...


@dataclass
class Contender:
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
    records: "RecordStore",
    rulesets: Sequence[RuleSet],
    plan: BacktestPlan,
    canary_patch: str,
    pseudonym: Pseudonym,
    labels: Labels | None,
    progress: Progress,
    keep: Callable[[NightFacts], object] = lambda _facts: None,
) -> list[Contender]:
    """Replay every night of `plan`; one contender a rule set, in the order given.

    Args:
        pseudonym: what a household or a record is called from here on; labels use it too.
        progress: what an earlier replay of the same plan has done already.
        keep: given what each replayed night compared, for other thresholds to be tried on.
    """
    contenders = [_contender(ruleset, plan, labels) for ruleset in rulesets]
    for contender in contenders:
        _go_on(contender, progress)
    nights = list(_nights_to_replay(contenders, plan.days))
    wanted = [(night.day, night.alike[0].ruleset) for night in nights]
    with closing(counted_ahead(records, wanted)) as counts:
        for night, (counting, counted) in zip(nights, counts, strict=True):
            refs = counted.households["household_ref"].map(pseudonym)
            asked = Asked(counting, counted, refs, night.day, canary_patch)
            _replay_night(night, asked, pseudonym, labels, keep)
            for contender in night.waiting:
                progress.keep(contender.ruleset.hash, _checkpoint(contender))
    return contenders


@dataclass(frozen=True, slots=True)
class NightToReplay:
    """One day for the contenders that count `alike`; those that are not `waiting` only fit."""

    day: date
    alike: Sequence[Contender]
    waiting: Sequence[Contender]


def _nights_to_replay(
    contenders: Sequence[Contender], days: Sequence[date]
) -> Iterator[NightToReplay]:
    """What is left to do, in order. One that goes on where it was killed takes part in the first
    night again, which fits its reference."""
    begun_at = {id(contender): len(contender.results) for contender in contenders}
    unfinished = [c for c in contenders if begun_at[id(c)] < len(days)]
    for number, day in enumerate(days):
        waiting = [c for c in unfinished if begun_at[id(c)] <= number]
        for alike in _counting_alike(unfinished if number == 0 else waiting):
            yield NightToReplay(day, alike, [c for c in alike if c in waiting])


def _contender(ruleset: RuleSet, plan: BacktestPlan, labels: Labels | None) -> Contender:
    threshold = ruleset.queue.capacity_per_night.model_copy(update={"value": plan.capacity})
    settings: Queue = ruleset.queue.model_copy(update={"capacity_per_night": threshold})
    has_need: HasNeed = (lambda _ref, _day: False) if labels is None else labels.is_active
    return Contender(ruleset, SimulatedQueue(settings, plan.review_after, has_need))


def _go_on(contender: Contender, progress: Progress) -> None:
    """Take over the nights an earlier replay did, without a gap."""
    done = progress.done(contender.ruleset.hash)
    for day in sorted(done):
        contender.results.append(done[day].result)
        contender.queue.content = done[day].queue


def _checkpoint(contender: Contender) -> Checkpoint:
    return Checkpoint(contender.results[-1], contender.queue.content)


def _replay_night(
    night: NightToReplay,
    asked: "Asked",
    pseudonym: Pseudonym,
    labels: Labels | None,
    keep: Callable[[NightFacts], object],
) -> None:
    day, canary_patch = asked.day, asked.canary_patch
    alone = specialists_alone(asked.records.protections(day))
    protected = {pseudonym(ref) for ref in alone}
    for contender in night.alike:
        if contender not in night.waiting:
            _detected(contender, asked)
            continue
        contender.queue.review(day)
        detection = _detected(contender, asked)
        keep(night_facts(detection, contender.ruleset, day, alone, canary_patch, pseudonym))
        people = [
            _renamed(candidate, pseudonym)
            for candidate in candidates(detection, contender.ruleset, asked.records, day)
            if candidate.patch != canary_patch
        ]
        replayed = contender.queue.night(day, people, protected)
        contender.results.append(_result(replayed, detection, asked.refs, canary_patch, labels))


@dataclass(frozen=True, slots=True)
class Asked:
    """What one night counted, in the store that counted it; `refs` are the pseudonyms of its
    households, in their order."""

    records: "RecordStore"
    counted: "Counted"
    refs: pd.Series
    day: date
    canary_patch: str


def _detected(contender: Contender, asked: Asked) -> Detection:
    """Households are pseudonyms in the queue, and refs in the records."""
    households = asked.counted.households["household_ref"]
    confirmed = households[asked.refs.isin(contender.queue.confirmed)]
    return detect(
        asked.counted,
        contender.ruleset,
        asked.day,
        frozenset(confirmed),
        asked.canary_patch,
        contender.find_model,
    )


def _counting_alike(contenders: Sequence[Contender]) -> Iterator[list[Contender]]:
    """Rule sets whose cells are the same are counted together."""
    groups: dict[str, list[Contender]] = {}
    for contender in contenders:
        ruleset = contender.ruleset
        settings = (
            ruleset.age_edges_days,
            ruleset.surprise.history_days.value,
            ruleset.surprise.dear_job_quantile.value,
            ruleset.innocent.model_dump_json(),
            ruleset.episodes and ruleset.episodes.model_dump_json(),
        )
        groups.setdefault(repr(settings), []).append(contender)
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
