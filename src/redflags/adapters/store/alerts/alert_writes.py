"""Alerts in the database: how they come in, grow and move, as plain queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from redflags.adapters.store.alerts.alert_queries import evidence_keys
from redflags.adapters.store.natural_key_writes import insert_new
from redflags.adapters.store.tables import ALERT_EVIDENCE, ALERT_REASONS, ALERTS
from redflags.domain.alert import (
    OPEN_STATES,
    Alert,
    AlertState,
    Evidence,
    EvidenceKey,
    Priority,
    Reason,
    Routing,
)
from redflags.errors import IllegalMove


@dataclass(frozen=True, slots=True)
class Growth:
    """What new evidence did to an alert."""

    reasons: tuple[Reason, ...]
    records: int
    priority: Priority


def raise_alert(connection: Connection, alert: Alert) -> bool:
    """Put `alert` in the queue; False when its id is known or its household has one open."""
    if alert.state is not AlertState.RAISED:
        raise IllegalMove(f"an alert comes in as raised, not as {alert.state}")
    if not insert_new(connection, ALERTS, _alert_row(alert)):
        return False
    _insert_reasons(connection, alert.alert_id, alert.reasons, alert.raised_on, first_no=1)
    return True


def add_evidence(
    connection: Connection,
    alert_id: str,
    reasons: Sequence[Reason],
    priority: Priority,
    score: float | None,
    seen_on: date,
    look_by_at_utc: datetime | None = None,
) -> Growth | None:
    """Add the reasons that rest on a record the alert does not have yet; None when none does.

    The priority never falls while an alert is open, and it and the score move with new evidence
    alone: a score that drifts is no news. `look_by_at_utc` counts where it is nearer than what
    stood there. Scores order alerts with one time to look, so an alert that gets tonight's time
    gets tonight's `score`, on whatever scale; else its score never falls. None leaves it as it is.
    Raises IllegalMove when the alert is closed.
    """
    alert = _locked(connection, alert_id)
    if AlertState(alert.state) not in OPEN_STATES:
        raise IllegalMove("evidence goes to an open alert, not to a closed one; raise a new alert")
    records = _unknown(reasons, evidence_keys(connection, alert_id))
    if not records:
        return None
    rules, last_no = _rules(connection, alert_id)
    news = tuple(
        r for r in reasons if r.rule_id not in rules or any(e.key in records for e in r.evidence)
    )
    _insert_reasons(connection, alert_id, news, seen_on, first_no=last_no + 1)
    higher = Priority(max(alert.priority, priority))
    nearer = min(filter(None, (alert.look_by_at_utc, look_by_at_utc)), default=None)
    is_tonights = look_by_at_utc is not None and nearer == look_by_at_utc
    _change(
        connection,
        alert_id,
        priority=int(higher),
        score=_score_of(alert.score, score, is_tonights),
        look_by_at_utc=nearer,
    )
    return Growth(news, len(records), higher)


def _score_of(known: float, tonight: float | None, is_tonights: bool) -> float:
    if tonight is None:
        return known
    return tonight if is_tonights else max(known, tonight)


def reroute(connection: Connection, alert_id: str, routing: Routing) -> None:
    """Change who may see an open alert. Raises IllegalMove when it is closed."""
    if AlertState(_locked(connection, alert_id).state) not in OPEN_STATES:
        raise IllegalMove("only an open alert is handed on, and this one is closed")
    _change(connection, alert_id, routing=routing)


def _unknown(reasons: Sequence[Reason], known: Collection[EvidenceKey]) -> set[EvidenceKey]:
    """Records behind `reasons` that are not among those known."""
    records = {record for reason in reasons for record in reason.evidence}
    return {record.key for record in records if not record.is_among(known)}


def _locked(connection: Connection, alert_id: str) -> Row[Any]:
    """The alert's row, which nobody else changes until this transaction ends."""
    query = select(ALERTS).where(ALERTS.c.alert_id == alert_id).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise LookupError("expected the id of an alert, got one that no alert has")
    return row


def _change(connection: Connection, alert_id: str, **values: object) -> None:
    """Change what a person may be looking at just now: whoever acts on the old page is told."""
    this = update(ALERTS).where(ALERTS.c.alert_id == alert_id)
    connection.execute(this.values(version=ALERTS.c.version + 1, **values))


def _rules(connection: Connection, alert_id: str) -> tuple[set[str], int]:
    """The rules that already spoke on an alert, and the number of its last reason."""
    rows = connection.execute(
        select(ALERT_REASONS.c.rule_id, ALERT_REASONS.c.reason_no).where(
            ALERT_REASONS.c.alert_id == alert_id
        )
    ).all()
    return {row.rule_id for row in rows}, max((row.reason_no for row in rows), default=0)


def _insert_reasons(
    connection: Connection,
    alert_id: str,
    reasons: Sequence[Reason],
    added_on: date,
    first_no: int,
) -> None:
    numbered = list(enumerate(reasons, first_no))
    rows = [_reason_row(alert_id, number, reason, added_on) for number, reason in numbered]
    evidence = [
        _evidence_row(alert_id, number, evidence_no, item)
        for number, reason in numbered
        for evidence_no, item in enumerate(reason.evidence, 1)
    ]
    if rows:
        connection.execute(insert(ALERT_REASONS), rows)
    if evidence:
        connection.execute(insert(ALERT_EVIDENCE), evidence)


def _alert_row(alert: Alert) -> dict[str, object]:
    return {
        "alert_id": alert.alert_id,
        "tenancy_ref": alert.tenancy_ref,
        "property_ref": alert.property_ref,
        "patch": alert.patch,
        "raised_on": alert.raised_on,
        "priority": int(alert.priority),
        "score": alert.score,
        "state": alert.state,
        "routing": alert.routing,
        "origin": alert.origin,
        "ruleset_hash": alert.ruleset_hash,
        "signals_hash": alert.signals_hash,
        "model_version": alert.model_version,
        "look_by_at_utc": alert.look_by_at_utc,
    }


def _reason_row(alert_id: str, reason_no: int, reason: Reason, added_on: date) -> dict[str, object]:
    return {
        "alert_id": alert_id,
        "reason_no": reason_no,
        "rule_id": reason.rule_id,
        "sentence": reason.sentence,
        "added_on": added_on,
    }


def _evidence_row(
    alert_id: str, reason_no: int, evidence_no: int, evidence: Evidence
) -> dict[str, object]:
    return {
        "alert_id": alert_id,
        "reason_no": reason_no,
        "evidence_no": evidence_no,
        "occurred_on": evidence.occurred_on,
        "table_name": evidence.table,
        "ref": evidence.ref,
        "signal": evidence.signal,
        "tell": evidence.tell,
        "source": evidence.source,
    }
