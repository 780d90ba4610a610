"""Whether the last night happened, and what it said: what an operator looks at each morning."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from redflags.domain.alert import Alert, AlertState
from redflags.domain.night import Night, NightOutcome

if TYPE_CHECKING:
    from redflags.adapters.store import QueueStore

GRACE_HOURS = 6
"""The night starts at 02:00; by six it is over or something is wrong."""
REVIEW_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Status:
    """Lines for the operator; `is_missing` when the last due night did not end well."""

    lines: tuple[str, ...]
    is_missing: bool


def read_status(queue: "QueueStore", now_london: datetime) -> Status:
    """Compare the run log with the night that should have been."""
    due = due_night(now_london)
    nights = queue.nights(due - timedelta(days=LOOK_BACK_DAYS))
    # a night run for a day to come says nothing about the one that is due
    today = now_london.date()
    good = [night for night in nights if night.outcome in GOOD and night.as_of <= today]
    latest = max((night.as_of for night in good), default=None)
    is_missing = latest is None or latest < due
    lines = [_missing(latest, due)] if is_missing else []
    last = queue.last_night()
    lines += _told(last) if last is not None else ["no night has run yet"]
    lines += _waiting(queue.alerts(), today)
    messages = queue.count_waiting_messages()
    if messages:
        lines.append(f"{messages} messages wait in the outbox")
    return Status(tuple(lines), is_missing)


GOOD = (NightOutcome.DONE, NightOutcome.PARTIAL)
LOOK_BACK_DAYS = 60


def due_night(now_london: datetime) -> date:
    """The latest night that should be over by now."""
    today = now_london.date()
    return today if now_london.hour >= GRACE_HOURS else today - timedelta(days=1)


def _missing(latest: date | None, due: date) -> str:
    never = f"there was no good one in {LOOK_BACK_DAYS} days"
    known = f"the last good one was {latest}" if latest else never
    return f"MISSING: no good night for {due}; {known}. Run `redflags night`"


def _told(night: Night) -> list[str]:
    lines = [
        f"last night: {night.as_of}, {night.outcome}, started {night.started_at_utc:%H:%M} UTC"
    ]
    if night.reason:
        lines.append(f"  because: {night.reason}")
    for source in night.sources:
        detail = f" ({source.message})" if source.message else ""
        lines.append(f"  source {source.source}: {source.status}{detail}")
    for table in night.tables:
        lines.append(
            f"  {table.table}: {table.read:,} read, {table.accepted:,} accepted, "
            f"{table.quarantined:,} quarantined, {table.replaced:,} replaced"
        )
    seconds = sum(night.stages.values())
    lines.append(f"  {seconds:.1f} seconds, model {night.model_version or 'none'}")
    return lines


def _waiting(alerts: list[Alert], today: date) -> list[str]:
    unread = [alert for alert in alerts if alert.state is AlertState.RAISED]
    late = [alert for alert in unread if today - alert.raised_on > REVIEW_WITHIN]
    lines = [f"{len(alerts)} alerts are open, {len(unread)} of them not yet claimed"]
    if late:
        lines.append(f"OVERDUE: {len(late)} alerts have waited more than two days for a reviewer")
    return lines
