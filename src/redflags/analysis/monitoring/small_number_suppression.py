"""Which counts may be shown, so that none of the small ones can be worked out from the others.

A count up to `small` is never shown, nought included: "5 or fewer" is true of nought, and a nought
in one row would tell something of everybody in the others ("nobody declined, so all agreed"). What
is left could still give small counts away by subtraction. So more counts are held back until a
reader who knows every number shown, every sum and these very rules cannot do it any more (secondary
suppression; Willenborg & de Waal, Elements of Statistical Disclosure Control, 2001, chapter 4).

What holds of every table, whatever its numbers: a "5 or fewer" may still be any of one to five, and
a count that is held back has at least five candidates.

Which count is held back next depends on its place in the table and not on its size, so that the
choice says nothing about the numbers; whoever writes a table puts last what is missed least.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from redflags.errors import ConfigurationError

LEAST_LIMIT = 2
"""With a limit of one, a sum of two that is "more than one" would say that each of them is one."""

Bounds = tuple[float, float]


class Disclosure(StrEnum):
    """What is said of a count: itself, that it is small, that it is not small, or nothing."""

    SHOWN = "shown"
    SMALL = "small"
    HELD_BACK = "held_back"
    UNSAID = "unsaid"


def is_small(count: float, small: int) -> bool:
    """Whether a count by itself must not be shown, nought included."""
    return count <= small


def in_words(count: int, small: int) -> str:
    """A count that stands alone, in no sum: itself, or that it is small."""
    return at_most(small) if is_small(count, small) else f"{count:,}"


def at_most(limit: float) -> str:
    """What is said instead of a small number: ``5 or fewer``."""
    return f"{limit:,.0f} or fewer"


@dataclass(frozen=True, slots=True)
class Sum:
    """A count that is the sum of others, as any reader can tell from the table."""

    whole: str
    parts: tuple[str, ...]

    @property
    def counts(self) -> tuple[str, ...]:
        return (self.whole, *self.parts)


@dataclass(frozen=True, slots=True)
class DisclosedCount:
    """What a reader can know of a count: its mark, and the least and the most it can be."""

    disclosure: Disclosure
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        return self.disclosure is Disclosure.SHOWN


def suppress(
    counts: Mapping[str, int], sums: Sequence[Sum], small: int
) -> dict[str, DisclosedCount]:
    """What may be said of each of `counts`, small ones being those up to `small`.

    A name in `sums` that has no count is never published and may be anything. Two sums may share
    one count and must not go round in a circle: only then the bounds found here are exact, and no
    cleverer reader finds closer ones.

    Raises ConfigurationError when `small` is no limit that could be kept, ValueError when sums go
    round in a circle or do not add up.
    """
    if small < LEAST_LIMIT:
        raise ConfigurationError(
            [f"review.toml: quality.small_number: expected {LEAST_LIMIT} or more, got {small}"]
        )
    _refuse_circles(sums)
    _refuse_untrue(counts, sums)
    disclosures = {
        name: Disclosure.SMALL if is_small(n, small) else Disclosure.SHOWN
        for name, n in counts.items()
    }
    while True:
        bounds = _bounds(counts, disclosures, sums, small)
        given_away = _given_away(disclosures, bounds, small)
        if given_away is None:
            return {
                name: DisclosedCount(disclosure, *bounds[name])
                for name, disclosure in disclosures.items()
            }
        disclosures |= _said_less(given_away, disclosures, sums)


def _given_away(
    disclosures: Mapping[str, Disclosure], bounds: Mapping[str, Bounds], small: int
) -> str | None:
    """The first count that a reader can know too much of."""
    for name, disclosure in disclosures.items():
        low, high = bounds[name]
        if disclosure is Disclosure.SMALL and (low > 1 or high < small):
            return name
        if disclosure is Disclosure.HELD_BACK and high - low < small - 1:
            return name
    return None


def _said_less(
    given_away: str, disclosures: Mapping[str, Disclosure], sums: Sequence[Sum]
) -> dict[str, Disclosure]:
    """Hold back the nearest count that is still shown: the last part of a sum, else the sum.

    Where nothing is left to hold back, "small" and "not small" themselves say too much (six parts
    of five are as many as five parts of six), and nothing at all is said.
    """
    rings = list(_rings(given_away, sums))
    for ring in rings:
        parts = [name for item in ring for name in item.parts]
        wholes = [item.whole for item in ring]
        for name in (*reversed(parts), *reversed(wholes)):
            if disclosures.get(name) is Disclosure.SHOWN:
                return {name: Disclosure.HELD_BACK}
    joined = {name for ring in rings for item in ring for name in item.counts}
    return {name: Disclosure.UNSAID for name in disclosures if name in joined}


def _rings(start: str, sums: Sequence[Sum]) -> Iterator[list[Sum]]:
    """The sums a count is in, then the sums that share a count with those, and so on."""
    reached, left = {start}, list(sums)
    while ring := [item for item in left if not reached.isdisjoint(item.counts)]:
        yield ring
        left = [item for item in left if item not in ring]
        reached.update(name for item in ring for name in item.counts)


def _bounds(
    counts: Mapping[str, int],
    disclosures: Mapping[str, Disclosure],
    sums: Sequence[Sum],
    small: int,
) -> dict[str, Bounds]:
    """The least and the most each count can be, for who knows what is said and the sums."""
    bounds: dict[str, Bounds] = {name: (0, inf) for item in sums for name in item.counts}
    bounds |= {
        name: _said_of(counts[name], disclosure, small) for name, disclosure in disclosures.items()
    }
    is_news = True
    while is_news:
        before = dict(bounds)
        for item in sums:
            bounds |= _narrowed(item, bounds)
        is_news = bounds != before
    return bounds


def _said_of(count: int, disclosure: Disclosure, small: int) -> Bounds:
    match disclosure:
        case Disclosure.SHOWN:
            return count, count
        case Disclosure.SMALL:
            return 0, small
        case Disclosure.HELD_BACK:
            return small + 1, inf
        case Disclosure.UNSAID:
            return 0, inf


def _narrowed(item: Sum, bounds: Mapping[str, Bounds]) -> dict[str, Bounds]:
    """The bounds of one sum's counts, each in the light of the others."""
    lows, highs = zip(*(bounds[name] for name in item.parts), strict=True)
    whole_low, whole_high = bounds[item.whole]
    narrowed = {item.whole: (max(whole_low, sum(lows)), min(whole_high, sum(highs)))}
    for place, name in enumerate(item.parts):
        others_low = sum(lows[:place]) + sum(lows[place + 1 :])
        others_high = sum(highs[:place]) + sum(highs[place + 1 :])
        narrowed[name] = (
            max(lows[place], whole_low - others_high),
            min(highs[place], whole_high - others_low),
        )
    return narrowed


def _refuse_untrue(counts: Mapping[str, int], sums: Iterable[Sum]) -> None:
    """Who reasons from what is not true ends nowhere, or never."""
    for item in sums:
        parts = sum(counts.get(name, 0) for name in item.parts)
        is_open = any(name not in counts for name in item.parts)
        whole = counts.get(item.whole)
        if whole is not None and (parts > whole or (parts < whole and not is_open)):
            raise ValueError(f"expected parts that add up to {item.whole}, got others")


def _refuse_circles(sums: Iterable[Sum]) -> None:
    """Each sum must join counts that nothing has joined yet."""
    group_of: dict[str, set[str]] = {}
    for item in sums:
        joined: set[str] = set()
        for name in item.counts:
            group = group_of.get(name, {name})
            if not joined.isdisjoint(group):
                raise ValueError(f"expected sums without a circle, got one that closes at {name}")
            joined |= group
        group_of |= dict.fromkeys(joined, joined)
