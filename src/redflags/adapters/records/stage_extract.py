"""Reads one extract into memory, typed and checked; nothing is written yet.

Staging lives in an in-memory database beside the store, so a night that is killed here has left
nothing behind.
"""

from collections import Counter
from datetime import date

import duckdb

from redflags.adapters.records.connection import first_row
from redflags.adapters.records.record_tables import EVENTS
from redflags.analysis.extracts import Extract, FaultCount, Staged
from redflags.analysis.schemas import TABLES, Table
from redflags.analysis.validation import BETWEEN_SHAPES, validation_sql
from redflags.domain.row_problem import ProblemCode
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
    faults = tuple((fault.row, fault.column, fault.code) for fault in extract.faults)
    unsplit = sum(1 for _, _, code in faults if not code.is_note)
    return Staged(
        relation=relation,
        table=table,
        source=extract.source,
        name=extract.kept_as or extract.name,
        fingerprint="" if extract.shortfalls else extract.fingerprint,
        read=total + unsplit,
        quarantined=bad + unsplit,
        faults=faults,
        left_out=tuple(sorted(extract.left_out.items())),
        fault_counts=(*_count_unsplit(extract), *_count_faults(connection, relation)),
        newest=_newest(connection, table, relation),
        repeated=extract.repeated,
        pull=None if extract.doubts else extract.pull,
    )


def _count_unsplit(extract: Extract) -> list[FaultCount]:
    """Faults that were noticed before there were columns of ours."""
    counts = Counter((fault.column, fault.code) for fault in extract.faults)
    return [FaultCount(column, code, rows) for (column, code), rows in sorted(counts.items())]


def _count_faults(connection: duckdb.DuckDBPyConnection, relation: str) -> list[FaultCount]:
    rows = connection.execute(
        f"""WITH faulty AS (
              SELECT unnest(string_split(_faults, ';')) AS label,
                     unnest(string_split(_shapes, {BETWEEN_SHAPES})) AS shape
              FROM {relation} WHERE _faults <> ''),
            shaped AS (SELECT label, shape, count(*) AS n FROM faulty GROUP BY ALL)
            SELECT label, sum(n)::BIGINT, first(shape ORDER BY n DESC, shape)
            FROM shaped GROUP BY label ORDER BY label"""
    ).fetchall()
    labels = ((*label.split(":"), int(n), shape) for label, n, shape in rows)
    return [FaultCount(column, ProblemCode(code), n, shape) for column, code, n, shape in labels]


def _newest(connection: duckdb.DuckDBPyConnection, table: Table, relation: str) -> date | None:
    event = EVENTS.get(table.name)
    if event is None:
        return None
    day: date | None = first_row(
        connection,
        f"SELECT max({event.occurred_at})::DATE FROM {relation} WHERE NOT _quarantined",
    )[0]
    return day


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
