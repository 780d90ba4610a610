"""Giving out work on SQLite and PostgreSQL: all of what was chosen, or none of it."""

import pytest
from sqlalchemy import select

from builders.cases import Office
from builders.store import an_alert
from redflags.adapters.store import QueueStore
from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts.give_alerts import give
from redflags.domain.alert import AlertState, Routing
from redflags.domain.outcome import NoteKind
from redflags.domain.people import Person, Role
from redflags.errors import CaseChanged, IllegalMove, InvalidAct, NotAllowed, NotForYou

GIVABLE = [state for state in AlertState if state is not AlertState.CLOSED]
UNDECIDED = {AlertState.RAISED, AlertState.CLAIMED, AlertState.ASKED}


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


def gives(office: Office, *alert_ids: str, to: str = "sue", by: Person | None = None) -> None:
    seen = {alert_id: version_of(office, alert_id) for alert_id in alert_ids}
    office.does(by or office.manager, give, seen, to, "Rita is on holiday")


def version_of(office: Office, alert_id: str) -> int:
    """As it is now; 1 for an alert that is not there."""
    with office.store.reading() as connection:
        query = select(ALERTS.c.version).filter_by(alert_id=alert_id)
        return connection.execute(query).scalar_one_or_none() or 1


@pytest.mark.parametrize("state", GIVABLE)
def test_whatever_is_open_can_be_given_to_somebody_else(office: Office, state: AlertState) -> None:
    office.brings_to(state)
    gives(office, "a1")
    row = office.row()
    assert (row.claimed_by if state in UNDECIDED else row.assigned_to) == "sue"
    assert row.asked_person is None
    found = office.reads(office.specialist)
    assert (found.may_read, found.mine) == (True, True)
    assert (found.notes[-1].kind, found.notes[-1].text) == (NoteKind.GIVEN, "Rita is on holiday")
    assert not office.reads(office.reviewer).may_read
    assert not office.reads(office.colleague).may_read


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (AlertState.RAISED, AlertState.CLAIMED),
        (AlertState.ASKED, AlertState.CLAIMED),
        (AlertState.WELFARE_CHECK, AlertState.ASSIGNED),
        (AlertState.CONTACT_ATTEMPTED, AlertState.CONTACT_ATTEMPTED),
    ],
)
def test_giving_moves_it_as_far_as_it_takes(
    office: Office, state: AlertState, then: AlertState
) -> None:
    office.brings_to(state)
    due = office.row().due_at_utc
    gives(office, "a1")
    assert office.state() is then
    assert office.row().due_at_utc == due, "the 48 hours run on, whoever makes the check"


def test_many_are_given_at_once(office: Office) -> None:
    for state in GIVABLE:
        office.brings_to(state, f"is-{state}")
    chosen = [f"is-{state}" for state in GIVABLE]
    gives(office, *reversed(chosen), chosen[0])
    assert all(office.reads(office.specialist, alert_id).mine for alert_id in chosen)
    office.store.verify_audit()


def spoilers(office: Office) -> dict[str, type[Exception]]:
    """Alerts that cannot be given, in their several ways, to sort before and after the rest."""
    office.brings_to(AlertState.CLOSED, "b-closed")
    office.raises(
        an_alert("a-specialist", "T-7", routing=Routing.SPECIALIST),
        an_alert("z-barred", "T-barred"),
    )
    office.bar(office.manager, "T-barred")
    return {
        "b-closed": IllegalMove,
        "a-specialist": NotForYou,
        "z-barred": NotForYou,
        "z": NotForYou,
    }


@pytest.mark.parametrize("spoiler", ["b-closed", "a-specialist", "z-barred", "z"])
def test_when_one_cannot_be_given_none_is(office: Office, spoiler: str) -> None:
    errors = spoilers(office)
    office.brings_to(AlertState.RAISED, "m1")
    office.brings_to(AlertState.ASSIGNED, "m2")
    before, head = office.contents(), office.store.audit_head()
    with pytest.raises(errors[spoiler]):
        gives(office, "m1", spoiler, "m2")
    assert (office.contents(), office.store.audit_head()) == (before, head)


def test_even_somebody_who_goes_on_after_the_error_has_given_nothing(office: Office) -> None:
    office.brings_to(AlertState.RAISED, "m1")
    office.raises(an_alert("z-south", "T-9", patch="south"))
    before = office.contents()
    with office.units_of_work.begin(office.manager, office.now) as work, pytest.raises(InvalidAct):
        give(work, {"m1": 1, "z-south": 1}, "carl", "Rita is on holiday")
    assert office.contents() == before


def test_what_somebody_changed_since_it_was_seen_is_not_given_nor_what_was_beside_it(
    office: Office,
) -> None:
    for number in range(2):
        office.brings_to(AlertState.RAISED, f"a{number}")
    seen = {f"a{number}": version_of(office, f"a{number}") for number in range(2)}
    office.claims("a1")
    before = office.contents()
    with pytest.raises(CaseChanged):
        office.does(office.manager, give, seen, "sue", "Rita is on holiday")
    assert office.contents() == before


def test_giving_takes_an_alert_a_reason_and_a_manager(office: Office) -> None:
    office.brings_to(AlertState.RAISED)
    with pytest.raises(InvalidAct, match="alerts"):
        gives(office)
    with pytest.raises(InvalidAct, match="reason"):
        office.does(office.manager, give, {"a1": 1}, "sue", " ")
    for person in (office.reviewer, office.specialist, office.hire("ada", Role.ADMIN)):
        with pytest.raises(NotAllowed, match="managers"):
            gives(office, "a1", by=person)
    assert office.state() is AlertState.RAISED


def test_a_given_alert_may_be_more_than_somebody_would_take(office: Office) -> None:
    for number in range(4):
        office.brings_to(AlertState.RAISED, f"a{number}")
    gives(office, *(f"a{number}" for number in range(4)))
    assert {office.row(f"a{number}").claimed_by for number in range(4)} == {"sue"}
