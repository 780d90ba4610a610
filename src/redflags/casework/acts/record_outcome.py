"""What came of a welfare check."""

from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import step
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove
from redflags.domain.outcome import CHECK_OUTCOMES, CONTACT_OUTCOMES, NoteKind, Outcome
from redflags.errors import InvalidAct


def record_outcome(
    work: UnitOfWork, alert_id: str, version: int, outcome: Outcome, note: str
) -> None:
    """Say what came of the check. Raises InvalidAct for what takes contact while there was none."""
    case = open_for(work, alert_id, version, AlertAct.RECORD_OUTCOME)
    if outcome not in CHECK_OUTCOMES:
        raise InvalidAct("outcome", "Choose one of the outcomes of a welfare check")
    if outcome in CONTACT_OUTCOMES and case.contacted_at_utc is None:
        raise InvalidAct("outcome", "Nobody has been spoken to yet. Log the contact first")
    details = {"outcome": outcome.value}
    step(work, case, AlertMove.RECORD_OUTCOME, "outcome_recorded", details, outcome=outcome)
    write_note(work, alert_id, NoteKind.OUTCOME, note)
