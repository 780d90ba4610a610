"""Logging in at the store: the right ones, the wrong ones, and ten thousand wrong ones."""

import time
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from builders.people import (
    KEYS,
    PASSWORD,
    Account,
    a_person,
    acted,
    an_account,
    at_once,
    everything_in,
    hash_quickly,
)
from builders.store import NOW
from builders.web import CONFIG
from redflags.adapters.store import QueueStore
from redflags.adapters.store.people_tables import LOGIN_FAILURES
from redflags.adapters.store.tables import AUDIT_EVENTS
from redflags.casework import accounts
from redflags.casework.accounts import password_rules
from redflags.casework.accounts.account_keys import AccountKeys
from redflags.configuration.review_settings import load_reviewset
from redflags.domain.people import Role
from redflags.errors import InvalidAct

LIMITS = load_reviewset(CONFIG / "review.toml").logins
PER_ACCOUNT = LIMITS.failures_per_account.value
PER_ADDRESS = LIMITS.failures_per_address.value
WRONG, WAIT = accounts.Refusal.WRONG, accounts.Refusal.WAIT
MOMENT = timedelta(microseconds=1)
OFFICE, CAFE = "192.0.2.1", "198.51.100.9"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_quickly(monkeypatch)


@pytest.fixture
def ada(store: QueueStore) -> Account:
    return an_account(store, NOW)


def log_in(
    store: QueueStore,
    account: Account,
    now: datetime = NOW,
    *,
    email: str = "",
    password: str = PASSWORD,
    code: str | None = None,
    address: str = OFFICE,
    mark: str = "",
) -> accounts.Entry | accounts.Refusal:
    attempt = accounts.Attempt(
        email=email or account.person.email,
        password=password,
        code=account.code(now) if code is None else code,
        address=address,
        mark=mark,
    )
    return accounts.log_in(store, KEYS, LIMITS, attempt, now)


def fail(store: QueueStore, account: Account, times: int, now: datetime = NOW, **how: str) -> None:
    for _ in range(times):
        assert log_in(store, account, now, password="wrong", **how) is WRONG


def count_hashing(monkeypatch: pytest.MonkeyPatch, seconds: float = 0) -> list[str]:
    """The passwords that get as far as being hashed, which takes `seconds` longer than it does."""
    looked_at: list[str] = []
    is_right = password_rules.is_right

    def counted(password_hash: str | None, password: str) -> bool:
        looked_at.append(password)
        time.sleep(seconds)
        return is_right(password_hash, password)

    monkeypatch.setattr(password_rules, "is_right", counted)
    return looked_at


def is_in(entry: accounts.Entry | accounts.Refusal) -> bool:
    return isinstance(entry, accounts.Entry)


def test_address_password_and_code_let_somebody_in(store: QueueStore, ada: Account) -> None:
    entry = log_in(store, ada, email=" ADA@landlord.TEST ")
    assert isinstance(entry, accounts.Entry)
    assert entry.person == ada.person
    assert acted(store, "logged_in")[-1] == (ada.person.actor, '{"by":"password"}')


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody@landlord.test"},
        {"email": "' OR 1=1 --"},
        {"email": "ada@landlord.test\0"},
        {"email": "\ud800"},
        {"email": "a" * 10_000},
        {"password": ""},
        {"password": PASSWORD + " "},
        {"password": PASSWORD.upper()},
        {"code": ""},
        {"code": "000000"},
        {"code": "\ud800"},
    ],
)
def test_whatever_is_wrong_the_answer_is_one(
    store: QueueStore, ada: Account, wrong: dict[str, str]
) -> None:
    assert log_in(store, ada, **wrong) is WRONG  # type: ignore[arg-type]
    ((actor, _),) = acted(store, "login_failed")
    assert actor == "unknown"


def test_who_has_no_password_yet_does_not_get_in(store: QueueStore) -> None:
    bo = a_person(store, NOW, email="bo@landlord.test")
    assert log_in(store, Account(bo, KEYS.enrolment_secret("x"))) is WRONG


def test_who_was_shut_out_does_not_get_in(store: QueueStore, ada: Account) -> None:
    with store.writing() as connection:
        accounts.disable_person(connection, "person:P-2", NOW, ada.person.person_id)
    assert log_in(store, ada) is WRONG


def test_a_code_is_good_once(store: QueueStore, ada: Account) -> None:
    assert is_in(log_in(store, ada))
    assert log_in(store, ada) is WRONG
    assert log_in(store, ada, code=ada.code(NOW, -1)) is WRONG
    assert is_in(log_in(store, ada, NOW + timedelta(seconds=30)))


