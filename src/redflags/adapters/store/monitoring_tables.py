"""What the nights leave to be watched: sums of each night, baselines, and kinds of homes."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Integer, String, Table, Text

from redflags.adapters.store.tables import METADATA, UtcDateTime

WATCHED_NIGHTS = Table(
    "watched_nights",
    METADATA,
    Column("as_of", Date, primary_key=True),
    Column("figures", JSON, nullable=False),
    Column("recorded_at_utc", UtcDateTime, nullable=False),
)
WATCH_BASELINES = Table(
    "watch_baselines",
    METADATA,
    Column("baseline_no", Integer, primary_key=True, autoincrement=False),
    Column("starts_on", Date, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_at_utc", UtcDateTime, nullable=False),
)
ALERT_GROUPS = Table(
    "alert_groups",
    METADATA,
    Column("alert_id", ForeignKey("alerts.alert_id"), primary_key=True),
    Column("property_type", String(64), nullable=False),
    Column("tenure", Text, nullable=False),
)
