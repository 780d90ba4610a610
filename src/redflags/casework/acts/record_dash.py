"""That a DASH, the questions about risk, was done, when, and what it came to."""

from datetime import date

from redflags.casework.acts.change_alert import change
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.clock import london
from redflags.domain.welfare_check import DashLevel
from redflags.errors import InvalidAct


def record_dash(
    work: UnitOfWork, alert_id: str, version: int, done_on: date, level: DashLevel
) -> None:
    """Record that a DASH was done, and what it came to: who makes the check, or a specialist."""
    case = open_for(work, alert_id, version, AlertAct.RECORD_DASH)
    if done_on > london(work.now).date():
        raise InvalidAct("done_on", "The day must be today or in the past")
    change(work, case, "dash_recorded", dash_done_on=done_on, dash_level=level)
