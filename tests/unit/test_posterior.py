"""The posterior chance of an active episode: calibrated, and better than any simpler order."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from builders.simulation import a_history, the_city, with_strength
from redflags.simulation import ASSOCIATION, CITY, DISTRICT, History, records_of
from redflags.simulation.span import Flags, Floats
from redflags.simulation.vocabulary import Topic, Wording
from yardstick.posterior import Fineness, Posterior, posterior_nights, posterior_tonight
from yardstick.posterior_evidence import evidence_of
from yardstick.posterior_rates import pair_of

WEEK = Fineness(step_days=7.0, last_step_days=7.0, spare_points=2)


@cache
def the_posterior() -> Posterior:
    return posterior_tonight(*the_city())


def is_active(history: History, day: float) -> Flags:
    """Households with an active episode on the day that ends at `day`."""
    active = np.zeros(len(history.households), dtype=np.bool_)
    on_day = (history.episodes.onset < day) & (history.episodes.stop >= day)
    active[history.episodes.household[on_day]] = True
    return active


def truth(history: History, posterior: Posterior) -> Flags:
    return is_active(history, history.span.days)[posterior.household]


@pytest.mark.slow
def test_of_households_with_a_chance_that_share_is_active() -> None:
    history, _ = the_city()
    chance, active = the_posterior().last, truth(history, the_posterior())
    bins = np.digitize(chance, [0.003, 0.006, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95])

    off = [
        (active[bins == number].sum() - chance[bins == number].sum())
        / np.sqrt((chance * (1 - chance))[bins == number].sum())
        for number in np.unique(bins)
    ]

    assert len(off) > 9
    assert np.abs(off).max() < 3.5
    assert float(np.mean(np.square(off))) < 2.0


@pytest.mark.slow
def test_all_chances_together_are_the_number_of_active_households() -> None:
    history, _ = the_city()
    chance, active = the_posterior().last, truth(history, the_posterior())

    assert abs(active.sum() - chance.sum()) < 3 * np.sqrt((chance * (1 - chance)).sum())


def records_in_last_year(history: History, counts: Callable[[History], Flags]) -> Floats:
    events = history.events
    recent = counts(history) & (events.day >= history.span.days - 365) & (events.household >= 0)
    return np.bincount(events.household[recent], minlength=len(history.households))


SIMPLER_ORDERS: dict[str, Callable[[History], Flags]] = {
    "records": lambda history: history.events.topic >= 0,
    "tells": lambda history: history.events.wording == Wording.TELL,
    "signs": lambda history: np.isin(
        history.events.topic, [Topic.LOCK, Topic.INSIDE, Topic.SECURITY, Topic.CONCERN]
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("order", SIMPLER_ORDERS)
def test_it_beats_a_simpler_order(order: str) -> None:
    history, _ = the_city()
    active = truth(history, the_posterior())
    counted = records_in_last_year(history, SIMPLER_ORDERS[order])[the_posterior().household]

    best = average_precision_score(active, the_posterior().last)

    assert best > average_precision_score(active, counted) + 0.1


@pytest.mark.parametrize("character", [DISTRICT, CITY, ASSOCIATION], ids=lambda c: c.name)
@pytest.mark.parametrize("strength", [0.6, 1.5])
def test_every_current_household_of_every_landlord_has_a_chance(
    character: object, strength: float
) -> None:
    history = a_history(homes=300, character=with_strength(character, strength))  # type: ignore[arg-type]

    posterior = posterior_tonight(history, records_of(history))

    assert np.isinf(history.households.stop[posterior.household]).all()
    assert len(posterior.household) > 280
    assert ((posterior.last > 0) & (posterior.last < 1)).all()


def test_without_any_sign_the_chance_is_below_the_share_of_active_households() -> None:
    history = a_history(homes=600)
    landlord = records_of(history)
    posterior = posterior_tonight(history, landlord)
    evidence = evidence_of(history, landlord)
    silent = ~np.isin(posterior.household, evidence.household)

    assert silent.any()
    assert posterior.last[silent].max() < 0.0115


def test_what_a_night_says_does_not_depend_on_what_comes_later() -> None:
    history = a_history(homes=200, seed=3)
    day = history.span.days - 7.0 * 20
    until = replace(history, events=history.events.only(history.events.day < day))
    weeks = posterior_nights(history, records_of(history), 30, WEEK)
    night = int(np.flatnonzero(weeks.nights == day)[0])

    cut = posterior_nights(until, records_of(until), 30, WEEK)

    off = np.abs(weeks.chance[:, night] - cut.chance[:, night])
    # texts are lost at random in each landlord, so a few households differ by what can be read
    assert np.median(off) < 1e-6
    assert (off > 0.01).mean() < 0.05


def test_a_year_of_nights_ends_with_tonight() -> None:
    history = a_history(homes=400, seed=4)
    landlord = records_of(history)
    tonight = posterior_tonight(history, landlord)
    weeks = posterior_nights(history, landlord, 52)

    place = np.searchsorted(weeks.household, tonight.household)

    assert weeks.chance.shape == (len(weeks.household), 52)
    assert np.abs(weeks.chance[place, -1] - tonight.last).max() < 0.1


def test_texts_that_are_there_are_read_and_lost_ones_are_guessed_from_codes() -> None:
    history = a_history(homes=500)
    evidence = evidence_of(history, records_of(history))
    surely = evidence.shows[evidence.reading].max(axis=1) == 1.0
    told = evidence.shows[evidence.reading].sum(axis=1) == 1.0

    assert 0.08 < 1 - (surely & told).mean() < 0.13
    assert evidence.shows[:, pair_of(Topic.LOCK, Wording.TELL)].max() == 1.0


def test_each_record_is_counted_once_where_two_tables_have_it() -> None:
    history = a_history(homes=500)
    landlord = records_of(history)

    evidence = evidence_of(history, landlord)

    assert len(evidence) == len(history.events)
