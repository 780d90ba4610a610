"""The terms of each household's likelihood: its records with their rates, and its exposures."""

from dataclasses import dataclass

import numpy as np

from redflags.simulation.history import History
from redflags.simulation.span import DAYS_PER_YEAR, Floats, Ints, Span
from redflags.simulation.vocabulary import Driver
from yardstick.posterior_evidence import Evidence
from yardstick.posterior_places import outside_rates
from yardstick.posterior_rates import PairRates


@dataclass(frozen=True)
class Likelihood:
    """One value per record, in order of household and day: `household` (place among those asked),
    `day`, and rates a year at that place and time. A record's rate is

        chance + wear · its household's wear + noise · its household's noise

    and within an episode of a kind also severity · suffered + leaving, both (records, kinds).

    One value per household: the day it is watched from, the exposures of wear and noise (expected
    records were the quality 1) up to any day as `wear_per_busy_year` and the like, and how many
    records depend on each. `suffered_per_year` and `leaves_per_year` are (kinds,).
    """

    household: Ints
    day: Floats
    chance: Floats
    wear: Floats
    noise: Floats
    suffered: Floats
    leaving: Floats
    watched_from: Floats
    wear_per_busy_year: Floats
    noise_per_busy_year: Floats
    worn: Ints
    noisy: Ints
    suffered_per_year: Floats
    leaves_per_year: Floats
    span: Span

    def only(self, households: Ints) -> "Likelihood":
        """The same of some of the households, numbered anew; `households` ascends."""
        place = np.full(len(self.watched_from), -1)
        place[households] = np.arange(len(households))
        kept = np.flatnonzero(place[self.household] >= 0)
        return Likelihood(
            household=place[self.household[kept]],
            **{name: getattr(self, name)[kept] for name in PER_RECORD},
            **{name: getattr(self, name)[households] for name in PER_HOUSEHOLD},
            suffered_per_year=self.suffered_per_year,
            leaves_per_year=self.leaves_per_year,
            span=self.span,
        )

    def years_watched(self, days: Floats) -> Floats:
        """(households, days): years each household was watched up to each day."""
        return np.maximum(days[None, :] - self.watched_from[:, None], 0.0) / DAYS_PER_YEAR

    def busy_years(self, days: Floats) -> Floats:
        """The same, with busy months counting for more."""
        since = self.span.busy_time(self.watched_from)[:, None]
        return np.maximum(self.span.busy_time(days)[None, :] - since, 0.0)


PER_RECORD = ("day", "chance", "wear", "noise", "suffered", "leaving")
PER_HOUSEHOLD = ("watched_from", "wear_per_busy_year", "noise_per_busy_year", "worn", "noisy")


def likelihood_of(
    history: History, evidence: Evidence, rates: PairRates, asked: Ints
) -> Likelihood:
    """The terms of the households `asked`, from the records that tell an episode from none."""
    place = np.full(len(history.households) + 1, -1)  # the last is nobody's
    place[asked] = np.arange(len(asked))
    suffered = (evidence.shows @ rates.suffered.T)[evidence.reading]
    leaving = (evidence.shows @ rates.leaving.T)[evidence.reading]
    tells = (suffered + leaving).sum(axis=1) > 0
    kept = np.flatnonzero(tells & (place[evidence.household] >= 0))
    chance, wear, noise = _background(history, evidence, rates, kept)
    household = place[evidence.household[kept]]
    home = history.households.home[asked]
    sheltered = history.estate.is_sheltered[home].astype(np.int64)
    shapes = history.character.process.episodes.shapes
    return Likelihood(
        household=household,
        day=evidence.day[kept],
        chance=chance + outside_rates(history, evidence, rates)[kept],
        wear=wear,
        noise=noise,
        suffered=suffered[kept],
        leaving=leaving[kept],
        watched_from=np.maximum(history.households.start[asked], 0.0),
        wear_per_busy_year=rates.driven_per_year(Driver.WEAR)[sheltered]
        * history.estate.demand[home],
        noise_per_busy_year=rates.driven_per_year(Driver.NOISE)[sheltered]
        * history.estate.noise[home],
        worn=np.bincount(household[wear > 0], minlength=len(asked)),
        noisy=np.bincount(household[noise > 0], minlength=len(asked)),
        suffered_per_year=rates.suffered_per_year,
        leaves_per_year=np.array([shape.leaves_per_year for shape in shapes]),
        span=history.span,
    )


def _background(
    history: History, evidence: Evidence, rates: PairRates, kept: Ints
) -> tuple[Floats, Floats, Floats]:
    """Rates a year of the kept records by chance, and from wear and noise of quality 1."""
    estate = history.estate
    home, reading = evidence.home[kept], evidence.reading[kept]
    sheltered = estate.is_sheltered[home].astype(np.int64)
    of_readings = np.einsum("rp,sdp->srd", evidence.shows, rates.background)
    looks = of_readings[sheltered, reading] * _season(history, evidence.day[kept])[:, None]
    usual = _usual_demand(history, evidence, rates)[evidence.household[kept]]
    demanded = looks[:, Driver.DEMAND] * usual * estate.demand[home]
    return (
        looks[:, Driver.CHANCE] + demanded,
        looks[:, Driver.WEAR] * estate.demand[home],
        looks[:, Driver.NOISE] * estate.noise[home],
    )


def _season(history: History, day: Floats) -> Floats:
    """How busy each day's month is."""
    month = np.searchsorted(history.span.month_starts, day, side="right") - 1
    factors = history.span.month_factors
    return np.asarray(factors[np.clip(month, 0, len(factors) - 1)])


def _usual_demand(history: History, evidence: Evidence, rates: PairRates) -> Floats:
    """Mean demand of each household, given its everyday repairs; the last value is nobody's.

    It matters only for records of which neither text nor code is there.
    """
    households, size = history.households, len(history.households)
    by_driver = evidence.shows @ rates.background[0].T
    everyday = by_driver[:, Driver.DEMAND] > 0.5 * by_driver.sum(axis=1)
    jobs = np.bincount(evidence.household[everyday[evidence.reading]] + 1, minlength=size + 1)[1:]
    watched = history.span.busy_time(np.minimum(households.stop, history.span.days))
    watched = watched - history.span.busy_time(households.start)
    per_year = rates.driven_per_year(Driver.DEMAND)[0] * history.estate.demand[households.home]
    shape = history.character.process.latents.demand_shape
    return np.append((shape + jobs) / (shape + per_year * watched), 1.0)
