"""A manager gives alerts, or welfare checks under way, to somebody (P16)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from redflags.casework.acts.assign_check import give_check
from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import step
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct, enforce_role
from redflags.casework.policy.who_can_take import refuse_unless_takes
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertMove, AlertState, states_for
from redflags.domain.outcome import NoteKind
from redflags.domain.welfare_check import said
from redflags.errors import InvalidAct


def give(work: UnitOfWork, seen: Mapping[str, int], person_id: str, reason: str) -> None:
    """Give alerts, or welfare checks that are under way, to somebody: all of them, or none.

    `seen` is each alert's version as it was seen. Raises NotAllowed for who is no manager,
    NotForYou, CaseChanged when somebody changed one meanwhile, IllegalMove for a closed one,
    InvalidAct when the person cannot take every one, no alert was chosen or the reason is blank.
    """
    enforce_role(AlertAct.GIVE, work.person)
    if not seen:
        raise InvalidAct("alerts", "Choose at least one alert")
    text = said("reason", reason)
    # in one order, and all of it checked before any of it is written
    cases = [_givable(work, *as_seen, person_id) for as_seen in sorted(seen.items())]
    for case in cases:
        _give(work, case, person_id)
        write_note(work, case.alert_id, NoteKind.GIVEN, text)


def _givable(work: UnitOfWork, alert_id: str, version: int, person_id: str) -> Row[Any]:
    case = open_for(work, alert_id, version, AlertAct.GIVE)
    refuse_unless_takes(work.connection, alert_id, person_id)
    return case


def _give(work: UnitOfWork, case: Row[Any], person_id: str) -> None:
    if AlertState(case.state) in states_for(AlertMove.ASSIGN):
        give_check(work, case, person_id)
        return
    values = {"claimed_by": person_id, "asked_person": None}
    step(work, case, AlertMove.GIVE, "alert_given", {"person": person_id}, **values)
