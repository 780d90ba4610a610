"""Too many wrong passwords: who has to wait, decided before anything is hashed.

A try is written down as wrong before the password is looked at, and struck out when it was right:
so twenty tries at the same instant are twenty, too. A try that is refused does not make the wait
longer, so nobody can keep a colleague out for good; a browser that the colleague used before
waits for its own wrong passwords only.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from redflags.adapters.store import audit_chain
from redflags.adapters.store.audit_chain import Act
from redflags.adapters.store.people_tables import LOGIN_FAILURES
from redflags.casework.accounts.account_fields import plain_email
from redflags.casework.accounts.account_keys import AccountKeys
from redflags.casework.accounts.known_browsers import known_browser
from redflags.configuration.review_settings import Logins

UNKNOWN = "unknown"
"""Who acts until somebody has shown who they are."""
_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Try:
    """For which account, and from where: a network address, or a browser known to the account."""

    account_hash: str
    address_hash: str
    is_known_browser: bool

    @property
    def traces(self) -> dict[str, object]:
        """What the audit trail may hold of it."""
        return {"account": self.account_hash[:_SHOWN], "address": self.address_hash[:_SHOWN]}


def a_try(
    keys: AccountKeys, limits: Logins, email: str, address: str, mark: str, now: datetime
) -> Try:
    browser = known_browser(keys, email, mark, now, limits.browser_holds) if mark else None
    origin = f"address {address}" if browser is None else f"browser {browser}"
    return Try(keys.trace(plain_email(email)), keys.trace(origin), browser is not None)


def begin_try(connection: Connection, a_try: Try, limits: Logins, now: datetime) -> bool:
    """Write the try down as wrong; False, and audited, when account or address have to wait."""
    audit_chain.read_head(connection, lock=True)  # tries come one after another
    if _has_to_wait(connection, a_try, limits, now):
        refused = Act(UNKNOWN, "login_refused", now, details=a_try.traces)
        audit_chain.append(connection, refused)
        return False
    values = {
        "account_hash": a_try.account_hash,
        "address_hash": a_try.address_hash,
        "at_utc": now,
    }
    connection.execute(insert(LOGIN_FAILURES).values(**values))
    return True


def strike_out(connection: Connection, a_try: Try) -> None:
    """It was right: the account's wrong tries from there count no more."""
    connection.execute(delete(LOGIN_FAILURES).where(_same_account(a_try), _same_origin(a_try)))


def _has_to_wait(connection: Connection, a_try: Try, limits: Logins, now: datetime) -> bool:
    recent = LOGIN_FAILURES.c.at_utc > now - limits.window
    account = _same_account(a_try)
    if a_try.is_known_browser:
        account = account & _same_origin(a_try)
    if _count(connection, account & recent) >= limits.failures_per_account.value:
        return True
    from_there = _same_origin(a_try) & recent
    return _count(connection, from_there) >= limits.failures_per_address.value


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(LOGIN_FAILURES).where(which)
    return connection.execute(counted).scalar_one()


def _same_account(a_try: Try) -> ColumnElement[bool]:
    return LOGIN_FAILURES.c.account_hash == a_try.account_hash


def _same_origin(a_try: Try) -> ColumnElement[bool]:
    return LOGIN_FAILURES.c.address_hash == a_try.address_hash
