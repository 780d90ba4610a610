"""Random people do random things: an alert never leaves the table, and no outsider sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, select

from builders.acts import ACTS
from builders.cases import Office
from builders.examples import examples
from redflags.adapters.store import QueueStore
from redflags.adapters.store.tables import ALERTS
from redflags.casework.accounts import person
from redflags.casework.acts import ask_colleague, assign_check, decide_welfare_check, give_alerts
from redflags.casework.policy.visibility import may_know, may_read
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import TRANSITIONS, AlertState
from redflags.domain.people import Person, Role
from redflags.errors import CaseChanged, IllegalMove, InvalidAct, NotAllowed, NotForYou

REFUSALS = (CaseChanged, IllegalMove, InvalidAct, NotAllowed, NotForYou)
INSIDERS = ("rita", "carl", "mona", "sue", "sven")
OUTSIDERS = ("bea", "sofia", "ada", "lee")
PEOPLE = (*INSIDERS, *OUTSIDERS)
GIVING = ("ask", "assign", "decide", "give")


@dataclass(frozen=True)
class Doing:
    """Somebody does something, perhaps for somebody else, on a page that may be old."""

    person: str
    act: str
    target: str
    is_old_page: bool
    later: timedelta


doings = st.builds(
    Doing,
    person=st.sampled_from(PEOPLE),
    act=st.sampled_from([*sorted(ACTS), *GIVING]),
    target=st.sampled_from(PEOPLE),
    is_old_page=st.sampled_from([False, False, False, True]),
    later=st.sampled_from([timedelta(0), timedelta(minutes=1), timedelta(minutes=121)]),
)


@pytest.fixture
def office(store: QueueStore) -> Iterator[Office]:
    made = Office(store)
    made.bar(made.hire("bea", *Role, every_patch=True), "P-1")
    made.hire("sofia", patches=frozenset({"south"}))
    made.hire("ada", Role.ADMIN, Role.AUDITOR, Role.ANALYST, Role.REPAIRS, every_patch=True)
    made.hire("lee", *Role, every_patch=True, is_active=False)
    yield made
    made.store.verify_audit()


numbers = count(1)


@pytest.mark.slow
@settings(
    examples(30),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(start=st.sampled_from(AlertState), walk=st.lists(doings, min_size=1, max_size=12))
def test_no_walk_leaves_the_table_or_shows_anything_to_an_outsider(
    office: Office, start: AlertState, walk: list[Doing]
) -> None:
    office.now += timedelta(days=1)  # whatever was claimed in the walk before has lapsed
    office.brings_to(start, alert_id := f"a{next(numbers)}")
    people = {person_id: _person(office, person_id) for person_id in PEOPLE}
    for doing in walk:
        office.now += doing.later
        before, head = office.row(alert_id), office.store.audit_head()
        refused = not _was_done(office, people[doing.person], doing, alert_id)
        after = office.row(alert_id)
        if refused:
            assert (after, office.store.audit_head()) == (before, head)
        else:
            assert office.store.audit_head() != head or doing.act == "read_case"
            assert doing.person in INSIDERS
        _changed_by_the_table(before, after)
        _seen_by_insiders_only(office, people, alert_id)


def _was_done(office: Office, person: Person, doing: Doing, alert_id: str) -> bool:
    version = office.row(alert_id).version - doing.is_old_page
    try:
        with office.units_of_work.begin(person, office.now) as work:
            _do(work, doing, alert_id, version)
    except REFUSALS:
        return False
    return True


def _do(work: UnitOfWork, doing: Doing, alert_id: str, version: int) -> None:
    match doing.act:
        case "ask":
            ask_colleague.ask_colleague(work, alert_id, version, doing.target, "Known?")
        case "assign":
            assign_check.assign(work, alert_id, version, doing.target)
        case "decide":
            decide_welfare_check.decide_welfare_check(
                work, alert_id, version, "Locks", doing.target
            )
        case "give":
            give_alerts.give(work, {alert_id: version}, doing.target, "Holiday")
        case name:
            ACTS[name](work, alert_id, version)


def _changed_by_the_table(before: Row[Any], after: Row[Any]) -> None:
    """At most a lapse and a move, or a decision and its assignment: two moves in one act."""
    start, end = AlertState(before.state), AlertState(after.state)
    once = {state for (s, _), state in TRANSITIONS.items() if s is start}
    twice = {state for (s, _), state in TRANSITIONS.items() if s in once}
    assert end in {start} | once | twice
    if tuple(after) != tuple(before):
        assert after.version > before.version
    assert after.version >= before.version
    assert (after.outcome is not None and after.closed_by is not None) or end != AlertState.CLOSED


def _seen_by_insiders_only(office: Office, people: dict[str, Person], alert_id: str) -> None:
    with office.units_of_work.looking() as connection:
        for person_id, somebody in people.items():
            sees = select(may_know(somebody), may_read(somebody, office.now))
            knows, reads = connection.execute(sees.where(ALERTS.c.alert_id == alert_id)).one()
            assert not (person_id in OUTSIDERS and (knows or reads))
            assert knows or not reads
    row = office.row(alert_id)
    held = {row.claimed_by, row.asked_person, row.assigned_to, row.decided_by, row.closed_by}
    assert held.isdisjoint(OUTSIDERS)


def _person(office: Office, person_id: str) -> Person:
    with office.units_of_work.looking() as connection:
        found = person(connection, person_id)
    assert found is not None
    return found
