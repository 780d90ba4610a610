"""Asking a colleague about an alert before deciding, their answer, and taking it over."""

from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import step
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.policy.who_can_take import refuse_unless_takes
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove
from redflags.domain.outcome import NoteKind
from redflags.domain.welfare_check import said
from redflags.errors import InvalidAct


def ask_colleague(
    work: UnitOfWork, alert_id: str, version: int, person_id: str, question: str
) -> None:
    """Let one colleague read it too, and answer. Raises InvalidAct for who cannot take it."""
    row = open_for(work, alert_id, version, AlertAct.ASK_COLLEAGUE)
    if person_id == work.person.person_id:
        raise InvalidAct("person", "Choose somebody other than yourself")
    refuse_unless_takes(work.connection, alert_id, person_id)
    text = said("question", question)
    asked = {"person": person_id}
    step(work, row, AlertMove.ASK_COLLEAGUE, "colleague_asked", asked, asked_person=person_id)
    write_note(work, alert_id, NoteKind.QUESTION, text)


def answer(work: UnitOfWork, alert_id: str, version: int, text: str) -> None:
    """Answer what one was asked; it is the claimant's again, with the whole time to decide."""
    row = open_for(work, alert_id, version, AlertAct.ANSWER)
    words = said("text", text)
    step(work, row, AlertMove.ANSWER, "question_answered", asked_person=None)
    write_note(work, alert_id, NoteKind.ANSWER, words)


def take_over(work: UnitOfWork, alert_id: str, version: int) -> None:
    """Of the two, who asked and who was asked, the one who acts has it alone from here on."""
    row = open_for(work, alert_id, version, AlertAct.TAKE_OVER)
    step(
        work,
        row,
        AlertMove.TAKE_OVER,
        "alert_taken_over",
        {"from": row.claimed_by},
        claimed_by=work.person.person_id,
        asked_person=None,
    )
