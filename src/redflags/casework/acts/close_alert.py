"""The end of an alert: at triage, after a welfare check, or by calling a check off (P15, P21)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from redflags.adapters.store.case_tables import REFERRALS
from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import step
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove
from redflags.domain.clock import london
from redflags.domain.outcome import CHECK_OUTCOMES, TRIAGE_OUTCOMES, NoteKind, Outcome
from redflags.domain.welfare_check import ReferralState, said
from redflags.errors import InvalidAct


def close_at_triage(
    work: UnitOfWork,
    alert_id: str,
    version: int,
    outcome: Outcome,
    reason: str,
    watched_until: date | None = None,
) -> None:
    """Close without a welfare check, with an outcome and a reason (P15).

    Raises InvalidAct for an outcome that only a welfare check can have, a blank reason, a watch
    that is past or too long, or while a referral waits for a second person.
    """
    row = open_for(work, alert_id, version, AlertAct.CLOSE_AT_TRIAGE)
    _end(work, row, AlertMove.CLOSE, outcome, TRIAGE_OUTCOMES, reason, watched_until)


def close(
    work: UnitOfWork, alert_id: str, version: int, reason: str, watched_until: date | None = None
) -> None:
    """Close with the outcome that was recorded. Raises IllegalMove while none was."""
    case = open_for(work, alert_id, version, AlertAct.CLOSE_CHECK)
    outcome = Outcome(case.outcome)
    _end(work, case, AlertMove.CLOSE, outcome, CHECK_OUTCOMES, reason, watched_until)


def stop(work: UnitOfWork, alert_id: str, version: int, outcome: Outcome, reason: str) -> None:
    """Close a check before anybody tried to make contact: for managers and specialists."""
    case = open_for(work, alert_id, version, AlertAct.STOP_CHECK)
    _end(work, case, AlertMove.STOP, outcome, TRIAGE_OUTCOMES, reason)


def _end(
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
            "referral",
            "A referral is waiting for a second person. It must be answered before you close",
        )


def _today(work: UnitOfWork) -> date:
    return london(work.now).date()
