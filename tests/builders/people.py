"""People who can log in, and what they log in with; by the ways the program itself has."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Table, insert, select

from builders.store import meddling
from redflags.adapters.store import QueueStore
from redflags.adapters.store.case_tables import HOMES
from redflags.adapters.store.tables import AUDIT_EVENTS
from redflags.casework import accounts
from redflags.casework.accounts.account_keys import AccountKeys
from redflags.casework.accounts.one_time_codes import code_at, step_at
from redflags.domain.people import Person, Role

KEYS = AccountKeys(b"a secret for tests and nothing else")
PASSWORD = "four brown hens walking"
TWO_DAYS = timedelta(days=2)
ADMIN = "person:P-admin"


@dataclass(frozen=True)
class Account:
    """Somebody with a password and a telephone."""

    person: Person
    secret: str
    password: str = PASSWORD

    def code(self, now: datetime, steps: int = 0) -> str:
        """What their app shows at `now`, or so many half minutes away."""
        return code_at(self.secret, step_at(now) + steps)


def hash_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashes with the least cost, for tests that make many; one test has the true one."""
    least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts.password_rules, "_HASHER", least)


def a_person(
    store: QueueStore,
    now: datetime,
    *roles: Role,
    email: str = "ada@landlord.test",
    name: str = "Ada Lovelace",
    patches: tuple[str, ...] = ("north",),
) -> Person:
    chosen = roles or (Role.REVIEWER,)
    with store.writing() as connection:
        return accounts.add_person(
            connection, ADMIN, now, email=email, name=name, roles=chosen, patches=patches
        )


def a_link(store: QueueStore, person: Person, now: datetime, holds: timedelta = TWO_DAYS) -> str:
    with store.writing() as connection:
        return accounts.invite(connection, ADMIN, person.person_id, now, holds)


def an_account(
    store: QueueStore,
    now: datetime,
    *roles: Role,
    keys: AccountKeys = KEYS,
    **details: Any,
) -> Account:
    """Somebody who used their link an hour before `now`, so that `now`'s code is unused."""
    before = now - timedelta(hours=1)
    person = a_person(store, before, *roles, **details)
    token = a_link(store, person, before)
    account = Account(person, keys.enrolment_secret(token))
    acceptance = accounts.Acceptance(token, PASSWORD, account.code(before))
    with store.writing() as connection:
        accounts.accept_invitation(connection, keys, acceptance, before)
    return account


def a_home(store: QueueStore, household: str, home: str, patch: str = "north") -> None:
    row = {"household_ref": household, "property_ref": home, "patch": patch, "routing": "general"}
    with store.writing() as connection:
        connection.execute(insert(HOMES).values(**row))


def acted(store: QueueStore, action: str) -> list[tuple[str, str]]:
    """Actor and details of each entry of one action, oldest first."""
    chosen = select(AUDIT_EVENTS.c.actor, AUDIT_EVENTS.c.details)
    ordered = chosen.where(AUDIT_EVENTS.c.action == action).order_by(AUDIT_EVENTS.c.entry_no)
    with store.reading() as connection:
        return [(row.actor, row.details) for row in connection.execute(ordered)]


def everything_in(url: str, *tables: Table) -> str:
    """All rows as one text, to look for what must not be in it."""
    with meddling(url) as connection:
        return "\n".join(str(tuple(row)) for t in tables for row in connection.execute(select(t)))


def at_once(*acts: Any) -> list[Any]:
    """Do them in threads of their own; what each gave back or raised, in their order."""
    results: list[Any] = [None] * len(acts)

    def do(number: int) -> None:
        try:
            results[number] = acts[number]()
        except Exception as error:
            results[number] = error

    threads = [Thread(target=do, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
