"""Control charts with a fixed baseline: what is usual, and what is outside."""

from collections.abc import Callable
from datetime import date, timedelta
from math import sqrt
from random import Random

import pytest

from redflags.analysis.monitoring.control_limits import (
    Limits,
    Observed,
    Usual,
    count_limits,
    is_odd_silence,
    moved,
    usual,
)

MONDAY = date(2026, 11, 2)
SDS = 3.0


def nights(*counts: int, out_of: int = 0) -> list[Observed]:
    """From a Monday on."""
    return [Observed(MONDAY + timedelta(days=n), count, out_of) for n, count in enumerate(counts)]


def limits_of(found: Usual, day: int = 0, out_of: int = 0) -> Limits:
    return found.limits(Observed(MONDAY + timedelta(days=day), 0, out_of), SDS)


def test_limits_of_a_poisson_count_are_its_quantiles() -> None:
    # tails of 0.00135, from tables of the Poisson distribution of mean 10
    assert count_limits(10.0, 10.0, SDS) == (2, 21)
    assert count_limits(0.0, 0.0, SDS) == (0, 0)


def test_more_spread_makes_wider_limits() -> None:
    low, high = count_limits(100.0, 100.0, SDS)
    lower, higher = count_limits(100.0, 400.0, SDS)
    assert lower < low < 100 < high < higher


@pytest.mark.parametrize("spread", [1.0, 5.0])
def test_the_sum_and_the_gamma_agree_where_they_meet(spread: float) -> None:
    for summed, smooth in zip(
        count_limits(199.999, spread * 199.999, SDS),
        count_limits(200.001, spread * 200.001, SDS),
        strict=True,
    ):
        assert abs(summed - smooth) <= 0.02 * 200


def test_a_steady_count_is_usual_and_half_or_twice_of_it_is_not() -> None:
    draw = Random(1)
    limits = limits_of(usual(nights(*(round(draw.gauss(300, 17)) for _ in range(28))), SDS))
    assert limits.hold(300)
    assert limits.hold(340)
    assert not limits.hold(150)
    assert not limits.hold(600)


def test_the_night_that_read_years_of_history_is_no_measure() -> None:
    found = usual(nights(400_000, *([300, 310, 290] * 9)), SDS)
    assert 280 < limits_of(found).centre < 320


def test_no_more_than_a_quarter_of_the_baseline_is_taken_out() -> None:
    found = usual(nights(*([5_000] * 14), *([10] * 14)), SDS)
    assert limits_of(found).hold(10)
    assert limits_of(found).hold(5_000)


def test_weekdays_that_differ_have_limits_of_their_own() -> None:
    draw = Random(2)
    week = [300, 300, 300, 300, 300, 20, 15]
    found = usual(nights(*(round(draw.gauss(n, sqrt(n))) for _ in range(4) for n in week)), SDS)
    assert found.is_by_weekday
    assert not limits_of(found, day=0).hold(20)
    assert limits_of(found, day=5).hold(20)
    assert not limits_of(found, day=5).hold(300)


def test_weekdays_that_do_not_differ_are_taken_together() -> None:
    draw = Random(3)
    assert not usual(nights(*(round(draw.gauss(300, 17)) for _ in range(28))), SDS).is_by_weekday


def test_a_share_of_fewer_may_be_farther_from_the_usual() -> None:
    found = usual(nights(*([50, 52, 48, 50] * 7), out_of=1_000), SDS)
    few, many = limits_of(found, out_of=100), limits_of(found, out_of=10_000)
    assert few.low < many.low < 0.05 < many.high < few.high
    assert few.hold(0.09)
    assert not many.hold(0.09)


def test_a_share_that_jumps_about_by_itself_has_wider_limits() -> None:
    calm = usual(nights(*([100] * 28), out_of=1_000), SDS)
    restless = usual(nights(*([60, 140] * 14), out_of=1_000), SDS)
    assert not limits_of(calm, out_of=1_000).hold(0.15)
    assert limits_of(restless, out_of=1_000).hold(0.15)


def test_chance_alone_is_outside_about_as_rarely_as_the_limits_say() -> None:
    draw = Random(4)

    def poisson(mean: float) -> int:
        return sum(draw.random() < mean / 1_000 for _ in range(1_000))

    outside = 0
    for _ in range(30):
        found = usual(nights(*(poisson(20) for _ in range(28))), SDS)
        outside += sum(not limits_of(found).hold(poisson(20)) for _ in range(20))
    assert outside <= 10, "of 600, where 2 are expected"


def test_a_baseline_without_nights_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="at least one night"):
        usual([], SDS)


BELL = [1, 5, 20, 60, 100, 100, 60, 20, 5, 1]


def test_the_same_distribution_has_not_moved_however_many_there_are() -> None:
    assert moved(BELL, BELL) == 0.0
    assert moved(BELL, [3 * n for n in BELL]) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("change", "is_moved"),
    [
        (lambda h: [0, *h[:-1]], True),
        (lambda h: [*h[2:], 0, 0], True),
        (lambda h: [n + 1 for n in h], False),
    ],
)
def test_a_distribution_that_shifts_has_moved(
    change: Callable[[list[int]], list[int]], is_moved: bool
) -> None:
    assert (moved(BELL, change(BELL)) > 0.2) is is_moved


def test_how_far_it_moved_is_the_formula() -> None:
    # two bins of a half each become 30 and 70 per cent: 0.2 · ln(0.7/0.5) − 0.2 · ln(0.3/0.5)
    expected = [10] * 10
    found = [6] * 5 + [14] * 5
    assert moved(expected, found) == pytest.approx(0.2 * (0.336472 + 0.510826), abs=1e-5)


def test_histograms_of_nobody_say_nothing() -> None:
    assert moved([0, 0], [1, 2]) == moved([1, 2], [0, 0]) == 0.0
    with pytest.raises(ValueError, match="same bins"):
        moved([1], [1, 2])


@pytest.mark.parametrize(
    ("usual_count", "in_a_row", "is_odd"),
    [
        (3.1, 1, True),
        (2.9, 1, False),
        (0.5, 5, False),
        (0.5, 7, True),
        (0.0, 99, False),
        (9, 0, False),
    ],
)
def test_silence_is_odd_when_chance_would_seldom_bring_it(
    usual_count: float, in_a_row: int, is_odd: bool
) -> None:
    assert is_odd_silence(usual_count, in_a_row, 0.05) is is_odd
