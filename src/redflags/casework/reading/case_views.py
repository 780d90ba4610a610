"""One case as a page shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from redflags.domain.alert import CHECK_STATES, AlertState, Evidence, Origin, Priority, Routing
from redflags.domain.alert_deadlines import is_overdue
from redflags.domain.outcome import NoteKind, Outcome
from redflags.domain.people import PersonName
from redflags.domain.welfare_check import (
    AttemptResult,
    Basis,
    Channel,
    DashLevel,
    ReferralKind,
    ReferralState,
    SafeContactPlan,
)


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One rule that spoke, and the records behind it."""

    rule_id: str
    sentence: str
    added_on: date
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt at contact."""

    attempted_at_utc: datetime
    channel: Channel
    result: AttemptResult
    note: str
    by: PersonName
    logged_at_utc: datetime


@dataclass(frozen=True, slots=True)
class ReferralView:
    """One referral; `reason` is blank on grounds of consent, the consent blank on others."""

    referral_id: str
    kind: ReferralKind
    basis: Basis
    state: ReferralState
    reason: str
    consent_taken_by: str
    consent_taken_at_utc: datetime | None
    asked_by: PersonName
    asked_at_utc: datetime
    answered_by: PersonName | None
    answered_at_utc: datetime | None


@dataclass(frozen=True, slots=True)
class NoteView:
    """What somebody wrote, and what for."""

    kind: NoteKind
    text: str
    by: PersonName
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class ConcernView:
    """What a colleague saw; their role, not their name."""

    seen: str
    observed_on: date
    reporter_role: str
    in_danger: bool


@dataclass(frozen=True, slots=True)
class EarlierAlert:
    """Another alert of the household that this person may know of."""

    alert_id: str
    raised_on: date
    closed_on: date | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """An alert as one person sees it; `mine`: they hold it, or were asked.

    Without `may_read` all from `outcome` on is blank, whatever there is: what came of a check
    says as much as what led to it. A claim that has lapsed shows as none.
    """

    alert_id: str
    patch: str
    raised_on: date
    priority: Priority
    routing: Routing
    origin: Origin
    state: AlertState
    version: int
    look_by_at_utc: datetime | None
    due_at_utc: datetime | None
    claimed_by: PersonName | None
    asked_person: PersonName | None
    assigned_to: PersonName | None
    decided_by: PersonName | None
    closed_by: PersonName | None
    claim_lapses_at_utc: datetime | None
    decided_at_utc: datetime | None
    first_attempt_at_utc: datetime | None
    contacted_at_utc: datetime | None
    closed_on: date | None
    reopened_at_utc: datetime | None
    may_read: bool
    mine: bool
    outcome: Outcome | None = None
    watched_until: date | None = None
    dash_done_on: date | None = None
    dash_level: DashLevel | None = None
    recharge_asked_at_utc: datetime | None = None
    tenancy_ref: str = ""
    property_ref: str = ""
    reasons: tuple[ReasonView, ...] = ()
    plan: SafeContactPlan | None = None
    plan_made_by: PersonName | None = None
    plan_made_at_utc: datetime | None = None
    attempts: tuple[AttemptView, ...] = ()
    referrals: tuple[ReferralView, ...] = ()
    notes: tuple[NoteView, ...] = ()
    concerns: tuple[ConcernView, ...] = ()
    earlier: tuple[EarlierAlert, ...] = ()
    has_texts: bool = False

    @property
    def is_check(self) -> bool:
        """A welfare check is under way."""
        return self.state in CHECK_STATES

    @property
    def was_contacted_in_time(self) -> bool:
        """Somebody was reached within the 48 hours."""
        contacted = self.contacted_at_utc
        return contacted is not None and not is_overdue(self.due_at_utc, contacted)


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """The text of one record behind an alert, as it was written down at the time."""

    table: str
    ref: str
    occurred_on: date
    text: str
