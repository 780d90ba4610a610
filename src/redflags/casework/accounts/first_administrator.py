"""The first administrator: made once, without a password, with a link that is good once."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from redflags.adapters.store import audit_chain
from redflags.adapters.store.people_tables import PEOPLE
from redflags.casework.accounts.manage_accounts import add_person, person_with_email
from redflags.casework.accounts.one_time_links import invite
from redflags.domain.people import Role

OPERATOR = "operator"
"""Who acts at the command line; the operating system decides who may."""
FIRST_EMAIL = "admin@localhost"


def first_admin_link(connection: Connection, now: datetime, holds: timedelta) -> str | None:
    """A one-time token for the first administrator; None as soon as anybody else can log in.

    Asked again before the link was used, it makes a new one, and the old one ends.
    """
    audit_chain.read_head(connection, lock=True)  # of two servers that start at once, one is first
    count = connection.execute(select(func.count()).select_from(PEOPLE)).scalar_one()
    if count == 0:
        name, roles = "Administrator", [Role.ADMIN]
        admin = add_person(connection, OPERATOR, now, email=FIRST_EMAIL, name=name, roles=roles)
        return invite(connection, OPERATOR, admin.person_id, now, holds)
    waiting = person_with_email(connection, FIRST_EMAIL) if count == 1 else None
    if waiting is None or _has_password(connection, waiting.person_id):
        return None
    return invite(connection, OPERATOR, waiting.person_id, now, holds)


def _has_password(connection: Connection, person_id: str) -> bool:
    found = select(PEOPLE.c.password_hash).where(PEOPLE.c.person_id == person_id)
    return connection.execute(found).scalar_one() is not None
