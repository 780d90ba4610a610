"""Taking an alert from the waiting list, the next one or one by name, and putting it back."""

from typing import Any

from sqlalchemy import Row, func, select

from redflags.adapters.store.alerts.alert_conditions import is_claimed
from redflags.adapters.store.alerts.waiting_order import waiting_order
from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import step
from redflags.casework.acts.lapse_claims import lapse_claims
from redflags.casework.acts.open_alert import case_of, open_for
from redflags.casework.policy.permissions import AlertAct, enforce, enforce_role
from redflags.casework.policy.visibility import may_know
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove, AlertState
from redflags.domain.outcome import NoteKind
from redflags.domain.welfare_check import said
from redflags.errors import InvalidAct


def take_next(work: UnitOfWork) -> str | None:
    """Claim the most urgent alert that waits; its id, or None when nothing waits for them.

    Claims that have lapsed wait again. Nobody takes what somebody else is just taking. Raises
    NotAllowed without a deciding role, InvalidAct when they hold enough already.
    """
    enforce_role(AlertAct.CLAIM, work.person)
    work.take_turn()
    lapse_claims(work.connection, work.now)
    _refuse_too_many(work)
    waiting = (
        select(ALERTS)
        .where(ALERTS.c.state == AlertState.RAISED, may_know(work.person))
        .order_by(*waiting_order(ALERTS))
        .limit(1)
        .with_for_update(of=ALERTS, key_share=True, skip_locked=True)
    )
    row = work.connection.execute(waiting).one_or_none()
    return None if row is None else _claimed(work, row)


def claim(work: UnitOfWork, alert_id: str) -> None:
    """Take this alert. Raises IllegalMove when somebody has it; else as `take_next`."""
    row = case_of(work, alert_id, lock=True)
    enforce(AlertAct.CLAIM, work.person, row)
    _refuse_too_many(work)
    _claimed(work, row)


def release(work: UnitOfWork, alert_id: str, version: int, reason: str) -> None:
    """Put it back for somebody else, saying why."""
    row = open_for(work, alert_id, version, AlertAct.RELEASE)
    text = said("reason", reason)
    step(work, row, AlertMove.RELEASE, "claim_released", claimed_by=None)
    write_note(work, alert_id, NoteKind.RELEASED, text)


def _claimed(work: UnitOfWork, row: Row[Any]) -> str:
    step(work, row, AlertMove.CLAIM, "alert_claimed", claimed_by=work.person.person_id)
    return str(row.alert_id)


def _refuse_too_many(work: UnitOfWork) -> None:
    most = work.review.work.claims_at_once.value
    held = select(func.count()).where(
        ALERTS.c.claimed_by == work.person.person_id,
        is_claimed(work.now),
        may_know(work.person),  # one they must not know of any more is not there at all
    )
    if work.connection.execute(held).scalar_one() >= most:
        raise InvalidAct(
            "take_next", f"You have {most} alerts already. Decide on one or put one back first"
        )
