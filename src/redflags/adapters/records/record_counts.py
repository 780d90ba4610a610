"""From signs to cells: which household, which signal, how long ago, how many, how dear.

The sums of parts are the sum, so the same statement runs on one machine or per partition. Nothing
here reads a record dated after `as_of`.
"""

from datetime import date

import duckdb
import pandas as pd

from redflags.adapters.records.connection import count_rows
from redflags.adapters.records.households_on_date import (
    PEOPLES_PROPERTIES,
    PEOPLES_TENANCIES,
    RECENT_DAYS,
)
from redflags.adapters.records.signal_rows import IS_COUNTED_REPAIR
from redflags.analysis.counted_records import Coverage
from redflags.analysis.schemas import SIGNALS, UNSIGNALLED

CELL_STREAMS = (
    *SIGNALS,
    "repair_count",
    *(f"tell:{signal}" for signal in (*SIGNALS, UNSIGNALLED)),
)


def count_cells(
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    edges_days: tuple[int, ...],
    dear_job_quantile: float,
) -> pd.DataFrame:
    """Long cells of current households.

    Returns:
        Columns ``household`` (position in `household` ordered by ref), ``stream`` (a signal,
        ``tell:<signal>``, or ``repair_count``), ``bucket`` (position in `edges_days`), ``n`` and
        ``cost_gbp`` (each job at most the `dear_job_quantile` of all jobs).
    """
    buckets = " ".join(
        f"WHEN age >= {edge} THEN {position}"
        for position, edge in reversed(list(enumerate(edges_days)))
    )
    streams = ", ".join(f"'{name}'" for name in CELL_STREAMS)
    return connection.execute(
        f"""
WITH numbered AS (
  SELECT household_ref, row_number() OVER (ORDER BY household_ref) - 1 AS household
  FROM household),
dear AS (SELECT quantile_disc(cost_gbp, $quantile) AS cap FROM linked WHERE cost_gbp > 0),
counted AS (
  SELECT household_ref, signal AS stream, $as_of - occurred_on AS age, 0.0 AS cost_gbp
  FROM sign WHERE innocent_reason = '' AND signal <> ''
  UNION ALL
  SELECT household_ref, 'tell:' || coalesce(nullif(signal, ''), '{UNSIGNALLED}'),
         $as_of - occurred_on, 0.0
  FROM sign WHERE innocent_reason = '' AND tell <> ''
  UNION ALL
  SELECT household_ref, 'repair_count', $as_of - occurred_on,
         CASE WHEN cost_gbp > (FROM dear) THEN (FROM dear) ELSE cost_gbp END
  FROM linked WHERE {IS_COUNTED_REPAIR})
SELECT household, stream::ENUM({streams}) AS stream, CASE {buckets} END AS bucket, count(*) AS n,
       coalesce(sum(cost_gbp), 0) AS cost_gbp
FROM counted JOIN numbered USING (household_ref)
GROUP BY ALL ORDER BY household, stream, bucket""",
        {"as_of": as_of, "quantile": dear_job_quantile},
    ).df()


def coverage(connection: duckdb.DuckDBPyConnection, as_of: date) -> Coverage:
    """First day of each event table and how many records fit no known household."""
    days = connection.execute(
        """SELECT table_name, min(occurred_at)::DATE FROM records
           WHERE occurred_at < ?::DATE + INTERVAL 1 DAY AND source <> 'canary' GROUP BY ALL""",
        [as_of],
    ).fetchall()
    has_tenancies = count_rows(connection, PEOPLES_TENANCIES) > 0
    has_properties = count_rows(connection, PEOPLES_PROPERTIES) > 0
    return Coverage(
        first_day={str(name): day for name, day in days},
        has_tenancies=has_tenancies,
        has_properties=has_properties,
        unlinked=_unlinked(connection, as_of) if has_tenancies or has_properties else {},
        unplaced=_unplaced(connection, as_of),
        unmatched_protections=_unmatched_protections(connection, as_of),
    )


def _unplaced(connection: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, int]:
    """Recent concerns and presentations of households that are not there any more."""
    rows = connection.execute(
        f"""SELECT table_name, count(*) FROM linked
            WHERE table_name IN ('concerns', 'homelessness')
              AND occurred_on > DATE '{as_of}' - {RECENT_DAYS}
              AND (household_ref IS NULL
                   OR household_ref NOT IN (SELECT household_ref FROM household))
            GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    return {str(name): int(n) for name, n in rows}


def _unmatched_protections(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Protections of this day for tenancies nobody knows: they protect nobody."""
    return count_rows(
        connection,
        f"""protected WHERE coalesce(until_date, DATE '{as_of}') >= DATE '{as_of}'
            AND tenancy_ref NOT IN (SELECT tenancy_ref FROM tenancies)""",
    )


def _unlinked(connection: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, int]:
    """Records that name a home or a tenancy which no table of those knows."""
    unlinked = connection.execute(
        """SELECT table_name, count(*) FROM records r
           WHERE occurred_at < ?::DATE + INTERVAL 1 DAY AND source <> 'canary'
             AND (property_ref NOT IN (SELECT property_ref FROM properties UNION ALL
                                       SELECT property_ref FROM tenancies)
                  OR tenancy_ref NOT IN (SELECT tenancy_ref FROM tenancies))
           GROUP BY ALL ORDER BY ALL""",
        [as_of],
    ).fetchall()
    return {str(name): int(n) for name, n in unlinked}
