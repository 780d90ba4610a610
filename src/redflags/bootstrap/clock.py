"""The clock of this machine; everywhere else the time is an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""What time it is, in UTC, each time it is asked."""


def utc_now() -> datetime:
    return datetime.now(UTC)
