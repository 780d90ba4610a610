"""What is usual, learned from a fixed baseline, and how far from it a night may be by chance.

Control charts (Shewhart 1931) for counts that vary more than chance alone would have them: the
variance is m + excess · m², that of a negative binomial (of a Poisson where there is no excess). A
share is its count among so many; as in Laney's p′ chart (Laney 2002) its limits do not shrink to
nothing because there are many to count. The limits allow for what so few nights can tell of the
usual. Nights of the baseline that are outside are taken out one by one, the worst first, as is the
custom for a first phase (Montgomery, Introduction to Statistical Quality Control, chapter 5): the
night that reads years of history at once is no measure of others.

The baseline is fixed. One that moved along would get used to whatever goes wrong slowly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, floor, fsum, lgamma, log, sqrt
from statistics import NormalDist, fmean

WEEKDAY_F = 4.0
"""Variance between weekdays over that within them: more comes of chance once in a hundred times."""
FEWEST_A_WEEKDAY = 3
TAKEN_OUT_AT_MOST = 0.25
SMOOTH_FROM = 200.0
"""From this mean on, quantiles are a gamma's of the same variance (Wilson–Hilferty), not a sum."""
HALF = 0.5
"""A count more than were seen: what has not come in a month may come yet (Jeffreys' prior)."""
LEAST_PART = 0.5
"""Stands for an empty bin: a logarithm of nought says nothing."""
BINS = 10


