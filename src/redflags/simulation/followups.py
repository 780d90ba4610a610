"""What follows from other events: adaptations in a row, recalls, works that protect somebody."""

from dataclasses import dataclass, replace

import numpy as np

from redflags.simulation.episodes import Episodes
from redflags.simulation.estate import Estate
from redflags.simulation.events import Events, events_of
from redflags.simulation.households import Households
from redflags.simulation.process import Protection, Surroundings
from redflags.simulation.span import DAYS_PER_YEAR, Flags, Floats, Ints
from redflags.simulation.vocabulary import NOT_REPAIRS, Cause, Topic, Wording

SANCTUARY_TOPICS = (Topic.SECURITY, Topic.LOCK, Topic.DOOR)
SANCTUARY_SHARES = (0.6, 0.25, 0.15)
NEVER_RECALLED = (Topic.VISIT, Topic.COMMUNAL, *NOT_REPAIRS)


@dataclass(frozen=True)
class Cases:
    """Households with an open case: since which day, and whether works were ordered for them."""

    household: Ints
    opened: Floats
    has_works: Flags


def adaptation_events(
    estate: Estate,
    households: Households,
    surroundings: Surroundings,
    days: int,
    rng: np.random.Generator,
) -> Events:
    """Several jobs within weeks for households whose home is adapted."""
    begin, end = np.maximum(households.start, 0), np.minimum(households.stop, days)
    factor = np.where(estate.is_sheltered[households.home], surroundings.adaptations_sheltered, 1.0)
    expected = surroundings.adaptations_per_year * factor * (end - begin) / DAYS_PER_YEAR
    ordered = np.repeat(np.arange(len(households)), rng.poisson(expected))
    first = begin[ordered] + rng.random(len(ordered)) * (end - begin)[ordered]
    jobs = 1 + rng.poisson(surroundings.adaptation_jobs - 1, len(ordered))
    who, day = np.repeat(ordered, jobs), np.repeat(first, jobs)
    day = np.minimum(day + rng.random(len(who)) * 50, np.nextafter(end[who], 0))
    return events_of(
        households.home[who], who, day, Topic.ADAPTATION, Wording.PLAIN, Cause.ADAPTATION
    )


def recall_events(events: Events, share: float, rng: np.random.Generator) -> Events:
    """The same trade comes back for a share of the responsive jobs, within three weeks."""
    can_be = (events.cause <= Cause.BURGLARY) & ~np.isin(events.topic, NEVER_RECALLED)
    again = events.only(np.flatnonzero(can_be & (rng.random(len(events)) < share)))
    size = len(again)
    return replace(
        again,
        day=again.day + rng.uniform(1, 22, size),
        wording=np.full(size, Wording.RECALL),
        cause=np.full(size, Cause.RECALL),
    )


def open_cases(
    households: Households,
    episodes: Episodes,
    protection: Protection,
    days: int,
    rng: np.random.Generator,
) -> Cases:
    """Episodes somebody has recognised, and new tenants who moved away from one elsewhere."""
    known = rng.random(len(episodes)) < protection.open_case_share
    begin, end = np.maximum(episodes.onset, 0), np.minimum(episodes.stop, days)
    recognised = (begin + rng.random(len(episodes)) * (end - begin))[known]
    moved_in = (households.start >= 0) & (households.start < days)
    arrived = moved_in & (rng.random(len(households)) < protection.sanctuary_on_arrival_share)
    household = np.concatenate([episodes.household[known], np.flatnonzero(arrived)])
    opened = np.floor(np.concatenate([recognised, households.start[arrived]]))
    # one household may be recognised in two episodes: its case stays open from the first
    order = np.lexsort((opened, household))
    household, opened = household[order], opened[order]
    first = np.append(True, household[1:] != household[:-1])[: len(household)]
    household, opened = household[first], opened[first]
    return Cases(household, opened, rng.random(len(household)) < protection.sanctuary_share)


def sanctuary_events(
    households: Households, cases: Cases, protection: Protection, rng: np.random.Generator
) -> Events:
    """Locks, chains and letterboxes that the landlord ordered within two weeks of the case."""
    jobs = np.where(
        cases.has_works, 1 + rng.poisson(protection.sanctuary_jobs - 1, len(cases.household)), 0
    )
    who, opened = np.repeat(cases.household, jobs), np.repeat(cases.opened, jobs)
    day = opened + rng.random(len(who)) * 14
    day = np.minimum(day, np.nextafter(households.stop[who], 0))
    topic = rng.choice(SANCTUARY_TOPICS, size=len(who), p=SANCTUARY_SHARES)
    return events_of(households.home[who], who, day, topic, Wording.SANCTUARY, Cause.SANCTUARY)
