"""What the operational database forgets in time, and what it does not (both engines)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from builders.cases import MONDAY, Office
from builders.store import a_message, enqueue
from redflags.adapters.notify import OutboxFolderNotifier, deliver_due
from redflags.adapters.store import QueueStore, retention
from redflags.adapters.store.case_tables import REMINDERS
from redflags.adapters.store.people_tables import INVITATIONS, LOGIN_FAILURES, SESSIONS
from redflags.adapters.store.tables import AUDIT_EVENTS, OUTBOX_MESSAGES
from redflags.bootstrap import Program
from redflags.domain.alert import AlertState
from redflags.settings import Settings

DUE = MONDAY + timedelta(hours=48)
MOMENT = timedelta(microseconds=1)
CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


@pytest.fixture
def traces(office: Office) -> Office:
    """A session, a wrong password, a used link, an old link: each of Monday."""
    rows: list[tuple[Any, dict[str, object]]] = [
        (SESSIONS, session("ended", ended_at_utc=MONDAY)),
        (SESSIONS, session("live", last_seen_at_utc=MONDAY + timedelta(days=29))),
        (LOGIN_FAILURES, {"account_hash": "a", "address_hash": "b", "at_utc": MONDAY}),
        (INVITATIONS, link("used", used_at_utc=MONDAY)),
        (INVITATIONS, link("unused", expires_at_utc=MONDAY + timedelta(days=2))),
    ]
    with office.store.writing() as connection:
        for table, values in rows:
            connection.execute(insert(table).values(**values))
    return office


def session(name: str, **more: object) -> dict[str, object]:
    moments = {"started_at_utc": MONDAY, "last_seen_at_utc": MONDAY}
    return {"session_hash": name, "person_id": "rita"} | moments | more


def link(name: str, **more: object) -> dict[str, object]:
    expires = {"expires_at_utc": MONDAY + timedelta(days=40)}
    return {"token_hash": name, "person_id": "rita"} | expires | more


def purge(office: Office, traces_before: datetime) -> dict[str, int]:
    day = traces_before.date()
    with office.store.writing() as connection:
        return retention.purge(connection, "operator", MONDAY, day, traces_before)


def count(office: Office, table: Any) -> int:
    with office.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_traces_of_logging_in_go_when_they_are_older_and_not_before(traces: Office) -> None:
    assert set(purge(traces, MONDAY).values()) == {0}
    gone = purge(traces, MONDAY + MOMENT)
    assert {what: rows for what, rows in gone.items() if rows} == {
        "login failures": 1,
        "sessions": 1,
        "one-time links": 1,
    }
    assert purge(traces, MONDAY + timedelta(days=2) + MOMENT)["one-time links"] == 1
    assert [count(traces, t) for t in (SESSIONS, LOGIN_FAILURES, INVITATIONS)] == [1, 0, 0]


def test_purging_is_in_the_audit_trail_which_stays_whole(traces: Office) -> None:
    before = count(traces, AUDIT_EVENTS)
    purge(traces, MONDAY + MOMENT)
    with traces.store.reading() as connection:
        query = select(AUDIT_EVENTS).order_by(AUDIT_EVENTS.c.entry_no.desc()).limit(1)
        last = connection.execute(query).one()
    assert (last.actor, last.action) == ("operator", "purged")
    assert '"sessions":1' in last.details
    assert count(traces, AUDIT_EVENTS) == before + 1
    traces.store.verify_audit()


def test_reminders_are_forgotten_after_the_alert_is_closed_and_the_message_sent(
    office: Office, tmp_path: Path
) -> None:
    program = Program(Settings(home=tmp_path, config=CONFIG))
    office.brings_to(AlertState.ASSIGNED)
    program.tidy(office.store, DUE)
    later = DUE + timedelta(days=31)
    assert purge(office, later)["reminders"] == 0
    assert program.tidy(office.store, later).done["reminders written"] == 0
    office.tries()
    office.records()
    office.closes()
    assert purge(office, DUE)["reminders"] == 0
    assert purge(office, later)["reminders"] == 2
    assert [count(office, table) for table in (REMINDERS, OUTBOX_MESSAGES)] == [0, 0]


def test_the_daily_message_is_kept_so_that_it_never_goes_twice(
    office: Office, tmp_path: Path
) -> None:
    enqueue(office.store, a_message())
    sent_on = datetime(2026, 11, 5, tzinfo=UTC)
    assert deliver_due(office.store, OutboxFolderNotifier(tmp_path), sent_on).sent == 1
    assert purge(office, datetime(2030, 1, 1, tzinfo=UTC))["sent reminders"] == 0
    assert enqueue(office.store, a_message()) == [False]
