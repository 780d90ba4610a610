"""Households just below the line, drawn by the night for a person to check the line itself (P16).

There is no evidence: nothing spoke of them. To look, one needs the home's reference in the housing
system, so reading it is written down. In pages and links a household is a night and a rank.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    false,
    func,
    insert,
    or_,
    select,
)

from redflags.adapters.store.alerts.alert_conditions import is_open
from redflags.adapters.store.case_tables import BELOW_LINE_CHECKS, HOMES
from redflags.adapters.store.people_tables import INTERESTS
from redflags.adapters.store.tables import ALERTS, BELOW_LINE_SAMPLES
from redflags.casework.acts.raise_by_hand import NO_RULES, raise_or_grow
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import Alert, AlertState, Origin, Priority, Reason, Routing
from redflags.domain.clock import london
from redflags.domain.people import Person, Role
from redflags.domain.quality_verdicts import BelowLineVerdict
from redflags.errors import CaseChanged, NotForYou

RULE = "below_line_sample"
SENTENCE = "A manager looked at this home in a random sample, and asked for a closer look."
NO_SUCH_HOME = "There is no home here that you can open"
CHECKED_ALREADY = "Somebody else has looked at this home already"
_S = BELOW_LINE_SAMPLES.c
_IS_CHECKED = exists().where(
    BELOW_LINE_CHECKS.c.as_of == _S.as_of, BELOW_LINE_CHECKS.c.tenancy_ref == _S.tenancy_ref
)
_UNKNOWN = Routing.SPECIALIST
"""A home the last night did not list may be protected by now: only specialists see it."""


@dataclass(frozen=True, slots=True)
class BelowLineHome:
    """One household of the sample; its references only where they were asked for."""

    as_of: date
    rank: int
    patch: str
    tenancy_ref: str = ""
    property_ref: str = ""


def below_line_list(
    connection: Connection, person: Person, size: int = 25
) -> tuple[BelowLineHome, ...]:
    """What waits for this person to look at it, the latest night first, without references.

    What has an alert by now needs no look.
    """
    rows = connection.execute(
        _to_look_at(person, _S.as_of, _S.rank, _S.patch)
        .where(~_IS_CHECKED, ~exists().where(ALERTS.c.tenancy_ref == _S.tenancy_ref, is_open()))
        .order_by(_S.as_of.desc(), _S.rank)
        .limit(size)
    )
    return tuple(BelowLineHome(*row) for row in rows)


def read_below_line(work: UnitOfWork, as_of: date, rank: int) -> BelowLineHome:
    """The references of one household; that they were read is written down.

    Raises NotForYou for what is not in the list of this person, CaseChanged once somebody has said
    what becomes of it.
    """
    home = _sampled(work, as_of, rank)
    work.write("sample_read", as_of=as_of.isoformat(), rank=rank)
    return BelowLineHome(as_of, rank, home.patch, home.tenancy_ref, home.property_ref)


def record_below_line_check(
    work: UnitOfWork,
    as_of: date,
    rank: int,
    verdict: BelowLineVerdict,
    new_alert_id: Callable[[], str],
) -> None:
    """Leave the household alone, or put it in the queue; whether it has an alert stays unsaid.

    Raises as `read_below_line` does.
    """
    work.take_turn()
    home = _sampled(work, as_of, rank)
    alert_id = None
    if verdict is BelowLineVerdict.RAISE:
        alert_id = raise_or_grow(work, _alert(work, home, new_alert_id()))
    checked = {
        "as_of": as_of,
        "tenancy_ref": home.tenancy_ref,
        "checked_by": work.person.person_id,
        "checked_at_utc": work.now,
        "verdict": verdict,
        "alert_id": alert_id,
    }
    work.connection.execute(insert(BELOW_LINE_CHECKS).values(**checked))
    work.write("below_line_checked", as_of=as_of.isoformat(), rank=rank, verdict=verdict.value)


def _sampled(work: UnitOfWork, as_of: date, rank: int) -> Row[Any]:
    routing = func.coalesce(HOMES.c.routing, _UNKNOWN).label("routing")
    home = _to_look_at(work.person, *_S, routing, _IS_CHECKED.label("is_checked"))
    this = and_(_S.as_of == as_of, _S.rank == rank)
    row = work.connection.execute(home.where(this)).one_or_none()
    if row is None:
        raise NotForYou(NO_SUCH_HOME)
    if row.is_checked:
        raise CaseChanged(CHECKED_ALREADY)
    return row


def _to_look_at(person: Person, *columns: ColumnElement[Any]) -> Select[Any]:
    """The households of the sample of whom this person may know."""
    barred = select(INTERESTS.c.ref).where(INTERESTS.c.person_id == person.person_id)
    return (
        select(*columns)
        .join_from(BELOW_LINE_SAMPLES, HOMES, HOMES.c.household_ref == _S.tenancy_ref, isouter=True)
        .where(
            _is_theirs(person),
            _S.tenancy_ref.not_in(barred),
            _S.property_ref.not_in(barred),
        )
    )


def _is_theirs(person: Person) -> ColumnElement[bool]:
    """Managers look; at homes that only specialists may know of, specialists do."""
    routing = func.coalesce(HOMES.c.routing, _UNKNOWN)
    theirs: list[ColumnElement[bool]] = [false()]
    if person.has(Role.MANAGER):
        theirs.append(routing == Routing.GENERAL)
    if person.has(Role.SPECIALIST):
        theirs.append(routing == Routing.SPECIALIST)
    return or_(*theirs)


def _alert(work: UnitOfWork, home: Row[Any], alert_id: str) -> Alert:
    urgency = Priority.ROUTINE
    return Alert(
        alert_id=alert_id,
        tenancy_ref=home.tenancy_ref,
        raised_on=london(work.now).date(),
        priority=urgency,
        score=home.score,
        state=AlertState.RAISED,
        ruleset_hash=NO_RULES,
        signals_hash=NO_RULES,
        model_version=NO_RULES,
        property_ref=home.property_ref,
        patch=home.patch,
        routing=Routing(home.routing),
        origin=Origin.BELOW_LINE_SAMPLE,
        reasons=(Reason(RULE, SENTENCE),),
        look_by_at_utc=work.now + work.review.times.look_within(urgency.label),
    )
