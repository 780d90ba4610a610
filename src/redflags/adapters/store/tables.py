"""The operational database, table by table: the one place where its columns are spelled.

Moments are UTC and end in ``_at_utc``; a change here needs a migration beside it, and a test
compares the two on both engines.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from redflags.domain.alert import AlertState

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
_OPEN = text(f"state <> '{AlertState.CLOSED}'")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment that is UTC on the way in and out, also on SQLite, which forgets zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("expected a moment with a time zone, got one without; use UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _key(name: str) -> Column[str]:
    return Column(name, String(64), primary_key=True)


def _code(name: str) -> Column[str]:
    return Column(name, String(64), nullable=False)


def _ref(name: str, *, primary_key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=primary_key, nullable=False)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


NIGHT_RUNS = Table(
    "night_runs",
    METADATA,
    _key("run_id"),
    Column("as_of", Date, nullable=False, index=True),
    _code("outcome"),
    Column("started_at_utc", UtcDateTime, nullable=False),
    Column("last_seen_at_utc", UtcDateTime, nullable=False),
    Column("finished_at_utc", UtcDateTime),
    _code("ruleset_hash"),
    _code("signals_hash"),
    _code("model_version"),
    Column("reason", Text, nullable=False),
    Column("counts", JSON, nullable=False),
)
NIGHT_SOURCES = Table(
    "night_sources",
    METADATA,
    Column("run_id", ForeignKey("night_runs.run_id"), primary_key=True),
    Column("source", Text, primary_key=True),
    _code("status"),
    _code("code"),
    Column("message", Text, nullable=False),
)
NIGHT_TABLES = Table(
    "night_tables",
    METADATA,
    Column("run_id", ForeignKey("night_runs.run_id"), primary_key=True),
    _key("table_name"),
    _count("rows_read"),
    _count("rows_accepted"),
    _count("rows_quarantined"),
    _count("rows_replaced"),
    CheckConstraint(
        "rows_read = rows_accepted + rows_quarantined + rows_replaced", name="no_row_lost"
    ),
)
NIGHT_STAGES = Table(
    "night_stages",
    METADATA,
    Column("run_id", ForeignKey("night_runs.run_id"), primary_key=True),
    _key("stage"),
    Column("seconds", Double, nullable=False),
)

ALERTS = Table(
    "alerts",
    METADATA,
    _key("alert_id"),
    _ref("tenancy_ref"),
    _ref("property_ref"),
    _ref("patch"),
    Column("raised_on", Date, nullable=False, index=True),
    _count("priority"),
    Column("score", Double, nullable=False),
    _code("state"),
    _code("routing"),
    _code("origin"),
    _code("ruleset_hash"),
    _code("signals_hash"),
    _code("model_version"),
    Column("closed_on", Date),
    Column("outcome", String(64)),
    Column("watched_until", Date),
    # the review; people are person_ids
    Column("version", Integer, nullable=False, server_default="1"),
    Column("look_by_at_utc", UtcDateTime),
    Column("claimed_by", String(64)),
    Column("claim_lapses_at_utc", UtcDateTime),
    Column("asked_person", String(64)),
    Column("decided_by", String(64)),
    Column("decided_at_utc", UtcDateTime),
    Column("due_at_utc", UtcDateTime),
    Column("assigned_to", String(64)),
    Column("first_attempt_at_utc", UtcDateTime),
    Column("contacted_at_utc", UtcDateTime),
    Column("closed_by", String(64)),
    Column("closed_at_utc", UtcDateTime),
    Column("reopened_at_utc", UtcDateTime),
    Column("dash_done_on", Date),
    Column("dash_level", String(64)),
    Column("recharge_asked_at_utc", UtcDateTime),
    CheckConstraint("state <> 'closed' OR outcome IS NOT NULL", name="closed_with_outcome"),
)
Index(
    "uq_alerts_open_tenancy_ref",
    ALERTS.c.tenancy_ref,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index(  # an order by its first three; a count by all of them, without reading the alerts
    "ix_alerts_waiting",
    ALERTS.c.state,
    ALERTS.c.priority,
    ALERTS.c.look_by_at_utc,
    ALERTS.c.patch,
    ALERTS.c.routing,
    ALERTS.c.raised_on,
    ALERTS.c.tenancy_ref,
    ALERTS.c.property_ref,
    ALERTS.c.claimed_by,
    ALERTS.c.asked_person,
    ALERTS.c.assigned_to,
)
Index(
    "ix_alerts_open",
    ALERTS.c.raised_on,
    ALERTS.c.alert_id,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("ix_alerts_closed", ALERTS.c.state, ALERTS.c.closed_at_utc, ALERTS.c.alert_id)
Index("ix_alerts_due", ALERTS.c.state, ALERTS.c.due_at_utc)
Index("ix_alerts_household", ALERTS.c.tenancy_ref, ALERTS.c.raised_on)
ALERT_REASONS = Table(
    "alert_reasons",
    METADATA,
    Column("alert_id", ForeignKey("alerts.alert_id"), primary_key=True),
    Column("reason_no", Integer, primary_key=True, autoincrement=False),
    _code("rule_id"),
    Column("sentence", Text, nullable=False),
    Column("added_on", Date, nullable=False),
)
ALERT_EVIDENCE = Table(
    "alert_evidence",
    METADATA,
    Column("alert_id", String(64), primary_key=True),
    Column("reason_no", Integer, primary_key=True, autoincrement=False),
    Column("evidence_no", Integer, primary_key=True, autoincrement=False),
    Column("occurred_on", Date, nullable=False),
    _code("table_name"),
    _ref("ref"),
    _code("signal"),
    _code("tell"),
    Column("source", Text, nullable=False),
    ForeignKeyConstraint(
        ["alert_id", "reason_no"], ["alert_reasons.alert_id", "alert_reasons.reason_no"]
    ),
)
BELOW_LINE_SAMPLES = Table(
    "below_line_samples",
    METADATA,
    Column("as_of", Date, primary_key=True),
    _ref("tenancy_ref", primary_key=True),
    Column("score", Double, nullable=False),
    _count("rank"),
    _ref("property_ref"),
    _ref("patch"),
)
CANARY_CHECKS = Table(
    "canary_checks",
    METADATA,
    Column("as_of", Date, primary_key=True),
    Column("raised", Boolean, nullable=False),
    Column("sentence", Text, nullable=False),
)

OUTBOX_MESSAGES = Table(
    "outbox_messages",
    METADATA,
    _key("message_id"),
    _code("kind"),
    Column("day", Date, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    _code("state"),
    _count("attempts"),
    Column("next_attempt_at_utc", UtcDateTime, nullable=False),
    Column("claimed_until_utc", UtcDateTime),
    Column("sent_at_utc", UtcDateTime),
    Column("last_error", Text, nullable=False),
    UniqueConstraint("kind", "day", "recipient"),
    Index("ix_outbox_messages_due", "state", "next_attempt_at_utc"),
)

AUDIT_EVENTS = Table(
    "audit_events",
    METADATA,
    Column("entry_no", Integer, primary_key=True, autoincrement=False),
    # text as it was hashed, so that no driver can change what the hash is taken of
    Column("at_utc", String(32), nullable=False),
    Column("actor", Text, nullable=False),
    _code("action"),
    Column("alert_id", String(64), nullable=False, index=True),
    Column("details", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("entry_hash", String(64), nullable=False),
    CheckConstraint("length(trim(actor)) > 0", name="actor_named"),
    Index("ix_audit_events_actor", "actor", "entry_no"),
)
AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("head_id", Integer, primary_key=True, autoincrement=False),
    _count("entries"),
    Column("entry_hash", String(64), nullable=False),
    CheckConstraint("head_id = 1", name="one_head"),
)
