"""What has to happen whether or not anybody acts: done each minute, by any process, at any time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from redflags.errors import RedflagsError

Chore = Callable[[datetime], int]
"""Does something that is due by then, in a transaction of its own; how many of it there were."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """How much each chore did, and why those that failed did: in words without data."""

    done: Mapping[str, int]
    failed: Mapping[str, str]


def tidy(chores: Mapping[str, Chore], now: datetime) -> Tidied:
    """Do every chore in turn; one that fails does not keep the others from being done.

    Chores are safe to run by several processes at once: what one has done, the next finds done.
    """
    done: dict[str, int] = {}
    failed: dict[str, str] = {}
    for name, chore in chores.items():
        try:
            done[name] = chore(now)
        except RedflagsError as error:
            failed[name] = str(error)
        except Exception as error:  # its text may quote a row
            failed[name] = type(error).__name__
    return Tidied(done, failed)
