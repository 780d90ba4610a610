"""The sealed job text behind an alert, copied by the night so that reviewers can read it later.

It comes sealed and is written sealed: bound to its record (``table/ref``), whichever database it
lies in. How long it stays is `retention.text_days`.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from redflags.adapters.store.case_tables import ALERT_TEXTS
from redflags.domain.alert import Evidence, EvidenceKey, known_by


def keep(
    connection: Connection,
    alert_id: str,
    records: Collection[Evidence],
    sealed: Mapping[EvidenceKey, bytes],
) -> int:
    """Write the texts of `records` that the alert does not have yet; how many those were."""
    known = _keys(connection, alert_id)
    wanted = {item.key: item for item in records if item.key in sealed and not item.is_among(known)}
    rows = [
        {
            "alert_id": alert_id,
            "table_name": item.table,
            "ref": item.ref,
            "source": item.source,
            "occurred_on": item.occurred_on,
            "text_sealed": sealed[key],
        }
        for key, item in sorted(wanted.items())
    ]
    if rows:
        connection.execute(insert(ALERT_TEXTS), rows)
    return len(rows)


def purge(connection: Connection, before: date) -> int:
    """Drop the texts of records dated before `before`; how many."""
    return connection.execute(
        delete(ALERT_TEXTS).where(ALERT_TEXTS.c.occurred_on < before)
    ).rowcount


def _keys(connection: Connection, alert_id: str) -> frozenset[EvidenceKey]:
    c = ALERT_TEXTS.c
    rows = connection.execute(
        select(c.occurred_on, c.table_name, c.ref, c.source).where(c.alert_id == alert_id)
    )
    return known_by(Evidence(day, table, ref, "", source=src) for day, table, ref, src in rows)
