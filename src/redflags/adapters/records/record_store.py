"""The record store: what the nights have read, in one file that only a night opens."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from redflags.adapters.records import intake_journal, reclassify, store_queries
from redflags.adapters.records.clean_stored import clean_stored
from redflags.adapters.records.connection import (
    connect,
    connect_in_memory,
    recognise_key,
    sole_writer,
    transaction,
)
from redflags.adapters.records.episode_event_counts import count_marks
from redflags.adapters.records.households_on_date import prepare_households
from redflags.adapters.records.recent_totals import recent
from redflags.adapters.records.record_counts import count_cells, coverage
from redflags.adapters.records.signal_rows import prepare_signs
from redflags.adapters.records.stage_extract import stage
from redflags.adapters.records.upsert import link_by_uprn, merge
from redflags.analysis.counted_records import Counted, Recent
from redflags.analysis.extracts import Extract, Merged, Staged
from redflags.analysis.ingest_policy import IngestPolicy
from redflags.configuration.ruleset import MissedVisits, RuleSet
from redflags.domain.alert import EvidenceKey


class RecordStore:
    """All reading and writing of records; one connection, one thread at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._turn = threading.RLock()
        self._staged = 0

    @contextmanager
    def beside(self) -> Iterator["RecordStore"]:
        """Another store on the same records, for counting one day while another is looked at."""
        connection = self._connection.cursor()
        try:
            yield RecordStore(connection)
        finally:
            connection.close()

    def is_taken(self, fingerprint: str) -> bool:
        """Whether a file with this content and mapping was written before."""
        with self._turn:
            return intake_journal.is_taken(self._connection, fingerprint)

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
    ) -> list[Merged]:
        """Write everything staged, in the order given, all or nothing."""
        with self._turn, transaction(self._connection):
            recognise_key(self._connection, policy.sealer)
            merged = []
            for part in staged:
                result = merge(self._connection, part, policy)
                intake_journal.remember(self._connection, part, result, pseudonym, as_of)
                merged.append(result)
            if staged:
                link_by_uprn(self._connection)
        self._forget(staged)
        return merged

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

    def count(self, as_of: date, ruleset: RuleSet) -> Counted:
        """Households of `as_of` and their cells; looks at nothing dated later."""
        with self._turn:
            history_days = ruleset.surprise.history_days.value
            prepare_households(self._connection, as_of)
            prepare_signs(self._connection, as_of, history_days, ruleset.innocent)
            return Counted(
                households=store_queries.households(self._connection),
                cells=count_cells(
                    self._connection,
                    as_of,
                    ruleset.age_edges_days,
                    ruleset.surprise.dear_job_quantile.value,
                ),
                coverage=coverage(self._connection, as_of),
                marks=None
                if ruleset.episodes is None
                else count_marks(self._connection, as_of, ruleset.episodes),
            )

    def evidence(
        self, household_refs: Sequence[str], since: date, visits: MissedVisits | None = None
    ) -> pd.DataFrame:
        """Records behind some households, after `count`: see `reading.evidence`."""
        with self._turn:
            return store_queries.evidence(self._connection, household_refs, since, visits)

    def sealed_texts(self, keys: Collection[EvidenceKey]) -> dict[EvidenceKey, bytes]:
        """The text of some records as it was sealed at the door, bound to ``table/ref``."""
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
