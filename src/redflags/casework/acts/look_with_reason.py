"""A manager or a specialist says why they look at an alert, and sees it for a while (P13)."""

from redflags.adapters.store.case_tables import EVIDENCE_GRANTS
from redflags.adapters.store.natural_key_writes import put
from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.open_alert import case_of
from redflags.casework.policy.permissions import AlertAct, enforce
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.outcome import NoteKind
from redflags.domain.welfare_check import said


def look_with_reason(work: UnitOfWork, alert_id: str, reason: str) -> None:
    """See the evidence for a while, having said why; for managers and specialists.

    It changes nothing for who works on the alert. Raises InvalidAct for a blank reason.
    """
    case = case_of(work, alert_id, lock=True)
    enforce(AlertAct.LOOK_WITH_REASON, work.person, case)
    text = said("reason", reason)
    until = work.now + work.review.times.evidence_grant
    grant = {"alert_id": alert_id, "person_id": work.person.person_id, "expires_at_utc": until}
    put(work.connection, EVIDENCE_GRANTS, grant)
    write_note(work, alert_id, NoteKind.LOOKED, text)
    work.write("evidence_granted", alert_id, until=until.isoformat())
