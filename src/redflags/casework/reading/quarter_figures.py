"""The counts a quarter's report is made of: plain numbers, before anything is held back (P17).

They stay inside the program; `services.reporting` decides what may be shown. Once a quarter is
over, nothing here depends on when it is asked for, except what a case takes back that is opened
again, or an attempt that is logged late.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, union

from redflags.adapters.store.alerts.alert_conditions import is_overdue
from redflags.adapters.store.case_tables import (
    BELOW_LINE_CHECKS,
    CONCERNS,
    HOMES,
    QUALITY_CHECKS,
    REFERRALS,
)
from redflags.adapters.store.tables import ALERTS
from redflags.domain import alert_deadlines
from redflags.domain.alert import AlertState, Origin, Priority
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import ClosingVerdict, Contact
from redflags.domain.quarter import Span
from redflags.domain.quarter_figures import Figures
from redflags.domain.welfare_check import Basis, ReferralKind, ReferralState

_C = ALERTS.c
_HOUR = timedelta(hours=1)


def figures_of(connection: Connection, span: Span) -> Figures:
    """Count the span; in seven statements."""
    raised, closed = _raised(connection, span), _closed(connection, span)
    untried = [row for row in closed if not row.is_tried]
    tried = [row for row in closed if row.is_tried]
    decided = _decided(connection, span)
    contact = Counter(_contact(row, span) for row in decided)
    referred = _referred(connection, span)
    checked = _closings_checked(connection, span)
    concerns, below_line, late_decisions, late_contacts = _singles(connection, span)
    return Figures(
        by_priority={one: _sum(raised, "priority", one) for one in Priority},
        by_patch={patch: _sum(raised, "patch", patch) for patch in _patches(connection)},
        by_origin={one: _sum(raised, "origin", one) for one in Origin},
        without_check={one: _sum(untried, "outcome", one) for one in Outcome},
        contact={one: contact[one] for one in Contact},
        hours_to_contact=tuple(sorted(_hours(decided, span))),
        ended={one: _sum(tried, "outcome", one) for one in Outcome},
        referrals_by_kind={one: _sum(referred, "kind", one) for one in ReferralKind},
        referrals_by_basis={one: _sum(referred, "basis", one) for one in Basis},
        concerns=concerns,
        closings_checked={one: _sum(checked, "verdict", one) for one in ClosingVerdict},
        below_line_checked=below_line,
        late_decisions=late_decisions,
        late_contacts=late_contacts,
    )


_Rows = list[Row[Any]]
_NUMBER = func.count().label("number")


def _raised(connection: Connection, span: Span) -> _Rows:
    keys = (_C.priority, _C.patch, _C.origin)
    days = (_C.raised_on >= span.first_day, _C.raised_on < span.day_after)
    return list(connection.execute(select(_NUMBER, *keys).where(*days).group_by(*keys)))


def _closed(connection: Connection, span: Span) -> _Rows:
    keys = (_C.outcome, _C.first_attempt_at_utc.is_not(None).label("is_tried"))
    closed = and_(_C.state == AlertState.CLOSED, _within(_C.closed_at_utc, span))
    return list(connection.execute(select(_NUMBER, *keys).where(closed).group_by(*keys)))


def _decided(connection: Connection, span: Span) -> _Rows:
    moments = (
        _C.decided_at_utc,
        _C.due_at_utc,
        _C.first_attempt_at_utc,
        _C.contacted_at_utc,
        _C.closed_at_utc,
    )
    return list(connection.execute(select(*moments).where(_within(_C.decided_at_utc, span))))


def _referred(connection: Connection, span: Span) -> _Rows:
    """By when they were recorded: with a second person's answer, where one was asked."""
    keys = (REFERRALS.c.kind, REFERRALS.c.basis)
    recorded_at = func.coalesce(REFERRALS.c.answered_at_utc, REFERRALS.c.asked_at_utc)
    recorded = and_(REFERRALS.c.state == ReferralState.RECORDED, _within(recorded_at, span))
    return list(connection.execute(select(_NUMBER, *keys).where(recorded).group_by(*keys)))


def _closings_checked(connection: Connection, span: Span) -> _Rows:
    verdict = QUALITY_CHECKS.c.verdict
    done = _within(QUALITY_CHECKS.c.checked_at_utc, span)
    return list(connection.execute(select(_NUMBER, verdict).where(done).group_by(verdict)))


def _singles(connection: Connection, span: Span) -> Row[Any]:
    """Concerns, homes looked at below the line, and overdue at the end: decisions, contacts."""
    counts = (
        select(func.count()).select_from(table).where(condition).scalar_subquery()
        for table, condition in (
            (CONCERNS, _within(CONCERNS.c.logged_at_utc, span)),
            (BELOW_LINE_CHECKS, _within(BELOW_LINE_CHECKS.c.checked_at_utc, span)),
            (ALERTS, _is_undecided(span)),
            (ALERTS, _is_unreached(span)),
        )
    )
    return connection.execute(select(*counts)).one()


def _patches(connection: Connection) -> list[str]:
    """Every area there is or was, so that one without alerts does not stand out by its absence."""
    known = union(select(HOMES.c.patch), select(_C.patch))
    return sorted(connection.execute(known).scalars())


def _is_undecided(span: Span) -> ColumnElement[bool]:
    end = span.ends_at_utc
    waits = and_(_not_before(_C.decided_at_utc, end), _not_before(_C.closed_at_utc, end))
    return and_(_C.raised_on < span.day_after, is_overdue(_C.look_by_at_utc, end), waits)


def _is_unreached(span: Span) -> ColumnElement[bool]:
    end = span.ends_at_utc
    waits = and_(_not_before(_C.contacted_at_utc, end), _not_before(_C.closed_at_utc, end))
    return and_(_C.decided_at_utc < end, is_overdue(_C.due_at_utc, end), waits)


def _within(moment: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    return and_(moment >= span.starts_at_utc, moment < span.ends_at_utc)


def _not_before(moment: ColumnElement[Any], end: datetime) -> ColumnElement[bool]:
    return or_(moment.is_(None), moment >= end)


def _contact(check: Row[Any], span: Span) -> Contact:
    followed = span.followed_until_utc
    if _is_by(check.contacted_at_utc, followed):
        is_late = alert_deadlines.is_overdue(check.due_at_utc, check.contacted_at_utc)
        return Contact.LATE if is_late else Contact.IN_TIME
    if check.first_attempt_at_utc is None and _is_by(check.closed_at_utc, followed):
        return Contact.CALLED_OFF
    return Contact.STILL_TIME if check.due_at_utc > followed else Contact.NONE


def _is_by(moment: datetime | None, end: datetime) -> bool:
    return moment is not None and moment <= end


def _hours(decided: Iterable[Row[Any]], span: Span) -> list[float]:
    reached = [row for row in decided if _is_by(row.contacted_at_utc, span.followed_until_utc)]
    return [(row.contacted_at_utc - row.decided_at_utc) / _HOUR for row in reached]


def _sum(rows: Iterable[Row[Any]], key: str, value: object) -> int:
    return sum(row.number for row in rows if getattr(row, key) == value)
