"""Asking that a household is not charged for damage that was not theirs (P19)."""

from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import change
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.outcome import NoteKind
from redflags.domain.welfare_check import said


def ask_recharge_review(work: UnitOfWork, alert_id: str, version: int, reason: str) -> None:
    """Ask that recharging the household for damage be looked at again (P19). Nothing is sent."""
    case = open_for(work, alert_id, version, AlertAct.ASK_RECHARGE_REVIEW)
    text = said("reason", reason)
    change(work, case, "recharge_review_asked", recharge_asked_at_utc=work.now)
    write_note(work, alert_id, NoteKind.RECHARGE, text)
