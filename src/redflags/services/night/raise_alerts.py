"""Writes what a night decided: alerts raised and grown, each with its texts and its time to look.

Everything here happens inside the queue's transaction.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from redflags.analysis.ordering.queueing import Candidate, QueuePlan
from redflags.configuration.ruleset import RuleSet
from redflags.domain.alert import Alert, AlertState, Evidence, EvidenceKey, Priority
from redflags.services.night.night_summary import AlertCounts
from redflags.services.ports import LockedQueue


@dataclass(frozen=True)
class Raising:
    """One night at the queue: what is frozen on its alerts, and where their texts come from.

    `look_within` says how soon a person should look, by the name of a priority.
    """

    as_of: date
    now: datetime
    ruleset: RuleSet
    signals_hash: str
    model_version: str
    look_within: Callable[[str], timedelta]
    alert_id: Callable[[str, date], str]
    sealed_texts: Callable[[Collection[EvidenceKey]], Mapping[EvidenceKey, bytes]]

    def write(self, queue: LockedQueue, plan: QueuePlan, open_before: int) -> AlertCounts:
        """Change the queue as planned; how it changed. Nothing is written twice."""
        raised = self._raise(queue, plan)
        grown = self._grow(queue, plan)
        self._keep_texts(queue, raised | grown)
        for alert in plan.to_hand_over:
            queue.hand_to_specialist(alert.alert_id)
        queue.record_sample(self.as_of, plan.sample)
        return AlertCounts(len(raised), len(grown), open_before + len(raised), plan.waiting)

    def _raise(self, queue: LockedQueue, plan: QueuePlan) -> dict[str, Candidate]:
        alerts = [(self._alert(candidate), candidate) for candidate in plan.to_raise]
        return {
            alert.alert_id: candidate for alert, candidate in alerts if queue.raise_alert(alert)
        }

    def _grow(self, queue: LockedQueue, plan: QueuePlan) -> dict[str, Candidate]:
        return {
            known.alert_id: candidate
            for known, candidate in plan.to_update
            if queue.add_evidence(
                known.alert_id,
                candidate.reasons,
                candidate.priority,
                candidate.score,
                self.as_of,
                self._look_by(candidate.priority),
            )
        }

    def _keep_texts(self, queue: LockedQueue, changed: Mapping[str, Candidate]) -> None:
        kept = {alert_id: self._recent(candidate) for alert_id, candidate in changed.items()}
        texts = self.sealed_texts({item.key for items in kept.values() for item in items})
        for alert_id, items in kept.items():
            queue.keep_texts(alert_id, items, texts)

    def _recent(self, candidate: Candidate) -> list[Evidence]:
        """Records young enough that their text may be kept."""
        since = self.as_of - timedelta(days=self.ruleset.retention.text_days.value)
        return [item for item in candidate.evidence if item.occurred_on >= since]

    def _look_by(self, priority: Priority) -> datetime:
        return self.now + self.look_within(priority.label)

    def _alert(self, candidate: Candidate) -> Alert:
        return Alert(
            alert_id=self.alert_id(candidate.tenancy_ref, self.as_of),
            tenancy_ref=candidate.tenancy_ref,
            raised_on=self.as_of,
            priority=candidate.priority,
            score=candidate.score,
            state=AlertState.RAISED,
            ruleset_hash=self.ruleset.hash,
            signals_hash=self.signals_hash,
            model_version=self.model_version,
            property_ref=candidate.property_ref,
            patch=candidate.patch,
            routing=candidate.routing,
            reasons=candidate.reasons,
            look_by_at_utc=self._look_by(candidate.priority),
        )
