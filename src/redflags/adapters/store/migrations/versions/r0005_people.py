"""People, how they log in, and the households they must never see."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_people()
    _create_invitations()
    _create_sessions()
    _create_login_failures()
    _create_interests()


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("patches", sa.JSON, nullable=False),
        sa.Column("every_patch", sa.Boolean, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("is_away", sa.Boolean, nullable=False),
        sa.Column("added_at_utc", _MOMENT, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("totp_sealed", sa.LargeBinary),
        sa.Column("totp_last_step", sa.Integer),
        sa.PrimaryKeyConstraint("person_id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
    )


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("expires_at_utc", _MOMENT, nullable=False),
        sa.Column("used_at_utc", _MOMENT),
        sa.ForeignKeyConstraint(["person_id"], ["people.person_id"], name="fk_invitations_people"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invitations"),
    )
    op.create_index("ix_invitations_person_id", "invitations", ["person_id"])


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("started_at_utc", _MOMENT, nullable=False),
        sa.Column("last_seen_at_utc", _MOMENT, nullable=False),
        sa.Column("ended_at_utc", _MOMENT),
        sa.ForeignKeyConstraint(["person_id"], ["people.person_id"], name="fk_sessions_people"),
        sa.PrimaryKeyConstraint("session_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])


def _create_login_failures() -> None:
    op.create_table(
        "login_failures",
        sa.Column("failure_id", sa.Integer, nullable=False),
        sa.Column("account_hash", sa.String(64), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("at_utc", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("failure_id", name="pk_login_failures"),
    )
    op.create_index("ix_login_failures_account", "login_failures", ["account_hash", "at_utc"])
    op.create_index("ix_login_failures_address", "login_failures", ["address_hash", "at_utc"])


def _create_interests() -> None:
    op.create_table(
        "interests",
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.person_id"], name="fk_interests_people"),
        sa.PrimaryKeyConstraint("person_id", "ref", name="pk_interests"),
    )
