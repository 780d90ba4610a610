"""Rule sets on their way to the live one, and what the one in the shadow would have done."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from redflags.adapters.store.tables import METADATA, UtcDateTime

_LIVE, _SHADOW = text("is_live"), text("is_shadow")

RULESETS = Table(
    "rulesets",
    METADATA,
    Column("ruleset_hash", String(64), primary_key=True),
    Column("version", Text, nullable=False),
    Column("parent", String(64)),
    Column("content", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column(
        "proposed_by",
        ForeignKey("people.person_id", name="fk_rulesets_people_proposed"),
        nullable=False,
    ),
    Column("proposed_at_utc", UtcDateTime, nullable=False),
    Column("backtest", JSON),
    Column("backtested_at_utc", UtcDateTime),
    Column("approved_by", ForeignKey("people.person_id", name="fk_rulesets_people_approved")),
    Column("approved_at_utc", UtcDateTime),
    Column("approved_because", Text),
    Column("live_since_utc", UtcDateTime),
    Column("is_live", Boolean, nullable=False),
    Column("is_shadow", Boolean, nullable=False),
    # also against whoever goes round the program
    CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="second_person"),
    CheckConstraint(
        "approved_by IS NULL OR (backtested_at_utc IS NOT NULL AND approved_at_utc IS NOT NULL "
        "AND approved_because IS NOT NULL)",
        name="approved_on_a_backtest",
    ),
    CheckConstraint("live_since_utc IS NULL OR approved_by IS NOT NULL", name="live_when_approved"),
    CheckConstraint("NOT is_live OR live_since_utc IS NOT NULL", name="live_since"),
    Index(
        "uq_rulesets_live",
        "is_live",
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
    Index(
        "uq_rulesets_shadow",
        "is_shadow",
        unique=True,
        sqlite_where=_SHADOW,
        postgresql_where=_SHADOW,
    ),
)
SHADOW_NIGHTS = Table(
    "shadow_nights",
    METADATA,
    Column("as_of", Date, primary_key=True),
    Column("ruleset_hash", ForeignKey("rulesets.ruleset_hash"), primary_key=True),
    Column("live_hash", String(64), nullable=False),
    Column("flagged", Integer, nullable=False),
    Column("raised", Integer, nullable=False),
    Column("entering", Integer, nullable=False),
    Column("leaving", Integer, nullable=False),
)
