"""Alerts, reasons and messages with only the fields a test cares about, and rival processes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier, Event

from sqlalchemy import Connection, create_engine, text

from redflags.adapters.store import QueueStore, open_store
from redflags.domain.alert import (
    Alert,
    AlertState,
    Evidence,
    Origin,
    Priority,
    Reason,
    Routing,
)
from redflags.domain.message import Message

AS_OF = date(2026, 11, 3)
NOW = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)
SPAWN = get_context("spawn")


def evidence(ref: str = "R-1", signal: str = "lock_change", table: str = "repairs") -> Evidence:
    return Evidence(date(2026, 10, 20), table, ref, signal, tell="force", source="canonical")


def a_reason(*refs: str, rule_id: str = "frequent_lock_changes", sentence: str = "") -> Reason:
    behind = tuple(evidence(ref) for ref in refs)
    return Reason(rule_id, sentence or f"{len(refs)} lock changes since March", behind)


def an_alert(
    alert_id: str = "a1",
    tenancy_ref: str = "0001",
    raised_on: date = AS_OF,
    priority: Priority = Priority.ROUTINE,
    score: float = 1.0,
    routing: Routing = Routing.GENERAL,
    reasons: tuple[Reason, ...] = (a_reason("R-1"),),
    *,
    look_by_at_utc: datetime | None = None,
    patch: str = "north",
) -> Alert:
    return Alert(
        alert_id=alert_id,
        tenancy_ref=tenancy_ref,
        raised_on=raised_on,
        priority=priority,
        score=score,
        state=AlertState.RAISED,
        ruleset_hash="rules-1",
        signals_hash="signals-1",
        model_version="model-1",
        property_ref="P-1",
        patch=patch,
        routing=routing,
        origin=Origin.DETECTED,
        reasons=reasons,
        look_by_at_utc=look_by_at_utc,
    )


def a_message(day: date = AS_OF, recipient: str = "team@landlord.test") -> Message:
    return Message("daily", day, recipient, "Housing queue", "Log in to see it.\n")


def raise_alerts(store: QueueStore, *alerts: Alert, as_of: date = AS_OF) -> list[bool]:
    with store.queue_transaction(as_of, "night", NOW) as queue:
        return [queue.raise_alert(alert) for alert in alerts]


def enqueue(store: QueueStore, *messages: Message) -> list[bool]:
    with store.queue_transaction(AS_OF, "night", NOW) as queue:
        return [queue.enqueue_message(message) for message in messages]


@contextmanager
def meddling(url: str) -> Iterator[Connection]:
    """The database as somebody with its password has it, without this program in between."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def count_rows(url: str, table: str) -> int:
    with meddling(url) as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


# what rival processes do; module-level, so that a fresh interpreter can import them


def open_at_once(url: str, together: Barrier) -> None:
    together.wait(30)
    open_store(url).close()


def raise_at_once(url: str, together: Barrier, household_count: int, prefix: str) -> None:
    """Raise the same households as the rivals do, after looking at the queue, as a night would."""
    with open_store(url) as store:
        together.wait(30)
        with store.queue_transaction(AS_OF, "night", NOW) as queue:
            taken = queue.state(AS_OF).open
            for number in range(household_count):
                if (ref := f"{number:04}") not in taken:
                    queue.raise_alert(an_alert(f"{prefix}-{ref}", ref))


def raise_and_hang(url: str, is_raised: Event) -> None:
    """Get to the middle of a night's transaction and stay there, to be killed."""
    with open_store(url) as store, store.queue_transaction(AS_OF, "night", NOW) as queue:
        queue.raise_alert(an_alert())
        queue.enqueue_message(a_message())
        is_raised.set()
        time.sleep(60)


def started(target: object, *arguments: object) -> BaseProcess:
    process = SPAWN.Process(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
    process.start()
    return process


def joined(processes: list[BaseProcess]) -> None:
    """Wait for all; an assertion fails when one of them did."""
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(processes)
