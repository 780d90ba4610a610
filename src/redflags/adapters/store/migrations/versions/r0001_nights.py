"""The run log of nights."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_runs()
    _create_sources()
    _create_tables()
    _create_stages()


def _create_runs() -> None:
    op.create_table(
        "night_runs",
        sa.Column("run_id", sa.String(64), primary_key=True),
        sa.Column("as_of", sa.Date, nullable=False, index=True),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("started_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at_utc", sa.DateTime(timezone=True)),
        sa.Column("ruleset_hash", sa.String(64), nullable=False),
        sa.Column("signals_hash", sa.String(64), nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
    )


def _create_sources() -> None:
    op.create_table(
        "night_sources",
        sa.Column("run_id", sa.String(64), sa.ForeignKey("night_runs.run_id"), primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
    )


def _create_tables() -> None:
    op.create_table(
        "night_tables",
        sa.Column("run_id", sa.String(64), sa.ForeignKey("night_runs.run_id"), primary_key=True),
        sa.Column("table_name", sa.String(64), primary_key=True),
        sa.Column("rows_read", sa.Integer, nullable=False),
        sa.Column("rows_accepted", sa.Integer, nullable=False),
        sa.Column("rows_quarantined", sa.Integer, nullable=False),
        sa.Column("rows_replaced", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "rows_read = rows_accepted + rows_quarantined + rows_replaced", name="no_row_lost"
        ),
    )


def _create_stages() -> None:
    op.create_table(
        "night_stages",
        sa.Column("run_id", sa.String(64), sa.ForeignKey("night_runs.run_id"), primary_key=True),
        sa.Column("stage", sa.String(64), primary_key=True),
        sa.Column("seconds", sa.Double, nullable=False),
    )
