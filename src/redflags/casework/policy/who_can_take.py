"""Whom an alert may be given to: colleagues at work who may know of it, and decide (P12)."""

from sqlalchemy import Connection, select

from redflags.adapters.store.people_tables import INTERESTS, PEOPLE
from redflags.adapters.store.tables import ALERTS
from redflags.casework.accounts.person_rows import PERSON_COLUMNS, person_of
from redflags.domain.alert import Routing
from redflags.domain.people import DECIDING_ROLES, Person, PersonName, Role
from redflags.errors import InvalidAct

NOT_FROM_THE_LIST = "Choose somebody from the list"


def who_can_take(connection: Connection, alert_id: str) -> list[PersonName]:
    """Whom the alert may be given to, by name: there, at work, of its patch and routing.

    Nobody who must not see the household is among them, and nothing says why somebody is not.
    """
    this = ALERTS.c.alert_id == alert_id
    home = select(ALERTS.c.property_ref).where(this).union(select(ALERTS.c.tenancy_ref).where(this))
    barred = select(INTERESTS.c.person_id).where(INTERESTS.c.ref.in_(home))
    rows = connection.execute(
        select(*PERSON_COLUMNS, ALERTS.c.routing, ALERTS.c.patch)
        .join_from(PEOPLE, ALERTS, this)
        .where(PEOPLE.c.is_active, ~PEOPLE.c.is_away, PEOPLE.c.person_id.not_in(barred))
        .order_by(PEOPLE.c.name, PEOPLE.c.person_id)
    )
    return [
        PersonName(row.person_id, row.name)
        for row in rows
        if _suits(person_of(row), row.routing, row.patch)
    ]


def could_take_something(person: Person) -> bool:
    """At work, and somebody who decides; whether they can take this alert is `who_can_take`'s."""
    return person.is_active and not person.is_away and person.has(*DECIDING_ROLES)


def refuse_unless_takes(connection: Connection, alert_id: str, person_id: str) -> None:
    """Raises InvalidAct unless `person_id` is one of `who_can_take`: one answer for all reasons."""
    if person_id not in {one.person_id for one in who_can_take(connection, alert_id)}:
        raise InvalidAct("person", NOT_FROM_THE_LIST)


def _suits(person: Person, routing: str, patch: str) -> bool:
    """What `may_know` says of the roles of a decider, said of one person and one alert."""
    if not person.has(*DECIDING_ROLES):
        return False
    if person.has(Role.SPECIALIST):
        return True
    in_patch = person.every_patch or (patch != "" and patch in person.patches)
    return routing == Routing.GENERAL and in_patch
