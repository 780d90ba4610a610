"""Lists of alerts: reference, area, age, priority, due time; never evidence, never a household.

Every list is in one total order, shows only what the person may know of, and costs at most three
statements, however many alerts there are.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    or_,
    select,
    union_all,
)

from redflags.adapters.store.alerts.alert_conditions import (
    has_lapsed,
    is_claimed,
    is_in_an_open_state,
    is_open,
)
from redflags.adapters.store.alerts.waiting_order import order_within_priority, waiting_order
from redflags.adapters.store.people_tables import PEOPLE
from redflags.adapters.store.tables import ALERTS
from redflags.casework.accounts.person_rows import PERSON_COLUMNS, person_of
from redflags.casework.policy.visibility import may_know
from redflags.casework.reading.list_rows import (
    HOLDER,
    Page,
    QueueRow,
    number,
    queue_row,
    waiting_row,
    with_person,
)
from redflags.casework.reading.team_workload import AreaLoad, Load, PersonLoad, load
from redflags.domain.alert import (
    ASSIGNED_STATES,
    CHECK_STATES,
    CLAIM_STATES,
    IN_HAND_STATES,
    AlertState,
    Priority,
    Routing,
)
from redflags.domain.people import Person, Role

__all__ = [
    "PAGE_SIZE",
    "AreaLoad",
    "CaseFilter",
    "Load",
    "MyWork",
    "Page",
    "PersonLoad",
    "QueueRow",
    "closed_recently",
    "load",
    "mine",
    "open_areas",
    "open_cases",
    "waiting",
]
PAGE_SIZE = 25
_C = ALERTS.c


@dataclass(frozen=True, slots=True)
class MyWork:
    """What one person has in hand: most pressing first."""

    claimed: tuple[QueueRow, ...]
    asked_of_me: tuple[QueueRow, ...]
    checks: tuple[QueueRow, ...]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which open alerts somebody wants to see; None is all of them."""

    state: AlertState | None = None
    patch: str | None = None
    person_id: str | None = None


def waiting(
    connection: Connection, person: Person, now: datetime, page: int, size: int = PAGE_SIZE
) -> Page:
    """What nobody has, the most urgent first; claims that lapsed wait again.

    The order is that in which they are taken.
    """
    first = _most_urgent(person, now, page * size).offset((page - 1) * size).limit(size)
    found = connection.execute(first).all()
    total = number(connection, _how_many_wait(person, now))
    return Page(tuple(map(waiting_row, found)), total, page, size)


def mine(connection: Connection, person: Person, now: datetime) -> MyWork:
    """What `person` has in hand.

    A welfare check that nobody makes yet is with whoever decided on it. One that was handed to the
    specialists half way, so that who made it cannot see it any more, is with each of them until
    one has it.
    """
    me = person.person_id
    asked = and_(is_claimed(now), _C.state == AlertState.ASKED, _C.asked_person == me)
    claimed = and_(is_claimed(now), _C.claimed_by == me)
    undecided = and_(_C.state == AlertState.WELFARE_CHECK, _C.claimed_by == me)
    makes = and_(_C.state.in_(ASSIGNED_STATES), _C.assigned_to == me)
    checks = or_(undecided, makes, _with_no_specialist(connection, person))
    other = case((_C.claimed_by == me, _C.asked_person), else_=_C.claimed_by)
    rows = connection.execute(
        with_person(other, asked.label("is_asked"))
        .where(_C.state.in_(IN_HAND_STATES), or_(asked, claimed, checks), may_know(person))
        .order_by(func.coalesce(_C.due_at_utc, _C.claim_lapses_at_utc), _C.alert_id)
    ).all()
    return MyWork(
        claimed=tuple(queue_row(r) for r in rows if r.state in CLAIM_STATES and not r.is_asked),
        asked_of_me=tuple(queue_row(r) for r in rows if r.is_asked),
        checks=tuple(queue_row(r) for r in rows if r.state not in CLAIM_STATES),
    )


