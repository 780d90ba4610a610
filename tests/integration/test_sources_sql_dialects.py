"""Every dialect as far as it can be run here: SQLite and PostgreSQL really, SQL Server and Oracle
up to the server that is not there."""

import importlib.util
import os
import socket
import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.exc import DatabaseError, OperationalError

from builders.sources import READY, mapped_source, nothing_is_taken, refusals, taken
from redflags.adapters.sources.databases.database_engine import (
    check_reads_only,
    connect_arguments,
    database_url,
    statements_at_begin,
)
from redflags.adapters.sources.databases.sql_source import SqlSource, statement
from redflags.adapters.sources.mapping.source_kinds import SqlTable
from redflags.analysis.extracts import Extract, LastPull, Pull
from redflags.errors import ConfigurationError, SourceError, SourceRefused, SourceUnavailable

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
MAPPING = """
enabled = true
kind = "sql"
url_env = "DB"
{options}
[tables.lock_changes]
query = '''{query}'''
columns = {{ lock_change_ref = "ref", property_ref = "home", changed_at = "changed" }}
"""
ALL = "SELECT ref, home, changed FROM lock ORDER BY ref"
CHANGED = "SELECT ref, home, changed FROM lock WHERE changed >= :since ORDER BY ref"
ROWS = [("1", "A", "2026-01-05"), ("2", "B", "2026-11-17"), ("3", "C", "2026-11-19")]


@pytest.fixture
def lite(tmp_path: Path) -> str:
    """URL of a SQLite database with three changes of locks."""
    with sqlite3.connect(tmp_path / "uh.db") as connection:
        connection.execute("CREATE TABLE lock (ref TEXT, home TEXT, changed TEXT)")
        connection.executemany("INSERT INTO lock VALUES (?, ?, ?)", ROWS)
    connection.close()
    return f"sqlite:///{tmp_path / 'uh.db'}"


@pytest.fixture
def postgres_url(postgresql_databases: Any) -> str:
    """URL of a PostgreSQL database with the same."""
    url: str = postgresql_databases.empty()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE lock (ref text, home text, changed timestamp)"))
        for ref, home, changed in ROWS:
            connection.execute(
                text("INSERT INTO lock VALUES (:ref, :home, CAST(:changed AS timestamp))"),
                {"ref": ref, "home": home, "changed": changed},
            )
    engine.dispose()
    return url


def source_of(url: str, tmp_path: Path, query: str = ALL, options: str = "") -> SqlSource:
    written = MAPPING.format(query=query, options=options)
    source = mapped_source(written, tmp_path, tmp_path, {"DB": url})
    assert isinstance(source, SqlSource), source
    return replace(source, now=lambda: NOW)


def why_refused(url: str, tmp_path: Path, query: str = ALL, options: str = "") -> str:
    written = MAPPING.format(query=query, options=options)
    source = mapped_source(written, tmp_path, tmp_path, {"DB": url})
    with pytest.raises(SourceRefused) as raised:
        list(source.extracts(nothing_is_taken))
    return str(raised.value)


