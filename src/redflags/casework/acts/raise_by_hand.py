"""A household put before a person by a person: on its open alert, or on a new one."""

from sqlalchemy import select

from redflags.adapters.store.alerts import alert_writes
from redflags.adapters.store.alerts.alert_conditions import is_open
from redflags.adapters.store.tables import ALERTS
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import Alert
from redflags.errors import StoreBusy

NO_RULES = "none"
"""Hashes and model of an alert that nothing detected."""
_TRIES = 3


def raise_or_grow(work: UnitOfWork, alert: Alert) -> str:
    """Raise `alert`, or add its reasons to the open alert of its household; the id of either.

    An open alert stays in its state, becomes no less urgent, and is to be looked at no later than
    `alert` would be. Where a night raises one at the same moment, it is that one which grows.
    """
    work.take_turn()
    for _ in range(_TRIES):
        if (open_id := _open_alert(work, alert.tenancy_ref)) is not None:
            _grow(work, open_id, alert)
            return open_id
        if alert_writes.raise_alert(work.connection, alert):
            _write_raised(work, alert)
            return alert.alert_id
    raise StoreBusy("expected the queue to be free after a while; try again in a minute")


def _open_alert(work: UnitOfWork, household_ref: str) -> str | None:
    query = (
        select(ALERTS.c.alert_id)
        .where(ALERTS.c.tenancy_ref == household_ref, is_open())
        .with_for_update(key_share=True)
    )
    return work.connection.execute(query).scalar_one_or_none()


def _grow(work: UnitOfWork, open_id: str, alert: Alert) -> None:
    growth = alert_writes.add_evidence(
        work.connection,
        open_id,
        alert.reasons,
        alert.priority,
        None,  # only a night works scores out
        alert.raised_on,
        alert.look_by_at_utc,
    )
    if growth is not None:
        rules = [reason.rule_id for reason in growth.reasons]
        urgency = growth.priority.label
        work.write("evidence_added", open_id, priority=urgency, records=growth.records, rules=rules)


def _write_raised(work: UnitOfWork, alert: Alert) -> None:
    work.write(
        "alert_raised",
        alert.alert_id,
        priority=alert.priority.label,
        routing=alert.routing,
        origin=alert.origin,
        rules=[reason.rule_id for reason in alert.reasons],
    )
