"""Concerns logged in the queue as the night reads them: that there was one, where and when."""

from sqlalchemy import Connection, func, select

from redflags.adapters.store.case_tables import CONCERNS, HOMES


def concern_records(connection: Connection) -> list[dict[str, str]]:
    """Rows of the canonical table `concerns`, without what was seen, in order of reference.

    Each has the reference it has as evidence on its alert, so that no alert grows by its own
    concern. A home that several households share is left out: a record goes to one of them only,
    and it might not be the one whose alert has it.
    """
    households = (
        select(func.count())
        .select_from(HOMES)
        .where(HOMES.c.property_ref == CONCERNS.c.property_ref)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(CONCERNS).where(households <= 1).order_by(CONCERNS.c.concern_id)
    )
    return [
        {
            "concern_ref": row.concern_id,
            "property_ref": row.property_ref,
            "observed_at": row.observed_on.isoformat(),
            "reporter_role": row.reporter_role,
        }
        for row in rows
    ]
