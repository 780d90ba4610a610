"""What people found, for learning: closed alerts and households looked at below the line.

No text, no person, no evidence: a household, a night and a code.
"""

from datetime import date

from sqlalchemy import Connection, select

from redflags.adapters.store.case_tables import BELOW_LINE_CHECKS
from redflags.adapters.store.tables import ALERTS
from redflags.analysis.learning.outcome_labels import BelowLineFinding, ClosedCase
from redflags.domain.alert import AlertState, Origin
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import BelowLineVerdict


def closed_cases(connection: Connection, until: date) -> list[ClosedCase]:
    """Alerts closed up to `until`, in order of raising and id."""
    columns = ("alert_id", "tenancy_ref", "raised_on", "outcome", "origin")
    rows = connection.execute(
        select(*(ALERTS.c[name] for name in columns))
        .where(ALERTS.c.state == AlertState.CLOSED, ALERTS.c.closed_on <= until)
        .order_by(ALERTS.c.raised_on, ALERTS.c.alert_id)
    )
    return [
        ClosedCase(alert_id, ref, raised_on, Outcome(outcome), Origin(origin))
        for alert_id, ref, raised_on, outcome, origin in rows
    ]


def looked_at_below_line(connection: Connection, until: date) -> list[BelowLineFinding]:
    """Households of the samples up to `until` that somebody has looked at, by night and ref."""
    checks = BELOW_LINE_CHECKS.c
    rows = connection.execute(
        select(checks.tenancy_ref, checks.as_of, checks.verdict, checks.alert_id)
        .where(checks.as_of <= until)
        .order_by(checks.as_of, checks.tenancy_ref)
    )
    return [
        BelowLineFinding(ref, as_of, BelowLineVerdict(verdict), alert_id or "")
        for ref, as_of, verdict, alert_id in rows
    ]
