"""Reading a case on SQLite and PostgreSQL: for whom, for how long, and always written down."""

from datetime import timedelta

import pytest

from builders.acts import PLAN
from builders.cases import MINUTE, Office, close, statements_of
from builders.full_case import full_case, keep_text
from builders.store import AS_OF, a_reason, an_alert, evidence
from redflags.adapters.store import QueueStore
from redflags.casework.acts import case_notes, look_with_reason
from redflags.casework.reading.case_file import EvidenceText, read_case, read_texts
from redflags.domain.alert import AlertState, Reason, Routing
from redflags.domain.outcome import NoteKind, Outcome
from redflags.domain.welfare_check import Basis, DashLevel, ReferralKind
from redflags.errors import InvalidAct, NotAllowed

HOUR = timedelta(hours=1)
BUDGET = 9
STATES_READ_BY_RITA = {
    AlertState.RAISED: False,
    AlertState.CLAIMED: True,
    AlertState.ASKED: True,
    AlertState.WELFARE_CHECK: True,
    AlertState.ASSIGNED: True,
    AlertState.CONTACT_ATTEMPTED: True,
    AlertState.OUTCOME_RECORDED: True,
    AlertState.CLOSED: False,
}


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


# who reads


@pytest.mark.parametrize("state", AlertState)
def test_whoever_works_on_it_reads_it_and_nobody_else(office: Office, state: AlertState) -> None:
    office.brings_to(state)
    found = office.reads(office.reviewer)
    assert found.may_read is found.mine is STATES_READ_BY_RITA[state]
    assert bool(found.reasons) is bool(found.tenancy_ref) is found.may_read
    for person in (office.manager, office.specialist, office.hire("bert")):
        assert not office.reads(person).may_read


