"""Groups compared: who is alerted, and who is visited in vain, more often than others."""

from math import inf

import pytest

from redflags.analysis.monitoring.confidence_intervals import Share
from redflags.analysis.monitoring.group_rates import Group, ecological, rate_ratio, unfair

ENOUGH = 10


def a_group(name: str, no_concern: int, homes: int = 1_000, need: int = 10) -> Group:
    return Group(name, homes, alerted=no_concern + need, need=need, no_concern=no_concern)


def test_rates_are_of_homes() -> None:
    group = Group("flat", homes=200, alerted=30, need=4, no_concern=16)
    assert group.alert_rate == Share(30, 200)


def test_no_more_homes_are_alerted_than_there_are() -> None:
    assert Group("flat", homes=2, alerted=3).alert_rate == Share(2, 2)


def test_a_group_visited_in_vain_twice_as_often_is_named() -> None:
    found = unfair([a_group("flat", 80), a_group("house", 40)], 1.5, ENOUGH)
    assert found is not None
    assert (found.more, found.less) == ("flat", "house")
    assert found.value == pytest.approx(2.0)
    assert 1 < found.low < 2 < found.high


@pytest.mark.parametrize(("in_vain", "is_named"), [(149, False), (150, True)])
def test_it_takes_one_and_a_half_times(in_vain: int, is_named: bool) -> None:
    groups = [a_group("flat", in_vain, 10_000), a_group("house", 100, 10_000)]
    assert (unfair(groups, 1.5, ENOUGH) is not None) is is_named


def test_what_chance_explains_is_not_named() -> None:
    assert unfair([a_group("flat", 8), a_group("house", 4)], 1.5, ENOUGH) is None


@pytest.mark.parametrize(("checks", "is_named"), [(9, False), (10, True)])
def test_a_group_with_too_few_checks_is_not_compared(checks: int, is_named: bool) -> None:
    few = Group("maisonette", 20, alerted=checks, need=0, no_concern=checks)
    assert (unfair([few, a_group("house", 40)], 1.5, ENOUGH) is not None) is is_named


def test_the_more_are_compared_the_more_it_takes() -> None:
    two = rate_ratio(a_group("flat", 30), a_group("house", 15), comparisons=1)
    many = rate_ratio(a_group("flat", 30), a_group("house", 15), comparisons=45)
    assert two.low > 1 > many.low
    assert two.value == many.value


def test_a_group_never_visited_in_vain_can_be_compared() -> None:
    ratio = rate_ratio(a_group("flat", 30), a_group("house", 0))
    assert 1 < ratio.low < ratio.value < ratio.high < inf


def test_areas_with_more_of_a_group_are_compared_with_those_with_less() -> None:
    areas = [Group("north", 1_000, alerted=40), Group("south", 1_000, alerted=10)]
    found = ecological("over 65", {"north": 0.8, "south": 0.2}, areas)
    assert found.with_group == Share(34, 1_000)
    assert found.without_group == Share(16, 1_000)
    assert found.ratio == pytest.approx(34 / 16)


def test_areas_of_which_the_share_is_not_known_are_left_out() -> None:
    areas = [Group("north", 1_000, alerted=40), Group("south", 1_000, alerted=10)]
    found = ecological("over 65", {"north": 0.5}, areas)
    assert (found.areas, found.with_group) == (1, Share(20, 500))
