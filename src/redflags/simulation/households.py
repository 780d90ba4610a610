"""The households: who lives where from when until when, what they are like, what they go through.

Tenancies follow one another at each home, with the home empty between them.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from redflags.simulation.episodes import Episodes, draw_episodes, joined_episodes
from redflags.simulation.estate import Estate
from redflags.simulation.process import Latents, Process, Turnover
from redflags.simulation.span import DAYS_PER_YEAR, Flags, Floats, Ints
from redflags.simulation.vocabulary import Leaving

BURN_IN_DAYS = 5 * 365
"""Episodes are drawn from this long before the span, so that its first day is like any other."""
SHORTEST_STAY_DAYS = 45
LONGEST_PAST_YEARS = 50.0
YEARS_AT_HOME_SHAPE, YEARS_AT_HOME_MEAN = 1.2, 9.5


@dataclass(frozen=True)
class Households:
    """One value per tenancy, in order of home, then start; lives there on days `start` up to, not
    including, `stop` (infinite: still there). The latent qualities have mean 1."""

    home: Ints
    start: Floats
    stop: Floats
    leaving: Ints
    demand: Floats
    wear: Floats
    noise: Floats

    def __len__(self) -> int:
        return len(self.home)

    def next_start(self, days: int) -> Floats:
        """When the home was let again after each tenancy; `days` when it was not."""
        following = np.append(self.start[1:], days)
        same_home = np.append(self.home[1:] == self.home[:-1], False)
        return np.where(same_home, following, days)


def settle(
    estate: Estate, process: Process, days: int, rng: np.random.Generator
) -> tuple[Households, Episodes]:
    """Fill every home for the span; episodes that the span does not see are left out."""
    home: Ints = np.arange(len(estate))
    start = _moved_in_before(len(estate), rng)
    tenancies, episodes, settled = [], [], 0
    while len(home):
        tenancy, suffered = _one_tenancy_each(estate, process, home, start, rng)
        tenancy = replace(tenancy, stop=np.where(tenancy.stop < days, tenancy.stop, np.inf))
        tenancies.append(tenancy)
        episodes.append(replace(suffered, household=suffered.household + settled))
        settled += len(home)
        home, start = _next_tenants(tenancy, process.turnover, days, rng)
    return _in_order(_joined(tenancies), _seen(joined_episodes(episodes), days), days)


def _moved_in_before(homes: int, rng: np.random.Generator) -> Floats:
    scale = YEARS_AT_HOME_MEAN / YEARS_AT_HOME_SHAPE
    years = np.minimum(rng.gamma(YEARS_AT_HOME_SHAPE, scale, homes), LONGEST_PAST_YEARS)
    return -np.floor(years * DAYS_PER_YEAR) - 1


def _one_tenancy_each(
    estate: Estate, process: Process, home: Ints, start: Floats, rng: np.random.Generator
) -> tuple[Households, Episodes]:
    """Tenancies that begin on `start`; each ends by itself or by the tenant's flight."""
    seen_from = np.maximum(start, 0)
    stay = rng.exponential(DAYS_PER_YEAR / process.turnover.ends_per_year, len(home))
    stop = np.floor(seen_from + np.maximum(stay, SHORTEST_STAY_DAYS))
    episodes = draw_episodes(
        process.episodes, np.maximum(start, -BURN_IN_DAYS), estate.is_sheltered[home], rng
    )
    flight = np.full(len(home), np.inf)
    np.minimum.at(flight, episodes.household, episodes.flight)
    flight = np.where(flight > seen_from, flight, np.inf)
    ways = _ways_to_leave(process.turnover, len(stop), rng)
    leaving = np.where(flight < stop, Leaving.ABANDONED, ways)
    stop = np.minimum(stop, flight)
    ends = np.minimum(episodes.stop, stop[episodes.household])
    episodes = replace(episodes, stop=ends).only(episodes.onset < ends)
    return Households(home, start, stop, leaving, *_qualities(process.latents, home, rng)), episodes


def _ways_to_leave(turnover: Turnover, size: int, rng: np.random.Generator) -> Ints:
    others = 1 - turnover.evicted_share - turnover.abandoned_share
    return rng.choice(
        [Leaving.MOVED, Leaving.EVICTED, Leaving.ABANDONED],
        size=size,
        p=[others, turnover.evicted_share, turnover.abandoned_share],
    )


def _qualities(latents: Latents, home: Ints, rng: np.random.Generator) -> list[Floats]:
    shapes = (latents.demand_shape, latents.wear_shape, latents.noise_shape)
    return [rng.gamma(shape, 1 / shape, len(home)) for shape in shapes]


def _next_tenants(
    tenancy: Households, turnover: Turnover, days: int, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    mean_gap = turnover.empty_mean_days / turnover.empty_shape
    gap = 3 + np.floor(rng.gamma(turnover.empty_shape, mean_gap, len(tenancy)))
    start = tenancy.stop + gap
    again: Flags = start < days
    return tenancy.home[again], start[again]


def _seen(episodes: Episodes, days: int) -> Episodes:
    return episodes.only((episodes.stop > 0) & (episodes.onset < days))


def _joined(parts: list[Households]) -> Households:
    names = [field.name for field in fields(Households)]
    return Households(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _in_order(households: Households, episodes: Episodes, days: int) -> tuple[Households, Episodes]:
    """Households by home and start, episodes by household and onset."""
    leaving = np.where(households.stop < days, households.leaving, Leaving.STAYS)
    households = replace(households, leaving=leaving)
    order = np.lexsort((households.start, households.home))
    columns = [getattr(households, name.name)[order] for name in fields(Households)]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    episodes = replace(episodes, household=place[episodes.household])
    return Households(*columns), episodes.only(np.lexsort((episodes.onset, episodes.household)))
