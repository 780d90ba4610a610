"""Alerts with their reasons and evidence, the sample from below the line, the canary."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_alerts()
    _create_reasons()
    _create_evidence()
    _create_samples()
    _create_canary_checks()


def _create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(64), primary_key=True),
        sa.Column("tenancy_ref", sa.Text, nullable=False),
        sa.Column("property_ref", sa.Text, nullable=False),
        sa.Column("patch", sa.Text, nullable=False),
        sa.Column("raised_on", sa.Date, nullable=False, index=True),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("routing", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(64), nullable=False),
        sa.Column("ruleset_hash", sa.String(64), nullable=False),
        sa.Column("signals_hash", sa.String(64), nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("outcome", sa.String(64)),
        sa.Column("watched_until", sa.Date),
        sa.CheckConstraint("state <> 'closed' OR outcome IS NOT NULL", name="closed_with_outcome"),
    )
    is_open = sa.text("state <> 'closed'")
    op.create_index(
        "uq_alerts_open_tenancy_ref",
        "alerts",
        ["tenancy_ref"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _create_reasons() -> None:
    op.create_table(
        "alert_reasons",
        sa.Column("alert_id", sa.String(64), sa.ForeignKey("alerts.alert_id"), primary_key=True),
        sa.Column("reason_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rule_id", sa.String(64), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("added_on", sa.Date, nullable=False),
    )


def _create_evidence() -> None:
    op.create_table(
        "alert_evidence",
        sa.Column("alert_id", sa.String(64), primary_key=True),
        sa.Column("reason_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("evidence_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("occurred_on", sa.Date, nullable=False),
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("signal", sa.String(64), nullable=False),
        sa.Column("tell", sa.String(64), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id", "reason_no"], ["alert_reasons.alert_id", "alert_reasons.reason_no"]
        ),
    )


def _create_samples() -> None:
    op.create_table(
        "below_line_samples",
        sa.Column("as_of", sa.Date, primary_key=True),
        sa.Column("tenancy_ref", sa.Text, primary_key=True),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("property_ref", sa.Text, nullable=False),
        sa.Column("patch", sa.Text, nullable=False),
    )


def _create_canary_checks() -> None:
    op.create_table(
        "canary_checks",
        sa.Column("as_of", sa.Date, primary_key=True),
        sa.Column("raised", sa.Boolean, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
    )
