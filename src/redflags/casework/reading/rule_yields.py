"""What came of the alerts that each rule spoke on: how often a welfare check found a need."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, distinct, func, select, true

from redflags.adapters.store.tables import ALERT_REASONS, ALERTS
from redflags.analysis.monitoring.confidence_intervals import Share
from redflags.analysis.ordering.score_contributions import RULE as WHAT_WEIGHED_MOST
from redflags.casework.policy.visibility import may_know
from redflags.domain.alert import AlertState
from redflags.domain.outcome import Outcome
from redflags.domain.people import Person

_C = ALERTS.c
_R = ALERT_REASONS.c


@dataclass(frozen=True, slots=True)
class Yield:
    """Of the alerts of one rule, or of all.

    `found` counts welfare checks that found a need among those whose outcome is known: a household
    that could not be reached tells nothing, and an alert closed without a check was none.
    `at_triage` counts alerts closed without a welfare check among all that were closed.
    """

    rule_id: str
    found: Share
    at_triage: Share

    def is_enough(self, enough_checks: int) -> bool:
        """False when the share says more about luck than about the rule."""
        return self.found.cases >= enough_checks


@dataclass(frozen=True, slots=True)
class Yields:
    """One for each rule that spoke on a closed alert, by its name, and one for all alerts."""

    overall: Yield
    by_rule: tuple[Yield, ...]


def rule_yields(connection: Connection, person: Person | None, since: datetime) -> Yields:
    """The yields among alerts closed from `since` on that `person` may know of; two statements.

    An alert on which several rules spoke counts once for each. Without a person all alerts count:
    for those who see sums and no alert, and then small numbers are to be held back.
    """
    by_rule: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(_endings(person, since, by_rule=True)):
        by_rule.setdefault(row.rule_id, []).append(row)
    overall = connection.execute(_endings(person, since, by_rule=False))
    return Yields(
        _yield("", overall), tuple(_yield(rule_id, by_rule[rule_id]) for rule_id in sorted(by_rule))
    )


def _endings(person: Person | None, since: datetime, *, by_rule: bool) -> Select[Any]:
    """How many alerts ended how: with which outcome, after a check, after a try at contact."""
    is_checked = _C.decided_at_utc.is_not(None)
    is_tried = _C.first_attempt_at_utc.is_not(None)
    ending = (_C.outcome, is_checked.label("is_checked"), is_tried.label("is_tried"))
    theirs = true() if person is None else may_know(person)
    closed = and_(_C.state == AlertState.CLOSED, _C.closed_at_utc >= since, theirs)
    if not by_rule:
        return select(func.count().label("alerts"), *ending).where(closed).group_by(*ending)
    return (
        select(_R.rule_id, func.count(distinct(_C.alert_id)).label("alerts"), *ending)
        .join_from(ALERTS, ALERT_REASONS, _R.alert_id == _C.alert_id)
        .where(closed, _R.rule_id != WHAT_WEIGHED_MOST)
        .group_by(_R.rule_id, *ending)
    )


def _yield(rule_id: str, endings: Iterable[Row[Any]]) -> Yield:
    rows = list(endings)
    known = [row for row in rows if row.is_tried and row.outcome != Outcome.COULD_NOT_REACH]
    found = sum(row.alerts for row in known if Outcome(row.outcome).need_found)
    at_triage = sum(row.alerts for row in rows if not row.is_checked)
    return Yield(
        rule_id,
        Share(found, sum(row.alerts for row in known)),
        Share(at_triage, sum(row.alerts for row in rows)),
    )
