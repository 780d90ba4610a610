"""What the store holds on one night, in numbers: households, rows and newest day of each table."""

from datetime import date

import duckdb

from redflags.adapters.records.households_on_date import count_households
from redflags.adapters.records.store_queries import totals
from redflags.domain.kept_records import KeptRecords, KeptTable

DAYS_OF_RATE = 365


def kept_records(connection: duckdb.DuckDBPyConnection, as_of: date) -> KeptRecords:
    """Days after `as_of` are not looked at; the canary is left out."""
    days = _days(connection, as_of)
    tables = {
        name: KeptTable(rows, *days.get(name, (None, 0)))
        for name, rows in sorted(totals(connection).items())
    }
    return KeptRecords(count_households(connection, as_of), tables)


def _days(connection: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, tuple[date, int]]:
    """The newest day of each table, and how many rows are of the year that ends with it."""
    rows = connection.execute(
        f"""WITH seen AS (
              SELECT table_name, occurred_at::DATE AS day, count(*) AS n FROM records
              WHERE source <> 'canary' AND occurred_at < ?::DATE + INTERVAL 1 DAY GROUP BY ALL),
            newest AS (SELECT table_name, max(day) AS last FROM seen GROUP BY table_name)
            SELECT table_name, last, sum(n) FILTER (day > last - {DAYS_OF_RATE})::BIGINT
            FROM seen JOIN newest USING (table_name) GROUP BY ALL
            UNION ALL
            SELECT 'tenancies', max(start_date), 0 FROM tenancies
            WHERE source <> 'canary' AND start_date <= ? HAVING count(*) > 0""",
        [as_of, as_of],
    ).fetchall()
    return {str(table): (day, int(n)) for table, day, n in rows}
