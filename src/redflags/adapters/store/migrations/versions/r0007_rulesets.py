"""The life of a rule set: proposed, backtested, approved by somebody else, live; and the shadow."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_rulesets()
    _create_shadow_nights()


def _create_rulesets() -> None:
    op.create_table(
        "rulesets",
        sa.Column("ruleset_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("parent", sa.String(64)),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at_utc", _MOMENT, nullable=False),
        sa.Column("backtest", sa.JSON),
        sa.Column("backtested_at_utc", _MOMENT),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("approved_at_utc", _MOMENT),
        sa.Column("approved_because", sa.Text),
        sa.Column("live_since_utc", _MOMENT),
        sa.Column("is_live", sa.Boolean, nullable=False),
        sa.Column("is_shadow", sa.Boolean, nullable=False),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by", name="second_person"
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR (backtested_at_utc IS NOT NULL AND approved_at_utc IS NOT NULL "
            "AND approved_because IS NOT NULL)",
            name="approved_on_a_backtest",
        ),
        sa.CheckConstraint(
            "live_since_utc IS NULL OR approved_by IS NOT NULL", name="live_when_approved"
        ),
        sa.CheckConstraint("NOT is_live OR live_since_utc IS NOT NULL", name="live_since"),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["people.person_id"], name="fk_rulesets_people_proposed"
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["people.person_id"], name="fk_rulesets_people_approved"
        ),
        sa.PrimaryKeyConstraint("ruleset_hash", name="pk_rulesets"),
    )
    for name in ("live", "shadow"):
        where = sa.text(f"is_{name}")
        op.create_index(
            f"uq_rulesets_{name}",
            "rulesets",
            [f"is_{name}"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def _create_shadow_nights() -> None:
    op.create_table(
        "shadow_nights",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("ruleset_hash", sa.String(64), nullable=False),
        sa.Column("live_hash", sa.String(64), nullable=False),
        sa.Column("flagged", sa.Integer, nullable=False),
        sa.Column("raised", sa.Integer, nullable=False),
        sa.Column("entering", sa.Integer, nullable=False),
        sa.Column("leaving", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["ruleset_hash"], ["rulesets.ruleset_hash"], name="fk_shadow_nights_rulesets"
        ),
        sa.PrimaryKeyConstraint("as_of", "ruleset_hash", name="pk_shadow_nights"),
    )
