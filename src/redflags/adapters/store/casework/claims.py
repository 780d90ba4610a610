"""Claims that came to their end because nothing happened: the clock gives them back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from redflags.adapters.store import audit
from redflags.adapters.store.tables import ALERTS
from redflags.domain.alert import AlertMove, AlertState, moved

CLOCK = "clock"
CLAIM_STATES = (AlertState.CLAIMED, AlertState.ASKED)


def lapse_claims(connection: Connection, now: datetime) -> int:
    """Give back every claim, asked ones too, that has lapsed by `now`; how many there were."""
    audit.read_head(connection, lock=True)  # before the alerts, as everybody does
    rows = connection.execute(
        select(ALERTS)
        .where(lapsed(now))
        .order_by(ALERTS.c.alert_id)
        .with_for_update(key_share=True)
    ).all()
    for row in rows:
        let_lapse(connection, row, now)
    return len(rows)


def lapsed(now: datetime) -> ColumnElement[bool]:
    """Claims that came to their end by `now`; one without an end has come to it."""
    lapses = ALERTS.c.claim_lapses_at_utc
    return and_(ALERTS.c.state.in_(CLAIM_STATES), or_(lapses.is_(None), lapses <= now))


def has_lapsed(case: Row[Any], now: datetime) -> bool:
    """Whether the claim on the alert has come to its end, at the minute it was good until."""
    lapses: datetime | None = case.claim_lapses_at_utc
    return AlertState(case.state) in CLAIM_STATES and (lapses is None or lapses <= now)


def let_lapse(connection: Connection, case: Row[Any], now: datetime) -> None:
    """Back to the queue; the audit trail says whose claim it was, and that nobody did it."""
    state = moved(AlertState(case.state), AlertMove.LAPSE)
    connection.execute(
        update(ALERTS)
        .where(ALERTS.c.alert_id == case.alert_id)
        .values(
            state=state,
            version=ALERTS.c.version + 1,
            claimed_by=None,
            asked_person=None,
            claim_lapses_at_utc=None,
        )
    )
    details = {"state": state, "person": case.claimed_by}
    audit.append(connection, audit.Act(CLOCK, "claim_lapsed", now, case.alert_id, details))
