"""Brings a record store of the last version up to this layout, without reading a source again.

Where several sources gave one table, the last version kept the words of one of them only: their
files count as not taken, so that the next night reads them again and nobody's words are missing.
"""

import duckdb

from redflags.adapters.records.record_tables import DDL, DIMENSIONS, PUT_TOGETHER, stored_table
from redflags.adapters.records.source_precedence import put_together

LAYOUT = "2"
UPGRADED = "1"
"""The layout of the last version, in which rows were kept by table and reference alone."""


def upgrade(connection: duckdb.DuckDBPyConnection) -> None:
    """To be called inside a transaction, on a store of layout `UPGRADED`."""
    for name in PUT_TOGETHER:
        connection.execute(f"ALTER TABLE {name} RENAME TO {stored_table(name)}")
    connection.execute("ALTER TABLE records ADD COLUMN given_property_ref VARCHAR")
    for statement in DDL:
        connection.execute(statement)
    for name in PUT_TOGETHER:
        put_together(connection, name)
    connection.execute(_READ_AGAIN)


_ROWS = "".join(f" UNION SELECT '{name}', source FROM {stored_table(name)}" for name in DIMENSIONS)
_READ_AGAIN = f"""
DELETE FROM files_taken WHERE table_name IN (
  SELECT table_name FROM (
    SELECT DISTINCT table_name, source FROM files_taken
    UNION SELECT DISTINCT table_name, source FROM records {_ROWS})
  WHERE source NOT IN ('canary', 'housing-queue') GROUP BY table_name HAVING count(*) > 1)"""
