"""Reads one extract into memory, typed and checked; nothing is written yet.

Staging lives in an in-memory database beside the store, so a night that is killed here has left
nothing behind.
"""

import duckdb

from redflags.adapters.records.connection import first_row
from redflags.analysis.extracts import Extract, Staged
from redflags.analysis.schemas import TABLES, Table
from redflags.analysis.validation import validation_sql
from redflags.errors import SourceRefused


def stage(connection: duckdb.DuckDBPyConnection, extract: Extract, number: int) -> Staged:
    """Read `extract` to its end into relation ``staging.rows_<number>``.

    Rows that could not even be split count as read and quarantined.

    Raises:
        SourceError: what broke the extract off while it was read.
    """
    table = TABLES[extract.table]
    relation = f"staging.rows_{number}"
    _read(connection, extract, table, relation)
    total, bad = first_row(
        connection, f"SELECT count(*), count(*) FILTER (_quarantined) FROM {relation}"
    )
    faults = tuple((fault.row, fault.code) for fault in extract.faults)
    unsplit = sum(1 for _, code in faults if not code.is_note)
    return Staged(
        relation=relation,
        table=table,
        source=extract.source,
        name=extract.kept_as or extract.name,
        fingerprint="" if extract.shortfalls else extract.fingerprint,
        read=total + unsplit,
        quarantined=bad + unsplit,
        malformed=faults,
        left_out=tuple(sorted(extract.left_out.items())),
    )


def _read(
    connection: duckdb.DuckDBPyConnection, extract: Extract, table: Table, relation: str
) -> None:
    present = [name for name in extract.rows.schema.names if name in table.column_names]
    checked = validation_sql(table, present, "incoming")
    connection.register("incoming", extract.rows)
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {relation} AS {checked}")
    except duckdb.Error as error:
        if extract.failures:  # DuckDB tells of the stream in its own words, rows included
            raise extract.failures[-1] from None
        if isinstance(error, duckdb.InvalidInputException):
            raise SourceRefused(
                f"expected to read {extract.name} to its end, but it broke off; "
                "ask for the file again"
            ) from None
        raise
    finally:
        connection.unregister("incoming")
