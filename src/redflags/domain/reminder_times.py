"""When somebody is reminded that contact is due, and when it was missed."""

from datetime import datetime, timedelta
from enum import StrEnum


class ReminderKind(StrEnum):
    """Which reminder of one alert; each goes to one person once."""

    FIRST = "first"
    LAST = "last"
    MISSED = "missed"
    DANGER = "danger"
    """A colleague said that somebody may be in danger now: nobody waits for the daily message."""


def reminder_at(
    now: datetime, due_at_utc: datetime, first: timedelta, last: timedelta
) -> ReminderKind | None:
    """The reminder it is time for, `first` and `last` before contact is due; None when it is early.

    One that nobody wrote in its time is passed over for the next: two at once say no more than one.
    """
    if now >= due_at_utc:
        return ReminderKind.MISSED
    if now >= due_at_utc - last:
        return ReminderKind.LAST
    if now >= due_at_utc - first:
        return ReminderKind.FIRST
    return None
