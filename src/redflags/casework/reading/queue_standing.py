"""How the queue stands at one moment, in counts: what is open, late, or seen by nobody."""

from dataclasses import replace
from datetime import datetime

from redflags.adapters.store import QueueStore
from redflags.adapters.store.alerts import alert_queries
from redflags.casework.policy.notification_audience import count_unseen
from redflags.domain.queue_state import Standing


def queue_standing(store: QueueStore, now: datetime) -> Standing:
    """Counts of open alerts at `now` (aware), the ones that nobody at work may know of included."""
    with store.reading() as connection:
        unseen = count_unseen(connection)
        return replace(alert_queries.standing(connection, now), unseen=unseen)
