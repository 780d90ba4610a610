"""Innocent reasons that only dates and places can show, each on both sides of its threshold."""

from collections.abc import Iterator
from datetime import date

import pytest

from builders.records import (
    Landlord,
    Row,
    days_ago,
    dwelling,
    landlord,
    lock_change,
    repair,
    report,
    tenancy,
)


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


def _estate(home: Landlord, homes: int, **place: object) -> list[str]:
    """Homes P0, P1, … of one place, with households T0, T1, … that have lived there for years."""
    home.has(
        properties=[dwelling(f"P{n}", **place) for n in range(homes)],
        tenancies=[tenancy(f"T{n}", "2010-01-01", home=f"P{n}") for n in range(homes)],
    )
    return [f"T{n}" for n in range(homes)]


def _damage(homes: int, on: date, text: str = "door_damage", first: int = 0) -> list[Row]:
    return [repair(f"W{n}-{on}", on, text, home=f"P{n}") for n in range(first, first + homes)]


def _signs(home: Landlord, households: list[str], stream: str = "door_damage") -> int:
    counted = home.all_counts()
    return sum(counted.get(ref, {}).get(stream, 0) for ref in households)


@pytest.mark.parametrize(("days", "counted"), [(0, 0), (27, 0), (28, 1)])
def test_a_lock_change_in_the_first_four_weeks_is_the_new_tenants_own(
    home: Landlord, days: int, counted: int
) -> None:
    moved_in = days_ago(100)
    home.has(
        tenancies=[tenancy("T1", moved_in)],
        lock_changes=[lock_change("L1", days_ago(100 - days))],
    )

    assert home.counts("T1").get("lock_change", 0) == counted


@pytest.mark.parametrize("tell", ["force", "fear", "partner"])
def test_a_lock_change_with_a_tell_counts_from_the_first_day(home: Landlord, tell: str) -> None:
    home.has(
        tenancies=[tenancy("T1", days_ago(9))], lock_changes=[lock_change("L1", days_ago(9), tell)]
    )

    assert home.counts("T1") == {"lock_change": 1, "tell:lock_change": 1}


def test_other_signals_in_the_first_weeks_count(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T1", days_ago(9))], repairs=[repair("W1", days_ago(3), "door_damage")]
    )

    assert home.counts("T1")["door_damage"] == 1


def test_without_tenancies_no_lock_change_is_a_new_tenants(home: Landlord) -> None:
    home.has(lock_changes=[lock_change("L1", days_ago(9))])

    assert home.counts("P1") == {"lock_change": 1}


@pytest.mark.parametrize(("homes", "counted"), [(2, 2), (3, 0)])
def test_the_same_damage_in_several_homes_of_a_block_is_the_blocks(
    home: Landlord, homes: int, counted: int
) -> None:
    households = _estate(home, 5, block_ref="B1")

    home.has(repairs=_damage(homes, days_ago(20)))

    assert _signs(home, households) == counted


@pytest.mark.parametrize(("spread", "counted"), [(7, 0), (8, 1)])
def test_a_burst_is_over_within_days(home: Landlord, spread: int, counted: int) -> None:
    _estate(home, 5, block_ref="B1")

    home.has(
        repairs=[
            *_damage(1, days_ago(20)),
            *_damage(1, days_ago(20 - spread), first=1),
            *_damage(1, days_ago(20 + spread), first=2),
        ]
    )

    assert home.counts("T0").get("door_damage", 0) == counted


def test_one_home_three_times_is_no_burst(home: Landlord) -> None:
    _estate(home, 5, block_ref="B1")

    home.has(
        repairs=[*_damage(1, days_ago(20)), *_damage(1, days_ago(19)), *_damage(1, days_ago(18))]
    )

    assert home.counts("T0")["door_damage"] == 3


def test_three_homes_with_different_damage_are_no_burst(home: Landlord) -> None:
    households = _estate(home, 5, block_ref="B1")

    home.has(
        repairs=[
            *_damage(1, days_ago(20), "door_damage"),
            *_damage(1, days_ago(20), "window_damage", first=1),
            *_damage(1, days_ago(20), "internal_damage", first=2),
        ]
    )

    assert (
        sum(
            _signs(home, households, stream)
            for stream in ("door_damage", "window_damage", "internal_damage")
        )
        == 3
    )


def test_homes_without_a_block_do_not_burst_together(home: Landlord) -> None:
    households = _estate(home, 5)

    home.has(repairs=_damage(5, days_ago(20)))

    assert _signs(home, households) == 5


def test_noise_never_bursts(home: Landlord) -> None:
    households = _estate(home, 5, block_ref="B1")

    home.has(asb=[report(f"A{n}", days_ago(20), "noise_disturbance", f"P{n}") for n in range(5)])

    assert _signs(home, households, "noise_disturbance") == 5


@pytest.mark.parametrize(("tell", "survives"), [("force", 0), ("fear", 1), ("partner", 1)])
def test_words_of_fear_or_of_a_partner_survive_a_burst(
    home: Landlord, tell: str, survives: int
) -> None:
    households = _estate(home, 5, block_ref="B1")

    home.has(
        repairs=[*_damage(4, days_ago(20)), *_damage(1, days_ago(20), f"door_damage {tell}", 4)]
    )

    assert _signs(home, households) == survives
    assert home.counts("T4").get("tell:door_damage", 0) == survives


@pytest.mark.parametrize(("homes", "counted"), [(5, 5), (6, 0)])
def test_the_same_damage_all_over_a_patch_is_a_storm(
    home: Landlord, homes: int, counted: int
) -> None:
    households = _estate(home, 9, patch="North")

    home.has(repairs=_damage(homes, days_ago(20), "window_damage"))

    assert _signs(home, households, "window_damage") == counted


def test_a_large_block_with_ordinary_damage_all_year_does_not_burst(home: Landlord) -> None:
    """60 homes, one door a home every two months or so: five a week is what it always has."""
    households = _estate(home, 60, block_ref="B1")
    ordinary = [repair(f"W{n}", days_ago(n), "door_damage", home=f"P{n % 60}") for n in range(1095)]

    home.has(repairs=ordinary)

    assert _signs(home, households) == 1095


def test_a_large_block_bursts_above_what_it_always_has(home: Landlord) -> None:
    households = _estate(home, 60, block_ref="B1")
    ordinary = [repair(f"W{n}", days_ago(n), "door_damage", home=f"P{n % 30}") for n in range(1095)]

    home.has(repairs=[*ordinary, *_damage(30, days_ago(200), first=30)])

    assert _signs(home, households[30:]) == 0


@pytest.mark.parametrize("reason", ["void", "planned", "burglary", "communal", "lost_key"])
def test_what_the_classifier_excused_does_not_count(home: Landlord, reason: str) -> None:
    home.has(repairs=[repair("W1", days_ago(9), f"door_damage !{reason}")])

    assert home.counts("P1") == {}
