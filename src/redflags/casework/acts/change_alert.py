"""How an alert changes: moved by the transition table, with its audit entry; never half.

Nothing else in the program writes the state of an alert that is there already.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, func, select, update

from redflags.adapters.store import audit_chain
from redflags.adapters.store.tables import ALERTS
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import CLAIM_STATES, AlertMove, AlertState, moved
from redflags.errors import CaseChanged

CHANGED = "Somebody else changed this alert since you opened it. Look at it again before you act."
_NOTHING: Mapping[str, object] = {}


def step(
    work: UnitOfWork,
    case: Row[Any],
    move: AlertMove,
    action: str,
    details: Mapping[str, object] = _NOTHING,
    **values: object,
) -> Row[Any]:
    """Move the alert and write it down; the alert as it is then.

    A claim runs anew from every move that leaves the alert claimed, and ends with any other.
    """
    is_claim = moved(AlertState(case.state), move) in CLAIM_STATES
    values = {"claim_lapses_at_utc": _new_end(work) if is_claim else None, **values}
    act = audit_chain.Act(work.person.actor, action, work.now, case.alert_id, details)
    return move_alert(work.connection, case, move, act, values)


def move_alert(
    connection: Connection,
    case: Row[Any],
    move: AlertMove,
    act: audit_chain.Act,
    values: Mapping[str, object],
) -> Row[Any]:
    """The one way from state to state, for people and for the clock; `act` says who did what.

    The end of the audit trail must be locked. Raises IllegalMove when the table has no such move.
    """
    state = moved(AlertState(case.state), move)
    row = _update(connection, case, {"state": state, **values})
    audit_chain.append(connection, replace(act, details={"state": state.value, **act.details}))
    return row


def change(
    work: UnitOfWork,
    case: Row[Any],
    action: str,
    details: Mapping[str, object] = _NOTHING,
    **values: object,
) -> Row[Any]:
    """Write down an act that moves nothing; one of the claimant's own renews the claim."""
    if AlertState(case.state) in CLAIM_STATES and case.claimed_by == work.person.person_id:
        values["claim_lapses_at_utc"] = _new_end(work)
    row = _update(work.connection, case, values)
    work.write(action, case.alert_id, **details)
    return row


def next_no(work: UnitOfWork, column: Column[int], alert_id: str) -> int:
    """The next number of a note, plan or attempt of this alert, which is locked."""
    last = select(func.coalesce(func.max(column), 0)).filter_by(alert_id=alert_id)
    return int(work.connection.execute(last).scalar_one()) + 1


def _update(connection: Connection, case: Row[Any], values: Mapping[str, object]) -> Row[Any]:
    this = (ALERTS.c.alert_id == case.alert_id) & (ALERTS.c.version == case.version)
    changed = update(ALERTS).where(this).values(version=case.version + 1, **values)
    row = connection.execute(changed.returning(ALERTS)).one_or_none()
    if row is None:
        raise CaseChanged(CHANGED)
    return row


def _new_end(work: UnitOfWork) -> datetime:
    return work.now + work.review.times.claim
