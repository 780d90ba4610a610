"""Works ordered to protect somebody are no signal, and mark the household to nobody."""

from collections.abc import Iterator

import pytest

from builders.records import (
    TODAY,
    Landlord,
    days_ago,
    landlord,
    lock_change,
    protected,
    repair,
    tenancy,
)


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


WORKS_FROM, WORKS_UNTIL = days_ago(60), days_ago(30)


@pytest.mark.parametrize(("days", "counted"), [(61, 1), (60, 0), (45, 0), (30, 0), (29, 1)])
@pytest.mark.parametrize("signal", ["lock_change", "security_request"])
def test_works_ordered_to_protect_a_household_are_no_signal_while_they_last(
    home: Landlord, signal: str, days: int, counted: int
) -> None:
    home.has(
        tenancies=[tenancy("T1", "2010-01-01")],
        protected=[protected("T1", from_date=WORKS_FROM, until_date=WORKS_UNTIL)],
        repairs=[repair("W1", days_ago(days), f"{signal} partner")],
    )

    assert home.counts("T1").get(signal, 0) == counted


def test_works_without_dates_last_for_good(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T1", "2010-01-01")],
        protected=[protected("T1")],
        lock_changes=[lock_change("L1", days_ago(500)), lock_change("L2", TODAY, "fear")],
    )

    assert home.counts("T1") == {}


def test_other_signals_of_a_household_with_such_works_count(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T1", "2010-01-01")],
        protected=[protected("T1", from_date=WORKS_FROM, until_date=WORKS_UNTIL)],
        repairs=[repair("W1", days_ago(45), "internal_damage force")],
    )

    assert home.counts("T1")["internal_damage"] == 1


@pytest.mark.parametrize("reason", ["open_case", "do_not_contact", "staff_household"])
def test_other_protections_take_no_signal_away(home: Landlord, reason: str) -> None:
    home.has(
        tenancies=[tenancy("T1", "2010-01-01")],
        protected=[protected("T1", reason)],
        lock_changes=[lock_change("L1", days_ago(9))],
    )

    assert home.counts("T1") == {"lock_change": 1}


def test_the_works_of_one_household_excuse_no_other(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T1", "2010-01-01"), tenancy("T2", "2010-01-01", home="P2")],
        protected=[protected("T1")],
        lock_changes=[lock_change("L1", days_ago(9), home="P2")],
    )

    assert home.counts("T2") == {"lock_change": 1}


def test_works_coded_as_sanctuary_are_no_signal_whatever_they_say(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T1", "2010-01-01")],
        lock_changes=[lock_change("L1", days_ago(9), "partner !sanctuary")],
    )

    assert home.counts("T1") == {}
