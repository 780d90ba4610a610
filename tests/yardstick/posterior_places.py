"""How likely a record came from outside the household: storm, vandals, a recall, a relet lock.

These come to many homes at once or follow another record, so their rate at a record depends on
what else is recorded nearby. Approximations, each small because a text that is there mostly says
so itself: one storm or one night of vandals at a time; neighbours' other records at the rates of
an ordinary household; recalls only of the household's own jobs.
"""

import numpy as np

from redflags.simulation.followups import NEVER_RECALLED
from redflags.simulation.history import History
from redflags.simulation.process import Surroundings
from redflags.simulation.span import DAYS_PER_YEAR, Flags, Floats, Ints
from redflags.simulation.surroundings import (
    STORM_LASTS_DAYS,
    STORM_SHARES,
    STORM_TOPICS,
    VANDALISM_LASTS_DAYS,
    VANDALISM_SHARES,
    VANDALISM_TOPICS,
)
from redflags.simulation.vocabulary import Topic, Wording
from yardstick.posterior_evidence import Evidence
from yardstick.posterior_rates import PAIRS, PairRates, pair_of

RECALL_FROM_DAYS, RECALL_UNTIL_DAYS = 1.0, 22.0
RELET_FROM_DAYS, RELET_UNTIL_DAYS = -4.0, 2.0
STARTS_TRIED = 16
"""Nights of vandals are tried at so many places before a record."""
NEVER_OTHERWISE = 1e-6
"""Records a day that say they are vandalism and are not."""
FAR_APART = 1 << 20


def outside_rates(history: History, evidence: Evidence, rates: PairRates) -> Floats:
    """Records a year, at each record's place and time, that would look as it does; (records,)."""
    rate = _storms(history, evidence) + _recalls(history, evidence) + _relets(history, evidence)
    _add_vandals(rate, history, evidence, rates)
    return rate


def _storms(history: History, evidence: Evidence) -> Floats:
    """A storm is about where a neighbour in the patch says so within its two and a half days."""
    surroundings = history.character.process.surroundings
    named = evidence.shows[:, [pair_of(topic, Wording.STORM) for topic in STORM_TOPICS]]
    looks = (named @ np.array(STORM_SHARES))[evidence.reading]
    says_so = (named.max(axis=1) == 1.0)[evidence.reading]
    place = history.estate.patch[evidence.home] * float(FAR_APART) + evidence.day
    heard = np.sort(place[says_so])
    about = np.searchsorted(heard, place + STORM_LASTS_DAYS) > np.searchsorted(
        heard, place - STORM_LASTS_DAYS
    )
    per_year = surroundings.storm_home_share / STORM_LASTS_DAYS * DAYS_PER_YEAR
    return np.where(about, looks * per_year, 0.0)


def _recalls(history: History, evidence: Evidence) -> Floats:
    """Each earlier job of the household may come back; what is recalled is the same topic."""
    share = history.character.process.surroundings.recall_share
    per_year = share / (RECALL_UNTIL_DAYS - RECALL_FROM_DAYS) * DAYS_PER_YEAR
    topic_of = _likeliest_topic(evidence)
    can_come_back = ~np.isin(topic_of, NEVER_RECALLED)
    topics = np.arange(len(Topic))
    looks = evidence.shows[:, topics * len(Wording) + Wording.RECALL]
    rate = np.zeros(len(evidence))
    unsure = np.flatnonzero(looks.max(axis=1)[evidence.reading] < 1.0)
    for lag in range(1, 6):
        parent = unsure - lag
        record, parent = unsure[parent >= 0], parent[parent >= 0]
        gap = evidence.day[record] - evidence.day[parent]
        follows = evidence.household[record] == evidence.household[parent]
        follows &= (gap >= RECALL_FROM_DAYS) & (gap < RECALL_UNTIL_DAYS) & can_come_back[parent]
        alike = looks[evidence.reading[record], topic_of[parent]]
        rate[record] += np.where(follows, alike * per_year, 0.0)
    return rate


