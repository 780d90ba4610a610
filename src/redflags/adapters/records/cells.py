"""From records to cells: which household, which signal, how long ago, how many, how dear.

Each step is one SQL statement; the sums of parts are the sum, so the same statements run on one
machine or per partition. Nothing here reads a record dated after `as_of`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import pandas as pd

from redflags.adapters.records.connection import count_rows
from redflags.ruleset import Innocent

CANARY_PATCH = "redflags-canary"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there was to go on: first day of each table, and which tables are there at all."""

    first_day: dict[str, date]
    has_tenancies: bool
    has_properties: bool
    unlinked: dict[str, int]


def prepare_households(connection: duckdb.DuckDBPyConnection, as_of: date) -> bool:
    """Make temp table `household`: who lives where on `as_of`. True when tenancies are known.

    Without tenancies a household is an address, and its history is not cut.
    """
    known = count_rows(connection, _PEOPLES_TENANCIES) > 0
    source = _CURRENT_TENANCIES if known else _ADDRESSES
    connection.execute(f"CREATE OR REPLACE TEMP TABLE household AS {source}", {"as_of": as_of})
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE stay AS " + (_STAYS if known else _ADDRESS_STAYS)
    )
    return known


_PEOPLES_TENANCIES = "tenancies WHERE source <> 'canary'"
_PEOPLES_PROPERTIES = "properties WHERE source <> 'canary'"
_PLACE = """p.property_type, p.bedrooms, p.build_year, p.block_ref, p.patch"""

_CURRENT_TENANCIES = f"""
SELECT t.tenancy_ref AS household_ref, t.property_ref, t.start_date AS since, t.tenure_code,
       {_PLACE}
FROM tenancies t LEFT JOIN properties p USING (property_ref)
WHERE t.start_date <= $as_of AND (t.end_date IS NULL OR t.end_date >= $as_of)
ORDER BY household_ref"""

_ADDRESSES = f"""
SELECT a.property_ref AS household_ref, a.property_ref, NULL::DATE AS since,
       NULL::VARCHAR AS tenure_code, {_PLACE}
FROM (SELECT property_ref FROM properties UNION
      SELECT property_ref FROM records
      WHERE property_ref IS NOT NULL AND occurred_at < $as_of + INTERVAL 1 DAY) a
LEFT JOIN properties p USING (property_ref)
ORDER BY household_ref"""

# The history of an address cut where a tenancy begins or ends; where two overlap, the one that
# began last has it. Each piece is a span of days with one tenancy.
_STAYS = """
WITH edge AS (
  SELECT property_ref, start_date AS from_date FROM tenancies
  UNION SELECT property_ref, (end_date + 1)::DATE FROM tenancies WHERE end_date IS NOT NULL),
span AS (
  SELECT property_ref, from_date,
         lead(from_date) OVER (PARTITION BY property_ref ORDER BY from_date) - 1 AS until_date
  FROM edge)
SELECT s.property_ref, s.from_date, s.until_date,
       arg_max(t.tenancy_ref, (t.start_date, t.tenancy_ref)) AS household_ref,
       max(t.start_date) AS since
FROM span s JOIN tenancies t ON t.property_ref = s.property_ref AND t.start_date <= s.from_date
     AND (t.end_date IS NULL OR t.end_date >= s.from_date)
GROUP BY ALL"""

_ADDRESS_STAYS = """
SELECT property_ref, DATE '1900-01-01' AS from_date, NULL::DATE AS until_date,
       household_ref, NULL::DATE AS since
FROM household"""


def prepare_signs(
    connection: duckdb.DuckDBPyConnection, as_of: date, history_days: int, innocent: Innocent
) -> None:
    """Make temp tables `linked` (records of current households) and `sign` (those with a signal).

    In `sign` one job counts once, whichever tables tell of it, and innocent reasons that only
    dates and places can show (new tenancy, block-wide burst, storm) are filled in.
    """
    since = as_of - timedelta(days=history_days)
    connection.execute(_linked(since, as_of))
    connection.execute(_PAIRED)
    connection.execute(_SIGNS, {"new_tenancy_days": innocent.new_tenancy_days.value})
    _mark_bursts(
        connection,
        "block_ref",
        "block_event",
        innocent.block_burst_days.value,
        innocent.block_burst_homes.value,
        history_days,
    )
    _mark_bursts(
        connection,
        "patch",
        "storm",
        innocent.storm_days.value,
        innocent.storm_homes.value,
        history_days,
    )


