"""Taking alerts on SQLite and PostgreSQL: in what order, one at a time, and not for ever."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from builders.at_once import all_at_once
from builders.cases import MINUTE, MONDAY, Office
from builders.store import AS_OF, a_reason, an_alert
from redflags.adapters.store import QueueStore
from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts import assign_check, case_notes, claim_alert, lapse_claims
from redflags.domain.alert import Alert, AlertState, Priority
from redflags.domain.people import Person, Role
from redflags.errors import CaseChanged, IllegalMove, InvalidAct

HOUR = timedelta(hours=1)
PEOPLE = 20


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


def takes_next(office: Office, person: Person) -> str | None:
    taken: str | None = office.does(person, claim_alert.take_next)
    return taken


# the order


def waiting(
    alert_id: str,
    priority: Priority = Priority.SOON,
    score: float = 1.0,
    look_by: datetime | None = MONDAY,
) -> Alert:
    alert = an_alert(alert_id, f"T-{alert_id}", priority=priority, score=score)
    return replace(alert, look_by_at_utc=look_by)


def test_the_most_urgent_is_taken_first(office: Office) -> None:
    office.raises(
        waiting("f", Priority.SOON, look_by=MONDAY + HOUR),
        waiting("e", Priority.SOON, score=1.0),
        waiting("d", Priority.ROUTINE, score=1.0),
        waiting("c", Priority.SOON, score=9.0),
        waiting("b", Priority.ROUTINE, score=0.1, look_by=None),
        waiting("a", Priority.FIRST, score=0.1, look_by=MONDAY + 9 * HOUR),
    )
    takers = [office.reviewer, office.colleague]
    taken = [takes_next(office, takers[number // 3]) for number in range(6)]
    assert taken == ["a", "b", "c", "d", "e", "f"]


def test_nothing_waits_for_whoever_may_not_know_of_it(office: Office) -> None:
    office.raises(an_alert())
    assert takes_next(office, office.hire("sofia", patches=frozenset({"south"}))) is None
    barred = office.hire("bea")
    office.bar(barred)
    assert takes_next(office, barred) is None
    assert takes_next(office, office.reviewer) == "a1"
    assert takes_next(office, office.colleague) is None


def test_nobody_holds_more_than_three(office: Office) -> None:
    office.raises(*(waiting(f"a{number}") for number in range(5)))
    for _ in range(3):
        takes_next(office, office.reviewer)
    with pytest.raises(InvalidAct, match="You have 3 alerts already"):
        takes_next(office, office.reviewer)
    with pytest.raises(InvalidAct, match="You have 3 alerts already"):
        office.claims("a4")
    office.acts(office.reviewer, claim_alert.release, "I am called away", alert_id="a0")
    assert takes_next(office, office.reviewer) == "a0"


def test_what_somebody_must_not_know_of_any_more_does_not_count_for_them(office: Office) -> None:
    office.raises(*(waiting(f"a{number}") for number in range(4)))
    for _ in range(3):
        takes_next(office, office.reviewer)
    office.bar(office.reviewer, office.row("a0").tenancy_ref)
    assert takes_next(office, office.reviewer) == "a3"


def test_what_is_given_back_waits_again(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    office.acts(office.reviewer, claim_alert.release, "I know the family")
    row = office.row()
    assert (row.state, row.claimed_by, row.claim_lapses_at_utc) == ("raised", None, None)
    assert takes_next(office, office.colleague) == "a1"


# the end of a claim


@pytest.mark.parametrize("state", [AlertState.CLAIMED, AlertState.ASKED])
def test_a_claim_lapses_when_nothing_happens(office: Office, state: AlertState) -> None:
    office.brings_to(state)
    lapses = office.row().claim_lapses_at_utc
    assert lapses == MONDAY + 2 * HOUR
    with office.store.writing() as connection:
        assert lapse_claims.lapse_claims(connection, lapses - MINUTE) == 0
    assert office.state() is state
    with office.store.writing() as connection:
        assert lapse_claims.lapse_claims(connection, lapses) == 1
        assert lapse_claims.lapse_claims(connection, lapses) == 0
    row = office.row()
    assert (row.state, row.claimed_by, row.asked_person) == ("raised", None, None)
    assert office.trail()[-1] == ("clock", "claim_lapsed")
    assert office.details("claim_lapsed") == {"state": "raised", "person": "rita"}


@pytest.mark.parametrize("state", [AlertState.CLAIMED, AlertState.ASKED])
def test_whose_claim_has_lapsed_reads_and_does_nothing_more(
    office: Office, state: AlertState
) -> None:
    office.brings_to(state)
    version, lapses = office.row().version, office.row().claim_lapses_at_utc
    office.now = lapses - MINUTE
    assert office.reads(office.reviewer).may_read
    assert office.reads(office.colleague).may_read is (state is AlertState.ASKED)
    office.now = lapses
    for person in (office.reviewer, office.colleague):
        found = office.reads(person)
        assert (found.may_read, found.mine, found.reasons) == (False, False, ())
        assert (found.state, found.claimed_by) == (AlertState.RAISED, None)
        with pytest.raises(CaseChanged):
            office.does(person, case_notes.add_note, "a1", version, "Too late")
    assert takes_next(office, office.colleague) == "a1"
    assert office.trail()[-2:] == [
        ("clock", "claim_lapsed"),
        (office.colleague.actor, "alert_claimed"),
    ]


def test_a_lapsed_claim_can_be_taken_by_name(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    with pytest.raises(IllegalMove, match="this one is claimed"):
        office.does(office.colleague, claim_alert.claim, "a1")
    office.now += 2 * HOUR
    office.does(office.colleague, claim_alert.claim, "a1")
    assert office.row().claimed_by == "carl"
    assert ("clock", "claim_lapsed") in office.trail()


def test_a_claim_without_an_end_has_come_to_it(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    with office.store.writing() as connection:
        connection.execute(update(ALERTS).values(claim_lapses_at_utc=None))
        assert lapse_claims.lapse_claims(connection, office.now) == 1


def test_what_the_claimant_does_renews_the_claim(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    office.now += HOUR
    office.acts(office.reviewer, case_notes.add_note, "I rang the surveyor")
    assert office.row().claim_lapses_at_utc == office.now + 2 * HOUR
    office.now += HOUR
    office.asks()
    assert office.row().claim_lapses_at_utc == office.now + 2 * HOUR
    renewed = office.row().claim_lapses_at_utc
    office.now += HOUR
    office.acts(office.colleague, case_notes.add_note, "I look it up")
    assert office.row().claim_lapses_at_utc == renewed


def test_a_welfare_check_does_not_lapse(office: Office) -> None:
    office.brings_to(AlertState.WELFARE_CHECK)
    with office.store.writing() as connection:
        assert lapse_claims.lapse_claims(connection, MONDAY + timedelta(days=30)) == 0


# many at once


@pytest.mark.parametrize("alerts", [PEOPLE * 2, PEOPLE, PEOPLE // 3])
def test_twenty_take_the_next_at_once_and_no_alert_is_taken_twice_or_lost(
    office: Office, alerts: int
) -> None:
    office.raises(*(waiting(f"a{number:02}") for number in range(alerts)))
    people = [office.hire(f"p{number:02}") for number in range(PEOPLE)]
    taken = all_at_once(people, lambda person: takes_next(office, person))
    got = [alert_id for alert_id in taken if alert_id is not None]
    assert len(got) == len(set(got)) == min(alerts, PEOPLE)
    # the most urgent ones, nothing skipped because somebody else was just at it
    assert sorted(map(str, got)) == [f"a{number:02}" for number in range(len(got))]
    for person, alert_id in zip(people, taken, strict=True):
        if alert_id is not None:
            assert office.row(str(alert_id)).claimed_by == person.person_id
    office.store.verify_audit()


def test_twenty_claim_one_alert_at_once_and_one_has_it(office: Office) -> None:
    office.raises()
    people = [office.hire(f"p{number:02}") for number in range(PEOPLE)]
    results = all_at_once(people, lambda person: office.does(person, claim_alert.claim, "a1"))
    assert Counter(results) == {None: 1, IllegalMove: PEOPLE - 1}
    assert office.trail().count((f"person:{office.row().claimed_by}", "alert_claimed")) == 1
    assert len(office.trail()) == 2


def test_of_two_acts_at_once_on_one_page_the_second_is_told(office: Office) -> None:
    office.brings_to(AlertState.WELFARE_CHECK)
    version = office.row().version
    both = [office.reviewer, office.manager]
    results = all_at_once(
        both, lambda person: office.does(person, assign_check.assign, "a1", version, "carl")
    )
    assert sorted(map(str, results)) == sorted(map(str, [None, CaseChanged]))
    assert [action for _, action in office.trail()].count("check_assigned") == 1
    assert office.row().version == version + 1


def test_a_night_and_people_at_work_at_once_do_not_stop_each_other(office: Office) -> None:
    office.raises(*(waiting(f"a{number:02}") for number in range(10)))

    def night(_: Person) -> None:
        with office.store.queue_transaction(AS_OF, "night", office.now) as queue:
            for number in range(10):
                queue.add_evidence(f"a{number:02}", [a_reason("R-9")], Priority.FIRST, 2.0, AS_OF)

    def work(person: Person) -> object:
        alert_id = takes_next(office, person)
        return office.does(
            person, claim_alert.release, alert_id, _version(office, alert_id), "Busy"
        )

    people = [office.hire(f"p{number}", Role.REVIEWER) for number in range(5)]
    results = all_at_once(
        [office.manager, *people],
        lambda person: night(person) if person is office.manager else work(person),
    )
    assert set(results) <= {None, CaseChanged}
    assert all(office.row(f"a{number:02}").priority == Priority.FIRST for number in range(10))
    office.store.verify_audit()


def _version(office: Office, alert_id: str | None) -> int:
    return int(office.row(str(alert_id)).version)
