"""Reminders that contact is due, or somebody in danger (P7, P8): who gets one, each once.

Each is written with its message and audit entry. They go to whoever has the alert and to the
managers; to the specialists instead where only they may see it; and never to anybody who must not
know of the household (P12).
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from redflags.adapters.store import audit, outbox
from redflags.adapters.store.alert_rows import awaits_contact, is_open
from redflags.adapters.store.case_tables import CONCERNS, REMINDERS
from redflags.adapters.store.casework.visibility import may_know
from redflags.adapters.store.people.rows import PERSON_COLUMNS, person_of
from redflags.adapters.store.people_tables import PEOPLE
from redflags.adapters.store.queue_store import QueueStore
from redflags.adapters.store.tables import ALERTS
from redflags.adapters.store.writes import insert_new
from redflags.domain.alert import Routing
from redflags.domain.message import Message
from redflags.domain.people import Person, Role
from redflags.domain.reminder import ReminderKind, reminder_at
from redflags.reviewset import Times

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
        audit.read_head(connection, lock=True)  # two at once: the second finds nothing to do
        found = due_reminders(connection, now, times)
        for due in found:
            _write(connection, due, now, compose)
        return len(found)


def due_reminders(connection: Connection, now: datetime, times: Times) -> list[Due]:
    """Every reminder it is time for and that was not written yet, by alert and person."""
    first, last = times.reminders
    checks = _checks(connection, now + first)
    dangers = _dangers(connection, now - first)
    if not checks and not dangers:
        return []
    heard = _written(connection, [alert.alert_id for alert in (*checks, *dangers)])
    people = _people(connection)
    wanted = [
        Due(check.alert_id, kind, check.due_at_utc, person)
        for person in people
        for check in _known_to(connection, person, checks)
        if (kind := reminder_at(now, check.due_at_utc, first, last)) is not None
    ]
    wanted += [
        Due(danger.alert_id, ReminderKind.DANGER, danger.logged_at_utc, person)
        for person in people
        for danger in _known_to(connection, person, dangers)
    ]
    found = [due for due in wanted if due.key not in heard]
    return sorted(found, key=lambda due: (due.alert_id, due.kind, due.person.person_id))


def linked_alert(connection: Connection, link_id: str) -> str | None:
    """The alert a reminder's link leads to; None when it leads nowhere (any more).

    Whether somebody may see that alert is asked there.
    """
    link = select(REMINDERS.c.alert_id).where(REMINDERS.c.link_id == link_id)
    return connection.execute(link).scalar_one_or_none()


def _checks(connection: Connection, due_by: datetime) -> Sequence[Row[Any]]:
    rows = connection.execute(
        select(ALERTS.c.alert_id, ALERTS.c.due_at_utc, ALERTS.c.routing, ALERTS.c.assigned_to)
        .where(awaits_contact(), ALERTS.c.due_at_utc <= due_by)
        .order_by(ALERTS.c.alert_id)
    )
    return rows.all()


def _dangers(connection: Connection, since: datetime) -> Sequence[Row[Any]]:
    """Concerns logged since then that say somebody may be in danger now, about open alerts."""
    rows = connection.execute(
        select(
            ALERTS.c.alert_id,
            CONCERNS.c.logged_at_utc,
            ALERTS.c.routing,
            func.coalesce(ALERTS.c.assigned_to, ALERTS.c.claimed_by).label("assigned_to"),
        )
        .join(CONCERNS, CONCERNS.c.alert_id == ALERTS.c.alert_id)
        .where(CONCERNS.c.in_danger, CONCERNS.c.logged_at_utc >= since, is_open())
        .order_by(ALERTS.c.alert_id, CONCERNS.c.logged_at_utc)
    )
    return rows.all()


def _written(
    connection: Connection, alert_ids: Sequence[str]
) -> set[tuple[str, str, datetime, str]]:
    rows = connection.execute(
        select(
            REMINDERS.c.alert_id, REMINDERS.c.kind, REMINDERS.c.due_at_utc, REMINDERS.c.person_id
        ).where(REMINDERS.c.alert_id.in_(alert_ids))
    )
    return {(alert_id, kind, due, person_id) for alert_id, kind, due, person_id in rows}


def _people(connection: Connection) -> list[Person]:
    active = select(*PERSON_COLUMNS).where(PEOPLE.c.is_active).order_by(PEOPLE.c.person_id)
    return [person_of(row) for row in connection.execute(active)]


def _known_to(connection: Connection, person: Person, checks: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The checks that are this person's to hear of, and that they may know of."""
    theirs = [check for check in checks if _is_theirs(person, check)]
    if not theirs:
        return []
    ids = [check.alert_id for check in theirs]
    query = select(ALERTS.c.alert_id).where(ALERTS.c.alert_id.in_(ids), may_know(person))
    known = set(connection.execute(query).scalars())
    return [check for check in theirs if check.alert_id in known]


def _is_theirs(person: Person, check: Row[Any]) -> bool:
    overseer = Role.SPECIALIST if check.routing == Routing.SPECIALIST else Role.MANAGER
    return person.person_id == check.assigned_to or person.has(overseer)


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
    audit.append(connection, audit.Act(CLOCK, "reminder_written", now, due.alert_id, details))
