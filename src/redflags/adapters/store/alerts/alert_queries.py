"""Alerts as they are read: whole, with their reasons and evidence, in one total order."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, true

from redflags.adapters.store.alerts.alert_conditions import (
    awaits_contact,
    is_open,
    is_overdue,
    is_waiting,
)
from redflags.adapters.store.alerts.waiting_order import waiting_order
from redflags.adapters.store.tables import ALERT_EVIDENCE, ALERT_REASONS, ALERTS
from redflags.domain.alert import (
    Alert,
    AlertState,
    Evidence,
    EvidenceKey,
    Origin,
    Priority,
    Reason,
    Routing,
    known_by,
)
from redflags.domain.queue_state import Standing


def raised_on(day: date) -> ColumnElement[bool]:
    return ALERTS.c.raised_on == day


def every() -> ColumnElement[bool]:
    return true()


def read(connection: Connection, chosen: ColumnElement[bool]) -> list[Alert]:
    """The `chosen` alerts in the order in which people get them."""
    rows = connection.execute(select(ALERTS).where(chosen).order_by(*waiting_order(ALERTS))).all()
    reasons = _reasons(connection, chosen)
    return [_alert(row, reasons[row.alert_id]) for row in rows]


def count_by_state(connection: Connection) -> dict[AlertState, int]:
    """How many alerts are in each state, states without any included."""
    rows = connection.execute(select(ALERTS.c.state, func.count()).group_by(ALERTS.c.state))
    found = {AlertState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in AlertState}


def standing(connection: Connection, now: datetime) -> Standing:
    """How the queue stands, without reading any alert."""
    unclaimed, look_by, due = is_waiting(now), ALERTS.c.look_by_at_utc, ALERTS.c.due_at_utc
    row = connection.execute(
        select(
            func.count(),
            func.count().filter(unclaimed),
            func.count().filter(and_(unclaimed, is_overdue(look_by, now))),
            func.count().filter(and_(awaits_contact(), is_overdue(due, now))),
        ).where(is_open())
    ).one()
    return Standing(*row)


def evidence_keys(connection: Connection, alert_id: str) -> frozenset[EvidenceKey]:
    """What the records behind one alert are known by."""
    rows = connection.execute(select(*_RECORD).where(ALERT_EVIDENCE.c.alert_id == alert_id))
    return known_by(map(_record, rows))


def evidence_keys_of(
    connection: Connection, chosen: ColumnElement[bool]
) -> dict[str, set[EvidenceKey]]:
    """What the records behind the `chosen` alerts are known by; empty for one without evidence."""
    rows = connection.execute(
        select(ALERT_EVIDENCE.c.alert_id, *_RECORD)
        .join(ALERTS, ALERTS.c.alert_id == ALERT_EVIDENCE.c.alert_id)
        .where(chosen)
    )
    found: dict[str, set[EvidenceKey]] = defaultdict(set)
    for row in rows:
        found[row.alert_id] |= _record(row).keys
    return found


_RECORD = tuple(
    ALERT_EVIDENCE.c[name]
    for name in ("occurred_on", "table_name", "ref", "signal", "tell", "source")
)


def _record(row: Row[Any]) -> Evidence:
    return Evidence(row.occurred_on, row.table_name, row.ref, row.signal, row.tell, row.source)


def _reasons(connection: Connection, chosen: ColumnElement[bool]) -> dict[str, list[Reason]]:
    evidence = _evidence(connection, chosen)
    rows = connection.execute(
        select(ALERT_REASONS)
        .join(ALERTS, ALERTS.c.alert_id == ALERT_REASONS.c.alert_id)
        .where(chosen)
        .order_by(ALERT_REASONS.c.alert_id, ALERT_REASONS.c.reason_no)
    )
    found: dict[str, list[Reason]] = defaultdict(list)
    for row in rows:
        behind = tuple(evidence[row.alert_id, row.reason_no])
        found[row.alert_id].append(Reason(row.rule_id, row.sentence, behind))
    return found


def _evidence(
    connection: Connection, chosen: ColumnElement[bool]
) -> dict[tuple[str, int], list[Evidence]]:
    rows = connection.execute(
        select(ALERT_EVIDENCE)
        .join(ALERTS, ALERTS.c.alert_id == ALERT_EVIDENCE.c.alert_id)
        .where(chosen)
        .order_by(
            ALERT_EVIDENCE.c.alert_id, ALERT_EVIDENCE.c.reason_no, ALERT_EVIDENCE.c.evidence_no
        )
    )
    found: dict[tuple[str, int], list[Evidence]] = defaultdict(list)
    for row in rows:
        found[row.alert_id, row.reason_no].append(_record(row))
    return found


def _alert(row: Row[Any], reasons: Iterable[Reason]) -> Alert:
    return Alert(
        alert_id=row.alert_id,
        tenancy_ref=row.tenancy_ref,
        raised_on=row.raised_on,
        priority=Priority(row.priority),
        score=row.score,
        state=AlertState(row.state),
        ruleset_hash=row.ruleset_hash,
        signals_hash=row.signals_hash,
        model_version=row.model_version,
        property_ref=row.property_ref,
        patch=row.patch,
        routing=Routing(row.routing),
        origin=Origin(row.origin),
        reasons=tuple(reasons),
        look_by_at_utc=row.look_by_at_utc,
    )
