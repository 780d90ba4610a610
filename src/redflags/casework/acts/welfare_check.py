"""The welfare check: who makes it, how contact is planned and tried, and what came of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Table, func, insert, select

from redflags.adapters.store.case_tables import CONTACT_ATTEMPTS, CONTACT_PLANS
from redflags.casework.acts.change_alert import (
    change,
    is_assignee,
    only,
    opened,
    opened_in,
    opened_to_read,
    step,
    write_note,
)
from redflags.casework.acts.close_and_reopen import ASSIGNEE, close, reopen, stop
from redflags.casework.policy.visibility import refuse_unless_takes
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import ASSIGNED_STATES, AlertMove
from redflags.domain.clock import london
from redflags.domain.outcome import CHECK_OUTCOMES, CONTACT_OUTCOMES, NoteKind, Outcome
from redflags.domain.people import OVERSEEING_ROLES, Role
from redflags.domain.welfare_check import AttemptResult, Channel, DashLevel, SafeContactPlan, said
from redflags.errors import InvalidAct

__all__ = [
    "add_note",
    "ask_recharge_review",
    "assign",
    "close",
    "give_check",
    "log_attempt",
    "make_plan",
    "record_dash",
    "record_outcome",
    "reopen",
    "stop",
]


def assign(work: UnitOfWork, alert_id: str, version: int, person_id: str, reason: str = "") -> None:
    """Say who makes the check, or hand it to somebody else: who decided, managers, specialists."""
    case = opened(work, alert_id, version, AlertMove.ASSIGN)
    decided = work.person.person_id in (case.claimed_by, case.decided_by)
    only(decided or work.person.has(*OVERSEEING_ROLES), "who decided, managers and specialists")
    refuse_unless_takes(work, alert_id, person_id)
    give_check(work, case, person_id)
    write_note(work, alert_id, NoteKind.GIVEN, reason)


def give_check(work: UnitOfWork, case: Row[Any], person_id: str) -> None:
    """Make the check that person's; who decided needs to read it no more (P13)."""
    values = {"assigned_to": person_id, "claimed_by": None, "asked_person": None}
    step(work, case, AlertMove.ASSIGN, "check_assigned", {"person": person_id}, **values)


def make_plan(work: UnitOfWork, alert_id: str, version: int, plan: SafeContactPlan) -> None:
    """Plan safe contact, or plan it anew; earlier plans stay (P9)."""
    case = opened_in(work, alert_id, version, *ASSIGNED_STATES)
    only(is_assignee(work, case), ASSIGNEE)
    plan_no = _last_no(work, CONTACT_PLANS, "plan_no", alert_id) + 1
    texts = {
        f"{part}_sealed": work.seal(getattr(plan, part), plan_key(alert_id, plan_no, part))
        for part in PLAN_TEXTS
    }
    values = {
        "alert_id": alert_id,
        "plan_no": plan_no,
        "channel": plan.channel,
        "no_messages_left": plan.no_messages_left,
        "made_by": work.person.person_id,
        "made_at_utc": work.now,
    }
    work.connection.execute(insert(CONTACT_PLANS).values(**values, **texts))
    change(work, case, "plan_made", {"channel": plan.channel.value})


def log_attempt(
    work: UnitOfWork,
    alert_id: str,
    version: int,
    attempted_at_utc: datetime,
    channel: Channel,
    result: AttemptResult,
    note: str,
) -> None:
    """Log one attempt at contact; a blank `note` will do.

    Raises InvalidAct without a plan made for this check, for an attempt in the future, and for
    one before the check was decided.
    """
    case = opened(work, alert_id, version, AlertMove.LOG_ATTEMPT)
    only(is_assignee(work, case), ASSIGNEE)
    _refuse_unplanned(work, case)
    _refuse_out_of_time(work, case, attempted_at_utc)
    attempt_no = _last_no(work, CONTACT_ATTEMPTS, "attempt_no", alert_id) + 1
    values = {
        "alert_id": alert_id,
        "attempt_no": attempt_no,
        "attempted_at_utc": attempted_at_utc,
        "channel": channel,
        "result": result,
        "note_sealed": work.seal(note.strip(), attempt_key(alert_id, attempt_no)),
        "logged_by": work.person.person_id,
        "logged_at_utc": work.now,
    }
    work.connection.execute(insert(CONTACT_ATTEMPTS).values(**values))
    contacted = attempted_at_utc if result.reached else None
    step(
        work,
        case,
        AlertMove.LOG_ATTEMPT,
        "attempt_logged",
        {"channel": channel.value, "result": result.value},
        first_attempt_at_utc=_earlier(case.first_attempt_at_utc, attempted_at_utc),
        contacted_at_utc=_earlier(case.contacted_at_utc, contacted),
        outcome=None,
    )


