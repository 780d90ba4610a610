"""Engines that only read: driver, transaction, isolation and time limit of each dialect."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from redflags.adapters.sources.deadline import Deadline
from redflags.errors import SourceRefused

CONNECT_SECONDS = 30
OUR_DRIVERS = {
    "mssql": "mssql+pymssql",
    "oracle": "oracle+oracledb",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}
"""What a URL without a driver means here; SQLAlchemy's own choice is another."""
EXTRAS = ("mssql", "oracle")
ISOLATION: Mapping[str, tuple[str, ...]] = {
    "mssql": ("read committed", "repeatable read", "serializable", "snapshot"),
    "mysql": ("read committed", "repeatable read", "serializable"),
    "mariadb": ("read committed", "repeatable read", "serializable"),
    "postgresql": ("read committed", "repeatable read", "serializable"),
    "sqlite": ("serializable",),
    "oracle": (),
}
"""Oracle's read-only transaction is a snapshot already, and takes no other level."""
_WRITES = re.compile(
    r"\b(insert|update|delete|merge|into|drop|alter|truncate|create|exec|execute|grant)\b", re.I
)
_NO_CODE = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\[[^\]]*\]|--[^\n]*|/\*.*?\*/", re.S)


def database_url(text: str) -> URL:
    """The URL with our driver where it names none. Raises SourceRefused, without the URL."""
    try:
        url = make_url(text.strip())
        url = url.set(drivername=OUR_DRIVERS.get(url.drivername, url.drivername))
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SourceRefused(
            "url: expected a SQLAlchemy URL such as mssql+pymssql://user:password@host/database; "
            f"{type(error).__name__} came"
        ) from None
    except ImportError:
        raise _no_driver(url) from None
    return url


def check_isolation(url: URL, isolation: str) -> None:
    """Raises SourceRefused when the dialect has no such level."""
    known = ISOLATION.get(url.get_backend_name(), ISOLATION["postgresql"])
    if isolation and isolation not in known:
        raise SourceRefused(
            f"isolation: expected {' or '.join(known) or 'none'} for {url.get_backend_name()}; "
            f"{isolation!r} came"
        )


def check_reads_only(url: URL, query: str) -> None:
    """SQL Server has no read-only transaction, so a query there may not even name a write.

    Raises SourceRefused.
    """
    if url.get_backend_name() != "mssql":
        return
    if found := _WRITES.search(_NO_CODE.sub(" ", query)):
        raise SourceRefused(
            f"expected a query that reads; it says {found.group().upper()} (a column of that name "
            "is written in brackets)"
        )


def reading_engine(url: URL, isolation: str, deadline: Deadline) -> Engine:
    """An engine whose connections write nothing and wait for nothing beyond the deadline.

    Raises SourceRefused when the driver is not installed.
    """
    options: dict[str, Any] = {"isolation_level": isolation.upper()} if isolation else {}
    options["connect_args"] = dict(connect_arguments(url, deadline.seconds_left))
    try:
        engine = create_engine(_never_made(url), poolclass=NullPool, **options)
    except ImportError:
        raise _no_driver(url) from None
    _prepare(engine, deadline)
    return engine.execution_options(postgresql_readonly=True) if _is_postgresql(url) else engine


def _is_postgresql(url: URL) -> bool:
    return url.get_backend_name() == "postgresql"


def _never_made(url: URL) -> URL:
    """SQLite makes a database that is missing, and files beside one that is there, unless told."""
    if url.get_backend_name() != "sqlite" or (url.database or "").startswith("file:"):
        return url
    read_only = {**url.query, "mode": "ro", "uri": "true"}
    return url.set(database=Path(url.database or "").absolute().as_uri(), query=read_only)


def connect_arguments(url: URL, seconds: float) -> Mapping[str, Any]:
    """What the driver is told: how long to wait, and that only reading is meant."""
    whole = max(int(seconds), 1)
    connect = min(CONNECT_SECONDS, whole)
    arguments: Mapping[str, Mapping[str, Any]] = {
        "mssql+pymssql": {"login_timeout": connect, "timeout": whole, "read_only": True},
        "mssql+pyodbc": {"timeout": connect, "ApplicationIntent": "ReadOnly"},
        "oracle+oracledb": {"tcp_connect_timeout": connect, "retry_count": 0},
        "postgresql+psycopg": {"connect_timeout": connect},
        "mysql+pymysql": {"connect_timeout": connect, "read_timeout": whole},
    }
    return arguments.get(url.drivername, {})


def _prepare(engine: Engine, deadline: Deadline) -> None:
    prepare = _ON_CONNECT.get(engine.url.drivername) or _ON_CONNECT.get(engine.dialect.name)

    if prepare is not None:

        @event.listens_for(engine, "connect")
        def _connected(connection: Any, _record: object) -> None:
            prepare(connection, deadline)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        for statement in statements_at_begin(engine.dialect.name, deadline.seconds_left):
            connection.exec_driver_sql(statement)


def statements_at_begin(dialect: str, seconds: float) -> tuple[str, ...]:
    """What each transaction begins with."""
    return {
        "oracle": ("SET TRANSACTION READ ONLY",),
        "postgresql": (f"SET LOCAL statement_timeout = {max(int(seconds * 1000), 1)}",),
    }.get(dialect, ())


def _prepare_sqlite(connection: Any, deadline: Deadline) -> None:
    connection.execute("PRAGMA query_only = ON")
    connection.set_progress_handler(lambda: deadline.is_over, 10_000)


def _prepare_oracle(connection: Any, deadline: Deadline) -> None:
    connection.call_timeout = max(int(deadline.seconds_left * 1000), 1)


def _prepare_odbc(connection: Any, deadline: Deadline) -> None:
    connection.timeout = max(int(deadline.seconds_left), 1)


def _prepare_mysql(connection: Any, deadline: Deadline) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")


_ON_CONNECT: Mapping[str, Callable[[Any, Deadline], None]] = {
    "sqlite": _prepare_sqlite,
    "oracle+oracledb": _prepare_oracle,
    "mssql+pyodbc": _prepare_odbc,
    "mysql": _prepare_mysql,
    "mariadb": _prepare_mysql,
}
"""By driver, else by dialect."""


def _no_driver(url: URL) -> SourceRefused:
    backend, driver = url.get_backend_name(), url.drivername
    if backend in EXTRAS:
        return SourceRefused(
            f"expected the driver of {driver}; it is not installed: "
            f'pip install "redflags[{backend}]", and write {OUR_DRIVERS[backend]}://… in the URL'
        )
    return SourceRefused(
        f"expected the driver of {driver}; it is not installed beside redflags: install it"
    )
