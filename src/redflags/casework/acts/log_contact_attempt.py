"""One attempt at contact in a welfare check: when, how, and whether somebody was reached."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert

from redflags.adapters.store.case_tables import CONTACT_ATTEMPTS
from redflags.casework.acts.change_alert import next_no, step
from redflags.casework.acts.open_alert import open_for
from redflags.casework.acts.plan_contact import refuse_unplanned
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove
from redflags.domain.welfare_check import AttemptResult, Channel
from redflags.errors import InvalidAct


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
    case = open_for(work, alert_id, version, AlertAct.LOG_ATTEMPT)
    refuse_unplanned(work, case)
    _refuse_out_of_time(work, case, attempted_at_utc)
    attempt_no = next_no(work, CONTACT_ATTEMPTS.c.attempt_no, alert_id)
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


def attempt_key(alert_id: str, attempt_no: int) -> str:
    """What the note on an attempt is bound to."""
    return f"contact_attempts/{alert_id}/{attempt_no}/note"


def _refuse_out_of_time(work: UnitOfWork, case: Row[Any], attempted_at_utc: datetime) -> None:
    if attempted_at_utc > work.now:
        raise InvalidAct("attempted_at", "The attempt must be in the past")
    # forms tell the minute only
    if attempted_at_utc < case.decided_at_utc.replace(second=0, microsecond=0):
        raise InvalidAct("attempted_at", "The attempt must be after the check was decided on")


def _earlier(known: datetime | None, new: datetime | None) -> datetime | None:
    return min((moment for moment in (known, new) if moment is not None), default=None)
