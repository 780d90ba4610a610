"""Migrations on SQLite and PostgreSQL, and what the files and addresses of databases must be."""

import fcntl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from builders.store import AS_OF, NOW, meddling
from redflags.adapters.store import open_store
from redflags.adapters.store.tables import METADATA
from redflags.errors import ConfigurationError, StoreBusy, StoreUnusable


def test_an_empty_database_gets_every_table(empty_database_url: str) -> None:
    open_store(empty_database_url).close()
    with meddling(empty_database_url) as connection:
        assert set(inspect(connection).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_models_and_migrations_agree(database_url: str) -> None:
    with meddling(database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_checks_keys_and_the_partial_index_agree_too(database_url: str) -> None:
    with meddling(database_url) as connection:
        inspector = inspect(connection)
        for table in METADATA.tables.values():
            there = {check["name"] for check in inspector.get_check_constraints(table.name)}
            ours = {str(c.name) for c in table.constraints if str(c.name).startswith("ck_")}
            assert there == ours, table.name
            assert inspector.get_pk_constraint(table.name)["constrained_columns"] == [
                column.name for column in table.primary_key
            ], table.name
        indexes = {index["name"]: index for index in inspector.get_indexes("alerts")}
        (where,) = (
            str(value)
            for name, value in indexes["uq_alerts_open_tenancy_ref"]["dialect_options"].items()
            if name.endswith("_where")
        )
        assert "<> 'closed'" in where


def test_a_migration_that_fails_midway_leaves_nothing(empty_database_url: str) -> None:
    with meddling(empty_database_url) as connection:
        connection.execute(text("CREATE TABLE audit_head (in_the_way INTEGER)"))
    with pytest.raises(StoreUnusable):
        open_store(empty_database_url)
    with meddling(empty_database_url) as connection:
        assert inspect(connection).get_table_names() == ["audit_head"]
        connection.execute(text("DROP TABLE audit_head"))
    open_store(empty_database_url).close()


def test_sqlite_is_migrated_by_one_process_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    with ThreadPoolExecutor(1) as pool, path.with_name("a.sqlite3.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        opening = pool.submit(open_store, f"sqlite:///{path}")
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.3)
        fcntl.flock(lock, fcntl.LOCK_UN)
        opening.result(timeout=30).close()


def test_a_database_of_a_newer_program_is_left_alone(database_url: str) -> None:
    with meddling(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnusable, match="install the version that wrote it"):
        open_store(database_url)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("mysql://user:hunter2@host/name", "got mysql"),
        ("no url at all hunter2", "got something else"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
    ],
)
def test_what_is_no_such_database_is_refused_without_its_password(url: str, what: str) -> None:
    with pytest.raises(ConfigurationError, match=what) as told:
        open_store(url)
    assert "hunter2" not in str(told.value)


def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="REDFLAGS_DATABASE_URL") as told:
        open_store(f"postgresql://somebody:hunter2@/name?host={tmp_path}")
    assert "hunter2" not in str(told.value)
    assert "somebody" not in str(told.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite3").write_text("this is a letter, not a database\n" * 50)
    with pytest.raises(StoreUnusable, match="SQLITE_NOTADB"):
        open_store(f"sqlite:///{tmp_path / 'a.sqlite3'}")


def test_sqlite_files_are_their_owners_only(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "db"
    with open_store(f"sqlite:///{folder / 'redflags.sqlite3'}") as store, store.writing() as c:
        c.execute(text("SELECT 1"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert {"redflags.sqlite3", "redflags.sqlite3-wal"} <= set(modes)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_sqlite_lets_readers_in_while_somebody_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    with open_store(url) as writer, open_store(url) as reader, writer.writing():
        assert reader.alerts() == []


def test_a_night_that_waits_too_long_for_another_is_told_to_try_again(database_url: str) -> None:
    with (
        open_store(database_url) as first,
        open_store(database_url, wait_seconds=0.1) as second,
        first.queue_transaction(AS_OF, "night", NOW),
        pytest.raises(StoreBusy, match="try again"),
        second.queue_transaction(AS_OF, "night", NOW),
    ):
        pass


def test_foreign_keys_are_on(database_url: str) -> None:
    reason = "INSERT INTO alert_reasons VALUES ('nobody', 1, 'rule', 'sentence', '2026-11-03')"
    with (
        open_store(database_url) as store,
        pytest.raises(StoreUnusable, match="IntegrityError"),
        store.writing() as connection,
    ):
        connection.execute(text(reason))
