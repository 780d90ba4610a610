"""The outbox: messages written in the transaction that made them due, and sent afterwards.

A sender claims a message for a while (a lease); of two senders one gets it. A sender that dies
leaves a claim that ends by itself, and the end of the claim is also its proof: it only ever grows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from redflags.adapters.store.natural_key_writes import insert_new
from redflags.adapters.store.tables import OUTBOX_MESSAGES
from redflags.domain.message import Message


class MessageState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a sender may take, and how long to wait after each failure (doubling)."""

    lease: timedelta = timedelta(minutes=10)
    first_wait: timedelta = timedelta(minutes=1)
    longest_wait: timedelta = timedelta(hours=1)

    def wait_after(self, attempts: int) -> timedelta:
        """The pause after `attempts` failures in a row, the first being 1."""
        doublings = min(attempts - 1, 32)  # many more, and the timedelta would overflow
        return min(self.first_wait * (1 << doublings), self.longest_wait)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that one sender holds until `until_utc`; `attempts` counts this one."""

    message: Message
    attempts: int
    until_utc: datetime


def enqueue(connection: Connection, message: Message, now: datetime) -> bool:
    """Write `message`, due at once; False when its kind, day and recipient had theirs."""
    values = {
        "message_id": message.message_id,
        "kind": message.kind,
        "day": message.day,
        "recipient": message.recipient,
        "subject": message.subject,
        "body": message.body,
        "state": MessageState.WAITING,
        "attempts": 0,
        "next_attempt_at_utc": now,
        "last_error": "",
    }
    return insert_new(connection, OUTBOX_MESSAGES, values)


def due_messages(connection: Connection, now: datetime) -> list[Message]:
    """What could be claimed at `now`, oldest first."""
    rows = connection.execute(select(OUTBOX_MESSAGES).where(_is_due(now)).order_by(*_IN_TURN))
    return [_message(row) for row in rows]


def claim(connection: Connection, now: datetime, lease: timedelta) -> Claim | None:
    """Claim the message that waited longest; None when there is none, or others hold them."""
    next_due = (
        select(OUTBOX_MESSAGES.c.message_id)
        .where(_is_due(now))
        .order_by(*_IN_TURN)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = connection.execute(
        update(OUTBOX_MESSAGES)
        .where(OUTBOX_MESSAGES.c.message_id == next_due)
        .values(claimed_until_utc=now + lease, attempts=OUTBOX_MESSAGES.c.attempts + 1)
        .returning(OUTBOX_MESSAGES)
    ).one_or_none()
    return None if row is None else Claim(_message(row), row.attempts, row.claimed_until_utc)


def mark_sent(connection: Connection, held: Claim, now: datetime) -> bool:
    """The server took it; False when somebody else had marked it so before."""
    sent = {"state": MessageState.SENT, "sent_at_utc": now, "last_error": ""}
    statement = update(OUTBOX_MESSAGES).where(_is_waiting(held.message)).values(**sent)
    return connection.execute(statement).rowcount == 1


def mark_failed(
    connection: Connection, held: Claim, now: datetime, error: str, retry: RetryPolicy
) -> bool:
    """Give it back, to be tried after a pause; False when the claim is no longer ours."""
    ours = OUTBOX_MESSAGES.c.claimed_until_utc == held.until_utc
    back = {
        "claimed_until_utc": None,
        "next_attempt_at_utc": now + retry.wait_after(held.attempts),
        "last_error": error,
    }
    statement = update(OUTBOX_MESSAGES).where(_is_waiting(held.message), ours).values(**back)
    return connection.execute(statement).rowcount == 1


def count_waiting(connection: Connection) -> int:
    """How many are not sent yet, due or not."""
    waiting = OUTBOX_MESSAGES.c.state == MessageState.WAITING
    return connection.execute(select(func.count()).where(waiting)).scalar_one()


_IN_TURN = (OUTBOX_MESSAGES.c.next_attempt_at_utc, OUTBOX_MESSAGES.c.message_id)


def _is_due(now: datetime) -> ColumnElement[bool]:
    held_until = OUTBOX_MESSAGES.c.claimed_until_utc
    return (
        (OUTBOX_MESSAGES.c.state == MessageState.WAITING)
        & (OUTBOX_MESSAGES.c.next_attempt_at_utc <= now)
        & or_(held_until.is_(None), held_until <= now)
    )


def _is_waiting(message: Message) -> ColumnElement[bool]:
    return (OUTBOX_MESSAGES.c.message_id == message.message_id) & (
        OUTBOX_MESSAGES.c.state == MessageState.WAITING
    )


def _message(row: Row[Any]) -> Message:
    return Message(row.kind, row.day, row.recipient, row.subject, row.body)
