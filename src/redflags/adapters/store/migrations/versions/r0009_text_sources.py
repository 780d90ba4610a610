"""Texts of an alert by source: two sources may have the same reference."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FROM_EVIDENCE = """
UPDATE alert_texts SET source = coalesce(
  (SELECT min(e.source) FROM alert_evidence e
   WHERE e.alert_id = alert_texts.alert_id AND e.table_name = alert_texts.table_name
     AND e.ref = alert_texts.ref), '')"""


def upgrade() -> None:
    with op.batch_alter_table("alert_texts") as batch:
        batch.add_column(sa.Column("source", sa.Text, server_default="", nullable=False))
    op.execute(_FROM_EVIDENCE)
    with op.batch_alter_table("alert_texts") as batch:
        batch.drop_constraint("pk_alert_texts", type_="primary")
        batch.create_primary_key("pk_alert_texts", ["alert_id", "table_name", "ref", "source"])
