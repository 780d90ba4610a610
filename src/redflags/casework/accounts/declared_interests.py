"""Households somebody must never see. Written and lifted by naming them; nobody can list them."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from redflags.adapters.store import audit_chain
from redflags.adapters.store.audit_chain import Act
from redflags.adapters.store.home_directory import homes_called
from redflags.adapters.store.natural_key_writes import insert_new
from redflags.adapters.store.people_tables import INTERESTS
from redflags.casework.accounts.account_fields import is_long_or_odd
from redflags.casework.accounts.manage_accounts import NOT_ONE_S_OWN
from redflags.casework.acts.lapse_claims import take_from
from redflags.domain.people import InterestKind, Person
from redflags.domain.property_reference import plain_ref, unpadded
from redflags.errors import InvalidAct, NotAllowed

LONGEST_REF = 100


def declare(
    connection: Connection,
    person: Person,
    ref: str,
    kind: InterestKind,
    by_actor: str,
    now: datetime,
) -> bool:
    """Keep `person` from a household from now on; whether the reference is one of a home we know.

    What they hold of that household goes back at once, as if it had lapsed: nobody may be left
    with a welfare check that they cannot open. The barrier is kept in either case, since a home
    that is missing in our list may be there tomorrow. A barrier that stands is not weakened.
    Raises InvalidAct for what cannot be a reference, and NotAllowed when an administrator bars
    themselves instead of declaring it.
    """
    if kind is InterestKind.BARRED and by_actor == person.actor:
        raise NotAllowed(NOT_ONE_S_OWN)
    wanted = _checked(ref)
    audit_chain.read_head(connection, lock=True)  # before the alerts, as everybody does
    known = _refs_of_home(connection, ref)
    for one in {wanted, *known}:
        values = {"person_id": person.person_id, "ref": one, "kind": kind}
        insert_new(connection, INTERESTS, values)
    take_from(connection, person.person_id, {wanted, *known}, now)
    details = {"person": person.person_id, "kind": kind}
    audit_chain.append(connection, Act(by_actor, "interest_declared", now, details=details))
    return bool(known)


def withdraw(
    connection: Connection, person: Person, ref: str, by_actor: str, now: datetime
) -> None:
    """Let `person` see a household again, if there was a barrier; nobody learns whether.

    Raises NotAllowed for one's own, InvalidAct for what cannot be a reference.
    """
    if by_actor == person.actor:
        raise NotAllowed(NOT_ONE_S_OWN)
    wanted = _checked(ref)
    refs = _spellings_kept(connection, person, {wanted, *_refs_of_home(connection, ref)})
    connection.execute(
        delete(INTERESTS).where(
            INTERESTS.c.person_id == person.person_id, INTERESTS.c.ref.in_(sorted(refs))
        )
    )
    details = {"person": person.person_id}
    audit_chain.append(connection, Act(by_actor, "interest_withdrawn", now, details=details))


def _spellings_kept(connection: Connection, person: Person, refs: set[str]) -> set[str]:
    """`refs` as they were typed before, too: a spelling left over would bring the barrier back."""
    mine = select(INTERESTS.c.ref).where(INTERESTS.c.person_id == person.person_id)
    same = {unpadded(ref) for ref in refs}
    return refs | {ref for ref in connection.scalars(mine) if unpadded(ref) in same}


def _checked(ref: str) -> str:
    wanted = plain_ref(ref)
    if not wanted or is_long_or_odd(wanted, LONGEST_REF):
        raise InvalidAct("ref", "Enter the reference of a home or of a tenancy")
    return wanted


def _refs_of_home(connection: Connection, ref: str) -> set[str]:
    """The property and the households there, by the one or by the other; empty when unknown."""
    homes = homes_called(connection, ref)
    return {one for home in homes for one in (home.household_ref, home.property_ref) if one}
