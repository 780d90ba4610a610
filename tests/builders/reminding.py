"""Reminders as they fall due in an office, and whom they went to."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, select, update

from builders.cases import MONDAY, REVIEW, Office
from redflags.adapters.store.case_tables import REMINDERS
from redflags.adapters.store.people_tables import PEOPLE
from redflags.casework.accounts import set_away
from redflags.casework.acts.log_concern import log_concern
from redflags.casework.acts.write_reminders import write_reminders
from redflags.domain.alert import Routing
from redflags.domain.people import Person, Role
from redflags.domain.property_reference import Home
from redflags.services.night.reminder_message import reminder

URL = "https://queue.landlord.test"


def remind(office: Office, now: datetime) -> int:
    compose = partial(reminder, day=now.date(), review_url=URL)
    return write_reminders(office.store, now, REVIEW.times, compose)


def reminders(office: Office) -> list[Row[Any]]:
    query = select(REMINDERS).order_by(REMINDERS.c.made_at_utc, REMINDERS.c.person_id)
    with office.store.reading() as connection:
        return list(connection.execute(query))


def told(office: Office) -> list[tuple[str, str]]:
    return [(row.kind, row.person_id) for row in reminders(office)]


def danger(
    office: Office,
    in_danger: bool = True,
    form_id: str = "form-1",
    routing: Routing = Routing.GENERAL,
    patch: str = "north",
) -> None:
    """A colleague's concern about the home P-1, logged now."""
    with office.store.queue_transaction(MONDAY.date(), "night", office.now) as queue:
        queue.publish_homes([Home("0001", "P-1", patch, routing)])
    trade = office.hire(f"tom-{form_id}", Role.REPAIRS)
    seen = (form_id, "P-1", MONDAY.date(), "Somebody cried for help", in_danger)
    office.does(trade, log_concern, *seen, lambda: "a-new")


def go_away(office: Office, *people: Person) -> None:
    """They say that they are away, on their own pages."""
    with office.store.writing() as connection:
        for person in people:
            set_away(connection, person, True, office.now)


def leave(office: Office, *people: Person) -> None:
    """Their accounts are off from now on."""
    ids = [person.person_id for person in people]
    with office.store.writing() as connection:
        connection.execute(
            update(PEOPLE).where(PEOPLE.c.person_id.in_(ids)).values(is_active=False)
        )
