"""What the services need of the world, in their own words; the adapters fit without knowing of it.

A service asks for the smallest of these it can do with. `bootstrap` hands the real ones in.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

import pandas as pd

from redflags.analysis.counted_records import Counted, Recent
from redflags.analysis.extracts import Extract, ExtractResult, Merged, Staged
from redflags.analysis.ingest_policy import IngestPolicy
from redflags.analysis.learning.model_versions import LoadedModel, Model, ModelVersion
from redflags.analysis.replay.night_facts import KeptNights
from redflags.configuration.ruleset import MissedVisits, RuleSet
from redflags.domain.alert import Alert, Evidence, EvidenceKey, Priority, Reason
from redflags.domain.configured_source import ConfiguredSource, Contradiction, SourceChange
from redflags.domain.kept_records import CollapseAccepted, GoodNight, KeptRecords
from redflags.domain.message import Message
from redflags.domain.night import Night, NightOutcome, NightSource, NightTable
from redflags.domain.night_figures import AlertGroup, MonitoringRecord, NightFigures
from redflags.domain.property_reference import Home
from redflags.domain.queue_state import QueueState, SampledHousehold


class Source(Protocol):
    """One system of the landlord, read through one mapping file."""

    @property
    def name(self) -> str:
        """Name of the mapping file."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Canonical tables this source can give, sorted."""

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """Each file or query in a fixed order; read one to its end before asking for the next.

        Raises SourceAbsent when there is nothing to be read at all, and SourceUnavailable when
        trying again may help; both may also come out of an extract's `rows`.
        """


class CountedNight(Protocol):
    """One day counted, and a way to the records behind it until it is closed."""

    @property
    def counted(self) -> Counted: ...
    def evidence(
        self, household_refs: Sequence[str], since: date, visits: MissedVisits | None = None
    ) -> pd.DataFrame: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Records(Protocol):
    """The record store: records come in, counts and evidence come out."""

    def is_taken(self, fingerprint: str, source: str | None = None) -> bool: ...
    def stage(self, extract: Extract) -> Staged: ...
    def merge(
        self,
        staged: Sequence[Staged],
        policy: IngestPolicy,
        pseudonym: Callable[[str], str],
        as_of: date,
        configured: Sequence[ConfiguredSource] | None = None,
    ) -> list[Merged]: ...
    def source_changes(self, as_of: date) -> tuple[SourceChange, ...]: ...
    def source_order(self) -> tuple[str, ...]: ...
    def contradictions(self) -> tuple[Contradiction, ...]: ...
    def reclassify(self, policy: IngestPolicy, signals_hash: str) -> int: ...
    def count_night(self, as_of: date, ruleset: RuleSet) -> CountedNight: ...
    def count(self, as_of: date, ruleset: RuleSet) -> Counted: ...
    def sealed_texts(self, keys: Collection[EvidenceKey]) -> dict[EvidenceKey, bytes]: ...
    def protections(self, as_of: date) -> dict[str, frozenset[str]]: ...
    def codes(self) -> pd.DataFrame: ...
    def recent(self, since: date, until: date) -> Recent: ...
    def totals(self) -> dict[str, int]: ...
    def kept(self, as_of: date) -> KeptRecords: ...


class RunLog(Protocol):
    """Where a night writes how it goes; every method is one transaction."""

    def begin_night(
        self, as_of: date, run_id: str, now: datetime, ruleset_hash: str, signals_hash: str
    ) -> bool: ...
    def sweep_abandoned(self, now: datetime, older_than: timedelta) -> list[str]: ...
    def touch(self, run_id: str, now: datetime) -> None: ...
    def record_source(self, run_id: str, source: NightSource) -> None: ...
    def record_tables(self, run_id: str, tables: Iterable[NightTable]) -> None: ...
    def record_stage(self, run_id: str, stage: str, seconds: float) -> None: ...
    def good_nights(self, until: date, most: int) -> list[GoodNight]: ...
    def accept_collapse(
        self, run_id: str, accepted: CollapseAccepted, collapsed: Sequence[str], now: datetime
    ) -> None: ...
    def finish_night(
        self,
        run_id: str,
        outcome: NightOutcome,
        now: datetime,
        summary: Mapping[str, object],
        reason: str = "",
        model_version: str = "",
    ) -> None: ...


class RunHistory(Protocol):
    """What the nights of before left: what an operator is told each morning."""

    def last_night(self) -> Night | None: ...
    def nights(self, since: date) -> list[Night]: ...
    def count_waiting_messages(self) -> int: ...


class LockedQueue(Protocol):
    """The queue inside one transaction that holds its lock: all of a night's changes, or none."""

    def state(self, as_of: date) -> QueueState: ...
    def raise_alert(self, alert: Alert) -> bool: ...
    def add_evidence(
        self,
        alert_id: str,
        reasons: Sequence[Reason],
        priority: Priority,
        score: float,
        seen_on: date,
        look_by_at_utc: datetime | None = None,
    ) -> bool: ...
    def keep_texts(
        self, alert_id: str, records: Collection[Evidence], sealed: Mapping[EvidenceKey, bytes]
    ) -> int: ...
    def publish_homes(self, tonight: Collection[Home]) -> bool: ...
    def hand_to_specialist(self, alert_id: str) -> None: ...
    def record_sample(self, as_of: date, rows: Sequence[SampledHousehold]) -> bool: ...
    def record_canary(self, as_of: date, raised: bool, sentence: str) -> bool: ...
    def enqueue_message(self, message: Message) -> bool: ...


class ConfirmedNeeds(Protocol):
    """Who is known to be in need; they shape no baseline."""

    def confirmed(self, as_of: date) -> frozenset[str]: ...


class AlertQueue(RunLog, ConfirmedNeeds, Protocol):
    """The operational database as a night needs it: the run log and the queue."""

    def queue_transaction(
        self, as_of: date, actor: str, now: datetime
    ) -> AbstractContextManager[LockedQueue]: ...


class ModelRegistry(Protocol):
    """Which models nights score with, and a sound copy of each when the registry is down."""

    def has_any(self, name: str) -> bool: ...
    def wants(self, name: str) -> bool: ...
    def is_unfit(self, name: str, features: tuple[str, ...]) -> bool: ...
    def champion(self, name: str, features: tuple[str, ...]) -> LoadedModel: ...
    def register_first(
        self, model: Model, name: str, metadata: Mapping[str, str | int], fitted_as_of: date
    ) -> ModelVersion: ...


class MonitoringBook(Protocol):
    """The sums of the nights, and the kinds of homes of their alerts."""

    def of_the_day(self, as_of: date, since: date) -> tuple[dict[str, int], int, dict[str, str]]:
        """Rows accepted, alerts raised, and the alerts from `since` on without a group."""

    def keep(self, figures: NightFigures, groups: Iterable[AlertGroup], now: datetime) -> None: ...
    def record(self, baseline_nights: int, until: date, latest_nights: int) -> MonitoringRecord: ...


class FactFolder(Protocol):
    """The nights kept for trying other thresholds on."""

    def days(self, shape: str) -> list[date]: ...
    def read(self, shape: str, days: Sequence[date]) -> KeptNights | None: ...


class Heartbeat(Protocol):
    """Somebody outside who notices the night that did not happen; nothing is raised."""

    def start(self) -> bool: ...
    def success(self) -> bool: ...
    def fail(self) -> bool: ...
