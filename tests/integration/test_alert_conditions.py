"""What SQL says of alerts and the clock is what is said of a single one, on both engines."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import ColumnElement, Row, not_, select, update

from builders.cases import MONDAY, Office
from builders.store import an_alert
from redflags.adapters.store import QueueStore
from redflags.adapters.store.alerts import alert_conditions
from redflags.adapters.store.alerts.waiting_order import order_within_priority, waiting_order
from redflags.adapters.store.tables import ALERTS
from redflags.domain import alert_deadlines
from redflags.domain.alert import OPEN_STATES, AlertState, Priority

MOMENT = timedelta(microseconds=1)
NOW = MONDAY
TIMES = (None, NOW - MOMENT, NOW, NOW + MOMENT, NOW + timedelta(hours=24))
STATES = tuple(AlertState)


@pytest.fixture
def office(store: QueueStore) -> Office:
    """One alert for each state and time: of its claim, its contact, and when it is due."""
    made = Office(store)
    made.raises(*(an_alert(f"a{n:02}", f"T-{n}") for n in range(len(STATES) * len(TIMES))))
    with store.writing() as connection:
        for number, (state, moment) in enumerate(product(STATES, TIMES)):
            connection.execute(
                update(ALERTS)
                .where(ALERTS.c.alert_id == f"a{number:02}")
                .values(
                    state=state,
                    outcome="wrong_data",
                    claim_lapses_at_utc=moment,
                    contacted_at_utc=moment,
                    due_at_utc=moment,
                )
            )
    return made


def chosen(office: Office, condition: ColumnElement[bool]) -> set[str]:
    with office.store.reading() as connection:
        return set(connection.execute(select(ALERTS.c.alert_id).where(condition)).scalars())


def every(office: Office) -> list[Row[tuple[object, ...]]]:
    with office.store.reading() as connection:
        return list(connection.execute(select(ALERTS)))


def test_a_lapsed_claim_is_the_same_in_sql_and_for_one_alert(office: Office) -> None:
    lapsed = {
        row.alert_id
        for row in every(office)
        if alert_deadlines.has_lapsed(AlertState(row.state), row.claim_lapses_at_utc, NOW)
    }
    claimed = {row.alert_id for row in every(office) if row.state in ("claimed", "asked")} - lapsed
    raised = {row.alert_id for row in every(office) if row.state == "raised"}
    assert chosen(office, alert_conditions.has_lapsed(NOW)) == lapsed
    assert chosen(office, alert_conditions.is_claimed(NOW)) == claimed
    assert chosen(office, alert_conditions.is_waiting(NOW)) == raised | lapsed
    assert (len(lapsed), len(claimed)) == (2 * 3, 2 * 2)


@pytest.mark.parametrize("name", ["is_overdue", "is_due_soon"])
def test_overdue_and_due_soon_are_the_same_in_sql_and_for_one_alert(
    office: Office, name: str
) -> None:
    condition = getattr(alert_conditions, name)(ALERTS.c.due_at_utc, NOW)
    expected = {
        row.alert_id for row in every(office) if getattr(alert_deadlines, name)(row.due_at_utc, NOW)
    }
    assert chosen(office, condition) == expected
    assert chosen(office, not_(condition)) == {row.alert_id for row in every(office)} - expected


def test_awaited_contact_is_the_same_in_sql_and_for_one_alert(office: Office) -> None:
    expected = {
        row.alert_id
        for row in every(office)
        if alert_deadlines.awaits_contact(AlertState(row.state), row.contacted_at_utc)
    }
    assert chosen(office, alert_conditions.awaits_contact()) == expected
    assert len(expected) == 3


def test_the_two_ways_to_say_open_are_one(office: Office) -> None:
    expected = {row.alert_id for row in every(office) if row.state in OPEN_STATES}
    assert chosen(office, alert_conditions.is_open()) == expected
    assert chosen(office, alert_conditions.is_in_an_open_state()) == expected


def test_alerts_of_one_priority_are_in_the_one_order(store: QueueStore) -> None:
    times: tuple[datetime, ...] = (NOW, NOW + MOMENT)
    mixed = product(Priority, times, (1.0, 2.0), ("x", "y"))
    office = Office(store)
    office.raises(
        *(
            an_alert(f"{tie}{n}", f"T-{n}", priority=priority, score=score, look_by_at_utc=look_by)
            for n, (priority, look_by, score, tie) in enumerate(mixed)
        )
    )
    with store.reading() as connection:
        for priority in Priority:
            these = select(ALERTS.c.alert_id).where(ALERTS.c.priority == int(priority))
            whole = connection.execute(these.order_by(*waiting_order(ALERTS))).scalars()
            within = connection.execute(these.order_by(*order_within_priority(ALERTS))).scalars()
            assert list(whole) == list(within)
