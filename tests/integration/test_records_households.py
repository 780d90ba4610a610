"""Whose record it is: tenancies cut the history of an address."""

from collections.abc import Iterator
from datetime import date

import pytest

from builders.records import (
    TODAY,
    Landlord,
    days_ago,
    dwelling,
    landlord,
    lock_change,
    presentation,
    protected,
    repair,
    small_ruleset,
    tenancy,
)

MOVE = date(2026, 6, 1)
DAY_BEFORE, DAY_AFTER = date(2026, 5, 31), date(2026, 6, 2)
DOOR = {"door_damage": 1, "repair_count": 1}


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


def _damage(on: date) -> dict[str, list[dict[str, str | None]]]:
    return {"repairs": [repair("W1", on, "door_damage")]}


def test_a_record_of_the_day_before_the_change_is_not_the_new_households(home: Landlord) -> None:
    home.has(tenancies=[tenancy("T1", "2020-01-01", DAY_BEFORE), tenancy("T2", MOVE)])

    home.has(**_damage(DAY_BEFORE))

    assert home.counts("T1", as_of=DAY_BEFORE) == DOOR
    assert home.counts("T2") == {}


def test_a_record_of_the_day_of_the_change_is_the_new_households(home: Landlord) -> None:
    home.has(tenancies=[tenancy("T1", "2020-01-01", DAY_BEFORE), tenancy("T2", MOVE)])

    home.has(**_damage(MOVE))

    assert home.counts("T2") == DOOR
    assert home.household_refs() == ["T2"]


def test_the_last_minute_before_the_change_is_still_the_old_households(home: Landlord) -> None:
    home.has(tenancies=[tenancy("T1", "2020-01-01", DAY_BEFORE), tenancy("T2", MOVE)])

    home.has(repairs=[repair("W1", f"{DAY_BEFORE}T23:59:59", "door_damage")])

    assert home.counts("T2") == {}


def test_a_new_household_starts_with_an_empty_history(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T1", "2020-01-01", DAY_BEFORE), tenancy("T2", MOVE)],
        repairs=[repair(f"W{n}", days_ago(300 + n), "door_damage force") for n in range(9)],
        lock_changes=[lock_change("L1", days_ago(300), "partner")],
    )

    assert home.counts("T2") == {}


@pytest.mark.parametrize(
    ("on", "counted"),
    [("2026-03-31", 1), ("2026-04-01", 0), ("2026-05-31", 0), ("2026-06-01", 1)],
)
def test_what_happens_in_an_empty_home_belongs_to_nobody(
    home: Landlord, on: str, counted: int
) -> None:
    home.has(tenancies=[tenancy("T1", "2020-01-01", "2026-03-31"), tenancy("T2", MOVE)])

    home.has(repairs=[repair("W1", on, "door_damage")])

    before = home.counts("T1", as_of=date(2026, 3, 31)).get("door_damage", 0)
    now = home.counts("T2").get("door_damage", 0)
    assert before + now == counted


def test_what_happens_after_the_last_tenancy_belongs_to_nobody(home: Landlord) -> None:
    home.has(tenancies=[tenancy("T1", "2020-01-01", DAY_BEFORE), tenancy("T2", MOVE, home="P2")])

    home.has(**_damage(MOVE))

    assert home.household_refs() == ["T2"]
    assert home.counts("T2") == {}


@pytest.mark.parametrize(("on", "owner"), [(DAY_BEFORE, "T1"), (MOVE, "T2"), (DAY_AFTER, "T2")])
def test_where_two_tenancies_overlap_the_one_that_began_last_has_the_record(
    home: Landlord, on: date, owner: str
) -> None:
    home.has(tenancies=[tenancy("T1", "2020-01-01"), tenancy("T2", MOVE)])

    home.has(**_damage(on))

    assert home.household_refs() == ["T1", "T2"]
    assert {ref: bool(home.counts(ref)) for ref in ("T1", "T2")} == {
        "T1": owner == "T1",
        "T2": owner == "T2",
    }


@pytest.mark.parametrize(("on", "owner"), [("2026-06-30", "T2"), ("2026-07-01", "T1")])
def test_when_the_inner_tenancy_ends_the_outer_one_has_the_address_again(
    home: Landlord, on: str, owner: str
) -> None:
    home.has(tenancies=[tenancy("T1", "2020-01-01"), tenancy("T2", MOVE, "2026-06-30")])

    home.has(repairs=[repair("W1", on, "door_damage")])

    assert home.counts("T1") == (DOOR if owner == "T1" else {})


def test_two_tenancies_of_one_day_are_settled_by_ref(home: Landlord) -> None:
    home.has(tenancies=[tenancy("T2", MOVE), tenancy("T1", MOVE)])

    home.has(**_damage(DAY_AFTER))

    assert (home.counts("T1"), home.counts("T2")) == ({}, DOOR)


@pytest.mark.parametrize(
    ("start", "end", "lives_there"),
    [
        (TODAY, None, True),
        (days_ago(-1), None, False),
        (days_ago(99), TODAY, True),
        (days_ago(99), days_ago(1), False),
        (TODAY, TODAY, True),
    ],
)
def test_a_household_lives_there_from_its_first_to_its_last_day(
    home: Landlord, start: date, end: date | None, lives_there: bool
) -> None:
    home.has(tenancies=[tenancy("T1", start, end), tenancy("T0", "2020-01-01", home="P0")])

    assert ("T1" in home.household_refs()) is lives_there


