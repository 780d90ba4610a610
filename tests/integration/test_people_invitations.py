"""One-time links: good once, for a while, for one person, and the first administrator's."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from builders.people import (
    ADMIN,
    KEYS,
    PASSWORD,
    TWO_DAYS,
    Account,
    a_link,
    a_person,
    acted,
    an_account,
    at_once,
    everything_in,
    hash_quickly,
)
from builders.store import NOW
from redflags.adapters.store import QueueStore
from redflags.adapters.store.people_tables import INVITATIONS, PEOPLE
from redflags.casework import accounts
from redflags.casework.accounts.account_keys import AccountKeys
from redflags.domain.people import Person, Role
from redflags.errors import InvalidAct

MOMENT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_quickly(monkeypatch)


@pytest.fixture
def ada(store: QueueStore) -> Person:
    return a_person(store, NOW)


def accept(
    store: QueueStore,
    token: str,
    now: datetime = NOW,
    password: str = PASSWORD,
    code: str | None = None,
) -> accounts.Entry:
    shown = Account(None, KEYS.enrolment_secret(token)).code(now)  # type: ignore[arg-type]
    acceptance = accounts.Acceptance(token, password, shown if code is None else code)
    with store.writing() as connection:
        return accounts.accept_invitation(connection, KEYS, acceptance, now)


def invited(store: QueueStore, token: str, now: datetime = NOW) -> Person | None:
    with store.reading() as connection:
        return accounts.invited_person(connection, token, now)


def test_a_link_sets_the_password_and_lets_in(store: QueueStore, ada: Person) -> None:
    entry = accept(store, a_link(store, ada, NOW))
    assert entry.person == ada
    with store.reading() as connection:
        quiet = timedelta(minutes=15)
        assert accounts.person_of_session(connection, entry.token, NOW, quiet) == ada
        assert accounts.has_password(connection, ada)
    assert [actor for actor, _ in acted(store, "link_used")] == [ada.actor]


def test_looking_uses_nothing_up(store: QueueStore, ada: Person) -> None:
    token = a_link(store, ada, NOW)
    assert [invited(store, token) for _ in range(3)] == [ada] * 3
    accept(store, token)


def test_a_link_is_good_once(store: QueueStore, ada: Person) -> None:
    token = a_link(store, ada, NOW)
    accept(store, token)
    assert invited(store, token) is None
    with pytest.raises(LookupError):
        accept(store, token, NOW + timedelta(minutes=5))


def test_of_two_who_use_a_link_at_once_one_gets_in(store: QueueStore, ada: Person) -> None:
    token = a_link(store, ada, NOW)
    results = at_once(*[partial(accept, store, token)] * 4)
    assert [type(result) for result in results].count(accounts.Entry) == 1
    assert [type(result) for result in results].count(LookupError) == 3


def test_a_link_ends_with_its_time(store: QueueStore, ada: Person) -> None:
    token = a_link(store, ada, NOW)
    assert invited(store, token, NOW + TWO_DAYS - MOMENT) == ada
    assert invited(store, token, NOW + TWO_DAYS) is None
    with pytest.raises(LookupError):
        accept(store, token, NOW + TWO_DAYS)


def test_a_new_link_ends_the_one_before(store: QueueStore, ada: Person) -> None:
    old, new = a_link(store, ada, NOW), a_link(store, ada, NOW)
    assert (invited(store, old), invited(store, new)) == (None, ada)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "' OR 1=1 --", "\0", "\ud800"])
def test_what_is_no_link_invites_nobody(store: QueueStore, ada: Person, token: str) -> None:
    a_link(store, ada, NOW)
    assert invited(store, token) is None


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "١٢٣٤٥٦", "\ud800"])
def test_a_wrong_code_uses_nothing_up(store: QueueStore, ada: Person, code: str) -> None:
    token = a_link(store, ada, NOW)
    with pytest.raises(InvalidAct) as told:
        accept(store, token, code=code)
    assert told.value.field == "code"
    assert invited(store, token) == ada


def test_another_links_code_is_wrong(store: QueueStore, ada: Person) -> None:
    """The secret is the link's own: nobody can set up a telephone with one of their choosing."""
    bo = a_person(store, NOW, email="bo@landlord.test")
    others = KEYS.enrolment_secret(a_link(store, bo, NOW))
    with pytest.raises(InvalidAct):
        accept(store, a_link(store, ada, NOW), code=Account(bo, others).code(NOW))


