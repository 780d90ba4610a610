"""What the clock says of an alert: a claim that lapsed, contact still awaited, overdue, due soon.

Each has its twin in SQL, in `adapters/store/alerts/alert_conditions.py`; a test holds that they
agree, on both sides of every boundary and for a time that is missing.
"""

from datetime import datetime, timedelta

from redflags.domain.alert import CLAIM_STATES, CONTACT_STATES, AlertState

SOON = timedelta(hours=24)


def has_lapsed(state: AlertState, lapses_at_utc: datetime | None, now: datetime) -> bool:
    """Whether a claim has come to its end: from the moment it was good until. None: it has."""
    return state in CLAIM_STATES and (lapses_at_utc is None or lapses_at_utc <= now)


def awaits_contact(state: AlertState, contacted_at_utc: datetime | None) -> bool:
    """A welfare check was decided on, and nobody has been reached yet."""
    return state in CONTACT_STATES and contacted_at_utc is None


def is_overdue(due_at_utc: datetime | None, now: datetime) -> bool:
    """Past its time: what is done at the very moment it is due is done in time.

    None: what has no time to be done by should have been done already.
    """
    return due_at_utc is None or due_at_utc < now


def is_due_soon(due_at_utc: datetime | None, now: datetime) -> bool:
    """Not overdue, and due in less than 24 hours."""
    return due_at_utc is not None and now <= due_at_utc < now + SOON
