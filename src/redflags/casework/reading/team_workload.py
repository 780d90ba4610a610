"""What a team has to carry: for each person and area, and what is late or due soon."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from redflags.adapters.store.alerts import alert_conditions
from redflags.adapters.store.people_tables import PEOPLE
from redflags.adapters.store.tables import ALERTS
from redflags.casework.accounts.person_rows import PERSON_COLUMNS, person_of
from redflags.casework.policy.visibility import may_know
from redflags.casework.reading.list_rows import HOLDER, QueueRow, queue_row, with_person
from redflags.domain.alert import CLAIM_STATES, IN_HAND_STATES, AlertState
from redflags.domain.alert_deadlines import awaits_contact, has_lapsed, is_due_soon, is_overdue
from redflags.domain.people import CASE_ROLES, Person, PersonName

_C = ALERTS.c


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """How many alerts and checks somebody has; `overdue` checks have had no contact in time."""

    person: PersonName
    is_away: bool
    claims: int
    checks: int
    overdue: int


@dataclass(frozen=True, slots=True)
class AreaLoad:
    """What waits in one area: how many, since when, to be looked at in 24 hours or late already."""

    patch: str
    waiting: int
    oldest_raised_on: date
    due_soon: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Load:
    """Everything in hand and waiting. `overdue` and `due_soon` are checks without any contact."""

    by_person: tuple[PersonLoad, ...]
    by_patch: tuple[AreaLoad, ...]
    overdue: tuple[QueueRow, ...]
    due_soon: tuple[QueueRow, ...]


def load(connection: Connection, person: Person, now: datetime) -> Load:
    """The load of the team, as far as `person` may know of it; in three statements.

    Everybody who works on alerts is in it, with nothing to do too; so is whoever still has one.
    """
    in_hand = connection.execute(
        with_person(HOLDER)
        .where(_C.state.in_(IN_HAND_STATES), may_know(person))
        .order_by(_C.due_at_utc, _C.alert_id)
    ).all()
    given_back = [row for row in in_hand if _has_lapsed(row, now)]
    lapsed_ids = {row.alert_id for row in given_back}
    held = [row for row in in_hand if row.alert_id not in lapsed_ids]
    unreached = [row for row in held if _awaits_contact(row)]
    late = [row for row in unreached if is_overdue(row.due_at_utc, now)]
    return Load(
        by_person=_by_person(_colleagues(connection), held, late),
        by_patch=_by_patch(_areas(connection, person, now), given_back, now),
        overdue=tuple(map(queue_row, late)),
        due_soon=tuple(queue_row(row) for row in unreached if is_due_soon(row.due_at_utc, now)),
    )


def _by_person(
    colleagues: Iterable[Person], held: Sequence[Row[Any]], late: Sequence[Row[Any]]
) -> tuple[PersonLoad, ...]:
    people = {one.person_id: (one.name, one.is_away) for one in colleagues}
    others = {row.person_id: (row.name, False) for row in held if row.person_id is not None}
    claims = Counter(row.person_id for row in held if row.state in CLAIM_STATES)
    checks = Counter(row.person_id for row in held if row.state not in CLAIM_STATES)
    overdue = Counter(row.person_id for row in late)
    return tuple(
        PersonLoad(PersonName(who, name), is_away, claims[who], checks[who], overdue[who])
        for who, (name, is_away) in sorted((others | people).items(), key=_by_name)
    )


def _by_patch(
    areas: Iterable[AreaLoad], given_back: Sequence[Row[Any]], now: datetime
) -> tuple[AreaLoad, ...]:
    """The areas, with the claims that lapsed counted in."""
    found = {area.patch: area for area in areas}
    for row in given_back:
        soon = int(is_due_soon(row.look_by_at_utc, now))
        over = int(is_overdue(row.look_by_at_utc, now))
        area = found.get(row.patch, AreaLoad(row.patch, 0, row.raised_on, 0, 0))
        found[row.patch] = AreaLoad(
            row.patch,
            area.waiting + 1,
            min(area.oldest_raised_on, row.raised_on),
            area.due_soon + soon,
            area.overdue + over,
        )
    return tuple(found[patch] for patch in sorted(found))


def _areas(connection: Connection, person: Person, now: datetime) -> list[AreaLoad]:
    look_by = _C.look_by_at_utc
    rows = connection.execute(
        select(
            _C.patch,
            func.count(),
            func.min(_C.raised_on),
            func.count().filter(alert_conditions.is_due_soon(look_by, now)),
            func.count().filter(alert_conditions.is_overdue(look_by, now)),
        )
        .where(_C.state == AlertState.RAISED, may_know(person))
        .group_by(_C.patch)
    )
    return [AreaLoad(*row) for row in rows]


def _colleagues(connection: Connection) -> list[Person]:
    active = select(*PERSON_COLUMNS).where(PEOPLE.c.is_active)
    people = [person_of(row) for row in connection.execute(active)]
    return [person for person in people if person.has(*CASE_ROLES)]


def _by_name(item: tuple[str, tuple[str, bool]]) -> tuple[str, str]:
    person_id, (name, _is_away) = item
    return name, person_id


def _has_lapsed(row: Row[Any], now: datetime) -> bool:
    return has_lapsed(AlertState(row.state), row.claim_lapses_at_utc, now)


def _awaits_contact(row: Row[Any]) -> bool:
    return awaits_contact(AlertState(row.state), row.contacted_at_utc)
