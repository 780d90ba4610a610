"""What runs where and when: which files need both databases, and which must start first."""

from pathlib import Path

ENGINES = ("sqlite", "postgresql")
SQLITE_ALONE: frozenset[str] = frozenset()
"""Files whose tests ask the database nothing that others do not ask both of."""
LONGEST: tuple[str, ...] = ()
"""The files that take longest, longest first: one that starts last keeps one worker alone."""


def engines_of(path: Path) -> tuple[str, ...]:
    """The databases on which the tests of one file run, each in turn."""
    return ENGINES[:1] if path.stem in SQLITE_ALONE else ENGINES


def longest_first(path: Path) -> int:
    """What files are sorted by; those that are not named keep their order."""
    return LONGEST.index(path.stem) if path.stem in LONGEST else len(LONGEST)
