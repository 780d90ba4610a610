"""How often each kind of record comes, with and without an episode: the process as arrays.

A kind of record is a pair of topic and wording, numbered `pair_of(topic, wording)`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from redflags.simulation.process import Process, Rate
from redflags.simulation.span import Floats
from redflags.simulation.turnover_events import NOTICED_SHARE
from redflags.simulation.vocabulary import Driver, Topic, Wording

PAIRS = len(Topic) * len(Wording)


def pair_of(topic: int, wording: int) -> int:
    return topic * len(Wording) + wording


@dataclass(frozen=True)
class PairRates:
    """Records per household and year of each pair.

    `background` is (2, drivers, pairs): first outside, then in sheltered homes. `suffered` is
    (kinds of episode, pairs), at severity 1; `leaving` is the same for what a tenant's flight
    leaves behind, which severity does not multiply.
    """

    background: Floats
    suffered: Floats
    leaving: Floats

    @property
    def suffered_per_year(self) -> Floats:
        """All records of each kind of episode a year, at severity 1."""
        return np.asarray(self.suffered.sum(axis=1), dtype=np.float64)

    def driven_per_year(self, driver: Driver) -> Floats:
        """All background records of one driver a year, outside and in sheltered homes."""
        return np.asarray(self.background[:, driver].sum(axis=1), dtype=np.float64)


def pair_rates(process: Process) -> PairRates:
    """The rates of `process`, its strength included."""
    shapes = process.episodes.shapes
    background = np.zeros((2, len(Driver), PAIRS))
    for rate in process.background:
        for pair, per_year in _split(rate):
            background[0, rate.driver, pair] += per_year
            background[1, rate.driver, pair] += per_year * rate.sheltered
    suffered, leaving = np.zeros((2, len(shapes), PAIRS))
    for kind, shape in enumerate(shapes):
        for rate in shape.rates:
            for pair, per_year in _split(rate):
                suffered[kind, pair] += per_year * process.strength
    abandoned = pair_of(Topic.CONCERN, Wording.ABANDONED)
    leaving[:, abandoned] = [NOTICED_SHARE * shape.leaves_per_year for shape in shapes]
    ends = process.turnover.ends_per_year * process.turnover.abandoned_share
    background[:, Driver.CHANCE, abandoned] = NOTICED_SHARE * ends
    return PairRates(background, suffered, leaving)


def _split(rate: Rate) -> Iterator[tuple[int, float]]:
    """The pairs of one rate: what looks like any other record, and what tells."""
    yield pair_of(rate.topic, rate.wording), rate.per_year * (1 - rate.tell)
    yield pair_of(rate.topic, Wording.TELL), rate.per_year * rate.tell
