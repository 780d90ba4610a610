"""Households somebody must never see: written by naming them, lifted by naming them, never read."""

import pytest
from sqlalchemy import select

from builders.people import ADMIN, a_home, a_person, acted, everything_in
from builders.store import NOW
from redflags.adapters.store import QueueStore
from redflags.adapters.store.people_tables import INTERESTS
from redflags.adapters.store.tables import AUDIT_EVENTS
from redflags.casework import accounts
from redflags.domain.alert import Routing
from redflags.domain.people import InterestKind, Person
from redflags.domain.property_reference import Home
from redflags.errors import InvalidAct


@pytest.fixture
def ada(store: QueueStore) -> Person:
    a_home(store, "T-1", "H-1")
    a_home(store, "T-2", "H-2")
    return a_person(store, NOW)


def declare(
    store: QueueStore,
    person: Person,
    ref: str,
    kind: InterestKind = InterestKind.DECLARED,
    by: str = ADMIN,
) -> bool:
    with store.writing() as connection:
        return accounts.declare(connection, person, ref, kind, by, NOW)


def withdraw(store: QueueStore, person: Person, ref: str) -> None:
    with store.writing() as connection:
        accounts.withdraw(connection, person, ref, ADMIN, NOW)


def kept(store: QueueStore, person: Person) -> dict[str, str]:
    mine = select(INTERESTS).where(INTERESTS.c.person_id == person.person_id)
    with store.reading() as connection:
        return {row.ref: row.kind for row in connection.execute(mine)}


@pytest.mark.parametrize("ref", ["T-1", "H-1", " H-1 ", "H\u20111", "Ｈ-1", "H-\u200b1"])
def test_either_reference_of_a_home_stands_for_both(
    store: QueueStore, ada: Person, ref: str
) -> None:
    assert declare(store, ada, ref)
    assert kept(store, ada) == {"T-1": "declared", "H-1": "declared"}


@pytest.mark.parametrize("ref", ["h-1", "t-1"])
def test_a_reference_in_small_letters_keeps_the_home_away_too(
    store: QueueStore, ada: Person, ref: str
) -> None:
    assert declare(store, ada, ref)
    assert {"H-1", "T-1"} <= set(kept(store, ada))
    withdraw(store, ada, ref)
    assert kept(store, ada) == {}


def test_noughts_that_are_left_out_keep_the_home_away_too(store: QueueStore, ada: Person) -> None:
    a_home(store, "T-9", "00918")
    assert declare(store, ada, "918")
    assert {"00918", "T-9"} <= set(kept(store, ada))
    withdraw(store, ada, "0918")
    assert "00918" not in kept(store, ada)


def test_a_home_with_several_tenancies_is_kept_away_whole(store: QueueStore, ada: Person) -> None:
    a_home(store, "T-1b", "H-1")
    declare(store, ada, "H-1")
    assert set(kept(store, ada)) == {"H-1", "T-1", "T-1b"}


def test_a_reference_nobody_knows_is_kept_and_told(store: QueueStore, ada: Person) -> None:
    assert not declare(store, ada, "H-9")
    assert kept(store, ada) == {"H-9": "declared"}


@pytest.mark.parametrize("ref", ["", "  ", "x" * 101, "H\0"])
def test_what_is_no_reference_is_refused(store: QueueStore, ada: Person, ref: str) -> None:
    with pytest.raises(InvalidAct) as told:
        declare(store, ada, ref)
    assert told.value.field == "ref"


def test_declaring_again_changes_nothing(store: QueueStore, ada: Person) -> None:
    assert declare(store, ada, "H-1")
    assert declare(store, ada, "T-1")
    assert len(kept(store, ada)) == 2


def test_a_barrier_is_not_weakened_by_its_own_subject(store: QueueStore, ada: Person) -> None:
    declare(store, ada, "H-1", InterestKind.BARRED)
    declare(store, ada, "H-1", by=ada.actor)
    assert set(kept(store, ada).values()) == {"barred"}


@pytest.mark.parametrize("ref", ["H-1", "T-1"])
def test_naming_it_again_lifts_it_whole(store: QueueStore, ada: Person, ref: str) -> None:
    declare(store, ada, "H-1", InterestKind.BARRED)
    declare(store, ada, "H-2")
    withdraw(store, ada, ref)
    assert set(kept(store, ada)) == {"H-2", "T-2"}


def test_lifting_one_persons_leaves_anothers(store: QueueStore, ada: Person) -> None:
    bo = a_person(store, NOW, email="bo@landlord.test")
    declare(store, ada, "H-1")
    declare(store, bo, "H-1")
    withdraw(store, ada, "H-1")
    assert (kept(store, ada), set(kept(store, bo))) == ({}, {"H-1", "T-1"})


def test_lifting_what_is_not_there_says_nothing_and_is_written_down(
    store: QueueStore, ada: Person
) -> None:
    withdraw(store, ada, "H-1")
    assert len(acted(store, "interest_withdrawn")) == 1


def test_the_trail_says_who_and_why_and_never_which(
    store: QueueStore, ada: Person, database_url: str
) -> None:
    declare(store, ada, "H-1", InterestKind.LIVES_THERE, by=ada.actor)
    withdraw(store, ada, "T-1")
    ((actor, details),) = acted(store, "interest_declared")
    assert actor == ada.actor
    assert details == f'{{"kind":"lives_there","person":"{ada.person_id}"}}'
    trail = everything_in(database_url, AUDIT_EVENTS)
    assert "H-1" not in trail
    assert "T-1" not in trail


def lists_homes(store: QueueStore, *homes: Home) -> None:
    with store.queue_transaction(NOW.date(), "night", NOW) as queue:
        queue.publish_homes(homes)


@pytest.mark.parametrize(("typed", "listed"), [("918", "00918"), ("h-9", "H-9"), ("00918", "918")])
def test_a_barrier_from_before_its_home_was_listed_holds_once_it_is(
    store: QueueStore, typed: str, listed: str
) -> None:
    ada = a_person(store, NOW)
    assert not declare(store, ada, typed)
    lists_homes(store, Home("T-9", listed, "north", Routing.GENERAL))
    assert {typed, listed, "T-9"} == set(kept(store, ada))


def test_a_barrier_that_was_lifted_does_not_come_back_with_the_next_night(
    store: QueueStore,
) -> None:
    ada = a_person(store, NOW)
    declare(store, ada, "918")
    home = Home("T-9", "00918", "north", Routing.GENERAL)
    lists_homes(store, home)
    withdraw(store, ada, "00918")
    lists_homes(store, home)
    assert kept(store, ada) == {}


def test_listing_the_same_homes_again_writes_nothing_about_barriers(store: QueueStore) -> None:
    declare(store, a_person(store, NOW), "918")
    home = Home("T-9", "00918", "north", Routing.GENERAL)
    lists_homes(store, home)
    before = acted(store, "interests_matched")
    lists_homes(store, home)
    assert len(before) == 1
    assert acted(store, "interests_matched") == before
