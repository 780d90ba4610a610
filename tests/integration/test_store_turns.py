"""A night and a person, or a sender, at the same rows: one waits for the other, never both."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from builders.cases import Office
from builders.store import AS_OF, NOW, a_message, a_reason, enqueue
from redflags.adapters.store import Queue, QueueStore
from redflags.casework.acts import claim_alert, lapse_claims
from redflags.domain.alert import AlertState, Priority

BOTH_AT_IT_SECONDS = 0.3


@contextmanager
def night_meanwhile(store: QueueStore, act: Any, *arguments: object) -> Iterator[tuple[Queue, Any]]:
    """A night in the middle of the queue's transaction, and somebody who acts at that moment."""
    with ThreadPoolExecutor(1) as pool:
        with store.queue_transaction(AS_OF, "night", NOW) as queue:
            queue.record_canary(AS_OF, True, "3 lock changes")
            acting: Future[Any] = pool.submit(act, *arguments)
            wait([acting], BOTH_AT_IT_SECONDS)
            yield queue, acting
        wait([acting], 30)


def test_a_person_who_claims_what_the_night_adds_to(store: QueueStore) -> None:
    office = Office(store)
    office.raises()
    with night_meanwhile(store, office.claims) as (queue, claiming):
        assert not claiming.done()
        assert queue.add_evidence("a1", [a_reason("R-2")], Priority.SOON, 1.0, AS_OF)
    claiming.result()
    assert office.state() is AlertState.CLAIMED
    assert len(store.alerts()[0].reasons) == 2
    store.verify_audit()


def test_a_night_that_adds_to_what_a_person_is_claiming(store: QueueStore) -> None:
    office = Office(store)
    office.raises()

    def night() -> bool:
        with store.queue_transaction(AS_OF, "night", NOW) as queue:
            return queue.add_evidence("a1", [a_reason("R-2")], Priority.SOON, 1.0, AS_OF)

    with ThreadPoolExecutor(1) as pool:
        with office.units_of_work.begin(office.reviewer, office.now) as work:
            work.take_turn()
            adding = pool.submit(night)
            wait([adding], BOTH_AT_IT_SECONDS)
            claim_alert.claim(work, "a1")
        assert adding.result(30)
    assert office.state() is AlertState.CLAIMED


def test_a_claim_that_lapses_while_the_night_hands_the_alert_over(store: QueueStore) -> None:
    office = Office(store)
    office.raises()
    office.claims()
    later = office.now + timedelta(hours=3)

    def lapse() -> int:
        with store.writing() as connection:
            return lapse_claims.lapse_claims(connection, later)

    with night_meanwhile(store, lapse) as (queue, lapsing):
        queue.hand_to_specialist("a1")
    assert lapsing.result() == 1
    assert (office.state(), office.row().routing) == (AlertState.RAISED, "specialist")


def test_a_sender_of_the_message_that_the_night_would_write_again(store: QueueStore) -> None:
    enqueue(store, a_message())
    held = store.claim_message(NOW, timedelta(minutes=10))
    assert held is not None
    with night_meanwhile(store, store.mark_sent, held, NOW) as (queue, sending):
        assert not queue.enqueue_message(a_message())
    assert sending.result()
    assert store.count_waiting_messages() == 0


@pytest.mark.parametrize("minutes", [0, 1])
def test_a_run_that_ends_while_another_sweeps(store: QueueStore, minutes: int) -> None:
    store.begin_night(AS_OF, "run-1", NOW, "rules", "signals")
    silent_for = timedelta(minutes=minutes)
    with night_meanwhile(store, store.sweep_abandoned, NOW + timedelta(minutes=1), silent_for) as (
        queue,
        sweeping,
    ):
        queue.record_canary(AS_OF, False, "nothing")
    assert sweeping.result() == (["run-1"] if minutes == 0 else [])
