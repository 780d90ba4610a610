"""Days as people write them on the command line."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from redflags.errors import UsageError

LONDON = ZoneInfo("Europe/London")
FURTHEST_AHEAD_DAYS = 366


def parse_day(text: str | date) -> date:
    """A day as YYYY-MM-DD; anything else is wrong usage."""
    if isinstance(text, date):  # typer parses defaults too
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("expected a date as YYYY-MM-DD") from None


AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of", parser=parse_day, metavar="DATE", help="Day of the night; today if not given."
    ),
]
First = Annotated[date, typer.Option("--from", parser=parse_day, metavar="DATE")]
Last = Annotated[date, typer.Option("--to", parser=parse_day, metavar="DATE")]


def today() -> date:
    """The day it is in London."""
    return datetime.now(LONDON).date()


def night_day(as_of: date | None) -> date:
    """The day of a night that writes; a mistyped year would put every record past its keeping."""
    day = as_of or today()
    if day > today() + timedelta(days=FURTHEST_AHEAD_DAYS):
        raise UsageError(
            f"--as-of: expected a day up to a year from today, got {day}; correct the year"
        )
    return day


def past_day(as_of: date | None) -> date:
    """A day that is here; nights before the day of a model do without it."""
    day = as_of or today()
    if day > today():
        raise UsageError(f"--as-of: expected a day up to today, got {day}; correct it")
    return day


def days_of(option: str, text: str) -> timedelta:
    """``7d`` as a timedelta. Raises UsageError for anything else."""
    number = text.removesuffix("d")
    if text == number or not number.isdecimal() or int(number) < 1:
        raise UsageError(f"{option}: expected a number of days such as 1d or 7d, got {text}")
    return timedelta(days=int(number))
