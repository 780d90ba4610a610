"""What managers do: look after saying why, and give out work (P13, P16)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from redflags.adapters.store.case_tables import EVIDENCE_GRANTS
from redflags.adapters.store.natural_key_writes import put
from redflags.casework.acts.change_alert import only_roles, opened_in, step, write_note
from redflags.casework.acts.welfare_check import give_check
from redflags.casework.policy.visibility import case_of, refuse_unless_takes
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove, AlertState, states_for
from redflags.domain.outcome import NoteKind
from redflags.domain.people import OVERSEEING_ROLES, Role
from redflags.domain.welfare_check import said
from redflags.errors import InvalidAct


def look_with_reason(work: UnitOfWork, alert_id: str, reason: str) -> None:
    """See the evidence for a while, having said why; for managers and specialists.

    It changes nothing for who works on the alert. Raises InvalidAct for a blank reason.
    """
    case_of(work, alert_id, lock=True)
    only_roles(work, OVERSEEING_ROLES, "managers and specialists")
    text = said("reason", reason)
    until = work.now + work.review.times.evidence_grant
    grant = {"alert_id": alert_id, "person_id": work.person.person_id, "expires_at_utc": until}
    put(work.connection, EVIDENCE_GRANTS, grant)
    write_note(work, alert_id, NoteKind.LOOKED, text)
    work.write("evidence_granted", alert_id, until=until.isoformat())


def give(work: UnitOfWork, seen: Mapping[str, int], person_id: str, reason: str) -> None:
    """Give alerts, or welfare checks that are under way, to somebody: all of them, or none.

    `seen` is each alert's version as it was seen. Raises NotAllowed for who is no manager,
    NotForYou, CaseChanged when somebody changed one meanwhile, IllegalMove for a closed one,
    InvalidAct when the person cannot take every one, no alert was chosen or the reason is blank.
    """
    only_roles(work, frozenset({Role.MANAGER}), "managers")
    if not seen:
        raise InvalidAct("alerts", "Choose at least one alert")
    text = said("reason", reason)
    # in one order, and all of it checked before any of it is written
    cases = [_givable(work, *as_seen, person_id) for as_seen in sorted(seen.items())]
    for case in cases:
        _give(work, case, person_id)
        write_note(work, case.alert_id, NoteKind.GIVEN, text)


_GIVABLE = states_for(AlertMove.GIVE, AlertMove.ASSIGN)


def _givable(work: UnitOfWork, alert_id: str, version: int, person_id: str) -> Row[Any]:
    case = opened_in(work, alert_id, version, *_GIVABLE)
    refuse_unless_takes(work, alert_id, person_id)
    return case


def _give(work: UnitOfWork, case: Row[Any], person_id: str) -> None:
    if _is_check(case):
        give_check(work, case, person_id)
        return
    values = {"claimed_by": person_id, "asked_person": None}
    step(work, case, AlertMove.GIVE, "alert_given", {"person": person_id}, **values)


def _is_check(case: Row[Any]) -> bool:
    return AlertState(case.state) in states_for(AlertMove.ASSIGN)