def test_sqlite_is_opened_to_be_read_and_leaves_no_trace(lite: str, tmp_path: Path) -> None:
    (tmp_path / "uh.db").chmod(0o400)

    assert taken(source_of(lite, tmp_path))["lock_changes"].values("lock_change_ref") == [
        "1", "2", "3",
    ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sources", "uh.db"]


def pulls(source: SqlSource, last: LastPull | None) -> tuple[list[object], Pull]:
    given = {} if last is None else {"lock_changes": last}
    read = taken(replace(source, last_pulls=given))["lock_changes"]
    assert read.extract.pull is not None
    return read.values("lock_change_ref"), read.extract.pull


def check_since(url: str, tmp_path: Path) -> None:
    """Everything first, then what changed with overlap, then everything again when it is due."""
    source = source_of(url, tmp_path, CHANGED)
    refs, first = pulls(source, None)
    assert (refs, first.since) == (["1", "2", "3"], None)

    last = LastPull(NOW - timedelta(days=1), NOW - timedelta(days=6), first.asked)
    assert pulls(source, last)[0] == ["2", "3"]
    assert pulls(source, last)[1].since == NOW - timedelta(days=4)

    assert pulls(source, replace(last, full_at=NOW - timedelta(days=7)))[0] == ["1", "2", "3"]
    other = source_of(url, tmp_path, CHANGED.replace("ORDER BY ref", "ORDER BY home"))
    assert pulls(other, last)[0] == ["1", "2", "3"]


def test_what_changed_is_asked_of_sqlite(lite: str, tmp_path: Path) -> None:
    check_since(lite, tmp_path)


def test_what_changed_is_asked_of_postgresql(postgres_url: str, tmp_path: Path) -> None:
    check_since(postgres_url, tmp_path)


def test_a_query_without_since_is_always_asked_whole(lite: str, tmp_path: Path) -> None:
    assert taken(source_of(lite, tmp_path))["lock_changes"].extract.pull is None


@pytest.mark.parametrize(
    ("query", "options", "words"),
    [
        (ALL, "", None),
        (CHANGED, "since = { overlap_days = 1 }", None),
        (ALL, "since = { overlap_days = 1 }", "expected :since in the query"),
        (ALL.replace("lock", "lock WHERE ref = :ref"), "", "no parameter but :since; :ref came"),
        (CHANGED, "since = { overlap_days = 0 }", "overlap_days"),
    ],
)
def test_parameters_of_a_query_are_checked_at_configuration(
    lite: str, tmp_path: Path, query: str, options: str, words: str | None
) -> None:
    written = MAPPING.format(query=query, options="") + options
    if words is None:
        mapped_source(written, tmp_path, tmp_path, {"DB": lite})
    else:
        with pytest.raises(ConfigurationError, match=words):
            mapped_source(written, tmp_path, tmp_path, {"DB": lite})


def test_a_query_in_sqlite_ends_at_the_deadline(lite: str, tmp_path: Path) -> None:
    endless = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT i AS ref, i AS home, max(i) AS changed FROM n"""

    (refusal,) = refusals(source_of(lite, tmp_path, endless, "deadline_minutes = 0.01"))

    assert "within 0.01 minutes" in str(refusal.error)
    assert isinstance(refusal.error, SourceRefused)


def test_a_query_in_postgresql_ends_at_the_deadline(postgres_url: str, tmp_path: Path) -> None:
    slow = "SELECT 1 AS ref, 2 AS home, pg_sleep(60) AS changed"

    (refusal,) = refusals(source_of(postgres_url, tmp_path, slow, "deadline_minutes = 0.02"))

    assert "within 0.02 minutes" in str(refusal.error)


@pytest.mark.parametrize("level", ["", "read committed", "repeatable read", "serializable"])
def test_postgresql_reads_at_the_level_the_mapping_says(
    postgres_url: str, tmp_path: Path, level: str
) -> None:
    query = """SELECT current_setting('transaction_isolation') AS ref,
        current_setting('transaction_read_only') AS home, '2026-01-05' AS changed"""

    (row,) = taken(source_of(postgres_url, tmp_path, query, f'isolation = "{level}"'))[
        "lock_changes"
    ].rows

    assert row["lock_change_ref"] == (level or "read committed")
    assert row["property_ref"] == "on"


@pytest.mark.parametrize(
    ("url", "level", "is_known"),
    [
        ("mssql://h/d", "snapshot", True),
        ("mssql://h/d", "read committed", True),
        ("postgresql://h/d", "snapshot", False),
        ("oracle://h/?service_name=d", "serializable", False),
        ("oracle://h/?service_name=d", "", True),
        ("sqlite:///x.db", "read committed", False),
    ],
)
def test_a_level_that_the_database_does_not_have_is_refused(
    tmp_path: Path, url: str, level: str, is_known: bool
) -> None:
    if is_known:
        assert source_of(url, tmp_path, options=f'isolation = "{level}"').isolation == level
    else:
        assert "isolation" in why_refused(url, tmp_path, options=f'isolation = "{level}"')


def test_read_only_is_said_to_every_server_that_can_be_told() -> None:
    assert statements_at_begin("oracle", 60) == ("SET TRANSACTION READ ONLY",)
    assert statements_at_begin("postgresql", 1.5) == ("SET LOCAL statement_timeout = 1500",)
    mssql_url, odbc_url = database_url("mssql://h/d"), database_url("mssql+pyodbc://h/d")
    assert connect_arguments(mssql_url, 3600) == {
        "login_timeout": 30, "timeout": 3600, "read_only": True,
    }  # fmt: skip
    assert connect_arguments(odbc_url, 3600)["ApplicationIntent"] == "ReadOnly"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("SELECT a FROM b", ""),
        ("SELECT a, 'INSERT INTO x' AS [update], \"drop\" FROM b -- delete\n/* merge */", ""),
        ("SELECT inserted_at, updates FROM created", ""),
        ("WITH x AS (SELECT 1 AS a) DELETE FROM x", "DELETE"),
        ("SELECT a INTO copy FROM b", "INTO"),
        ("SELECT 'it''s' AS a; exec sp_who", "EXEC"),
        ("SELECT 1 AS a; DROP TABLE b", "DROP"),
    ],
)
def test_a_query_for_sql_server_may_not_name_a_write(query: str, word: str) -> None:
    url = database_url("mssql://h/d")
    if word:
        with pytest.raises(SourceRefused, match=f"it says {word}"):
            check_reads_only(url, query)
    else:
        check_reads_only(url, query)
    check_reads_only(database_url("postgresql://h/d"), query)


DIALECTS = {
    "mssql": mssql.dialect(driver="pymssql"),  # type: ignore[no-untyped-call]
    "oracle": oracle.dialect(),  # type: ignore[no-untyped-call]
    "postgresql": postgresql.dialect(),  # type: ignore[no-untyped-call]
    "mysql": mysql.dialect(),  # type: ignore[no-untyped-call]
    "sqlite": sqlite.dialect(),  # type: ignore[no-untyped-call]
}


def mapped(query: str) -> SqlTable:
    columns = {"lock_change_ref": "ref", "property_ref": "home", "changed_at": "changed"}
    return SqlTable.model_validate({"query": query, "columns": columns})


@pytest.mark.parametrize("name", DIALECTS)
def test_the_moment_is_bound_and_never_written_into_the_query(name: str) -> None:
    pull = Pull(NOW, datetime(2026, 5, 11, 2, 30, tzinfo=UTC), "")

    compiled = statement(mapped(CHANGED), pull, name).compile(dialect=DIALECTS[name])

    assert "2026" not in str(compiled)
    bound = compiled.params["since"]
    # dmy or mdy: SQL Server reads only this spelling alike for users of every language
    expected = "2026-05-11T02:30:00" if name == "mssql" else datetime(2026, 5, 11, 2, 30)  # noqa: DTZ001
    assert bound == expected


@pytest.mark.parametrize("name", DIALECTS)
def test_everything_is_since_before_any_system(name: str) -> None:
    compiled = statement(mapped(CHANGED), Pull(NOW, None, ""), name).compile(dialect=DIALECTS[name])

    assert str(compiled.params["since"]).startswith("1753-01-01")


@pytest.mark.parametrize("name", DIALECTS)
def test_the_queries_of_the_ready_mappings_are_left_as_they_are(name: str, tmp_path: Path) -> None:
    written = (READY / "civica_uh.toml").read_text().replace("enabled = false", "enabled = true")
    source = mapped_source(written, tmp_path, tmp_path, {"CIVICA_DATABASE_URL": "sqlite:///x.db"})
    assert isinstance(source, SqlSource)

    for mapping in source.mappings.values():
        compiled = str(statement(mapping, None, name).compile(dialect=DIALECTS[name]))
        doubled = mapping.query.replace("%", "%%")
        assert compiled.strip() in (mapping.query.strip(), doubled.strip())


def closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


REMOTE = {
    "pymssql": "mssql://reader:hunter2@127.0.0.1:{port}/uh",
    "oracledb": "oracle://reader:hunter2@127.0.0.1:{port}/?service_name=uh",
    "psycopg": "postgresql://reader:hunter2@127.0.0.1:{port}/uh",
}


def installed(driver: str) -> None:
    if "CI" not in os.environ and importlib.util.find_spec(driver) is None:
        pytest.skip(f"{driver} is not installed here; in CI it is")


@pytest.mark.parametrize("driver", REMOTE)
def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path, driver: str) -> None:
    installed(driver)
    source = source_of(REMOTE[driver].format(port=closed_port()), tmp_path)

    with pytest.raises(SourceUnavailable) as raised:
        list(source.extracts(nothing_is_taken))

    assert raised.value.code == "source_unavailable"
    assert raised.value.exit_code == 3
    assert "hunter2" not in str(raised.value) + repr(source)


@pytest.mark.parametrize(
    ("driver", "url", "words"),
    [
        ("pymssql", "mssql+pymssql://h/d", 'pip install "redflags[mssql]"'),
        ("pymssql", "mssql://h/d", 'pip install "redflags[mssql]"'),
        ("pyodbc", "mssql+pyodbc://h/d", 'pip install "redflags[mssql]"'),
        ("oracledb", "oracle://h/?service_name=d", 'pip install "redflags[oracle]"'),
        ("cx_Oracle", "oracle+cx_oracle://h/d", 'pip install "redflags[oracle]"'),
        ("MySQLdb", "mysql://h/d", "not installed"),
    ],
)
def test_a_driver_that_is_not_installed_is_told_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, driver: str, url: str, words: str
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)  # what an import of a missing module meets
    source = source_of(url.replace("//h", "//reader:hunter2@h"), tmp_path)

    with pytest.raises(SourceRefused) as raised:
        list(source.extracts(nothing_is_taken))

    assert words in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_a_wrong_password_is_refused_so_that_no_account_is_locked_by_trying_again() -> None:
    source = SqlSource("uh", {}, database_url("postgresql://h/d"))
    for words in ("ORA-01017: invalid", "(18456, b\"Login failed for user 'x'.\")"):
        assert isinstance(source._failure(DatabaseError("", {}, Exception(words))), SourceRefused)
    away = OperationalError("", {}, Exception("server closed the connection"))
    assert isinstance(source._failure(away), SourceUnavailable)


def test_a_source_that_is_refused_ends_with_3_and_one_that_is_taken_is_not_harmed(
    lite: str, tmp_path: Path
) -> None:
    source = source_of(lite, tmp_path, "SELECT nothing FROM lock")

    (outcome,) = source.extracts(nothing_is_taken)

    assert not isinstance(outcome, Extract)
    assert isinstance(outcome.error, SourceError)  # type: ignore[union-attr]
    assert outcome.error.exit_code == 3  # type: ignore[union-attr]
