"""Days and times as people type them, read as London's; a ValueError says what to type."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from redflags.domain.clock import LONDON

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]\.?m\.?)?", re.IGNORECASE | re.ASCII)
_NO_DAY = "Enter a real date, for example 3 11 2026"
_NO_TIME = "Enter a real time, for example 9:30am or 16:15"
_EARLIEST, _LATEST = 1900, 2100


def day_of(typed: Sequence[str]) -> date:
    """The date of day, month and year (four digits)."""
    numbers = [_number(part) for part in typed[:3]]
    if len(numbers) < 3 or not _EARLIEST <= numbers[2] <= _LATEST:
        raise ValueError(_NO_DAY)
    try:
        return date(numbers[2], numbers[1], numbers[0])
    except ValueError:
        raise ValueError(_NO_DAY) from None


def moment_of(typed: Sequence[str]) -> datetime:
    """The London moment of day, month, year and time. Of an hour that came twice, the first."""
    day = day_of(typed)
    local = datetime.combine(day, time_of(typed[3] if len(typed) > 3 else ""), LONDON)
    if local.astimezone(UTC).astimezone(LONDON).time() != local.time():
        raise ValueError("There was no such time: the clocks went forward that night")
    return local


def time_of(typed: str) -> time:
    """``9:30am``, ``9am``, ``16:15`` or ``09:15``; ``4:15`` could be either and is asked about."""
    match = _TIME.fullmatch(typed.strip())
    if match is None or not (match[2] or match[3]):
        raise ValueError(_NO_TIME)
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1].lower()
    if not half and len(match[1]) == 1 and hour:
        raise ValueError("Say whether the time is am or pm, for example 9:30am")
    if half and not 1 <= hour <= 12:
        raise ValueError(_NO_TIME)
    try:
        return time(hour % 12 + (12 if half == "p" else 0) if half else hour, minute)
    except ValueError:
        raise ValueError(_NO_TIME) from None


def _number(part: str) -> int:
    if not (part.isascii() and part.isdigit() and len(part) <= 4):
        raise ValueError(_NO_DAY)
    return int(part)
