"""The queue as it would have been: nights replayed with capacity, quiet periods and open alerts.

What people would have decided is not known, so a replay assumes it: every alert is closed some days
after it was raised, with a need found where the labels say that an episode was under way, and with
no concern found everywhere else. Pure; households are whatever the caller names them, so a replay
that is written down is given pseudonyms.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from redflags.analysis.ordering.queueing import Candidate, plan_queue
from redflags.configuration.ruleset import Queue
from redflags.domain.alert import AlertState, EvidenceKey, Priority, known_by
from redflags.domain.outcome import Outcome
from redflags.domain.queue_state import ClosedAlert, OpenAlert, QueueState

HasNeed = Callable[[str, date], bool]
"""Whether a household had an episode under way on a day; always False without labels."""


@dataclass(frozen=True, slots=True)
class ReplayedAlert:
    """One alert that would have been raised."""

    household: str
    as_of: date
    rank: int
    score: float
    priority: Priority
    rules: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplayedNight:
    """What one night would have done. `flagged` are all households some rule spoke of."""

    as_of: date
    raised: tuple[ReplayedAlert, ...]
    flagged: Mapping[str, tuple[str, ...]]
    updated: int
    open: int
    waiting: int


@dataclass(frozen=True, slots=True)
class BacktestPlan:
    """Which nights are replayed, and what is assumed of the people who work the queue.

    `capacity` is alerts a replayed night; `review_after` is how long an alert stays open.
    """

    first: date
    last: date
    every: timedelta
    capacity: int
    review_after: timedelta = timedelta(days=7)

    @property
    def days(self) -> list[date]:
        """The nights, oldest first."""
        count = (self.last - self.first) // self.every + 1
        return [self.first + number * self.every for number in range(count)]


@dataclass(frozen=True, slots=True)
class NightResult:
    """One night of one rule set; `average_precision` only with labels and some active episode."""

    night: ReplayedNight
    average_precision: float | None
    households: int


@dataclass
class QueueContent:
    """The alerts of a replayed queue: open ones by household, closed ones in order."""

    open: dict[str, OpenAlert] = field(default_factory=dict)
    raised_on: dict[str, date] = field(default_factory=dict)
    closed: list[ClosedAlert] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A night's result and the queue after it."""

    result: NightResult
    queue: QueueContent


@dataclass
class SimulatedQueue:
    """The queue between two replayed nights; `night` moves it on by one."""

    settings: Queue
    review_after: timedelta
    has_need: HasNeed
    content: QueueContent = field(default_factory=QueueContent)

    @property
    def confirmed(self) -> frozenset[str]:
        """Households whose review found a need; they shape no baseline."""
        return frozenset(
            alert.tenancy_ref for alert in self.content.closed if alert.outcome.need_found
        )

    def review(self, as_of: date) -> None:
        """Close what people would have worked through by the night of `as_of`."""
        for ref in sorted(self.content.open):
            closed_on = self.content.raised_on[ref] + self.review_after
            if closed_on <= as_of:
                self._close(ref, closed_on)

    def _close(self, ref: str, closed_on: date) -> None:
        alert, raised_on = self.content.open.pop(ref), self.content.raised_on.pop(ref)
        found = self.has_need(ref, closed_on) or self.has_need(ref, raised_on)
        self.content.closed.append(
            ClosedAlert(
                alert_id=alert.alert_id,
                tenancy_ref=ref,
                closed_on=closed_on,
                outcome=Outcome.WELFARE_NEED_MET if found else Outcome.NO_CONCERN_FOUND,
                raised_on=raised_on,
                evidence_keys=alert.evidence_keys,
                priority=alert.priority,
            )
        )

    def night(
        self, as_of: date, candidates: Sequence[Candidate], protected: Collection[str] = ()
    ) -> ReplayedNight:
        """Raise and update as the night of `as_of` would have; call `review` before it."""
        plan = plan_queue(candidates, (), self._state(as_of), self.settings, protected)
        for candidate in plan.to_raise:
            self.content.open[candidate.tenancy_ref] = _opened(candidate, as_of, frozenset())
            self.content.raised_on[candidate.tenancy_ref] = as_of
        updated = 0
        for known, candidate in plan.to_update:
            grown = _opened(
                candidate, self.content.raised_on[known.tenancy_ref], known.evidence_keys
            )
            updated += grown.evidence_keys != known.evidence_keys
            self.content.open[known.tenancy_ref] = grown
        return ReplayedNight(
            as_of=as_of,
            raised=tuple(_replayed(candidate, as_of) for candidate in plan.to_raise),
            flagged={c.tenancy_ref: _rules(c) for c in candidates},
            updated=updated,
            open=len(self.content.open),
            waiting=plan.waiting,
        )

    def _state(self, as_of: date) -> QueueState:
        return QueueState(
            as_of=as_of,
            open=self.content.open,
            closed=tuple(self.content.closed),
            raised={},
            sampled=True,
        )


def _opened(candidate: Candidate, raised_on: date, known: frozenset[EvidenceKey]) -> OpenAlert:
    return OpenAlert(
        alert_id=f"{candidate.tenancy_ref}/{raised_on.isoformat()}",
        tenancy_ref=candidate.tenancy_ref,
        state=AlertState.RAISED,
        priority=candidate.priority,
        evidence_keys=known | known_by(candidate.evidence),
        routing=candidate.routing,
    )


def _replayed(candidate: Candidate, as_of: date) -> ReplayedAlert:
    return ReplayedAlert(
        household=candidate.tenancy_ref,
        as_of=as_of,
        rank=candidate.rank,
        score=candidate.score,
        priority=candidate.priority,
        rules=_rules(candidate),
        sentences=tuple(reason.sentence for reason in candidate.reasons),
    )


def _rules(candidate: Candidate) -> tuple[str, ...]:
    return tuple(reason.rule_id for reason in candidate.reasons)
