"""The audit trail as auditors read it: who did or saw what and when; never what it was about.

Entries hold no references and no text, so there is nothing to mask.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from redflags.adapters.store.people_tables import PEOPLE
from redflags.adapters.store.tables import ALERTS, AUDIT_EVENTS
from redflags.casework.policy.visibility import concerns_home_of
from redflags.domain.people import Person

PAGE_SIZE = 50
READINGS = ("evidence_read", "job_text_read", "referral_read", "sample_read")
"""Acts that changed nothing: somebody saw something."""
_PERSON = "person:"
_E = AUDIT_EVENTS.c


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. `who` is a person's name, or the actor as it is when it was nobody (the night).

    `details` are as written, with people by name.
    """

    entry_no: int
    at_utc: datetime
    actor: str
    who: str
    action: str
    alert_id: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, newest first, of `total`; the first page is 1."""

    entries: tuple[AuditEntry, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def entries(
    connection: Connection,
    *,
    reader: Person | None = None,
    alert_id: str | None = None,
    actor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> AuditPage:
    """What was done on an alert, by an actor, from `since` on and before `until`; or everything.

    An actor is a `Person.actor`, or "night", "clock", "outbox", …. For a `reader` there is nothing
    of a household that they must never see, nor that others keep them from one. Three statements.
    """
    conditions = _conditions(alert_id, actor, since, until)
    if reader is not None:
        conditions += [~_is_kept_from(reader)]
    newest = select(AUDIT_EVENTS).where(*conditions).order_by(_E.entry_no.desc())
    rows = connection.execute(newest.offset((page - 1) * size).limit(size)).all()
    total = select(func.count()).select_from(AUDIT_EVENTS).where(*conditions)
    return AuditPage(_named(connection, rows), connection.execute(total).scalar_one(), page, size)


def readings_of(connection: Connection, alert_id: str) -> tuple[AuditEntry, ...]:
    """Everybody who read what is behind an alert, the last first."""
    seen = _E.action.in_(READINGS)
    newest = select(AUDIT_EVENTS).where(_E.alert_id == alert_id, seen)
    return _named(connection, connection.execute(newest.order_by(_E.entry_no.desc())).all())


def _conditions(
    alert_id: str | None, actor: str | None, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    chosen = (
        (alert_id, _E.alert_id == alert_id),
        (actor, _E.actor == actor),
        (since, _E.at_utc >= _written(since)),
        (until, _E.at_utc < _written(until)),
    )
    return [condition for wanted, condition in chosen if wanted is not None]


def _is_kept_from(reader: Person) -> ColumnElement[bool]:
    """Auditors may work with homes too: who did what there is not for who must not see it (P12)."""
    hidden = select(ALERTS.c.alert_id).where(concerns_home_of(reader))
    person = f'"person":"{reader.person_id}"'
    by_others = and_(
        _E.action.in_(("interest_declared", "interest_withdrawn")),
        _E.actor != reader.actor,
        _E.details.contains(person, autoescape=True),
    )
    return or_(_E.alert_id.in_(hidden), by_others)


def _written(moment: datetime | None) -> str:
    """As the trail writes moments, so that their order is that of their letters."""
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def _named(connection: Connection, rows: Iterable[Row[Any]]) -> tuple[AuditEntry, ...]:
    found = [(row, json.loads(row.details)) for row in rows]
    wanted = {row.actor.removeprefix(_PERSON) for row, _details in found}
    wanted |= {value for _row, details in found for value in details.values() if _is_text(value)}
    query = select(PEOPLE.c.person_id, PEOPLE.c.name).where(PEOPLE.c.person_id.in_(sorted(wanted)))
    names = {row.person_id: row.name for row in connection.execute(query)}
    return tuple(_entry(row, details, names) for row, details in found)


def _entry(row: Row[Any], details: Mapping[str, object], names: Mapping[str, str]) -> AuditEntry:
    person_id = row.actor.removeprefix(_PERSON)
    return AuditEntry(
        row.entry_no,
        datetime.fromisoformat(row.at_utc),
        row.actor,
        names.get(person_id, row.actor) if person_id != row.actor else row.actor,
        row.action,
        row.alert_id,
        {key: names.get(str(value), value) for key, value in details.items()},
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)