def test_a_record_of_the_first_day_counts_when_the_tenancy_starts_today(home: Landlord) -> None:
    home.has(tenancies=[tenancy("T1", TODAY)], **_damage(TODAY))

    assert home.counts("T1") == DOOR


def test_without_tenancies_a_household_is_an_address(home: Landlord) -> None:
    home.has(
        properties=[dwelling("P1", patch="North"), dwelling("P2")],
        repairs=[repair("W1", days_ago(400), "door_damage"), repair("W2", days_ago(2), home="P3")],
    )

    assert home.household_refs() == ["P1", "P2", "P3"]
    assert home.counts("P1") == DOOR
    assert not home.count().coverage.has_tenancies


def test_without_properties_the_tenancies_are_enough(home: Landlord) -> None:
    home.has(tenancies=[tenancy("T1", "2020-01-01")], **_damage(days_ago(2)))

    assert home.counts("T1") == DOOR
    assert not home.count().coverage.has_properties
    assert home.count().coverage.unlinked == {}


def test_refs_nobody_knows_are_kept_and_counted(home: Landlord) -> None:
    home.has(
        properties=[dwelling("P1")],
        tenancies=[tenancy("T1", "2020-01-01"), tenancy("T2", "2020-01-01", home="P2")],
        repairs=[
            repair("W1", TODAY),
            repair("W2", TODAY, home="P2"),
            repair("W3", TODAY, home="?"),
        ],
        lock_changes=[lock_change("L1", TODAY, home="?"), lock_change("L2", TODAY, home="??")],
        homelessness=[presentation("H1", TODAY, "T1"), presentation("H2", TODAY, "T?")],
    )

    assert home.count().coverage.unlinked == {"homelessness": 1, "lock_changes": 2, "repairs": 1}
    assert home.records.totals()["lock_changes"] == 2


def test_a_homelessness_presentation_finds_its_household_by_tenancy(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T1", "2020-01-01"), tenancy("T2", "2020-01-01", home="P2")],
        homelessness=[presentation("H1", days_ago(3), "T2")],
    )

    assert home.counts("T1") == {}
    assert home.counts("T2") == {"homeless_presentation": 1}


@pytest.mark.parametrize(("days", "counted"), [(1094, 1), (1095, 0)])
def test_history_reaches_back_as_far_as_configured(home: Landlord, days: int, counted: int) -> None:
    home.has(tenancies=[tenancy("T1", "2010-01-01")], **_damage(days_ago(days)))

    assert home.counts("T1").get("door_damage", 0) == counted


@pytest.mark.parametrize(("days", "lower_edge"), [(0, 0), (89, 0), (90, 90), (179, 90), (180, 180)])
def test_a_record_stands_in_the_bucket_of_its_age(
    home: Landlord, days: int, lower_edge: int
) -> None:
    home.has(tenancies=[tenancy("T1", "2010-01-01")], **_damage(days_ago(days)))

    edges = small_ruleset().age_edges_days
    assert {edges[bucket] for bucket in home.count().cells["bucket"]} == {lower_edge}


def test_the_last_minute_of_today_counts_and_tomorrow_does_not(home: Landlord) -> None:
    home.has(
        repairs=[
            repair("W1", f"{TODAY}T23:59:59", "door_damage"),
            repair("W2", f"{days_ago(-1)}T00:00:00", "door_damage"),
        ]
    )

    assert home.counts("P1") == DOOR


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (TODAY, TODAY, True),
        (None, None, True),
        (days_ago(-1), None, False),
        (None, days_ago(1), False),
    ],
)
def test_a_household_is_protected_from_the_first_to_the_last_day(
    home: Landlord, first: date | None, last: date | None, holds: bool
) -> None:
    home.has(protected=[protected("T1", "open_case", from_date=first, until_date=last)])

    assert ("T1" in home.records.protections(TODAY)) is holds


def test_a_source_that_knows_homes_by_uprn_finds_the_landlords_own_reference(
    home: Landlord,
) -> None:
    home.has(
        properties=[dwelling("P1", uprn="100"), dwelling("200"), dwelling("P3", uprn="200")],
        tenancies=[tenancy("T1", MOVE), tenancy("T2", MOVE, home="200")],
        repairs=[
            repair("W1", DAY_AFTER, "door_damage", home="100"),
            repair("W2", DAY_AFTER, "door_damage", home="200"),
        ],
    )

    assert home.all_counts() == {"T1": DOOR, "T2": DOOR}
    assert home.count().coverage.unlinked == {}


def test_a_uprn_of_two_homes_is_not_guessed(home: Landlord) -> None:
    home.has(
        properties=[dwelling("P1", uprn="100"), dwelling("P2", uprn="100")],
        tenancies=[tenancy("T1", MOVE)],
        repairs=[repair("W1", DAY_AFTER, "door_damage", home="100")],
    )

    assert home.all_counts() == {}
    assert home.count().coverage.unlinked == {"repairs": 1}
