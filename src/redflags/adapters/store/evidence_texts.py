"""The sealed job text behind an alert, copied by the night so that reviewers can read it later.

It comes sealed and is written sealed: bound to its record (``table/ref``), whichever database it
lies in. How long it stays is `retention.text_days`.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from redflags.adapters.store.case_tables import ALERT_TEXTS
from redflags.domain.alert import Evidence, EvidenceKey


def keep(
    connection: Connection,
    alert_id: str,
    records: Collection[Evidence],
    sealed: Mapping[EvidenceKey, bytes],
) -> int:
    """Write the texts of `records` that the alert does not have yet; how many those were."""
    known = _keys(connection, alert_id)
    days = {item.key: item.occurred_on for item in records}
    rows = [
        {
            "alert_id": alert_id,
            "table_name": table,
            "ref": ref,
            "occurred_on": days[table, ref],
            "text_sealed": sealed[table, ref],
        }
        for table, ref in sorted(days.keys() & sealed.keys() - known)
    ]
    if rows:
        connection.execute(insert(ALERT_TEXTS), rows)
    return len(rows)


def purge(connection: Connection, before: date) -> int:
    """Drop the texts of records dated before `before`; how many."""
    return connection.execute(
        delete(ALERT_TEXTS).where(ALERT_TEXTS.c.occurred_on < before)
    ).rowcount


def _keys(connection: Connection, alert_id: str) -> set[EvidenceKey]:
    rows = connection.execute(
        select(ALERT_TEXTS.c.table_name, ALERT_TEXTS.c.ref).where(
            ALERT_TEXTS.c.alert_id == alert_id
        )
    )
    return {(table, ref) for table, ref in rows}
