"""Case notes: sealed, numbered, for whoever may read the alert."""

from sqlalchemy import insert

from redflags.adapters.store.case_tables import CASE_NOTES
from redflags.casework.acts.change_alert import change, next_no
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.outcome import NoteKind
from redflags.domain.welfare_check import said


def add_note(work: UnitOfWork, alert_id: str, version: int, text: str) -> None:
    """Add to the case notes; for whoever may read them."""
    case = open_for(work, alert_id, version, AlertAct.ADD_NOTE)
    words = said("text", text)
    change(work, case, "note_added")
    write_note(work, alert_id, NoteKind.NOTE, words)


def write_note(work: UnitOfWork, alert_id: str, kind: NoteKind, text: str) -> None:
    """Seal what was said into the case notes, unless it was left blank. The alert is locked."""
    if not text.strip():
        return
    note_no = next_no(work, CASE_NOTES.c.note_no, alert_id)
    values = {
        "alert_id": alert_id,
        "note_no": note_no,
        "kind": kind,
        "text_sealed": work.seal(said("text", text), note_key(alert_id, note_no)),
        "written_by": work.person.person_id,
        "written_at_utc": work.now,
    }
    work.connection.execute(insert(CASE_NOTES).values(**values))


def note_key(alert_id: str, note_no: int) -> str:
    """What the text of a case note is bound to."""
    return f"case_notes/{alert_id}/{note_no}/text"
