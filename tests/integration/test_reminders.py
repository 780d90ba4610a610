"""Reminders that contact is due: to whom, when, once, and without a word too many (P7, P12)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from builders.cases import MONDAY, Office
from builders.reminding import URL, danger, remind, reminders, told
from builders.store import an_alert
from redflags.adapters.notify import OutboxFolderNotifier, deliver_due
from redflags.adapters.store import QueueStore
from redflags.adapters.store.tables import AUDIT_EVENTS, OUTBOX_MESSAGES
from redflags.casework.acts import assign_check
from redflags.casework.acts.write_reminders import linked_alert
from redflags.domain.alert import AlertState, Routing
from redflags.domain.people import Role
from redflags.domain.welfare_check import AttemptResult

DUE = MONDAY + timedelta(hours=48)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


@pytest.fixture
def check(office: Office) -> Office:
    """A welfare check decided on Monday at nine, assigned to Rita, who has reached nobody yet."""
    office.raises()
    office.claims()
    office.decides()
    office.assigns()
    office.plans()
    return office


def messages(office: Office) -> list[Row[Any]]:
    with office.store.reading() as connection:
        return list(connection.execute(select(OUTBOX_MESSAGES)))


# ---------------------------------------------------------------- when


def test_each_reminder_goes_in_its_time_to_the_assignee_and_the_managers(check: Office) -> None:
    written = [
        remind(check, DUE - before)
        for before in (24 * HOUR + MOMENT, 24 * HOUR, 6 * HOUR + MOMENT, 6 * HOUR, MOMENT, 0 * HOUR)
    ]
    assert written == [0, 2, 0, 2, 0, 2]
    assert told(check) == [
        (kind, person) for kind in ("first", "last", "missed") for person in ("mona", "rita")
    ]


def test_a_missed_contact_is_told_once(check: Office) -> None:
    assert remind(check, DUE) == 2
    assert [remind(check, DUE + days * 24 * HOUR) for days in (1, 2, 30)] == [0, 0, 0]


def test_after_a_pause_the_reminder_of_the_moment_goes_alone(check: Office) -> None:
    assert remind(check, DUE - 2 * HOUR) == 2
    assert {kind for kind, _ in told(check)} == {"last"}


def test_the_same_moment_again_writes_nothing(check: Office) -> None:
    remind(check, DUE)
    before, entries = messages(check), check.store.audit_head()
    assert remind(check, DUE) == 0
    assert (messages(check), check.store.audit_head()) == (before, entries)


def test_of_four_processes_at_once_one_writes(check: Office) -> None:
    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(lambda _: remind(check, DUE), range(4)))
    assert sum(written) == len(reminders(check)) == len(messages(check)) == 2
    check.store.verify_audit()


# ---------------------------------------------------------------- which checks


@pytest.mark.parametrize(
    ("state", "is_reminded"),
    [
        (AlertState.RAISED, False),
        (AlertState.CLAIMED, False),
        (AlertState.ASKED, False),
        (AlertState.WELFARE_CHECK, True),
        (AlertState.ASSIGNED, True),
        (AlertState.CLOSED, False),
    ],
)
def test_only_a_check_that_still_waits_for_contact_is_reminded_of(
    office: Office, state: AlertState, is_reminded: bool
) -> None:
    office.brings_to(state)
    assert (remind(office, DUE) > 0) == is_reminded


@pytest.mark.parametrize(
    ("result", "people"),
    [
        (AttemptResult.NO_ANSWER, ["mona", "rita"]),
        (AttemptResult.NOT_SAFE_TO_TALK, ["mona", "rita"]),
        (AttemptResult.SPOKE_NOT_ALONE, []),
        (AttemptResult.SPOKE_ALONE, []),
    ],
)
def test_who_was_reached_needs_no_reminder(
    check: Office, result: AttemptResult, people: list[str]
) -> None:
    check.tries(result)
    remind(check, DUE)
    assert [person for _, person in told(check)] == people


def test_a_check_that_nobody_has_is_the_managers_to_hear_of(office: Office) -> None:
    office.brings_to(AlertState.WELFARE_CHECK)
    remind(office, DUE)
    assert told(office) == [("missed", "mona")]


# ---------------------------------------------------------------- to whom


def test_somebody_in_danger_now_is_told_of_at_once_and_once(office: Office) -> None:
    danger(office, in_danger=True)
    assert remind(office, office.now) == 1
    assert told(office) == [("danger", "mona")]
    assert remind(office, office.now + HOUR) == 0


def test_danger_about_a_check_reaches_who_makes_it(check: Office) -> None:
    danger(check, in_danger=True)
    remind(check, check.now)
    assert told(check) == [("danger", "mona"), ("danger", "rita")]


def test_a_concern_without_danger_waits_for_the_daily_message(office: Office) -> None:
    danger(office, in_danger=False)
    assert remind(office, office.now) == 0


def test_what_only_specialists_may_see_is_theirs_to_hear_of(office: Office) -> None:
    office.reviewer = office.specialist
    office.hire("sam", Role.SPECIALIST)
    office.raises(an_alert(routing=Routing.SPECIALIST))
    office.claims()
    office.decides()
    remind(office, DUE)
    heard = {person for _, person in told(office)}
    assert heard >= {"sam", "sue"}
    assert "mona" not in heard


def test_who_must_not_know_of_the_household_hears_nothing(check: Office) -> None:
    max_ = check.hire("max", Role.MANAGER)
    check.bar(check.reviewer, "P-1")
    check.bar(max_, "0001")
    remind(check, DUE)
    assert told(check) == [("missed", "mona")]


def test_an_assignee_who_may_not_see_it_any_more_hears_nothing(check: Office) -> None:
    with check.store.queue_transaction(MONDAY.date(), "night", MONDAY) as queue:
        queue.hand_to_specialist("a1")
    remind(check, DUE)
    heard = {person for _, person in told(check)}
    assert "sue" in heard
    assert heard.isdisjoint({"rita", "mona"})


def test_who_left_or_has_another_role_hears_nothing(check: Office) -> None:
    check.hire("lee", Role.MANAGER, is_active=False)
    check.hire("ada", Role.ADMIN, Role.AUDITOR, Role.ANALYST, Role.REPAIRS)
    check.hire("rob", Role.REVIEWER, every_patch=True)
    remind(check, DUE)
    assert [person for _, person in told(check)] == ["mona", "rita"]


def test_whoever_has_it_now_is_reminded_too(check: Office) -> None:
    remind(check, DUE)
    check.acts(check.manager, assign_check.assign, "carl", "Rita is ill")
    assert remind(check, DUE + HOUR) == 1
    assert told(check)[-1] == ("missed", "carl")


# ---------------------------------------------------------------- what it says


def test_a_message_holds_the_template_an_address_and_an_opaque_link(check: Office) -> None:
    for before in (24 * HOUR, 6 * HOUR, 0 * HOUR):
        remind(check, DUE - before)
    links = {row.link_id for row in reminders(check)}
    assert len(links) == 6
    for message in messages(check):
        link = message.kind.removeprefix("reminder-")
        assert link in links
        assert message.subject == "Housing queue"
        assert message.body == (
            f"You have work in the housing queue.\n\nLog in to see it:\n{URL}/go/{link}\n"
        )
    assert len({(len(m.kind), len(m.body)) for m in messages(check)}) == 1
    assert {m.recipient for m in messages(check)} == {"rita@landlord.test", "mona@landlord.test"}


def test_a_link_leads_to_its_alert_and_no_other_link_anywhere(check: Office) -> None:
    remind(check, DUE)
    with check.store.reading() as connection:
        assert {linked_alert(connection, row.link_id) for row in reminders(check)} == {"a1"}
        assert linked_alert(connection, "0" * 32) is None
        assert linked_alert(connection, "") is None


def test_the_clock_is_written_down_with_each_and_no_address(check: Office) -> None:
    remind(check, DUE)
    with check.store.reading() as connection:
        query = select(AUDIT_EVENTS).filter_by(action="reminder_written")
        entries = connection.execute(query).all()
    assert {(entry.actor, entry.alert_id) for entry in entries} == {("clock", "a1")}
    assert sorted(entry.details for entry in entries) == [
        '{"kind":"missed","person":"mona"}',
        '{"kind":"missed","person":"rita"}',
    ]


def test_reminders_leave_as_the_daily_message_does(check: Office, tmp_path: Any) -> None:
    remind(check, DUE)
    assert deliver_due(check.store, OutboxFolderNotifier(tmp_path), DUE).sent == 2
    sent = [path.read_text() for path in tmp_path.glob("*.eml")]
    assert all("Subject: Housing queue\n" in mail.replace("\r\n", "\n") for mail in sent)
    assert not any(word in mail for mail in sent for word in ("0001", "P-1", "north", "missed"))