def test_another_installation_makes_another_secret() -> None:
    assert KEYS.enrolment_secret("x") != AccountKeys(b"another secret, long enough").trace("x")
    assert KEYS.enrolment_secret("x") != KEYS.enrolment_secret("y")
    assert len(KEYS.enrolment_secret("x")) == 32


@pytest.mark.parametrize(
    ("password", "is_fine"),
    [
        ("x9kfp2mz7qw", False),  # 11
        ("x9kfp2mz7qwv", True),  # 12
        ("correct battery", True),
        ("quick" * 40, True),  # 200
        ("quick" * 40 + "x", False),
        ("password1234", False),
        ("PassWord1234", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("ababababababab", False),
        ("123456789012", False),
        ("lovelace is my hero", False),
        ("hens of LOVELACE", False),
        ("ada@landlord.test", False),
        ("hens of ada live", True),  # three letters are in too many words
        ("пароль из слов", True),
        ("four brown hens\0", True),
    ],
)
def test_passwords_are_long_and_not_ones_own_name(
    store: QueueStore, ada: Person, password: str, is_fine: bool
) -> None:
    token = a_link(store, ada, NOW)
    if is_fine:
        assert accept(store, token, password=password).person == ada
        return
    with pytest.raises(InvalidAct) as told:
        accept(store, token, password=password)
    assert told.value.field == "password"
    assert password not in str(told.value)
    assert invited(store, token) == ada


def test_a_second_link_takes_the_place_of_password_and_telephone(store: QueueStore) -> None:
    account = an_account(store, NOW)
    with store.writing() as connection:
        before = accounts.open_session(connection, account.person.person_id, NOW)
    accept(store, a_link(store, account.person, NOW), password="six white geese flying")
    with store.reading() as connection:
        quiet = timedelta(minutes=15)
        assert accounts.person_of_session(connection, before, NOW, quiet) is None


def test_the_database_knows_no_link_password_or_secret(
    store: QueueStore, ada: Person, database_url: str
) -> None:
    token = a_link(store, ada, NOW)
    accept(store, token)
    kept = everything_in(database_url, INVITATIONS, PEOPLE)
    assert "argon2id" in kept
    for private in (token, PASSWORD, KEYS.enrolment_secret(token)):
        assert private not in kept


def first_link(store: QueueStore, now: datetime = NOW) -> str | None:
    with store.writing() as connection:
        return accounts.first_admin_link(connection, now, TWO_DAYS)


def test_the_first_run_makes_one_administrator_without_a_password(store: QueueStore) -> None:
    token = first_link(store)
    assert token is not None
    with store.reading() as connection:
        (admin,) = accounts.people(connection)
        assert admin.roles == {Role.ADMIN}
        assert not accounts.has_password(connection, admin)
    assert accept(store, token).person == admin


def test_a_second_start_before_the_link_was_used_makes_a_new_one(store: QueueStore) -> None:
    old, new = first_link(store), first_link(store, NOW + TWO_DAYS)
    assert old is not None
    assert new is not None
    assert invited(store, old) is None
    assert invited(store, new, NOW + TWO_DAYS) is not None
    with store.reading() as connection:
        assert len(accounts.people(connection)) == 1


def test_once_the_link_is_used_there_is_no_other(store: QueueStore) -> None:
    token = first_link(store)
    assert token is not None
    accept(store, token)
    assert first_link(store) is None


def test_where_there_are_people_nobody_is_made(store: QueueStore, ada: Person) -> None:
    assert first_link(store) is None
    with store.reading() as connection:
        assert accounts.people(connection) == [ada]


def test_two_servers_that_start_at_once_make_one_administrator(store: QueueStore) -> None:
    tokens = at_once(*[partial(first_link, store)] * 2)
    assert [invited(store, token) is not None for token in tokens].count(True) == 1
    with store.reading() as connection:
        assert len(accounts.people(connection)) == 1


def test_an_administrator_is_told_apart_from_who_asked(store: QueueStore, ada: Person) -> None:
    a_link(store, ada, NOW)
    assert [actor for actor, _ in acted(store, "link_made")] == [ADMIN]
