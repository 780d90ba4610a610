"""A closed alert put back on the waiting list, with a reason (P15, P21)."""

from typing import Any

from sqlalchemy import Row, select

from redflags.adapters.store.alerts.alert_conditions import is_open
from redflags.adapters.store.case_tables import HOMES
from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import step
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove, Priority, Routing
from redflags.domain.outcome import NoteKind
from redflags.domain.welfare_check import said
from redflags.errors import IllegalMove


def reopen(work: UnitOfWork, alert_id: str, version: int, reason: str) -> None:
    """Put a closed alert back on the waiting list: a manager, a specialist, or who closed it.

    What was decided, planned and tried stays in the notes and the audit trail. Where the household
    is the specialist's alone by now, so is the alert. Raises IllegalMove when the household has
    another alert by now.
    """
    case = open_for(work, alert_id, version, AlertAct.REOPEN)
    text = said("reason", reason)
    _refuse_beside_another(work, case)
    step(
        work,
        case,
        AlertMove.REOPEN,
        "alert_reopened",
        {"outcome": case.outcome, "closed_on": case.closed_on.isoformat()},
        **dict.fromkeys(_ROUND),
        routing=_routing_now(work, case),
        reopened_at_utc=work.now,
        look_by_at_utc=work.now + work.review.times.look_within(Priority(case.priority).label),
    )
    write_note(work, alert_id, NoteKind.REOPENED, text)


_ROUND = (
    "claimed_by",
    "asked_person",
    "decided_by",
    "decided_at_utc",
    "due_at_utc",
    "assigned_to",
    "first_attempt_at_utc",
    "contacted_at_utc",
    "outcome",
    "closed_on",
    "closed_by",
    "closed_at_utc",
    "watched_until",
)
"""What belongs to one round of an alert, and begins empty in the next."""


def _refuse_beside_another(work: UnitOfWork, case: Row[Any]) -> None:
    another = select(ALERTS.c.alert_id).where(ALERTS.c.tenancy_ref == case.tenancy_ref, is_open())
    if work.connection.execute(another.limit(1)).one_or_none() is not None:
        raise IllegalMove("this household has another alert that is open; work on that one instead")


def _routing_now(work: UnitOfWork, case: Row[Any]) -> str:
    """The specialist's alone where the household has become that since the alert was closed."""
    home = select(HOMES.c.routing).where(HOMES.c.household_ref == case.tenancy_ref)
    is_theirs = work.connection.execute(home).scalar_one_or_none() == Routing.SPECIALIST
    return Routing.SPECIALIST if is_theirs else str(case.routing)
