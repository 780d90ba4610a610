"""The outbox on SQLite and PostgreSQL: each message once, never lost, whoever sends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Lock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.store import AS_OF, NOW, a_message, enqueue
from redflags.adapters.notify import Delivery, OutboxFolderNotifier, deliver_due
from redflags.adapters.store import Claim, QueueStore, RetryPolicy
from redflags.domain.message import Message
from redflags.errors import NotificationFailed

MINUTE = timedelta(minutes=1)
RETRY = RetryPolicy(lease=10 * MINUTE, first_wait=MINUTE, longest_wait=60 * MINUTE)


class RecordingNotifier:
    """A server in memory, for tests about the outbox rather than the way out."""

    def __init__(self, refuse: Callable[[Message], bool] = lambda _: False) -> None:
        self.taken: list[Message] = []
        self.refuse = refuse
        self._lock = Lock()

    def send(self, message: Message) -> None:
        if self.refuse(message):
            raise NotificationFailed("test_refused: expected nothing else")
        with self._lock:
            self.taken.append(message)


def claimed(store: QueueStore, now_minutes: int = 0) -> Claim:
    held = store.claim_message(NOW + now_minutes * MINUTE, RETRY.lease)
    assert held is not None
    return held


def test_a_second_night_for_the_same_day_enqueues_nothing(store: QueueStore) -> None:
    assert enqueue(store, a_message()) == [True]
    other_words = Message("daily", AS_OF, a_message().recipient, "Other", "words")
    assert enqueue(store, a_message(), other_words) == [False, False]
    assert store.due_messages(NOW) == [a_message()]


def test_another_day_or_recipient_is_another_message(store: QueueStore) -> None:
    tomorrow = a_message(AS_OF + timedelta(days=1))
    elsewhere = a_message(recipient="other@landlord.test")
    assert enqueue(store, a_message(), tomorrow, elsewhere) == [True, True, True]
    assert len({m.message_id for m in (a_message(), tomorrow, elsewhere)}) == 3


def test_what_was_sent_is_not_sent_again_nor_enqueued_again(store: QueueStore) -> None:
    enqueue(store, a_message())
    notifier = RecordingNotifier()
    assert deliver_due(store, notifier, NOW) == Delivery(sent=1, failed=0, waiting=0)
    assert enqueue(store, a_message()) == [False]
    assert deliver_due(store, notifier, NOW) == Delivery(0, 0, 0)
    assert notifier.taken == [a_message()]


def test_what_failed_waits_longer_each_time_and_then_goes_once(store: QueueStore) -> None:
    enqueue(store, a_message())
    down = RecordingNotifier(refuse=lambda _: True)
    assert deliver_due(store, down, NOW, RETRY) == Delivery(0, 1, 1)
    just_before, first = NOW + 0.99 * MINUTE, NOW + MINUTE
    assert deliver_due(store, down, just_before, RETRY) == Delivery(0, 0, 1)
    assert deliver_due(store, down, first, RETRY) == Delivery(0, 1, 1)
    up = RecordingNotifier()
    assert deliver_due(store, up, first + 1.99 * MINUTE, RETRY) == Delivery(0, 0, 1)
    assert deliver_due(store, up, first + 2 * MINUTE, RETRY) == Delivery(1, 0, 0)
    assert up.taken == [a_message()]


def test_one_that_fails_does_not_hold_up_the_others(store: QueueStore) -> None:
    messages = [a_message(recipient=f"{name}@landlord.test") for name in "abc"]
    enqueue(store, *messages)
    notifier = RecordingNotifier(refuse=lambda message: message == messages[1])
    assert deliver_due(store, notifier, NOW) == Delivery(sent=2, failed=1, waiting=1)
    assert sorted(m.recipient[0] for m in notifier.taken) == ["a", "c"]


def test_a_claimed_message_is_nobody_elses_until_the_lease_ends(store: QueueStore) -> None:
    enqueue(store, a_message())
    first = claimed(store)
    assert store.claim_message(NOW + 9.99 * MINUTE, RETRY.lease) is None
    again = claimed(store, 10)
    assert (again.message, again.attempts) == (first.message, 2)


def test_a_sender_whose_claim_ended_cannot_give_the_message_back(store: QueueStore) -> None:
    enqueue(store, a_message())
    slow, quick = claimed(store), claimed(store, 10)
    assert not store.mark_failed(slow, NOW + 11 * MINUTE, "too late", RETRY)
    assert store.due_messages(NOW + 11 * MINUTE) == []
    assert store.mark_sent(quick, NOW + 12 * MINUTE)
    assert not store.mark_sent(slow, NOW + 13 * MINUTE)


def test_a_sender_killed_after_sending_leaves_one_file(store: QueueStore, tmp_path: Path) -> None:
    enqueue(store, a_message())
    folder = OutboxFolderNotifier(tmp_path)
    folder.send(claimed(store).message)  # and here it was killed, before it could say so
    assert deliver_due(store, folder, NOW + 9 * MINUTE, RETRY) == Delivery(0, 0, 1)
    assert deliver_due(store, folder, NOW + 10 * MINUTE, RETRY) == Delivery(1, 0, 0)
    assert len(list(tmp_path.iterdir())) == 1


def test_four_senders_at_once_send_each_message_once(store: QueueStore) -> None:
    messages = [a_message(recipient=f"{number}@landlord.test") for number in range(20)]
    enqueue(store, *messages)
    notifier, together = RecordingNotifier(), Barrier(4)

    def deliver(_: int) -> Delivery:
        together.wait(30)
        return deliver_due(store, notifier, NOW)

    with ThreadPoolExecutor(4) as pool:
        deliveries = list(pool.map(deliver, range(4)))
    assert sum(delivery.sent for delivery in deliveries) == 20
    assert sorted(m.recipient for m in notifier.taken) == sorted(m.recipient for m in messages)
    assert store.count_waiting_messages() == 0


def test_an_error_that_is_no_refusal_is_not_swallowed_and_loses_nothing(store: QueueStore) -> None:
    enqueue(store, a_message())

    def broken(_: Message) -> bool:
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError, match="a fault of ours"):
        deliver_due(store, RecordingNotifier(refuse=broken), NOW, RETRY)
    up = RecordingNotifier()
    assert deliver_due(store, up, NOW + RETRY.lease, RETRY) == Delivery(1, 0, 0)


@given(st.integers(min_value=1, max_value=10_000))
def test_pauses_never_shrink_and_never_pass_the_longest(attempts: int) -> None:
    waits = [RETRY.wait_after(n) for n in range(1, min(attempts, 50) + 1)]
    assert waits[0] == RETRY.first_wait
    assert all(shorter <= longer for shorter, longer in pairwise(waits))
    assert RETRY.wait_after(attempts) <= RETRY.longest_wait
