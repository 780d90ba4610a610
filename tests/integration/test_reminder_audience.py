"""Whom a reminder goes to when those who oversee the queue may not know of the home (P8, P12)."""

from datetime import timedelta

import pytest

from builders.cases import MONDAY, Office
from builders.reminding import danger, go_away, leave, remind, reminders, told
from builders.store import an_alert, raise_alerts
from redflags.adapters.store import QueueStore
from redflags.casework.policy.notification_audience import PEOPLE_AT_ONCE
from redflags.casework.reading.queue_standing import queue_standing
from redflags.domain.alert import AlertState, Routing
from redflags.domain.people import Role

DUE = MONDAY + timedelta(hours=48)
DECIDERS = ["carl", "rita", "sue", "sven"]
EVERYBODY = ("reviewer", "colleague", "manager", "specialist", "taker")


@pytest.fixture
def office(store: QueueStore) -> Office:
    """Rita and Carl review the north, Mona manages, Sue and Sven are specialists."""
    return Office(store)


def heard(office: Office) -> list[str]:
    return sorted({person for _, person in told(office)})


def unseen(office: Office) -> int:
    return queue_standing(office.store, office.now).unseen


def without_specialists(office: Office) -> Office:
    leave(office, office.specialist, office.taker)
    return office


# ---------------------------------------------------------------- who could decide on it


def test_danger_is_told_to_all_who_could_take_it_when_no_manager_may_know(office: Office) -> None:
    office.bar(office.manager, "0001")
    danger(office)
    assert remind(office, office.now) == 4
    assert heard(office) == DECIDERS
    assert remind(office, office.now) == 0, "once"


def test_so_it_is_when_there_is_no_manager_at_all(office: Office) -> None:
    leave(office, office.manager)
    danger(office)
    remind(office, office.now)
    assert heard(office) == DECIDERS


def test_one_manager_who_may_know_is_enough(office: Office) -> None:
    office.hire("max", Role.MANAGER)
    office.bar(office.manager)
    danger(office)
    remind(office, office.now)
    assert heard(office) == ["max"]


def test_of_those_who_could_take_it_only_who_may_know_is_told(office: Office) -> None:
    office.hire("sally", Role.REVIEWER, patches=frozenset({"south"}))
    for person in (office.manager, office.reviewer, office.specialist):
        office.bar(person)
    danger(office)
    remind(office, office.now)
    assert heard(office) == ["carl", "sven"]


