"""How many alerts each week brought the team; sums, for those who see no alert."""

from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from redflags.adapters.store.tables import ALERTS
from redflags.domain.alert import Routing

WEEK = timedelta(days=7)


def alerts_by_week(connection: Connection, last: date, weeks: int) -> list[tuple[date, int]]:
    """Last day of each week up to `last`, oldest first, and the team's alerts raised in it.

    What is the specialist's alone is left out: it needs none of the team's capacity.
    """
    ends = [last - number * WEEK for number in range(weeks)][::-1]
    query = (
        select(ALERTS.c.raised_on, func.count().label("alerts"))
        .where(
            ALERTS.c.raised_on > ends[0] - WEEK,
            ALERTS.c.raised_on <= last,
            ALERTS.c.routing == Routing.GENERAL,
        )
        .group_by(ALERTS.c.raised_on)
    )
    counts = {row.raised_on: row.alerts for row in connection.execute(query)}
    return [(end, sum(n for day, n in counts.items() if end - WEEK < day <= end)) for end in ends]
