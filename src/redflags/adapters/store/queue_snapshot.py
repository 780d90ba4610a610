"""The queue as a night finds it: open alerts, reviews, what was raised and sampled, as queries."""

from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection, func, select

from redflags.adapters.store.alerts import alert_queries
from redflags.adapters.store.alerts.alert_conditions import is_open
from redflags.adapters.store.tables import ALERTS, BELOW_LINE_SAMPLES
from redflags.domain.alert import AlertState, Origin, Priority, Routing
from redflags.domain.outcome import Outcome
from redflags.domain.queue_state import ClosedAlert, OpenAlert, QueueState


def read_state(connection: Connection, as_of: date) -> QueueState:
    """The queue as a night for `as_of` finds it."""
    return QueueState(
        as_of=as_of,
        open=MappingProxyType(_open_alerts(connection)),
        closed=_closed_alerts(connection, as_of),
        raised=MappingProxyType(_raised_by_routing(connection, as_of)),
        sampled=is_sampled(connection, as_of),
        reviewed_later=_reviewed_later(connection, as_of),
    )


def confirmed_households(connection: Connection, as_of: date) -> frozenset[str]:
    """Households where a review up to `as_of` found a need."""
    rows = connection.execute(
        select(ALERTS.c.tenancy_ref, ALERTS.c.outcome).where(
            ALERTS.c.state == AlertState.CLOSED, ALERTS.c.closed_on <= as_of
        )
    )
    return frozenset(ref for ref, outcome in rows if Outcome(outcome).need_found)


def _open_alerts(connection: Connection) -> dict[str, OpenAlert]:
    keys = alert_queries.evidence_keys_of(connection, is_open())
    rows = connection.execute(
        select(
            ALERTS.c.alert_id,
            ALERTS.c.tenancy_ref,
            ALERTS.c.state,
            ALERTS.c.priority,
            ALERTS.c.routing,
        )
        .where(is_open())
        .order_by(ALERTS.c.alert_id)
    )
    return {
        row.tenancy_ref: OpenAlert(
            row.alert_id,
            row.tenancy_ref,
            AlertState(row.state),
            Priority(row.priority),
            frozenset(keys[row.alert_id]),
            Routing(row.routing),
        )
        for row in rows
    }


def _closed_alerts(connection: Connection, as_of: date) -> tuple[ClosedAlert, ...]:
    keys = alert_queries.evidence_keys_of(connection, ~is_open())
    rows = connection.execute(
        select(
            ALERTS.c.alert_id,
            ALERTS.c.tenancy_ref,
            ALERTS.c.closed_on,
            ALERTS.c.outcome,
            ALERTS.c.watched_until,
            ALERTS.c.raised_on,
            ALERTS.c.priority,
        )
        .where(ALERTS.c.state == AlertState.CLOSED, ALERTS.c.closed_on <= as_of)
        .order_by(ALERTS.c.closed_on, ALERTS.c.alert_id)
    )
    return tuple(
        ClosedAlert(
            alert_id=row.alert_id,
            tenancy_ref=row.tenancy_ref,
            closed_on=row.closed_on,
            outcome=Outcome(row.outcome),
            watched_until=row.watched_until,
            raised_on=row.raised_on,
            priority=Priority(row.priority),
            evidence_keys=frozenset(keys[row.alert_id]),
        )
        for row in rows
    )


def _reviewed_later(connection: Connection, as_of: date) -> frozenset[str]:
    rows = connection.execute(
        select(ALERTS.c.tenancy_ref).where(
            ALERTS.c.state == AlertState.CLOSED, ALERTS.c.closed_on > as_of
        )
    )
    return frozenset(rows.scalars())


def _raised_by_routing(connection: Connection, as_of: date) -> dict[Routing, int]:
    rows = connection.execute(
        select(ALERTS.c.routing, func.count())
        .where(alert_queries.raised_on(as_of), ALERTS.c.origin == Origin.DETECTED)
        .group_by(ALERTS.c.routing)
    )
    found = {Routing(routing): count for routing, count in rows}
    return {routing: found.get(routing, 0) for routing in Routing}


def is_sampled(connection: Connection, as_of: date) -> bool:
    """Whether the sample from below the line was drawn for `as_of`."""
    query = select(BELOW_LINE_SAMPLES.c.as_of).filter_by(as_of=as_of).limit(1)
    return connection.execute(query).one_or_none() is not None
