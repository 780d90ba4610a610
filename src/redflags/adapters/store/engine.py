"""One database, SQLite or PostgreSQL: how it is reached, and how its errors are told.

Drivers put values into their error texts, so every error leaves here as a name only.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from redflags.adapters.store.storable_text import with_storable_text
from redflags.errors import ConfigurationError, RedflagsError, StoreBusy, StoreUnusable

WAIT_SECONDS = 60
"""How long one writer waits for another; a night holds the queue for a second or two."""

_BUSY_CODES = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01", "40001")


def make_engine(url: str, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """An engine with sane pooling. Raises ConfigurationError when `url` is no such database."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "postgresql":
        engine = _postgresql_engine(parsed, wait_seconds)
    else:
        _make_private_file(sqlite_path(parsed))
        engine = _sqlite_engine(parsed, wait_seconds)
    event.listen(engine, "before_cursor_execute", with_storable_text, retval=True)
    return engine


def sqlite_path(url: URL) -> Path:
    """The file of a SQLite database. Raises ConfigurationError when it is only in memory."""
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise ConfigurationError(
            ["REDFLAGS_DATABASE_URL: expected a SQLite file, got one in memory; name a file"]
        )
    return Path(url.database)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent look at the database; nothing done inside is kept."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with errors_without_data(), engine.connect() as connection:
        yield connection.execution_options(**options)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it is kept, or nothing. SQLite takes its write lock at once."""
    with (
        errors_without_data(),
        engine.execution_options(begin_immediate=True).begin() as connection,
    ):
        if connection.dialect.name == "postgresql":
            wait_ms = round(1000 * connection.get_execution_options()["wait_seconds"])
            connection.execute(text(f"SET LOCAL lock_timeout = {wait_ms}"))
        yield connection


@contextmanager
def errors_without_data() -> Iterator[None]:
    """Turn a driver's error, which may quote a row, into one of ours, which does not."""
    try:
        yield
    except DBAPIError as error:
        raise _told_plainly(error) from None


def _told_plainly(error: DBAPIError) -> RedflagsError:
    code = _code_of(error)
    if code.startswith(_BUSY_CODES):
        return StoreBusy(
            f"expected the operational database to be free after a while, got {code}; another run "
            "is writing to it: wait for that run to end, then try again"
        )
    return StoreUnusable(
        f"the operational database did not do what was asked ({type(error).__name__} {code}); "
        "check that REDFLAGS_DATABASE_URL can be reached and is the database of this program"
    )


def _code_of(error: DBAPIError) -> str:
    """SQLite's or PostgreSQL's own code, else the name of the driver's exception."""
    for attribute in ("sqlite_errorname", "sqlstate"):
        if code := getattr(error.orig, attribute, None):
            return str(code)
    return type(error.orig).__name__


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError):
        backend = "something else"
    if backend not in ("sqlite", "postgresql"):
        raise ConfigurationError(
            [
                "REDFLAGS_DATABASE_URL: expected sqlite:///FILE or "
                f"postgresql+psycopg://USER@HOST/NAME, got {backend}"
            ]
        )
    return parsed


def _postgresql_engine(url: URL, wait_seconds: float) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,
        execution_options={"wait_seconds": wait_seconds},
        connect_args={"application_name": "redflags", "connect_timeout": 10},
    )


def _sqlite_engine(url: URL, wait_seconds: float) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": wait_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: Python's driver says it too late
    connection.execute("PRAGMA foreign_keys = ON")
    # without it INSERT OR REPLACE deletes rows behind the back of the append-only triggers
    connection.execute("PRAGMA recursive_triggers = ON")


def _begin_sqlite(connection: Connection) -> None:
    at_once = connection.get_execution_options().get("begin_immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if at_once else "BEGIN")


def _make_private_file(path: Path) -> None:
    """SQLite gives its -wal and -shm files the mode of the database file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnusable(
            f"expected to write the SQLite file of REDFLAGS_DATABASE_URL, got {error.strerror}; "
            "check the folder and who owns it"
        ) from None
