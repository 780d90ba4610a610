"""Send what waits in the outbox: each message once, whoever else is sending."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from redflags.adapters.store import QueueStore, RetryPolicy
from redflags.domain.message import Message
from redflags.errors import NotificationFailed


class Notifier(Protocol):
    """A way for messages to leave: a folder, a mail server, GOV.UK Notify."""

    def send(self, message: Message) -> None:
        """Hand `message` over. Raises NotificationFailed, which names neither it nor anybody."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How many were sent and how many failed just now, and how many are not sent yet."""

    sent: int
    failed: int
    waiting: int


def deliver_due(
    store: QueueStore, notifier: Notifier, now: datetime, retry: RetryPolicy | None = None
) -> Delivery:
    """Send every message due at `now`; what fails waits for its next turn.

    A process killed between the server's "taken" and our note of it sends again after the lease:
    the message id is the same, so a server or reader can tell, and the folder keeps one file.
    """
    retry = retry or RetryPolicy()
    sent = failed = 0
    while held := store.claim_message(now, retry.lease):
        try:
            notifier.send(held.message)
        except NotificationFailed as error:
            store.mark_failed(held, now, str(error), retry)
            failed += 1
        else:
            store.mark_sent(held, now)
            sent += 1
    return Delivery(sent, failed, store.count_waiting_messages())
