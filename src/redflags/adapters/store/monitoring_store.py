"""What the nights left to be watched, and what came of the alerts of each group, as queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select

from redflags.adapters.store import audit_chain
from redflags.adapters.store.monitoring_tables import ALERT_GROUPS, WATCH_BASELINES, WATCHED_NIGHTS
from redflags.adapters.store.natural_key_writes import insert_new, put
from redflags.adapters.store.tables import ALERTS, NIGHT_RUNS, NIGHT_TABLES
from redflags.domain.alert import AlertState, Origin
from redflags.domain.night_figures import (
    AREA,
    PROPERTY_TYPE,
    TENURE,
    AlertGroup,
    MonitoringRecord,
    NightFigures,
)
from redflags.domain.outcome import Outcome
from redflags.errors import UsageError

if TYPE_CHECKING:
    from redflags.adapters.store import QueueStore

_W = WATCHED_NIGHTS.c


def keep(connection: Connection, figures: NightFigures, now: datetime) -> None:
    """Keep the sums of a night. One that is run again replaces what it said before."""
    told = {
        "counts": {name: dict(parts) for name, parts in figures.counts.items()},
        "scores": figures.scores,
    }
    row = {"as_of": figures.as_of, "figures": told, "recorded_at_utc": now}
    put(connection, WATCHED_NIGHTS, row)


def read_record(
    connection: Connection, baseline_nights: int, until: date, latest_nights: int
) -> MonitoringRecord:
    """The first nights from where the baseline begins, and the last ones up to `until`."""
    upto = select(WATCHED_NIGHTS).where(_W.as_of <= until)
    first = upto.order_by(_W.as_of).limit(baseline_nights)
    starts_on = baseline_start(connection)
    if starts_on is not None:
        first = first.where(_W.as_of >= starts_on)
    last = upto.order_by(_W.as_of.desc()).limit(latest_nights)
    latest = _figures(connection, last)[::-1]
    return MonitoringRecord(tuple(_figures(connection, first)), tuple(latest))


def one_night_a_month(
    connection: Connection, first_day: date, day_after: date
) -> list[NightFigures]:
    """The last night of each month of a period: enough to say how many homes there were."""
    within = (_W.as_of >= first_day, _W.as_of < day_after)
    days = connection.execute(select(_W.as_of).where(*within).order_by(_W.as_of)).scalars()
    last = {(day.year, day.month): day for day in days}
    chosen = select(WATCHED_NIGHTS).where(_W.as_of.in_(list(last.values()))).order_by(_W.as_of)
    return _figures(connection, chosen)


def baseline_start(connection: Connection) -> date | None:
    """From which day on nights teach what is usual; None while nobody has said: from the first."""
    newest = select(WATCH_BASELINES.c.starts_on).order_by(WATCH_BASELINES.c.baseline_no.desc())
    return connection.execute(newest.limit(1)).scalar_one_or_none()


def set_baseline(
    connection: Connection, by: str, starts_on: date, reason: str, now: datetime
) -> None:
    """Learn what is usual from `starts_on` on; who said so and why is written down.

    Raises UsageError for a day from which on no night is known.
    """
    known = select(func.count()).select_from(WATCHED_NIGHTS).where(_W.as_of >= starts_on)
    if not connection.execute(known).scalar_one():
        raise UsageError(
            f"expected a day up to the last night, got {starts_on}: none is known since"
        )
    act = audit_chain.Act(by, "baseline_set", now, details={"starts_on": starts_on.isoformat()})
    audit_chain.append(connection, act)
    number = func.coalesce(func.max(WATCH_BASELINES.c.baseline_no), 0)
    values = {
        "baseline_no": connection.execute(select(number)).scalar_one() + 1,
        "starts_on": starts_on,
        "set_by": by,
        "reason": reason,
        "set_at_utc": now,
    }
    connection.execute(insert(WATCH_BASELINES).values(**values))


def rows_accepted(connection: Connection, as_of: date) -> dict[str, int]:
    """New rows of each table, in all runs for one day together: a second run finds none again."""
    n = NIGHT_TABLES.c
    query = (
        select(n.table_name, func.sum(n.rows_accepted))
        .join_from(NIGHT_TABLES, NIGHT_RUNS, n.run_id == NIGHT_RUNS.c.run_id)
        .where(NIGHT_RUNS.c.as_of == as_of)
        .group_by(n.table_name)
        .order_by(n.table_name)
    )
    return {table: int(rows) for table, rows in connection.execute(query)}


def alerts_raised(connection: Connection, as_of: date) -> int:
    """How many alerts detection raised for one day."""
    raised = (ALERTS.c.raised_on == as_of, ALERTS.c.origin == Origin.DETECTED)
    return int(
        connection.execute(select(func.count()).select_from(ALERTS).where(*raised)).scalar_one()
    )


def alerts_without_group(connection: Connection, since: date) -> dict[str, str]:
    """Alerts raised from `since` on of whose home nobody has said the kind: ids and households."""
    query = (
        select(ALERTS.c.alert_id, ALERTS.c.tenancy_ref)
        .join_from(ALERTS, ALERT_GROUPS, ALERTS.c.alert_id == ALERT_GROUPS.c.alert_id, isouter=True)
        .where(ALERT_GROUPS.c.alert_id.is_(None), ALERTS.c.raised_on >= since)
        .order_by(ALERTS.c.alert_id)
    )
    return dict(connection.execute(query).tuples().all())


def keep_groups(connection: Connection, groups: Iterable[AlertGroup]) -> None:
    for group in groups:
        row = {
            "alert_id": group.alert_id,
            "property_type": group.property_type,
            "tenure": group.tenure,
        }
        insert_new(connection, ALERT_GROUPS, row)


@dataclass(frozen=True, slots=True)
class GroupOutcomes:
    """What came of the homes of one group: alerted, and checked with and without a need found."""

    alerted: int = 0
    need: int = 0
    no_concern: int = 0


def outcomes_by_group(
    connection: Connection, grouping: str, first_day: date, day_after: date
) -> dict[str, GroupOutcomes]:
    """By group, of the alerts that detection raised in the period; two statements.

    A home counts as alerted once. A check that reached nobody is neither with nor without a need.
    """
    group = _GROUP[grouping]
    raised = _raised(
        select(group, func.count(ALERTS.c.tenancy_ref.distinct())), first_day, day_after
    )
    alerted = dict(connection.execute(raised.group_by(group)).tuples().all())
    ended = _raised(select(group, ALERTS.c.outcome, func.count()), first_day, day_after).where(
        ALERTS.c.state == AlertState.CLOSED, ALERTS.c.first_attempt_at_utc.is_not(None)
    )
    need: dict[str, int] = {}
    no_concern: dict[str, int] = {}
    for name, outcome, number in connection.execute(ended.group_by(group, ALERTS.c.outcome)):
        if Outcome(outcome).need_found:
            need[name] = need.get(name, 0) + number
        elif outcome == Outcome.NO_CONCERN_FOUND:
            no_concern[name] = number
    return {
        name: GroupOutcomes(number, need.get(name, 0), no_concern.get(name, 0))
        for name, number in alerted.items()
    }


_GROUP: dict[str, ColumnElement[str]] = {
    AREA: ALERTS.c.patch,
    PROPERTY_TYPE: func.coalesce(ALERT_GROUPS.c.property_type, ""),
    TENURE: func.coalesce(ALERT_GROUPS.c.tenure, ""),
}


def _raised(chosen: Select[Any], first_day: date, day_after: date) -> Select[Any]:
    return chosen.join_from(
        ALERTS, ALERT_GROUPS, ALERTS.c.alert_id == ALERT_GROUPS.c.alert_id, isouter=True
    ).where(
        ALERTS.c.raised_on >= first_day,
        ALERTS.c.raised_on < day_after,
        ALERTS.c.origin == Origin.DETECTED,
    )


def _figures(connection: Connection, query: Select[Any]) -> list[NightFigures]:
    return [_night(row.as_of, row.figures) for row in connection.execute(query)]


def _night(as_of: date, told: dict[str, Any]) -> NightFigures:
    counts = {
        measure: {part: (int(count), int(among)) for part, (count, among) in parts.items()}
        for measure, parts in told["counts"].items()
    }
    return NightFigures(as_of, counts, tuple(told["scores"]))


class MonitoringStore:
    """The night's way to all that: one reading before, one writing after."""

    def __init__(self, store: "QueueStore") -> None:
        self._store = store

    def of_the_day(self, as_of: date, since: date) -> tuple[dict[str, int], int, dict[str, str]]:
        """Rows accepted, alerts raised, and the alerts from `since` on without a group."""
        with self._store.reading() as connection:
            return (
                rows_accepted(connection, as_of),
                alerts_raised(connection, as_of),
                alerts_without_group(connection, since),
            )

    def keep(self, figures: NightFigures, groups: Iterable[AlertGroup], now: datetime) -> None:
        with self._store.writing() as connection:
            keep(connection, figures, now)
            keep_groups(connection, groups)

    def record(self, baseline_nights: int, until: date, latest_nights: int) -> MonitoringRecord:
        with self._store.reading() as connection:
            return read_record(connection, baseline_nights, until, latest_nights)
