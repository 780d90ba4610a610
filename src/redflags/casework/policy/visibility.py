"""Who may know of an alert, and who may read its evidence (P12, P13)."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from redflags.adapters.store.alerts.alert_conditions import is_claimed
from redflags.adapters.store.case_tables import EVIDENCE_GRANTS
from redflags.adapters.store.people_tables import INTERESTS
from redflags.adapters.store.tables import ALERTS
from redflags.domain.alert import ASSIGNED_STATES, AlertState, Routing
from redflags.domain.people import Person, Role

NO_SUCH_ALERT = "There is no alert here that you can open"


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
