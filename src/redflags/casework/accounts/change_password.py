"""Changing one's own password, which needs the old one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from redflags.adapters.store import audit_chain
from redflags.adapters.store.audit_chain import Act
from redflags.adapters.store.operational_store import QueueStore
from redflags.adapters.store.people_tables import PEOPLE
from redflags.casework.accounts import password_rules
from redflags.casework.accounts.account_keys import AccountKeys
from redflags.casework.accounts.log_in import Refusal, account_row, hash_of
from redflags.casework.accounts.login_throttle import a_try, begin_try, strike_out
from redflags.casework.accounts.sessions import end_sessions_of
from redflags.configuration.review_settings import Logins
from redflags.domain.people import Person


@dataclass(frozen=True, slots=True)
class NewPassword:
    """Somebody's own change: the old one, the new one, and the session that stays."""

    old: str
    new: str
    token: str


def change_password(
    store: QueueStore,
    keys: AccountKeys,
    limits: Logins,
    person: Person,
    change: NewPassword,
    now: datetime,
) -> Refusal | None:
    """Change one's own password and end all other sessions; None when done.

    Raises InvalidAct when the new one will not do. Wrong old ones count as wrong logins do, but
    apart from them: nobody outside can make this wait.
    """
    password_rules.checked_password(change.new, person)
    from_inside = f"session of {person.person_id}"
    this = a_try(keys, limits, from_inside, from_inside, "", now)
    with store.writing() as connection:
        if not begin_try(connection, this, limits, now):
            return Refusal.WAIT
        account = account_row(connection, person.email)
    if not password_rules.is_right(hash_of(account), change.old):
        with store.writing() as connection:
            audit_chain.append(connection, Act(person.actor, "password_refused", now))
        return Refusal.WRONG
    password_hash = password_rules.hash_password(change.new)
    with store.writing() as connection:
        audit_chain.read_head(connection, lock=True)
        strike_out(connection, this)
        _set_password(connection, person, password_hash, change.token, now)
    return None


def _set_password(
    connection: Connection, person: Person, password_hash: str, token: str, now: datetime
) -> None:
    this = PEOPLE.c.person_id == person.person_id
    connection.execute(update(PEOPLE).where(this).values(password_hash=password_hash))
    end_sessions_of(connection, person.person_id, now, except_token=token)
    audit_chain.append(connection, Act(person.actor, "password_changed", now))
