"""Watching: sums of each night, baselines for them, and of which kind the homes of alerts are."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "watched_nights",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("recorded_at_utc", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("as_of", name="pk_watched_nights"),
    )
    op.create_table(
        "watch_baselines",
        sa.Column("baseline_no", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("set_at_utc", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("baseline_no", name="pk_watch_baselines"),
    )
    op.create_table(
        "alert_groups",
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("property_type", sa.String(64), nullable=False),
        sa.Column("tenure", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_alert_groups_alerts"),
        sa.PrimaryKeyConstraint("alert_id", name="pk_alert_groups"),
    )
