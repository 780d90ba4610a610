"""How long ago, and how long still, in words: people plan by these, so nothing is rounded up."""

from datetime import date, datetime, timedelta

from redflags.domain.alert_deadlines import is_overdue
from redflags.domain.clock import london
from redflags.web.shell.request_context import now

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


def age(day: date) -> str:
    """``today``, ``1 day``, ``12 days``: from `day` to today in London."""
    days = (london(now()).date() - day).days
    return "today" if days <= 0 else _counted(days, "day")


def time_left(until: datetime) -> str:
    """``1 day and 3 hours left``, ``20 minutes left``, ``5 hours late``."""
    left = until - now()
    return f"{_span(-left)} late" if is_overdue(until, now()) else f"{_span(left)} left"


def is_late(until: datetime | None) -> bool:
    """Whether it should have been done by now."""
    return is_overdue(until, now())


def _span(span: timedelta) -> str:
    """The two largest parts of it, of days, hours and minutes; seconds do not count."""
    seconds = int(span.total_seconds())
    if seconds < _MINUTE:
        return "less than a minute"
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    parts = [(days, "day"), (hours, "hour"), (rest // _MINUTE, "minute")]
    told = parts[:2] if days else parts[1:]
    return " and ".join(_counted(number, unit) for number, unit in told if number)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
