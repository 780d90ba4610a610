"""Reminders that contact is due, or somebody in danger (P7, P8): who gets one, each once.

Each is written with its message and audit entry. They go to whoever has the alert and to the
managers; to the specialists instead where only they may see it; to others where none of these may
know (see `audience`); and never to anybody who must not know of the household (P12).
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from redflags.adapters.store import audit_chain, outbox
from redflags.adapters.store.alerts.alert_conditions import awaits_contact, is_open
from redflags.adapters.store.case_tables import CONCERNS, REMINDERS
from redflags.adapters.store.natural_key_writes import insert_new
from redflags.adapters.store.operational_store import QueueStore
from redflags.adapters.store.tables import ALERTS
from redflags.casework.policy.notification_audience import Occasion, audience_of
from redflags.configuration.review_settings import Times
from redflags.domain.message import Message
from redflags.domain.people import Person
from redflags.domain.reminder_times import ReminderKind, reminder_at

CLOCK = "clock"
_LINK_BYTES = 16

Compose = Callable[[str, str], Message]
"""Link id and address to message."""


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder to one person that it is time for."""

    alert_id: str
    kind: ReminderKind
    due_at_utc: datetime
    person: Person

    @property
    def key(self) -> tuple[str, str, datetime, str]:
        return (self.alert_id, self.kind, self.due_at_utc, self.person.person_id)


def write_reminders(store: QueueStore, now: datetime, times: Times, compose: Compose) -> int:
    """Write every reminder it is time for; how many. Whoever else does the same writes none."""
    with store.reading() as connection:
        if not due_reminders(connection, now, times):
            return 0
    with store.writing() as connection:
        audit_chain.read_head(connection, lock=True)  # two at once: the second finds nothing to do
        found = due_reminders(connection, now, times)
        for due in found:
            _write(connection, due, now, compose)
        return len(found)


def due_reminders(connection: Connection, now: datetime, times: Times) -> list[Due]:
    """Every reminder it is time for and that was not written yet, by alert and person."""
    occasions = [*_checks(connection, now, times), *_dangers(connection, now - times.reminders[0])]
    if not occasions:
        return []
    heard = _written(connection, [occasion.alert_id for occasion in occasions])
    wanted = [
        Due(occasion.alert_id, occasion.kind, occasion.due_at_utc, person)
        for occasion, people in audience_of(connection, occasions).items()
        for person in people
    ]
    found = [due for due in wanted if due.key not in heard]
    return sorted(found, key=lambda due: (due.alert_id, due.kind, due.person.person_id))


def linked_alert(connection: Connection, link_id: str) -> str | None:
    """The alert a reminder's link leads to; None when it leads nowhere (any more).

    Whether somebody may see that alert is asked there.
    """
    link = select(REMINDERS.c.alert_id).where(REMINDERS.c.link_id == link_id)
    return connection.execute(link).scalar_one_or_none()


def _checks(connection: Connection, now: datetime, times: Times) -> list[Occasion]:
    """Welfare checks that wait for contact, as far as it is time to remind of them."""
    first, last = times.reminders
    rows = connection.execute(
        select(ALERTS.c.alert_id, ALERTS.c.due_at_utc, ALERTS.c.routing, ALERTS.c.assigned_to)
        .where(awaits_contact(), ALERTS.c.due_at_utc <= now + first)
        .order_by(ALERTS.c.alert_id)
    )
    return [
        Occasion(row.alert_id, kind, row.due_at_utc, row.routing, row.assigned_to)
        for row in rows
        if (kind := reminder_at(now, row.due_at_utc, first, last)) is not None
    ]


def _dangers(connection: Connection, since: datetime) -> list[Occasion]:
    """Concerns logged since then that say somebody may be in danger now, about open alerts."""
    holder = func.coalesce(ALERTS.c.assigned_to, ALERTS.c.claimed_by).label("holder")
    rows = connection.execute(
        select(ALERTS.c.alert_id, CONCERNS.c.logged_at_utc, ALERTS.c.routing, holder)
        .join(CONCERNS, CONCERNS.c.alert_id == ALERTS.c.alert_id)
        .where(CONCERNS.c.in_danger, CONCERNS.c.logged_at_utc >= since, is_open())
        .order_by(ALERTS.c.alert_id, CONCERNS.c.logged_at_utc)
    )
    return [
        Occasion(row.alert_id, ReminderKind.DANGER, row.logged_at_utc, row.routing, row.holder)
        for row in rows
    ]


def _written(
    connection: Connection, alert_ids: Sequence[str]
) -> set[tuple[str, str, datetime, str]]:
    rows = connection.execute(
        select(
            REMINDERS.c.alert_id, REMINDERS.c.kind, REMINDERS.c.due_at_utc, REMINDERS.c.person_id
        ).where(REMINDERS.c.alert_id.in_(alert_ids))
    )
    return {(alert_id, kind, due, person_id) for alert_id, kind, due, person_id in rows}


def _write(connection: Connection, due: Due, now: datetime, compose: Compose) -> None:
    link_id = secrets.token_hex(_LINK_BYTES)
    values = {
        "link_id": link_id,
        "alert_id": due.alert_id,
        "kind": due.kind,
        "due_at_utc": due.due_at_utc,
        "person_id": due.person.person_id,
        "made_at_utc": now,
    }
    if not insert_new(connection, REMINDERS, values):
        return
    outbox.enqueue(connection, compose(link_id, due.person.email), now)
    details = {"kind": due.kind, "person": due.person.person_id}
    audit_chain.append(
        connection, audit_chain.Act(CLOCK, "reminder_written", now, due.alert_id, details)
    )
