"""The queue inside one transaction that holds its lock: all of a night's changes, or none."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, text

from redflags.adapters.store import (
    audit_chain,
    evidence_texts,
    home_directory,
    outbox,
    run_log,
)
from redflags.adapters.store.alerts import alert_writes
from redflags.adapters.store.interest_matching import match_interests
from redflags.adapters.store.natural_key_writes import put
from redflags.adapters.store.queue_snapshot import is_sampled, read_state
from redflags.adapters.store.tables import BELOW_LINE_SAMPLES, CANARY_CHECKS
from redflags.domain.alert import (
    Alert,
    Evidence,
    EvidenceKey,
    Priority,
    Reason,
    Routing,
)
from redflags.domain.clock import london
from redflags.domain.message import Message
from redflags.domain.property_reference import Home
from redflags.domain.queue_state import QueueState, SampledHousehold

_QUEUE_LOCK = 7_305_002


def take_lock(connection: Connection) -> None:
    """Wait until no other night is at the queue. SQLite's write lock already is that lock.

    Then the end of the audit trail, before any alert: whoever acts on one takes them in this
    order too, or a person and a night would each wait for what the other holds.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _QUEUE_LOCK})
        audit_chain.read_head(connection, lock=True)


class Queue:
    """What a night may do to the queue. Each change writes its audit event beside it."""

    def __init__(self, connection: Connection, as_of: date, actor: str, now: datetime) -> None:
        self._connection = connection
        self._as_of = as_of
        self._actor = actor
        self._now = now

    def state(self, as_of: date) -> QueueState:
        """The queue as a night for `as_of` finds it."""
        return read_state(self._connection, as_of)

    def raise_alert(self, alert: Alert) -> bool:
        """False when its id is known or its household has an open alert: nothing is written."""
        if not alert_writes.raise_alert(self._connection, alert):
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
        look_by_at_utc: datetime | None = None,
    ) -> bool:
        """True when a record came that the alert did not have; else nothing is written.

        The priority never falls, and the time to look never moves away; the score is tonight's
        where that time is. Raises IllegalMove when the alert is closed.
        """
        growth = alert_writes.add_evidence(
            self._connection, alert_id, reasons, priority, score, seen_on, look_by_at_utc
        )
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

    def keep_texts(
        self, alert_id: str, records: Collection[Evidence], sealed: Mapping[EvidenceKey, bytes]
    ) -> int:
        """Keep the sealed text of an alert's records beside it; how many were not there yet."""
        return evidence_texts.keep(self._connection, alert_id, records, sealed)

    def publish_homes(self, tonight: Collection[Home]) -> bool:
        """Say who lives where; False when nothing changed, or a later night has said so already."""
        if run_log.has_later_queue(self._connection, self._as_of, london(self._now).date()):
            return False
        change = home_directory.publish(self._connection, tonight)
        if barriers := match_interests(self._connection):
            self._audit("interests_matched", references=barriers)
        if not any(change):
            return False
        self._audit("homes_published", **change._asdict())
        return True

    def hand_to_specialist(self, alert_id: str) -> None:
        """Take an open alert out of the general queue: its household is protected by now."""
        alert_writes.reroute(self._connection, alert_id, Routing.SPECIALIST)
        self._audit("handed_to_specialist", alert_id)

    def record_sample(self, as_of: date, rows: Sequence[SampledHousehold]) -> bool:
        """Keep the sample from below the line; False when `as_of` has one already."""
        if not rows or is_sampled(self._connection, as_of):
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
        act = audit_chain.Act(self._actor, action, self._now, alert_id, details)
        audit_chain.append(self._connection, act)


def _sample_row(as_of: date, row: SampledHousehold) -> dict[str, object]:
    return {
        "as_of": as_of,
        "tenancy_ref": row.tenancy_ref,
        "score": row.score,
        "rank": row.rank,
        "property_ref": row.property_ref,
        "patch": row.patch,
    }