def _likeliest_topic(evidence: Evidence) -> Ints:
    by_topic = evidence.shows.reshape(-1, len(Topic), len(Wording)).sum(axis=2)
    return np.asarray(np.argmax(by_topic, axis=1)[evidence.reading])


def _relets(history: History, evidence: Evidence) -> Floats:
    """The lock that every new tenancy gets, on one of six days about its start."""
    looks = evidence.shows[evidence.reading, pair_of(Topic.LOCK, Wording.RELET)]
    start = history.households.start[evidence.household]
    is_new = (start >= 0) & (evidence.day < start + RELET_UNTIL_DAYS)
    per_year = DAYS_PER_YEAR / (RELET_UNTIL_DAYS - RELET_FROM_DAYS)
    return np.where(is_new, looks * per_year, 0.0)


def vandal_pairs(surroundings: Surroundings) -> Floats:
    """Share of a night's records that are of each pair; (pairs,)."""
    share = np.zeros(PAIRS)
    for topic, of_topic in zip(VANDALISM_TOPICS, VANDALISM_SHARES, strict=True):
        named = of_topic * surroundings.vandalism_named_share
        share[pair_of(topic, Wording.VANDALISM)] = named
        share[pair_of(topic, Wording.PLAIN)] = of_topic - named
    return share


def _add_vandals(rate: Floats, history: History, evidence: Evidence, rates: PairRates) -> None:
    """In vandalised blocks: the chance of a night about, from what the block's others report."""
    surroundings = history.character.process.surroundings
    looks = (evidence.shows @ vandal_pairs(surroundings))[evidence.reading]
    otherwise = evidence.shows @ rates.background[0].sum(axis=0)
    per_day = np.maximum(otherwise[evidence.reading] / DAYS_PER_YEAR, NEVER_OTHERWISE)
    asked = np.flatnonzero(history.estate.is_vandalised[evidence.home] & (looks > 0))
    cluster = history.estate.cluster[evidence.home[asked]]
    asked = asked[np.lexsort((evidence.day[asked], cluster))]
    sizes = np.bincount(history.estate.cluster)
    density = surroundings.vandalism_home_share * looks / VANDALISM_LASTS_DAYS
    for rows in _runs(asked, history.estate.cluster[evidence.home[asked]]):
        size = int(sizes[history.estate.cluster[evidence.home[rows[0]]]])
        odds = density[rows] / per_day[rows]
        nights = _nights_about(evidence.home[rows], evidence.day[rows], odds, size, surroundings)
        rate[rows] += nights * density[rows] * DAYS_PER_YEAR


def _runs(rows: Ints, group: Ints) -> list[Ints]:
    """The rows of each group, where equal groups stand together."""
    return [part for part in np.split(rows, np.flatnonzero(np.diff(group)) + 1) if len(part)]


def _nights_about(
    home: Ints, day: Floats, odds: Floats, size: int, surroundings: Surroundings
) -> Floats:
    """Expected nights that cover each record, given the records of the block's other homes."""
    spared = 1 - surroundings.vandalism_home_share
    step = VANDALISM_LASTS_DAYS / STARTS_TRIED
    starts = day[:, None] - (np.arange(STARTS_TRIED) + 0.5) * step
    after = day[None, None, :] - starts[:, :, None]
    hit: Flags = (after >= 0) & (after < VANDALISM_LASTS_DAYS)
    hit &= (home[None, :] != home[:, None])[:, None, :]
    factor = np.where(hit, np.log((spared + odds) / spared), 0.0).sum(axis=2)
    log_ratio = factor + (size - 1) * np.log(spared)
    per_step = surroundings.vandalism_per_block_year / DAYS_PER_YEAR * step
    chance = (np.exp(log_ratio) * per_step).sum(axis=1)
    return np.asarray(chance / (1.0 + chance), dtype=np.float64)
