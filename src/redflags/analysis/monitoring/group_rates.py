"""Whether a group is alerted, or visited in vain, more often than another (P18).

Groups are of homes, tenancies and areas; no protected characteristic of a household is ever known
here. What a landlord hands in about people is a share of an area, and tells of areas alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import exp, inf, log, sqrt
from statistics import NormalDist

from redflags.analysis.monitoring.confidence_intervals import Share

HALF = 0.5
"""Added to each count where one is nought, so that a ratio can be told (Haldane 1956)."""
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Group:
    """What happened to one group over a period.

    `alerted` are homes with an alert from detection; `need` and `no_concern` are its welfare checks
    by what they found. Checks whose outcome nobody knows are in neither.
    """

    name: str
    homes: int
    alerted: int = 0
    need: int = 0
    no_concern: int = 0

    @property
    def checks(self) -> int:
        return self.need + self.no_concern

    @property
    def alert_rate(self) -> Share:
        """Homes alerted among all; never more than all, where homes changed hands."""
        return Share(min(self.alerted, self.homes), self.homes)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as often `more` was checked in vain as `less`, for as many homes."""

    more: str
    less: str
    value: float
    low: float
    high: float


def unfair(groups: Sequence[Group], times: float, enough_checks: int) -> Ratio | None:
    """The greatest difference in checks without a concern that chance does not explain.

    Only groups with `enough_checks` are compared, each with each; the interval is wide enough for
    the number of comparisons (Bonferroni). None unless a ratio is at least `times` and its interval
    is above 1.
    """
    told = [group for group in groups if group.checks >= enough_checks and group.homes]
    pairs = len(told) * (len(told) - 1) // 2
    ratios = (rate_ratio(more, less, pairs) for more, less in permutations(told, 2))
    found = [ratio for ratio in ratios if ratio.value >= times and ratio.low > 1]
    return max(found, key=lambda ratio: (ratio.low, ratio.more), default=None)


def rate_ratio(more: Group, less: Group, comparisons: int = 1) -> Ratio:
    """Ratio of checks without a concern per home, with Katz's log interval (Katz et al. 1978)."""
    both = more.no_concern and less.no_concern
    add = 0.0 if both else HALF
    hits = (more.no_concern + add, less.no_concern + add)
    homes = (max(more.homes, 1) + add, max(less.homes, 1) + add)
    value = (hits[0] / homes[0]) / (hits[1] / homes[1])
    tail = (1 - CONFIDENCE) / 2 / max(comparisons, 1)
    variance = sum(1 / h - 1 / n for h, n in zip(hits, homes, strict=True))
    reach = NormalDist().inv_cdf(1 - tail) * sqrt(max(variance, 0.0))
    return Ratio(more.name, less.name, value, exp(log(value) - reach), exp(log(value) + reach))


@dataclass(frozen=True, slots=True)
class Ecological:
    """Alert rates of areas, weighted by how large a part of them a group is, and is not.

    It tells how areas with more of the group fare, and nothing of the households in it: within each
    area all of them may be somebody else (the ecological fallacy, Robinson 1950).
    """

    group: str
    areas: int
    with_group: Share
    without_group: Share

    @property
    def ratio(self) -> float:
        with_group, without = (
            share.value or 0.0 for share in (self.with_group, self.without_group)
        )
        return with_group / without if without else inf


def ecological(group: str, shares: Mapping[str, float], areas: Iterable[Group]) -> Ecological:
    """`shares` says, by area, which part of it belongs to `group` (0 to 1); others are left out."""
    known = [area for area in areas if area.name in shares]
    return Ecological(
        group,
        len(known),
        _weighted((shares[area.name], area) for area in known),
        _weighted((1 - shares[area.name], area) for area in known),
    )


def _weighted(areas: Iterable[tuple[float, Group]]) -> Share:
    weighed = list(areas)
    homes = round(sum(part * area.homes for part, area in weighed))
    alerted = round(sum(part * area.alerted for part, area in weighed))
    return Share(min(alerted, homes), homes)
