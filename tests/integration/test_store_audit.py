"""The audit trail on SQLite and PostgreSQL: append-only, and it tells when somebody meddled."""

import json

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError

from builders.cases import close
from builders.store import (
    AS_OF,
    NOW,
    a_message,
    a_reason,
    an_alert,
    count_rows,
    meddling,
    raise_alerts,
)
from redflags.adapters.store import Act, QueueStore
from redflags.domain.alert import Priority
from redflags.domain.outcome import Outcome
from redflags.domain.queue_state import SampledHousehold
from redflags.errors import AuditChainBroken, StoreUnusable

ENTRIES = 5


@pytest.fixture
def trail(store: QueueStore) -> QueueStore:
    """A store with five entries."""
    for number in range(1, ENTRIES + 1):
        assert store.append_audit(Act("auditor:1", "evidence_read", NOW, f"a{number}")) == number
    return store


def entries(url: str) -> list[tuple[str, str, str, dict[str, object]]]:
    with meddling(url) as connection:
        rows = connection.execute(
            text("SELECT actor, action, alert_id, details FROM audit_events ORDER BY entry_no")
        )
        return [(r.actor, r.action, r.alert_id, json.loads(r.details)) for r in rows]


def drop_triggers(connection: Connection) -> None:
    """What somebody with the rights of the database's owner can do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_events DISABLE TRIGGER ALL"))
        connection.execute(text("ALTER TABLE audit_head DISABLE TRIGGER ALL"))
        return
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in names.scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def test_a_chain_that_nobody_touched_is_whole(trail: QueueStore) -> None:
    trail.verify_audit()
    assert trail.audit_head().entries == ENTRIES


def test_an_empty_trail_is_whole(store: QueueStore) -> None:
    store.verify_audit()


def test_every_act_of_a_night_is_written_with_its_actor(
    store: QueueStore, database_url: str
) -> None:
    with store.queue_transaction(AS_OF, "night", NOW) as queue:
        queue.raise_alert(an_alert(priority=Priority.SOON))
        queue.add_evidence("a1", [a_reason("R-2", "R-3")], Priority.FIRST, 2.0, AS_OF)
        queue.record_sample(AS_OF, [SampledHousehold("0007", 0.4, 31)])
        queue.record_canary(AS_OF, True, "3 lock changes")
        queue.enqueue_message(a_message())
    day = {"as_of": "2026-11-03"}
    rules = {"rules": ["frequent_lock_changes"]}
    routed = {"priority": "soon", "routing": "general", "origin": "detected"}
    message = {"kind": "daily", "message": a_message().message_id}
    assert entries(database_url) == [
        ("night", "alert_raised", "a1", day | rules | routed),
        ("night", "evidence_added", "a1", day | rules | {"priority": "first", "records": 2}),
        ("night", "sample_drawn", "", day | {"households": 1}),
        ("night", "canary_checked", "", day | {"raised": True}),
        ("night", "message_enqueued", "", day | message),
    ]
    store.verify_audit()


def test_every_act_of_a_person_is_written_with_its_actor(
    store: QueueStore, database_url: str
) -> None:
    raise_alerts(store, an_alert())
    close(store, "a1", Outcome.WRONG_DATA)
    assert [(actor, action) for actor, action, *_ in entries(database_url)][1:] == [
        ("person:sven", "alert_claimed"),
        ("person:sven", "alert_closed"),
    ]


def test_no_household_is_named_in_the_trail(store: QueueStore, database_url: str) -> None:
    alert = an_alert("opaque", tenancy_ref="TEN-4711", reasons=(a_reason("REC-4712"),))
    raise_alerts(store, alert)
    close(store, "opaque")
    written = json.dumps(entries(database_url))
    assert "opaque" in written
    for private in ("TEN-4711", "REC-4712", "P-1", "lock changes since"):
        assert private not in written


@pytest.mark.parametrize("nobody", ["", "  ", "\t"])
def test_nothing_is_done_by_nobody(store: QueueStore, nobody: str) -> None:
    with (
        pytest.raises(ValueError, match="expected an actor"),
        store.queue_transaction(AS_OF, nobody, NOW) as queue,
    ):
        queue.raise_alert(an_alert())
    assert store.alerts() == []


def test_the_database_too_refuses_an_entry_by_nobody(trail: QueueStore, database_url: str) -> None:
    insert = "INSERT INTO audit_events VALUES (6, '2026', '  ', 'x', '', '{}', 'previous', 'this')"
    with pytest.raises(DBAPIError, match="actor_named"), meddling(database_url) as connection:
        connection.execute(text(insert))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'somebody else' WHERE entry_no = 2",
        "DELETE FROM audit_events WHERE entry_no = 5",
        "DELETE FROM audit_events",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET entries = entries - 1",
        "UPDATE audit_head SET entry_hash = 'x'",
    ],
)
def test_the_trail_refuses_to_be_changed(
    trail: QueueStore, database_url: str, statement: str
) -> None:
    with pytest.raises(DBAPIError, match=r"append-only|moves on"), meddling(database_url) as c:
        c.execute(text(statement))
    trail.verify_audit()


@pytest.mark.parametrize("table", ["audit_events", "audit_head"])
def test_the_trail_refuses_to_be_emptied_or_replaced(
    trail: QueueStore, database_url: str, table: str
) -> None:
    if make_url(database_url).get_backend_name() == "postgresql":
        statement = f"TRUNCATE {table}"
    else:
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"
    with pytest.raises(DBAPIError, match=r"append-only|moves on"), meddling(database_url) as c:
        c.execute(text(statement))
    trail.verify_audit()


def swap(connection: Connection, one: int, other: int) -> None:
    for old, new in ((one, 99), (other, one), (99, other)):
        connection.execute(
            text("UPDATE audit_events SET entry_no = :new WHERE entry_no = :old"),
            {"old": old, "new": new},
        )


@pytest.mark.parametrize(
    ("statement", "entry_no", "what"),
    [
        ("UPDATE audit_events SET actor = 'me' WHERE entry_no = 1", 1, "altered"),
        ("UPDATE audit_events SET at_utc = '2020' WHERE entry_no = 3", 3, "altered"),
        ("UPDATE audit_events SET alert_id = 'a9' WHERE entry_no = 5", 5, "altered"),
        ("UPDATE audit_events SET details = '[]' WHERE entry_no = 2", 2, "altered"),
        ("UPDATE audit_events SET previous_hash = 'x' WHERE entry_no = 4", 4, "does not follow"),
        ("UPDATE audit_events SET entry_hash = 'x' WHERE entry_no = 4", 4, "altered"),
        ("DELETE FROM audit_events WHERE entry_no = 1", 1, "removed"),
        ("DELETE FROM audit_events WHERE entry_no = 3", 3, "removed"),
        ("DELETE FROM audit_events WHERE entry_no = 5", 5, "removed"),
        ("DELETE FROM audit_events", 1, "removed"),
        ("UPDATE audit_head SET entries = 4", 5, "not written by this program"),
        ("UPDATE audit_head SET entry_hash = 'x'", 5, "not the one that was written last"),
    ],
)
def test_with_the_triggers_gone_the_chain_still_tells(
    trail: QueueStore, database_url: str, statement: str, entry_no: int, what: str
) -> None:
    with meddling(database_url) as connection:
        drop_triggers(connection)
        connection.execute(text(statement))
    with pytest.raises(AuditChainBroken, match=f"audit entry {entry_no}: .*{what}"):
        trail.verify_audit()


def test_a_reordered_entry_is_found(trail: QueueStore, database_url: str) -> None:
    with meddling(database_url) as connection:
        drop_triggers(connection)
        swap(connection, 2, 3)
    with pytest.raises(AuditChainBroken, match="audit entry 2: "):
        trail.verify_audit()


def test_a_removed_head_is_found_and_stops_all_writing(
    trail: QueueStore, database_url: str
) -> None:
    with meddling(database_url) as connection:
        drop_triggers(connection)
        connection.execute(text("DELETE FROM audit_head"))
    with pytest.raises(AuditChainBroken, match="record of the last entry"):
        trail.verify_audit()
    with pytest.raises(AuditChainBroken):
        raise_alerts(trail, an_alert())
    assert count_rows(database_url, "alerts") == 0


def test_a_refusal_of_the_database_quotes_no_row(store: QueueStore) -> None:
    with pytest.raises(StoreUnusable) as told, store.writing() as connection:
        insert = text("INSERT INTO below_line_samples (as_of, tenancy_ref) VALUES (:day, :ref)")
        connection.execute(insert, {"day": AS_OF, "ref": "TEN-4711"})
    assert "IntegrityError" in str(told.value)
    assert "4711" not in str(told.value)
    assert told.value.__suppress_context__