@dataclass(frozen=True, slots=True)
class Observed:
    """One night: how many, among how many. `out_of` is 0 for a plain count."""

    as_of: date
    count: int
    out_of: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What is usual, and from where to where a night may be by chance."""

    low: float
    centre: float
    high: float

    def hold(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Usual:
    """What a baseline has shown: the mean is the rate of the weekday times among how many it is.

    Plain counts may have a rate for each weekday. `excess` is the squared coefficient of variation
    beyond that of chance.
    """

    rates: tuple[float, ...]
    nights: tuple[int, ...]
    excess: float

    @property
    def is_by_weekday(self) -> bool:
        return len(set(self.rates)) > 1

    def variance(self, mean: float) -> float:
        return mean + self.excess * mean * mean

    def limits(self, night: Observed, sds: float) -> Limits:
        """For a night of this weekday, or among so many; `sds` as of a normal distribution."""
        day, among = night.as_of.weekday(), night.out_of or 1
        mean = self.rates[day] * among
        variance = self.variance(mean) * (1 + 1 / self.nights[day])
        low, high = count_limits(mean, variance, sds)
        highest = 1.0 if night.out_of else high / among
        centre = min(mean / among, highest)
        return Limits(min(low / among, centre), centre, min(high / among, highest))


def usual(baseline: Sequence[Observed], sds: float) -> Usual:
    """What is usual, from nights of which the outlying ones are taken out.

    Raises ValueError for a baseline without nights.
    """
    if not baseline:
        raise ValueError("expected at least one night to learn from")
    kept = list(baseline)
    while len(baseline) - len(kept) < floor(TAKEN_OUT_AT_MOST * len(baseline)):
        found = _learned(kept)
        worst = max(kept, key=lambda night: _distance(night, found))
        others = [night for night in kept if night is not worst]
        is_odd = not _learned(others).limits(worst, sds).hold(_value(worst))
        if not (is_odd or _distance(worst, found) > sds):
            return found
        kept = others
    return _learned(kept)


def count_limits(mean: float, variance: float, sds: float) -> tuple[int, int]:
    """The counts between which all but the two tails of `sds` lie.

    Negative binomial of this mean and variance; Poisson where the variance is no more than that.
    """
    if mean <= 0:
        return 0, 0
    tail = NormalDist().cdf(-sds)
    if mean >= SMOOTH_FROM:
        return _smooth(mean, max(variance, mean), -sds), _smooth(mean, max(variance, mean), sds)
    return _summed(mean, variance, tail), _summed(mean, variance, 1 - tail)


def moved(expected: Sequence[int], found: Sequence[int]) -> float:
    """The population stability index of two histograms over the same fine bins.

    Σ (f − e) · ln(f / e) over about ten bins that hold equal parts of what is expected. Up to 0.1
    is taken for nothing, more than 0.2 for a change (Siddiqi, Credit Risk Scorecards, 2006).
    Nought when either is empty. Raises ValueError for histograms of different bins.
    """
    if len(expected) != len(found):
        raise ValueError("expected histograms over the same bins")
    if not (sum(expected) and sum(found)):
        return 0.0
    ends = _merged(expected)
    parts = zip(_parts(expected, ends), _parts(found, ends), strict=True)
    return fsum((f - e) * log(f / e) for e, f in parts)


def is_odd_silence(usual_count: float, nights: int, odd: float) -> bool:
    """Whether so many nights of nothing would come by chance in less than `odd` of all cases."""
    return nights > 0 and exp(-usual_count * nights) < odd


def _learned(kept: Sequence[Observed]) -> Usual:
    by_day: dict[int, list[int]] = {}
    for night in kept:
        by_day.setdefault(night.as_of.weekday(), []).append(night.count)
    if not any(night.out_of for night in kept) and _differs_by_weekday(by_day):
        rates = tuple((sum(by_day[day]) + HALF) / len(by_day[day]) for day in range(7))
        nights = tuple(len(by_day[day]) for day in range(7))
        return Usual(rates, nights, _excess(kept, rates, free=len(kept) - 7))
    among = sum(night.out_of or 1 for night in kept)
    rates = ((sum(night.count for night in kept) + HALF) / among,) * 7
    return Usual(rates, (len(kept),) * 7, _excess(kept, rates, free=len(kept) - 1))


def _excess(kept: Sequence[Observed], rates: tuple[float, ...], free: int) -> float:
    """By moments: what the squares are beyond chance, for each square of the mean."""
    means = [rates[night.as_of.weekday()] * (night.out_of or 1) for night in kept]
    squares = fsum((night.count - mean) ** 2 for night, mean in zip(kept, means, strict=True))
    if free <= 0:
        return 0.0
    beyond = squares * len(kept) / free - fsum(means)
    return max(0.0, beyond / fsum(mean * mean for mean in means))


def _differs_by_weekday(by_day: Mapping[int, Sequence[int]]) -> bool:
    """One-way analysis of variance over the seven days, where each has been seen often enough."""
    if len(by_day) < 7 or min(map(len, by_day.values())) < FEWEST_A_WEEKDAY:
        return False
    everything = [count for counts in by_day.values() for count in counts]
    grand = fmean(everything)
    between = sum(len(c) * (fmean(c) - grand) ** 2 for c in by_day.values()) / 6
    within = sum((x - fmean(c)) ** 2 for c in by_day.values() for x in c) / (len(everything) - 7)
    return between > WEEKDAY_F * within


def _distance(night: Observed, found: Usual) -> float:
    """How far out a night is, measured in its own standard deviations."""
    among = night.out_of or 1
    mean = found.rates[night.as_of.weekday()] * among
    return abs(night.count - mean) / sqrt(found.variance(max(mean, 1.0)))


def _value(night: Observed) -> float:
    return night.count / night.out_of if night.out_of else float(night.count)


def _smooth(mean: float, variance: float, z: float) -> int:
    shape = mean * mean / variance
    root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))
    return round(mean * max(root, 0.0) ** 3)


def _summed(mean: float, variance: float, part: float) -> int:
    """The least count up to which at least `part` of the distribution lies."""
    total, count = 0.0, -1
    most = mean + 40 * sqrt(max(variance, mean)) + 40
    while total < part and count < most:
        count += 1
        total += _probability(count, mean, variance)
    return count


def _probability(count: int, mean: float, variance: float) -> float:
    if variance <= mean * (1 + 1e-9):
        return exp(count * log(mean) - mean - lgamma(count + 1))
    size = mean * mean / (variance - mean)
    chosen = lgamma(count + size) - lgamma(size) - lgamma(count + 1)
    return exp(chosen + size * log(size / (size + mean)) + count * log(mean / (size + mean)))


def _merged(expected: Sequence[int]) -> list[int]:
    """The end of each merged bin: fine bins joined until they hold a tenth."""
    ends, held, wanted = [], 0, sum(expected) / BINS
    for place, count in enumerate(expected):
        held += count
        if held >= wanted:
            ends.append(place + 1)
            held = 0
    return [*ends[:-1], len(expected)] if held < wanted / 2 else [*ends, len(expected)]


def _parts(histogram: Sequence[int], ends: Sequence[int]) -> list[float]:
    starts = [0, *ends[:-1]]
    held = [
        max(sum(histogram[start:end]), LEAST_PART) for start, end in zip(starts, ends, strict=True)
    ]
    return [count / sum(held) for count in held]
