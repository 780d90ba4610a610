"""The queue inside one transaction that holds its lock: all of a night's changes, or none."""

from collections.abc import Sequence
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import Connection, func, insert, select, text

from redflags.adapters.store import alert_rows, alerts, audit, outbox
from redflags.adapters.store.tables import ALERTS, BELOW_LINE_SAMPLES, CANARY_CHECKS
from redflags.adapters.store.writes import put
from redflags.domain.alert import Alert, AlertState, Priority, Reason, Routing
from redflags.domain.message import Message
from redflags.domain.queue import ClosedAlert, OpenAlert, QueueState, SampledHousehold
from redflags.domain.review import Outcome

_QUEUE_LOCK = 7_305_002


def take_lock(connection: Connection) -> None:
    """Wait until no other night is at the queue. SQLite's write lock already is that lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _QUEUE_LOCK})


class Queue:
    """What a night may do to the queue. Each change writes its audit event beside it."""

    def __init__(self, connection: Connection, as_of: date, actor: str, now: datetime) -> None:
        self._connection = connection
        self._as_of = as_of
        self._actor = actor
        self._now = now

    def state(self, as_of: date) -> QueueState:
        """The queue as a night for `as_of` finds it."""
        return QueueState(
            as_of=as_of,
            open=MappingProxyType(_open_alerts(self._connection)),
            closed=_closed_alerts(self._connection, as_of),
            raised=MappingProxyType(_raised_by_routing(self._connection, as_of)),
            sampled=_is_sampled(self._connection, as_of),
            reviewed_later=_reviewed_later(self._connection, as_of),
        )

    def raise_alert(self, alert: Alert) -> bool:
        """False when its id is known or its household has an open alert: nothing is written."""
        if not alerts.raise_alert(self._connection, alert):
            return False
        self._audit(
            "alert_raised",
            alert.alert_id,
            priority=alert.priority.label,
            routing=alert.routing,
            origin=alert.origin,
            rules=[reason.rule_id for reason in alert.reasons],
        )
        return True

    def add_evidence(
        self,
        alert_id: str,
        reasons: Sequence[Reason],
        priority: Priority,
        score: float,
        seen_on: date,
    ) -> bool:
        """True when a record came that the alert did not have; else nothing is written.

        Priority and score never fall. Raises IllegalMove when the alert is closed.
        """
        growth = alerts.add_evidence(self._connection, alert_id, reasons, priority, score, seen_on)
        if growth is None:
            return False
        self._audit(
            "evidence_added",
            alert_id,
            priority=growth.priority.label,
            records=growth.records,
            rules=[reason.rule_id for reason in growth.reasons],
        )
        return True

    def hand_to_specialist(self, alert_id: str) -> None:
        """Take an open alert out of the general queue: its household is protected by now."""
        alerts.reroute(self._connection, alert_id, Routing.SPECIALIST)
        self._audit("handed_to_specialist", alert_id)

    def record_sample(self, as_of: date, rows: Sequence[SampledHousehold]) -> bool:
        """Keep the sample from below the line; False when `as_of` has one already."""
        if not rows or _is_sampled(self._connection, as_of):
            return False
        self._connection.execute(
            insert(BELOW_LINE_SAMPLES), [_sample_row(as_of, row) for row in rows]
        )
        self._audit("sample_drawn", households=len(rows))
        return True

    def record_canary(self, as_of: date, raised: bool, sentence: str) -> bool:
        """Keep whether the canary raised its alert; False when that is what was known."""
        known = self._connection.execute(
            select(CANARY_CHECKS.c.raised, CANARY_CHECKS.c.sentence).filter_by(as_of=as_of)
        ).one_or_none()
        if known is not None and tuple(known) == (raised, sentence):
            return False
        put(
            self._connection,
            CANARY_CHECKS,
            {"as_of": as_of, "raised": raised, "sentence": sentence},
        )
        self._audit("canary_checked", raised=raised)
        return True

    def enqueue_message(self, message: Message) -> bool:
        """Put `message` in the outbox; False when its kind, day and recipient had theirs."""
        if not outbox.enqueue(self._connection, message, self._now):
            return False
        self._audit("message_enqueued", kind=message.kind, message=message.message_id)
        return True

    def _audit(self, action: str, alert_id: str = "", **details: object) -> None:
        details["as_of"] = self._as_of.isoformat()
        act = audit.Act(self._actor, action, self._now, alert_id, details)
        audit.append(self._connection, act)


def confirmed_households(connection: Connection, as_of: date) -> frozenset[str]:
    """Households where a review up to `as_of` found a need."""
    rows = connection.execute(
        select(ALERTS.c.tenancy_ref, ALERTS.c.outcome).where(
            ALERTS.c.state == AlertState.CLOSED, ALERTS.c.closed_on <= as_of
        )
    )
    return frozenset(ref for ref, outcome in rows if Outcome(outcome).need_found)


def _open_alerts(connection: Connection) -> dict[str, OpenAlert]:
    keys = alert_rows.evidence_keys_of(connection, alert_rows.is_open())
    rows = connection.execute(
        select(
            ALERTS.c.alert_id,
            ALERTS.c.tenancy_ref,
            ALERTS.c.state,
            ALERTS.c.priority,
            ALERTS.c.routing,
        )
        .where(alert_rows.is_open())
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
    keys = alert_rows.evidence_keys_of(connection, ~alert_rows.is_open())
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
        .where(alert_rows.raised_on(as_of))
        .group_by(ALERTS.c.routing)
    )
    found = {Routing(routing): count for routing, count in rows}
    return {routing: found.get(routing, 0) for routing in Routing}


def _is_sampled(connection: Connection, as_of: date) -> bool:
    query = select(BELOW_LINE_SAMPLES.c.as_of).filter_by(as_of=as_of).limit(1)
    return connection.execute(query).one_or_none() is not None


def _sample_row(as_of: date, row: SampledHousehold) -> dict[str, object]:
    return {
        "as_of": as_of,
        "tenancy_ref": row.tenancy_ref,
        "score": row.score,
        "rank": row.rank,
        "property_ref": row.property_ref,
        "patch": row.patch,
    }
