"""What people do with alerts: plans, attempts, referrals, notes, concerns, samples.

Free text is sealed (``…_sealed``) with the installation's key, bound to its row.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from redflags.adapters.store.people_tables import PEOPLE as _PEOPLE  # its tables come first
from redflags.adapters.store.tables import METADATA, UtcDateTime

assert _PEOPLE.metadata is METADATA  # noqa: S101

HOMES = Table(
    "homes",
    METADATA,
    Column("household_ref", Text, primary_key=True),
    Column("property_ref", Text, nullable=False, index=True),
    Column("patch", Text, nullable=False),
    Column("routing", String(64), nullable=False),
)
ALERT_TEXTS = Table(
    "alert_texts",
    METADATA,
    Column("alert_id", ForeignKey("alerts.alert_id"), primary_key=True),
    Column("table_name", String(64), primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("source", Text, primary_key=True, server_default=""),
    Column("occurred_on", Date, nullable=False, index=True),
    Column("text_sealed", LargeBinary, nullable=False),
)
CONTACT_PLANS = Table(
    "contact_plans",
    METADATA,
    Column("alert_id", ForeignKey("alerts.alert_id"), primary_key=True),
    Column("plan_no", Integer, primary_key=True, autoincrement=False),
    Column("channel", String(64), nullable=False),
    Column("when_sealed", LargeBinary, nullable=False),
    Column("not_told_sealed", LargeBinary, nullable=False),
    Column("neutral_reason_sealed", LargeBinary, nullable=False),
    Column("no_messages_left", Boolean, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at_utc", UtcDateTime, nullable=False),
    CheckConstraint("no_messages_left", name="no_messages"),
)
CONTACT_ATTEMPTS = Table(
    "contact_attempts",
    METADATA,
    Column("alert_id", ForeignKey("alerts.alert_id"), primary_key=True),
    Column("attempt_no", Integer, primary_key=True, autoincrement=False),
    Column("attempted_at_utc", UtcDateTime, nullable=False),
    Column("channel", String(64), nullable=False),
    Column("result", String(64), nullable=False),
    Column("note_sealed", LargeBinary, nullable=False),
    Column("logged_by", String(64), nullable=False),
    Column("logged_at_utc", UtcDateTime, nullable=False),
)
REFERRALS = Table(
    "referrals",
    METADATA,
    Column("referral_id", String(64), primary_key=True),
    Column("alert_id", ForeignKey("alerts.alert_id"), nullable=False, index=True),
    Column("kind", String(64), nullable=False),
    Column("basis", String(64), nullable=False),
    Column("consent_taken_by", Text),
    Column("consent_taken_at_utc", UtcDateTime),
    Column("reason_sealed", LargeBinary),
    Column("state", String(64), nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("asked_at_utc", UtcDateTime, nullable=False),
    Column("answered_by", String(64)),
    Column("answered_at_utc", UtcDateTime),
    # P11, also against whoever goes round the program
    CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name="second_person"),
    CheckConstraint(
        "state <> 'recorded' OR (basis = 'consent' AND consent_taken_by IS NOT NULL "
        "AND consent_taken_at_utc IS NOT NULL) OR (basis = 'safeguarding' "
        "AND reason_sealed IS NOT NULL AND answered_by IS NOT NULL)",
        name="recorded_on_a_basis",
    ),
)
CASE_NOTES = Table(
    "case_notes",
    METADATA,
    Column("alert_id", ForeignKey("alerts.alert_id"), primary_key=True),
    Column("note_no", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(64), nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("written_by", String(64), nullable=False),
    Column("written_at_utc", UtcDateTime, nullable=False),
)
EVIDENCE_GRANTS = Table(
    "evidence_grants",
    METADATA,
    Column("alert_id", ForeignKey("alerts.alert_id"), primary_key=True),
    Column("person_id", ForeignKey("people.person_id"), primary_key=True),
    Column("expires_at_utc", UtcDateTime, nullable=False),
)
CONCERNS = Table(
    "concerns",
    METADATA,
    Column("concern_id", String(64), primary_key=True),
    Column("form_id", String(64), nullable=False, unique=True),
    Column("property_ref", Text, nullable=False),
    Column("observed_on", Date, nullable=False),
    Column("seen_sealed", LargeBinary, nullable=False),
    Column("in_danger", Boolean, nullable=False),
    Column("reporter_role", String(64), nullable=False),
    Column("logged_by", String(64), nullable=False),
    Column("logged_at_utc", UtcDateTime, nullable=False),
    Column("alert_id", ForeignKey("alerts.alert_id"), nullable=False, index=True),
)
REMINDERS = Table(
    "reminders",
    METADATA,
    Column("link_id", String(64), primary_key=True),
    Column("alert_id", ForeignKey("alerts.alert_id"), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("due_at_utc", UtcDateTime, nullable=False),
    Column("person_id", ForeignKey("people.person_id"), nullable=False),
    Column("made_at_utc", UtcDateTime, nullable=False),
    UniqueConstraint("alert_id", "kind", "due_at_utc", "person_id"),
)
QUALITY_CHECKS = Table(
    "quality_checks",
    METADATA,
    Column("check_id", String(64), primary_key=True),
    Column("drawn_on", Date, nullable=False),
    Column("alert_id", ForeignKey("alerts.alert_id"), nullable=False),
    Column("checked_by", String(64)),
    Column("checked_at_utc", UtcDateTime),
    Column("verdict", String(64)),
    Column("note_sealed", LargeBinary),
    UniqueConstraint("alert_id"),
    Index("ix_quality_checks_open", "checked_at_utc", "drawn_on"),
)
BELOW_LINE_CHECKS = Table(
    "below_line_checks",
    METADATA,
    Column("as_of", Date, primary_key=True),
    Column("tenancy_ref", Text, primary_key=True),
    Column("checked_by", String(64), nullable=False),
    Column("checked_at_utc", UtcDateTime, nullable=False),
    Column("verdict", String(64), nullable=False),
    Column("alert_id", ForeignKey("alerts.alert_id")),
    ForeignKeyConstraint(
        ["as_of", "tenancy_ref"],
        ["below_line_samples.as_of", "below_line_samples.tenancy_ref"],
    ),
)
