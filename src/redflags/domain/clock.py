"""Time as the landlord reads it: moments are kept in UTC and spoken in London time.

Bank holidays are passed in, because which days are holidays is a fact of the year, not a rule.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
CONTACT_WITHIN = timedelta(hours=48)
"""Contact after recognising the signs (Bolsover 4.2): a promise of the policy, not a threshold."""


def london(utc: datetime) -> datetime:
    """The moment on a London clock. Raises ValueError when `utc` says no zone."""
    return _with_zone(utc).astimezone(LONDON)


def due_at(decided_at_utc: datetime) -> datetime:
    """When contact is due, in UTC: 48 hours on, nights, weekends and clock changes included."""
    return _with_zone(decided_at_utc).astimezone(UTC) + CONTACT_WITHIN


def end_of_day_utc(as_of: date) -> datetime:
    """The first moment, in UTC, that is no longer `as_of` in London; a night looks before it."""
    midnight = datetime.combine(as_of + timedelta(days=1), time.min, LONDON)
    return midnight.astimezone(UTC)


def spoken(utc: datetime) -> str:
    """The moment as people read it: ``Tuesday 3 November 2026, 4:15pm`` (London time)."""
    local = london(utc)
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    return f"{spoken_day(local.date())}, {hour}:{local.minute:02}{half}"


def spoken_day(day: date) -> str:
    """The day as people read it, in English on any machine: ``Friday 1 May 2026``."""
    return f"{_WEEKDAYS[day.weekday()]} {day_of_month(day)}"


def day_of_month(day: date) -> str:
    """The day without its weekday: ``1 May 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _with_zone(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("expected a moment with a time zone, got one without; use UTC")
    return moment


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
