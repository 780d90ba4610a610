"""What a night does besides its own work: it leaves its facts, and asks the rule set in the shadow.

Neither may cost the night anything: whatever fails here becomes a note for the operator. What the
shadow flags is counted and forgotten; no reviewer ever sees it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import numpy as np

from redflags.analysis.ordering.detection import Detection, detect
from redflags.analysis.ordering.queueing import Candidate, plan_queue
from redflags.analysis.replay.night_facts import NightFacts, Pseudonym, night_facts
from redflags.configuration.ruleset import RuleSet
from redflags.domain.queue_state import QueueState
from redflags.domain.shadow_night import ShadowNight
from redflags.services.models.model_choice import ModelKeeper
from redflags.services.night.alert_candidates import candidates
from redflags.services.night.best_effort import noting_failure
from redflags.services.ports import Records


@dataclass(frozen=True, slots=True)
class ShadowFindings:
    """Whom the rule set in the shadow would speak of, and whom the live one did."""

    ruleset: RuleSet
    candidates: tuple[Candidate, ...]
    live_flagged: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the shadow said, None without one, and notes of what failed."""

    findings: ShadowFindings | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ShadowRun:
    """Leaves the facts of a night, and counts what the rule set in the shadow would have done.

    Args:
        keep: puts the facts of the night away.
        find_shadow: the rule set in the shadow and who finds its model; None when there is none.
        confirmed: households whose review found a need.
        note: keeps the numbers of the shadow; once for a night.
    """

    records: Records
    live: RuleSet
    keep: Callable[[NightFacts], object]
    find_shadow: Callable[[], tuple[RuleSet, ModelKeeper] | None]
    confirmed: Callable[[date], frozenset[str]]
    note: Callable[[ShadowNight], object]
    canary_patch: str
    pseudonym: Pseudonym

    def ask(self, detection: Detection, protected: Collection[str], as_of: date) -> Asked:
        """Leave the night's facts and ask the shadow."""
        notes: list[str] = []
        findings = None
        with noting_failure(notes, "the night's numbers for trying other thresholds were not kept"):
            facts = (self.live, as_of, protected, self.canary_patch, self.pseudonym)
            self.keep(night_facts(detection, *facts))
        with noting_failure(notes, SHADOW_FAILED):
            findings = self._findings(_flagged(detection, self.canary_patch), as_of)
        return Asked(findings, tuple(notes))

    def _findings(self, live_flagged: frozenset[str], as_of: date) -> ShadowFindings | None:
        found = self.find_shadow()
        if found is None:
            return None
        shadow, models = found
        with self.records.count_night(as_of, shadow) as night:
            detection = detect(
                night.counted,
                shadow,
                as_of,
                self.confirmed(as_of),
                self.canary_patch,
                lambda matrix, eligible: models.for_score(matrix, eligible, as_of),
            )
            protections = self.records.protections(as_of)
            everybody = candidates(detection, shadow, night, protections, as_of)
        people = tuple(c for c in everybody if c.patch != self.canary_patch)
        return ShadowFindings(shadow, people, live_flagged)

    def count(self, findings: ShadowFindings | None, state: QueueState) -> tuple[str, ...]:
        """Count what the shadow would have done to the queue as the night found it; notes."""
        notes: list[str] = []
        if findings is not None:
            with noting_failure(notes, SHADOW_FAILED):
                self.note(self._counted(findings, state))
        return tuple(notes)

    def _counted(self, findings: ShadowFindings, state: QueueState) -> ShadowNight:
        shadow, people, live = findings.ruleset, findings.candidates, findings.live_flagged
        flagged = frozenset(person.tenancy_ref for person in people)
        return ShadowNight(
            as_of=state.as_of,
            ruleset_hash=shadow.hash,
            live_hash=self.live.hash,
            flagged=len(flagged),
            raised=len(plan_queue(people, (), state, shadow.queue).to_raise),
            entering=len(flagged - live),
            leaving=len(live - flagged),
        )


SHADOW_FAILED = "the rule set in the shadow could not be asked; the night itself is not affected"


def _flagged(detection: Detection, canary_patch: str) -> frozenset[str]:
    spoken = np.logical_or.reduce(list(detection.hits.values()))
    people = (detection.households["patch"] != canary_patch).to_numpy(dtype=bool)
    return frozenset(detection.households["household_ref"][spoken & people])
