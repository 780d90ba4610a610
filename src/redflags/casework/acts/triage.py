"""From the waiting list to a decision: take, ask, decide, put back, or close at once."""

from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from redflags.adapters.store.alert_conditions import is_claimed
from redflags.adapters.store.tables import ALERTS
from redflags.adapters.store.waiting_order import waiting_order
from redflags.casework.acts.change_alert import (
    holds_claim,
    only,
    only_roles,
    opened,
    opened_in,
    step,
    write_note,
)
from redflags.casework.acts.close_and_reopen import end
from redflags.casework.acts.lapse_claims import lapse_claims
from redflags.casework.acts.welfare_check import give_check
from redflags.casework.policy.visibility import case_of, may_know, refuse_unless_takes
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove, AlertState, moved
from redflags.domain.clock import due_at
from redflags.domain.outcome import TRIAGE_OUTCOMES, NoteKind, Outcome
from redflags.domain.people import DECIDING_ROLES
from redflags.domain.welfare_check import said
from redflags.errors import InvalidAct

__all__ = [
    "answer",
    "ask_colleague",
    "claim",
    "close_at_triage",
    "decide_welfare_check",
    "lapse_claims",
    "release",
    "take_next",
    "take_over",
]
DECIDERS = "reviewers and specialists"
CLAIMANT = "whoever has taken the alert"


def take_next(work: UnitOfWork) -> str | None:
    """Claim the most urgent alert that waits; its id, or None when nothing waits for them.

    Claims that have lapsed wait again. Nobody takes what somebody else is just taking. Raises
    NotAllowed without a deciding role, InvalidAct when they hold enough already.
    """
    only_roles(work, DECIDING_ROLES, DECIDERS)
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
    moved(AlertState(row.state), AlertMove.CLAIM)
    only_roles(work, DECIDING_ROLES, DECIDERS)
    _refuse_too_many(work)
    _claimed(work, row)


def release(work: UnitOfWork, alert_id: str, version: int, reason: str) -> None:
    """Put it back for somebody else, saying why."""
    row = opened(work, alert_id, version, AlertMove.RELEASE)
    only(holds_claim(work, row), CLAIMANT)
    text = said("reason", reason)
    step(work, row, AlertMove.RELEASE, "claim_released", claimed_by=None)
    write_note(work, alert_id, NoteKind.RELEASED, text)


def ask_colleague(
    work: UnitOfWork, alert_id: str, version: int, person_id: str, question: str
) -> None:
    """Let one colleague read it too, and answer. Raises InvalidAct for who cannot take it."""
    row = opened(work, alert_id, version, AlertMove.ASK_COLLEAGUE)
    only(holds_claim(work, row), CLAIMANT)
    if person_id == work.person.person_id:
        raise InvalidAct("person", "Choose somebody else than yourself")
    refuse_unless_takes(work, alert_id, person_id)
    text = said("question", question)
    asked = {"person": person_id}
    step(work, row, AlertMove.ASK_COLLEAGUE, "colleague_asked", asked, asked_person=person_id)
    write_note(work, alert_id, NoteKind.QUESTION, text)


def answer(work: UnitOfWork, alert_id: str, version: int, text: str) -> None:
    """Answer what one was asked; it is the claimant's again, with the whole time to decide."""
    row = opened(work, alert_id, version, AlertMove.ANSWER)
    only(row.asked_person == work.person.person_id, "the colleague who was asked")
    words = said("text", text)
    step(work, row, AlertMove.ANSWER, "question_answered", asked_person=None)
    write_note(work, alert_id, NoteKind.ANSWER, words)


def take_over(work: UnitOfWork, alert_id: str, version: int) -> None:
    """Of the two, who asked and who was asked, the one who acts has it alone from here on."""
    row = opened(work, alert_id, version, AlertMove.TAKE_OVER)
    me = work.person.person_id
    only(me in (row.claimed_by, row.asked_person), "who asked and who was asked")
    only_roles(work, DECIDING_ROLES, DECIDERS)
    step(
        work,
        row,
        AlertMove.TAKE_OVER,
        "alert_taken_over",
        {"from": row.claimed_by},
        claimed_by=me,
        asked_person=None,
    )


def decide_welfare_check(
    work: UnitOfWork, alert_id: str, version: int, reason: str, assign_to: str = ""
) -> None:
    """Decide on a welfare check: contact is due 48 hours from now (P7).

    With `assign_to` it is that person's at once. Raises InvalidAct for a blank reason or somebody
    who cannot take it.
    """
    row = opened(work, alert_id, version, AlertMove.ASK_FOR_WELFARE_CHECK)
    only(holds_claim(work, row), CLAIMANT)
    only_roles(work, DECIDING_ROLES, DECIDERS)
    text = said("reason", reason)
    if assign_to:
        refuse_unless_takes(work, alert_id, assign_to)
    decided = step(
        work,
        row,
        AlertMove.ASK_FOR_WELFARE_CHECK,
        "welfare_check_decided",
        decided_by=work.person.person_id,
        decided_at_utc=work.now,
        due_at_utc=due_at(work.now),
    )
    write_note(work, alert_id, NoteKind.DECISION, text)
    if assign_to:
        give_check(work, decided, assign_to)


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
    row = opened_in(work, alert_id, version, AlertState.CLAIMED)
    only(holds_claim(work, row), CLAIMANT)
    only_roles(work, DECIDING_ROLES, DECIDERS)
    end(work, row, AlertMove.CLOSE, outcome, TRIAGE_OUTCOMES, reason, watched_until)


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
            "take_next", f"You have {most} alerts already. Decide on one or put it back first"
        )
