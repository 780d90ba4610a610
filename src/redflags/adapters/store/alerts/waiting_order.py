"""Which of the waiting alerts comes first, in every list and for whoever takes the next one.

What to look at first goes first; then what is due longest, an unknown time included. Scores order
only what is due together: those of two nights may be on two scales.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case

from redflags.domain.alert import Priority

Order = tuple[ColumnElement[Any], ...]


def waiting_order(alerts: FromClause) -> Order:
    """The one total order of `alerts`, a table or subquery with the columns it needs."""
    is_first = case((alerts.c.priority == int(Priority.FIRST), 0), else_=1)
    return (is_first, alerts.c.look_by_at_utc.asc().nulls_first(), *_due_together(alerts))


def order_within_priority(alerts: FromClause) -> Order:
    """The same order, of alerts that have one priority and a time: as an index has them."""
    return (alerts.c.look_by_at_utc, *_due_together(alerts))


def _due_together(alerts: FromClause) -> Order:
    return (alerts.c.score.desc(), alerts.c.alert_id)
