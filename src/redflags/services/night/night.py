"""The night: take, store, score, queue, notify. Every stage may be run again and changes nothing.

Each stage is a function from values to a value. `Night` is one run: it calls them in the order in
which the flow asks for them, hands on what they return, and writes the run log. The flow decides
what runs when and what is tried again; the adapters it is given do the reading and writing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

from redflags.domain.night import NightOutcome
from redflags.errors import CanaryMissing, RedflagsError, SourceError
from redflags.services.intake.collapse import judge_standing
from redflags.services.intake.ingest import Intake, failed
from redflags.services.intake.ingested import Ingested, TakenSource
from redflags.services.monitoring.unusual_nights import NOTE
from redflags.services.night.best_effort import noting_failure
from redflags.services.night.night_dependencies import NightDependencies
from redflags.services.night.night_results import NightResults, ended, summarise
from redflags.services.night.night_summary import NightSummary
from redflags.services.night.notify_people import notify_people
from redflags.services.night.queue_night import queue_night
from redflags.services.night.score_night import Scored, score_night

SILENT_FOR = timedelta(hours=6)
"""A run of which nothing was heard for so long has been killed."""
NOT_COMPARED = f"{NOTE}the night could not be compared with others; its alerts are not affected"


class Night:
    """One run for one date: the stages in order, and what each of them returned."""

    def __init__(
        self, dependencies: NightDependencies, results: NightResults | None = None
    ) -> None:
        self._dependencies = dependencies
        self._results = results or NightResults()
        self._intake: Intake | None = None

    def begin(self, as_of: date) -> str:
        """Open the run log for `as_of` and tell the heartbeat; the id of the run."""
        dependencies, now = self._dependencies, self._dependencies.now
        run_id = f"{as_of.isoformat()}-{uuid4().hex[:12]}"
        self._intake = dependencies.intake(as_of)
        dependencies.queue.sweep_abandoned(now(), SILENT_FOR)
        dependencies.queue.begin_night(
            as_of, run_id, now(), dependencies.ruleset.hash, dependencies.signals_hash
        )
        dependencies.heartbeat.start()
        return run_id

    def source_names(self) -> tuple[str, ...]:
        return self._begun.source_names()

    def take(self, run_id: str, as_of: date, source_name: str) -> None:
        """Read and check one source; nothing is written yet. Raises SourceError."""
        with self._timed(run_id, f"take {source_name}"):
            taken = self._begun.take(source_name)
        self._keep_source(run_id, taken)

    def source_failed(self, run_id: str, as_of: date, source_name: str, error: SourceError) -> None:
        """Record that a source could not be taken; the night ends as partial."""
        self._keep_source(run_id, failed(source_name, error))

    def _keep_source(self, run_id: str, taken: TakenSource) -> None:
        self._results.taken[taken.status.source] = taken
        self._dependencies.queue.record_source(run_id, taken.status)

    def store(self, run_id: str, as_of: date) -> None:
        """Write what was taken, all or nothing, and classify again if the signals changed.

        Raises:
            NightCollapsed: so little is left of what the last good night saw that this one must not
                go on, and nobody accepted that. What came stays in the store.
        """
        with self._timed(run_id, "store"):
            ingested = self._results.ingested or self._ingest(as_of)
        self._results.ingested = ingested
        self._dependencies.queue.record_tables(run_id, ingested.tables)
        self._results.standing = judge_standing(
            self._dependencies, run_id, as_of, ingested, self._begun.sources
        )
        self._results.standing.demand(as_of)

    def _ingest(self, as_of: date) -> Ingested:
        policy = self._dependencies.ingest_policy(as_of)
        self._dependencies.records.reclassify(policy, self._dependencies.signals_hash)
        return self._begun.write(list(self._results.taken.values()), policy, as_of)

    def score(self, run_id: str, as_of: date) -> None:
        """Score every household and put into words whom a rule speaks of."""
        with self._timed(run_id, "score"):
            self._results.scored = score_night(self._dependencies, as_of)

    def queue(self, run_id: str, as_of: date) -> None:
        """Change the queue in one transaction: alerts, sample, homes, canary check, message."""
        ingested = ended(self._results.ingested, "store")
        with self._timed(run_id, "queue"):
            self._results.queued = queue_night(self._dependencies, as_of, ingested, self._scored)

    def notify(self, run_id: str, as_of: date) -> None:
        """Remind whom it is time to remind and send what is in the outbox."""
        with self._timed(run_id, "notify"):
            self._results.notified = notify_people(self._dependencies)

    def finish(self, run_id: str, as_of: date) -> NightSummary:
        """Close the run log as done, or as partial when a source or the model was missing, or
        something failed that the night could go on without.

        Raises:
            CanaryMissing: the canary raised nothing. What the night found is in the queue all the
                same, and the message is sent: people go on, and the operator is called.
        """
        if not ended(self._results.queued, "queue").canary_raised:
            raise CanaryMissing(
                "expected the canary household to be alerted, but no rule spoke of it; detection "
                "is broken: look at ruleset.toml and signals.toml, and at what changed since the "
                "last good night. Alerts found tonight are in the queue all the same"
            )
        unusual: list[str] = []
        uncompared: list[str] = []
        with noting_failure(uncompared, NOT_COMPARED):
            unusual += self._dependencies.monitor(self._scored.detection, as_of)
        whole = self._results.is_whole() and not uncompared
        outcome = NightOutcome.DONE if whole else NightOutcome.PARTIAL
        notes = (*unusual, *self._results.undone(), *uncompared)
        summary = self._end(run_id, as_of, outcome, notes)
        if self._results.has_main_source:
            self._dependencies.heartbeat.success()
        else:
            self._dependencies.heartbeat.fail()
        return summary

    def fail(self, run_id: str, as_of: date, error: BaseException) -> None:
        """Close the run log as failed, in words without data, and tell the heartbeat."""
        words = str(error) if isinstance(error, RedflagsError) else type(error).__name__
        try:
            self._end(run_id, as_of, NightOutcome.FAILED, self._results.undone(), words)
        finally:
            self._dependencies.heartbeat.fail()

    @property
    def _begun(self) -> Intake:
        if self._intake is None:
            raise RuntimeError("expected begin() to be called first")
        return self._intake

    @property
    def _scored(self) -> Scored:
        return ended(self._results.scored, "score")

    @contextmanager
    def _timed(self, run_id: str, stage: str) -> Iterator[None]:
        """Log how many seconds the block took, if it ends well, and that the run is alive."""
        started = time.perf_counter()
        yield
        seconds = self._results.seconds[stage] = time.perf_counter() - started
        self._dependencies.queue.record_stage(run_id, stage, seconds)
        self._dependencies.queue.touch(run_id, self._dependencies.now())

    def _end(
        self,
        run_id: str,
        as_of: date,
        outcome: NightOutcome,
        notes: tuple[str, ...],
        reason: str = "",
    ) -> NightSummary:
        """Close the run log; what there is to say."""
        summary = summarise(self._results, self._dependencies, as_of, outcome, notes)
        self._dependencies.queue.finish_night(
            run_id,
            outcome,
            self._dependencies.now(),
            summary.as_json(),
            reason,
            summary.model_version,
        )
        return summary
