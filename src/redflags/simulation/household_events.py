"""What comes from the household: everyday wear, mishaps, reports, and the marks of episodes."""

import numpy as np

from redflags.simulation.episodes import Episodes
from redflags.simulation.estate import Estate
from redflags.simulation.events import Events, events_of, joined
from redflags.simulation.households import Households
from redflags.simulation.process import Process, Rate
from redflags.simulation.span import DAYS_PER_YEAR, Floats, Ints, Span
from redflags.simulation.vocabulary import Driver, Wording


def everyday_events(
    estate: Estate, households: Households, process: Process, span: Span, rng: np.random.Generator
) -> Events:
    """Background records of every household: Poisson with the season, given its latents."""
    lived_from, lived_until = span.busy_time(households.start), span.busy_time(households.stop)
    drivers = _drivers(estate, households)
    sheltered = estate.is_sheltered[households.home]
    parts = []
    for rate in process.background:
        factor = drivers[rate.driver] * np.where(sheltered, rate.sheltered, 1.0)
        who = _arrivals(rate.per_year * factor * (lived_until - lived_from), rng)
        place = lived_from[who] + rng.random(len(who)) * (lived_until - lived_from)[who]
        day = np.clip(span.day_of(place), 0, np.nextafter(span.days, 0))
        parts.append(_recorded(rate, households, who, day, rng))
    return joined(parts)


def episode_events(
    households: Households,
    episodes: Episodes,
    process: Process,
    span: Span,
    rng: np.random.Generator,
) -> Events:
    """What episodes add while they are active: Poisson at severity × strength, no season."""
    begin, end = np.maximum(episodes.onset, 0), np.minimum(episodes.stop, span.days)
    years = (end - begin) / DAYS_PER_YEAR * episodes.severity * process.strength
    parts = []
    for number, shape in enumerate(process.episodes.shapes):
        exposure = np.where(episodes.kind == number, years, 0.0)
        for rate in shape.rates:
            which = _arrivals(rate.per_year * exposure, rng)
            day = begin[which] + rng.random(len(which)) * (end - begin)[which]
            parts.append(_recorded(rate, households, episodes.household[which], day, rng))
    return joined(parts)


def _drivers(estate: Estate, households: Households) -> dict[Driver, Floats]:
    of_home = estate.demand[households.home]
    return {
        Driver.CHANCE: np.ones(len(households)),
        Driver.DEMAND: households.demand * of_home,
        Driver.WEAR: households.wear * of_home,
        Driver.NOISE: households.noise * estate.noise[households.home],
    }


def _arrivals(expected: Floats, rng: np.random.Generator) -> Ints:
    """Positions, each repeated as often as a Poisson draw with its expectation says."""
    return np.repeat(np.arange(len(expected)), rng.poisson(expected))


def _recorded(
    rate: Rate, households: Households, who: Ints, day: Floats, rng: np.random.Generator
) -> Events:
    tells = rng.random(len(who)) < rate.tell
    wording = np.where(tells, Wording.TELL, rate.wording)
    return events_of(households.home[who], who, day, rate.topic, wording, rate.cause)
