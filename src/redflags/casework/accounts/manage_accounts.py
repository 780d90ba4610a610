"""Accounts: added and changed by an administrator, never by their own holder, and never deleted."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from redflags.adapters.store import audit_chain
from redflags.adapters.store.audit_chain import Act
from redflags.adapters.store.case_tables import HOMES
from redflags.adapters.store.people_tables import INVITATIONS, PEOPLE
from redflags.casework.accounts.account_fields import (
    LONGEST_EMAIL,
    faults_of,
    is_long_or_odd,
    plain_email,
    plain_patches,
    plain_text,
)
from redflags.casework.accounts.person_rows import PERSON_COLUMNS, person_of
from redflags.casework.accounts.sessions import end_sessions_of
from redflags.domain.people import Person, Role
from redflags.errors import InvalidAct, NotAllowed

NOT_ONE_S_OWN = "you cannot change your own account here; ask another administrator"


def add_person(
    connection: Connection,
    by_actor: str,
    now: datetime,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    patches: Iterable[str] = (),
    every_patch: bool = False,
) -> Person:
    """Add somebody, who cannot log in yet. Raises InvalidAct when a field cannot be taken."""
    wanted = list(patches)
    refuse_faults(faults_of(email, name, roles, wanted))
    audit_chain.read_head(connection, lock=True)  # two at once with one address: the second is told
    if person_with_email(connection, email) is not None:
        raise InvalidAct("email", "Somebody already has an account with this email address")
    values = {
        "person_id": f"P-{secrets.token_hex(8)}",
        "email": plain_email(email),
        "name": plain_text(name),
        **_rights(roles, wanted, every_patch),
        "is_active": True,
        "is_away": False,
        "added_at_utc": now,
    }
    row = connection.execute(insert(PEOPLE).values(**values).returning(*PERSON_COLUMNS)).one()
    _write(connection, by_actor, now, "person_added", row.person_id, roles, wanted, every_patch)
    return person_of(row)


def change_person(
    connection: Connection,
    by_actor: str,
    now: datetime,
    person_id: str,
    *,
    roles: Collection[Role],
    patches: Iterable[str] = (),
    every_patch: bool = False,
) -> None:
    """Give somebody other rights; where that changes anything, they have to log in again.

    Raises InvalidAct without a role or when nobody else could administer, NotAllowed for one's
    own account, LookupError when there is nobody of that id.
    """
    wanted = list(patches)
    before = _other_than(connection, by_actor, person_id)
    refuse_faults(faults_of(before.email, before.name, roles, wanted))
    if Role.ADMIN not in roles:
        _keep_an_admin(connection, before)
    rights = _rights(roles, wanted, every_patch)
    if rights == _rights(before.roles, before.patches, before.every_patch):
        return
    _set(connection, person_id, **rights)
    end_sessions_of(connection, person_id, now)
    _write(connection, by_actor, now, "person_changed", person_id, roles, wanted, every_patch)


def disable_person(connection: Connection, by_actor: str, now: datetime, person_id: str) -> None:
    """Shut somebody out at once, sessions and links included; what they work on stays theirs.

    Raises InvalidAct for the last administrator, NotAllowed for oneself, LookupError for nobody.
    """
    before = _other_than(connection, by_actor, person_id)
    _keep_an_admin(connection, before)
    _set(connection, person_id, is_active=False)
    end_sessions_of(connection, person_id, now)
    end_invitations_of(connection, person_id, now)
    _note(connection, by_actor, now, "person_disabled", person_id)


def enable_person(connection: Connection, by_actor: str, now: datetime, person_id: str) -> None:
    """Let somebody back in, with the password they had. Raises NotAllowed or LookupError."""
    _other_than(connection, by_actor, person_id)
    _set(connection, person_id, is_active=True)
    _note(connection, by_actor, now, "person_enabled", person_id)


def set_away(connection: Connection, person: Person, is_away: bool, now: datetime) -> None:
    """Say that one is away: nothing new is given to whoever is."""
    audit_chain.read_head(connection, lock=True)
    _set(connection, person.person_id, is_away=is_away)
    _note(connection, person.actor, now, "away" if is_away else "back", person.person_id)


def person(connection: Connection, person_id: str) -> Person | None:
    found = select(*PERSON_COLUMNS).where(PEOPLE.c.person_id == person_id)
    row = connection.execute(found).one_or_none()
    return None if row is None else person_of(row)


def person_with_email(connection: Connection, email: str) -> Person | None:
    """Whoever has this address, active or not; `email` may be anything."""
    if is_long_or_odd(plain_email(email), LONGEST_EMAIL):
        return None
    found = select(*PERSON_COLUMNS).where(PEOPLE.c.email == plain_email(email))
    row = connection.execute(found).one_or_none()
    return None if row is None else person_of(row)


def people(connection: Connection) -> list[Person]:
    """Everybody there ever was, by name."""
    rows = connection.execute(select(*PERSON_COLUMNS).order_by(PEOPLE.c.name, PEOPLE.c.person_id))
    return [person_of(row) for row in rows]


def names(connection: Connection) -> dict[str, str]:
    """What everybody is called, by person_id."""
    rows = connection.execute(select(PEOPLE.c.person_id, PEOPLE.c.name))
    return {row.person_id: row.name for row in rows}


def known_patches(connection: Connection) -> list[str]:
    """The areas that have homes, as the last night saw them; none before the first night."""
    rows = connection.execute(select(HOMES.c.patch).distinct().order_by(HOMES.c.patch))
    return [row.patch for row in rows if row.patch]


def end_invitations_of(connection: Connection, person_id: str, now: datetime) -> None:
    """Make the one-time links of somebody that were not used worthless."""
    unused = (INVITATIONS.c.person_id == person_id) & INVITATIONS.c.used_at_utc.is_(None)
    connection.execute(update(INVITATIONS).where(unused).values(used_at_utc=now))


def area_faults(
    connection: Connection, roles: Collection[Role], patches: Iterable[str], every_patch: bool
) -> list[InvalidAct]:
    """What a form and the command line refuse: a reviewer without an area, areas without homes.

    Either would be an account that nobody notices is of no use.
    """
    wanted = plain_patches(patches)
    if every_patch:
        return []
    if Role.REVIEWER in roles and not wanted:
        return [InvalidAct("patches", "A reviewer needs at least one area, or every area")]
    known = known_patches(connection)
    unknown = [patch for patch in wanted if known and patch not in known]
    named = ", ".join(unknown)
    return [InvalidAct("patches", f"There are no homes in: {named}")] if unknown else []


def refuse_faults(faults: list[InvalidAct]) -> None:
    """Raise the first of them; a form that wants all of them asks `faults_of` itself."""
    if faults:
        raise faults[0]


def _other_than(connection: Connection, by_actor: str, person_id: str) -> Person:
    """Whoever is to be changed, with nobody else changing anybody meanwhile."""
    audit_chain.read_head(connection, lock=True)
    found = person(connection, person_id)
    if found is None:
        raise LookupError("nobody has this id")
    if found.actor == by_actor:
        raise NotAllowed(NOT_ONE_S_OWN)
    return found


def _keep_an_admin(connection: Connection, leaving: Person) -> None:
    others = (p for p in people(connection) if p.person_id != leaving.person_id)
    if leaving.has(Role.ADMIN) and not any(p.is_active and p.has(Role.ADMIN) for p in others):
        raise InvalidAct("roles", "This is the last administrator. Add another one first")


def _rights(
    roles: Collection[Role], patches: Iterable[str], every_patch: bool
) -> dict[str, object]:
    areas = [] if every_patch else plain_patches(patches)
    return {"roles": sorted(roles), "patches": areas, "every_patch": every_patch}


def _set(connection: Connection, person_id: str, **values: object) -> None:
    connection.execute(update(PEOPLE).where(PEOPLE.c.person_id == person_id).values(**values))


def _note(
    connection: Connection,
    by_actor: str,
    now: datetime,
    action: str,
    person_id: str,
    **more: object,
) -> None:
    audit_chain.append(
        connection, Act(by_actor, action, now, details={"person": person_id, **more})
    )


def _write(
    connection: Connection,
    by_actor: str,
    now: datetime,
    action: str,
    person_id: str,
    roles: Collection[Role],
    patches: Iterable[str],
    every_patch: bool,
) -> None:
    rights = _rights(roles, patches, every_patch)
    _note(connection, by_actor, now, action, person_id, **rights)
