"""Records with their household, and among them the signs: one job once, innocent reasons out."""

from datetime import date, timedelta

import duckdb

from redflags.adapters.records.block_bursts import mark_bursts
from redflags.adapters.records.same_jobs import prepare_jobs
from redflags.configuration.ruleset import Innocent

IS_COUNTED_REPAIR = """table_name = 'repairs' AND innocent_reason = ''
    AND (work_type = 'responsive' OR work_type IS NULL)"""
"""Of `linked`: repairs somebody asked for, whose number and cost say something of a household."""


def prepare_signs(
    connection: duckdb.DuckDBPyConnection, as_of: date, history_days: int, innocent: Innocent
) -> None:
    """Make temp view `linked` (records with their household) and table `sign` (what tells).

    In `sign` one job counts once, whichever tables tell of it, and innocent reasons that only
    dates and places can show (new tenancy, block-wide burst, storm) are filled in.
    """
    since = as_of - timedelta(days=history_days - 1)
    connection.execute(_WORKS)
    jobs = prepare_jobs(connection)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW linked AS {_linked(jobs, since, as_of)}")
    connection.execute(_TELLING_RECORDS.format(jobs=jobs))
    telling = _linked("telling_record", since, as_of)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE telling AS {telling}")
    connection.execute(_PAIRED)
    connection.execute(_SIGNS, {"new_tenancy_days": innocent.new_tenancy_days.value})
    mark_bursts(connection, innocent, as_of)


# Few records tell anything or are the order of a lock change; only those are joined in full.
_TELLING_RECORDS = """
CREATE OR REPLACE TEMP TABLE telling_record AS
WITH ordered AS (SELECT DISTINCT linked_ref AS ref FROM records
                 WHERE table_name = 'lock_changes' AND linked_ref IS NOT NULL)
SELECT * EXCLUDE (text_sealed) FROM {jobs}
WHERE table_name = 'lock_changes' OR signal <> '' OR tell <> ''
UNION ALL
SELECT r.* EXCLUDE (text_sealed) FROM {jobs} r SEMI JOIN ordered USING (ref)
WHERE table_name = 'repairs' AND signal = '' AND tell = ''"""


def _linked(source: str, since: date, as_of: date) -> str:
    """SELECT of the records of `source` up to `as_of` with the household of their date.

    Stays do not overlap, so a record finds one at most; few homes changed hands within the history,
    so a plain join beats ASOF, which sorts.
    """
    return f"""
SELECT r.table_name, r.ref, r.property_ref, r.occurred_at::DATE AS occurred_on,
       coalesce(r.tenancy_ref, v.property_ref, s.household_ref) AS household_ref,
       s.since, r.work_type, r.linked_ref, r.signal, r.tell, r.entry, r.source,
       CASE WHEN w.household_ref IS NULL THEN r.innocent_reason ELSE 'sanctuary' END
         AS innocent_reason,
       CASE WHEN r.completed_at < DATE '{as_of}' + INTERVAL 1 DAY OR r.completed_at IS NULL
            THEN r.cost_gbp END AS cost_gbp,
       CASE WHEN r.completed_at < DATE '{as_of}' + INTERVAL 1 DAY OR r.completed_at IS NULL
            THEN r.status END AS status
FROM {source} r
LEFT JOIN (SELECT * FROM stay WHERE until_date IS NULL OR until_date >= DATE '{since}') s
  ON r.property_ref = s.property_ref AND r.occurred_at::DATE >= s.from_date
  AND (s.until_date IS NULL OR r.occurred_at::DATE <= s.until_date)
LEFT JOIN vacant v ON r.table_name = 'concerns' AND v.property_ref = r.property_ref
LEFT JOIN works w
  ON r.signal IN ('lock_change', 'security_request') AND w.household_ref = s.household_ref
  AND r.occurred_at::DATE BETWEEN w.from_date AND w.until_date
WHERE r.occurred_at >= DATE '{since}' AND r.occurred_at < DATE '{as_of}' + INTERVAL 1 DAY"""


