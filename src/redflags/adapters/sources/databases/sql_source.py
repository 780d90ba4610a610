"""Databases as sources: one query per table, read only, streamed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    DateTime,
    Engine,
    TextClause,
    bindparam,
    text,
)
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from redflags.adapters.sources.cell_text import as_text
from redflags.adapters.sources.databases.database_engine import check_reads_only, reading_engine
from redflags.adapters.sources.deadline import DEADLINE_MINUTES, Deadline, in_time
from redflags.adapters.sources.extract_reading import extract_of
from redflags.adapters.sources.files.header_row import Header
from redflags.adapters.sources.mapping.source_kinds import SqlTable
from redflags.adapters.sources.pulls import asked_of, next_pull
from redflags.adapters.sources.raw_rows import RawBatch, text_batch
from redflags.analysis.extracts import (
    Extract,
    ExtractResult,
    LastPull,
    Pull,
    Refusal,
    RowFault,
)
from redflags.analysis.schemas import TABLES
from redflags.errors import SourceAbsent, SourceRefused, SourceUnavailable

BATCH_ROWS = 20_000
EVERYTHING_SINCE = datetime(1753, 1, 1)  # noqa: DTZ001 - databases hold no zone
"""The oldest date of SQL Server: what :since is when everything is asked for."""
_NOT_THERE = ("no such table", "no such column", "syntax error")
_NO_ENTRY = (
    "password authentication failed",
    "no password supplied",
    "access denied",
    "login failed",
    "ora-01005",
    "ora-01017",
    "ora-28000",
    "ora-28001",
)
"""Words of servers that do not know the user; asking again may lock the account."""

Failure = Callable[[SQLAlchemyError], SourceRefused | SourceUnavailable]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SqlSource:
    """Queries against one database; `url` may hold a password, so it is never shown.

    `last_pulls` (by table) says from when on to ask again.
    """

    name: str
    mappings: Mapping[str, SqlTable]
    url: URL = field(repr=False)
    isolation: str = ""
    deadline_minutes: float = DEADLINE_MINUTES
    last_pulls: Mapping[str, LastPull] = field(default_factory=dict)
    now: Callable[[], datetime] = _utc_now

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(sorted(self.mappings))

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """Databases are always read: `is_taken` is not asked."""
        self._refuse_missing_file()
        deadline = Deadline.starting_now(self.deadline_minutes)
        engine = reading_engine(self.url, self.isolation, deadline)
        try:
            for table, mapping in self.mappings.items():
                yield in_time(self._outcome(engine, table, mapping, deadline), deadline)
        finally:
            engine.dispose()

    def _refuse_missing_file(self) -> None:
        if self.url.get_backend_name() == "sqlite" and not Path(self.url.database or "").is_file():
            raise SourceAbsent(f"source {self.name}: expected a database file; there is none")

    def _outcome(
        self, engine: Engine, table: str, mapping: SqlTable, deadline: Deadline
    ) -> ExtractResult:
        def failure(error: SQLAlchemyError) -> SourceRefused | SourceUnavailable:
            return deadline.missed() if deadline.is_over else self._failure(error)

        try:
            check_reads_only(self.url, mapping.query)
            connection = self._connect(engine, failure)
        except SourceRefused as error:
            return Refusal(table, table, error)
        try:
            return self._extract(connection, table, mapping, failure)
        except SourceRefused as error:
            connection.close()
            return Refusal(table, table, error)
        except BaseException:
            connection.close()
            raise

    def _connect(self, engine: Engine, failure: Failure) -> Connection:
        """A driver may say in many ways that nobody is there, so what is no refusal is that."""
        try:
            return engine.connect()
        except SQLAlchemyError as error:
            told = failure(error)
            raise (told if _is_no_entry(error) else self._unavailable(error)) from None

    def _extract(
        self, connection: Connection, table: str, mapping: SqlTable, failure: Failure
    ) -> Extract:
        options = {"stream_results": True, "yield_per": BATCH_ROWS}
        pull = self._pull(table, mapping)
        asked = statement(mapping, pull, connection.dialect.name)
        try:
            result = connection.execute(asked, execution_options=options)
        except SQLAlchemyError as error:
            raise failure(error) from None
        rows = QueryRows(connection, result, failure)
        extract = extract_of(rows, TABLES[table], mapping, self.name, table, fingerprint="")
        return replace(extract, pull=pull)

    def _pull(self, table: str, mapping: SqlTable) -> Pull | None:
        if mapping.changed_since is None:
            return None
        place = self.url.set(username=None, password=None, query={})
        asked = asked_of(str(place), mapping.model_dump_json())
        return next_pull(mapping.changed_since, self.last_pulls.get(table), asked, self.now())

    def _failure(self, error: SQLAlchemyError) -> SourceRefused | SourceUnavailable:
        """A query that will never work, or a server that does not answer now."""
        if _is_no_entry(error):
            return SourceRefused(
                "expected the database to let its user in; it did not: check user and password in "
                "the URL"
            )
        is_away = isinstance(error, OperationalError | InterfaceError) or (
            isinstance(error, DBAPIError) and error.connection_invalidated
        )
        if is_away and not any(words in str(error).casefold() for words in _NOT_THERE):
            return self._unavailable(error)
        cause = type(getattr(error, "orig", None) or error).__name__
        return SourceRefused(
            f"expected the query to run; the database refused it ({cause}): check the tables and "
            "columns it names and what this user may read"
        )

    def _unavailable(self, error: SQLAlchemyError) -> SourceUnavailable:
        cause = type(getattr(error, "orig", None) or error).__name__
        return SourceUnavailable(
            f"source {self.name}: expected the database to answer; {cause} came: "
            "check that it is up, and the URL in its environment variable"
        )


@dataclass(frozen=True, slots=True)
class QueryRows:
    """The answer to one query; the connection is closed after the last row."""

    connection: Connection
    result: CursorResult[tuple[object, ...]]
    failure: Failure

    @property
    def columns(self) -> Header:
        return Header(tuple(self.result.keys()))

    def batches(self, places: Sequence[int], faults: list[RowFault]) -> Iterator[RawBatch]:
        """Typed values become text; there are no malformed rows."""
        first_row = 1
        try:
            for rows in self.result.partitions(BATCH_ROWS):
                texts = [[as_text(row[place]) for place in places] for row in rows]
                yield RawBatch(text_batch(texts, range(first_row, first_row + len(rows))))
                first_row += len(rows)
        except SQLAlchemyError as error:
            raise self.failure(error) from None
        finally:
            self.connection.close()


def statement(mapping: SqlTable, pull: Pull | None, dialect: str) -> TextClause:
    """The query with :since bound, in UTC and without a zone as most databases keep moments.

    SQL Server reads any other spelling by the language of its user: 05-11 may be in May.
    """
    clause = text(mapping.query)
    if pull is None:
        return clause
    moment = pull.since.astimezone(UTC).replace(tzinfo=None) if pull.since else EVERYTHING_SINCE
    if dialect == "mssql":
        return clause.bindparams(since=moment.isoformat(timespec="seconds"))
    return clause.bindparams(bindparam("since", moment, type_=DateTime()))


def _is_no_entry(error: SQLAlchemyError) -> bool:
    words = str(getattr(error, "orig", None) or error).casefold()
    return any(word in words for word in _NO_ENTRY)