def record_outcome(
    work: UnitOfWork, alert_id: str, version: int, outcome: Outcome, note: str
) -> None:
    """Say what came of the check. Raises InvalidAct for what takes contact while there was none."""
    case = opened(work, alert_id, version, AlertMove.RECORD_OUTCOME)
    only(is_assignee(work, case), ASSIGNEE)
    if outcome not in CHECK_OUTCOMES:
        raise InvalidAct("outcome", "Choose one of the outcomes of a welfare check")
    if outcome in CONTACT_OUTCOMES and case.contacted_at_utc is None:
        raise InvalidAct("outcome", "Nobody has been spoken to yet. Log the contact first")
    details = {"outcome": outcome.value}
    step(work, case, AlertMove.RECORD_OUTCOME, "outcome_recorded", details, outcome=outcome)
    write_note(work, alert_id, NoteKind.OUTCOME, note)


def record_dash(
    work: UnitOfWork, alert_id: str, version: int, done_on: date, level: DashLevel
) -> None:
    """Record that a DASH was done, and what it came to: who makes the check, or a specialist."""
    case = opened_in(work, alert_id, version, *ASSIGNED_STATES)
    only(is_assignee(work, case) or work.person.has(Role.SPECIALIST), f"{ASSIGNEE} or a specialist")
    if done_on > london(work.now).date():
        raise InvalidAct("done_on", "The day must be today or in the past")
    change(work, case, "dash_recorded", dash_done_on=done_on, dash_level=level)


def ask_recharge_review(work: UnitOfWork, alert_id: str, version: int, reason: str) -> None:
    """Ask that recharging the household for damage be looked at again (P19). Nothing is sent."""
    case = opened_to_read(work, alert_id, version)
    text = said("reason", reason)
    change(work, case, "recharge_review_asked", recharge_asked_at_utc=work.now)
    write_note(work, alert_id, NoteKind.RECHARGE, text)


def add_note(work: UnitOfWork, alert_id: str, version: int, text: str) -> None:
    """Add to the case notes; for whoever may read them."""
    case = opened_to_read(work, alert_id, version)
    words = said("text", text)
    change(work, case, "note_added")
    write_note(work, alert_id, NoteKind.NOTE, words)


PLAN_TEXTS = ("when", "not_told", "neutral_reason")


def plan_key(alert_id: str, plan_no: int, part: str) -> str:
    """What a text of a plan is bound to; `part` is one of PLAN_TEXTS."""
    return f"contact_plans/{alert_id}/{plan_no}/{part}"


def attempt_key(alert_id: str, attempt_no: int) -> str:
    """What the note on an attempt is bound to."""
    return f"contact_attempts/{alert_id}/{attempt_no}/note"


def _refuse_unplanned(work: UnitOfWork, case: Row[Any]) -> None:
    """A plan of an earlier check does not count: what was safe then may not be safe now."""
    last = select(func.max(CONTACT_PLANS.c.made_at_utc)).filter_by(alert_id=case.alert_id)
    made_at_utc = work.connection.execute(last).scalar_one()
    if made_at_utc is None or made_at_utc < case.decided_at_utc:
        raise InvalidAct("plan", "Plan safe contact first")


def _refuse_out_of_time(work: UnitOfWork, case: Row[Any], attempted_at_utc: datetime) -> None:
    if attempted_at_utc > work.now:
        raise InvalidAct("attempted_at", "The attempt must have been made already")
    # forms tell the minute only
    if attempted_at_utc < case.decided_at_utc.replace(second=0, microsecond=0):
        raise InvalidAct("attempted_at", "The attempt must be after the check was decided")


def _last_no(work: UnitOfWork, table: Table, column: str, alert_id: str) -> int:
    last = select(func.coalesce(func.max(table.c[column]), 0)).filter_by(alert_id=alert_id)
    return int(work.connection.execute(last).scalar_one())


def _earlier(known: datetime | None, new: datetime | None) -> datetime | None:
    return min((moment for moment in (known, new) if moment is not None), default=None)