def open_cases(
    connection: Connection, person: Person, chosen: CaseFilter, page: int, size: int = PAGE_SIZE
) -> Page:
    """Every open alert that `person` may know of and that was chosen, the oldest first."""
    these = and_(may_know(person), *_conditions(chosen))
    oldest = (
        with_person(HOLDER)
        .where(is_open(), these)
        .order_by(_C.raised_on, _C.alert_id)
        .offset((page - 1) * size)
        .limit(size)
    )
    found = connection.execute(oldest).all()
    total = select(func.count()).select_from(ALERTS).where(is_in_an_open_state(), these)
    return Page(tuple(map(queue_row, found)), number(connection, total), page, size)


def open_areas(connection: Connection, person: Person) -> list[str]:
    """The areas of the open alerts that `person` may know of; a blank one is that of none."""
    these = and_(is_in_an_open_state(), may_know(person))
    rows = connection.execute(select(_C.patch).where(these).distinct().order_by(_C.patch))
    return list(rows.scalars())


def closed_recently(
    connection: Connection, person: Person, since: datetime, page: int, size: int = PAGE_SIZE
) -> Page:
    """Alerts closed from `since` on, the last first, with who closed them."""
    closed = and_(_C.state == AlertState.CLOSED, _C.closed_at_utc >= since, may_know(person))
    last = (
        with_person(_C.closed_by)
        .where(closed)
        .order_by(_C.closed_at_utc.desc(), _C.alert_id.desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    found = connection.execute(last).all()
    total = select(func.count()).select_from(ALERTS).where(closed)
    return Page(tuple(map(queue_row, found)), number(connection, total), page, size)


def _with_no_specialist(connection: Connection, person: Person) -> ColumnElement[bool]:
    """Checks that only specialists may know of, and that none of them at work has."""
    if not person.has(Role.SPECIALIST):
        return false()
    working = select(*PERSON_COLUMNS).where(PEOPLE.c.is_active, ~PEOPLE.c.is_away)
    people = [person_of(row) for row in connection.execute(working)]
    specialists = [one.person_id for one in people if one.has(Role.SPECIALIST)]
    return and_(
        _C.routing == Routing.SPECIALIST,
        _C.state.in_(CHECK_STATES),
        func.coalesce(HOLDER, "").not_in(specialists),
    )


_RAISED = _C.state == AlertState.RAISED


def _how_many_wait(person: Person, now: datetime) -> Select[Any]:
    """Two counts, since one condition for both would read every row instead of an index."""
    raised, back = (
        select(func.count()).select_from(ALERTS).where(kind, may_know(person)).scalar_subquery()
        for kind in (_RAISED, has_lapsed(now))
    )
    return select(raised + back)


def _most_urgent(person: Person, now: datetime, reach: int) -> Select[Any]:
    """The alerts that wait, in their order; not more than `reach` of a priority are looked at.

    One part a priority, which an index has in order, and the few that are in none: what lapsed,
    and what is older than the time to look by.
    """
    shown = select(_C.alert_id, _C.patch, _C.raised_on, _C.priority, _C.look_by_at_utc, _C.score)
    timeless = and_(_RAISED, _C.priority.in_(Priority), _C.look_by_at_utc.is_(None))
    whole = union_all(
        *(_first_of(shown, priority, person, reach) for priority in Priority),
        shown.where(timeless, may_know(person)),
        shown.where(has_lapsed(now), may_know(person)),
    ).subquery()
    return select(whole).order_by(*waiting_order(whole))


def _first_of(shown: Select[Any], priority: Priority, person: Person, reach: int) -> Select[Any]:
    first = (
        shown.where(_RAISED, _C.priority == int(priority), _C.look_by_at_utc.is_not(None))
        .where(may_know(person))
        .order_by(*order_within_priority(ALERTS))
        .limit(reach)
    )
    return select(first.subquery())


def _conditions(chosen: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.state is not None:
        conditions.append(_C.state == chosen.state)
    if chosen.patch is not None:
        conditions.append(_C.patch == chosen.patch)
    if chosen.person_id is not None:
        conditions += [_C.state.in_(IN_HAND_STATES), HOLDER.in_([chosen.person_id])]
    return conditions
