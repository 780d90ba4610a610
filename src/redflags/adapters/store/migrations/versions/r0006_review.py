"""The review: what people do with alerts, from the claim to the closing."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _add_review_to_alerts()
    op.create_index("ix_audit_events_actor", "audit_events", ["actor", "entry_no"])
    _create_homes()
    _create_alert_texts()
    _create_contact_plans()
    _create_contact_attempts()
    _create_referrals()
    _create_case_notes()
    _create_evidence_grants()
    _create_concerns()
    _create_reminders()
    _create_quality_checks()
    _create_below_line_checks()


def _add_review_to_alerts() -> None:
    op.add_column("alerts", sa.Column("version", sa.Integer, server_default="1", nullable=False))
    op.add_column("alerts", sa.Column("look_by_at_utc", _MOMENT))
    op.add_column("alerts", sa.Column("claimed_by", sa.String(64)))
    op.add_column("alerts", sa.Column("claim_lapses_at_utc", _MOMENT))
    op.add_column("alerts", sa.Column("asked_person", sa.String(64)))
    op.add_column("alerts", sa.Column("decided_by", sa.String(64)))
    op.add_column("alerts", sa.Column("decided_at_utc", _MOMENT))
    op.add_column("alerts", sa.Column("due_at_utc", _MOMENT))
    op.add_column("alerts", sa.Column("assigned_to", sa.String(64)))
    op.add_column("alerts", sa.Column("first_attempt_at_utc", _MOMENT))
    op.add_column("alerts", sa.Column("contacted_at_utc", _MOMENT))
    op.add_column("alerts", sa.Column("closed_by", sa.String(64)))
    op.add_column("alerts", sa.Column("closed_at_utc", _MOMENT))
    op.add_column("alerts", sa.Column("reopened_at_utc", _MOMENT))
    op.add_column("alerts", sa.Column("dash_done_on", sa.Date))
    op.add_column("alerts", sa.Column("dash_level", sa.String(64)))
    op.add_column("alerts", sa.Column("recharge_asked_at_utc", _MOMENT))
    op.create_index("ix_alerts_due", "alerts", ["state", "due_at_utc"])
    op.create_index("ix_alerts_household", "alerts", ["tenancy_ref", "raised_on"])
    op.create_index("ix_alerts_closed", "alerts", ["state", "closed_at_utc", "alert_id"])
    is_open = sa.text("state <> 'closed'")
    op.create_index(
        "ix_alerts_open",
        "alerts",
        ["raised_on", "alert_id"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(
        "ix_alerts_waiting",
        "alerts",
        [
            "state",
            "priority",
            "look_by_at_utc",
            "patch",
            "routing",
            "raised_on",
            "tenancy_ref",
            "property_ref",
            "claimed_by",
            "asked_person",
            "assigned_to",
        ],
    )


def _create_homes() -> None:
    op.create_table(
        "homes",
        sa.Column("household_ref", sa.Text, nullable=False),
        sa.Column("property_ref", sa.Text, nullable=False),
        sa.Column("patch", sa.Text, nullable=False),
        sa.Column("routing", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("household_ref", name="pk_homes"),
    )
    op.create_index("ix_homes_property_ref", "homes", ["property_ref"])


def _create_alert_texts() -> None:
    op.create_table(
        "alert_texts",
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("occurred_on", sa.Date, nullable=False),
        sa.Column("text_sealed", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_alert_texts_alerts"),
        sa.PrimaryKeyConstraint("alert_id", "table_name", "ref", name="pk_alert_texts"),
    )
    op.create_index("ix_alert_texts_occurred_on", "alert_texts", ["occurred_on"])


def _create_contact_plans() -> None:
    op.create_table(
        "contact_plans",
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("plan_no", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("when_sealed", sa.LargeBinary, nullable=False),
        sa.Column("not_told_sealed", sa.LargeBinary, nullable=False),
        sa.Column("neutral_reason_sealed", sa.LargeBinary, nullable=False),
        sa.Column("no_messages_left", sa.Boolean, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at_utc", _MOMENT, nullable=False),
        sa.CheckConstraint("no_messages_left", name="no_messages"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_contact_plans_alerts"),
        sa.PrimaryKeyConstraint("alert_id", "plan_no", name="pk_contact_plans"),
    )


def _create_contact_attempts() -> None:
    op.create_table(
        "contact_attempts",
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("attempt_no", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("attempted_at_utc", _MOMENT, nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("result", sa.String(64), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary, nullable=False),
        sa.Column("logged_by", sa.String(64), nullable=False),
        sa.Column("logged_at_utc", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.alert_id"], name="fk_contact_attempts_alerts"
        ),
        sa.PrimaryKeyConstraint("alert_id", "attempt_no", name="pk_contact_attempts"),
    )


def _create_referrals() -> None:
    op.create_table(
        "referrals",
        sa.Column("referral_id", sa.String(64), nullable=False),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("consent_taken_by", sa.Text),
        sa.Column("consent_taken_at_utc", _MOMENT),
        sa.Column("reason_sealed", sa.LargeBinary),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at_utc", _MOMENT, nullable=False),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("answered_at_utc", _MOMENT),
        sa.CheckConstraint(
            "state <> 'recorded' OR (basis = 'consent' AND consent_taken_by IS NOT NULL "
            "AND consent_taken_at_utc IS NOT NULL) OR (basis = 'safeguarding' "
            "AND reason_sealed IS NOT NULL AND answered_by IS NOT NULL)",
            name="recorded_on_a_basis",
        ),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name="second_person"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_referrals_alerts"),
        sa.PrimaryKeyConstraint("referral_id", name="pk_referrals"),
    )
    op.create_index("ix_referrals_alert_id", "referrals", ["alert_id"])


def _create_case_notes() -> None:
    op.create_table(
        "case_notes",
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("note_no", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary, nullable=False),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("written_at_utc", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_case_notes_alerts"),
        sa.PrimaryKeyConstraint("alert_id", "note_no", name="pk_case_notes"),
    )


def _create_evidence_grants() -> None:
    op.create_table(
        "evidence_grants",
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("expires_at_utc", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.alert_id"], name="fk_evidence_grants_alerts"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name="fk_evidence_grants_people"
        ),
        sa.PrimaryKeyConstraint("alert_id", "person_id", name="pk_evidence_grants"),
    )


def _create_concerns() -> None:
    op.create_table(
        "concerns",
        sa.Column("concern_id", sa.String(64), nullable=False),
        sa.Column("form_id", sa.String(64), nullable=False),
        sa.Column("property_ref", sa.Text, nullable=False),
        sa.Column("observed_on", sa.Date, nullable=False),
        sa.Column("seen_sealed", sa.LargeBinary, nullable=False),
        sa.Column("in_danger", sa.Boolean, nullable=False),
        sa.Column("reporter_role", sa.String(64), nullable=False),
        sa.Column("logged_by", sa.String(64), nullable=False),
        sa.Column("logged_at_utc", _MOMENT, nullable=False),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_concerns_alerts"),
        sa.PrimaryKeyConstraint("concern_id", name="pk_concerns"),
        sa.UniqueConstraint("form_id", name="uq_concerns_form_id"),
    )
    op.create_index("ix_concerns_alert_id", "concerns", ["alert_id"])


def _create_reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("link_id", sa.String(64), nullable=False),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("due_at_utc", _MOMENT, nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("made_at_utc", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_reminders_alerts"),
        sa.ForeignKeyConstraint(["person_id"], ["people.person_id"], name="fk_reminders_people"),
        sa.PrimaryKeyConstraint("link_id", name="pk_reminders"),
        sa.UniqueConstraint(
            "alert_id",
            "kind",
            "due_at_utc",
            "person_id",
            name="uq_reminders_alert_id_kind_due_at_utc_person_id",
        ),
    )


def _create_quality_checks() -> None:
    op.create_table(
        "quality_checks",
        sa.Column("check_id", sa.String(64), nullable=False),
        sa.Column("drawn_on", sa.Date, nullable=False),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("checked_by", sa.String(64)),
        sa.Column("checked_at_utc", _MOMENT),
        sa.Column("verdict", sa.String(64)),
        sa.Column("note_sealed", sa.LargeBinary),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_quality_checks_alerts"),
        sa.PrimaryKeyConstraint("check_id", name="pk_quality_checks"),
        sa.UniqueConstraint("alert_id", name="uq_quality_checks_alert_id"),
    )
    op.create_index("ix_quality_checks_open", "quality_checks", ["checked_at_utc", "drawn_on"])


def _create_below_line_checks() -> None:
    op.create_table(
        "below_line_checks",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("tenancy_ref", sa.Text, nullable=False),
        sa.Column("checked_by", sa.String(64), nullable=False),
        sa.Column("checked_at_utc", _MOMENT, nullable=False),
        sa.Column("verdict", sa.String(64), nullable=False),
        sa.Column("alert_id", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.alert_id"], name="fk_below_line_checks_alerts"
        ),
        sa.ForeignKeyConstraint(
            ["as_of", "tenancy_ref"],
            ["below_line_samples.as_of", "below_line_samples.tenancy_ref"],
            name="fk_below_line_checks_below_line_samples",
        ),
        sa.PrimaryKeyConstraint("as_of", "tenancy_ref", name="pk_below_line_checks"),
    )
