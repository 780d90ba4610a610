"""What comes to homes whoever lives there: storms, programmes, vandals, communal works, fires."""

import numpy as np

from redflags.simulation.estate import Estate
from redflags.simulation.events import NOBODY, Events, events_of, joined
from redflags.simulation.process import Surroundings
from redflags.simulation.span import DAYS_PER_YEAR, Floats, Ints, Span
from redflags.simulation.vocabulary import Cause, Topic, Wording

STORM_TOPICS = (Topic.ROOF, Topic.OUTSIDE, Topic.WINDOW, Topic.DOOR)
STORM_SHARES = (0.45, 0.33, 0.12, 0.10)
STORM_LASTS_DAYS = 2.5
PROGRAMMES_IN_BLOCKS = (Topic.FIRE_DOOR, Topic.NEW_WINDOWS, Topic.NEW_KITCHEN)
PROGRAMMES_IN_STREETS = (Topic.NEW_DOOR, Topic.NEW_WINDOWS, Topic.NEW_KITCHEN)
PROGRAMME_LASTS_DAYS = 9.0
VANDALISM_TOPICS = (Topic.DOOR, Topic.WINDOW, Topic.LOCK, Topic.BOARDING)
VANDALISM_SHARES = (0.45, 0.35, 0.10, 0.10)
VANDALISM_LASTS_DAYS = 2.0


def surrounding_events(
    estate: Estate, surroundings: Surroundings, span: Span, rng: np.random.Generator
) -> Events:
    """All events of blocks, patches and homes; who lives there is looked up later."""
    return joined(
        [
            _storms(estate, surroundings, span.days, rng),
            _programmes(estate, surroundings, span.days, rng),
            _vandalism(estate, surroundings, span.days, rng),
            _communal(estate, surroundings, span.days, rng),
            _fires(estate, surroundings, span.days, rng),
        ]
    )


def _storms(
    estate: Estate, surroundings: Surroundings, days: int, rng: np.random.Generator
) -> Events:
    """Each storm falls on a few patches at once."""
    storms = rng.poisson(surroundings.storms_per_year * days / DAYS_PER_YEAR)
    begins = rng.random(storms) * days
    patches = estate.patch[-1] + 1
    parts = [_nothing()]
    for begin in begins:
        hit_patch = rng.random(patches) < surroundings.storm_patch_share
        hit_patch[rng.integers(patches)] = True
        hit = hit_patch[estate.patch] & (rng.random(len(estate)) < surroundings.storm_home_share)
        home = np.flatnonzero(hit)
        day = begin + rng.random(len(home)) * STORM_LASTS_DAYS
        topic = rng.choice(STORM_TOPICS, size=len(home), p=STORM_SHARES)
        parts.append(events_of(home, NOBODY, day, topic, Wording.STORM, Cause.STORM))
    return joined(parts)


def _programmes(
    estate: Estate, surroundings: Surroundings, days: int, rng: np.random.Generator
) -> Events:
    """The same work in a whole block or street within days."""
    clusters = estate.cluster[-1] + 1
    works = rng.poisson(
        surroundings.programmes_per_cluster_year * days / DAYS_PER_YEAR, size=clusters
    )
    home, programme = _homes_of(estate, np.repeat(np.arange(clusters), works))
    begin = (rng.random(works.sum()) * days)[programme]
    choice = rng.integers(len(PROGRAMMES_IN_BLOCKS), size=works.sum())[programme]
    topic = np.where(
        estate.is_block[home],
        np.array(PROGRAMMES_IN_BLOCKS)[choice],
        np.array(PROGRAMMES_IN_STREETS)[choice],
    )
    day = begin + rng.random(len(home)) * PROGRAMME_LASTS_DAYS
    events = events_of(home, NOBODY, day, topic, Wording.PLAIN, Cause.PLANNED)
    return events.only(rng.random(len(home)) < surroundings.programme_home_share)


def _vandalism(
    estate: Estate, surroundings: Surroundings, days: int, rng: np.random.Generator
) -> Events:
    """A night's damage to several homes of a vandalised block."""
    blocks = np.unique(estate.cluster[estate.is_vandalised])
    nights = rng.poisson(surroundings.vandalism_per_block_year * days / DAYS_PER_YEAR, len(blocks))
    home, night = _homes_of(estate, np.repeat(blocks, nights))
    begin = (rng.random(nights.sum()) * days)[night]
    day = begin + rng.random(len(home)) * VANDALISM_LASTS_DAYS
    topic = rng.choice(VANDALISM_TOPICS, size=len(home), p=VANDALISM_SHARES)
    named = rng.random(len(home)) < surroundings.vandalism_named_share
    wording = np.where(named, Wording.VANDALISM, Wording.PLAIN)
    events = events_of(home, NOBODY, day, topic, wording, Cause.BLOCK_EVENT)
    return events.only(rng.random(len(home)) < surroundings.vandalism_home_share)


def _communal(
    estate: Estate, surroundings: Surroundings, days: int, rng: np.random.Generator
) -> Events:
    """Jobs of the whole block, booked to its first home as there is no other reference."""
    first_home: Ints = np.searchsorted(estate.cluster, np.arange(estate.cluster[-1] + 1))
    size = np.diff(np.append(first_home, len(estate)))
    per_home = surroundings.communal_per_home_year * days / DAYS_PER_YEAR
    expected = np.where(estate.is_block[first_home], size * per_home, 0.0)
    home = np.repeat(first_home, rng.poisson(expected))
    return _at_random(home, Topic.COMMUNAL, Cause.COMMUNAL, days, rng)


def _fires(
    estate: Estate, surroundings: Surroundings, days: int, rng: np.random.Generator
) -> Events:
    expected = np.full(len(estate), surroundings.fires_per_year * days / DAYS_PER_YEAR)
    home = np.repeat(np.arange(len(estate)), rng.poisson(expected))
    return _at_random(home, Topic.FIRE, Cause.FIRE, days, rng)


def _homes_of(estate: Estate, clusters: Ints) -> tuple[Ints, Ints]:
    """Every home of each listed cluster, and the place of that cluster in the list."""
    first: Ints = np.searchsorted(estate.cluster, clusters, side="left")
    size = np.searchsorted(estate.cluster, clusters, side="right") - first
    place = np.repeat(np.arange(len(clusters)), size)
    step = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    return first[place] + step, place


def _at_random(
    home: Ints, topic: Topic, cause: Cause, days: int, rng: np.random.Generator
) -> Events:
    day: Floats = rng.random(len(home)) * days
    return events_of(home, NOBODY, day, topic, Wording.PLAIN, cause)


def _nothing() -> Events:
    return events_of(
        np.zeros(0, dtype=np.int64), NOBODY, np.zeros(0), Topic.ROOF, Wording.PLAIN, Cause.STORM
    )
