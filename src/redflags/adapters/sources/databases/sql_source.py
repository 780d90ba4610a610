"""Databases as sources: one query per table, read only, streamed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, CursorResult, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from redflags.adapters.sources.cell_text import as_text
from redflags.adapters.sources.extract_reading import extract_of
from redflags.adapters.sources.files.header_row import Header
from redflags.adapters.sources.mapping.source_kinds import SqlTable
from redflags.adapters.sources.raw_rows import RawBatch, text_batch
from redflags.analysis.extracts import (
    Extract,
    ExtractResult,
    Refusal,
    RowFault,
)
from redflags.analysis.schemas import TABLES
from redflags.errors import SourceAbsent, SourceRefused, SourceUnavailable

BATCH_ROWS = 20_000
_NOT_THERE = ("no such table", "no such column", "syntax error")


@dataclass(frozen=True, slots=True)
class SqlSource:
    """Queries against one database; `url` may hold a password, so it is never shown."""

    name: str
    mappings: Mapping[str, SqlTable]
    url: str = field(repr=False)

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(sorted(self.mappings))

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """Databases are always read: `is_taken` is not asked."""
        self._refuse_missing_file()
        engine = _read_only(create_engine(self.url))
        try:
            for table, mapping in self.mappings.items():
                yield self._outcome(engine, table, mapping)
        finally:
            engine.dispose()

    def _refuse_missing_file(self) -> None:
        """SQLite makes a missing database instead of reporting it."""
        url = make_url(self.url)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            raise SourceAbsent(f"source {self.name}: expected a database file; there is none")

    def _outcome(self, engine: Engine, table: str, mapping: SqlTable) -> ExtractResult:
        connection = self._connect(engine)
        try:
            return self._extract(connection, table, mapping)
        except SourceRefused as error:
            connection.close()
            return Refusal(table, table, error)
        except BaseException:
            connection.close()
            raise

    def _connect(self, engine: Engine) -> Connection:
        try:
            return engine.connect()
        except SQLAlchemyError as error:
            raise self._unavailable(error) from None

    def _extract(self, connection: Connection, table: str, mapping: SqlTable) -> Extract:
        options = {"stream_results": True, "yield_per": BATCH_ROWS}
        try:
            result = connection.execute(text(mapping.query), execution_options=options)
        except SQLAlchemyError as error:
            raise self._failure(error) from None
        rows = QueryRows(connection, result, self._failure)
        return extract_of(rows, TABLES[table], mapping, self.name, table, fingerprint="")

    def _failure(self, error: SQLAlchemyError) -> SourceRefused | SourceUnavailable:
        """A query that will never work, or a server that does not answer now."""
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
    failure: Callable[[SQLAlchemyError], SourceRefused | SourceUnavailable]

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


def _read_only(engine: Engine) -> Engine:
    """Whatever a query says, nothing is written in the landlord's database."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _query_only(connection: object, _record: object) -> None:
            connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]

    if engine.dialect.name == "postgresql":
        return engine.execution_options(postgresql_readonly=True)
    return engine
