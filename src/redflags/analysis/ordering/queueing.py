"""Whom to put before a person tonight: pure, from candidates and what the queue already holds.

The plan of a second run for the same night is empty: what it raised before is open by then, its
capacity is spent, its sample is drawn.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from redflags.configuration.ruleset import Queue
from redflags.domain.alert import Evidence, Priority, Reason, Routing
from redflags.domain.outcome import Outcome
from redflags.domain.queue_state import ClosedAlert, OpenAlert, QueueState, SampledHousehold

GRAVE_ALONE = frozenset({"staff_concern", "homeless_presentation", "abandonment"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A household a rule spoke of, as it could be put before a person."""

    tenancy_ref: str
    property_ref: str
    patch: str
    score: float
    rank: int
    priority: Priority
    routing: Routing
    reasons: tuple[Reason, ...]
    beyond_capacity: bool = False

    @property
    def evidence(self) -> frozenset[Evidence]:
        return frozenset(item for reason in self.reasons for item in reason.evidence)

    @property
    def urgency(self) -> tuple[int, float, str]:
        """Sorts the most urgent first; the reference makes the order total."""
        return (-self.priority, -self.score, self.tenancy_ref)


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """What tonight changes in the queue."""

    to_raise: tuple[Candidate, ...]
    to_update: tuple[tuple[OpenAlert, Candidate], ...]
    sample: tuple[SampledHousehold, ...]
    waiting: int
    to_hand_over: tuple[OpenAlert, ...] = ()


def plan_queue(
    candidates: Sequence[Candidate],
    below_line: Sequence[SampledHousehold],
    state: QueueState,
    settings: Queue,
    protected: Collection[str] = (),
) -> QueuePlan:
    """Decide whom to raise, whose open alert grows, and who is sampled.

    Args:
        candidates: every household a rule spoke of, in any order.
        below_line: households no rule spoke of, oddest first.
        state: the queue as tonight finds it.
        settings: capacity, quiet period, sample.
        protected: households that are the specialist's alone by now.

    Specialist alerts and those a rule puts beyond capacity need no capacity tonight. A second run
    of the night counts the latter as spent all the same: it may raise fewer, never more.
    """
    ordered = sorted(candidates, key=lambda candidate: candidate.urgency)
    reviews = _latest_reviews(state)
    rested = state.as_of - timedelta(days=settings.quiet_days.value)
    quiet = {ref for ref, review in reviews.items() if review.closed_on > rested}
    eligible = [
        candidate
        for candidate in ordered
        if candidate.tenancy_ref not in state.open
        and candidate.tenancy_ref not in state.reviewed_later
        and _may_come_up(candidate, reviews.get(candidate.tenancy_ref), rested)
    ]
    raised = _within_capacity(eligible, settings.capacity_per_night.value - _spent(state), settings)
    growing = [
        (state.open[candidate.tenancy_ref], candidate)
        for candidate in ordered
        if candidate.tenancy_ref in state.open
    ]
    return QueuePlan(
        to_raise=tuple(raised),
        to_update=tuple(growing),
        sample=_sample(below_line, state, quiet, settings),
        waiting=len(eligible) - len(raised),
        to_hand_over=tuple(
            state.open[ref]
            for ref in sorted(state.open)
            if ref in protected and state.open[ref].routing is Routing.GENERAL
        ),
    )


def _spent(state: QueueState) -> int:
    return state.raised.get(Routing.GENERAL, 0)


def _latest_reviews(state: QueueState) -> dict[str, ClosedAlert]:
    in_order = sorted(state.closed, key=lambda closed: (closed.closed_on, closed.alert_id))
    return {closed.tenancy_ref: closed for closed in in_order}


def _may_come_up(candidate: Candidate, review: ClosedAlert | None, rested: date) -> bool:
    """A reviewed household comes up again only with a record nobody has looked at.

    A score that moved is no news. Within the quiet period (closed after `rested`) the news must
    also be grave: a sign that speaks for itself, words of force, fear or a partner, or enough to
    put the household higher than before. A watched household comes back with any newer record of
    the time it is watched (P21), and one that could not be reached with any at all: nobody has
    looked yet.
    """
    if review is None:
        return True
    unseen = {item for item in candidate.evidence if not item.is_among(review.evidence_keys)}
    if review.closed_on <= rested:
        return bool(unseen)
    news = {item for item in unseen if _came_after(item, review)}
    watched_until = review.watched_until or review.closed_on
    if any(review.closed_on < item.occurred_on <= watched_until for item in news):
        return True
    if review.outcome is Outcome.COULD_NOT_REACH or candidate.priority > review.priority:
        return bool(news)
    return any(item.signal in GRAVE_ALONE or item.tell for item in news)


def _came_after(item: Evidence, review: ClosedAlert) -> bool:
    """Whether a record is newer than the review, or was logged late about the days before it.

    A concern may be logged weeks after it was seen; other records are in within days.
    """
    return item.signal == "staff_concern" or item.occurred_on >= (
        review.raised_on or review.closed_on + timedelta(days=1)
    )


def _within_capacity(eligible: Sequence[Candidate], left: int, settings: Queue) -> list[Candidate]:
    """Those who need no capacity, then the most urgent, then those who have waited longest.

    `eligible` is in order of urgency; so is the answer. Part of the capacity is kept for households
    that the more urgent would pass over night after night.
    """
    free = [candidate for candidate in eligible if _needs_no_capacity(candidate)]
    others = [candidate for candidate in eligible if not _needs_no_capacity(candidate)]
    left = max(left, 0)
    kept = min(left, int(settings.capacity_per_night.value * settings.waiting_share.value))
    urgent, passed_over = others[: left - kept], others[left - kept :]
    longest = sorted(passed_over, key=_newest_record)[:kept]
    return sorted([*free, *urgent, *longest], key=lambda candidate: candidate.urgency)


def _needs_no_capacity(candidate: Candidate) -> bool:
    return candidate.beyond_capacity or candidate.routing is Routing.SPECIALIST


def _newest_record(candidate: Candidate) -> tuple[date, tuple[int, float, str]]:
    newest = max((item.occurred_on for item in candidate.evidence), default=date.min)
    return newest, candidate.urgency


def _sample(
    below_line: Sequence[SampledHousehold],
    state: QueueState,
    quiet: Collection[str],
    settings: Queue,
) -> tuple[SampledHousehold, ...]:
    if state.sampled:
        return ()
    reach = [
        household
        for household in below_line[: settings.sample_depth.value]
        if household.tenancy_ref not in state.open and household.tenancy_ref not in quiet
    ]
    draw = random.Random(f"{settings.random_state}/{state.as_of.isoformat()}")  # noqa: S311
    chosen = draw.sample(reach, min(settings.sample_size.value, len(reach)))
    return tuple(sorted(chosen, key=lambda household: household.rank))
