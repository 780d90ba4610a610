"""How an alert ends and begins again, on SQLite and PostgreSQL: always an outcome and a reason."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from builders.cases import MONDAY, Office
from builders.store import AS_OF, a_reason, an_alert, raise_alerts
from redflags.adapters.store import QueueStore
from redflags.casework.acts import (
    ask_colleague,
    case_notes,
    claim_alert,
    close_alert,
    decide_welfare_check,
    recharge_review,
    reopen_alert,
)
from redflags.domain.alert import AlertState, Priority, Routing
from redflags.domain.outcome import NoteKind, Outcome
from redflags.domain.property_reference import Home
from redflags.errors import IllegalMove, InvalidAct

HOUR = timedelta(hours=1)
TODAY = MONDAY.date()


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


# the end


def test_a_closed_alert_says_how_when_and_by_whom(office: Office) -> None:
    # half past midnight in London, still the day before in UTC
    office.now = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)
    office.brings_to(AlertState.CLOSED)
    row = office.row()
    assert (row.outcome, row.closed_by) == (Outcome.WELFARE_NEED_MET, "rita")
    assert (row.closed_on, row.closed_at_utc) == (date(2026, 7, 7), office.now)
    assert row.claim_lapses_at_utc is None


@pytest.mark.parametrize("outcome", Outcome)
def test_at_triage_only_what_needs_no_contact_closes(office: Office, outcome: Outcome) -> None:
    office.brings_to(AlertState.CLAIMED)
    possible = {Outcome.NO_CHECK_NEEDED, Outcome.ALREADY_SUPPORTED, Outcome.WRONG_DATA}
    if outcome not in possible:
        with pytest.raises(InvalidAct, match="outcome"):
            office.acts(office.reviewer, close_alert.close_at_triage, outcome, "Known to us")
        return
    office.acts(office.reviewer, close_alert.close_at_triage, outcome, "Known to us")
    assert (office.state(), office.row().outcome) == (AlertState.CLOSED, outcome)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_nobody_is_watched_into_the_past_or_without_end(office: Office, days: int) -> None:
    office.brings_to(AlertState.OUTCOME_RECORDED)
    with pytest.raises(InvalidAct, match="watched_until"):
        office.closes(TODAY + timedelta(days=days))
    assert office.state() is AlertState.OUTCOME_RECORDED


@pytest.mark.parametrize("days", [1, 365])
def test_a_household_is_watched_for_up_to_a_year(office: Office, days: int) -> None:
    office.brings_to(AlertState.OUTCOME_RECORDED)
    office.closes(TODAY + timedelta(days=days))
    assert office.row().watched_until == TODAY + timedelta(days=days)


def test_a_check_that_has_begun_cannot_be_stopped(office: Office) -> None:
    stopping = (Outcome.WRONG_DATA, "Another address")
    office.brings_to(AlertState.CONTACT_ATTEMPTED, "a1")
    with pytest.raises(IllegalMove):
        office.acts(office.manager, close_alert.stop, *stopping)
    office.brings_to(AlertState.ASSIGNED, "a2")
    with pytest.raises(InvalidAct, match="outcome"):
        office.acts(office.manager, close_alert.stop, Outcome.NO_CONCERN_FOUND, "x", alert_id="a2")
    office.acts(office.manager, close_alert.stop, *stopping, alert_id="a2")
    row = office.row("a2")
    assert (row.state, row.outcome, row.closed_by) == ("closed", "wrong_data", "mona")


BLANK: dict[str, tuple[AlertState, Callable[..., object], tuple[object, ...]]] = {
    "release": (AlertState.CLAIMED, claim_alert.release, (" ",)),
    "ask": (AlertState.CLAIMED, ask_colleague.ask_colleague, ("carl", "\n")),
    "answer": (AlertState.ASKED, ask_colleague.answer, ("",)),
    "decide": (AlertState.CLAIMED, decide_welfare_check.decide_welfare_check, ("",)),
    "triage": (AlertState.CLAIMED, close_alert.close_at_triage, (Outcome.WRONG_DATA, " ")),
    "close": (AlertState.OUTCOME_RECORDED, close_alert.close, ("\t",)),
    "stop": (AlertState.ASSIGNED, close_alert.stop, (Outcome.WRONG_DATA, "")),
    "reopen": (AlertState.CLOSED, reopen_alert.reopen, ("",)),
    "note": (AlertState.CLAIMED, case_notes.add_note, (" ",)),
    "recharge": (AlertState.CLAIMED, recharge_review.ask_recharge_review, ("",)),
}


@pytest.mark.parametrize("name", BLANK)
def test_a_reason_is_never_blank(office: Office, name: str) -> None:
    state, act, arguments = BLANK[name]
    office.brings_to(state)
    person = {"answer": office.colleague, "stop": office.manager}.get(name, office.reviewer)
    before, head = office.contents(), office.store.audit_head()
    with pytest.raises(InvalidAct):
        office.acts(person, act, *arguments)
    assert (office.contents(), office.store.audit_head()) == (before, head)


# beginning again


@pytest.mark.parametrize("who", ["rita", "mona", "sue"])
def test_who_closed_it_a_manager_and_a_specialist_may_reopen(office: Office, who: str) -> None:
    office.brings_to(AlertState.CLOSED)
    people = {p.person_id: p for p in (office.reviewer, office.manager, office.specialist)}
    office.acts(people[who], reopen_alert.reopen, "She called again")
    assert office.state() is AlertState.RAISED


def test_a_reopened_alert_waits_as_if_new_and_keeps_its_past(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    office.now += HOUR
    office.acts(office.manager, reopen_alert.reopen, "She called again")
    row = office.row()
    ended = (row.outcome, row.closed_on, row.closed_by, row.assigned_to, row.due_at_utc)
    assert ended == (None,) * 5
    assert row.reopened_at_utc == office.now
    assert row.look_by_at_utc == office.now + timedelta(hours=120)
    office.claims()
    notes = [(note.kind, note.text) for note in office.reads(office.reviewer).notes]
    assert notes[-2:] == [
        (NoteKind.CLOSED, "Support is in place"),
        (NoteKind.REOPENED, "She called again"),
    ]
    assert office.details("alert_reopened") == {
        "state": "raised",
        "outcome": "welfare_need_met",
        "closed_on": TODAY.isoformat(),
    }


@pytest.mark.parametrize("routing", Routing)
def test_a_household_that_became_the_specialist_s_alone_is_theirs_when_it_is_reopened(
    office: Office, routing: Routing
) -> None:
    office.brings_to(AlertState.CLOSED)
    with office.store.queue_transaction(TODAY, "night", MONDAY) as queue:
        queue.publish_homes([Home("T-a1", "P-1", "north", routing)])
    office.acts(office.specialist, reopen_alert.reopen, "She called again")
    assert office.row().routing == routing
    assert office.reads(office.specialist).state is AlertState.RAISED


def test_the_night_takes_a_reopened_alert_as_open(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    office.acts(office.manager, reopen_alert.reopen, "She called again")
    with office.store.queue_transaction(AS_OF, "night", office.now) as queue:
        found = queue.state(AS_OF)
        assert found.open["T-a1"].state is AlertState.RAISED
        assert found.closed == ()
        assert not queue.raise_alert(an_alert("a2", "T-a1"))
        assert queue.add_evidence("a1", [a_reason("R-9")], Priority.FIRST, 2.0, AS_OF)


def test_a_household_with_another_open_alert_is_not_reopened(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    assert raise_alerts(office.store, an_alert("a2", "T-a1")) == [True]
    before, head = office.contents(), office.store.audit_head()
    with pytest.raises(IllegalMove, match="another alert that is open"):
        office.acts(office.manager, reopen_alert.reopen, "She called again")
    assert (office.contents(), office.store.audit_head()) == (before, head)
