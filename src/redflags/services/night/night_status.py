"""Whether the last night happened, and what it said: what an operator looks at each morning."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from redflags.domain.night import GOOD, Night
from redflags.domain.queue_state import Standing
from redflags.services.intake.told_counts import (
    has_collapsed,
    kept_words,
    rows_of_source,
    saw_nobody,
)
from redflags.services.night.reminder_message import nobody_told
from redflags.services.ports import RunHistory

GRACE_HOURS = 6
"""The night starts at 02:00; by six it is over or something is wrong."""


@dataclass(frozen=True, slots=True)
class Status:
    """Lines for the operator; `is_missing` when the last due night did not end well."""

    lines: tuple[str, ...]
    is_missing: bool


def read_status(queue: RunHistory, standing: Standing, now_london: datetime) -> Status:
    """Compare the run log with the night that should have been, and say how the queue stands."""
    due = due_night(now_london)
    nights = queue.nights(due - timedelta(days=LOOK_BACK_DAYS))
    # a night run for a day to come says nothing about the one that is due
    today = now_london.date()
    good = [night for night in nights if _is_good(night) and night.as_of <= today]
    latest = max((night.as_of for night in good), default=None)
    is_missing = latest is None or latest < due
    lines = [_missing(latest, due)] if is_missing else []
    last = queue.last_night()
    collapsed = last is not None and has_collapsed(last) and last.as_of <= today
    lines += [COLLAPSED] if collapsed else []
    lines += _told(last) if last is not None else ["no night has run yet"]
    lines += _noted(last)
    lines += _waiting(standing)
    messages = queue.count_waiting_messages()
    if messages:
        lines.append(f"{messages} messages wait in the outbox")
    return Status(tuple(lines), is_missing or collapsed)


LOOK_BACK_DAYS = 60
COLLAPSED = "COLLAPSED: the last night saw far less than the one before, and did not go on"


def _is_good(night: Night) -> bool:
    return night.outcome in GOOD and not saw_nobody(night)


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
        lines += [f"    {rows}" for rows in rows_of_source(night, source.source)]
    for table in night.tables:
        lines.append(
            f"  {table.table}: {table.read:,} read, {table.accepted:,} accepted, "
            f"{table.quarantined:,} quarantined, {table.replaced:,} replaced"
            f"{kept_words(night, table.table)}"
        )
    seconds = sum(night.stages.values())
    lines.append(f"  {seconds:.1f} seconds, model {night.model_version or 'none'}")
    return lines


def _noted(night: Night | None) -> list[str]:
    """What the last night said of itself: what was absent, which model was used, what is odd."""
    notes = night.counts.get("notes", ()) if night is not None else ()
    return [f"  {note}" for note in notes] if isinstance(notes, list) else []


def _waiting(queue: Standing) -> list[str]:
    lines = [f"{queue.open:,} alerts are open, {queue.unclaimed:,} of them not yet claimed"]
    if queue.look_overdue:
        late = f"{queue.look_overdue:,} alerts have waited too long for somebody to look at them"
        lines.append(f"OVERDUE: {late}")
    if queue.contact_overdue:
        late = f"{queue.contact_overdue:,} welfare checks are past their 48 hours without contact"
        lines.append(f"OVERDUE: {late}")
    return [*nobody_told(queue.unseen), *lines]
