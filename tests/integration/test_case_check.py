"""The welfare check on SQLite and PostgreSQL: 48 hours, a plan, attempts, and what came of it."""

from datetime import UTC, datetime, timedelta

import pytest

from builders.acts import ACTS, TAKER
from builders.cases import MINUTE, MONDAY, Office
from redflags.adapters.store import QueueStore
from redflags.casework.acts import (
    decide_welfare_check,
    log_contact_attempt,
    plan_contact,
    recharge_review,
    record_dash,
    reopen_alert,
)
from redflags.domain.alert import AlertState
from redflags.domain.outcome import Outcome
from redflags.domain.welfare_check import AttemptResult, Channel, DashLevel, SafeContactPlan
from redflags.errors import IllegalMove, InvalidAct

HOUR = timedelta(hours=1)
TODAY = MONDAY.date()


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


# the 48 hours


@pytest.mark.parametrize(
    ("decided", "due"),
    [
        (datetime(2026, 11, 3, 16, 15, tzinfo=UTC), datetime(2026, 11, 5, 16, 15, tzinfo=UTC)),
        # clocks go back on 25 October 2026 and forward on 28 March 2027
        (datetime(2026, 10, 24, 9, 0, tzinfo=UTC), datetime(2026, 10, 26, 9, 0, tzinfo=UTC)),
        (datetime(2027, 3, 27, 9, 0, tzinfo=UTC), datetime(2027, 3, 29, 9, 0, tzinfo=UTC)),
    ],
)
def test_contact_is_due_48_hours_after_the_decision_whatever_clocks_do(
    office: Office, decided: datetime, due: datetime
) -> None:
    office.now = decided
    office.brings_to(AlertState.WELFARE_CHECK)
    assert office.row().decided_at_utc == decided
    assert office.row().due_at_utc == due


