"""Sessions: how long they last, how they end, and what the database knows of them."""

from datetime import datetime, timedelta

import pytest

from builders.people import ADMIN, a_person, everything_in
from builders.store import NOW
from redflags.adapters.store import QueueStore
from redflags.adapters.store.people_tables import SESSIONS
from redflags.casework import accounts
from redflags.domain.people import Person

QUIET = timedelta(minutes=15)


@pytest.fixture
def ada(store: QueueStore) -> Person:
    return a_person(store, NOW)


def opened(store: QueueStore, person: Person, now: datetime = NOW) -> str:
    with store.writing() as connection:
        return accounts.open_session(connection, person.person_id, now)


def whose(store: QueueStore, token: str, now: datetime = NOW) -> Person | None:
    with store.reading() as connection:
        return accounts.person_of_session(connection, token, now, QUIET)


def test_a_token_stands_for_its_person(store: QueueStore, ada: Person) -> None:
    bo = a_person(store, NOW, email="bo@landlord.test")
    assert whose(store, opened(store, ada)) == ada
    assert whose(store, opened(store, bo)) == bo


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "' OR 1=1 --", "\0", "\ud800"])
def test_what_is_no_token_stands_for_nobody(store: QueueStore, ada: Person, token: str) -> None:
    opened(store, ada)
    assert whose(store, token) is None


def test_a_session_ends_after_its_quiet_minutes(store: QueueStore, ada: Person) -> None:
    token = opened(store, ada)
    almost = NOW + QUIET - timedelta(microseconds=1)
    assert whose(store, token, almost) == ada
    assert whose(store, token, NOW + QUIET) is None


def test_work_keeps_it_going(store: QueueStore, ada: Person) -> None:
    token = opened(store, ada)
    later = NOW + timedelta(minutes=14)
    with store.writing() as connection:
        accounts.touch_session(connection, token, later)
    assert whose(store, token, NOW + timedelta(minutes=28)) == ada
    assert whose(store, token, later + QUIET) is None


def test_what_has_ended_stays_ended(store: QueueStore, ada: Person) -> None:
    token = opened(store, ada)
    with store.writing() as connection:
        accounts.end_session(connection, token, NOW)
        accounts.touch_session(connection, token, NOW)
    assert whose(store, token) is None


def test_ending_one_session_leaves_the_others(store: QueueStore, ada: Person) -> None:
    one, other = opened(store, ada), opened(store, ada)
    with store.writing() as connection:
        accounts.end_session(connection, one, NOW)
    assert (whose(store, one), whose(store, other)) == (None, ada)


def test_ending_all_of_somebody_spares_one_and_everybody_else(
    store: QueueStore, ada: Person
) -> None:
    bo = a_person(store, NOW, email="bo@landlord.test")
    mine, elsewhere, theirs = opened(store, ada), opened(store, ada), opened(store, bo)
    with store.writing() as connection:
        accounts.end_sessions_of(connection, ada.person_id, NOW, except_token=mine)
    assert [whose(store, token) for token in (mine, elsewhere, theirs)] == [ada, None, bo]


def test_who_was_shut_out_is_nobody(store: QueueStore, ada: Person) -> None:
    token = opened(store, ada)
    with store.writing() as connection:
        accounts.disable_person(connection, ADMIN, NOW, ada.person_id)
        accounts.enable_person(connection, ADMIN, NOW, ada.person_id)
    assert whose(store, token) is None


def test_the_database_knows_no_token(store: QueueStore, ada: Person, database_url: str) -> None:
    tokens = [opened(store, ada) for _ in range(20)]
    assert len(set(tokens)) == 20
    kept = everything_in(database_url, SESSIONS)
    assert not any(token in kept for token in tokens)
