"""What a night does besides its own work: it leaves its facts, and asks the rule set in the shadow.

Neither may cost the night anything: whatever fails here becomes a note for the operator. What the
shadow flags is counted and forgotten; no reviewer ever sees it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
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


@dataclass
class ShadowEvaluation:
    """One night's facts and shadow; `scored` comes before `queued`.

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
    _shadow: RuleSet | None = None
    _live_flagged: frozenset[str] = frozenset()
    _people: list[Candidate] = field(default_factory=list)

    def scored(self, detection: Detection, protected: Collection[str], as_of: date) -> list[str]:
        """Leave the night's facts and ask the shadow; notes of what failed."""
        notes: list[str] = []
        with noting_failure(notes, "the night's numbers for trying other thresholds were not kept"):
            facts = (self.live, as_of, protected, self.canary_patch, self.pseudonym)
            self.keep(night_facts(detection, *facts))
        with noting_failure(notes, SHADOW_FAILED):
            self._live_flagged = _flagged(detection, self.canary_patch)
            self._ask_shadow(as_of)
        return notes

    def _ask_shadow(self, as_of: date) -> None:
        found = self.find_shadow()
        if found is None:
            return
        shadow, models = found
        detection = detect(
            self.records.count(as_of, shadow),
            shadow,
            as_of,
            self.confirmed(as_of),
            self.canary_patch,
            lambda matrix, eligible: models.for_score(matrix, eligible, as_of),
        )
        everybody = candidates(detection, shadow, self.records, as_of)
        self._people = [c for c in everybody if c.patch != self.canary_patch]
        self._shadow = shadow

    def queued(self, state: QueueState) -> list[str]:
        """Count what the shadow would have done to the queue as the night found it."""
        notes: list[str] = []
        if self._shadow is not None:
            with noting_failure(notes, SHADOW_FAILED):
                self.note(self._counted(self._shadow, state))
        return notes

    def _counted(self, shadow: RuleSet, state: QueueState) -> ShadowNight:
        flagged = frozenset(person.tenancy_ref for person in self._people)
        return ShadowNight(
            as_of=state.as_of,
            ruleset_hash=shadow.hash,
            live_hash=self.live.hash,
            flagged=len(flagged),
            raised=len(plan_queue(self._people, (), state, shadow.queue).to_raise),
            entering=len(flagged - self._live_flagged),
            leaving=len(self._live_flagged - flagged),
        )


SHADOW_FAILED = "the rule set in the shadow could not be asked; the night itself is not affected"


def _flagged(detection: Detection, canary_patch: str) -> frozenset[str]:
    spoken = np.logical_or.reduce(list(detection.hits.values()))
    people = (detection.households["patch"] != canary_patch).to_numpy(dtype=bool)
    return frozenset(detection.households["household_ref"][spoken & people])
