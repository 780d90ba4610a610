"""What each stage of a night returned, for the next to take, and what it all comes to."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from redflags.domain.night import NightOutcome
from redflags.services.intake.collapse import Standing
from redflags.services.intake.ingested import Ingested, TakenSource, notes_of
from redflags.services.night.night_dependencies import NightDependencies
from redflags.services.night.night_summary import AlertCounts, NightSummary
from redflags.services.night.notify_people import Notified
from redflags.services.night.queue_night import Queued
from redflags.services.night.score_night import Scored

Value = TypeVar("Value")


@dataclass
class NightResults:
    """The values of one run, each frozen; None for a stage that has not ended.

    They hold records of people: they live in the process of the night and are never stored.
    `seconds` says how long each stage took.
    """

    taken: dict[str, TakenSource] = field(default_factory=dict)
    ingested: Ingested | None = None
    standing: Standing | None = None
    scored: Scored | None = None
    queued: Queued | None = None
    notified: Notified | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def has_main_source(self) -> bool:
        """False when nothing came of what a night is made from."""
        return self.standing is None or not self.standing.main_absent

    def is_whole(self) -> bool:
        """Nothing was missing, and nothing failed that the night could go on without."""
        ingested, scored = ended(self.ingested, "store"), ended(self.scored, "score")
        whole = ingested.is_whole and scored.is_whole and self.has_main_source
        return whole and not ended(self.notified, "notify").undone

    def notes(self) -> tuple[str, ...]:
        """Sentences for the operator, those of the sources first."""
        sources = notes_of(self.taken.values()) if self.ingested is None else self.ingested.notes
        stages = (self.scored, self.queued, self.notified)
        notes = [note for stage in stages if stage is not None for note in stage.notes]
        standing = () if self.standing is None else self.standing.notes
        return (*standing, *sources, *self._set_aside(), *notes)

    def undone(self) -> tuple[str, ...]:
        return () if self.notified is None else self.notified.undone

    def _set_aside(self) -> list[str]:
        tables = () if self.ingested is None else self.ingested.tables
        rows = sum(table.quarantined for table in tables)
        return [f"{rows} rows were set aside; `redflags problems` lists them"] if rows else []


def ended(value: Value | None, stage: str) -> Value:
    """What `stage` returned. Raises RuntimeError when it has not ended."""
    if value is None:
        raise RuntimeError(f"expected the stage {stage} to have ended; run the stages in order")
    return value


def summarise(
    results: NightResults,
    dependencies: NightDependencies,
    as_of: date,
    outcome: NightOutcome,
    more_notes: tuple[str, ...] = (),
) -> NightSummary:
    """The end of a night in counts, seconds and sentences, however far it came."""
    scored = results.scored
    people, too_new = (
        (0, 0) if scored is None else scored.detection.count_people(dependencies.canary_patch)
    )
    return NightSummary(
        as_of=as_of,
        outcome=outcome,
        tables=() if results.ingested is None else results.ingested.tables,
        alerts=AlertCounts() if results.queued is None else results.queued.alerts,
        stages=dict(results.seconds),
        model_version="" if scored is None else scored.detection.model_version,
        ruleset_hash=dependencies.ruleset.hash,
        signals_hash=dependencies.signals_hash,
        households=people,
        insufficient_history=too_new,
        notes=(*results.notes(), *more_notes),
        sources={} if results.ingested is None else results.ingested.by_source,
        standing={} if results.standing is None else results.standing.as_json(),
    )