def test_without_reading_there_is_a_header_and_nothing_else(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    found = office.reads(office.manager)
    assert (found.alert_id, found.patch, found.raised_on) == ("a1", "north", AS_OF)
    assert found.state is AlertState.CLOSED
    assert found.closed_by is not None
    assert found.closed_by.name == "Rita"
    private = (
        found.tenancy_ref,
        found.property_ref,
        found.outcome,
        found.dash_level,
        found.watched_until,
        found.plan,
        found.reasons,
        found.attempts,
        found.notes,
        found.referrals,
        found.has_texts,
    )
    assert not any(private)


@pytest.mark.parametrize("state", AlertState)
def test_each_reading_is_written_down_and_seeing_the_header_is_not(
    office: Office, state: AlertState
) -> None:
    office.brings_to(state)
    before = office.trail()
    office.reads(office.reviewer)
    office.reads(office.reviewer)
    office.reads(office.hire("bert"))
    readings = 2 * STATES_READ_BY_RITA[state]
    assert office.trail() == before + [(office.reviewer.actor, "evidence_read")] * readings
    office.store.verify_audit()


def test_a_reading_that_fails_is_no_reading(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    head = office.store.audit_head()
    with (
        pytest.raises(RuntimeError, match="midway"),
        office.units_of_work.begin(office.reviewer, office.now) as work,
    ):
        read_case(work, "a1")
        raise RuntimeError("midway")
    assert office.store.audit_head() == head


# what they read


def test_the_reasons_come_with_their_evidence_in_order(office: Office) -> None:
    reasons = (
        a_reason("R-2", "R-1", sentence="2 lock changes since March"),
        Reason("repair_frequency", "9 repairs", (evidence("R-1", "repair_count"),)),
        Reason("outlier", "odd among like homes"),
    )
    office.raises(an_alert(reasons=reasons))
    office.claims()
    found = office.reads(office.reviewer).reasons
    assert [Reason(r.rule_id, r.sentence, r.evidence) for r in found] == list(reasons)
    assert {r.added_on for r in found} == {AS_OF}


def test_everything_that_was_done_is_on_one_page(office: Office) -> None:
    full_case(office)
    found = office.reads(office.reviewer)
    assert found.plan == PLAN
    assert [a.note for a in found.attempts] == ["At the door"]
    assert {
        (r.kind, r.basis, r.reason, r.consent_taken_by, r.consent_taken_at_utc)
        for r in found.referrals
    } == {
        (ReferralKind.MARAC, Basis.CONSENT, "", "Rita", office.now),
        (ReferralKind.CHILDREN, Basis.SAFEGUARDING, "A child was there", "", None),
    }
    assert [n.kind for n in found.notes] == [NoteKind.DECISION, NoteKind.NOTE]
    assert [(c.seen, c.reporter_role, c.in_danger) for c in found.concerns] == [
        ("A fist-shaped hole in the door", "repairs", False)
    ]
    assert [(e.alert_id, e.outcome) for e in found.earlier] == [("a0", Outcome.ALREADY_SUPPORTED)]
    assert found.has_texts
    assert (found.dash_level, found.outcome) == (DashLevel.MEDIUM, Outcome.OTHER_NEED)


def test_an_earlier_alert_that_one_may_not_know_of_is_not_there(office: Office) -> None:
    office.raises(an_alert("a0", "T-1", routing=Routing.SPECIALIST))
    close(office.store, "a0")
    office.raises(an_alert("a1", "T-1"))
    office.claims()
    assert office.reads(office.reviewer).earlier == ()
    office.does(office.manager, look_with_reason.look_with_reason, "a1", "A complaint")
    assert office.reads(office.manager).earlier == ()
    office.does(office.specialist, look_with_reason.look_with_reason, "a1", "A complaint")
    assert [e.alert_id for e in office.reads(office.specialist).earlier] == ["a0"]


def test_another_households_past_is_not_there(office: Office) -> None:
    office.brings_to(AlertState.CLOSED, "a0")
    office.brings_to(AlertState.CLAIMED, "a1")
    assert office.reads(office.reviewer).earlier == ()


def test_one_case_costs_few_statements_however_much_is_in_it(office: Office) -> None:
    full_case(office)
    for person in (office.reviewer, office.manager):
        with office.units_of_work.begin(person, office.now) as work:
            with statements_of(work.connection) as sent:
                found = read_case(work, "a1")
            assert found.may_read is (person is office.reviewer)
            assert len(sent) == (7 if found.may_read else 2), sent
    with statements_of(office.store._engine) as sent:
        office.reads(office.reviewer)
    assert len(sent) <= BUDGET


# job text


def test_job_text_is_read_by_who_works_on_it_and_each_reading_is_written_down(
    office: Office,
) -> None:
    office.brings_to(AlertState.CLAIMED)
    keep_text(office, "R-2", "new cylinder, kicked in")
    keep_text(office, "R-1", "lock change", AS_OF - timedelta(days=1))
    before = office.trail()
    assert office.does(office.reviewer, read_texts, "a1") == [
        EvidenceText("repairs", "R-1", AS_OF - timedelta(days=1), "lock change"),
        EvidenceText("repairs", "R-2", AS_OF, "new cylinder, kicked in"),
    ]
    assert office.trail() == [*before, (office.reviewer.actor, "job_text_read")]
    assert office.details("job_text_read") == {"records": 2}
    with pytest.raises(NotAllowed):
        office.does(office.manager, read_texts, "a1")


# a manager who says why


@pytest.mark.parametrize("who", ["mona", "sue"])
@pytest.mark.parametrize("state", AlertState)
def test_who_says_why_reads_for_an_hour(office: Office, state: AlertState, who: str) -> None:
    office.brings_to(state)
    person = office.manager if who == "mona" else office.specialist
    office.does(person, look_with_reason.look_with_reason, "a1", "A complaint came in")
    office.now += HOUR - MINUTE
    found = office.reads(person)
    assert (found.may_read, found.mine) == (True, False)
    assert (found.notes[-1].kind, found.notes[-1].text) == (NoteKind.LOOKED, "A complaint came in")
    assert office.trail()[-2:] == [
        (person.actor, "evidence_granted"),
        (person.actor, "evidence_read"),
    ]
    office.now += MINUTE
    assert not office.reads(person).may_read
    office.does(person, look_with_reason.look_with_reason, "a1", "Another look")
    assert office.reads(person).may_read


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_blank_reason_opens_nothing(office: Office, reason: str) -> None:
    office.brings_to(AlertState.CLAIMED)
    with pytest.raises(InvalidAct, match="reason"):
        office.does(office.manager, look_with_reason.look_with_reason, "a1", reason)
    assert not office.reads(office.manager).may_read


def test_a_reviewer_does_not_read_others_alerts_by_saying_why(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    with pytest.raises(NotAllowed, match="managers and specialists"):
        office.does(office.colleague, look_with_reason.look_with_reason, "a1", "Curious")


def test_a_reason_opens_one_alert_for_one_person(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED, "a1")
    office.brings_to(AlertState.CLAIMED, "a2")
    office.does(office.manager, look_with_reason.look_with_reason, "a1", "A complaint")
    assert not office.reads(office.manager, "a2").may_read
    assert not office.reads(office.specialist, "a1").may_read


def test_looking_does_not_get_in_the_way_of_who_works_on_it(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    version = office.row().version
    office.does(office.manager, look_with_reason.look_with_reason, "a1", "A complaint")
    office.does(office.reviewer, case_notes.add_note, "a1", version, "Going on")


def test_a_reason_does_not_open_what_one_must_not_see(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    office.does(office.manager, look_with_reason.look_with_reason, "a1", "A complaint")
    office.bar(office.manager)
    with pytest.raises(Exception, match="no alert here that you can open"):
        office.reads(office.manager)