# Works the landlord ordered to protect somebody: neither signs nor repairs while they last (P20).
_WORKS = """
CREATE OR REPLACE TEMP TABLE works AS
SELECT tenancy_ref AS household_ref, min(coalesce(from_date, DATE '1900-01-01')) AS from_date,
       max(coalesce(until_date, DATE '9999-12-31')) AS until_date
FROM protected WHERE reason_code = 'sanctuary_works' GROUP BY tenancy_ref"""

# A lock change that is also a repair order is one job: by its order number, or, where none was
# given, by the same address within a day. An order number is one of the same source where it has
# such an order; else of the source that has it at this address, the nearest in time: numbers of
# other sources at other homes are other jobs. Why the order was innocent belongs to the job; what
# its text tells belongs to the household that lived there then.
_PAIRED = """
CREATE OR REPLACE TEMP TABLE paired AS
WITH change AS (SELECT * FROM telling WHERE table_name = 'lock_changes'),
job AS (SELECT * FROM telling WHERE table_name = 'repairs'),
joined AS (
  SELECT c.source AS change_source, c.ref AS change_ref, c.household_ref AS change_household, j.*
  FROM change c JOIN job j ON j.ref = c.linked_ref
    AND (j.source = c.source OR j.property_ref = c.property_ref)
  QUALIFY row_number() OVER (
    PARTITION BY c.source, c.ref
    ORDER BY j.source = c.source DESC, abs(j.occurred_on - c.occurred_on), j.source) = 1
  UNION ALL
  SELECT c.source, c.ref, c.household_ref, j.*
  FROM change c JOIN job j ON j.property_ref = c.property_ref
    AND abs(j.occurred_on - c.occurred_on) <= 1
  WHERE c.linked_ref IS NULL AND j.signal = 'lock_change')
SELECT change_source, change_ref, source AS job_source, ref AS job_ref,
       signal AS job_signal, innocent_reason,
       CASE WHEN household_ref IS NOT DISTINCT FROM change_household THEN tell ELSE '' END AS tell
FROM joined"""

_SIGNS = """
CREATE OR REPLACE TEMP TABLE sign AS
WITH told AS (
  SELECT change_source, change_ref,
         arg_max(tell, CASE tell WHEN 'partner' THEN 3 WHEN 'fear' THEN 2
                                 WHEN 'force' THEN 1 ELSE 0 END) AS tell,
         max(innocent_reason) AS innocent_reason,
         bool_or(innocent_reason = 'sanctuary') AS is_sanctuary
  FROM paired GROUP BY change_source, change_ref),
once AS (
  SELECT l.* EXCLUDE (tell, innocent_reason),
         coalesce(nullif(l.tell, ''), t.tell, '') AS tell,
         CASE WHEN t.is_sanctuary THEN 'sanctuary'
              ELSE coalesce(nullif(l.innocent_reason, ''), t.innocent_reason, '')
         END AS innocent_reason
  FROM telling l LEFT JOIN told t ON l.table_name = 'lock_changes'
    AND t.change_source = l.source AND t.change_ref = l.ref
  WHERE (l.signal <> '' OR l.tell <> '') AND l.household_ref IS NOT NULL
    AND NOT (l.table_name = 'repairs' AND l.signal IN ('lock_change', '')
             AND (l.source, l.ref) IN (SELECT (job_source, job_ref) FROM paired
                                       WHERE job_signal IN ('lock_change', ''))))
SELECT o.* EXCLUDE (innocent_reason, cost_gbp, work_type, status),
       CASE WHEN o.innocent_reason = 'sanctuary' THEN 'sanctuary'
            WHEN o.tell IN ('fear', 'partner') THEN ''
            WHEN o.innocent_reason <> '' THEN o.innocent_reason
            WHEN o.signal = 'lock_change' AND o.tell = ''
                 AND o.occurred_on - o.since < $new_tenancy_days THEN 'new_tenancy'
            ELSE '' END AS innocent_reason,
       p.block_ref, p.patch
FROM once o LEFT JOIN properties p USING (property_ref)"""
