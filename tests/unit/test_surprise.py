"""Surprise against an oracle, and what may and may not move it."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from builders.detection import AS_OF, EDGES, Estate, surprise_settings
from redflags.analysis.surprise.household_history import COST, DAYS_A_YEAR, household_history
from redflags.analysis.surprise.surprise_scores import (
    cohort_rates,
    dispersion,
    measure,
    tail_surprise,
)

SETTINGS = surprise_settings()


def ordinary(homes: int = 200, seed: int = 1, **fields: object) -> Estate:
    """Homes with about three repairs in three years, none of them odd."""
    counts = np.random.default_rng(seed).negative_binomial(2, 0.4, homes)
    return Estate(homes, **fields).fill("repair_count", counts, age_days=400)  # type: ignore[arg-type]


def surprise_of(estate: Estate, home: int = 0, stream: str = "repair_count") -> float:
    return float(measure(estate.history(), SETTINGS).parts[stream, 180].surprise[home])


@pytest.mark.parametrize("count", [1, 2, 5, 12])
@pytest.mark.parametrize("shape", [0.05, 1.0, 7.5])
@pytest.mark.parametrize("mean_years", [0.3, 4.0, 90.0])
def test_the_tail_is_that_of_a_negative_binomial(
    count: int, shape: float, mean_years: float
) -> None:
    years = 0.5
    stays = mean_years / (mean_years + years)
    oracle = -np.log10(nbinom.sf(count - 1, shape, stays))
    ours = tail_surprise(
        np.array([float(count)]), np.array([years]), np.array([shape]), np.array([mean_years]), 300
    )
    assert ours[0] == pytest.approx(oracle, rel=1e-9)


def test_the_whole_measure_is_the_model_of_the_docstring() -> None:
    recent = np.random.default_rng(2).poisson(1.0, 200).astype(float)
    recent[0] = 6
    estate = ordinary().fill("repair_count", recent).add(0, "repair_count", 3, age_days=200)
    history = estate.history()
    part = measure(history, SETTINGS).parts["repair_count", 180]
    k = dispersion(history, "repair_count")
    window, before = 180 / DAYS_A_YEAR, (1095 - 180) / DAYS_A_YEAR
    own_past = estate.counts["repair_count"][0, 2:].sum()
    a = k + 0.5 * own_past
    b = k / part.like_homes_rate[0] + 0.5 * before
    assert part.count[0] == 6
    assert part.own_rate[0] == pytest.approx(own_past / before)
    assert part.surprise[0] == pytest.approx(-np.log10(nbinom.sf(5, a, b / (b + window))))


def test_nothing_counted_is_no_surprise() -> None:
    part = measure(ordinary().history(), SETTINGS).parts["repair_count", 180]
    assert not part.surprise.any()


def test_an_empty_landlord_surprises_nobody() -> None:
    assert not measure(Estate(5).history(), SETTINGS).matrix().to_numpy().any()
    assert measure(Estate(0).history(), SETTINGS).matrix().empty


def test_surprise_never_passes_the_largest() -> None:
    assert surprise_of(ordinary().add(0, "repair_count", 5000)) == 12.0


def test_a_home_does_not_raise_the_rate_of_homes_like_itself() -> None:
    quiet, loud = ordinary(), ordinary().add(0, "repair_count", 40)
    rates = [measure(e.history(), SETTINGS).parts["repair_count", 180] for e in (quiet, loud)]
    assert rates[0].like_homes_rate[0] == pytest.approx(rates[1].like_homes_rate[0], rel=1e-12)
    assert rates[0].like_homes_rate[1] < rates[1].like_homes_rate[1]


def test_a_home_is_compared_with_homes_like_it() -> None:
    cohort = [0] * 4000 + [1] * 4000
    estate = Estate(8000, cohort=cohort).fill("repair_count", np.array(cohort) * 3.0)
    estate.add(0, "repair_count", 3)
    assert surprise_of(estate, 0) > surprise_of(estate, 4000) + 1


def test_a_small_cohort_leans_on_all_homes() -> None:
    lone = ordinary(cohort=[1] + [0] * 199)
    history = lone.history()
    years = history.years_within("repair_count", 365)
    count = np.ones(200)
    rate = cohort_rates(count, years, history, prior_years=200.0)
    assert rate[0] == pytest.approx((199 + 0.5) / (199 * years[0] + 1.0))


def test_confirmed_homes_widen_nobodys_baseline() -> None:
    loud = ordinary().add(7, "repair_count", 60).add(7, "lock_change", 30).add_cost(7, 90_000)
    known = replace(loud.history(), in_baseline=np.arange(200) != 7)
    without = replace(ordinary().history(), in_baseline=np.arange(200) != 7)
    told, untold = measure(known, SETTINGS), measure(without, SETTINGS)
    others = np.arange(200) != 7
    for key, part in told.parts.items():
        same = untold.parts[key]
        np.testing.assert_allclose(part.surprise[others], same.surprise[others])
        np.testing.assert_allclose(part.like_homes_rate[others], same.like_homes_rate[others])
    assert told.parts["repair_count", 180].surprise[7] > 3


def test_an_unconfirmed_loud_home_does_widen_it() -> None:
    quiet, loud = ordinary().add(0, "repair_count", 4), ordinary().add(0, "repair_count", 4)
    loud.add(7, "repair_count", 60)
    assert surprise_of(loud) < surprise_of(quiet)


def test_an_own_past_makes_the_same_count_less_odd() -> None:
    fresh = ordinary().add(0, "repair_count", 5)
    used_to_it = ordinary().add(0, "repair_count", 5).add(0, "repair_count", 20, age_days=400)
    assert surprise_of(used_to_it) < surprise_of(fresh)


def test_an_own_past_counts_by_its_weight() -> None:
    estate = ordinary().add(0, "repair_count", 5).add(0, "repair_count", 20, age_days=400)
    none, half, whole = (
        measure(estate.history(), surprise_settings(own_history_weight=weight))
        .parts["repair_count", 180]
        .surprise[0]
        for weight in (0.0, 0.5, 1.0)
    )
    assert none > half > whole


def test_a_window_is_never_in_its_own_past() -> None:
    before = ordinary().history()
    after = ordinary().add(0, "repair_count", 9, age_days=179).history()
    assert before.before("repair_count", 180)[0] == after.before("repair_count", 180)[0]
    older = ordinary().add(0, "repair_count", 9, age_days=180).history()
    assert older.before("repair_count", 180)[0] == before.before("repair_count", 180)[0] + 9
    assert older.within("repair_count", 180)[0] == before.within("repair_count", 180)[0]


def test_twice_the_events_everywhere_leave_the_usual_home_unsurprising() -> None:
    once = Estate(400).fill("repair_count", np.full(400, 2.0))
    twice = Estate(400).fill("repair_count", np.full(400, 4.0))
    assert surprise_of(once) < 0.5
    assert surprise_of(twice) < 0.5


def test_a_short_stay_makes_the_same_count_odder() -> None:
    long_here = ordinary().add(0, "lock_change", 2)
    new_here = ordinary(watched_days=[30] + [1095] * 199).add(0, "lock_change", 2)
    assert surprise_of(new_here, stream="lock_change") > surprise_of(
        long_here, stream="lock_change"
    )


def test_own_rate_is_unknown_without_a_past() -> None:
    part = measure(Estate(3, watched_days=[180, 200, 1095]).history(), SETTINGS).parts
    known = ~np.isnan(part["repair_count", 180].own_rate)
    assert known.tolist() == [False, False, True]


def test_one_huge_job_elsewhere_moves_nobodys_cost() -> None:
    def costs() -> Estate:
        estate = Estate(301)
        for home in range(301):
            estate.add_cost(home, 100.0 + home)
        return estate

    fire = costs().add_cost(300, 250_000)
    calm, burnt = (
        measure(estate.history(), SETTINGS).parts[COST, 180].surprise for estate in (costs(), fire)
    )
    np.testing.assert_allclose(calm[:300], burnt[:300], atol=0.02)
    assert burnt[300] > 4


def test_dearer_is_never_less_odd_and_free_is_not_odd() -> None:
    estate = Estate(50)
    for home in range(1, 50):
        estate.add_cost(home, 50.0 * home)
    surprise = measure(estate.history(), SETTINGS).parts[COST, 180].surprise
    assert surprise[0] == 0
    assert (np.diff(surprise) >= 0).all()


def test_features_stand_in_one_fixed_order() -> None:
    names = list(measure(Estate(2).history(), SETTINGS).matrix().columns)
    assert names[:3] == ["lock_change_90", "lock_change_180", "lock_change_365"]
    assert names[-1] == "repair_cost_365"
    assert len(set(names)) == len(names) == 39


# ---------------------------------------------------------------- cells to arrays


def households(*since: date | None) -> pd.DataFrame:
    return pd.DataFrame(
        {"since": since, "property_type": "house", "bedrooms": 2, "build_year": 1950},
    )


def cell(household: int, stream: str, bucket: int, n: int = 1, cost: float = 0.0) -> dict:
    return {
        "household": household,
        "stream": stream,
        "bucket": bucket,
        "n": n,
        "cost_gbp": cost,
    }


def history_of(homes: pd.DataFrame, *cells: dict, first_day: dict[str, date] | None = None):
    columns = ["household", "stream", "bucket", "n", "cost_gbp"]
    started = {"repairs": AS_OF - timedelta(days=5000)} if first_day is None else first_day
    return household_history(
        homes,
        pd.DataFrame(list(cells), columns=columns),
        EDGES,
        started,
        AS_OF,
        np.ones(len(homes), dtype=bool),
    )


def test_cells_land_in_their_household_stream_and_bucket() -> None:
    history = history_of(
        households(None, None),
        cell(1, "lock_change", 0, 2),
        cell(1, "tell:lock_change", 0, 1),
        cell(0, "repair_count", 3, 4, 250.0),
    )
    assert history.within("lock_change", 90).tolist() == [0, 2]
    assert history.tells_within("lock_change", 90).tolist() == [0, 1]
    assert history.within("tell", 90).tolist() == [0, 1]
    assert history.within("repair_count", 365).tolist() == [0, 0]
    assert history.before("repair_count", 365).tolist() == [4, 0]
    assert history.cost_within(1095).tolist() == [250.0, 0.0]


@pytest.mark.parametrize(
    ("days_here", "watched"), [(0, 1), (89, 90), (1094, 1095), (1095, 1095), (-5, 1)]
)
def test_a_household_is_watched_from_its_first_day_to_tonight(days_here: int, watched: int) -> None:
    history = history_of(households(AS_OF - timedelta(days=days_here)))
    assert history.watched_days["repair_count"].tolist() == [watched]


def test_nobody_is_watched_longer_than_the_records_reach() -> None:
    history = history_of(
        households(None),
        first_day={"repairs": AS_OF - timedelta(days=399), "asb": AS_OF - timedelta(days=9)},
    )
    assert history.watched_days["repair_count"].tolist() == [400]
    assert history.watched_days["noise_disturbance"].tolist() == [10]
    assert history.watched_days["staff_concern"].tolist() == [400]
