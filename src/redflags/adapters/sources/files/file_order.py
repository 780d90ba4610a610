"""In which order the files of one table are taken, so that the newest state of a row stands.

The date in a name comes first, then the newest date in the file's rows, then numbers in the names,
then the time of change. What was used is told where names tell no date.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from itertools import groupby, pairwise
from pathlib import Path

from redflags.adapters.sources.files.dates_in_names import Told, dates_in

SAME_TIME_SECONDS = 2.0
NewestDate = Callable[[Path], date | None]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Files, oldest first; `again` were taken before and are younger than one that comes late."""

    files: tuple[Path, ...]
    again: frozenset[Path]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """What a file's place follows from; a file without a day goes first."""

    path: Path
    day: date | None
    is_of_first_pattern: bool
    changed: float

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(map(int, re.findall(r"\d+", self.path.name)))

    @property
    def skeleton(self) -> str:
        return re.sub(r"\d+", "#", self.path.name)


def in_order(
    files: Sequence[Path],
    patterns: Sequence[str],
    new: Collection[Path],
    newest_date: NewestDate,
) -> Ordered:
    """`newest_date` is asked only where several files are `new` and a name tells no date.

    Of files of one day those that fit the first pattern come first.
    """
    told = dict(zip(files, dates_in([path.name for path in files]), strict=True))
    undated = [path for path in new if told[path].day is None] if len(new) > 1 else []
    by_rows = {path: day for path in undated if (day := newest_date(path))}
    places = [_place(path, told[path], by_rows, patterns[0]) for path in files]
    places.sort(key=lambda place: (place.day or date.min, not place.is_of_first_pattern))
    notes = _how_undated(len(undated), len(by_rows))
    arranged: list[_Place] = []
    for _, group in groupby(places, key=lambda place: (place.day, place.is_of_first_pattern)):
        same_day = list(group)
        arranged += _within_a_day(same_day)
        notes += _how_within_a_day([place for place in same_day if place.path in new])
    again = _younger_than_new(told, new)
    if again:
        notes.append(
            f"a file is older than {len(again)} taken before, by their names; those were read "
            "again after it, so that what they say stands"
        )
    return Ordered(tuple(p.path for p in arranged), again, tuple(dict.fromkeys(notes)))


def _place(path: Path, told: Told, by_rows: Mapping[Path, date], first_pattern: str) -> _Place:
    changed = path.stat().st_mtime
    day = told.day or by_rows.get(path)
    if told.is_partial:
        day = told.nearest_to(day or datetime.fromtimestamp(changed, UTC).date())
    is_first = fnmatchcase(path.name.casefold(), first_pattern.casefold())
    return _Place(path, day, is_first, changed)


def _within_a_day(places: list[_Place]) -> list[_Place]:
    if len({place.skeleton for place in places}) == 1:
        return sorted(places, key=lambda place: (place.numbers, place.path.name))
    return sorted(places, key=lambda place: (place.changed, place.numbers, place.path.name))


def _younger_than_new(told: Mapping[Path, Told], new: Collection[Path]) -> frozenset[Path]:
    days = [day for path in new if (day := told[path].day)]
    return frozenset(
        path
        for path, said in told.items()
        if path not in new and days and said.day and said.day > min(days)
    )


def _how_undated(undated: int, with_rows: int) -> list[str]:
    if not with_rows:
        return []
    return [
        f"the names of {undated} files tell no whole date; their order is that of the newest date "
        "in their rows"
    ]


def _how_within_a_day(new: Sequence[_Place]) -> list[str]:
    if len({place.skeleton for place in new}) < 2:
        return []
    times = sorted(place.changed for place in new)
    if any(later - earlier < SAME_TIME_SECONDS for earlier, later in pairwise(times)):
        return [
            f"the order of {len(new)} files cannot be known: neither their names nor their rows "
            "nor their times of change tell it, and an older state of a row may stand; name them "
            "with a date, such as 2026-11-05"
        ]
    return [
        f"the names of {len(new)} files tell no order; they were taken in the order of their times "
        "of change: name them with a date, such as 2026-11-05"
    ]
