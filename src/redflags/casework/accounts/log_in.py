"""Logging in: e-mail, password and code at once; one answer for whatever is wrong with them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from redflags.adapters.store import audit_chain
from redflags.adapters.store.audit_chain import Act
from redflags.adapters.store.operational_store import QueueStore
from redflags.adapters.store.people_tables import PEOPLE
from redflags.casework.accounts import password_rules
from redflags.casework.accounts.account_fields import LONGEST_EMAIL, is_long_or_odd, plain_email
from redflags.casework.accounts.account_keys import AccountKeys
from redflags.casework.accounts.login_throttle import UNKNOWN, a_try, begin_try, strike_out
from redflags.casework.accounts.one_time_codes import accepted_step
from redflags.casework.accounts.person_rows import person_of
from redflags.casework.accounts.sessions import end_session, open_session
from redflags.configuration.review_settings import Logins
from redflags.domain.people import Person


class Refusal(StrEnum):
    """Why somebody does not get in; nothing else is told."""

    WRONG = "wrong"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody got in: who, and the key of their new session."""

    person: Person
    token: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was sent, and from where; `mark` is a browser's, blank for an unknown one."""

    email: str
    password: str
    code: str
    address: str
    mark: str = ""


def log_in(
    store: QueueStore, keys: AccountKeys, limits: Logins, attempt: Attempt, now: datetime
) -> Entry | Refusal:
    """Let somebody in, or not. Hashing happens outside any transaction, after the throttle."""
    this = a_try(keys, limits, attempt.email, attempt.address, attempt.mark, now)
    with store.writing() as connection:
        if not begin_try(connection, this, limits, now):
            return Refusal.WAIT
        account = account_row(connection, attempt.email)
    is_right = password_rules.is_right(hash_of(account), attempt.password)
    with store.writing() as connection:
        audit_chain.read_head(connection, lock=True)  # before any row, as everybody who writes does
        if account and is_right and _takes_code(connection, keys, account, attempt.code, now):
            strike_out(connection, this)
            return enter(connection, person_of(account), now, by="password")
        audit_chain.append(connection, Act(UNKNOWN, "login_failed", now, details=this.traces))
        return Refusal.WRONG


def enter(connection: Connection, person: Person, now: datetime, *, by: str) -> Entry:
    """Begin a session for somebody who has shown who they are; `by` says how."""
    token = open_session(connection, person.person_id, now)
    audit_chain.append(connection, Act(person.actor, "logged_in", now, details={"by": by}))
    return Entry(person, token)


def log_out(connection: Connection, person: Person, token: str, now: datetime) -> None:
    audit_chain.read_head(connection, lock=True)
    end_session(connection, token, now)
    audit_chain.append(connection, Act(person.actor, "logged_out", now))


def refuse_outside_login(connection: Connection, reason: str, now: datetime) -> None:
    """Write down that a login by the landlord's own provider came to nothing."""
    details = {"by": "oidc", "reason": reason}
    audit_chain.append(connection, Act(UNKNOWN, "login_failed", now, details=details))


def person_from_outside(connection: Connection, email: str) -> Person | None:
    """Who may come in with an address that the landlord's provider vouches for."""
    row = account_row(connection, email)
    return None if row is None else person_of(row)


def has_password(connection: Connection, person: Person) -> bool:
    """Whether they log in here; else at the landlord's provider, or they never did."""
    return hash_of(account_row(connection, person.email)) is not None


def account_row(connection: Connection, email: str) -> Row[Any] | None:
    """The whole account; None as well for who may not come in."""
    if is_long_or_odd(plain_email(email), LONGEST_EMAIL):
        return None
    found = select(PEOPLE).where(PEOPLE.c.email == plain_email(email), PEOPLE.c.is_active)
    return connection.execute(found).one_or_none()


def hash_of(account: Row[Any] | None) -> str | None:
    return None if account is None else account.password_hash


def _takes_code(
    connection: Connection, keys: AccountKeys, account: Row[Any], code: str, now: datetime
) -> bool:
    """Use the code up. False when it is wrong or used, or the account changed meanwhile."""
    if account.totp_sealed is None:
        return False
    secret = keys.open(account.totp_sealed, account.person_id)
    step = accepted_step(secret, code, now, account.totp_last_step)
    if step is None:
        return False
    unchanged = (
        (PEOPLE.c.person_id == account.person_id)
        & PEOPLE.c.is_active
        & (PEOPLE.c.password_hash == account.password_hash)
        & PEOPLE.c.totp_last_step.is_not_distinct_from(account.totp_last_step)
    )
    used = update(PEOPLE).where(unchanged).values(totp_last_step=step)
    return connection.execute(used).rowcount == 1
