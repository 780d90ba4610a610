"""Who makes a welfare check: said for the first time, or handed to somebody else."""

from typing import Any

from sqlalchemy import Row

from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import step
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.policy.who_can_take import refuse_unless_takes
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove
from redflags.domain.outcome import NoteKind


def assign(work: UnitOfWork, alert_id: str, version: int, person_id: str, reason: str = "") -> None:
    """Say who makes the check, or hand it to somebody else: who decided, managers, specialists."""
    case = open_for(work, alert_id, version, AlertAct.ASSIGN)
    refuse_unless_takes(work.connection, alert_id, person_id)
    give_check(work, case, person_id)
    write_note(work, alert_id, NoteKind.GIVEN, reason)


def give_check(work: UnitOfWork, case: Row[Any], person_id: str) -> None:
    """Make the check that person's; who decided needs to read it no more (P13)."""
    values = {"assigned_to": person_id, "claimed_by": None, "asked_person": None}
    step(work, case, AlertMove.ASSIGN, "check_assigned", {"person": person_id}, **values)
