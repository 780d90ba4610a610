"""Two of everything at once, and one killed midway, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from builders.store import (
    AS_OF,
    NOW,
    SPAWN,
    an_alert,
    count_rows,
    joined,
    open_at_once,
    raise_and_hang,
    raise_at_once,
    started,
)
from redflags.adapters.store import QueueStore, open_store

HOUSEHOLDS = 25


def test_two_nights_at_once_raise_each_household_once(database_url: str) -> None:
    together = SPAWN.Barrier(2)
    joined([started(raise_at_once, database_url, together, HOUSEHOLDS, rival) for rival in "ab"])
    with open_store(database_url) as store:
        alerts = store.alerts()
        assert len(alerts) == len({alert.tenancy_ref for alert in alerts}) == HOUSEHOLDS
        assert len({alert.alert_id[0] for alert in alerts}) == 1, "one night found all taken"
        assert store.audit_head().entries == HOUSEHOLDS
        store.verify_audit()


def test_a_night_looks_at_the_queue_only_after_the_other_has_left_it(store: QueueStore) -> None:
    together = Barrier(4)

    def raise_next_number(_: int) -> int:
        together.wait(30)
        with store.queue_transaction(AS_OF, "night", NOW) as queue:
            taken = len(queue.state(AS_OF).open)
            queue.raise_alert(an_alert(f"a{taken}", f"{taken}"))
            return taken

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(raise_next_number, range(4))) == [0, 1, 2, 3]


def test_audit_entries_written_at_once_make_one_chain(store: QueueStore) -> None:
    def begin(number: int) -> bool:
        return store.begin_night(AS_OF, f"run-{number}", NOW, "rules", "signals")

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(begin, range(24)))
    assert store.audit_head().entries == 24
    store.verify_audit()


def test_a_night_killed_midway_leaves_nothing_and_no_lock(database_url: str) -> None:
    is_raised = SPAWN.Event()
    night = started(raise_and_hang, database_url, is_raised)
    assert is_raised.wait(60)
    night.kill()
    night.join(30)
    written = ("alerts", "alert_reasons", "outbox_messages", "audit_events")
    assert [count_rows(database_url, table) for table in written] == [0, 0, 0, 0]
    with (
        open_store(database_url) as store,
        store.queue_transaction(AS_OF, "night", NOW) as queue,
    ):
        assert queue.raise_alert(an_alert())


def test_two_processes_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    together = SPAWN.Barrier(3)
    joined([started(open_at_once, empty_database_url, together) for _ in range(3)])
    assert count_rows(empty_database_url, "alembic_version") == 1
    assert count_rows(empty_database_url, "audit_head") == 1
