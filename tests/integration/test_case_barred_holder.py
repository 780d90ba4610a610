"""Somebody who is barred from a household holds nothing of it from then on, and learns nothing."""

import pytest

from builders.cases import Office
from redflags.adapters.store import QueueStore
from redflags.casework.accounts import declare
from redflags.casework.acts import assign_check
from redflags.casework.reading import alert_lists
from redflags.domain.alert import AlertState
from redflags.domain.people import InterestKind
from redflags.errors import NotForYou

HELD = (
    (AlertState.CLAIMED, AlertState.RAISED),
    (AlertState.ASKED, AlertState.RAISED),
    (AlertState.WELFARE_CHECK, AlertState.WELFARE_CHECK),
    (AlertState.ASSIGNED, AlertState.WELFARE_CHECK),
    (AlertState.CONTACT_ATTEMPTED, AlertState.WELFARE_CHECK),
    (AlertState.OUTCOME_RECORDED, AlertState.WELFARE_CHECK),
)


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


def bar(office: Office, ref: str = "P-1") -> None:
    with office.store.writing() as connection:
        declare(connection, office.reviewer, ref, InterestKind.BARRED, "person:admin", office.now)


@pytest.mark.parametrize(("held", "after"), HELD)
def test_what_a_barred_person_holds_goes_back_at_once(
    office: Office, held: AlertState, after: AlertState
) -> None:
    office.brings_to(held)
    due = office.row().due_at_utc
    bar(office)
    row = office.row()
    assert row.state == after
    assert (row.claimed_by, row.asked_person, row.assigned_to) == (None, None, None)
    assert row.due_at_utc == due, "the 48 hours run on"
    with pytest.raises(NotForYou):
        office.reads(office.reviewer)
    office.store.verify_audit()


def test_a_check_that_went_back_can_be_given_and_ended(office: Office) -> None:
    office.brings_to(AlertState.CONTACT_ATTEMPTED)
    bar(office)
    with office.store.reading() as connection:
        load = alert_lists.load(connection, office.manager, office.now)
    assert "rita" not in [row.person.person_id for row in load.by_person if row.checks]
    office.acts(office.manager, assign_check.assign, office.colleague.person_id)
    assert office.row().assigned_to == office.colleague.person_id


def test_what_is_of_another_home_stays(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    bar(office, "P-2")
    assert office.row().state == AlertState.ASSIGNED
