"""The record store: what the nights have read, in one file that only a night opens."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from redflags.adapters.records import (
    intake_journal,
    pull_journal,
    reclassify,
    source_changes,
    source_precedence,
    store_queries,
)
from redflags.adapters.records.clean_stored import clean_stored
from redflags.adapters.records.connection import (
    connect,
    connect_in_memory,
    recognise_key,
    sole_writer,
    transaction,
)
from redflags.adapters.records.counted_night import CountedNight
from redflags.adapters.records.kept_counts import kept_records
from redflags.adapters.records.link_homes import link_by_uprn
from redflags.adapters.records.recent_totals import recent
from redflags.adapters.records.stage_extract import stage
from redflags.adapters.records.upsert import merge
from redflags.analysis.counted_records import Counted, Recent
from redflags.analysis.extracts import Extract, LastPull, Merged, Staged
from redflags.analysis.ingest_policy import IngestPolicy
from redflags.configuration.ruleset import RuleSet
from redflags.domain.alert import EvidenceKey
from redflags.domain.configured_source import ConfiguredSource, Contradiction, SourceChange
from redflags.domain.kept_records import KeptRecords


class RecordStore:
    """All reading and writing of records; one connection, one thread at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._turn = threading.RLock()
        self._staged = 0

    def is_taken(self, fingerprint: str, source: str | None = None) -> bool:
        """Whether a file with this content and mapping was written before, by `source` if given."""
        with self._turn:
            return intake_journal.is_taken(self._connection, fingerprint, source)

    def last_pulls(self, sources: Collection[str]) -> dict[tuple[str, str], LastPull]:
        """The last good pull by source and table; those of sources that are gone are forgotten."""
        with self._turn, transaction(self._connection):
            pull_journal.forget_others(self._connection, sources)
            return pull_journal.last_pulls(self._connection)

    def stage(self, extract: Extract) -> Staged:
        """Read an extract into memory, typed and checked; nothing is written."""
        with self._turn:
            self._staged += 1
            return stage(self._connection, extract, self._staged)

    def merge(
        self,
        staged: Sequence[Staged],
        policy: IngestPolicy,
        pseudonym: Callable[[str], str],
        as_of: date,
        configured: Sequence[ConfiguredSource] | None = None,
    ) -> list[Merged]:
        """Write everything staged, in the order given, all or nothing.

        `configured`: every source there is, in the order in which they are believed; what was
        stored of others is undone. When not given, the order stays and nothing is undone.
        """
        with self._turn, transaction(self._connection):
            recognise_key(self._connection, policy.sealer)
            remapped = []
            if configured is not None:
                source_precedence.set_order(self._connection, configured)
                remapped = source_changes.find_remapped(self._connection, configured, staged)
            merged = []
            for part in staged:
                result = merge(self._connection, part, policy)
                intake_journal.remember(self._connection, part, result, pseudonym, as_of)
                merged.append(result)
            if configured is not None:
                source_changes.follow(self._connection, configured, remapped, staged, as_of)
            link_by_uprn(self._connection)
            source_precedence.count_contradictions(self._connection)
        self._forget(staged)
        return merged

    def source_changes(self, as_of: date) -> tuple[SourceChange, ...]:
        """What the merge of `as_of` undid, kept or left because configuration changed."""
        with self._turn:
            return source_changes.changes(self._connection, as_of)

    def source_order(self) -> tuple[str, ...]:
        """The landlord's sources as configuration last named them, the most believed first."""
        with self._turn:
            return source_precedence.order(self._connection)

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Where sources know different values of one field, in counts."""
        with self._turn:
            return source_precedence.contradictions(self._connection)

    def _forget(self, staged: Sequence[Staged]) -> None:
        for part in staged:
            self._connection.execute(f"DROP TABLE IF EXISTS {part.relation}")

    def reclassify(self, policy: IngestPolicy, signals_hash: str) -> int:
        """Classify every record again when the signals or texts changed; how many that were."""
        with self._turn, transaction(self._connection):
            recognise_key(self._connection, policy.sealer)
            if clean_stored(self._connection, policy):
                reclassify.forget(self._connection)
            return reclassify.reclassify(self._connection, policy, signals_hash)

    def count_night(self, as_of: date, ruleset: RuleSet) -> CountedNight:
        """Count the households of `as_of`; nothing dated later is looked at.

        Ask what comes back for evidence, and close it. Several may be open at once.
        """
        with self._turn:
            connection = self._connection.cursor()
        return CountedNight(connection, as_of, ruleset)

    def count(self, as_of: date, ruleset: RuleSet) -> Counted:
        """What was counted, for who needs no evidence."""
        with self.count_night(as_of, ruleset) as night:
            return night.counted

    def sealed_texts(self, keys: Collection[EvidenceKey]) -> dict[EvidenceKey, bytes]:
        """The text of some records as it was sealed on intake, bound to ``table/ref``."""
        with self._turn:
            return store_queries.sealed_texts(self._connection, keys)

    def protections(self, as_of: date) -> dict[str, frozenset[str]]:
        """Reasons why a household is protected on `as_of`, by tenancy."""
        with self._turn:
            return store_queries.protections(self._connection, as_of)

    def codes(self) -> pd.DataFrame:
        """Distinct codes of the records with their counts, for the report of unmapped ones."""
        with self._turn:
            return store_queries.codes(self._connection)

    def recent(self, since: date, until: date) -> Recent:
        """What is dated from `since` to `until`, in sums."""
        with self._turn:
            return recent(self._connection, since, until)

    def problems(self) -> pd.DataFrame:
        """Every problem noticed, newest first: place and code, never a value."""
        with self._turn:
            return intake_journal.problems(self._connection)

    def totals(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self._turn:
            return store_queries.totals(self._connection)

    def kept(self, as_of: date) -> KeptRecords:
        """Households, and rows and newest day of each table, as the night of `as_of` sees them."""
        with self._turn:
            return kept_records(self._connection, as_of)

    def purge(self, text_before: date, records_before: date) -> dict[str, int]:
        """Drop sealed text and whole records older than the dates given; how many of each."""
        with self._turn, transaction(self._connection):
            return intake_journal.purge(self._connection, text_before, records_before)


@contextmanager
def open_record_store(path: Path) -> Iterator[RecordStore]:
    """The store at `path`, held by this process alone until the block ends.

    Raises:
        StoreBusy: another run held it for too long.
        StoreUnusable: the file is something else.
    """
    with sole_writer(path.parent):
        connection = connect(path)
        try:
            yield RecordStore(connection)
        finally:
            connection.close()


@contextmanager
def passing_record_store() -> Iterator[RecordStore]:
    """A store in memory, gone when the block ends."""
    connection = connect_in_memory()
    try:
        yield RecordStore(connection)
    finally:
        connection.close()