def _linked(since: date, as_of: date) -> str:
    """Records up to `as_of` with the household of their date, as a view: few columns are read.

    Stays do not overlap, so a record finds one at most; few homes changed hands within the history,
    so a plain join beats ASOF, which sorts.
    """
    return f"""
CREATE OR REPLACE TEMP VIEW linked AS
SELECT r.table_name, r.ref, r.property_ref, r.occurred_at::DATE AS occurred_on,
       coalesce(r.tenancy_ref, s.household_ref) AS household_ref,
       s.since, r.work_type, r.linked_ref, r.signal, r.tell, r.innocent_reason, r.source,
       CASE WHEN r.completed_at < DATE '{as_of}' + INTERVAL 1 DAY OR r.completed_at IS NULL
            THEN r.cost_gbp END AS cost_gbp
FROM records r
LEFT JOIN (SELECT * FROM stay WHERE until_date IS NULL OR until_date >= DATE '{since}') s
  ON r.property_ref = s.property_ref AND r.occurred_at::DATE >= s.from_date
  AND (s.until_date IS NULL OR r.occurred_at::DATE <= s.until_date)
WHERE r.occurred_at >= DATE '{since}' AND r.occurred_at < DATE '{as_of}' + INTERVAL 1 DAY"""


# A lock change that is also a repair order is one job: by its order number, or, where none was
# given, by the same address within a day.
_PAIRED = """
CREATE OR REPLACE TEMP TABLE paired AS
WITH change AS (SELECT * FROM linked WHERE table_name = 'lock_changes'),
job AS (SELECT * FROM linked WHERE table_name = 'repairs')
SELECT c.ref AS change_ref, j.ref AS job_ref, j.signal AS job_signal, j.tell, j.innocent_reason
FROM change c JOIN job j ON j.ref = c.linked_ref
UNION ALL
SELECT c.ref, j.ref, j.signal, j.tell, j.innocent_reason
FROM change c JOIN job j ON j.property_ref = c.property_ref
  AND abs(j.occurred_on - c.occurred_on) <= 1
WHERE c.linked_ref IS NULL AND j.signal = 'lock_change'"""

_SIGNS = """
CREATE OR REPLACE TEMP TABLE sign AS
WITH told AS (
  SELECT change_ref, max(tell) AS tell, max(innocent_reason) AS innocent_reason
  FROM paired GROUP BY change_ref),
once AS (
  SELECT l.* EXCLUDE (tell, innocent_reason),
         coalesce(nullif(l.tell, ''), t.tell, '') AS tell,
         coalesce(nullif(l.innocent_reason, ''), t.innocent_reason, '') AS innocent_reason
  FROM linked l LEFT JOIN told t ON l.table_name = 'lock_changes' AND t.change_ref = l.ref
  WHERE l.signal <> '' AND l.household_ref IS NOT NULL
    AND NOT (l.table_name = 'repairs' AND l.signal = 'lock_change'
             AND l.ref IN (SELECT job_ref FROM paired WHERE job_signal = 'lock_change')))
SELECT o.* EXCLUDE (innocent_reason, cost_gbp, work_type),
       CASE WHEN o.innocent_reason = 'sanctuary' OR w.household_ref IS NOT NULL THEN 'sanctuary'
            WHEN o.tell IN ('fear', 'partner') THEN ''
            WHEN o.innocent_reason <> '' THEN o.innocent_reason
            WHEN o.signal = 'lock_change' AND o.tell = ''
                 AND o.occurred_on - o.since < $new_tenancy_days THEN 'new_tenancy'
            ELSE '' END AS innocent_reason,
       p.block_ref, p.patch
FROM once o LEFT JOIN properties p USING (property_ref)
LEFT JOIN (SELECT tenancy_ref AS household_ref, min(from_date) AS from_date,
                  max(coalesce(until_date, DATE '9999-12-31')) AS until_date
           FROM protected WHERE reason_code = 'sanctuary_works' GROUP BY tenancy_ref) w
  ON w.household_ref = o.household_ref AND o.signal IN ('lock_change', 'security_request')
  AND o.occurred_on BETWEEN coalesce(w.from_date, DATE '1900-01-01') AND w.until_date"""


