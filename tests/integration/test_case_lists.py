"""What each person finds in their lists: theirs to know, in order, and nothing of the household."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from builders.cases import MONDAY, Office, statements_of
from builders.queue_load import Load, load_queue
from builders.store import AS_OF, NOW, a_reason, an_alert
from redflags.adapters.store import QueueStore
from redflags.adapters.store.people_tables import PEOPLE
from redflags.casework.acts import assign_check, claim_alert
from redflags.casework.reading import alert_lists
from redflags.casework.reading.alert_lists import CaseFilter, MyWork, Page, QueueRow
from redflags.domain.alert import Alert, AlertState, Priority, Routing
from redflags.domain.people import Person, Role
from redflags.domain.welfare_check import AttemptResult

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


def alert(alert_id: str, **more: object) -> Alert:
    """Of a household of its own, to be looked at within two days of Monday morning."""
    known = {"look_by_at_utc": MONDAY + 48 * HOUR} | more
    return replace(an_alert(alert_id, f"T-{alert_id}"), **known)  # type: ignore[arg-type]


def ids(page: Page) -> list[str]:
    return [row.alert_id for row in page.rows]


def waiting(office: Office, person: Person, page: int = 1, size: int = 25) -> Page:
    with office.store.reading() as connection:
        return alert_lists.waiting(connection, person, office.now, page, size)


def mine(office: Office, person: Person) -> MyWork:
    with office.store.reading() as connection:
        return alert_lists.mine(connection, person, office.now)


def open_cases(office: Office, person: Person, chosen: CaseFilter, page: int = 1) -> Page:
    with office.store.reading() as connection:
        return alert_lists.open_cases(connection, person, chosen, page)


# waiting


def test_what_to_look_at_first_comes_first_and_then_what_is_due(office: Office) -> None:
    office.raises(
        alert("due-later", look_by_at_utc=MONDAY + 3 * HOUR, priority=Priority.SOON),
        alert("due-sooner", look_by_at_utc=MONDAY + 2 * HOUR, priority=Priority.ROUTINE),
        alert("first", look_by_at_utc=MONDAY + 9 * HOUR, priority=Priority.FIRST),
        alert("no-time", look_by_at_utc=None, priority=Priority.ROUTINE),
        alert("odder", look_by_at_utc=MONDAY + 3 * HOUR, priority=Priority.ROUTINE, score=9.0),
        alert("a-tie", look_by_at_utc=MONDAY + 3 * HOUR, priority=Priority.SOON),
    )
    in_order = ["first", "no-time", "due-sooner", "odder", "a-tie", "due-later"]
    assert ids(waiting(office, office.reviewer)) == in_order


def test_scores_of_two_nights_are_not_compared(office: Office) -> None:
    """One rule set may score from 0 to 30, another from -3 to 8; both have alerts open."""
    office.raises(
        alert("old-and-odd", look_by_at_utc=MONDAY + 40 * HOUR, score=12.3),
        alert("new", look_by_at_utc=MONDAY + 39 * HOUR, score=-0.5),
        alert("new-and-odd", look_by_at_utc=MONDAY + 39 * HOUR, score=2.4),
    )
    assert ids(waiting(office, office.reviewer)) == ["new-and-odd", "new", "old-and-odd"]


def test_an_alert_that_becomes_due_with_tonights_has_its_place_among_them(office: Office) -> None:
    office.raises(
        alert("old", look_by_at_utc=MONDAY + 90 * HOUR, score=12.3),
        alert("tonights", score=0.5),
        alert("tonights-odder", score=3.0),
    )
    with office.store.queue_transaction(AS_OF, "night", NOW) as queue:
        news, due = [a_reason("R-2")], MONDAY + 48 * HOUR
        assert queue.add_evidence("old", news, Priority.SOON, 2.4, AS_OF, due)
    in_order = ["tonights-odder", "old", "tonights"]
    assert ids(waiting(office, office.reviewer)) == in_order
    assert office.does(office.reviewer, claim_alert.take_next) == in_order[0]


def test_the_list_is_in_the_order_in_which_alerts_are_taken(office: Office) -> None:
    office.raises(
        *(
            alert(
                f"a{n}",
                look_by_at_utc=None if n == 3 else MONDAY + (n * 7 % 5) * HOUR,
                priority=Priority(1 + n % 3),
                score=float(n % 2),
            )
            for n in range(9)
        )
    )
    listed = ids(waiting(office, office.reviewer))
    taken = []
    for n in range(3):
        somebody = office.hire(f"r{n}", Role.REVIEWER)
        taken += [office.does(somebody, claim_alert.take_next) for _ in range(3)]
    assert taken == listed


def test_a_waiting_alert_shows_its_reference_area_age_priority_and_time(office: Office) -> None:
    office.raises(alert("a1", raised_on=date(2026, 11, 1), priority=Priority.SOON))
    (row,) = waiting(office, office.reviewer).rows
    assert row == QueueRow(
        "a1",
        "north",
        date(2026, 11, 1),
        Priority.SOON,
        AlertState.RAISED,
        MONDAY + 48 * HOUR,
        due_at_utc=None,
    )


def test_no_list_has_a_place_for_a_household_or_what_speaks_of_it() -> None:
    shown = {field.name for field in fields(QueueRow)}
    assert shown.isdisjoint({"tenancy_ref", "property_ref", "reasons", "score", "routing"})


@pytest.mark.parametrize("state", [state for state in AlertState if state is not AlertState.RAISED])
def test_what_somebody_has_or_had_does_not_wait(office: Office, state: AlertState) -> None:
    office.brings_to(state)
    assert waiting(office, office.manager).total == 0


@pytest.mark.parametrize("state", [AlertState.CLAIMED, AlertState.ASKED])
def test_a_claim_that_lapsed_waits_again_as_if_nobody_had_had_it(
    office: Office, state: AlertState
) -> None:
    office.brings_to(state)
    office.now += timedelta(minutes=120) - MINUTE
    assert waiting(office, office.reviewer).rows == ()
    office.now += MINUTE
    found = waiting(office, office.reviewer)
    assert (found.total, ids(found)) == (1, ["a1"])
    assert (found.rows[0].state, found.rows[0].person) == (AlertState.RAISED, None)


def test_pages_follow_each_other_without_gap_or_overlap(office: Office) -> None:
    office.raises(*(alert(f"a{n}", priority=Priority(1 + n % 3)) for n in range(7)))
    pages = [waiting(office, office.reviewer, page, size=3) for page in (1, 2, 3, 4)]
    assert [len(page.rows) for page in pages] == [3, 3, 1, 0]
    assert sorted(one for page in pages for one in ids(page)) == [f"a{n}" for n in range(7)]
    assert [(page.total, page.pages) for page in pages] == [(7, 3)] * 4


def test_an_empty_list_has_one_page(office: Office) -> None:
    assert waiting(office, office.reviewer).pages == 1


# who may know


def test_a_reviewer_finds_only_their_own_areas(office: Office) -> None:
    office.raises(alert("a1", patch="north"), alert("a2", patch="south"), alert("a3", patch=""))
    assert ids(waiting(office, office.reviewer)) == ["a1"]
    everywhere = office.hire("eve", Role.REVIEWER, every_patch=True)
    assert ids(waiting(office, everywhere)) == ["a1", "a2", "a3"]


def test_what_is_the_specialist_s_alone_is_in_nobody_else_s_list(office: Office) -> None:
    office.raises(alert("a1", routing=Routing.SPECIALIST))
    found = {p.person_id: waiting(office, p).total for p in _everybody(office)}
    assert found == {"rita": 0, "mona": 0, "sue": 1, "anna": 0, "rory": 0, "aude": 0, "adam": 0}


def test_a_barred_person_s_lists_and_totals_are_as_if_there_were_no_alert(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    office.brings_to(AlertState.RAISED, "a2")
    office.brings_to(AlertState.ASSIGNED, "a3")
    office.bar(office.manager, "P-1")
    with office.store.reading() as connection:
        assert alert_lists.waiting(connection, office.manager, office.now, 1).total == 0
        assert alert_lists.open_cases(connection, office.manager, CaseFilter(), 1).total == 0
        recent = alert_lists.closed_recently(connection, office.manager, MONDAY - HOUR, 1)
        load = alert_lists.load(connection, office.manager, office.now + 72 * HOUR)
    assert (recent.rows, recent.total) == ((), 0)
    assert (load.by_patch, load.overdue, load.due_soon) == ((), (), ())
    assert all(one.checks == one.claims == one.overdue == 0 for one in load.by_person)


# my work


def test_what_i_have_is_sorted_into_what_it_asks_of_me(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED, "taken")
    office.brings_to(AlertState.ASKED, "asked")
    office.brings_to(AlertState.WELFARE_CHECK, "decided")
    office.brings_to(AlertState.CONTACT_ATTEMPTED, "tried")
    work = mine(office, office.reviewer)
    assert {row.alert_id for row in work.claimed} == {"taken", "asked"}
    assert [row.alert_id for row in work.checks] == ["decided", "tried"]
    assert work.asked_of_me == ()


def test_who_is_asked_sees_who_asks(office: Office) -> None:
    office.brings_to(AlertState.ASKED)
    (row,) = mine(office, office.colleague).asked_of_me
    assert (row.alert_id, row.person and row.person.name) == ("a1", "Rita")
    (asked,) = mine(office, office.reviewer).claimed
    assert asked.person and asked.person.name == "Carl"


def test_my_claim_says_when_it_lapses_and_is_gone_then(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    (row,) = mine(office, office.reviewer).claimed
    assert row.claim_lapses_at_utc == MONDAY + timedelta(minutes=120)
    office.now += timedelta(minutes=120)
    assert mine(office, office.reviewer) == MyWork((), (), ())


def test_a_check_is_with_whom_it_was_given_to(office: Office) -> None:
    office.brings_to(AlertState.WELFARE_CHECK)
    office.acts(office.reviewer, assign_check.assign, office.colleague.person_id)
    assert mine(office, office.reviewer).checks == ()
    (row,) = mine(office, office.colleague).checks
    assert (row.due_at_utc, row.contacted_at_utc) == (MONDAY + 48 * HOUR, None)


CHECK_STATES = (
    AlertState.WELFARE_CHECK,
    AlertState.ASSIGNED,
    AlertState.CONTACT_ATTEMPTED,
    AlertState.OUTCOME_RECORDED,
)


def hands_over(office: Office, alert_id: str = "a1") -> None:
    with office.store.queue_transaction(MONDAY.date(), "night", MONDAY) as queue:
        queue.hand_to_specialist(alert_id)


@pytest.mark.parametrize("state", CHECK_STATES)
def test_a_check_handed_to_the_specialists_half_way_is_with_them_until_one_has_it(
    office: Office, state: AlertState
) -> None:
    office.brings_to(state)
    assert mine(office, office.specialist).checks == ()
    hands_over(office)
    assert mine(office, office.reviewer).checks == ()
    for specialist in (office.specialist, office.taker):
        assert [row.alert_id for row in mine(office, specialist).checks] == ["a1"]
    office.acts(office.specialist, assign_check.assign, office.specialist.person_id)
    assert [row.alert_id for row in mine(office, office.specialist).checks] == ["a1"]
    assert mine(office, office.taker).checks == ()


@pytest.mark.parametrize("gone", [{"is_away": True}, {"is_active": False}])
def test_the_check_of_a_specialist_who_is_away_or_gone_is_with_the_others(
    office: Office, gone: dict[str, bool]
) -> None:
    office.brings_to(AlertState.ASSIGNED)
    hands_over(office)
    office.acts(office.specialist, assign_check.assign, office.taker.person_id)
    assert mine(office, office.specialist).checks == ()
    with office.store.writing() as connection:
        this = PEOPLE.c.person_id == office.taker.person_id
        connection.execute(update(PEOPLE).where(this).values(**gone))
    assert [row.alert_id for row in mine(office, office.specialist).checks] == ["a1"]


def test_who_is_barred_does_not_find_what_was_handed_to_the_specialists(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    hands_over(office)
    office.bar(office.specialist, "T-a1")
    assert mine(office, office.specialist) == MyWork((), (), ())


def test_my_checks_are_in_the_order_in_which_contact_is_due(office: Office) -> None:
    office.now += HOUR
    office.brings_to(AlertState.ASSIGNED, "a-later")
    office.now -= HOUR
    office.brings_to(AlertState.ASSIGNED, "b-sooner")
    assert [row.alert_id for row in mine(office, office.reviewer).checks] == ["b-sooner", "a-later"]


# managers


def test_open_cases_are_found_by_state_area_and_person(office: Office) -> None:
    office.raises(alert("a1", patch="north"), alert("a2", patch="south"))
    office.brings_to(AlertState.ASSIGNED, "a3")
    office.brings_to(AlertState.CLOSED, "a4")
    found = {
        name: sorted(ids(open_cases(office, office.manager, chosen)))
        for name, chosen in {
            "all": CaseFilter(),
            "raised": CaseFilter(state=AlertState.RAISED),
            "south": CaseFilter(patch="south"),
            "rita": CaseFilter(person_id="rita"),
            "carl": CaseFilter(person_id="carl"),
            "closed": CaseFilter(state=AlertState.CLOSED),
        }.items()
    }
    assert found == {
        "all": ["a1", "a2", "a3"],
        "raised": ["a1", "a2"],
        "south": ["a2"],
        "rita": ["a3"],
        "carl": [],
        "closed": [],
    }


def test_open_cases_count_what_was_chosen_and_begin_with_the_oldest(office: Office) -> None:
    office.raises(*(alert(f"a{n}", raised_on=date(2026, 11, 1 + n % 3)) for n in range(4)))
    found = open_cases(office, office.manager, CaseFilter())
    assert (found.total, ids(found)) == (4, ["a0", "a3", "a1", "a2"])


def test_what_was_closed_lately_begins_with_the_last_and_says_who(office: Office) -> None:
    office.brings_to(AlertState.CLOSED, "a1")
    office.now += HOUR
    office.brings_to(AlertState.CLOSED, "a2")
    with office.store.reading() as connection:
        both = alert_lists.closed_recently(connection, office.manager, MONDAY, 1)
        last = alert_lists.closed_recently(connection, office.manager, MONDAY + MINUTE, 1)
    assert (ids(both), both.total, ids(last), last.total) == (["a2", "a1"], 2, ["a2"], 1)
    assert [row.person and row.person.person_id for row in both.rows] == ["rita", "rita"]


def test_the_load_counts_claims_checks_and_what_is_overdue(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED, "late")
    office.brings_to(AlertState.CONTACT_ATTEMPTED, "reached")
    office.now += 47 * HOUR
    office.brings_to(AlertState.CLAIMED, "taken")
    office.now += HOUR
    assert _of(office, "rita") == (1, 2, 0)
    assert _due(office) == ([], ["late"])
    office.now += MINUTE
    assert _of(office, "rita") == (1, 2, 1)
    assert _due(office) == (["late"], [])


def test_a_check_is_due_soon_from_24_hours_before(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.now += 24 * HOUR
    assert _due(office) == ([], [])
    office.now += MINUTE
    assert _due(office) == ([], ["a1"])


def test_an_attempt_that_reached_nobody_leaves_the_check_overdue(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    office.tries(AttemptResult.NO_ANSWER)
    office.now += 49 * HOUR
    assert _due(office) == (["a1"], [])


def test_the_load_of_an_area_counts_what_waits_there(office: Office) -> None:
    soon = MONDAY + 24 * HOUR
    office.raises(
        alert("a1", raised_on=date(2026, 10, 30), look_by_at_utc=MONDAY - MINUTE),
        alert("a2", look_by_at_utc=MONDAY),
        alert("a3", look_by_at_utc=soon - MINUTE),
        alert("a4", look_by_at_utc=soon),
        alert("a5", look_by_at_utc=None),
        alert("b1", patch="south"),
    )
    north, south = _load(office).by_patch
    assert (north.patch, north.waiting, north.due_soon, north.overdue) == ("north", 5, 2, 2)
    assert (north.oldest_raised_on, south.waiting) == (date(2026, 10, 30), 1)


def test_a_lapsed_claim_is_in_the_load_of_its_area_and_of_nobody(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    office.now += timedelta(minutes=120)
    assert _of(office, "rita") == (0, 0, 0)
    assert [(area.patch, area.waiting) for area in _load(office).by_patch] == [("north", 1)]


def test_who_is_away_or_has_nothing_to_do_is_in_the_load_too(office: Office) -> None:
    office.hire("wim", Role.REVIEWER, is_away=True)
    office.hire("gone", Role.REVIEWER, is_active=False)
    office.hire("anna", Role.ANALYST)
    found = {one.person.person_id: one.is_away for one in _load(office).by_person}
    assert found.items() >= {"carl": False, "mona": False, "sue": False, "wim": True}.items()
    assert found.keys().isdisjoint({"gone", "anna"})


# what it costs


def test_no_list_takes_more_than_three_statements(store: QueueStore) -> None:
    people = load_queue(store, Load(300, people=4, patches=3))
    reviewer, manager = people[0], people[4]
    office = Office(store)
    for ask in _questions(office, reviewer, manager):
        with store.reading() as connection, statements_of(connection) as sent:
            ask(connection)
        assert 1 <= len(sent) <= 3


def _questions(office: Office, reviewer: Person, manager: Person) -> list[Callable[..., object]]:
    now = office.now
    return [
        lambda c: alert_lists.waiting(c, reviewer, now, 2),
        lambda c: alert_lists.mine(c, reviewer, now),
        lambda c: alert_lists.mine(c, office.specialist, now),
        lambda c: alert_lists.load(c, manager, now),
        lambda c: alert_lists.open_cases(c, manager, CaseFilter(patch="area-01"), 1),
        lambda c: alert_lists.closed_recently(c, manager, now - timedelta(days=90), 1),
    ]


def _everybody(office: Office) -> list[Person]:
    return [
        office.reviewer,
        office.manager,
        office.specialist,
        office.hire("anna", Role.ANALYST),
        office.hire("rory", Role.REPAIRS),
        office.hire("aude", Role.AUDITOR),
        office.hire("adam", Role.ADMIN),
    ]


def _load(office: Office) -> alert_lists.Load:
    with office.store.reading() as connection:
        return alert_lists.load(connection, office.manager, office.now)


def _of(office: Office, person_id: str) -> tuple[int, int, int]:
    (one,) = (one for one in _load(office).by_person if one.person.person_id == person_id)
    return one.claims, one.checks, one.overdue


def _due(office: Office) -> tuple[list[str], list[str]]:
    load = _load(office)
    return [row.alert_id for row in load.overdue], [row.alert_id for row in load.due_soon]
