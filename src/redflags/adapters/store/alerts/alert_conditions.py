"""Conditions on alerts, as SQL: open, claimed, waiting, awaiting contact, overdue, due soon.

What the clock has to do with is said of a single value in `domain/alert_deadlines.py`; a test holds
that the two agree. None of these is ever unknown (NULL), so that each may be negated.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column, not_, or_

from redflags.adapters.store.tables import ALERTS
from redflags.domain.alert import CLAIM_STATES, CONTACT_STATES, OPEN_STATES, AlertState
from redflags.domain.alert_deadlines import SOON

_C = ALERTS.c


def is_open() -> ColumnElement[bool]:
    """As the partial indexes of the open alerts say it, so that they are used."""
    return _C.state != literal_column(f"'{AlertState.CLOSED}'")


def is_in_an_open_state() -> ColumnElement[bool]:
    """The same, for counts: an index that begins with the state answers them by itself."""
    return _C.state.in_(OPEN_STATES)


def has_lapsed(now: datetime) -> ColumnElement[bool]:
    """Claims that have come to their end by `now`; one without an end has come to it."""
    lapses = _C.claim_lapses_at_utc
    return and_(_C.state.in_(CLAIM_STATES), or_(lapses.is_(None), lapses <= now))


def is_claimed(now: datetime) -> ColumnElement[bool]:
    """Somebody looks at it and decides, or has asked a colleague, and the claim has not lapsed."""
    return and_(_C.state.in_(CLAIM_STATES), not_(has_lapsed(now)))


def is_waiting(now: datetime) -> ColumnElement[bool]:
    """Nobody has it: nobody took it yet, or the claim has lapsed."""
    return or_(_C.state == AlertState.RAISED, has_lapsed(now))


def awaits_contact() -> ColumnElement[bool]:
    """A welfare check was decided on, and nobody has been reached yet."""
    return and_(_C.state.in_(CONTACT_STATES), _C.contacted_at_utc.is_(None))


def is_overdue(due_at_utc: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """Past its time, not yet at the very moment; what has no time should have been done already."""
    return or_(due_at_utc.is_(None), due_at_utc < now)


def is_due_soon(due_at_utc: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """Not overdue, and due in less than 24 hours."""
    return and_(due_at_utc.is_not(None), due_at_utc >= now, due_at_utc < now + SOON)
