"""Patterns of file names that find next month's file too, and no other table's."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePath

from redflags.analysis.profiling.value_shapes import shared_start

SHORTEST_START = 3


def patterns_for(files: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """As few patterns as fit all `files` and none of `others`; else the names themselves."""
    loose = tuple(dict.fromkeys(map(_without_numbers, files)))
    if len(loose) > 1 and (shared := _shared(files)):
        loose = (shared,)
    if any(_fits(other, pattern) for other in others for pattern in loose):
        return tuple(files)
    return loose


def _without_numbers(name: str) -> str:
    """`jobs_2026-11-03.csv` as `jobs_*.csv`; a single digit is part of the name."""
    return re.sub(r"\d{2,}(?:[-_. ]\d+)*(?=.*\.)", "*", name)


def _shared(files: Sequence[str]) -> str:
    start = shared_start(files)
    ends = {PurePath(name).suffix for name in files}
    return f"{start}*{ends.pop()}" if len(ends) == 1 and len(start) >= SHORTEST_START else ""


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name.casefold(), pattern.casefold())
