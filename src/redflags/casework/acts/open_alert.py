"""An alert as one person comes to it: there for them, as they saw it, theirs to act on."""

from typing import Any

from sqlalchemy import Row, select

from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts.change_alert import CHANGED
from redflags.casework.acts.lapse_claims import let_lapse
from redflags.casework.policy.permissions import AlertAct, enforce
from redflags.casework.policy.visibility import NO_SUCH_ALERT, may_know, may_read
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import AlertState
from redflags.domain.alert_deadlines import has_lapsed
from redflags.errors import CaseChanged, NotForYou


def open_for(work: UnitOfWork, alert_id: str, version: int, act: AlertAct) -> Row[Any]:
    """The alert, locked, for `act`.

    Raises NotForYou, CaseChanged when it is not as the person saw it, IllegalMove when the act has
    no place in its state, NotAllowed when it is somebody else's.
    """
    case = case_of(work, alert_id, lock=True)
    if case.version != version:
        raise CaseChanged(CHANGED)
    enforce(act, work.person, case)
    return case


def case_of(work: UnitOfWork, alert_id: str, *, lock: bool) -> Row[Any]:
    """The alert's row, and `may_read` beside it; with `lock`, nobody else changes it meanwhile.

    A claim that has lapsed is ended first, when locked. Raises NotForYou when there is none, or
    none for this person: in the same words, after the same query.
    """
    if lock:
        work.take_turn()
    case = _seen(work, alert_id, lock)
    if lock and has_lapsed(AlertState(case.state), case.claim_lapses_at_utc, work.now):
        let_lapse(work.connection, case, work.now)
        case = _seen(work, alert_id, lock)
    return case


def _seen(work: UnitOfWork, alert_id: str, lock: bool) -> Row[Any]:
    query = select(ALERTS, may_read(work.person, work.now).label("may_read")).where(
        ALERTS.c.alert_id == alert_id, may_know(work.person)
    )
    if lock:
        query = query.with_for_update(of=ALERTS, key_share=True)
    row = work.connection.execute(query).one_or_none()
    if row is None:
        raise NotForYou(NO_SUCH_ALERT)
    return row
