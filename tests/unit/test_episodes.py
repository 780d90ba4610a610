"""What the model of episodes makes of a household's records over time."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from builders.episodes import (
    HISTORY_DAYS,
    SHIPPED,
    Mark,
    among_ordinary,
    assumed,
    counted,
    scores,
    some_homes,
)
from redflags.analysis.episodes import MARKS, grid_of, marks_of
from redflags.analysis.episodes.baseline_rates import Background, background
from redflags.analysis.episodes.event_counts import KINDS, NOISY, OUTSIDE, WORN, Homes, Marks
from redflags.analysis.episodes.forward_pass import log_odds
from redflags.analysis.episodes.likelihood import Shapes, rows_of
from redflags.analysis.episodes.profiles import profiles_of
from redflags.simulation.episodes import MOST_EPISODES
from redflags.simulation.process import Latents
from redflags.simulation.span import Span
from yardstick.posterior_course import CourseGrid, Onsets
from yardstick.posterior_forward import Course, active_chances
from yardstick.posterior_likelihood import Likelihood

GRID = grid_of(SHIPPED, HISTORY_DAYS)
SINCE = date(2023, 11, 1)


# ---------------------------------------------------------------- the same sums, done otherwise


def random_marks(homes: int, seed: int) -> Marks:
    rng = np.random.default_rng(seed)
    size = rng.integers(0, 7, homes).sum()
    frame = pd.DataFrame(
        {
            "household": rng.integers(0, homes, size),
            "mark": rng.choice(MARKS, size),
            "told": rng.random(size) < 0.3,
            "bucket": rng.integers(0, len(SHIPPED.ages_days), size),
            "n": 1,
        }
    )
    keys = ["household", "mark", "told", "bucket"]
    return marks_of(frame.groupby(keys, as_index=False)["n"].sum(), len(GRID))


def by_the_simulations_sums(marks: Marks, homes: Homes, rates: np.ndarray) -> np.ndarray:
    """The chance of an active episode by `simulation.posterior_forward`, record by record."""
    span_days = float(HISTORY_DAYS)
    edges = span_days - GRID.age_edges
    middles = span_days - GRID.age_middles
    lasts = np.zeros_like(GRID.ends)
    lasts[-1] = GRID.lasts
    course_grid = CourseGrid(edges, middles, GRID.ends, lasts)
    lived = np.minimum(homes.lived_days, GRID.age_edges[0])
    since = np.maximum(edges[None, :] - (span_days - lived)[:, None], 0.0) / 365.25
    never = np.exp(-SHIPPED.onsets_per_year.value * since)
    again = np.full(len(homes), SHIPPED.returns_per_year.value / 365.25)
    profiles = profiles_of(SHIPPED, 3)
    times = marks.n.astype(int)
    in_order = np.argsort(np.repeat(marks.household * len(GRID) + marks.cell, times), kind="stable")
    kind = np.repeat(marks.kind, times)[in_order]
    worn, noisy = WORN[kind], NOISY[kind]
    household = np.repeat(marks.household, times)[in_order]
    watched = homes.watched_days[:, 0]
    likelihood = Likelihood(
        household=household,
        day=np.repeat(middles[marks.cell], times)[in_order] + 0.01,
        chance=np.where(worn | noisy, 0.0, rates[kind]),
        wear=np.where(worn, rates[kind], 0.0),
        noise=np.where(noisy, rates[kind], 0.0),
        suffered=profiles.per_year[:, kind].T,
        leaving=np.zeros((len(kind), len(profiles))),
        watched_from=span_days - watched,
        wear_per_busy_year=np.full(len(homes), rates[WORN].sum()),
        noise_per_busy_year=np.full(len(homes), rates[NOISY].sum()),
        worn=np.bincount(household[worn], minlength=len(homes)),
        noisy=np.bincount(household[noisy], minlength=len(homes)),
        suffered_per_year=profiles.per_year.sum(axis=1),
        leaves_per_year=np.zeros(len(profiles)),
        span=Span(SINCE, SINCE + timedelta(days=1094), np.array([0.0, span_days]), np.ones(1)),
    )
    course = Course(
        grid=course_grid,
        onsets=Onsets(-np.diff(never, axis=1), never, again),
        severity=np.ones(1),
        weight=profiles.weight[:, None],
        latents=Latents(2.0, SHIPPED.wear_shape.value, SHIPPED.noise_shape.value),
        nights=1,
    )
    points = (1 + int(likelihood.worn.max()) // 2, 1 + int(likelihood.noisy.max()) // 2)
    return active_chances(course, likelihood, np.arange(len(homes)), points)[:, 0]


def test_the_odds_are_those_of_the_simulations_own_sums() -> None:
    """Written apart, record by record and with every point of wear and noise."""
    homes = some_homes(60)
    homes = replace(homes, lived_days=np.linspace(40, 4000, 60))
    watched = np.clip(homes.lived_days, 1, HISTORY_DAYS)
    homes = replace(homes, watched_days=np.repeat(watched[:, None], len(MARKS), axis=1))
    marks = random_marks(60, seed=1)
    rates = np.linspace(0.01, 0.2, KINDS)
    ones = np.ones(len(homes))
    everywhere = np.repeat(rates[:, None], len(GRID), axis=1)
    usual = Background(everywhere, np.ones(everywhere.shape), ones, ones, ones)
    profiles = profiles_of(SHIPPED, 3)
    shapes = Shapes(SHIPPED.wear_shape.value, SHIPPED.noise_shape.value, most_points=30)
    rows = rows_of(marks, homes, usual, GRID, profiles, shapes)
    odds = log_odds(rows, homes, GRID, profiles, SHIPPED, MOST_EPISODES)
    chance = by_the_simulations_sums(marks, homes, rates)
    np.testing.assert_allclose(odds, np.log(chance / (1 - chance)), atol=1e-3)


# ---------------------------------------------------------------- what it makes of records


def test_a_household_without_marks_scores_less_than_one_with_any_that_are_recent() -> None:
    quiet, one = among_ordinary((), (Mark(20),))
    assert quiet < 0 < one


def test_what_happened_lately_counts_for_more_than_what_happened_long_ago() -> None:
    lately, last_year, long_ago = among_ordinary(
        (Mark(10), Mark(40)), (Mark(380), Mark(420)), (Mark(900), Mark(940))
    )
    assert lately > last_year > long_ago


def test_words_that_tell_raise_a_record() -> None:
    plain, told = among_ordinary((Mark(30),), (Mark(30, told=True),))
    assert told > plain + 0.5


def test_a_second_episode_scores_no_less_than_a_first() -> None:
    now = (Mark(5), Mark(20, "lock_change"), Mark(33, "security_request"))
    a_year_before = tuple(replace(mark, days_ago=mark.days_ago + 420) for mark in now)
    first, second = among_ordinary(now, (*now, *a_year_before))
    assert second >= first - 0.1


def test_an_episode_that_is_over_fades() -> None:
    then = tuple(Mark(days, "lock_change") for days in (500, 520, 560))
    still = among_ordinary(then, (*then, Mark(10, "lock_change")))
    assert still[1] > still[0] + 0.5


def test_a_household_hard_on_its_home_all_along_scores_less_than_one_that_began() -> None:
    always = tuple(Mark(days, "door_damage") for days in range(30, 1080, 150))
    began = tuple(Mark(days, "door_damage") for days in range(10, 150, 20))
    assert len(always) == len(began)
    steady, sudden = among_ordinary(always, began)
    assert sudden > steady + 0.5


def test_time_at_the_address_matters_where_there_is_little_of_it() -> None:
    """Two marks in the two months since they came say more than two in as many years."""
    marks = ((Mark(10), Mark(40)), (Mark(10), Mark(40)), *[()] * 998)
    homes = some_homes(1000)
    homes.lived_days[0] = 60
    homes.watched_days[0] = 60
    new, old = scores(marks, homes)[:2]
    assert np.isfinite(new)
    assert abs(new - old) < 2


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("records", [50, 300, 2000])
@pytest.mark.parametrize("days", [30, 1000])
def test_a_home_with_hundreds_of_records_still_has_a_score(records: int, days: int) -> None:
    """As a block's address has that stands for all its homes."""
    kinds = ("security_request", "noise_disturbance", "lock_change", "internal_damage")
    marks = tuple(
        Mark(number * days // records, kinds[number % 4], told=number % 3 == 0)
        for number in range(records)
    )
    (score,) = among_ordinary(marks, quiet=500)
    assert 2 < score < 30


# ---------------------------------------------------------------- what is usual


def usual_of(marks: list, homes: Homes, left_out: tuple[int, ...] = (), **values: float):
    settings = assumed(**values)
    out = np.isin(np.arange(len(homes)), left_out)
    frame = marks_of(counted(marks, settings), len(GRID))
    return background(frame, homes, GRID, settings, out)


def test_who_is_left_out_shapes_nothing_that_is_usual() -> None:
    loud = [tuple(Mark(days) for days in range(100)), *[()] * 99]
    with_it = usual_of(loud, some_homes(100), season_prior=1e9)
    without = usual_of(loud, some_homes(100), left_out=(0,), season_prior=1e9)
    inside = 2 * MARKS.index("internal_damage")
    assert with_it.per_year[inside, -1] > 0.1
    assert without.per_year[inside, -1] < 0.01


def test_a_confirmed_household_shapes_nothing_either() -> None:
    loud = [tuple(Mark(days) for days in range(100)), *[()] * 99]
    baseline = np.arange(100) > 0
    found = usual_of(loud, some_homes(100, in_baseline=baseline), season_prior=1e9)
    assert found.per_year[2 * MARKS.index("internal_damage"), -1] < 0.01


def test_a_month_that_is_busier_everywhere_than_any_season_says_less_of_each_home() -> None:
    steady = [(Mark(n * 71 % 1090), Mark(n * 37 % 1090)) for n in range(600)]
    busy = [(*marks, Mark(3), Mark(4)) for marks in steady]
    inside = 2 * MARKS.index("internal_damage")
    before, after = usual_of(steady, some_homes(600)), usual_of(busy, some_homes(600))
    assert before.worth[inside, -1] == pytest.approx(1, abs=0.2)
    assert after.worth[inside, -1] < 0.5
    assert after.worth[inside, 5] == 1
    assert after.per_year[inside, -1] > after.per_year[inside, 5]


def test_like_homes_that_break_more_are_expected_to() -> None:
    marks = [(Mark(100), Mark(700)) if n < 50 else () for n in range(100)]
    cohort = np.repeat([0, 1], 50)
    found = usual_of(marks, some_homes(100, cohort=cohort))
    assert found.worn[0] > 1.5
    assert found.worn[99] < 0.5


def test_a_block_where_others_have_glass_broken_expects_it_and_leaves_the_home_itself_out() -> None:
    smashed = (Mark(50, "window_damage"), Mark(300, "window_damage"))
    everywhere = [smashed if n < 20 else () for n in range(400)]
    one_home = [smashed if n == 0 else () for n in range(400)]
    block = np.where(np.arange(400) < 20, 0, -1)
    assert usual_of(everywhere, some_homes(400, block=block)).outside[0] > 3
    assert usual_of(one_home, some_homes(400, block=block)).outside[0] == 1
    assert usual_of(everywhere, some_homes(400, block=block)).outside[399] == 1


def test_a_kind_never_seen_before_is_rare_but_not_impossible() -> None:
    found = usual_of([()] * 500, some_homes(500))
    assert (found.per_year > 1e-5).all()
    assert (found.per_year < 0.02).all()


def test_outside_marks_are_worn_marks() -> None:
    assert (WORN | ~OUTSIDE).all()
    assert not (WORN & NOISY).any()


# ---------------------------------------------------------------- profiles and grid


def test_looks_share_all_episodes_among_them() -> None:
    profiles = profiles_of(SHIPPED, 6)
    assert len(profiles) == 18
    assert profiles.weight.sum() == pytest.approx(1)
    mean = profiles.weight @ profiles.per_year.sum(axis=1)
    shares = [p.share * sum(p.per_year.values()) for p in SHIPPED.pictures.values()]
    assert mean == pytest.approx(sum(shares), rel=0.02)


def test_an_episode_lasts_or_has_ended() -> None:
    """Chances of every end, and of lasting, add up to one for an onset in any cell."""
    assert GRID.ends.sum(axis=0) + GRID.lasts == pytest.approx(np.ones(len(GRID)))
    assert (GRID.ends >= 0).all()
    assert GRID.lasts[-1] > 0.99
    assert GRID.lasts[0] < 0.05
