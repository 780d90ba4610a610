"""Cleans once what an earlier version stored as it came: NULs in references, odd signs in texts.

A reference with a NUL in it cannot be written to PostgreSQL, so every later night would fail. The
files that are still there are read again by themselves; this is for rows whose files are gone.
"""

import duckdb
import pyarrow as pa

from redflags.adapters.records.connection import count_rows, read_fact, write_fact
from redflags.adapters.records.record_tables import DIMENSIONS
from redflags.adapters.records.upsert import ROWS_AT_ONCE
from redflags.analysis.ingest_policy import IngestPolicy, Sealer
from redflags.analysis.reading.personal_data_masking import mask_all
from redflags.analysis.schemas import TABLES

FACT, VERSION = "cells_cleaned", "1"
_NUL = "chr(0)"


def clean_stored(connection: duckdb.DuckDBPyConnection, policy: IngestPolicy) -> int:
    """Clean references and texts; how many texts changed, so that they have to be read anew.

    To be called inside a transaction; does nothing the second time.
    """
    if read_fact(connection, FACT) == VERSION:
        return 0
    changed = _clean_texts(connection, policy.sealer)
    for name in DIMENSIONS:
        _strip_keys(connection, name, TABLES[name].key)
    _strip_keys(connection, "records", ("table_name", "ref", "source"))
    for table, column in _text_columns(connection):
        connection.execute(
            f"""UPDATE {table} SET {column} = replace({column}, {_NUL}, '')
                WHERE contains({column}, {_NUL})"""
        )
    write_fact(connection, FACT, VERSION)
    return changed


def _text_columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        """SELECT table_name, column_name FROM information_schema.columns
           WHERE table_catalog = current_database() AND table_schema = 'main'
             AND data_type = 'VARCHAR' AND table_name IN (SELECT table_name FROM duckdb_tables()
               WHERE NOT temporary AND database_name = current_database())"""
    ).fetchall()


def _strip_keys(connection: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...]) -> None:
    """Of rows that become one, the clean or else the last stays; the rest goes before that."""
    is_odd = " OR ".join(f"contains({table}.{name}::VARCHAR, {_NUL})" for name in key)
    is_twin_odd = " OR ".join(f"contains(twin.{name}::VARCHAR, {_NUL})" for name in key)
    same = " AND ".join(
        f"{_stripped(table, name)} IS NOT DISTINCT FROM {_stripped('twin', name)}" for name in key
    )
    connection.execute(
        f"""DELETE FROM {table} WHERE ({is_odd}) AND EXISTS (
              SELECT 1 FROM {table} twin
              WHERE {same}
                AND (coalesce({is_twin_odd}, false) IS FALSE OR twin.rowid > {table}.rowid))"""
    )


def _stripped(table: str, name: str) -> str:
    return f"replace({table}.{name}::VARCHAR, {_NUL}, '')"


def _clean_texts(connection: duckdb.DuckDBPyConnection, sealer: Sealer) -> int:
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE sealed AS
           SELECT row_number() OVER (ORDER BY rowid) - 1 AS nth, rowid AS row_id,
                  table_name, ref, text_sealed
           FROM records WHERE text_sealed IS NOT NULL"""
    )
    changed = 0
    for first in range(0, count_rows(connection, "sealed"), ROWS_AT_ONCE):
        changed += _clean_batch(connection, sealer, first)
    connection.execute("DROP TABLE sealed")
    return changed


def _clean_batch(connection: duckdb.DuckDBPyConnection, sealer: Sealer, first: int) -> int:
    """Texts are bound to their reference, so one with a NUL in it is sealed anew as well."""
    rows = connection.execute(
        "SELECT row_id, table_name, ref, text_sealed FROM sealed WHERE nth >= ? AND nth < ?",
        [first, first + ROWS_AT_ONCE],
    ).fetchall()
    texts = [sealer.open(blob, f"{table}/{ref}") for _, table, ref, blob in rows]
    anew = [
        (row_id, f"{table}/{ref}".replace("\0", ""), cleaned or "")
        for (row_id, table, ref, _), text, cleaned in zip(rows, texts, mask_all(texts), strict=True)
        if cleaned != text or "\0" in ref
    ]
    if not anew:
        return 0
    ids, keys, cleaned_texts = zip(*anew, strict=True)
    sealed = sealer.seal_many(cleaned_texts, keys)
    resealed = pa.table(
        {"row_id": pa.array(ids, pa.int64()), "blob": pa.array(sealed, pa.binary())}
    )
    connection.register("resealed", resealed)
    connection.execute(
        """UPDATE records SET text_sealed = resealed.blob FROM resealed
           WHERE records.rowid = resealed.row_id"""
    )
    connection.unregister("resealed")
    return len(anew)
