"""Referrals on SQLite and PostgreSQL: consent, or a reason and a second person; no way round it."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from builders.at_once import all_at_once
from builders.cases import MINUTE, Office
from builders.store import an_alert, meddling
from redflags.adapters.store import QueueStore
from redflags.casework.acts import claim_alert, close_alert, record_outcome
from redflags.casework.acts.look_with_reason import look_with_reason
from redflags.casework.acts.referrals import (
    WaitingReferral,
    answer_referral,
    ask_for_agreement,
    read_request,
    refer_with_consent,
    waiting_for_agreement,
    withdraw_referral,
)
from redflags.domain.alert import AlertState, Routing
from redflags.domain.outcome import NoteKind, Outcome
from redflags.domain.people import Person, Role
from redflags.domain.welfare_check import Consent, ReferralKind, ReferralState
from redflags.errors import CaseChanged, IllegalMove, InvalidAct, NotAllowed, NotForYou

WHY = "A child was at the window"


@pytest.fixture
def office(store: QueueStore) -> Office:
    made = Office(store)
    made.brings_to(AlertState.CONTACT_ATTEMPTED)
    return made


def asks(office: Office, person: Person | None = None, alert_id: str = "a1") -> str:
    asking = (ReferralKind.CHILDREN, WHY)
    referral_id: str = office.acts(
        person or office.reviewer, ask_for_agreement, *asking, alert_id=alert_id
    )
    return referral_id


def answers(office: Office, person: Person, referral_id: str, agreed: bool = True) -> None:
    office.does(person, answer_referral, referral_id, agreed, "I have seen it too")


def states(office: Office) -> list[str]:
    return [row["state"] for row in office.contents()["referrals"]]


# with consent


def test_with_consent_it_is_recorded_at_once(office: Office) -> None:
    consent = Consent("Rita", office.now)
    office.acts(office.reviewer, refer_with_consent, ReferralKind.SPECIALIST, consent)
    (referral,) = office.reads(office.reviewer).referrals
    assert referral.state is ReferralState.RECORDED
    assert (referral.consent_taken_by, referral.consent_taken_at_utc) == ("Rita", office.now)
    assert referral.answered_by is None
    assert office.trail()[-2] == (office.reviewer.actor, "referral_recorded")


@pytest.mark.parametrize("taken_by", ["", "  "])
def test_consent_was_taken_by_somebody(office: Office, taken_by: str) -> None:
    before = office.contents()
    consent = Consent(taken_by, office.now)
    with pytest.raises(InvalidAct, match="consent_taken_by"):
        office.acts(office.reviewer, refer_with_consent, ReferralKind.MARAC, consent)
    assert office.contents() == before


def test_consent_was_given_already(office: Office) -> None:
    consent = Consent("Rita", office.now + MINUTE)
    with pytest.raises(InvalidAct, match="consent_taken_at"):
        office.acts(office.reviewer, refer_with_consent, ReferralKind.MARAC, consent)
    office.now += MINUTE
    office.acts(office.reviewer, refer_with_consent, ReferralKind.MARAC, consent)


# without it


def test_without_consent_it_waits_for_a_second_person(office: Office) -> None:
    referral_id = asks(office)
    assert states(office) == ["waiting_for_agreement"]
    office.now += MINUTE
    answers(office, office.manager, referral_id)
    (referral,) = office.reads(office.reviewer).referrals
    assert referral.state is ReferralState.RECORDED
    assert (referral.asked_by.name, referral.reason) == ("Rita", WHY)
    assert referral.answered_by is not None
    assert (referral.answered_by.name, referral.answered_at_utc) == ("Mona", office.now)
    assert (office.manager.actor, "referral_agreed") in office.trail()


def test_without_agreement_it_is_not_recorded(office: Office) -> None:
    answers(office, office.specialist, asks(office), agreed=False)
    found = office.reads(office.reviewer)
    assert found.referrals[0].state is ReferralState.NOT_AGREED
    assert (found.notes[-1].kind, found.notes[-1].text) == (
        NoteKind.REFERRAL_ANSWER,
        "I have seen it too",
    )


@pytest.mark.parametrize("reason", ["", " \n"])
def test_asking_and_answering_need_a_reason(office: Office, reason: str) -> None:
    with pytest.raises(InvalidAct, match="reason"):
        office.acts(office.reviewer, ask_for_agreement, ReferralKind.ADULTS, reason)
    referral_id = asks(office)
    with pytest.raises(InvalidAct, match="reason"):
        office.does(office.manager, answer_referral, referral_id, True, reason)
    assert states(office) == ["waiting_for_agreement"]


# the second person


def refused(office: Office, person: Person, referral_id: str, error: type[Exception]) -> None:
    before, head = office.contents(), office.store.audit_head()
    for agreed in (True, False):
        with pytest.raises(error):
            answers(office, person, referral_id, agreed)
    assert (office.contents(), office.store.audit_head()) == (before, head)


def test_who_asked_does_not_agree_though_they_are_a_manager_too(office: Office) -> None:
    both = office.hire("rita", Role.REVIEWER, Role.MANAGER, Role.SPECIALIST)
    refused(office, both, asks(office, both), NotAllowed)
    assert office.does(both, waiting_for_agreement) == []


def test_a_reviewer_does_not_agree(office: Office) -> None:
    refused(office, office.colleague, asks(office), NotAllowed)


def test_who_is_barred_or_may_not_know_does_not_agree(office: Office) -> None:
    referral_id = asks(office)
    barred = office.hire("bea", Role.MANAGER)
    office.bar(barred)
    outsiders = (barred, office.hire("ada", Role.ADMIN), office.hire("sof", patches=frozenset()))
    for outsider in outsiders:
        refused(office, outsider, referral_id, NotForYou)


def test_a_manager_does_not_agree_to_what_is_the_specialists_alone(office: Office) -> None:
    office.raises(an_alert("a9", "T-9", routing=Routing.SPECIALIST))
    office.does(office.specialist, claim_alert.claim, "a9")
    referral_id = asks(office, office.specialist, "a9")
    refused(office, office.manager, referral_id, NotForYou)
    answers(office, office.taker, referral_id)


def test_an_answer_is_given_once(office: Office) -> None:
    referral_id = asks(office)
    answers(office, office.manager, referral_id, agreed=False)
    refused(office, office.specialist, referral_id, CaseChanged)
    refused(office, office.manager, referral_id, CaseChanged)
    assert states(office) == ["not_agreed"]


def test_of_two_answers_at_once_one_counts(office: Office) -> None:
    referral_id = asks(office)
    both = [office.manager, office.specialist]
    results = all_at_once(both, lambda person: answers(office, person, referral_id))
    assert Counter(results) == {None: 1, CaseChanged: 1}
    assert states(office) == ["recorded"]


def test_an_id_of_nothing_or_of_another_alert_opens_nothing_else(office: Office) -> None:
    refused(office, office.manager, "R-0000", NotForYou)
    office.raises(an_alert("a9", "T-9", patch="south"))
    office.does(office.taker, claim_alert.claim, "a9")
    anothers = asks(office, office.taker, "a9")
    mine = asks(office)
    office.bar(office.manager, "T-9")
    refused(office, office.manager, anothers, NotForYou)
    waiting = office.does(office.manager, waiting_for_agreement)
    assert waiting == [WaitingReferral(mine, "a1", office.now)]


def test_a_referral_by_consent_is_nobody_elses_to_answer(office: Office) -> None:
    consent = (ReferralKind.MARAC, Consent("Rita", office.now))
    referral_id = office.acts(office.reviewer, refer_with_consent, *consent)
    refused(office, office.manager, referral_id, NotForYou)


def test_the_second_person_reads_why_and_that_is_written_down(office: Office) -> None:
    referral_id = asks(office)
    request = office.does(office.manager, read_request, referral_id)
    assert (request.kind, request.reason, request.asked_by) == (ReferralKind.CHILDREN, WHY, "rita")
    assert office.trail()[-1] == (office.manager.actor, "referral_read")
    assert not office.reads(office.manager).may_read
    for outsider, error in ((office.colleague, NotAllowed), (office.reviewer, NotAllowed)):
        with pytest.raises(error):
            office.does(outsider, read_request, referral_id)


@pytest.mark.parametrize("agreed", [True, False])
def test_an_answered_request_is_read_by_who_may_read_the_case_and_nobody_else(
    office: Office, agreed: bool
) -> None:
    referral_id = asks(office)
    answers(office, office.manager, referral_id, agreed)
    head = office.store.audit_head()
    for overseer in (office.manager, office.specialist):
        with pytest.raises(CaseChanged):
            office.does(overseer, read_request, referral_id)
    assert office.store.audit_head() == head
    office.does(office.manager, look_with_reason, "a1", "A complaint")
    assert office.does(office.manager, read_request, referral_id).reason == WHY


def test_what_waits_is_listed_oldest_first_for_who_may_agree(office: Office) -> None:
    first = asks(office)
    office.now += timedelta(hours=1)
    second = asks(office)
    listed = office.does(office.manager, waiting_for_agreement)
    assert [item.referral_id for item in listed] == [first, second]
    assert [item.referral_id for item in office.does(office.specialist, waiting_for_agreement)] == [
        first,
        second,
    ]
    assert office.does(office.reviewer, waiting_for_agreement) == []
    assert office.does(office.colleague, waiting_for_agreement) == []


# while it waits


def test_an_alert_does_not_close_while_a_referral_waits(office: Office) -> None:
    referral_id = asks(office)
    office.records()
    with pytest.raises(InvalidAct, match="waiting for a second person"):
        office.closes()
    answers(office, office.manager, referral_id, agreed=False)
    office.closes()
    assert office.state() is AlertState.CLOSED


def test_neither_at_triage_nor_by_stopping_it(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED, "a2")
    office.brings_to(AlertState.ASSIGNED, "a3")
    asks(office, alert_id="a2")
    asks(office, alert_id="a3")
    ending = (Outcome.WRONG_DATA, "Another address")
    with pytest.raises(InvalidAct, match="referral"):
        office.acts(office.reviewer, close_alert.close_at_triage, *ending, alert_id="a2")
    with pytest.raises(InvalidAct, match="referral"):
        office.acts(office.manager, close_alert.stop, *ending, alert_id="a3")


def test_a_closed_alert_takes_no_referral(office: Office) -> None:
    office.records()
    office.closes()
    with pytest.raises(IllegalMove, match="closed"):
        asks(office)


def test_who_does_not_work_on_it_does_not_refer(office: Office) -> None:
    consent = (ReferralKind.MARAC, Consent("Carl", office.now))
    with pytest.raises(NotAllowed):
        office.acts(office.colleague, refer_with_consent, *consent)
    with pytest.raises(NotAllowed):
        asks(office, office.manager)


# round the program


@pytest.mark.parametrize(
    "change",
    [
        "state = 'recorded'",
        "state = 'recorded', answered_by = asked_by",
        "state = 'recorded', answered_by = 'mona', reason_sealed = NULL",
        "state = 'recorded', basis = 'consent'",
        "state = 'recorded', basis = 'consent', consent_taken_by = 'Rita'",
        "answered_by = asked_by",
    ],
)
def test_the_database_too_refuses_a_referral_without_its_basis(
    office: Office, database_url: str, change: str
) -> None:
    asks(office)
    with pytest.raises(IntegrityError), meddling(database_url) as connection:
        connection.execute(text(f"UPDATE referrals SET {change}"))
    assert states(office) == ["waiting_for_agreement"]


# taken back


def test_a_referral_that_nobody_can_agree_to_is_taken_back_and_the_case_can_close(
    office: Office,
) -> None:
    referral_id = asks(office)
    office.acts(office.reviewer, withdraw_referral, referral_id, "They agreed after all")
    assert states(office) == [ReferralState.WITHDRAWN]
    office.acts(office.reviewer, record_outcome.record_outcome, Outcome.OTHER_NEED, "")
    office.acts(office.reviewer, close_alert.close, "Support is in place")
    assert office.state() is AlertState.CLOSED


def test_what_was_taken_back_cannot_be_agreed_to(office: Office) -> None:
    referral_id = asks(office)
    office.acts(office.reviewer, withdraw_referral, referral_id, "They agreed after all")
    with pytest.raises(CaseChanged):
        answers(office, office.manager, referral_id)
    assert states(office) == [ReferralState.WITHDRAWN]


def test_what_was_answered_cannot_be_taken_back(office: Office) -> None:
    referral_id = asks(office)
    answers(office, office.manager, referral_id)
    with pytest.raises(CaseChanged):
        office.acts(office.reviewer, withdraw_referral, referral_id, "Too late")
    assert states(office) == [ReferralState.RECORDED]


def test_only_who_works_on_the_alert_takes_a_referral_back(office: Office) -> None:
    referral_id = asks(office)
    for person in (office.colleague, office.manager):
        with pytest.raises((NotAllowed, NotForYou)):
            office.acts(person, withdraw_referral, referral_id, "Not theirs")
    with pytest.raises(InvalidAct):
        office.acts(office.reviewer, withdraw_referral, referral_id, " ")
    with pytest.raises(NotForYou):
        office.acts(office.reviewer, withdraw_referral, "R-0000000000000000", "Another's")
    assert states(office) == [ReferralState.WAITING_FOR_AGREEMENT]
