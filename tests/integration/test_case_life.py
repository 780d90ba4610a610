"""An alert's whole life on SQLite and PostgreSQL: every act kept with its audit entry, or not."""

from datetime import timedelta

import pytest

from builders.acts import ACTS, PLAN
from builders.cases import MONDAY, Office
from builders.store import AS_OF, a_reason
from redflags.adapters.store import QueueStore
from redflags.casework.acts import (
    ask_colleague,
    assign_check,
    claim_alert,
    close_alert,
    plan_contact,
)
from redflags.domain.alert import TRANSITIONS, AlertMove, AlertState, Priority
from redflags.domain.outcome import NoteKind, Outcome
from redflags.domain.people import Role
from redflags.errors import CaseChanged, IllegalMove, InvalidAct, NotAllowed

HOUR = timedelta(hours=1)
TODAY = MONDAY.date()


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


# the whole way, and nothing halfway


def test_from_raised_to_closed_each_act_is_in_the_trail(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    rita = office.reviewer.actor
    assert office.trail() == [
        ("night", "alert_raised"),
        (rita, "alert_claimed"),
        (rita, "welfare_check_decided"),
        (rita, "check_assigned"),
        (rita, "plan_made"),
        (rita, "attempt_logged"),
        (rita, "outcome_recorded"),
        (rita, "alert_closed"),
    ]
    office.store.verify_audit()


WRITING = sorted(set(ACTS) - {"read_case", "read_texts"})
WHEN = {
    "claim": AlertState.RAISED,
    "release": AlertState.CLAIMED,
    "ask_colleague": AlertState.CLAIMED,
    "answer": AlertState.ASKED,
    "take_over": AlertState.ASKED,
    "decide_welfare_check": AlertState.CLAIMED,
    "decide_and_assign": AlertState.CLAIMED,
    "close_at_triage": AlertState.CLAIMED,
    "assign": AlertState.WELFARE_CHECK,
    "make_plan": AlertState.ASSIGNED,
    "log_attempt": AlertState.ASSIGNED,
    "record_outcome": AlertState.CONTACT_ATTEMPTED,
    "record_dash": AlertState.CONTACT_ATTEMPTED,
    "ask_recharge_review": AlertState.CONTACT_ATTEMPTED,
    "close": AlertState.OUTCOME_RECORDED,
    "stop": AlertState.ASSIGNED,
    "reopen": AlertState.CLOSED,
    "add_note": AlertState.CLAIMED,
    "refer_with_consent": AlertState.CONTACT_ATTEMPTED,
    "ask_for_agreement": AlertState.CONTACT_ATTEMPTED,
    "look_with_reason": AlertState.CONTACT_ATTEMPTED,
    "give": AlertState.ASSIGNED,
}
OTHERS = {"answer": "carl", "stop": "mona", "look_with_reason": "mona", "give": "mona"}


@pytest.mark.parametrize("name", WRITING)
def test_an_act_and_its_audit_entry_are_kept_together_or_not_at_all(
    office: Office, name: str
) -> None:
    office.brings_to(WHEN[name])
    people = {p.person_id: p for p in (office.reviewer, office.colleague, office.manager)}
    person = people[OTHERS.get(name, "rita")]
    before, head, version = office.contents(), office.store.audit_head(), office.row().version

    def fails_midway() -> None:
        with office.units_of_work.begin(person, office.now) as work:
            ACTS[name](work, "a1", version)
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        fails_midway()
    assert (office.contents(), office.store.audit_head()) == (before, head)
    office.does(person, ACTS[name], "a1", version)
    assert office.contents() != before
    assert office.store.audit_head().entries > head.entries
    assert office.trail()[-1][0] == person.actor
    office.store.verify_audit()


def test_what_is_not_in_the_table_raises_and_writes_nothing(office: Office) -> None:
    everything = office.hire("olga", *Role)
    for state in AlertState:
        office.brings_to(state, alert_id := f"is-{state}")
        before, head, version = (
            office.contents(),
            office.store.audit_head(),
            office.row(alert_id).version,
        )
        for name, move in _MOVES.items():
            if (state, move) in TRANSITIONS:
                continue
            with pytest.raises(IllegalMove):
                office.does(everything, ACTS[name], alert_id, version)
        assert (office.contents(), office.store.audit_head()) == (before, head)


_MOVES = {
    "claim": AlertMove.CLAIM,
    "release": AlertMove.RELEASE,
    "ask_colleague": AlertMove.ASK_COLLEAGUE,
    "answer": AlertMove.ANSWER,
    "take_over": AlertMove.TAKE_OVER,
    "decide_welfare_check": AlertMove.ASK_FOR_WELFARE_CHECK,
    "close_at_triage": AlertMove.CLOSE,
    "assign": AlertMove.ASSIGN,
    "log_attempt": AlertMove.LOG_ATTEMPT,
    "record_outcome": AlertMove.RECORD_OUTCOME,
    "close": AlertMove.CLOSE,
    "stop": AlertMove.STOP,
    "reopen": AlertMove.REOPEN,
}


def test_the_two_ways_to_close_are_not_taken_for_each_other(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED, "a1")
    with pytest.raises(IllegalMove):
        office.acts(office.reviewer, close_alert.close, "Done")
    office.brings_to(AlertState.OUTCOME_RECORDED, "a2")
    ending = (Outcome.WRONG_DATA, "Another address")
    with pytest.raises(IllegalMove):
        office.acts(office.reviewer, close_alert.close_at_triage, *ending, alert_id="a2")


def test_a_closed_alert_cannot_be_given_away(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    with pytest.raises(IllegalMove, match="closed"):
        office.acts(office.manager, ACTS["give"])


# whose act it is


@pytest.mark.parametrize(
    ("name", "state"),
    [(name, state) for name, state in WHEN.items() if name not in ("claim", "take_over")],
)
def test_what_is_somebody_elses_to_do_is_refused(
    office: Office, name: str, state: AlertState
) -> None:
    office.brings_to(state)
    bystander = office.hire("bert")
    with pytest.raises(NotAllowed):
        office.does(bystander, ACTS[name], "a1", office.row().version)


def test_a_manager_alone_neither_takes_nor_decides(office: Office) -> None:
    office.brings_to(AlertState.RAISED)
    with pytest.raises(NotAllowed, match="reviewers and specialists"):
        office.does(office.manager, claim_alert.claim, "a1")
    with pytest.raises(NotAllowed, match="reviewers and specialists"):
        office.does(office.manager, claim_alert.take_next)


def test_who_decided_reads_no_more_once_somebody_else_makes_the_check(office: Office) -> None:
    office.brings_to(AlertState.WELFARE_CHECK)
    assert office.reads(office.reviewer).may_read
    office.acts(
        office.reviewer, assign_check.assign, office.colleague.person_id, "She knows the block"
    )
    assert not office.reads(office.reviewer).may_read
    found = office.reads(office.colleague)
    assert found.may_read
    assert found.mine
    assert found.decided_by is not None
    assert found.decided_by.name == "Rita"
    assert [(n.kind, n.text) for n in found.notes][-1] == (NoteKind.GIVEN, "She knows the block")


# asking a colleague


def test_whoever_is_asked_reads_it_and_their_answer_gives_it_back(office: Office) -> None:
    office.brings_to(AlertState.ASKED)
    assert office.reads(office.colleague).may_read
    assert office.reads(office.reviewer).may_read
    office.now += HOUR
    office.acts(office.colleague, ask_colleague.answer, "We fitted two of them")
    assert not office.reads(office.colleague).may_read
    found = office.reads(office.reviewer)
    assert [(n.kind, n.text, n.by.name) for n in found.notes] == [
        (NoteKind.QUESTION, "Do you know of works there?", "Rita"),
        (NoteKind.ANSWER, "We fitted two of them", "Carl"),
    ]
    assert found.state is AlertState.CLAIMED
    assert found.claim_lapses_at_utc == office.now + 2 * HOUR


@pytest.mark.parametrize("taker", ["rita", "carl"])
def test_of_who_asked_and_who_was_asked_either_has_it_alone(office: Office, taker: str) -> None:
    office.brings_to(AlertState.ASKED)
    person = office.reviewer if taker == "rita" else office.colleague
    office.acts(person, ask_colleague.take_over)
    row = office.row()
    assert (row.state, row.claimed_by, row.asked_person) == ("claimed", taker, None)


def test_nobody_asks_themself(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    with pytest.raises(InvalidAct, match="person"):
        office.acts(office.reviewer, ask_colleague.ask_colleague, "rita", "Do I know?")


# two at once


def test_an_old_page_overwrites_nothing(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    old = office.row().version
    office.plans()
    before, head = office.contents(), office.store.audit_head()
    with pytest.raises(CaseChanged, match="Somebody else changed"):
        office.does(office.reviewer, plan_contact.make_plan, "a1", old, PLAN)
    assert (office.contents(), office.store.audit_head()) == (before, head)


def test_new_evidence_of_the_night_is_a_change_too(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    old = office.row().version
    with office.store.queue_transaction(AS_OF, "night", office.now) as queue:
        queue.add_evidence("a1", [a_reason("R-9")], Priority.FIRST, 2.0, AS_OF)
    with pytest.raises(CaseChanged):
        office.does(office.reviewer, ACTS["close_at_triage"], "a1", old)
