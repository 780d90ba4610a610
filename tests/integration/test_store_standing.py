"""How the queue stands at one moment, in counts, on both engines."""

from datetime import timedelta

import pytest

from builders.cases import MONDAY, Office
from builders.store import an_alert
from redflags.adapters.store import QueueStore
from redflags.casework.reading.queue_standing import queue_standing
from redflags.domain.alert import AlertState
from redflags.domain.queue_state import Standing

DUE = MONDAY + timedelta(hours=48)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


def test_an_empty_queue_stands_well(store: QueueStore) -> None:
    assert queue_standing(store, MONDAY) == Standing()


@pytest.mark.parametrize(("late", "overdue"), [(timedelta(0), 0), (MOMENT, 1)])
def test_an_alert_nobody_looked_at_in_time_is_overdue(
    office: Office, late: timedelta, overdue: int
) -> None:
    office.raises(an_alert(look_by_at_utc=MONDAY))
    assert queue_standing(office.store, MONDAY + late) == Standing(1, 1, overdue, 0)


def test_an_alert_from_before_there_was_a_time_to_look_is_overdue(office: Office) -> None:
    office.raises(an_alert())
    assert queue_standing(office.store, MONDAY) == Standing(1, 1, 1, 0)


def test_a_claimed_alert_is_nobodys_again_when_the_claim_lapses(office: Office) -> None:
    office.raises()
    office.claims()
    lapses = MONDAY + timedelta(minutes=120)
    assert queue_standing(office.store, lapses - MOMENT).unclaimed == 0
    assert queue_standing(office.store, lapses).unclaimed == 1


@pytest.mark.parametrize(("late", "overdue"), [(timedelta(0), 0), (MOMENT, 1)])
def test_a_check_without_contact_is_overdue_after_its_48_hours(
    office: Office, late: timedelta, overdue: int
) -> None:
    office.brings_to(AlertState.ASSIGNED)
    assert queue_standing(office.store, DUE + late) == Standing(1, 0, 0, overdue)


def test_a_check_that_reached_somebody_is_not_overdue_nor_is_a_closed_alert(
    office: Office,
) -> None:
    office.brings_to(AlertState.CONTACT_ATTEMPTED, "a1")
    office.brings_to(AlertState.CLOSED, "a2")
    assert queue_standing(office.store, DUE + timedelta(days=9)) == Standing(1, 0, 0, 0)