def test_a_code_sent_twice_at_once_lets_one_in(store: QueueStore, ada: Account) -> None:
    results = at_once(*[partial(log_in, store, ada)] * 4)
    assert [is_in(result) for result in results].count(True) == 1


@pytest.mark.parametrize(("steps", "is_fine"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_telephones_clock_may_be_half_a_minute_wrong(
    store: QueueStore, ada: Account, steps: int, is_fine: bool
) -> None:
    assert is_in(log_in(store, ada, code=ada.code(NOW, steps))) is is_fine


def test_a_code_may_be_typed_with_a_blank(store: QueueStore, ada: Account) -> None:
    code = ada.code(NOW)
    assert is_in(log_in(store, ada, code=f" {code[:3]} {code[3:]}"))


def test_another_key_opens_nobodys_telephone(store: QueueStore, ada: Account) -> None:
    """The sealed secret is worth nothing to who has only the database."""
    with pytest.raises(Exception, match="REDFLAGS_SECRET_KEY"):
        attempt = accounts.Attempt(ada.person.email, PASSWORD, ada.code(NOW), OFFICE)
        accounts.log_in(store, AccountKeys(b"another secret, long enough"), LIMITS, attempt, NOW)


def test_the_last_try_before_the_limit_counts_and_the_next_waits(
    store: QueueStore, ada: Account
) -> None:
    fail(store, ada, PER_ACCOUNT - 1)
    assert is_in(log_in(store, ada))

    fail(store, ada, PER_ACCOUNT, NOW + timedelta(hours=1))
    assert log_in(store, ada, NOW + timedelta(hours=1)) is WAIT


def test_an_account_that_waits_waits_for_every_new_address(store: QueueStore, ada: Account) -> None:
    fail(store, ada, PER_ACCOUNT, address=CAFE)
    assert log_in(store, ada, address=OFFICE) is WAIT


def test_waiting_ends_by_itself_however_often_somebody_tries(
    store: QueueStore, ada: Account
) -> None:
    fail(store, ada, PER_ACCOUNT)
    for minute in range(15):
        assert log_in(store, ada, NOW + timedelta(minutes=minute), password="wrong") is WAIT
    assert log_in(store, ada, NOW + LIMITS.window - MOMENT) is WAIT
    assert is_in(log_in(store, ada, NOW + LIMITS.window))


def test_an_unknown_account_waits_as_a_known_one_does(store: QueueStore, ada: Account) -> None:
    for email in ("nobody@landlord.test", ada.person.email):
        fail(store, ada, PER_ACCOUNT, email=email)
        assert log_in(store, ada, email=email, address=CAFE) is WAIT


def test_an_address_that_waits_waits_for_every_account(store: QueueStore, ada: Account) -> None:
    for number in range(PER_ADDRESS):
        fail(store, ada, 1, email=f"n{number}@landlord.test", address=CAFE)
    assert log_in(store, ada, address=CAFE) is WAIT
    assert is_in(log_in(store, ada, address=OFFICE))


def test_one_try_less_and_the_address_does_not_wait(store: QueueStore, ada: Account) -> None:
    for number in range(PER_ADDRESS - 1):
        fail(store, ada, 1, email=f"n{number}@landlord.test", address=CAFE)
    assert is_in(log_in(store, ada, address=CAFE))


def test_ones_own_right_password_does_not_clear_tries_at_others(
    store: QueueStore, ada: Account
) -> None:
    bo = an_account(store, NOW, email="bo@landlord.test")
    fail(store, ada, PER_ACCOUNT, email="target@landlord.test")
    assert is_in(log_in(store, bo))
    assert log_in(store, ada, email="target@landlord.test") is WAIT


def test_a_browser_used_before_gets_in_while_strangers_make_the_account_wait(
    store: QueueStore, ada: Account
) -> None:
    mark = accounts.browser_mark(KEYS, ada.person.email, NOW)
    fail(store, ada, PER_ACCOUNT, address=CAFE)
    assert log_in(store, ada, address=OFFICE) is WAIT
    assert is_in(log_in(store, ada, address=OFFICE, mark=mark))
    assert is_in(log_in(store, ada, NOW + timedelta(seconds=30), address=CAFE, mark=mark))


def test_a_browser_used_before_waits_for_its_own_wrong_passwords(
    store: QueueStore, ada: Account
) -> None:
    mark = accounts.browser_mark(KEYS, ada.person.email, NOW)
    fail(store, ada, PER_ACCOUNT, mark=mark)
    assert log_in(store, ada, mark=mark) is WAIT


def test_a_mark_is_worth_nothing_elsewhere_changed_or_old(store: QueueStore, ada: Account) -> None:
    holds = LIMITS.browser_holds
    mark = accounts.browser_mark(KEYS, ada.person.email, NOW)
    late = NOW + holds
    fail(store, ada, PER_ACCOUNT)
    fail(store, ada, PER_ACCOUNT, late, address=CAFE)
    others = accounts.browser_mark(KEYS, "bo@landlord.test", NOW)
    foreign = accounts.browser_mark(AccountKeys(b"x" * 20), ada.person.email, NOW)
    name, moment, signature = mark.split(".")
    forged = [others, foreign, f"x{name}.{moment}.{signature}", f"{name}.9{moment}.{signature}"]
    forged += ["", ".", "..", "a.b.c", f"{name}.{moment}.", "\ud800.1.2"]
    assert {log_in(store, ada, mark=one) for one in forged} == {WAIT}
    assert log_in(store, ada, late, mark=mark) is WAIT
    assert is_in(log_in(store, ada, NOW + timedelta(seconds=30), mark=mark))


def test_twenty_tries_at_the_same_instant_are_twenty(
    store: QueueStore, ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = count_hashing(monkeypatch, seconds=0.05)
    results = at_once(*[partial(log_in, store, ada, password="wrong")] * 20)
    assert results.count(WAIT) == 20 - PER_ACCOUNT
    assert len(looked_at) == PER_ACCOUNT


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_of_ten_thousand_wrong_passwords_five_are_looked_at_and_all_written_down(
    store: QueueStore, ada: Account, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of passwords against one account, from ten addresses.

    PostgreSQL gets a tenth of it, which takes as long.
    """
    tries = 10_000 if database_url.startswith("sqlite") else 1_000
    looked_at = count_hashing(monkeypatch)
    answers = [
        log_in(store, ada, password=f"guess {n}", code="000000", address=f"203.0.113.{n % 10}")
        for n in range(tries)
    ]

    assert (answers.count(WRONG), answers.count(WAIT)) == (PER_ACCOUNT, tries - PER_ACCOUNT)
    assert len(looked_at) == PER_ACCOUNT
    assert len(acted(store, "login_failed") + acted(store, "login_refused")) == tries
    with store.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(LOGIN_FAILURES)).scalar_one()
    assert kept == PER_ACCOUNT
    trail = everything_in(database_url, AUDIT_EVENTS, LOGIN_FAILURES)
    assert not any(private in trail for private in ("guess", "landlord.test", "203.0.113"))
    store.verify_audit()


def change(store: QueueStore, account: Account, old: str, new: str, token: str = "") -> object:
    own = accounts.NewPassword(old, new, token)
    return accounts.change_password(store, KEYS, LIMITS, account.person, own, NOW)


def test_a_new_password_ends_the_other_sessions(store: QueueStore, ada: Account) -> None:
    with store.writing() as connection:
        mine, elsewhere = (
            accounts.open_session(connection, ada.person.person_id, NOW) for _ in range(2)
        )
    assert change(store, ada, PASSWORD, "six white geese flying", mine) is None
    with store.reading() as connection:
        quiet = timedelta(minutes=15)
        assert accounts.person_of_session(connection, mine, NOW, quiet) == ada.person
        assert accounts.person_of_session(connection, elsewhere, NOW, quiet) is None
    assert log_in(store, ada) is WRONG
    assert is_in(log_in(store, ada, password="six white geese flying"))


def test_a_new_password_needs_the_old_one_and_few_tries(store: QueueStore, ada: Account) -> None:
    for _ in range(PER_ACCOUNT):
        assert change(store, ada, "wrong", "six white geese flying") is WRONG
    assert change(store, ada, PASSWORD, "six white geese flying") is WAIT
    assert is_in(log_in(store, ada))


def test_strangers_cannot_make_a_change_wait(store: QueueStore, ada: Account) -> None:
    fail(store, ada, PER_ACCOUNT)
    assert change(store, ada, PASSWORD, "six white geese flying") is None


def test_a_new_password_keeps_to_the_rules(store: QueueStore, ada: Account) -> None:
    with pytest.raises(InvalidAct):
        change(store, ada, PASSWORD, "password1234")


def test_who_comes_from_outside_needs_an_account_that_is_on(store: QueueStore) -> None:
    bo = a_person(store, NOW, Role.MANAGER, email="bo@landlord.test")
    with store.reading() as connection:
        assert accounts.person_from_outside(connection, "BO@landlord.test") == bo
        assert accounts.person_from_outside(connection, "cy@landlord.test") is None
        assert accounts.person_from_outside(connection, "bo@landlord.test\0") is None
    with store.writing() as connection:
        accounts.disable_person(connection, "person:P-2", NOW, bo.person_id)
    with store.reading() as connection:
        assert accounts.person_from_outside(connection, "bo@landlord.test") is None
