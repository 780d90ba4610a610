"""What lists show of an alert, and how it is read: never evidence, never a household."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from redflags.adapters.store.people_tables import PEOPLE
from redflags.adapters.store.tables import ALERTS
from redflags.domain.alert import AlertState, Priority
from redflags.domain.people import PersonName

_C = ALERTS.c
HOLDER = func.coalesce(_C.assigned_to, _C.claimed_by)
"""Who has an alert that is in hand."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One alert in a list. `person` is who has it, or who asks, in lists that say so.

    `due_at_utc` is when contact is due, for as long as there was none (`contacted_at_utc`).
    """

    alert_id: str
    patch: str
    raised_on: date
    priority: Priority
    state: AlertState
    look_by_at_utc: datetime | None
    due_at_utc: datetime | None
    person: PersonName | None = None
    claim_lapses_at_utc: datetime | None = None
    contacted_at_utc: datetime | None = None
    closed_on: date | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a longer list; the first page is 1."""

    rows: tuple[QueueRow, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many there are; one when the list is empty."""
        return max(1, -(-self.total // self.size))


def with_person(who: ColumnElement[Any], *more: ColumnElement[Any]) -> Select[Any]:
    """What lists show, and the name of whom `who` says."""
    named = PEOPLE.c.person_id == who
    return select(*_SHOWN, PEOPLE.c.person_id, PEOPLE.c.name, *more).join_from(
        ALERTS, PEOPLE, named, isouter=True
    )


def queue_row(row: Row[Any]) -> QueueRow:
    """A row of `with_person`."""
    return QueueRow(
        row.alert_id,
        row.patch,
        row.raised_on,
        Priority(row.priority),
        AlertState(row.state),
        row.look_by_at_utc,
        row.due_at_utc,
        PersonName(row.person_id, row.name) if row.person_id else None,
        row.claim_lapses_at_utc,
        row.contacted_at_utc,
        row.closed_on,
        row.version,
    )


def waiting_row(row: Row[Any]) -> QueueRow:
    """An alert that nobody has; whoever had it before does not show."""
    return QueueRow(
        row.alert_id,
        row.patch,
        row.raised_on,
        Priority(row.priority),
        AlertState.RAISED,
        row.look_by_at_utc,
        due_at_utc=None,
    )


def number(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())


_SHOWN = (
    _C.alert_id,
    _C.patch,
    _C.raised_on,
    _C.priority,
    _C.state,
    _C.look_by_at_utc,
    _C.due_at_utc,
    _C.claim_lapses_at_utc,
    _C.contacted_at_utc,
    _C.closed_on,
    _C.version,
)
