"""The queue after a night: alerts, sample, homes, canary check and message, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from redflags.analysis.ordering.queueing import Candidate, plan_queue
from redflags.domain.alert import Routing
from redflags.domain.queue_state import QueueState
from redflags.services.intake.ingested import Ingested
from redflags.services.night.current_homes import current_homes
from redflags.services.night.daily_message import daily_message
from redflags.services.night.night_dependencies import NightDependencies
from redflags.services.night.night_summary import AlertCounts
from redflags.services.night.raise_alerts import Raising
from redflags.services.night.score_night import Scored

NIGHT = "night"
UNKNOWN = (
    "who is protected could not be read and was never known, so every new alert of this night is "
    "the specialist's alone"
)


@dataclass(frozen=True)
class Queued:
    """How the queue changed, and whether the canary was among those a rule spoke of."""

    alerts: AlertCounts = field(default_factory=AlertCounts)
    canary_raised: bool = False
    notes: tuple[str, ...] = ()


def queue_night(
    dependencies: NightDependencies, as_of: date, ingested: Ingested, scored: Scored
) -> Queued:
    """Change the queue in one transaction, for all to see or for nobody."""
    now, canary_patch = dependencies.now(), dependencies.canary_patch
    unknown = _protected_is_unknown(dependencies, ingested)
    canaries = [c for c in scored.candidates if c.patch == canary_patch]
    people = [c for c in scored.candidates if c.patch != canary_patch]
    if unknown:
        people = [replace(candidate, routing=Routing.SPECIALIST) for candidate in people]
    homes = current_homes(scored.detection, canary_patch, scored.protected, unknown)
    with dependencies.queue.queue_transaction(as_of, NIGHT, now) as queue:
        state = queue.state(as_of)
        settings = dependencies.ruleset.queue
        plan = plan_queue(people, scored.below_line, state, settings, scored.protected)
        alerts = _raising(dependencies, scored, as_of, now).write(queue, plan, len(state.open))
        queue.publish_homes(homes)
        queue.record_canary(as_of, bool(canaries), _sentence(canaries))
        queue.enqueue_message(
            daily_message(as_of, dependencies.team_address, dependencies.review_url)
        )
    notes = ([UNKNOWN] if unknown else []) + _households_that_left(scored, state)
    return Queued(
        alerts, bool(canaries), (*notes, *dependencies.shadow.count(scored.shadow, state))
    )


def _protected_is_unknown(dependencies: NightDependencies, ingested: Ingested) -> bool:
    """Who is protected was refused tonight, and was never known before: all are, then."""
    is_known = dependencies.records.totals()["protected"] > 0
    return not is_known and "protected" in ingested.refused_tables


def _households_that_left(scored: Scored, state: QueueState) -> list[str]:
    current = set(scored.detection.households["household_ref"])
    left = sum(ref not in current for ref in state.open)
    words = f"{left} open alerts are about households that have left; a visit meets others"
    return [words] if left else []


def _raising(
    dependencies: NightDependencies, scored: Scored, as_of: date, now: datetime
) -> Raising:
    return Raising(
        as_of,
        now,
        dependencies.ruleset,
        dependencies.signals_hash,
        scored.detection.model_version,
        dependencies.review.times.look_within,
        dependencies.alert_id,
        dependencies.records.sealed_texts,
    )


def _sentence(canaries: Sequence[Candidate]) -> str:
    return canaries[0].reasons[0].sentence if canaries else ""
