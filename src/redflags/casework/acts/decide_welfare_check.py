"""The decision that somebody makes a welfare check: contact is due within 48 hours (P7)."""

from redflags.casework.acts.assign_check import give_check
from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import step
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.policy.who_can_take import refuse_unless_takes
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove
from redflags.domain.clock import due_at
from redflags.domain.outcome import NoteKind
from redflags.domain.welfare_check import said


def decide_welfare_check(
    work: UnitOfWork, alert_id: str, version: int, reason: str, assign_to: str = ""
) -> None:
    """Decide on a welfare check: contact is due 48 hours from now (P7).

    With `assign_to` it is that person's at once. Raises InvalidAct for a blank reason or somebody
    who cannot take it.
    """
    row = open_for(work, alert_id, version, AlertAct.DECIDE_WELFARE_CHECK)
    text = said("reason", reason)
    if assign_to:
        refuse_unless_takes(work.connection, alert_id, assign_to)
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
