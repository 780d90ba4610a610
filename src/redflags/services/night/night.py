"""The night: take, store, score, queue, notify. Every stage may be run again and changes nothing.

`Night` holds one run. The flow decides what runs when and what is tried again; the adapters it is
given do the reading and writing.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from redflags.analysis.ordering.detection import detect
from redflags.analysis.ordering.queueing import Candidate, plan_queue
from redflags.analysis.schemas import EVIDENCE_TABLES
from redflags.domain.alert import Routing
from redflags.domain.message import Message
from redflags.domain.night import NightOutcome
from redflags.domain.property_reference import Home
from redflags.domain.queue_state import QueueState, SampledHousehold
from redflags.errors import CanaryMissing, RedflagsError, SourceError
from redflags.services.monitoring.unusual_nights import NOTE
from redflags.services.night.absent_tables import coverage_notes
from redflags.services.night.alert_candidates import below_line, candidates, specialists_alone
from redflags.services.night.best_effort import noting_failure
from redflags.services.night.current_homes import current_homes
from redflags.services.night.daily_message import daily_message
from redflags.services.night.ingest import Intake
from redflags.services.night.learned_order import ranked
from redflags.services.night.night_account import NightAccount
from redflags.services.night.night_dependencies import NightDependencies
from redflags.services.night.night_summary import NightSummary
from redflags.services.night.raise_alerts import Raising
from redflags.services.night.reminder_message import NOT_REMINDED, nobody_told

NIGHT = "night"
SILENT_FOR = timedelta(hours=6)
"""A run of which nothing was heard for so long has been killed."""
NOT_COMPARED = f"{NOTE}the night could not be compared with others; its alerts are not affected"


class Night:
    """One run for one date."""

    def __init__(self, parts: NightDependencies) -> None:
        self._parts = parts
        self._account = NightAccount(parts)
        self._candidates: list[Candidate] = []
        self._below_line: list[SampledHousehold] = []
        self._protected: frozenset[str] = frozenset()
        self._intake: Intake | None = None
        self._canary_found = False
        self._had_evidence = False
        self._unmatched = 0

    def begin(self, as_of: date) -> str:
        """Open the run log for `as_of` and tell the heartbeat; the id of the run."""
        parts = self._parts
        run_id = f"{as_of.isoformat()}-{uuid4().hex[:12]}"
        self._intake = parts.intake(as_of)
        parts.queue.sweep_abandoned(parts.now(), SILENT_FOR)
        parts.queue.begin_night(as_of, run_id, parts.now(), parts.ruleset.hash, parts.signals_hash)
        parts.heartbeat.start()
        return run_id

    def source_names(self) -> tuple[str, ...]:
        return self._taken.source_names()

    def take(self, run_id: str, as_of: date, source_name: str) -> None:
        """Read and check one source; nothing is written yet. Raises SourceError."""
        with self._account.timed(run_id, f"take {source_name}"):
            self._taken.take(source_name)
        self._parts.queue.record_source(run_id, self._taken.statuses[source_name])

    def source_failed(self, run_id: str, as_of: date, source_name: str, error: SourceError) -> None:
        """Record that a source could not be taken; the night ends as partial."""
        self._taken.failed(source_name, error)
        self._parts.queue.record_source(run_id, self._taken.statuses[source_name])

    def store(self, run_id: str, as_of: date) -> None:
        """Write what was taken, all or nothing, and classify again if the signals changed."""
        with self._account.timed(run_id, "store"):
            policy = self._parts.ingest_policy(as_of)
            self._parts.records.reclassify(policy, self._parts.signals_hash)
            tables = self._taken.write(policy, as_of)
        self._account.rows(run_id, tables)

    def score(self, run_id: str, as_of: date) -> None:
        """Score every household and put into words whom a rule speaks of."""
        parts, account = self._parts, self._account
        with account.timed(run_id, "score"):
            counted = parts.records.count(as_of, parts.ruleset)
            found = detect(
                counted,
                parts.ruleset,
                as_of,
                parts.queue.confirmed(as_of),
                parts.canary_patch,
                lambda matrix, eligible: parts.models.for_night(matrix, eligible, as_of),
            )
            scored = ranked(found, parts.ruleset.ranking, parts.models.ranker(as_of))
            account.detection = scored
            self._candidates = candidates(scored, parts.ruleset, parts.records, as_of)
            protections = parts.records.protections(as_of)
            self._protected = specialists_alone(protections)
            depth = parts.ruleset.queue.sample_depth.value
            self._below_line = below_line(scored, parts.canary_patch, protections, depth)
            account.notes += parts.shadow.scored(scored, self._protected, as_of)
        self._had_evidence = any(name in counted.coverage.first_day for name in EVIDENCE_TABLES)
        self._unmatched = counted.coverage.unmatched_protections
        account.notes += coverage_notes(counted.coverage)
        if not self._had_evidence:
            account.notes.append(
                f"expected at least one of {', '.join(EVIDENCE_TABLES)}; none came"
            )
        account.notes += parts.models.notes

    def queue(self, run_id: str, as_of: date) -> None:
        """Change the queue in one transaction: alerts, sample, homes, canary check, message."""
        parts, now = self._parts, self._parts.now()
        with self._account.timed(run_id, "queue"):
            canaries = [c for c in self._candidates if c.patch == parts.canary_patch]
            people = self._guarded([c for c in self._candidates if c.patch != parts.canary_patch])
            homes = self._homes()
            self._canary_found = bool(canaries)
            with parts.queue.queue_transaction(as_of, NIGHT, now) as queue:
                state = queue.state(as_of)
                self._account.notes += self._of_households_that_left(state)
                plan = plan_queue(
                    people, self._below_line, state, parts.ruleset.queue, self._protected
                )
                raising = self._raising(as_of, now)
                self._account.alerts = raising.write(queue, plan, len(state.open))
                queue.publish_homes(homes)
                queue.record_canary(as_of, bool(canaries), _sentence(canaries))
                queue.enqueue_message(self._message(as_of))
            self._account.notes += parts.shadow.queued(state)

    def _guarded(self, people: list[Candidate]) -> list[Candidate]:
        """Everybody to the specialist when nobody knows who is protected."""
        if not self._protected_is_unknown():
            return people
        self._account.notes.append(
            "who is protected could not be read and was never known, so every new alert of this "
            "night is the specialist's alone"
        )
        return [replace(candidate, routing=Routing.SPECIALIST) for candidate in people]

    def _protected_is_unknown(self) -> bool:
        """Who is protected was refused tonight, and was never known before."""
        is_known = self._parts.records.totals()["protected"] > 0
        return not is_known and "protected" in self._taken.refused_tables

    def _homes(self) -> list[Home]:
        detection = self._account.detection
        if detection is None:
            return []
        everybody = self._protected_is_unknown()
        return current_homes(detection, self._parts.canary_patch, self._protected, everybody)

    def _of_households_that_left(self, state: QueueState) -> list[str]:
        detection = self._account.detection
        if detection is None:
            return []
        current = set(detection.households["household_ref"])
        left = sum(ref not in current for ref in state.open)
        words = f"{left} open alerts are about households that have left; a visit meets others"
        return [words] if left else []

    def notify(self, run_id: str, as_of: date) -> None:
        """Remind whom it is time to remind and send what is in the outbox.

        What cannot be sent stays there for the next night.
        """
        with self._account.timed(run_id, "notify"):
            self._remind(self._parts.now())
            delivery = self._parts.deliver(self._parts.now())
        if delivery.waiting:
            self._account.notes.append(
                f"{delivery.waiting} messages wait in the outbox; `redflags deliver` tries again"
            )

    def _remind(self, now: datetime) -> None:
        with noting_failure(self._account.undone, NOT_REMINDED):
            self._parts.remind(now)
            unseen = self._parts.standing(now).unseen
            self._account.notes += nobody_told(unseen)

    def finish(self, run_id: str, as_of: date) -> NightSummary:
        """Close the run log as done, or as partial when a source or the model was missing, or
        something failed that the night could go on without.

        Raises:
            CanaryMissing: the canary raised nothing. What the night found is in the queue all the
                same, and the message is sent: people go on, and the operator is called.
        """
        if not self._canary_found:
            raise CanaryMissing(
                "expected the canary household to be alerted, but no rule spoke of it; detection "
                "is broken: look at ruleset.toml and signals.toml, and at what changed since the "
                "last good night. Alerts found tonight are in the queue all the same"
            )
        with noting_failure(self._account.undone, NOT_COMPARED):
            self._account.notes += self._parts.monitor(self._account.detection, as_of)
        outcome = NightOutcome.DONE if self._is_whole else NightOutcome.PARTIAL
        summary = self._account.end(run_id, as_of, outcome, self._taken.notes)
        self._parts.heartbeat.success()
        return summary

    @property
    def _is_whole(self) -> bool:
        """Nothing was missing, and nothing failed that the night could go on without."""
        sound = self._had_evidence and not self._unmatched and not self._parts.models.is_degraded
        return self._taken.is_whole and sound and not self._account.undone

    def fail(self, run_id: str, as_of: date, error: BaseException) -> None:
        """Close the run log as failed, in words without data, and tell the heartbeat."""
        words = str(error) if isinstance(error, RedflagsError) else type(error).__name__
        notes = () if self._intake is None else self._intake.notes
        try:
            self._account.end(run_id, as_of, NightOutcome.FAILED, notes, words)
        finally:
            self._parts.heartbeat.fail()

    @property
    def _taken(self) -> Intake:
        if self._intake is None:
            raise RuntimeError("expected begin() to be called first")
        return self._intake

    def _raising(self, as_of: date, now: datetime) -> Raising:
        parts, detection = self._parts, self._account.detection
        return Raising(
            as_of,
            now,
            parts.ruleset,
            parts.signals_hash,
            "" if detection is None else detection.model_version,
            parts.review.times.look_within,
            parts.alert_id,
            parts.records.sealed_texts,
        )

    def _message(self, as_of: date) -> Message:
        return daily_message(as_of, self._parts.team_address, self._parts.review_url)


def _sentence(canaries: list[Candidate]) -> str:
    return canaries[0].reasons[0].sentence if canaries else ""
