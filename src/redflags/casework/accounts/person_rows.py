"""A row of `people` as a person, and who is written down as one."""

from typing import Any

from sqlalchemy import Row

from redflags.adapters.store.people_tables import PEOPLE
from redflags.domain.people import Person, Role

PERSON_COLUMNS = (
    PEOPLE.c.person_id,
    PEOPLE.c.name,
    PEOPLE.c.email,
    PEOPLE.c.roles,
    PEOPLE.c.patches,
    PEOPLE.c.every_patch,
    PEOPLE.c.is_active,
    PEOPLE.c.is_away,
)
"""Everything of somebody that may leave the store: no password, no secret."""


def person_of(row: Row[Any]) -> Person:
    """The person of a row that has at least `PERSON_COLUMNS`."""
    return Person(
        person_id=row.person_id,
        name=row.name,
        email=row.email,
        roles=frozenset(Role(role) for role in row.roles),
        patches=frozenset(row.patches),
        every_patch=row.every_patch,
        is_active=row.is_active,
        is_away=row.is_away,
    )
