"""How an alert changes: seen, checked, moved by the table, written down; never half."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from redflags.adapters.store.case_tables import CASE_NOTES
from redflags.adapters.store.tables import ALERTS
from redflags.casework.policy.visibility import case_of
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import CLAIM_STATES, OPEN_STATES, AlertMove, AlertState, moved
from redflags.domain.outcome import NoteKind
from redflags.domain.people import Role
from redflags.domain.welfare_check import said
from redflags.errors import CaseChanged, IllegalMove, NotAllowed

CHANGED = "Somebody else changed this alert since you opened it. Look at it again before you act."
_NOBODY: Mapping[str, object] = {}


def opened(work: UnitOfWork, alert_id: str, version: int, move: AlertMove) -> Row[Any]:
    """The alert, locked, for `move`.

    Raises NotForYou, CaseChanged when it is not as the person saw it, IllegalMove when the table
    has no such move.
    """
    case = _as_seen(work, alert_id, version)
    moved(AlertState(case.state), move)
    return case


def opened_in(work: UnitOfWork, alert_id: str, version: int, *states: AlertState) -> Row[Any]:
    """The alert, locked, for an act that moves nothing but has its place in some `states`.

    Raises NotForYou, CaseChanged, IllegalMove when it is in none of them.
    """
    case = _as_seen(work, alert_id, version)
    if AlertState(case.state) not in states:
        expected = " or ".join(states)
        raise IllegalMove(f"this is for an alert that is {expected}, and this one is {case.state}")
    return case


def opened_to_read(work: UnitOfWork, alert_id: str, version: int) -> Row[Any]:
    """The alert, locked, for whoever works on it: it is open, and they may read it.

    Raises NotForYou, CaseChanged, IllegalMove for a closed one, NotAllowed.
    """
    case = _as_seen(work, alert_id, version)
    if AlertState(case.state) not in OPEN_STATES:
        raise IllegalMove("this alert is closed; it would have to be reopened first")
    if not case.may_read:
        raise NotAllowed("This is for who works on the alert")
    return case


def only(is_theirs: bool, whose: str) -> None:
    """Raises NotAllowed, saying whose act it is, unless it is theirs."""
    if not is_theirs:
        raise NotAllowed(f"This is for {whose}")


def only_roles(work: UnitOfWork, roles: frozenset[Role], whose: str) -> None:
    """Raises NotAllowed unless the person has one of `roles`."""
    only(work.person.has(*roles), whose)


def holds_claim(work: UnitOfWork, case: Row[Any]) -> bool:
    return bool(case.claimed_by == work.person.person_id)


def is_assignee(work: UnitOfWork, case: Row[Any]) -> bool:
    return bool(case.assigned_to == work.person.person_id)


def step(
    work: UnitOfWork,
    case: Row[Any],
    move: AlertMove,
    action: str,
    details: Mapping[str, object] = _NOBODY,
    **values: object,
) -> Row[Any]:
    """Move the alert and write it down; the alert as it is then.

    A claim runs anew from every move that leaves the alert claimed, and ends with any other.
    """
    state = moved(AlertState(case.state), move)
    lapses = _new_end(work) if state in CLAIM_STATES else None
    row = _update(work, case, {"state": state, "claim_lapses_at_utc": lapses, **values})
    work.write(action, case.alert_id, state=state.value, **details)
    return row


def change(
    work: UnitOfWork,
    case: Row[Any],
    action: str,
    details: Mapping[str, object] = _NOBODY,
    **values: object,
) -> Row[Any]:
    """Write down an act that moves nothing; one of the claimant's own renews the claim."""
    if AlertState(case.state) in CLAIM_STATES and holds_claim(work, case):
        values["claim_lapses_at_utc"] = _new_end(work)
    row = _update(work, case, values)
    work.write(action, case.alert_id, **details)
    return row


def write_note(work: UnitOfWork, alert_id: str, kind: NoteKind, text: str) -> None:
    """Seal what was said into the case notes, unless it was left blank. The alert is locked."""
    if not text.strip():
        return
    last = select(func.coalesce(func.max(CASE_NOTES.c.note_no), 0)).filter_by(alert_id=alert_id)
    note_no = work.connection.execute(last).scalar_one() + 1
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


def _as_seen(work: UnitOfWork, alert_id: str, version: int) -> Row[Any]:
    case = case_of(work, alert_id, lock=True)
    if case.version != version:
        raise CaseChanged(CHANGED)
    return case


def _update(work: UnitOfWork, case: Row[Any], values: Mapping[str, object]) -> Row[Any]:
    this = (ALERTS.c.alert_id == case.alert_id) & (ALERTS.c.version == case.version)
    changed = update(ALERTS).where(this).values(version=case.version + 1, **values)
    row = work.connection.execute(changed.returning(ALERTS)).one_or_none()
    if row is None:
        raise CaseChanged(CHANGED)
    return row


def _new_end(work: UnitOfWork) -> datetime:
    return work.now + work.review.times.claim
