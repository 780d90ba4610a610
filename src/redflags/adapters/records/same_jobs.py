"""A job that two systems hold, where configuration says that one uses the references of the other.

It counts once, as the record of the source whose references they are, with what both say of it.
"""

from collections.abc import Iterable

import duckdb

from redflags.adapters.records.connection import count_rows, quoted
from redflags.domain.configured_source import OUR_OWN, Change, ConfiguredSource, SourceChange


def remember_same_jobs(
    connection: duckdb.DuckDBPyConnection, configured: Iterable[ConfiguredSource]
) -> None:
    connection.execute("DELETE FROM same_jobs")
    for source in configured:
        for table, of_source in source.same_jobs.items():
            connection.execute(
                "INSERT INTO same_jobs VALUES (?, ?, ?)", [source.name, table, of_source]
            )


def find_doubles(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str]
) -> list[SourceChange]:
    """References that two sources have for one home and day: perhaps one job that both hold.

    `tables`: those that several of the landlord's sources give.
    """
    shared = ", ".join(map(quoted, tables))
    if not shared:
        return []
    rows = connection.execute(_DOUBLES.format(shared=shared)).fetchall()
    return [SourceChange(names, table, Change.PERHAPS_TWICE, n) for names, table, n in rows]


_THEIRS = f"source NOT IN ({', '.join(quoted(name) for name in sorted(OUR_OWN))})"
_DOUBLES = f"""
WITH double AS (
  SELECT table_name, array_to_string(list_sort(list(source)), ' and ') AS names
  FROM records ANTI JOIN same_jobs USING (source, table_name)
  WHERE {_THEIRS} AND table_name IN ({{shared}})
  GROUP BY table_name, ref, coalesce(property_ref, tenancy_ref), occurred_at::DATE
  HAVING count(*) > 1)
SELECT names, table_name, count(*) FROM double GROUP BY ALL ORDER BY ALL"""


def prepare_jobs(connection: duckdb.DuckDBPyConnection) -> str:
    """The relation in which every job stands once; `records` itself where nobody shares any."""
    if not count_rows(connection, "same_jobs"):
        return "records"
    connection.execute(_TWINS)
    connection.execute(_JOBS)
    return "job_once"


_RANK = "CASE {} WHEN 'partner' THEN 3 WHEN 'fear' THEN 2 WHEN 'force' THEN 1 ELSE 0 END"

_TWINS = f"""
CREATE OR REPLACE TEMP TABLE twin AS
SELECT f.source, f.table_name, f.ref, s.of_source, f.signal, f.tell, f.innocent_reason,
       f.cost_gbp, {_RANK.format("f.tell")} AS told
FROM records f JOIN same_jobs s USING (source, table_name)
WHERE EXISTS (SELECT 1 FROM records o WHERE o.source = s.of_source
              AND o.table_name = f.table_name AND o.ref = f.ref)"""

_JOBS = f"""
CREATE OR REPLACE TEMP VIEW job_once AS
WITH other AS (
  SELECT of_source, table_name, ref, max(signal) AS signal, arg_max(tell, told) AS tell,
         max(innocent_reason) AS innocent_reason, max(cost_gbp) AS cost_gbp, max(told) AS told
  FROM twin GROUP BY of_source, table_name, ref)
SELECT r.* REPLACE (
         coalesce(nullif(r.signal, ''), o.signal, r.signal) AS signal,
         CASE WHEN o.told > {_RANK.format("r.tell")} THEN o.tell ELSE r.tell END AS tell,
         coalesce(nullif(r.innocent_reason, ''), o.innocent_reason, r.innocent_reason)
           AS innocent_reason,
         coalesce(r.cost_gbp, o.cost_gbp) AS cost_gbp)
FROM records r
LEFT JOIN other o ON o.of_source = r.source AND o.table_name = r.table_name AND o.ref = r.ref
ANTI JOIN twin t ON t.source = r.source AND t.table_name = r.table_name AND t.ref = r.ref"""