def test_the_decision_can_name_who_makes_the_check(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    office.does(office.reviewer, ACTS["decide_and_assign"], "a1", office.row().version)
    row = office.row()
    assert (row.state, row.assigned_to, row.claimed_by) == ("assigned", TAKER, None)
    assert row.due_at_utc == office.now + 48 * HOUR
    assert [action for _, action in office.trail()][-2:] == [
        "welfare_check_decided",
        "check_assigned",
    ]


def test_a_decision_that_names_somebody_impossible_is_no_decision(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    before = office.contents()
    with pytest.raises(InvalidAct, match="person"):
        office.acts(office.reviewer, decide_welfare_check.decide_welfare_check, "Locks", "nobody")
    assert office.contents() == before


# the plan and the attempts


def test_nobody_is_contacted_before_there_is_a_plan(office: Office) -> None:
    office.brings_to(AlertState.WELFARE_CHECK)
    office.assigns()
    with pytest.raises(InvalidAct, match="plan"):
        office.tries()
    office.plans()
    office.tries()
    assert office.state() is AlertState.CONTACT_ATTEMPTED


def test_the_plan_of_an_earlier_check_does_not_count(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    office.now += HOUR
    office.acts(office.manager, reopen_alert.reopen, "She called")
    office.claims()
    office.decides()
    office.assigns()
    assert office.reads(office.reviewer).plan is None
    with pytest.raises(InvalidAct, match="plan"):
        office.tries()
    office.plans()
    office.tries()


def test_the_last_plan_is_the_one_that_counts(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    again = SafeContactPlan(Channel.PHONE, "At work, before 3", "Her brother", "A survey", True)
    office.acts(office.reviewer, plan_contact.make_plan, again)
    found = office.reads(office.reviewer)
    assert found.plan == again
    assert found.plan_made_by is not None
    assert found.plan_made_by.person_id == "rita"
    assert found.plan_made_at_utc == office.now


def attempt_at(office: Office, moment: datetime) -> None:
    attempt = (moment, Channel.VISIT, AttemptResult.NO_ANSWER, "")
    office.acts(office.reviewer, log_contact_attempt.log_attempt, *attempt)


def test_an_attempt_is_made_between_the_decision_and_now(office: Office) -> None:
    office.now = decided = MONDAY + timedelta(seconds=25)
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    office.now += HOUR
    for impossible in (office.now + timedelta(seconds=1), decided - MINUTE):
        with pytest.raises(InvalidAct, match="attempted_at"):
            attempt_at(office, impossible)
    attempt_at(office, office.now)
    attempt_at(office, decided.replace(second=0))
    assert office.row().first_attempt_at_utc == decided.replace(second=0)


@pytest.mark.parametrize("result", AttemptResult)
def test_only_speaking_to_them_is_contact(office: Office, result: AttemptResult) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    office.tries(result)
    row = office.row()
    assert row.first_attempt_at_utc == office.now
    assert row.contacted_at_utc == (office.now if result.reached else None)


def test_attempts_are_kept_in_order_with_what_was_noted(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    office.tries(AttemptResult.NO_ANSWER)
    office.now += HOUR
    office.tries(AttemptResult.SPOKE_ALONE)
    office.now += HOUR
    office.tries(AttemptResult.SPOKE_NOT_ALONE)
    found = office.reads(office.reviewer)
    assert [(a.result, a.note, a.by.name) for a in found.attempts] == [
        (AttemptResult.NO_ANSWER, "At the door", "Rita"),
        (AttemptResult.SPOKE_ALONE, "At the door", "Rita"),
        (AttemptResult.SPOKE_NOT_ALONE, "At the door", "Rita"),
    ]
    assert found.first_attempt_at_utc == MONDAY
    assert found.contacted_at_utc == MONDAY + HOUR


# what came of it


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_that_takes_contact_needs_contact(office: Office, outcome: Outcome) -> None:
    takes_contact = outcome in {
        Outcome.NO_CONCERN_FOUND,
        Outcome.DISCLOSED_ACCEPTS_SUPPORT,
        Outcome.DISCLOSED_DECLINES_SUPPORT,
    }
    never = outcome in {Outcome.NO_CHECK_NEEDED, Outcome.WRONG_DATA}
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    office.tries(AttemptResult.NO_ANSWER)
    if takes_contact or never:
        with pytest.raises(InvalidAct, match="outcome"):
            office.records(outcome)
        office.tries(AttemptResult.SPOKE_ALONE)
    if never:
        with pytest.raises(InvalidAct, match="outcome"):
            office.records(outcome)
        return
    office.records(outcome)
    assert office.row().outcome == outcome


def test_nobody_is_out_of_reach_before_anybody_tried(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    with pytest.raises(IllegalMove):
        office.records(Outcome.COULD_NOT_REACH)


def test_another_attempt_takes_the_outcome_back(office: Office) -> None:
    office.brings_to(AlertState.OUTCOME_RECORDED)
    office.tries()
    assert (office.state(), office.row().outcome) == (AlertState.CONTACT_ATTEMPTED, None)


def test_a_dash_is_recorded_when_it_was_done(office: Office) -> None:
    office.brings_to(AlertState.CONTACT_ATTEMPTED)
    with pytest.raises(InvalidAct, match="done_on"):
        tomorrow = TODAY + timedelta(days=1)
        office.acts(office.reviewer, record_dash.record_dash, tomorrow, DashLevel.HIGH)
    office.acts(office.specialist, record_dash.record_dash, TODAY, DashLevel.HIGH)
    found = office.reads(office.reviewer)
    assert (found.dash_done_on, found.dash_level) == (TODAY, DashLevel.HIGH)


def test_the_recharge_can_be_asked_to_be_looked_at_again(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    office.acts(office.reviewer, recharge_review.ask_recharge_review, "The damage was done to her")
    found = office.reads(office.reviewer)
    assert found.recharge_asked_at_utc == office.now
    assert found.notes[-1].text == "The damage was done to her"
