"""What the queue holds when a night begins to decide whom to put before a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from redflags.domain.alert import AlertState, EvidenceKey, Priority, Routing
from redflags.domain.outcome import Outcome


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that still waits for its end; its household gets no second one.

    `evidence_keys` are the `Evidence.keys` of the records it rests on.
    """

    alert_id: str
    tenancy_ref: str
    state: AlertState
    priority: Priority
    evidence_keys: frozenset[EvidenceKey]
    routing: Routing = Routing.GENERAL


@dataclass(frozen=True, slots=True)
class ClosedAlert:
    """An alert that came to its end; `watched_until` is blank unless somebody asked to watch.

    `evidence_keys` are the `Evidence.keys` of the records it rested on: what a person has looked at
    already.
    """

    alert_id: str
    tenancy_ref: str
    closed_on: date
    outcome: Outcome
    watched_until: date | None = None
    raised_on: date | None = None
    evidence_keys: frozenset[EvidenceKey] = frozenset()
    priority: Priority = Priority.ROUTINE


@dataclass(frozen=True, slots=True)
class QueueState:
    """The queue as a night for `as_of` finds it.

    `open` is keyed by tenancy_ref; `closed` is in order of closing, and holds nothing that was
    closed after `as_of`; `raised` counts the alerts already raised for `as_of`, by routing, so
    that a second run of the same night does not spend its capacity again; `sampled` says whether
    the sample from below the line was already drawn for `as_of`; `reviewed_later` are households
    whose alert was closed after `as_of`, which a night made up for must not raise again.
    """

    as_of: date
    open: Mapping[str, OpenAlert]
    closed: tuple[ClosedAlert, ...]
    raised: Mapping[Routing, int]
    sampled: bool
    reviewed_later: frozenset[str] = frozenset()

    @property
    def confirmed(self) -> frozenset[str]:
        """Households where a need was found: their episodes must not widen any baseline."""
        return frozenset(alert.tenancy_ref for alert in self.closed if alert.outcome.need_found)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the queue stands at one moment, in counts.

    `unclaimed` counts those whose claim lapsed, too; `look_overdue` are the unclaimed that somebody
    should have looked at by now; `contact_overdue` are welfare checks past their time in which
    nobody has been reached; `unseen` are open alerts that nobody at work may know of.
    """

    open: int = 0
    unclaimed: int = 0
    look_overdue: int = 0
    contact_overdue: int = 0
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class SampledHousehold:
    """A household just below the line, drawn at random for managers to check the line itself."""

    tenancy_ref: str
    score: float
    rank: int
    property_ref: str = ""
    patch: str = ""
