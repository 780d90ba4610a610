"""Claims and checks that came to their end by themselves: the clock gives them back."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from redflags.adapters.store import audit_chain
from redflags.adapters.store.alerts.alert_conditions import has_lapsed, is_open
from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts.change_alert import move_alert
from redflags.domain.alert import AlertMove, AlertState, moved

CLOCK = "clock"


def lapse_claims(connection: Connection, now: datetime) -> int:
    """Give back every claim, asked ones too, that has lapsed by `now`; how many there were."""
    audit_chain.read_head(connection, lock=True)  # before the alerts, as everybody does
    rows = connection.execute(
        select(ALERTS)
        .where(has_lapsed(now))
        .order_by(ALERTS.c.alert_id)
        .with_for_update(key_share=True)
    ).all()
    for row in rows:
        let_lapse(connection, row, now)
    return len(rows)


def take_from(connection: Connection, person_id: str, refs: Collection[str], now: datetime) -> None:
    """Give back whatever the person holds of the households `refs`: they may not have it any more.

    A claim goes back to the list, a welfare check to be given to somebody else, its 48 hours
    running on. It looks like a claim that lapsed, so that nobody learns why. The end of the audit
    trail must be locked.
    """
    theirs = or_(
        ALERTS.c.claimed_by == person_id,
        ALERTS.c.asked_person == person_id,
        ALERTS.c.assigned_to == person_id,
    )
    theirs_of = or_(ALERTS.c.property_ref.in_(sorted(refs)), ALERTS.c.tenancy_ref.in_(sorted(refs)))
    rows = connection.execute(
        select(ALERTS)
        .where(theirs, theirs_of, is_open())
        .order_by(ALERTS.c.alert_id)
        .with_for_update(key_share=True)
    ).all()
    for row in rows:
        let_lapse(connection, row, now)


def let_lapse(connection: Connection, case: Row[Any], now: datetime) -> None:
    """Back to the queue; the audit trail says whose claim it was, and that nobody did it."""
    state = moved(AlertState(case.state), AlertMove.LAPSE)
    action = "claim_lapsed" if state is AlertState.RAISED else "check_lapsed"
    whose = {"person": case.assigned_to or case.claimed_by}
    act = audit_chain.Act(CLOCK, action, now, case.alert_id, whose)
    move_alert(connection, case, AlertMove.LAPSE, act, dict.fromkeys(_HELD))


_HELD = ("claimed_by", "asked_person", "assigned_to", "claim_lapses_at_utc")
"""What is nobody's once a claim or a check has lapsed."""
