"""The end of an alert, and its beginning again: an outcome and a reason, always (P15, P21)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from redflags.adapters.store.alert_conditions import is_open
from redflags.adapters.store.case_tables import HOMES, REFERRALS
from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts.change_alert import (
    is_assignee,
    only,
    opened,
    opened_in,
    step,
    write_note,
)
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove, AlertState, Priority, Routing
from redflags.domain.clock import london
from redflags.domain.outcome import CHECK_OUTCOMES, TRIAGE_OUTCOMES, NoteKind, Outcome
from redflags.domain.people import OVERSEEING_ROLES
from redflags.domain.welfare_check import ReferralState, said
from redflags.errors import IllegalMove, InvalidAct

ASSIGNEE = "whoever makes the welfare check"


def close(
    work: UnitOfWork, alert_id: str, version: int, reason: str, watched_until: date | None = None
) -> None:
    """Close with the outcome that was recorded. Raises IllegalMove while none was."""
    case = opened_in(work, alert_id, version, AlertState.OUTCOME_RECORDED)
    only(is_assignee(work, case), ASSIGNEE)
    outcome = Outcome(case.outcome)
    end(work, case, AlertMove.CLOSE, outcome, CHECK_OUTCOMES, reason, watched_until)


def stop(work: UnitOfWork, alert_id: str, version: int, outcome: Outcome, reason: str) -> None:
    """Close a check before anybody tried to make contact: for managers and specialists."""
    case = opened(work, alert_id, version, AlertMove.STOP)
    only(work.person.has(*OVERSEEING_ROLES), "managers and specialists")
    end(work, case, AlertMove.STOP, outcome, TRIAGE_OUTCOMES, reason)


def reopen(work: UnitOfWork, alert_id: str, version: int, reason: str) -> None:
    """Put a closed alert back on the waiting list: a manager, a specialist, or who closed it.

    What was decided, planned and tried stays in the notes and the audit trail. Where the household
    is the specialist's alone by now, so is the alert. Raises IllegalMove when the household has
    another alert by now.
    """
    case = opened(work, alert_id, version, AlertMove.REOPEN)
    closed_it = case.closed_by == work.person.person_id
    only(closed_it or work.person.has(*OVERSEEING_ROLES), "managers, specialists and who closed it")
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


def end(
    work: UnitOfWork,
    case: Row[Any],
    move: AlertMove,
    outcome: Outcome,
    possible: Collection[Outcome],
    reason: str,
    watched_until: date | None = None,
) -> None:
    """Close the alert by `move`. Raises InvalidAct; nothing is written then."""
    if outcome not in possible:
        raise InvalidAct("outcome", "Choose one of the outcomes in the list")
    text = said("reason", reason)
    _refuse_watch(work, watched_until)
    _refuse_while_waiting(work, case)
    stopped = move is AlertMove.STOP
    step(
        work,
        case,
        move,
        "check_stopped" if stopped else "alert_closed",
        {"outcome": outcome.value, "from": case.state, "watched": watched_until is not None},
        outcome=outcome,
        closed_on=_today(work),
        closed_at_utc=work.now,
        closed_by=work.person.person_id,
        watched_until=watched_until,
        asked_person=None,
    )
    write_note(work, case.alert_id, NoteKind.STOPPED if stopped else NoteKind.CLOSED, text)


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


def _refuse_watch(work: UnitOfWork, watched_until: date | None) -> None:
    longest = work.review.times.watch
    if watched_until is None or _today(work) < watched_until <= _today(work) + longest:
        return
    raise InvalidAct(
        "watched_until", f"Choose a day after today and within the next {longest.days} days"
    )


def _refuse_while_waiting(work: UnitOfWork, case: Row[Any]) -> None:
    waiting = select(REFERRALS.c.referral_id).where(
        REFERRALS.c.alert_id == case.alert_id,
        REFERRALS.c.state == ReferralState.WAITING_FOR_AGREEMENT,
    )
    if work.connection.execute(waiting.limit(1)).one_or_none() is not None:
        raise InvalidAct(
            "referral", "A referral waits for a second person. It must be answered before you close"
        )


def _refuse_beside_another(work: UnitOfWork, case: Row[Any]) -> None:
    another = select(ALERTS.c.alert_id).where(ALERTS.c.tenancy_ref == case.tenancy_ref, is_open())
    if work.connection.execute(another.limit(1)).one_or_none() is not None:
        raise IllegalMove("this household has another alert that is open; work on that one")


def _routing_now(work: UnitOfWork, case: Row[Any]) -> str:
    """The specialist's alone where the household has become that since the alert was closed."""
    home = select(HOMES.c.routing).where(HOMES.c.household_ref == case.tenancy_ref)
    is_theirs = work.connection.execute(home).scalar_one_or_none() == Routing.SPECIALIST
    return Routing.SPECIALIST if is_theirs else str(case.routing)


def _today(work: UnitOfWork) -> date:
    return london(work.now).date()
