"""Who may know of an alert, who may read its evidence, and who may be given it (P12, P13)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, false, or_, select, true

from redflags.adapters.store.alert_conditions import is_claimed
from redflags.adapters.store.case_tables import EVIDENCE_GRANTS
from redflags.adapters.store.people_tables import INTERESTS, PEOPLE
from redflags.adapters.store.tables import ALERTS
from redflags.casework.accounts.person_rows import PERSON_COLUMNS, person_of
from redflags.casework.acts.lapse_claims import let_lapse
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import ASSIGNED_STATES, AlertState, Routing
from redflags.domain.alert_deadlines import has_lapsed
from redflags.domain.people import DECIDING_ROLES, Person, PersonName, Role
from redflags.errors import InvalidAct, NotForYou

NO_SUCH_ALERT = "There is no alert here that you can open"
NOT_FROM_THE_LIST = "Choose somebody from the list"


def may_know(person: Person) -> ColumnElement[bool]:
    """Alerts that `person` may know of: a condition on ALERTS for every query that shows any."""
    return and_(_routed_to(person), ~concerns_home_of(person))


def may_read(person: Person, now: datetime) -> ColumnElement[bool]:
    """Alerts whose evidence `person` sees: they hold it, were asked, or said why (P13)."""
    me, state = person.person_id, ALERTS.c.state
    asked = and_(state == AlertState.ASKED, ALERTS.c.asked_person == me)
    holds = or_(
        and_(is_claimed(now), or_(ALERTS.c.claimed_by == me, asked)),
        and_(state == AlertState.WELFARE_CHECK, ALERTS.c.claimed_by == me),
        and_(state.in_(ASSIGNED_STATES), ALERTS.c.assigned_to == me),
    )
    return and_(may_know(person), or_(holds, _said_why(me, now)))


def case_of(work: UnitOfWork, alert_id: str, *, lock: bool) -> Row[Any]:
    """The alert's row, and `may_read` beside it; with `lock`, nobody else changes it meanwhile.

    A claim that has lapsed is ended first, when locked. Raises NotForYou when there is none, or
    none for this person: in the same words, after the same query.
    """
    if lock:
        work.take_turn()
    case = _seen(work, alert_id, lock)
    if lock and has_lapsed(AlertState(case.state), case.claim_lapses_at_utc, work.now):
        let_lapse(work.connection, case, work.now)
        case = _seen(work, alert_id, lock)
    return case


def who_can_take(connection: Connection, alert_id: str) -> list[PersonName]:
    """Whom the alert may be given to, by name: there, at work, of its patch and routing.

    Nobody who must not see the household is among them, and nothing says why somebody is not.
    """
    this = ALERTS.c.alert_id == alert_id
    home = select(ALERTS.c.property_ref).where(this).union(select(ALERTS.c.tenancy_ref).where(this))
    barred = select(INTERESTS.c.person_id).where(INTERESTS.c.ref.in_(home))
    rows = connection.execute(
        select(*PERSON_COLUMNS, ALERTS.c.routing, ALERTS.c.patch)
        .join_from(PEOPLE, ALERTS, this)
        .where(PEOPLE.c.is_active, ~PEOPLE.c.is_away, PEOPLE.c.person_id.not_in(barred))
        .order_by(PEOPLE.c.name, PEOPLE.c.person_id)
    )
    return [
        PersonName(row.person_id, row.name)
        for row in rows
        if _suits(person_of(row), row.routing, row.patch)
    ]


def refuse_unless_takes(work: UnitOfWork, alert_id: str, person_id: str) -> None:
    """Raises InvalidAct unless `person_id` is one of `who_can_take`: one answer for all reasons."""
    if person_id not in {p.person_id for p in who_can_take(work.connection, alert_id)}:
        raise InvalidAct("person", NOT_FROM_THE_LIST)


def _seen(work: UnitOfWork, alert_id: str, lock: bool) -> Row[Any]:
    query = select(ALERTS, may_read(work.person, work.now).label("may_read")).where(
        ALERTS.c.alert_id == alert_id, may_know(work.person)
    )
    if lock:
        query = query.with_for_update(of=ALERTS, key_share=True)
    row = work.connection.execute(query).one_or_none()
    if row is None:
        raise NotForYou(NO_SUCH_ALERT)
    return row


def _routed_to(person: Person) -> ColumnElement[bool]:
    if not person.is_active:
        return false()
    if person.has(Role.SPECIALIST):
        return true()
    general = ALERTS.c.routing == Routing.GENERAL
    if person.has(Role.MANAGER) or (person.has(Role.REVIEWER) and person.every_patch):
        return general
    if person.has(Role.REVIEWER):
        areas = sorted(person.patches - {""})
        return and_(general, or_(ALERTS.c.patch.in_(areas), _names(person)))
    return false()


def _names(person: Person) -> ColumnElement[bool]:
    """It was claimed by them, given to them, or they were asked, whatever the area."""
    me = person.person_id
    return or_(ALERTS.c.claimed_by == me, ALERTS.c.asked_person == me, ALERTS.c.assigned_to == me)


def concerns_home_of(person: Person) -> ColumnElement[bool]:
    """The household is one that they declared, live in, or are barred from."""
    refs = select(INTERESTS.c.ref).where(INTERESTS.c.person_id == person.person_id)
    return or_(ALERTS.c.property_ref.in_(refs), ALERTS.c.tenancy_ref.in_(refs))


def _said_why(person_id: str, now: datetime) -> ColumnElement[bool]:
    return exists().where(
        EVIDENCE_GRANTS.c.alert_id == ALERTS.c.alert_id,
        EVIDENCE_GRANTS.c.person_id == person_id,
        EVIDENCE_GRANTS.c.expires_at_utc > now,
    )


def _suits(person: Person, routing: str, patch: str) -> bool:
    """What `may_know` says of the roles of a decider, said of one person and one alert."""
    if not person.has(*DECIDING_ROLES):
        return False
    if person.has(Role.SPECIALIST):
        return True
    in_patch = person.every_patch or (patch != "" and patch in person.patches)
    return routing == Routing.GENERAL and in_patch