def test_a_contact_that_is_due_is_told_to_them_and_to_who_has_it(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.bar(office.manager)
    remind(office, DUE)
    assert told(office) == [("missed", person) for person in DECIDERS]


def test_a_manager_who_comes_later_hears_of_it_too(office: Office) -> None:
    office.bar(office.manager)
    danger(office)
    remind(office, office.now)
    office.hire("max", Role.MANAGER)
    assert remind(office, office.now) == 1
    assert "max" in heard(office)


# ---------------------------------------------------------------- who is away


def test_a_manager_who_is_away_is_told_and_not_counted_on(office: Office) -> None:
    go_away(office, office.manager)
    danger(office)
    remind(office, office.now)
    assert heard(office) == sorted([*DECIDERS, "mona"])
    assert unseen(office) == 0


def test_another_who_is_there_is_enough(office: Office) -> None:
    office.hire("max", Role.MANAGER)
    go_away(office, office.manager)
    danger(office)
    remind(office, office.now)
    assert heard(office) == ["max", "mona"]


def test_when_every_specialist_is_away_the_administrators_hear_of_a_protected_home(
    office: Office,
) -> None:
    office.hire("ada", Role.ADMIN)
    go_away(office, office.specialist, office.taker)
    danger(office, routing=Routing.SPECIALIST)
    remind(office, office.now)
    assert heard(office) == ["ada", "sue", "sven"]
    assert unseen(office) == 1, "and the page of people says so"


def test_one_specialist_who_is_there_keeps_it_from_them(office: Office) -> None:
    office.hire("ada", Role.ADMIN)
    go_away(office, office.specialist)
    danger(office, routing=Routing.SPECIALIST)
    remind(office, office.now)
    assert heard(office) == ["sue", "sven"]
    assert unseen(office) == 0


def test_administrators_hear_of_any_home_when_everybody_is_away(office: Office) -> None:
    office.hire("ada", Role.ADMIN)
    go_away(office, *(getattr(office, name) for name in EVERYBODY))
    danger(office)
    remind(office, office.now)
    assert heard(office) == sorted([*DECIDERS, "ada", "mona"])


# ---------------------------------------------------------------- the administrators


def test_without_a_specialist_danger_in_a_protected_home_is_the_administrators(
    office: Office,
) -> None:
    without_specialists(office).hire("ada", Role.ADMIN)
    danger(office, routing=Routing.SPECIALIST)
    remind(office, office.now)
    assert told(office) == [("danger", "ada")]


def test_their_message_is_the_one_everybody_gets(office: Office) -> None:
    without_specialists(office).hire("ada", Role.ADMIN)
    danger(office, routing=Routing.SPECIALIST)
    remind(office, office.now)
    (message,) = office.store.due_messages(office.now)
    (row,) = reminders(office)
    assert message.recipient == "ada@landlord.test"
    assert message.subject == "Housing queue"
    assert message.body.startswith("You have work in the housing queue.\n\nLog in to see it:\n")
    assert message.body.endswith(f"/go/{row.link_id}\n")


def test_administrators_hear_nothing_while_anybody_else_may_know(office: Office) -> None:
    office.hire("ada", Role.ADMIN)
    office.bar(office.manager)
    danger(office)
    remind(office, office.now)
    assert heard(office) == DECIDERS


def test_nor_of_a_home_that_they_must_not_know_of(office: Office) -> None:
    office.bar(without_specialists(office).hire("ada", Role.ADMIN), "0001")
    danger(office, routing=Routing.SPECIALIST)
    assert remind(office, office.now) == 0
    assert unseen(office) == 1, "and that is said"


# ---------------------------------------------------------------- how many nobody can be told of


def test_an_alert_that_somebody_may_see_is_not_counted(office: Office) -> None:
    office.raises(an_alert("a1"), an_alert("a2", "0002", routing=Routing.SPECIALIST))
    assert unseen(office) == 0


def test_a_protected_home_without_a_specialist_is_counted(office: Office) -> None:
    without_specialists(office).raises(
        an_alert("a1"), an_alert("a2", "0002", routing=Routing.SPECIALIST)
    )
    assert unseen(office) == 1


def test_a_home_of_which_everybody_is_barred_is_counted_until_it_is_closed(office: Office) -> None:
    office.brings_to(AlertState.WELFARE_CHECK, "a1")
    office.brings_to(AlertState.CLOSED, "a2")
    for person in (office.reviewer, office.colleague, office.manager):
        for ref in ("T-a1", "T-a2"):
            office.bar(person, ref)
    assert unseen(without_specialists(office)) == 1


def test_an_area_that_nobody_works_in_is_counted(store: QueueStore) -> None:
    office = without_specialists(Office(store))
    leave(office, office.manager)
    office.raises(an_alert("a1"), an_alert("a2", "0002", patch="south"))
    assert unseen(office) == 1


def test_whoever_has_no_part_in_cases_sees_none(office: Office) -> None:
    without_specialists(office).hire("ada", Role.ADMIN, Role.ANALYST, Role.AUDITOR, Role.REPAIRS)
    office.raises(an_alert(routing=Routing.SPECIALIST))
    assert unseen(office) == 1


def test_before_anybody_has_an_account_nothing_is_counted(store: QueueStore) -> None:
    raise_alerts(store, an_alert())
    assert queue_standing(store, MONDAY).unseen == 0


def test_many_people_are_asked_of_in_parts(office: Office) -> None:
    """More than one query's worth: the first part sees north and south, the second north, east."""
    leave(without_specialists(office), office.manager)
    for number in range(PEOPLE_AT_ONCE):
        office.hire(f"m{number:02}", Role.REVIEWER, patches=frozenset({"south"}))
    office.hire("zoe", Role.REVIEWER, patches=frozenset({"east"}))
    areas = ("north", "south", "east", "west")
    office.raises(*(an_alert(f"a-{area}", f"T-{area}", patch=area) for area in areas))
    assert unseen(office) == 1
