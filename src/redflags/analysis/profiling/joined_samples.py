"""Two files that belong together: one has the home, the other the dates, sums or texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from redflags.analysis.profiling.column_profiles import ColumnKind, ColumnProfile
from redflags.analysis.profiling.reference_forms import overlap
from redflags.analysis.profiling.table_guesses import ColumnGuess, TableGuess, guess_as
from redflags.analysis.schemas import TABLES

LEAST_OVERLAP = 0.6
LEAST_ROWS = 3
_KEYS = (ColumnKind.REFERENCE, ColumnKind.INTEGER, ColumnKind.CODE, ColumnKind.TEXT)
_EVENTS = ("repairs", "lock_changes", "asb")
_NO_KEYS = frozenset({"property", "uprn", "tenancy", "status", "priority", "trade", "sor"})


@dataclass(frozen=True, slots=True)
class JoinGuess:
    """`main` with columns of `other`, found by `main_key` = `other_key`.

    Args:
        gives: canonical column → their column in `other`.
        is_parent: whether `other` has one row for each; else its rows are put together.
        orphans: distinct keys of `main` that `other` has not, and the other way round.
    """

    main: TableGuess
    other: TableGuess
    main_key: str
    other_key: str
    gives: dict[str, ColumnGuess]
    is_parent: bool
    orphans: tuple[int, int]


def guess_joins(guesses: Sequence[TableGuess]) -> list[JoinGuess]:
    """Joins that make a table whole or fuller; a sample is in one join at most."""
    found: list[JoinGuess] = []
    used: set[int] = set()
    candidates = [join for pair in permutations(guesses, 2) for join in _between(*pair)]
    for join in sorted(candidates, key=_worth, reverse=True):
        both = {id(join.main.sample), id(join.other.sample)}
        if not both & used:
            found.append(join)
            used |= both
    return found


def _between(main: TableGuess, other: TableGuess) -> Iterator[JoinGuess]:
    if main.sample.layout != other.sample.layout or main.sample.layout.kind != "delimited":
        return
    if not other.sample.has_header:
        return
    for name in (n for n in _EVENTS if n in (main.table.name, other.table.name)):
        mine, theirs = guess_as(TABLES[name], main), guess_as(TABLES[name], other)
        link = _link(mine, theirs)
        if link and (join := _join(mine, theirs, *link)):
            yield join


def _link(main: TableGuess, other: TableGuess) -> tuple[ColumnProfile, ColumnProfile] | None:
    """The two columns that hold the same references."""
    pairs = [
        (overlap(a.values, b.values), a.is_unique + b.is_unique, -n, (a, b))
        for n, (a, b) in enumerate((a, b) for a in _keys(main) for b in _keys(other))
        if a.is_unique or b.is_unique
    ]
    best = max(pairs, key=lambda pair: pair[:3], default=None)
    return best[3] if best and best[0] >= LEAST_OVERLAP else None


def _keys(guess: TableGuess) -> list[ColumnProfile]:
    return [
        profile
        for profile in guess.profiles
        if profile.kind in _KEYS
        and not profile.personal
        and len(profile.values) >= LEAST_ROWS
        and profile.best_meaning not in _NO_KEYS
        and profile.distinct >= 0.2 * len(profile.values)
    ]


def _join(
    main: TableGuess, other: TableGuess, mine: ColumnProfile, theirs: ColumnProfile
) -> JoinGuess | None:
    lacking = set(main.missing)
    gives = {name: g for name, g in other.columns.items() if name not in main.columns}
    gives = {name: g for name, g in gives.items() if g.profile.name != theirs.name}
    is_made_whole = bool(lacking) and lacking <= set(gives)
    own_key = main.columns.get(main.table.key[0])
    has_own_key = own_key is not None and own_key.profile.name != mine.name
    missed = (
        len(set(mine.values) - set(theirs.values)),
        len(set(theirs.values) - set(mine.values)),
    )
    if is_made_whole and theirs.is_unique and has_own_key:
        return JoinGuess(main, other, mine.name, theirs.name, gives, True, missed)
    fills = {name: g for name, g in gives.items() if name not in main.table.required_names}
    if not lacking and mine.is_unique and other.missing and fills:
        return JoinGuess(main, other, mine.name, theirs.name, fills, theirs.is_unique, missed)
    return None


def _worth(join: JoinGuess) -> tuple[bool, int, float]:
    """One that makes a table whole goes before one that makes it fuller."""
    is_needed = bool(join.main.missing)
    return is_needed, len(join.gives), -float(join.orphans[0])
