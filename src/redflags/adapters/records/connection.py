"""The record store's file: one writer at a time, readable by its owner only, nothing spilled.

DuckDB cannot encrypt its file without an extension that is a download at run time, so the file mode
and the sealed job text are the protection. Memory is never spilled to a temporary folder, because
what spills would be job text in clear.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from redflags.adapters.records.record_tables import DDL
from redflags.adapters.records.upgrade_layout import LAYOUT, UPGRADED, upgrade
from redflags.analysis.ingest_policy import Sealer
from redflags.errors import StoreBusy, StoreUnusable

PATIENCE_SECONDS = 3600.0
KEY_CHECK = "key_check"
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "temp_directory": "",
    "autoinstall_known_extensions": "false",  # another database's file would ask for a download
}


@contextmanager
def sole_writer(folder: Path, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it when the process dies, however it dies.

    Raises:
        StoreBusy: somebody else held it for longer than `patience_seconds`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait_for(handle, patience_seconds)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, patience_seconds: float) -> None:
    give_up_at = time.monotonic() + patience_seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up_at:
                raise StoreBusy(
                    "expected the record store to be free, but another run has held it for "
                    f"{patience_seconds:.0f} seconds; wait for it, or end it and try again"
                ) from None
            time.sleep(0.1)
        else:
            return


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the store at `path`, made on first use with mode 0600.

    Raises:
        StoreUnusable: the file is not a record store of this layout.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with _for_the_owner_only():
            return _prepared(duckdb.connect(str(path), config=_CONFIG))
    except duckdb.Error as error:
        raise StoreUnusable(
            f"expected a record store of this program at {path.name}, but it could not be opened "
            f"({type(error).__name__}); move it away and the next night reads every source again"
        ) from None


@contextmanager
def _for_the_owner_only() -> Iterator[None]:
    previous = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(previous)


def connect_in_memory() -> duckdb.DuckDBPyConnection:
    """A store that is gone when it is closed, for trying things out."""
    return _prepared(duckdb.connect(config=_CONFIG))


def _prepared(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("ATTACH ':memory:' AS staging")
    _lay_out(connection)
    return connection


def _lay_out(connection: duckdb.DuckDBPyConnection) -> None:
    with transaction(connection):
        layout = read_fact(connection, "layout") if _has_facts(connection) else None
        if layout == UPGRADED:
            upgrade(connection)
        else:
            for statement in DDL:
                connection.execute(statement)
        if layout in (None, UPGRADED):
            write_fact(connection, "layout", LAYOUT)
            layout = LAYOUT
    if layout != LAYOUT:
        raise StoreUnusable(
            f"expected a record store of layout {LAYOUT}, but this one has {layout}; move it away "
            "and the next night reads every source again"
        )


def _has_facts(connection: duckdb.DuckDBPyConnection) -> bool:
    found = """duckdb_tables() WHERE table_name = 'facts'
               AND database_name = current_database()"""
    return count_rows(connection, found) > 0


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Everything inside is written, or nothing; DuckDB's log comes and goes with transactions."""
    with _for_the_owner_only():
        connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def first_row(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: object = None
) -> tuple[Any, ...]:
    """The first row of the answer, empty when there is none; the result is read to its end.

    DuckDB 2 refuses other work on a connection while a result is half read.
    """
    rows = connection.execute(query, parameters).fetchall()
    return rows[0] if rows else ()


def count_rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation has."""
    return int(first_row(connection, f"SELECT count(*) FROM {relation}")[0])


def quoted(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def recognise_key(connection: duckdb.DuckDBPyConnection, sealer: Sealer) -> None:
    """Make sure the store was written with this secret key; the first key to come is its key.

    Raises:
        StoreUnusable: another key sealed it.
    """
    known = read_fact(connection, KEY_CHECK)
    if known is None:
        write_fact(connection, KEY_CHECK, sealer.seal(KEY_CHECK, KEY_CHECK).hex())
    else:
        sealer.open(bytes.fromhex(known), KEY_CHECK)


def read_fact(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """One remembered value, such as the hash of the signals the records were classified with."""
    row = first_row(connection, "SELECT value FROM facts WHERE name = ?", [name])
    return str(row[0]) if row else None


def write_fact(connection: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    connection.execute("DELETE FROM facts WHERE name = ?", [name])
    connection.execute("INSERT INTO facts VALUES (?, ?)", [name, value])
