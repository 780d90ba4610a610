"""What the store tells: households, evidence, protections, codes, totals. Every list is ordered."""

from collections.abc import Collection, Sequence
from datetime import date

import duckdb
import pandas as pd
import pyarrow as pa

from redflags.adapters.records.episode_event_counts import (
    IS_LOST_KEY,
    IS_MISSED_VISIT,
    asked_of_visits,
)
from redflags.adapters.records.record_tables import DIMENSIONS, EVENTS
from redflags.adapters.records.signal_rows import IS_COUNTED_REPAIR
from redflags.analysis.schemas import UNSIGNALLED
from redflags.configuration.ruleset import MissedVisits
from redflags.domain.alert import EvidenceKey


def households(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Households prepared by `households_on_date.prepare_households`, ordered by ref."""
    return connection.execute("SELECT * FROM household ORDER BY household_ref").df()


def evidence(
    connection: duckdb.DuckDBPyConnection,
    refs: Sequence[str],
    since: date,
    visits: MissedVisits | None = None,
) -> pd.DataFrame:
    """Records from `since` on that count for some households, oldest first within each.

    Returns:
        ``household_ref``, ``stream`` (the signal, or ``repair_count``), ``occurred_on``,
        ``table_name``, ``ref``, ``tell``, ``source``, ``cost_gbp``. A repair with a signal stands
        twice: once as its signal, once as a repair. With `visits` also the weak marks that are no
        signal: ``lost_key`` and ``missed_visit``.
    """
    weak = "" if visits is None else _WEAK_MARKS
    connection.register("wanted", pa.table({"household_ref": pa.array(list(refs), pa.string())}))
    found = connection.execute(
        f"""
SELECT household_ref, coalesce(nullif(signal, ''), '{UNSIGNALLED}') AS stream, occurred_on,
       table_name, ref, tell, source, 0.0 AS cost_gbp
FROM sign JOIN wanted USING (household_ref) WHERE innocent_reason = '' AND occurred_on >= $since
UNION ALL
SELECT household_ref, 'repair_count', occurred_on, table_name, ref, tell, source, cost_gbp
FROM linked JOIN wanted USING (household_ref)
WHERE {IS_COUNTED_REPAIR} AND occurred_on >= $since
{weak}
ORDER BY household_ref, occurred_on, table_name, ref, source, stream""",
        {"since": since} | ({} if visits is None else asked_of_visits(visits)),
    ).df()
    connection.unregister("wanted")
    return found


_WEAK_MARKS = f"""
UNION ALL
SELECT household_ref, 'lost_key', occurred_on, table_name, ref, tell, source, 0.0
FROM sign JOIN wanted USING (household_ref) WHERE {IS_LOST_KEY} AND occurred_on >= $since
UNION ALL
SELECT household_ref, 'missed_visit', occurred_on, table_name, ref, tell, source, 0.0
FROM linked JOIN wanted USING (household_ref) WHERE {IS_MISSED_VISIT} AND occurred_on >= $since"""


def sealed_texts(
    connection: duckdb.DuckDBPyConnection, keys: Collection[EvidenceKey]
) -> dict[EvidenceKey, bytes]:
    """The text of some records, still sealed; records without text are left out."""
    names = ("table_name", "ref", "source")
    values = zip(*sorted(keys), strict=True) if keys else ((), (), ())
    columns = [pa.array(column, pa.string()) for column in values]
    connection.register("wanted", pa.table(columns, names=names))
    found = connection.execute(
        """SELECT table_name, ref, source, text_sealed
           FROM records SEMI JOIN wanted USING (table_name, ref, source)
           WHERE text_sealed IS NOT NULL ORDER BY table_name, ref, source"""
    ).fetchall()
    connection.unregister("wanted")
    return {(table, ref, source): blob for table, ref, source, blob in found}


def protections(connection: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, frozenset[str]]:
    rows = connection.execute(
        """SELECT tenancy_ref, list(DISTINCT reason_code) FROM protected
           WHERE coalesce(from_date, ?) <= ? AND coalesce(until_date, ?) >= ?
           GROUP BY tenancy_ref ORDER BY tenancy_ref""",
        [as_of, as_of, as_of, as_of],
    ).fetchall()
    return {str(ref): frozenset(reasons) for ref, reasons in rows}


def codes(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Distinct (table, work_type, trade_code, code) with ``n`` records each."""
    return connection.execute(
        """SELECT table_name AS "table", work_type, status, priority_code, trade_code, code,
                  count(*) AS n
           FROM records WHERE source <> 'canary' GROUP BY ALL
           ORDER BY n DESC, "table", work_type, status, priority_code, trade_code, code"""
    ).df()


def totals(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    found = dict.fromkeys((*DIMENSIONS, *EVENTS), 0)
    for name in DIMENSIONS:
        row = connection.execute(f"SELECT count(*) FROM {name} WHERE source <> 'canary'").fetchone()
        found[name] = int(row[0]) if row is not None else 0
    found |= dict(
        connection.execute(
            """SELECT table_name, count(*) FROM records
               WHERE source <> 'canary' GROUP BY table_name"""
        ).fetchall()
    )
    return found