def _mark_bursts(
    connection: duckdb.DuckDBPyConnection,
    place: str,
    reason: str,
    days: int,
    homes: int,
    history_days: int,
) -> None:
    """Signs that many homes of one place showed within days are the place's, not the home's.

    Many = `homes` above the place's own usual number in so many days (mean and two standard
    deviations of a Poisson count), so a large block does not burst by chance.
    """
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE burst AS
WITH candidate AS (
  SELECT table_name, ref, signal, {place} AS place, household_ref, occurred_on FROM sign
  WHERE innocent_reason = '' AND {place} IS NOT NULL
    AND signal IN ('lock_change', 'door_damage', 'window_damage', 'internal_damage')),
usual AS (
  SELECT place, signal, count(*) * (2 * $days + 1) / $history_days::DOUBLE AS expected
  FROM candidate GROUP BY place, signal),
around AS (
  SELECT a.table_name, a.ref, a.signal, a.place, count(DISTINCT b.household_ref) AS homes
  FROM candidate a JOIN candidate b ON b.place = a.place AND b.signal = a.signal
    AND b.occurred_on BETWEEN a.occurred_on - $days::INTEGER AND a.occurred_on + $days::INTEGER
  GROUP BY ALL)
SELECT table_name, ref FROM around JOIN usual USING (place, signal)
WHERE homes >= $homes + floor(expected + 2 * sqrt(expected))""",
        {"days": days, "homes": homes, "history_days": history_days},
    )
    connection.execute(
        f"""UPDATE sign SET innocent_reason = '{reason}' FROM burst
            WHERE sign.table_name = burst.table_name AND sign.ref = burst.ref
              AND sign.tell NOT IN ('fear', 'partner')"""
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
    return connection.execute(
        f"""
WITH numbered AS (
  SELECT household_ref, row_number() OVER (ORDER BY household_ref) - 1 AS household
  FROM household),
dear AS (SELECT quantile_disc(cost_gbp, $quantile) AS cap FROM linked WHERE cost_gbp > 0),
counted AS (
  SELECT household_ref, signal AS stream, $as_of - occurred_on AS age, 0.0 AS cost_gbp
  FROM sign WHERE innocent_reason = ''
  UNION ALL
  SELECT household_ref, 'tell:' || signal, $as_of - occurred_on, 0.0
  FROM sign WHERE innocent_reason = '' AND tell <> ''
  UNION ALL
  SELECT household_ref, 'repair_count', $as_of - occurred_on,
         CASE WHEN cost_gbp > (FROM dear) THEN (FROM dear) ELSE cost_gbp END
  FROM linked WHERE table_name = 'repairs' AND innocent_reason = ''
    AND (work_type = 'responsive' OR work_type IS NULL))
SELECT household, stream, CASE {buckets} END AS bucket, count(*) AS n,
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
    unlinked = connection.execute(
        """SELECT table_name, count(*) FROM records r
           WHERE occurred_at < ?::DATE + INTERVAL 1 DAY AND source <> 'canary'
             AND (property_ref NOT IN (SELECT property_ref FROM properties UNION ALL
                                       SELECT property_ref FROM tenancies)
                  OR tenancy_ref NOT IN (SELECT tenancy_ref FROM tenancies))
           GROUP BY ALL ORDER BY ALL""",
        [as_of],
    ).fetchall()
    return Coverage(
        first_day={str(name): day for name, day in days},
        has_tenancies=count_rows(connection, _PEOPLES_TENANCIES) > 0,
        has_properties=count_rows(connection, _PEOPLES_PROPERTIES) > 0,
        unlinked={str(name): int(n) for name, n in unlinked},
    )
