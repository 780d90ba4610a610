"""People, how they log in, and the households they must never see."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from redflags.adapters.store.tables import METADATA, UtcDateTime

PEOPLE = Table(
    "people",
    METADATA,
    Column("person_id", String(64), primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("patches", JSON, nullable=False),
    Column("every_patch", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("is_away", Boolean, nullable=False),
    Column("added_at_utc", UtcDateTime, nullable=False),
    # blank until the one-time link was used, and for who logs in elsewhere (OIDC)
    Column("password_hash", Text),
    Column("totp_sealed", LargeBinary),
    Column("totp_last_step", Integer),
)
INVITATIONS = Table(
    "invitations",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.person_id"), nullable=False, index=True),
    Column("expires_at_utc", UtcDateTime, nullable=False),
    Column("used_at_utc", UtcDateTime),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("session_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.person_id"), nullable=False, index=True),
    Column("started_at_utc", UtcDateTime, nullable=False),
    Column("last_seen_at_utc", UtcDateTime, nullable=False),
    Column("ended_at_utc", UtcDateTime),
)
LOGIN_FAILURES = Table(
    "login_failures",
    METADATA,
    Column("failure_id", Integer, primary_key=True),
    Column("account_hash", String(64), nullable=False),
    Column("address_hash", String(64), nullable=False),
    Column("at_utc", UtcDateTime, nullable=False),
    Index("ix_login_failures_account", "account_hash", "at_utc"),
    Index("ix_login_failures_address", "address_hash", "at_utc"),
)
INTERESTS = Table(
    "interests",
    METADATA,
    Column("person_id", ForeignKey("people.person_id"), primary_key=True),
    # of a property or of a tenancy: whichever was known, and the other where the directory tells
    Column("ref", Text, primary_key=True),
    Column("kind", String(64), nullable=False),
)
