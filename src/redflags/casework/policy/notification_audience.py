"""Whom to tell that there is something to do about an alert, and whether anybody can be (P8, P12).

Whoever has it, and who oversees it. Where no overseer who is at work may know of the household,
everybody who could decide on it too. Where nobody at work may know of it, the administrators: what
they are sent says nothing, and giving somebody a role is theirs to do. Who is away is told as well,
and not counted on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, true

from redflags.adapters.store.alerts.alert_conditions import is_open
from redflags.adapters.store.people_tables import PEOPLE
from redflags.adapters.store.tables import ALERTS
from redflags.casework.accounts.person_rows import PERSON_COLUMNS, person_of
from redflags.casework.policy.visibility import concerns_home_of, may_know
from redflags.domain.alert import Routing
from redflags.domain.people import CASE_ROLES, DECIDING_ROLES, Person, Role
from redflags.domain.reminder_times import ReminderKind

PEOPLE_AT_ONCE = 50
"""So many conditions in one query: SQLite takes no expression deeper than a thousand."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why people are to be told of an alert; `holder` is who has it, None while nobody does."""

    alert_id: str
    kind: ReminderKind
    due_at_utc: datetime
    routing: str
    holder: str | None


Audience = dict[Occasion, list[Person]]
Suits = Callable[[Person, Occasion], bool]


def audience_of(connection: Connection, occasions: Sequence[Occasion]) -> Audience:
    """Whom to tell of each, by person_id; nobody who must not know of the household."""
    people = _active(connection)
    told = _those(connection, people, occasions, _is_theirs, may_know)
    unwatched = [o for o in occasions if not any(_watches(person, o) for person in told[o])]
    told |= _added(told, _those(connection, people, unwatched, _could_have_it, may_know))
    unheard = [o for o in unwatched if all(person.is_away for person in told[o])]
    admins = _those(connection, people, unheard, _is_admin, lambda p: ~concerns_home_of(p))
    return told | _added(told, admins)


def _added(told: Audience, others: Audience) -> Audience:
    """Those told already and `others`, each once."""
    both = {occasion: {*told[occasion], *more} for occasion, more in others.items()}
    return {o: sorted(people, key=lambda person: person.person_id) for o, people in both.items()}


def count_unseen(connection: Connection, asks: Person | None = None) -> int:
    """Open alerts that nobody at work may know of; none while nobody has an account at all.

    Those of a home that who `asks` must not know of are left out.
    """
    people = _active(connection)
    if not people:
        return 0
    cases = [person for person in people if person.has(*CASE_ROLES) and not person.is_away]
    # who sees most comes first: the first query finds nothing, as a rule, and is the last
    cases.sort(key=lambda person: (not person.has(Role.SPECIALIST), not person.has(Role.MANAGER)))
    unseen = _unseen_by(connection, cases[:PEOPLE_AT_ONCE])
    if asks is not None and unseen:
        unseen -= _of_home_of(connection, asks)
    for start in range(PEOPLE_AT_ONCE, len(cases), PEOPLE_AT_ONCE):
        if not unseen:
            break
        unseen &= _unseen_by(connection, cases[start : start + PEOPLE_AT_ONCE])
    return len(unseen)


def _unseen_by(connection: Connection, people: Sequence[Person]) -> set[str]:
    # what compares with a blank is neither true nor false, and is not seen either
    unseen = (may_know(person).is_not(true()) for person in people)
    return set(connection.execute(select(ALERTS.c.alert_id).where(is_open(), *unseen)).scalars())


def _of_home_of(connection: Connection, person: Person) -> set[str]:
    theirs = select(ALERTS.c.alert_id).where(is_open(), concerns_home_of(person))
    return set(connection.execute(theirs).scalars())


def _active(connection: Connection) -> list[Person]:
    active = select(*PERSON_COLUMNS).where(PEOPLE.c.is_active).order_by(PEOPLE.c.person_id)
    return [person_of(row) for row in connection.execute(active)]


def _those(
    connection: Connection,
    people: Sequence[Person],
    occasions: Sequence[Occasion],
    suits: Suits,
    knows: Callable[[Person], ColumnElement[bool]],
) -> Audience:
    """The people each of `occasions` suits, as far as `knows` is true of its alert."""
    found: Audience = {occasion: [] for occasion in occasions}
    for person in people:
        theirs = [occasion for occasion in occasions if suits(person, occasion)]
        known = _known(connection, theirs, knows(person)) if theirs else frozenset()
        for occasion in theirs:
            if occasion.alert_id in known:
                found[occasion].append(person)
    return found


def _known(
    connection: Connection, occasions: Sequence[Occasion], condition: ColumnElement[bool]
) -> frozenset[str]:
    ids = sorted({occasion.alert_id for occasion in occasions})
    query = select(ALERTS.c.alert_id).where(ALERTS.c.alert_id.in_(ids), condition)
    return frozenset(connection.execute(query).scalars())


def _is_theirs(person: Person, occasion: Occasion) -> bool:
    return person.person_id == occasion.holder or _oversees(person, occasion)


def _oversees(person: Person, occasion: Occasion) -> bool:
    special = occasion.routing == Routing.SPECIALIST
    return person.has(Role.SPECIALIST if special else Role.MANAGER)


def _watches(person: Person, occasion: Occasion) -> bool:
    return _oversees(person, occasion) and not person.is_away


def _could_have_it(person: Person, occasion: Occasion) -> bool:
    return person.person_id == occasion.holder or person.has(*DECIDING_ROLES)


def _is_admin(person: Person, _occasion: Occasion) -> bool:
    return person.has(Role.ADMIN)
