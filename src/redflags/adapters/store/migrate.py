"""Bring a database to the schema of this program, however many processes start at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from redflags.adapters.store.engine import errors_without_data, reading, sqlite_path, writing
from redflags.errors import StoreUnusable

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 7_305_001
"""Any number that no other program takes an advisory lock on in this database."""


def migrate_to_head(engine: Engine) -> None:
    """Run what is missing. Raises StoreUnusable when a newer program wrote the database."""
    config = _config()
    if _revision(engine) == ScriptDirectory.from_config(config).get_current_head():
        return
    with _alone(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise StoreUnusable(
                "expected an operational database of this program's version or older, got one "
                "with migrations it does not know; install the version that wrote it, or newer"
            ) from None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _revision(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other migrating process can be in; both engines roll back DDL."""
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            yield connection
        return
    with _file_lock(sqlite_path(engine.url)):
        _use_write_ahead_log(engine)
        with writing(engine) as connection:
            yield connection


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """Held by the operating system, so that a killed process gives it back."""
    lock = path.with_name(f"{path.name}.lock")
    with lock.open("w") as handle:
        lock.chmod(0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _use_write_ahead_log(engine: Engine) -> None:
    """Readers then never wait for the writer. The database remembers it, so once is enough."""
    with errors_without_data():
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            raw.close()
