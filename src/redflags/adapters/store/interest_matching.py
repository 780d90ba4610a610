"""Barriers declared before their home was known find it when a night lists the homes."""

from sqlalchemy import Connection, select, union

from redflags.adapters.store.case_tables import HOMES
from redflags.adapters.store.home_directory import homes_called
from redflags.adapters.store.natural_key_writes import insert_new
from redflags.adapters.store.people_tables import INTERESTS


def match_interests(connection: Connection) -> int:
    """Add the references of homes that barriers mean in another spelling; how many were added.

    What was typed stays too: an alert may name a household that has left since.
    """
    listed = union(select(HOMES.c.property_ref), select(HOMES.c.household_ref))
    unmatched = select(INTERESTS).where(INTERESTS.c.ref.not_in(listed))
    return sum(
        insert_new(
            connection,
            INTERESTS,
            {"person_id": barrier.person_id, "ref": ref, "kind": barrier.kind},
        )
        for barrier in connection.execute(unmatched).all()
        for home in homes_called(connection, barrier.ref)
        for ref in (home.household_ref, home.property_ref)
        if ref
    )
