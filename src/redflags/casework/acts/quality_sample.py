"""The sample of closed alerts: drawn by chance, checked by somebody who did not work on them (P16).

Chance is a hash of the alert and the month of its closing, so that drawing twice is drawing once,
whoever does it, and nobody chooses.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, false, func, or_, select, update

from redflags.adapters.store import audit_chain
from redflags.adapters.store.case_tables import QUALITY_CHECKS
from redflags.adapters.store.natural_key_writes import insert_new
from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts.below_line_check import (
    BelowLineHome,
    below_line_list,
    read_below_line,
    record_below_line_check,
)
from redflags.casework.acts.lapse_claims import CLOCK
from redflags.casework.policy.permissions import refuse_unless
from redflags.casework.policy.visibility import NO_SUCH_ALERT, may_know
from redflags.casework.unit_of_work import UnitOfWork
from redflags.configuration.review_settings import ReviewSet
from redflags.domain.alert import AlertState, Routing
from redflags.domain.clock import end_of_day_utc, london
from redflags.domain.people import Person, Role
from redflags.domain.quality_verdicts import ClosingVerdict
from redflags.domain.welfare_check import said
from redflags.errors import CaseChanged, NotForYou

__all__ = [
    "BelowLineHome",
    "DrawnAlert",
    "below_line_list",
    "check_key",
    "draw_closed_sample",
    "is_drawn",
    "quality_list",
    "read_below_line",
    "record_below_line_check",
    "record_quality_check",
]
CHECKERS = "Only managers can do this, and specialists for what only they may see"
NOT_ONES_OWN = "Only somebody who did not work on this alert can do this"
CHECKED_ALREADY = "Somebody else has checked this alert already, or it is open again"
_WHOLE = 1 << 64
_A_DAY = timedelta(days=1)
_C = ALERTS.c


@dataclass(frozen=True, slots=True)
class DrawnAlert:
    """A closed alert that waits for a check: what may be shown in a list."""

    check_id: str
    alert_id: str
    patch: str
    closed_on: date
    drawn_on: date


def draw_closed_sample(connection: Connection, now: datetime, review: ReviewSet) -> int:
    """Draw from what was closed since the last draw; how many were drawn.

    Looks back to the beginning of last month at most: a check of an old case teaches nobody.
    """
    percent = review.quality.closed_sample_percent.value
    drawn = [row for row in _not_drawn_yet(connection, now) if is_drawn(row, percent)]
    if not drawn:
        return 0
    audit_chain.read_head(connection, lock=True)
    return sum(_draw(connection, row.alert_id, now) for row in drawn)


def is_drawn(closed: Row[Any], percent: int) -> bool:
    """Whether chance draws this closing; the same answer for ever."""
    chance = f"{closed.alert_id}/{closed.closed_on:%Y-%m}".encode()
    place = int.from_bytes(hashlib.sha256(chance).digest()[:8], "big")
    return place * 100 < percent * _WHOLE


def quality_list(connection: Connection, person: Person) -> tuple[DrawnAlert, ...]:
    """What `person` may check, the first drawn first; nothing that they worked on themselves."""
    rows = connection.execute(
        select(
            QUALITY_CHECKS.c.check_id,
            _C.alert_id,
            _C.patch,
            _C.closed_on,
            QUALITY_CHECKS.c.drawn_on,
        )
        .join(ALERTS, _C.alert_id == QUALITY_CHECKS.c.alert_id)
        .where(_UNCHECKED, may_know(person), _is_to_check(person), ~_worked_on_by(person))
        .order_by(QUALITY_CHECKS.c.drawn_on, _C.alert_id)
    )
    return tuple(DrawnAlert(*row) for row in rows)


def record_quality_check(
    work: UnitOfWork, check_id: str, verdict: ClosingVerdict, note: str
) -> None:
    """Say whether one would have decided the same; anything else than agreement says why.

    Raises NotForYou for no such check or an alert that is not theirs to know of, NotAllowed for
    one's own case or another's task, CaseChanged when somebody was first, InvalidAct without a
    reason.
    """
    work.take_turn()
    drawn = _drawn(work, check_id)
    refuse_unless(drawn.is_to_check, CHECKERS)
    refuse_unless(not drawn.is_own, NOT_ONES_OWN)
    text = said("note", note) if verdict is not ClosingVerdict.AGREE else note.strip()
    values = {
        "checked_by": work.person.person_id,
        "checked_at_utc": work.now,
        "verdict": verdict,
        "note_sealed": work.seal(text, check_key(check_id)) if text else None,
    }
    this = and_(QUALITY_CHECKS.c.check_id == check_id, QUALITY_CHECKS.c.checked_at_utc.is_(None))
    written = update(QUALITY_CHECKS).where(this).values(**values)
    first = work.connection.execute(written.returning(QUALITY_CHECKS.c.check_id)).one_or_none()
    if first is None or drawn.state != AlertState.CLOSED:
        raise CaseChanged(CHECKED_ALREADY)
    work.write("closing_checked", drawn.alert_id, verdict=verdict.value)


def check_key(check_id: str) -> str:
    """What the note of a check is bound to."""
    return f"quality_checks/{check_id}/note"


_UNCHECKED = and_(QUALITY_CHECKS.c.checked_at_utc.is_(None), _C.state == AlertState.CLOSED)


def _not_drawn_yet(connection: Connection, now: datetime) -> list[Row[Any]]:
    """What was closed since the last closing that was drawn, and a day before it.

    A day, because transactions may end in another order than they began.
    """
    drawn = QUALITY_CHECKS.join(ALERTS, _C.alert_id == QUALITY_CHECKS.c.alert_id)
    last_drawn = connection.execute(
        select(func.max(_C.closed_at_utc)).select_from(drawn)
    ).scalar_one()
    since = _start_of_last_month(now)
    if last_drawn is not None:
        since = max(since, last_drawn - _A_DAY)
    rows = connection.execute(
        select(_C.alert_id, _C.closed_on)
        .where(
            _C.state == AlertState.CLOSED,
            _C.closed_at_utc >= since,
            _C.alert_id.not_in(select(QUALITY_CHECKS.c.alert_id)),
        )
        .order_by(_C.alert_id)
    )
    return list(rows)


def _start_of_last_month(now: datetime) -> datetime:
    last_month = london(now).date().replace(day=1) - _A_DAY
    return end_of_day_utc(last_month.replace(day=1) - _A_DAY)


def _draw(connection: Connection, alert_id: str, now: datetime) -> bool:
    """False when another process was first."""
    values = {
        "check_id": f"Q-{secrets.token_hex(8)}",
        "drawn_on": london(now).date(),
        "alert_id": alert_id,
    }
    if not insert_new(connection, QUALITY_CHECKS, values):
        return False
    audit_chain.append(connection, audit_chain.Act(CLOCK, "closing_drawn_for_check", now, alert_id))
    return True


def _drawn(work: UnitOfWork, check_id: str) -> Row[Any]:
    person = work.person
    row = work.connection.execute(
        select(
            _C.alert_id,
            _C.state,
            _is_to_check(person).label("is_to_check"),
            _worked_on_by(person).label("is_own"),
        )
        .join(QUALITY_CHECKS, QUALITY_CHECKS.c.alert_id == _C.alert_id)
        .where(QUALITY_CHECKS.c.check_id == check_id, may_know(person))
    ).one_or_none()
    if row is None:
        raise NotForYou(NO_SUCH_ALERT)
    return row


def _is_to_check(person: Person) -> ColumnElement[bool]:
    """Managers check what everybody may see; what only specialists may see, they check."""
    theirs: list[ColumnElement[bool]] = [false()]
    if person.has(Role.MANAGER):
        theirs.append(_C.routing == Routing.GENERAL)
    if person.has(Role.SPECIALIST):
        theirs.append(_C.routing == Routing.SPECIALIST)
    return or_(*theirs)


def _worked_on_by(person: Person) -> ColumnElement[bool]:
    people = (_C.closed_by, _C.assigned_to, _C.decided_by)
    return or_(*(func.coalesce(who, "") == person.person_id for who in people))
