"""What one night tells of itself: in the run log as it goes, and in words and counts at its end."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from redflags.analysis.ordering.detection import Detection
from redflags.domain.night import NightOutcome, NightTable
from redflags.services.night.night_dependencies import NightDependencies
from redflags.services.night.night_summary import AlertCounts, NightSummary


@dataclass
class NightAccount:
    """The account of one run; `notes` are sentences for the operator.

    `undone` are notes of what failed beside the night's own work and harmed nothing else: a night
    with one of them is partial.
    """

    parts: NightDependencies
    tables: tuple[NightTable, ...] = ()
    alerts: AlertCounts = field(default_factory=AlertCounts)
    detection: Detection | None = None
    notes: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, run_id: str, stage: str) -> Iterator[None]:
        """Log how many seconds the block took, if it ends well, and that the run is alive."""
        started = time.perf_counter()
        yield
        self.stages[stage] = time.perf_counter() - started
        self.parts.queue.record_stage(run_id, stage, self.stages[stage])
        self.parts.queue.touch(run_id, self.parts.now())

    def rows(self, run_id: str, tables: tuple[NightTable, ...]) -> None:
        """Log what became of the rows of each table."""
        self.tables = tables
        set_aside = sum(table.quarantined for table in tables)
        if set_aside:
            self.notes.append(f"{set_aside} rows were set aside; `redflags problems` lists them")
        self.parts.queue.record_tables(run_id, tables)

    def end(
        self,
        run_id: str,
        as_of: date,
        outcome: NightOutcome,
        notes: Iterable[str] = (),
        reason: str = "",
    ) -> NightSummary:
        """Close the run log; what there is to say, the `notes` of the sources first."""
        summary = self._summary(as_of, outcome, notes)
        self.parts.queue.finish_night(
            run_id,
            outcome,
            self.parts.now(),
            summary.as_json(),
            reason,
            summary.model_version,
        )
        return summary

    def _summary(self, as_of: date, outcome: NightOutcome, notes: Iterable[str]) -> NightSummary:
        parts, found = self.parts, self.detection
        people, too_new = (0, 0) if found is None else found.count_people(parts.canary_patch)
        return NightSummary(
            as_of=as_of,
            outcome=outcome,
            tables=self.tables,
            alerts=self.alerts,
            stages=dict(self.stages),
            model_version="" if found is None else found.model_version,
            ruleset_hash=parts.ruleset.hash,
            signals_hash=parts.signals_hash,
            households=people,
            insufficient_history=too_new,
            notes=(*notes, *self.notes, *self.undone),
        )
